"""Targets beside the record: last figure, trend, forecast with its band, on track or not.

A target names the yearly observations that measure it. The forecast is that of :mod:`karvan.numerics.drift`, from the
figures known on the day asked for and no further ahead than they reach back; a run adds the model's figure for the year
a target is due. Nothing is said where there are too few figures, and the table tells why.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome, outcome_table
from karvan.errors import DataError
from karvan.numerics.drift import Drift, drift_forecast
from karvan.register.known import known_by
from karvan.schema.tables import table
from karvan.study.brief.aims import aims
from karvan.study.brief.yearly import Modelled, modelled_figures, published_figures

_NAMED = ("target", "name", "unit", "direction", "due", "set_by", "source")
_NONE = float("nan")


def monitor(corridor: Corridor, known: str = "", outcome: Outcome | None = None) -> pd.DataFrame:
    """``record.monitor``: every target and measured commitment with what is known of the way to it.

    Parameters
    ----------
    corridor
        With the tables ``targets``, ``commitments``, ``observations``, ``sources`` and, for a run, ``indicators``.
    known
        Day ``YYYY-MM-DD`` by which target and figures must have been published; empty: all of them.
    outcome
        A run or an outlook; its figure for the year a target is due stands beside the trend, with the band it may have.

    Raises
    ------
    DataError
        If a target asks a column that observations do not have.
    """
    record = known_by(corridor["observations"], corridor["sources"], known) if known else corridor["observations"]
    rows = []
    for _, target in aims(corridor, known).iterrows():
        figures = _figures(record, target)
        modelled = _modelled(corridor, outcome, target, figures)
        told = {"modelled": modelled.value, "modelled_low": modelled.low, "modelled_high": modelled.high}
        rows.append({**_row(target, figures), **told, "published": target["day"]})
    columns = list(table("record.monitor", "outcomes").column_names)
    return outcome_table("record.monitor", pd.DataFrame(rows, columns=columns))


def _figures(record: pd.DataFrame, target: pd.Series) -> pd.DataFrame:
    """The yearly figures that measure a target; none where nothing does."""
    if not target["where"]:
        return record.iloc[:0]
    try:
        return published_figures(record, str(target["where"]), str(target["unit"]))
    except DataError as error:
        raise DataError(f"target {target['target']}: its rows cannot be asked for: {error}") from error


def _row(target: pd.Series, figures: pd.DataFrame) -> dict[str, object]:
    wanted = _wanted(target, figures)
    past = _up_to_due(target, figures)
    last = past.iloc[-1] if len(past) else None
    found = _trend(figures, target["due"]) if len(figures) else None
    return {
        **{name: target[name] for name in _NAMED},
        "wanted": wanted,
        "last": _NONE if last is None else float(last["value"]),
        "last_year": None if last is None else int(last["year"]),
        "estimated": last is not None and last["status"] != "observed",
        "figures": len(figures),
        "perimeters": figures["scope"].nunique(),
        "trend_percent": _NONE if found is None else 100.0 * found.growth,
        **{name: _NONE if found is None else getattr(found, name) for name in ("forecast", "low", "high")},
        "status": status(target, wanted, figures, found),
        "sources": "|".join(dict.fromkeys(figures["source"])),
    }


def _up_to_due(target: pd.Series, figures: pd.DataFrame) -> pd.DataFrame:
    """The figures up to the year a target is due; all of them where it has none."""
    return figures if pd.isna(target["due"]) else figures.loc[figures["year"] <= target["due"]]


def _wanted(target: pd.Series, figures: pd.DataFrame) -> float:
    """The figure to reach; missing where it is a multiple of a year that is not known."""
    if pd.isna(target["base_year"]):
        return float(target["value"])
    base = figures.loc[figures["year"] == target["base_year"], "value"]
    return _NONE if base.empty else float(target["value"]) * float(base.iloc[0])


def _trend(figures: pd.DataFrame, due: int | None) -> Drift | None:
    """The drift of the figures carried on to the year due; none where that is further ahead than they reach back."""
    first, last = int(figures["year"].iloc[0]), int(figures["year"].iloc[-1])
    if pd.isna(due) or not last <= due <= last + (last - first):
        return None
    return drift_forecast(figures["year"], figures["value"], float(due))


def status(target: pd.Series, wanted: float, figures: pd.DataFrame, found: Drift | None) -> str:
    """How the way to a target looks: by the last figure, then by the trend and its band.

    A target is ``met`` where the last figure up to its year reaches it, and ``missed`` where that year has one that
    does not. Else the trend decides: ``on_track`` if it reaches the target, ``at_risk`` if only its band does,
    ``off_track`` if neither; ``open`` without a year, ``no_trend`` with too few figures, ``unmeasured`` with none.
    """
    due = _NONE if pd.isna(target["due"]) else float(target["due"])
    past = _up_to_due(target, figures)
    if past.empty or np.isnan(wanted):
        return "unmeasured"
    sign = -1.0 if target["direction"] == "at_most" else 1.0
    if sign * float(past["value"].iloc[-1]) >= sign * wanted:
        return "met"
    if int(figures["year"].iloc[-1]) >= due:
        return "missed"
    return "open" if np.isnan(due) else _track(sign, wanted, found)


def _track(sign: float, wanted: float, found: Drift | None) -> str:
    """Whether a trend leads to a figure; ``sign`` is 1 where more is wanted and -1 where less is."""
    if found is None:
        return "no_trend"
    if sign * found.forecast >= sign * wanted:
        return "on_track"
    best = found.high if sign > 0 else found.low
    return "at_risk" if sign * best >= sign * wanted else "off_track"


def _modelled(corridor: Corridor, outcome: Outcome | None, target: pd.Series, figures: pd.DataFrame) -> Modelled:
    """What the model makes of a target's measure in the year it is due; missing where it has no such figure."""
    if outcome is None or pd.isna(target["due"]):
        return Modelled(_NONE)
    return modelled_figures(corridor, outcome, str(target["where"]), figures).get(int(target["due"]), Modelled(_NONE))
