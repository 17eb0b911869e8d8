"""What both sides and the press report of a year's trade, made into one value a directed pair.

In: the table ``trade_reports``; out: one row a pair that anything is known of, with the reports behind it in its note.
Reports are brought to the exporter's valuation (fob), turnovers are parted by the shares of reports that tell both
directions, and what then stands for one pair is met by a mean of logarithms weighted by confidence. This is a rule of
this project: methods that weigh reporters by their record (Gaulier & Zignago 2010, BACI) need many years of both sides.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

WEIGHT = {"high": 4.0, "medium": 2.0, "low": 1.0}
AGREE_WITHIN = 1.25
WHOLE_YEAR = "Y"
MOST_REPORTED = 0.97
_DOES = {"exporter": "sells", "importer": "buys"}
Pair = tuple[str, str]


@dataclass(frozen=True)
class Reconciled:
    """What reports say of a year.

    ``cells`` has one row a directed pair: exporter, importer, musd (fob), basis, source, confidence, note. ``unparted``
    are the pairs of turnovers that nothing parts into directions; those are not used.
    """

    cells: pd.DataFrame
    unparted: tuple[Pair, ...]


@dataclass(frozen=True)
class _Said:
    """One report of one direction, fob, and the words for it."""

    musd: float
    reporter: str
    source: str
    confidence: str
    words: str
    is_part: bool


def reconcile(
    reports: pd.DataFrame, year: int, cif_fob_ratio: float, expected: Mapping[Pair, float] | None = None
) -> Reconciled:
    """One value for each directed pair of which reports of a year speak.

    The mean is exp(sum w ln x / sum w) with w 4, 2 and 1 for high, medium and low confidence. Parts of a year are never
    scaled up; they may only tell in which shares a turnover goes each way.

    Parameters
    ----------
    reports
        Table ``trade_reports``.
    year
        The year whose whole-year reports count.
    cif_fob_ratio
        What an importer's figure is divided by, at least 1.
    expected
        Trade by directed pair as a model has it: parts turnovers that reports do not.

    Returns
    -------
    Reconciled
        Values lie between the least and the most of the pair's reports. Confidence is the best of them, but ``low``
        where they differ by more than a quarter or rest on a parted turnover alone.

    Examples
    --------
    >>> from karvan.schema.tables import table
    >>> row = {name: "" for name in table("trade_reports").column_names}
    >>> row |= {"exporter": "AAA", "importer": "BBB", "year": 2023, "period": "Y", "flow": "exports", "source": "s"}
    >>> said = [row | {"musd": 100.0, "reporter": "AAA", "valuation": "fob", "confidence": "high"},
    ...         row | {"musd": 110.0, "reporter": "BBB", "valuation": "cif", "confidence": "low"}]
    >>> reconcile(pd.DataFrame(said), 2023, 1.1).cells.round(6)[["musd", "basis"]].to_numpy().tolist()
    [[100.0, 'reconciled']]
    """
    said: dict[Pair, list[_Said]] = {}
    unparted = []
    whole = reports.loc[(reports["year"] == year) & (reports["period"] == WHOLE_YEAR)]
    for row in whole.to_dict("records"):
        pair = (str(row["exporter"]), str(row["importer"]))
        if row["flow"] == "turnover":
            share = _shares(pair, reports, year, float(row["musd"])) or _as_expected(pair, expected or {})
            parts = list(_parted(row, pair, share, cif_fob_ratio)) if share else []
            unparted += [] if parts else [pair]
        else:
            parts = [(pair, _direct(row, cif_fob_ratio))]
        for way, report in parts:
            said.setdefault(way, []).append(report)
    rows = [{"exporter": a, "importer": b, **_met(said[a, b], a, b)} for a, b in sorted(said)]
    columns = ["exporter", "importer", "musd", "basis", "source", "confidence", "note"]
    return Reconciled(pd.DataFrame(rows, columns=columns), tuple(unparted))


def within_totals(cells: pd.DataFrame, totals: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Cells of low confidence lowered where reports alone exceed what an economy sells or buys.

    What is reported of a country may come to MOST_REPORTED of its total; beyond that its cells of low confidence are
    multiplied alike, which their notes say. Where they cannot give way, balancing refuses.

    Parameters
    ----------
    cells
        As in :class:`Reconciled`.
    totals
        Columns ``exporter`` and ``importer``: each country's total on that side, fob; missing where it has none.

    Returns
    -------
    cells, repairs
        New cells, and a sentence for each country that was repaired.
    """
    repairs = []
    for side in ("exporter", "importer"):
        for country, total in totals[side].dropna().items():
            own = cells[side] == country
            weak = own & (cells["confidence"] == "low")
            over = float(cells.loc[own, "musd"].sum()) - MOST_REPORTED * float(total)
            if over <= 0.0 or over >= float(cells.loc[weak, "musd"].sum()):
                continue
            factor = 1.0 - over / float(cells.loc[weak, "musd"].sum())
            words = f"lowered by {1.0 - factor:.1%}, as reports exceed what {country} {_DOES[side]}"
            notes = cells["note"].where(~weak, cells["note"] + f"; {words}")
            cells = cells.assign(musd=cells["musd"].where(~weak, cells["musd"] * factor), note=notes)
            repairs.append(f"{int(weak.sum())} reports of low confidence {words}")
    return cells, tuple(repairs)


def _direct(row: Mapping[Hashable, Any], ratio: float) -> _Said:
    value, cif = float(row["musd"]), row["valuation"] == "cif"
    by = f" by {row['reporter']}" if row["reporter"] else ""
    words = f"{value:g}{' cif' if cif else ''}{by} ({row['source']})"
    fob = value / ratio if cif else value
    return _Said(fob, str(row["reporter"]), str(row["source"]), str(row["confidence"]), words, is_part=False)


def _parted(
    row: Mapping[Hashable, Any], pair: Pair, shares: tuple[float, str], ratio: float
) -> Iterator[tuple[Pair, _Said]]:
    """A turnover in two directions: the share of the first, and what tells it."""
    by = str(row["reporter"])
    for way, part in ((pair, shares[0]), (pair[::-1], 1.0 - shares[0])):
        value = part * float(row["musd"]) / (ratio if by == way[1] else 1.0)
        words = f"{row['musd']:g} both ways{f' by {by}' if by else ''}, {part:.3g} of it this way {shares[1]}"
        told = f"{words} ({row['source']})"
        yield way, _Said(value, by, str(row["source"]), str(row["confidence"]), told, is_part=True)


def _shares(pair: Pair, reports: pd.DataFrame, year: int, turnover: float) -> tuple[float, str] | None:
    """The share of the first direction as reports have it: both directions of the nearest year, or one of this year."""
    direct = reports.loc[reports["flow"] == "exports"]
    keys = ["year", "period", "source"]
    there, back = (
        direct.loc[(direct["exporter"] == a) & (direct["importer"] == b)].drop_duplicates(keys).set_index(keys)["musd"]
        for a, b in (pair, pair[::-1])
    )
    both = pd.DataFrame({"there": there, "back": back}).dropna()
    both = both.loc[both.sum(axis=1) > 0.0]
    if len(both):  # whole years before parts of them
        at = min(both.index, key=lambda key: (abs(int(key[0]) - year), key[1] != WHOLE_YEAR, key))
        values = both.loc[[at]].iloc[0]
        return float(values["there"] / values.sum()), f"as in {at[0]}{'' if at[1] == WHOLE_YEAR else f' {at[1]}'}"
    now = direct.loc[(direct["year"] == year) & (direct["period"] == WHOLE_YEAR)]
    for a, b in (pair, pair[::-1]):
        told = now.loc[(now["exporter"] == a) & (now["importer"] == b), "musd"].to_list()
        if told and told[0] < turnover:
            share = told[0] / turnover
            return (share if a == pair[0] else 1.0 - share), f"as {told[0]:g} of one way is reported"
    return None


def _as_expected(pair: Pair, expected: Mapping[Pair, float]) -> tuple[float, str] | None:
    total = expected.get(pair, 0.0) + expected.get(pair[::-1], 0.0)
    return (expected[pair] / total, "as gravity has it") if total > 0.0 and pair in expected else None


def _met(said: list[_Said], exporter: str, importer: str) -> dict[str, object]:
    """The cell of a pair: mean, ground, source, confidence and all that was said."""
    values = np.array([one.musd for one in said])
    weights = np.array([WEIGHT[one.confidence] for one in said])
    best = max(said, key=lambda one: (not one.is_part, WEIGHT[one.confidence]))
    apart = values.min() == 0.0 < values.max() or values.max() > AGREE_WITHIN * values.min()
    mean = 0.0 if values.min() == 0.0 else float(np.exp(weights @ np.log(values) / weights.sum()))
    alone = len(said) == 1 and not best.is_part
    side = "importer" if best.reporter == importer else "exporter"
    weak = apart or all(one.is_part for one in said)
    told = "; ".join(one.words for one in said)
    return {
        "musd": mean,
        "basis": side if alone and best.reporter in ("", exporter, importer) else "reconciled",
        "source": best.source,
        "confidence": "low" if weak else best.confidence,
        "note": f"{told}{'; they differ by more than a quarter' if apart else ''}",
    }
