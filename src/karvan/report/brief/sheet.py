"""A brief as every door tells it: sections of items, their lines with figures as text, numbered sources.

What enters is the outcome of a brief and its corridor; page, Markdown and terminal all take their words from here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import numbers
from karvan.report.tables import RecordLine

ASSUMED = "\N{DEGREE SIGN}"
FLAGGED = ("differs", "loose")
_COUNTED = ("observed", "estimate")
_QUIET = ("", "observed", "count", "due")
_YEAR = 4
Row = Mapping[Hashable, Any]


@dataclass(frozen=True)
class SheetLine:
    """One line: what it is of, its figure, its time, what else must be known of it, numbers of its sources.

    A degree sign at the time tells that no source says from which day it was known.
    """

    text: str
    figure: str
    when: str
    marks: str
    refs: str
    confidence: str


@dataclass(frozen=True)
class SheetItem:
    """Lines under one title, the claims they speak to that differ, and yearly figures to draw."""

    title: str
    table: str
    lines: tuple[SheetLine, ...]
    flags: tuple[str, ...]
    drawn: RecordLine | None = None
    headline: str = ""


@dataclass(frozen=True)
class SheetTarget:
    """A target: wanted, last figure, trend with its band, the model's figure, status, numbers of its sources."""

    name: str
    wanted: str
    due: str
    last: str
    forecast: str
    modelled: str
    status: str
    refs: str


@dataclass(frozen=True)
class Sheet:
    """A whole brief."""

    title: str
    day: str
    run: str
    short: tuple[str, ...]
    sections: tuple[tuple[str, tuple[SheetItem, ...]], ...]
    targets: tuple[SheetTarget, ...]
    verdicts: str
    sources: tuple[Mapping[str, str], ...]
    places: Mapping[str, int]
    unknown: tuple[str, ...]
    warnings: tuple[str, ...] = field(default=())


class _Numbers:
    """Sources by the order in which they are first named."""

    def __init__(self) -> None:
        self.order: dict[str, int] = {}

    def refs(self, *cells: str) -> str:
        keys = [key for cell in cells for key in cell.split("|") if key]
        found = sorted({self.order.setdefault(key, len(self.order) + 1) for key in keys})
        return ", ".join(str(number) for number in found)


def sheet(corridor: Corridor, outcome: Outcome) -> Sheet:
    """The brief of an outcome as words.

    Parameters
    ----------
    corridor
        The corridor it was made from; gives titles, charts and citations.
    outcome
        Of ``karvan.study.brief.brief.brief``.
    """
    lines, judged = outcome["brief.lines"], outcome["record.claims"].set_index("claim")
    known, told = _Numbers(), set[str]()
    sections: dict[str, list[SheetItem]] = {}
    unknown = []
    for item in corridor["brief"].to_dict("records"):
        rows = lines.loc[lines["item"] == item["item"]]
        if rows.empty:
            unknown.append(str(item["title"]))
            continue
        flags = _flags(judged, str(item["claims"]), told)
        shown = tuple(_line(row, known) for row in rows.to_dict("records"))
        drawn = _drawn(rows, str(item["title"]), _path(outcome, str(item["item"]))) if item["chart"] else None
        sections.setdefault(str(item["section"]), []).append(
            SheetItem(str(item["title"]), str(item["table"]), shown, flags, drawn, _headline(rows) if drawn else "")
        )
    shown_targets = _next_due(outcome["record.monitor"], corridor["brief"], str(outcome.provenance.options["as_of"]))
    targets = tuple(_target(row, known) for row in shown_targets.to_dict("records"))
    return Sheet(
        title=corridor.info.title or corridor.info.name,
        day=str(outcome.provenance.options["as_of"]),
        run=str(outcome.provenance.options.get("run", "")),
        short=tuple(_short([item for items in sections.values() for item in items], outcome["record.monitor"])),
        sections=tuple((name, tuple(items)) for name, items in sections.items()),
        targets=targets,
        verdicts=_verdicts(judged),
        sources=tuple(_sources(corridor, known)),
        places=_places(lines),
        unknown=tuple(unknown),
        warnings=outcome.warnings,
    )


def _line(row: Row, known: _Numbers) -> SheetLine:
    unit, status = str(row["unit"]), str(row["status"])
    marks = [] if status in _QUIET else [status]
    marks += ["rival figure"] if row["rival"] else []
    return SheetLine(
        text=str(row["text"]),
        figure=_figure(row["value"], unit),
        when=f"{row['when']}{ASSUMED if row['basis'] == 'assumed' else ''}",
        marks=", ".join(marks),
        refs=known.refs(str(row["sources"])),
        confidence=str(row["confidence"]),
    )


def _figure(value: float, unit: str) -> str:
    """A figure with its unit; what has no unit is a count."""
    if math.isnan(value):
        return ""
    return f"{numbers.figure(value)} {unit}" if unit else f"{value:,.0f}"


def _flags(judged: pd.DataFrame, claims: str, told: set[str]) -> tuple[str, ...]:
    """What claims of an item say that the record does not; each claim is told once in a brief."""
    flags = []
    for key in claims.split("|"):
        if key in told or key not in judged.index or judged.loc[key, "verdict"] not in FLAGGED:
            continue
        told.add(key)
        row = judged.loc[key].to_dict()
        record = recorded(row)
        flags.append(f"{key} {row['verdict']}: {row['text']}; said {row['said']} {row['unit']}, record {record}")
    return tuple(flags)


def recorded(row: Row) -> str:
    """What the record says of a claim, behind ``~`` where it rests on an estimate; a dash where it says nothing."""
    return f"{numbers.ESTIMATED if row['estimated'] else ''}{row['record']}" if row["record"] else numbers.MISSING


def _path(outcome: Outcome, item: str) -> dict[int, float]:
    """What the run makes of an item, by year."""
    rows = outcome["brief.modelled"]
    rows = rows.loc[rows["item"] == item]
    return dict(zip((int(year) for year in rows["year"]), rows["value"].astype(float), strict=True))


def _drawn(rows: pd.DataFrame, title: str, modelled: Mapping[int, float]) -> RecordLine | None:
    """Yearly figures of the preferred lines of an item beside the model's, where it has two or more and one a year."""
    chosen = rows.loc[rows["status"].isin(_COUNTED) & ~rows["rival"] & rows["year"].notna()]
    years = [int(year) for year in chosen["year"]]
    if len(years) < 2 or len(set(years)) < len(years):
        return None
    observed = dict(zip(years, chosen["value"].astype(float), strict=True))
    estimated = frozenset(int(year) for year in chosen.loc[chosen["status"] == "estimate", "year"])
    return RecordLine(title, str(chosen["unit"].iloc[0]), modelled, observed, {}, {}, estimated=estimated)


def _next_due(targets: pd.DataFrame, items: pd.DataFrame, day: str) -> pd.DataFrame:
    """As many targets as the brief has room for: measured ones first, of these the next due, the past and open last."""
    room = items.loc[items["table"] == "targets", "most"]
    past = targets["due"].fillna(0) < int(day[:_YEAR])
    ranked = targets.assign(_unmeasured=targets["status"] == "unmeasured", _past=past)
    ranked = ranked.sort_values(["_unmeasured", "_past", "due", "target"], kind="stable")
    return ranked.head(int(room.max()) if len(room) else len(ranked))


def _target(row: Row, known: _Numbers) -> SheetTarget:
    unit = str(row["unit"])
    last = numbers.MISSING
    if not math.isnan(row["last"]):
        last = f"{numbers.estimated(row['last'], estimate=row['estimated'])} ({row['last_year']})"
    return SheetTarget(
        name=str(row["name"]),
        wanted=f"{'at most ' if row['direction'] == 'at_most' else ''}{numbers.figure(row['wanted'])} {unit}",
        due=_year(row["due"]),
        last=last,
        forecast=band(row),
        modelled=modelled(row),
        status=str(row["status"]).replace("_", " "),
        refs=known.refs(str(row["source"]), str(row["sources"])),
    )


def _year(value: object) -> str:
    return numbers.MISSING if value is None or value is pd.NA else str(value)


def modelled(row: Row) -> str:
    """The model's figure for a target, with its band where it has one; a dash where there is none."""
    if math.isnan(row["modelled_low"]):
        return numbers.figure(row["modelled"])
    return _banded(row["modelled"], row["modelled_low"], row["modelled_high"])


def _banded(*figures: float) -> str:
    """A figure with the ends of its band in brackets, two digits each."""
    middle, low, high = (numbers.figure(float(f"{figure:.2g}"), 2) for figure in figures)
    return f"{middle} ({low}{numbers.DASH}{high})"


def band(row: Row) -> str:
    """A forecast with its band in brackets, two digits each; a dash where there is none.

    A star tells that its figures were counted in more than one perimeter.
    """
    if math.isnan(row["forecast"]):
        return numbers.MISSING
    star = "*" if int(row["perimeters"]) > 1 else ""
    return _banded(row["forecast"], row["low"], row["high"]) + star


def _short(items: Sequence[SheetItem], targets: pd.DataFrame) -> Iterator[str]:
    """What a reader in haste takes along: the last yearly figures with their change, and how targets stand."""
    yield from (f"{item.title}: {item.headline}" for item in items if item.headline)
    counts = Counter(str(status).replace("_", " ") for status in targets["status"])
    if counts:
        yield "Targets: " + ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))


def _headline(rows: pd.DataFrame) -> str:
    """The last preferred figure with its change on the year before; a star where that was another perimeter."""
    chosen = rows.loc[rows["status"].isin(_COUNTED) & ~rows["rival"]]
    by_year = {int(row["year"]): row for row in chosen.to_dict("records")}
    year, last = max(by_year.items())
    figure = numbers.estimated(last["value"], estimate=last["status"] == "estimate")
    told = f"{figure} {last['unit']} in {year}"
    if year - 1 not in by_year:
        return told
    before = by_year[year - 1]
    star = "" if before["text"] == last["text"] else " (another perimeter)"
    return f"{told}, {100 * (last['value'] / before['value'] - 1):+.0f} % on {year - 1}{star}"


def _verdicts(judged: pd.DataFrame) -> str:
    counts = judged["verdict"].value_counts()
    told = ", ".join(f"{counts[word]} {word}" for word in ("agrees", "loose", "differs", "unknown") if word in counts)
    return f"{len(judged)} public claims by then: {told}" if len(judged) else ""


def _sources(corridor: Corridor, known: _Numbers) -> list[Mapping[str, str]]:
    table = corridor["sources"].set_index("source")
    found: list[Mapping[str, str]] = []
    for key, number in known.order.items():
        row = table.loc[key]
        url = str(row["url"]) if str(row["url"]).lower().startswith(("https://", "http://")) else ""
        published = str(row["published"]) or "day of publication not known"
        found.append({"number": str(number), "citation": str(row["citation"]), "url": url, "published": published})
    return found


def _places(lines: pd.DataFrame) -> dict[str, int]:
    """How many meetings of the brief each town had; a meeting that several items tell counts once."""
    rows = lines.loc[lines["place"] != ""].drop_duplicates(["text", "when", "place"])
    counts: dict[str, int] = {}
    for cell in rows["place"]:
        for town in str(cell).split(";"):
            counts[town.strip()] = counts.get(town.strip(), 0) + 1
    return counts
