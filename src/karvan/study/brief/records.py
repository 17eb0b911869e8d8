"""Lines of a brief from the register: events, who is what in which body, agreements, commitments, targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.register.names import names_of
from karvan.register.valid import valid_on
from karvan.schema.dates import first_days, last_day, last_days
from karvan.schema.tables import table
from karvan.study.brief.figures import figure_lines
from karvan.study.brief.line import Line, resting_on

_NAMED = 12
_YEAR = 4


@dataclass(frozen=True)
class Asked:
    """What an item asks: its rows (with ``day`` and ``basis`` of publication), what to show, and on which day."""

    rows: pd.DataFrame
    show: str
    most: int
    day: str
    names: Mapping[str, str]


def names_on(corridor: Corridor, day: str) -> dict[str, str]:
    """How countries and organisations were called on a day, by key and by the codes they had before."""
    names, asked = names_of(corridor), last_day(day)
    found = {key: names.on(key, asked) for key in names.shown}
    return {**found, **{code: names.on(key, asked) for code, key in names.current.items()}}


def event_lines(asked: Asked) -> list[Line]:
    """Events up to the day, the newest first; ``ahead``: those after it; ``tally``: how many a year."""
    begun = first_days(asked.rows["date"]) <= last_day(asked.day)
    if asked.show == "ahead":
        return [_event(same, asked.names) for same in _meetings(asked.rows.loc[~begun])][: asked.most]
    met = _meetings(asked.rows.loc[begun])
    if asked.show == "tally":
        return _tally(met)[-asked.most :]
    return [_event(same, asked.names) for same in reversed(met)][: asked.most]


def _meetings(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows of one meeting together, by date; a meeting has one row for each guest whose coming was noted."""
    ordered = rows.sort_values(["date", "title", "place", "event"], kind="stable")
    return [same for _, same in ordered.groupby(["date", "title", "place"], sort=False)]


def _tally(met: list[pd.DataFrame]) -> list[Line]:
    """How many meetings each year had."""
    by_year: dict[str, list[pd.DataFrame]] = {}
    for same in met:
        by_year.setdefault(str(same["date"].iloc[0])[:_YEAR], []).append(same)
    return [
        resting_on(
            Line("meetings and visits", float(len(found)), when=year, year=int(year), status="count"), pd.concat(found)
        )
        for year, found in by_year.items()
    ]


def _event(same: pd.DataFrame, names: Mapping[str, str]) -> Line:
    first = same.iloc[0]
    guests = [str(key) for cell in [first["host"], *same["guests"]] for key in str(cell).split("|") if key]
    who = ", ".join(names.get(key, key) for key in dict.fromkeys(guests))
    line = Line(
        text=str(first["title"]) + (f" ({who})" if who else ""),
        value=float("nan") if pd.isna(first["count"]) else float(first["count"]),
        when=str(first["date"]) + (f" to {first['to']}" if first["to"] else ""),
        year=int(str(first["date"])[:_YEAR]),
        status=str(first["kind"]).replace("_", " "),
        place=str(first["place"]),
    )
    return resting_on(line, same)


def membership_lines(asked: Asked) -> list[Line]:
    """Who is what on the day: ``bodies`` by party and status, else by body and status, the largest group first."""
    held = valid_on(asked.rows, table("memberships").key, asked.day)
    by, listed = ("party", "organisation") if asked.show == "bodies" else ("organisation", "party")
    groups = [(str(key[0]), str(key[1]), rows) for key, rows in held.groupby([by, "status"])]
    lines = []
    for thing, status, rows in sorted(groups, key=lambda group: (-len(group[2]), group[0], group[1])):
        told = sorted(_name(asked, str(key)) for key in rows[listed])
        more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
        line = Line(
            text=f"{_name(asked, thing)}: {', '.join(told[:_NAMED])}{more}",
            value=float(len(told)),
            when=f"last change {max(str(day) for day in rows['from'])}",
            status=status.replace("_", " "),
        )
        lines.append(resting_on(line, rows))
    return lines[: asked.most]


def _name(asked: Asked, key: str) -> str:
    return asked.names.get(key, key).replace("_", " ")


def organisation_lines(asked: Asked) -> list[Line]:
    """Bodies with the day they were founded, the newest first."""
    known = asked.rows.loc[asked.rows["founded"] != ""].sort_values("founded", ascending=False, kind="stable")
    lines = []
    for _, row in known.head(asked.most).iterrows():
        name = _name(asked, str(row["organisation"]))
        earlier = ", ".join(str(row["earlier_names"]).split("|")) if name == row["name"] else ""
        before = f", before {earlier}" if earlier else ""
        line = Line(f"{name}{before}", when=str(row["founded"]), status=str(row["kind"]))
        lines.append(resting_on(line, row.to_frame().T))
    return lines


def agreement_lines(asked: Asked) -> list[Line]:
    """Agreements with their status on the day, the last change first."""
    held = valid_on(asked.rows, table("agreements").key, asked.day)
    ordered = held.sort_values(["from", "agreement"], ascending=[False, True], kind="stable")
    lines = []
    for _, row in ordered.head(asked.most).iterrows():
        status = str(row["status"]).replace("_", " ")
        line = Line(str(row["name"]), when=str(row["from"]), status=status, place=str(row["place"]))
        lines.append(resting_on(line, row.to_frame().T))
    return lines


def commitment_lines(asked: Asked) -> list[Line]:
    """Commitments by the day they are due; ``ahead``: only those that are still due or have no day."""
    due, rows = asked.rows["due"], asked.rows
    if asked.show == "ahead":
        rows = rows.loc[(due == "") | (last_days(due) >= last_day(asked.day))]
    ordered = rows.assign(_open=rows["due"] == "").sort_values(["_open", "due", "commitment"], kind="stable")
    lines = []
    for _, row in ordered.head(asked.most).iterrows():
        when = f"due {row['due']}" if row["due"] else "open"
        line = Line(str(row["description"]), float(row["quantity"]), str(row["unit"]), when, status="due")
        lines.append(resting_on(line, row.to_frame().T))
    return lines


def target_lines(asked: Asked) -> list[Line]:
    """Targets, the next due first."""
    ordered = asked.rows.sort_values(["due", "target"], kind="stable")
    lines = []
    for _, row in ordered.head(asked.most).iterrows():
        when = "open" if pd.isna(row["due"]) else f"due {int(row['due'])}"
        line = Line(str(row["name"]), float(row["value"]), str(row["unit"]), when, status="plan")
        lines.append(resting_on(line, row.to_frame().T))
    return lines


def observation_lines(asked: Asked) -> list[Line]:
    """Figures of the record."""
    return figure_lines(asked.rows, asked.show, asked.most, asked.names)


LINES: Mapping[str, Callable[[Asked], list[Line]]] = {
    "observations": observation_lines,
    "events": event_lines,
    "memberships": membership_lines,
    "organisations": organisation_lines,
    "agreements": agreement_lines,
    "commitments": commitment_lines,
    "targets": target_lines,
}
