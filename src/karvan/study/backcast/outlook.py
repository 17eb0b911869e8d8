"""The outlook: the fitted model in years to come, with bands, beside what was planned or forecast for them.

Demand and the load of others grow by the rates of the table ``growth``. The band joins what the fitted levers are
unsure of, the misfit of the record and the range of the rates, taken as independent. What nobody has planned, built or
closed is not in it: it reads today's corridor under more cargo and is no prophecy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome, outcome_table
from karvan.register.known import known_by
from karvan.schema.tables import table
from karvan.study.calibrate.fit import BAND_SDS
from karvan.study.calibrate.fitted import Fitted, calibrated, log_sds
from karvan.study.calibrate.ground import Ground, Solver, ground_of
from karvan.study.calibrate.told import ends, lever_table, provenance
from karvan.study.change.target import indicator_named
from karvan.study.record import told_by_runs
from karvan.study.solve import Progress, silent, with_boxes
from karvan.study.states import BASE, states

Floats = NDArray[np.float64]
SAID = ("plan", "forecast")
CASES = ("low_pct", "high_pct")


class _Ends(NamedTuple):
    """Logarithms of the ratio to the central case, by indicator: slow and fast growth."""

    slow: Floats
    fast: Floats


def outlook(
    corridor: Corridor,
    years: Sequence[int],
    day: str,
    scenario: Scenario = BASE,
    progress: Progress | None = None,
) -> Outcome:
    """The fitted model in years to come.

    Parameters
    ----------
    corridor
        With the tables ``calibration`` and ``growth``.
    years
        After the record, within the rates of growth; years of plans and forecasts on record are added where the rates
        reach them.
    day
        The levers are fitted to what was published by then.
    scenario
        What is built, agreed or closed in these years.
    progress
        Called with a text and the share done.

    Returns
    -------
    Outcome
        Tables ``record.outlook``, ``record.said`` (plans and forecasts of others beside it) and ``record.levers``.
    """
    tell = progress or silent
    said = _said(corridor, day)
    ahead = sorted({*years, *(year for year in said["year"].astype(int) if year <= max(years))})
    tell("routes", 0.0)
    ground = ground_of(corridor, progress=lambda text, share: tell(text, 0.4 * share), scenario=scenario, ahead=ahead)
    tell("fit", 0.4)
    fitted = calibrated(ground, day)
    tell("years to come", 0.8)
    slow, fast = (_cases(ground, fitted, case, scenario, ahead) for case in CASES)
    rows = pd.concat([_rows(ground, fitted, year, _Ends(slow[year], fast[year])) for year in ahead], ignore_index=True)
    return Outcome(
        name="outlook",
        tables={
            "record.outlook": outcome_table("record.outlook", rows.loc[rows["year"].isin(list(years))]),
            "record.said": _beside(corridor, said, rows),
            "record.levers": lever_table(ground, fitted),
        },
        provenance=provenance(ground, fitted, day),
        convergence=ends(fitted, "fit"),
    )


def _said(corridor: Corridor, day: str) -> pd.DataFrame:
    """Plans and forecasts for whole years after the record, of indicators the corridor has, published by a day."""
    rows = known_by(corridor["observations"], corridor["sources"], day)
    known = [(each.indicator, each.unit) for each in told_by_runs(corridor)]
    ours = pd.MultiIndex.from_frame(rows[["indicator", "unit"]]).isin(known)
    later = (rows["year"] > corridor.info.last_year) & (rows["period"] == "Y") & rows["preferred"]
    return rows.loc[ours & later & rows["status"].isin(SAID)]


def _cases(ground: Ground, fitted: Fitted, case: str, scenario: Scenario, ahead: Sequence[int]) -> dict[int, Floats]:
    """By year, logarithms of the ratio of every indicator under other rates of growth to the central ones."""
    growth = ground.corridor["growth"]
    grown = ground.corridor.replace(growth=growth.assign(central_pct=growth[case]))
    chosen = with_boxes(states(grown, scenario, ahead))
    solver = Solver(ground, {state.year: state for state in chosen.years})
    solver.solve(tuple(ahead), fitted.fit.addends)
    return {year: _log_ratio(solver.told(year), fitted.solver.told(year)) for year in ahead}


def _log_ratio(value: Floats, middle: Floats) -> Floats:
    ratio = np.divide(value, middle, out=np.full(value.size, np.nan), where=(middle > 0) & (value > 0))
    return np.asarray(np.log(ratio))


def _rows(ground: Ground, fitted: Fitted, year: int, grown: _Ends) -> pd.DataFrame:
    """``record.outlook`` of one year."""
    value, own = fitted.solver.told(year), BAND_SDS * log_sds(fitted, year)
    down = np.hypot(own, np.minimum(0.0, np.fmin(grown.slow, grown.fast)))
    up = np.hypot(own, np.maximum(0.0, np.fmax(grown.slow, grown.fast)))
    names = ("indicator", "subject", "scope", "unit")
    told = {name: [getattr(each.indicator, name) for each in ground.measured] for name in names}
    made = {
        **told,
        "year": year,
        "outlook": value,
        "low": value * np.exp(-down),
        "high": value * np.exp(up),
        "slow_growth": value * np.exp(grown.slow),
        "fast_growth": value * np.exp(grown.fast),
        "misfit": fitted.misfits,
    }
    return pd.DataFrame(made)


def _beside(corridor: Corridor, said: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """``record.said``: each plan or forecast beside the outlook of its perimeter, else of the one observed last."""
    series = ["indicator", "unit", "year", "scope"]
    told = set(rows[series].itertuples(index=False, name=None))
    last = {name: indicator_named(corridor, name).scope for name in set(said["indicator"])}
    own = [
        each if each in told else (*each[:3], last[each[0]]) for each in said[series].itertuples(index=False, name=None)
    ]
    both = said.assign(scope_told=[each[3] for each in own]).merge(
        rows.rename(columns={"scope": "scope_told", "low": "lowest", "high": "highest"}),
        on=["indicator", "unit", "year", "scope_told"],
    )
    out = [both["value"] < both["lowest"], both["value"] > both["highest"]]
    band = np.select(out, ["below", "above"], "within")
    made = both.assign(said=both["value"], low=both["lowest"], high=both["highest"], band=band)
    return outcome_table("record.said", made[list(table("record.said", "outcomes").column_names)].sort_values(series))
