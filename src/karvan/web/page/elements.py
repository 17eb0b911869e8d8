"""The page's own elements: a script each beside this file, no other script is brought in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nicegui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

Told = Callable[[dict[str, Any]], Any]
_MAP = Path(__file__).parent / "map"
_ECHARTS = Path(nicegui.__file__).parent / "elements" / "echart" / "dist"


class _Own(Element):
    """An element that is given its properties once and then told what changed."""

    def __init__(self, **properties: object) -> None:
        super().__init__()
        for name, value in properties.items():
            self._props[name.replace("_", "-")] = value

    def told(self, event: str, action: Told) -> None:
        """Call an action with what the element tells."""

        def passed(given: GenericEventArguments) -> Any:  # noqa: ANN401  # whatever the action gives, awaited or not
            return action(given.args if isinstance(given.args, dict) else {})

        self.on(event, passed)

    def give(self, name: str, value: object) -> None:
        """Give a property another value."""
        self._props[name] = value
        self.update()


class Words(Element):
    """A plain element of any tag with plain words in it; nothing in them is read as HTML."""

    def __init__(self, tag: str, text: str) -> None:
        super().__init__(tag)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._text = text
        self.update()


class CorridorMap(
    _Own, component="corridor_map.js", esm={"nicegui-echart": str(_ECHARTS), "karvan-map": str(_MAP)}
):
    """The map; the name of the ECharts module is NiceGUI's own, so that both are one."""


class Levers(_Own, component="levers.js"):
    """Sliders and switches."""


class Tiles(_Own, component="tiles.js"):
    """The figures of the year."""


class Panel(_Own, component="panel.js"):
    """What is known of one thing."""


class DataTable(_Own, component="data_table.js"):
    """A table to sort, filter and keep."""


class Finder(_Own, component="finder.js"):
    """From where to where."""
