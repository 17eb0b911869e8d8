"""The state of cooperation as it was known on a day: one outcome of sourced lines, claims and targets.

What the brief holds, and in which order, is said by the table ``brief``. Rows enter it only if they could be known on
the day; the model's figures, which rest on all that the tables hold, only once the youngest of them was known.
"""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from karvan import __version__
from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.outcome import Outcome, Provenance, outcome_table
from karvan.errors import DataError, KarvanError
from karvan.register.known import known_by, publication
from karvan.scenario.where import matching, parse_where
from karvan.schema.dates import last_day
from karvan.schema.tables import table
from karvan.study.brief.monitor import monitor
from karvan.study.brief.records import LINES, Asked, names_on
from karvan.study.brief.yearly import modelled_figures, published_figures
from karvan.study.claims.table import claims

DATED = ("observations", "events", "memberships", "organisations", "agreements", "commitments", "targets", "claims")


def brief(corridor: Corridor, day: str, outcome: Outcome | None = None) -> Outcome:
    """The brief of a day: ``brief.lines``, ``brief.modelled``, ``record.claims`` and ``record.monitor``.

    Parameters
    ----------
    corridor
        With the table ``brief`` and those that its items name.
    day
        ``YYYY-MM-DD``; nothing published after it enters.
    outcome
        A run; its figures stand beside claims and targets, unless the day is before the last publication that the
        run rests on: then they are left out, and a warning says so.

    Raises
    ------
    DataError
        If an item asks a column that its table does not have.
    """
    world = known_corridor(corridor, day)
    run, warnings = _usable(corridor, outcome, day)
    lines = [row for _, item in corridor["brief"].iterrows() for row in _item_lines(world, item, day)]
    columns = list(table("brief.lines", "outcomes").column_names)
    modelled = [row for _, item in corridor["brief"].iterrows() for row in _path(world, run, item)]
    path = pd.DataFrame(modelled, columns=list(table("brief.modelled", "outcomes").column_names))
    tables = {
        "brief.modelled": outcome_table("brief.modelled", path),
        "brief.lines": outcome_table("brief.lines", pd.DataFrame(lines, columns=columns)),
        "record.claims": claims(world, outcome=run),
        "record.monitor": monitor(world, outcome=run),
    }
    options = {"as_of": day} if run is None else {"as_of": day, "run": run.name}
    origin = Provenance(__version__, corridor.info.name, "", fingerprints(corridor), options)
    return Outcome(f"brief of {day}", tables, origin, (), warnings)


def known_corridor(corridor: Corridor, day: str) -> Corridor:
    """The corridor with only those rows of record and register that could be known on a day."""
    sources = corridor["sources"]
    frames = {name: known_by(corridor[name], sources, day).reset_index(drop=True) for name in DATED if name in corridor}
    return corridor.replace(**frames)


def _usable(corridor: Corridor, outcome: Outcome | None, day: str) -> tuple[Outcome | None, tuple[str, ...]]:
    """The run if everything it rests on was published by the day, else none and why."""
    if outcome is None:
        return None, ()
    published = [*corridor["sources"]["published"], *corridor["observations"]["published"]]
    youngest = max(filter(None, published), key=last_day, default="")
    if not youngest or last_day(youngest) <= last_day(day):
        return outcome, outcome.warnings
    return None, (f"figures of the run {outcome.name} are left out: its tables hold what was published by {youngest}",)


def _item_lines(world: Corridor, item: pd.Series, day: str) -> list[dict[str, object]]:
    """The lines of one item; none where nothing was known."""
    name = str(item["table"])
    frame = world[name]
    try:
        rows = frame.loc[matching(frame, parse_where(item["where"]), table(name))]
    except KarvanError as error:
        raise DataError(f"brief.csv: item {item['item']}: its rows cannot be asked for: {error}") from error
    dated = rows.join(publication(rows, world["sources"])) if len(rows) else rows.assign(day="", basis="")
    asked = Asked(dated, str(item["show"]), int(item["most"]), day, names_on(world, day))
    lines = LINES[name](asked)
    same = {column: item[column] for column in ("section", "item", "title", "claims")}
    return [{**asdict(line), **same, "line": number} for number, line in enumerate(lines, start=1)]


def _path(world: Corridor, run: Outcome | None, item: pd.Series) -> list[dict[str, object]]:
    """What the run makes of an item whose yearly figures are drawn, for all its years."""
    if run is None or not item["chart"] or item["table"] != "observations":
        return []
    figures = published_figures(world["observations"], str(item["where"]))
    unit = str(figures["unit"].iloc[-1]) if len(figures) else ""
    found = modelled_figures(world, run, str(item["where"]), figures)
    return [{"item": item["item"], "year": year, "value": told.value, "unit": unit} for year, told in found.items()]
