"""One result explained: formula, record, tornado, and what rests on guesses.

The variance of the result is taken as the sum over cells of (derivative x half the range)^2, as if every range were one
of independent errors around the cell; derivatives go through waits and prices and are those of small changes, so a wide
range is told too straight. Covered are prices, hours and headways of links, borders and transfers, constants of choice,
demand, what resources are made of, values of time, dispersion and the parameters of choice; `NOT_COVERED` names the
rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from karvan import __version__
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome, Provenance, outcome_table
from karvan.corridor.state import State
from karvan.errors import DataError, Problem
from karvan.freight.solved import SolvedYear
from karvan.freight.worth.adjoint import Adjoint
from karvan.freight.worth.cells import cell_derivatives
from karvan.freight.worth.parameters import parameter_cells
from karvan.freight.worth.service import service_cells
from karvan.freight.year import Year, year_of
from karvan.schema.tables import table
from karvan.study.calibrate.measure import Measured, gradient_of, measured, values_at
from karvan.study.change.target import indicator_named
from karvan.study.explain.ranges import DEMAND, with_ranges
from karvan.study.record import Indicator, observed
from karvan.study.resume import input_fingerprints
from karvan.study.solve import Progress, SolvedYears, solve_years, with_boxes
from karvan.study.states import states

_NAMED = re.compile(r"\s*([\w.-]+)\s*(?:\[([^\]]*)\])?\s*")
WORTH_MEASURING = 5
NOT_COVERED = (
    "units that cargo takes of resources",
    "tonnes a box or wagon holds",
    "weight of empties",
    "what fixes the routes (bounds and stretches)",
)


@dataclass(frozen=True)
class _Solved:
    """The indicator at the equilibrium of a year."""

    years: SolvedYears
    base: State
    year: Year
    solved: SolvedYear
    measured: Measured


def explain(
    corridor: Corridor, result: str, scenario: Scenario, year: int, progress: Progress | None = None
) -> Outcome:
    """Explain an indicator of a year.

    Parameters
    ----------
    corridor, scenario, year
        What is solved.
    result
        ``INDICATOR`` or ``INDICATOR[SCOPE]``, the beginning of a scope being enough.
    progress
        Called with a text and the share done.

    Returns
    -------
    Outcome
        Tables ``explain.result`` (one row) and ``explain.cells``, the cells by share of the variance.

    Raises
    ------
    DataError
        If the corridor has no such indicator, or it is no sum over routes.
    """
    indicator = _named(corridor, result)
    at = _solved(corridor, indicator, scenario, year, progress)
    cells = _cells(at)
    value = float(values_at(at.years.prepared, at.year, at.solved.equilibrium, [at.measured])[0])
    return Outcome(
        name="explain",
        tables={
            "explain.result": outcome_table("explain.result", _result(corridor, indicator, year, value, cells)),
            "explain.cells": outcome_table("explain.cells", cells),
        },
        provenance=Provenance(
            __version__, corridor.info.name, scenario.name, input_fingerprints(corridor, scenario),
            {"result": result, "year": year},
        ),
        convergence=(at.solved.equilibrium.convergence,),
    )  # fmt: skip


def _named(corridor: Corridor, result: str) -> Indicator:
    read = _NAMED.fullmatch(result)
    if read is None:
        problem = Problem("bad result", column="RESULT", value=result, expected="INDICATOR or INDICATOR[SCOPE]")
        raise DataError(problems=[problem])
    return indicator_named(corridor, read[1], read[2])


def _solved(
    corridor: Corridor, indicator: Indicator, scenario: Scenario, year: int, progress: Progress | None
) -> _Solved:
    """The year solved, and the indicator measured on its routes."""
    chosen = states(corridor, scenario, (year,))
    years = solve_years(chosen, progress=progress)
    found = [each for each in measured(corridor, years.prepared) if each.indicator == indicator]
    if not found:
        expected = "an indicator that is a sum over routes: of freight.gateways, freight.flows or loads of resources"
        problem = Problem("nothing to derive", column="RESULT", value=indicator.indicator, expected=expected)
        raise DataError(problems=[problem])
    solved = years.years[0]
    base = with_boxes(chosen).base
    return _Solved(years, base, year_of(years.prepared, solved.flow.state), solved, found[0])


def _cells(at: _Solved) -> pd.DataFrame:
    """``explain.cells``: derivative, range and share of the variance, largest share first."""
    prepared, adjoint = at.years.prepared, Adjoint(at.solved.equilibrium)
    derivatives = adjoint.derivatives(gradient_of(prepared, at.year, adjoint, at.measured))
    at_point = (prepared, at.year, at.solved.equilibrium, derivatives)
    every = [
        cell_derivatives(prepared, at.year, derivatives),
        service_cells(*at_point),
        parameter_cells(prepared, at.base, *at_point[1:]),
    ]
    ranged = with_ranges(pd.concat(every, ignore_index=True), at.year.state)
    slope = at.measured.indicator.scale * ranged["derivative"]
    swings = ranged.assign(
        derivative=slope,
        at_low=slope * (ranged["low"] - ranged["value"]),
        at_high=slope * (ranged["high"] - ranged["value"]),
    )
    told = _by_segment(swings)
    half = (told["at_high"] - told["at_low"]).abs() / 2.0
    total = float((half**2).sum())
    share = half**2 / total if total > 0 else 0.0 * half
    ordered = told.assign(share=share).sort_values(["share", "table", "row"], ascending=[False, True, True])
    kept = ordered.loc[ordered["share"] > 0].reset_index(drop=True)
    ranked = kept.assign(rank=np.arange(1, len(kept) + 1))
    return ranked[list(table("explain.cells", "outcomes").column_names)]


def _by_segment(swings: pd.DataFrame) -> pd.DataFrame:
    """Cells with the rows of each segment of demand put together, as they were made from one figure."""
    together = swings["table"] == DEMAND
    rows = swings.loc[together].assign(row=swings.loc[together, "row"].str.split("|").str[0])
    if rows.empty:
        return swings
    summed = dict.fromkeys(("value", "low", "high", "at_low", "at_high"), "sum")
    said = {"source": "first", "confidence": "first"}
    grouped = rows.groupby(["table", "row", "column"], as_index=False).agg({**summed, **said})
    spread = grouped["high"] - grouped["value"]
    slope = (grouped["at_high"] / spread.where(spread > 0)).fillna(0.0)
    return pd.concat([swings.loc[~together], grouped.assign(derivative=slope)], ignore_index=True)


def _result(corridor: Corridor, indicator: Indicator, year: int, value: float, cells: pd.DataFrame) -> pd.DataFrame:
    """``explain.result``."""
    where = f" where {indicator.where}" if indicator.where else ""
    seen = observed(corridor["observations"], indicator, (year,))
    half = (cells["at_high"] - cells["at_low"]).abs() / 2.0
    low_share = float(cells.loc[cells["confidence"] == "low", "share"].sum())
    first = cells.head(WORTH_MEASURING)
    return pd.DataFrame(
        [
            {"indicator": indicator.indicator, "scope": indicator.scope, "year": year, "modelled": value,
             "observed": float(seen["value"].iloc[0]) if len(seen) else np.nan,
             "estimated": bool(len(seen)) and seen["status"].iloc[0] == "estimate",
             "unit": indicator.unit, "half_range": float(np.sqrt((half**2).sum())), "cells": len(cells),
             "low_confidence_share": low_share, "first_share": float(first["share"].sum()),
             "formula": f"{indicator.scale:g} x sum of {indicator.table}.{indicator.column}{where}",
             "sources": "|".join(dict.fromkeys(first["source"]))}
        ]
    )  # fmt: skip
