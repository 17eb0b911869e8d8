"""The page of ships in space and time: one self-contained HTML text, without script, that asks nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from karvan.corridor.corridor import CorridorInfo
from karvan.corridor.outcome import Provenance
from karvan.report.diagrams.space_time import COLOURS, LEAST_SHADED_H, Line, Window, day_of, diagram, voyages
from karvan.report.page import own_text, template
from karvan.units import HOURS_PER_DAY


def ships_page(lines: Sequence[Line], window: Window, info: CorridorInfo, provenance: Provenance) -> str:
    """A page with the diagram of every line and what its ships did.

    Parameters
    ----------
    lines
        Lines in the order of the page.
    window
        Days shown.
    info, provenance
        Corridor, and what was simulated.

    Returns
    -------
    str
        A whole HTML document in UTF-8; every name is escaped.
    """
    last = window.first_day + timedelta(days=window.days - 1)
    return template("karvan.report.diagrams", "ships.html.j2").render(
        style=Markup(own_text("karvan.report", "page.css") + own_text("karvan.report.diagrams", "ships.css")),  # noqa: S704  # our own files
        title=info.title or info.name,
        info=info,
        provenance=provenance,
        options={key.replace("_", " "): _option(value) for key, value in provenance.options.items()},
        span=f"{day_of(window.first_day)} to {day_of(last)} {last.year}",
        colours=COLOURS,
        shaded_from=int(LEAST_SHADED_H),
        lines=[{"name": line.name, "svg": Markup(diagram(line, window)), "told": _told(line, window)}  # noqa: S704  # escapes
               for line in lines],
    )  # fmt: skip


def _told(line: Line, window: Window) -> str:
    """What the ships of a line did, in a sentence."""
    found = voyages(line, window)
    ships = f"{len(line.ships)} ships" if len(line.ships) != 1 else "One ship"
    parts = [f"{ships}: {found.to_second} landings at {line.ports[1]} and {found.to_first} at {line.ports[0]}"]
    if found.crossing_h.size:
        parts.append(f"{found.crossing_h.mean():.0f} hours a crossing")
    if found.stay_h.size:
        mean, longest = found.stay_h.mean(), found.stay_h.max()
        parts.append(f"{mean / HOURS_PER_DAY:.1f} days a stay, {longest / HOURS_PER_DAY:.1f} the longest")
    return "; ".join(parts) + "."


def _option(value: object) -> str:
    """An option as text; a mean without its decimals."""
    return f"{value:,.0f}" if isinstance(value, float) else str(value)
