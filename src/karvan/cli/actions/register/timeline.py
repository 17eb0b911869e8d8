"""``karvan timeline``: what happened up to a day, in order."""

from __future__ import annotations

from karvan.cli import inputs
from karvan.cli.actions.register.asked import Asked, answer, listed, split
from karvan.cli.door import Door
from karvan.cli.screen import HEAD, cell
from karvan.register.timeline import timeline
from karvan.schema.dates import first_day

_COLUMNS = {"day": 2, "what": 2, "text": 7, "parties": 3, "key": 2, "source": 4}


def show_timeline(door: Door, asked: Asked, between: str, since: str, most: int) -> int:
    """Show the last events, steps of agreements and standings."""
    told = timeline(asked.register, asked.at, split(between), first_day(inputs.day("--since", since)), most)
    shown = told.assign(what=told["what"].str.replace("_", " "))
    return answer(
        door,
        asked,
        {"register.timeline": told},
        lambda: [cell(asked.told("what happened up to and"), HEAD), *listed(shown, _COLUMNS)],
        between=between,
        since=since,
    )
