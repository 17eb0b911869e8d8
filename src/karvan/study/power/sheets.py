"""Feasibility of cables: what each brings by year and country, its streams over its life, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from karvan import __version__
from karvan.appraisal.indicators import npv
from karvan.appraisal.streams import indicators
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome, Provenance, outcome_table
from karvan.corridor.state import needed
from karvan.errors import DataError, Problem
from karvan.schema.tables import table
from karvan.study.power.candidates import Candidate, candidates
from karvan.study.power.trials import PUT_IN, Trial, tried_in
from karvan.study.power.years import SEED
from karvan.study.resume import input_fingerprints
from karvan.study.solve import Progress, silent
from karvan.study.states import BASE

YEARS = (2030, 2035, 2040)
GAS_PRICE, GAS_REFERENCE, RATE = "gas_export_usd_per_thousand_m3", "gas_reference_bcm", "discount_rate"
_KINDS = {"consumers_musd": "money", "producers_musd": "revenue", "rents_musd": "rent"}


@dataclass(frozen=True)
class SheetOptions:
    """Which cables (keys as ``P1`` or ``P1/variant``; none: all), which years, and whether plants follow too."""

    cables: tuple[str, ...] = ()
    years: tuple[int, ...] = YEARS
    follow: bool = False


def cable_sheets(
    corridor: Corridor,
    scenario: Scenario = BASE,
    options: SheetOptions | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """What cables bring, on four weeks a year.

    Parameters
    ----------
    corridor, scenario
        What they are put into; cables of the scenario that are not asked for stay in it.
    options
        Cables and years.
    progress
        Called with a text and the share done.

    Returns
    -------
    Outcome
        Tables ``power.cables``, ``power.cable_countries``, ``power.cable_failures``, ``appraisal.streams`` and
        ``appraisal.indicators``. Streams rest on the cable put in alone with plants held; years between those solved
        lie on straight lines, years before the first and after the last are as those.

    Raises
    ------
    ScenarioError, DataError
        If a cable is unknown, a parameter or the load of a year is missing.
    """
    asked, tell = options or SheetOptions(), progress or silent
    tried = candidates(corridor, asked.cables)
    _refuse_without_load(corridor, asked.years)
    rate, price = needed(corridor, RATE), needed(corridor, GAS_PRICE)
    found: list[Trial] = []
    for at, year in enumerate(asked.years):
        tell(f"power of {year}", at / len(asked.years))
        found += tried_in(corridor, scenario, tried, year, follow=asked.follow)
    streams = _streams([trial for trial in found if trial.test == PUT_IN])
    tables = {
        "power.cables": _cables(found, rate, price, corridor.parameter(GAS_REFERENCE, np.nan)),
        "power.cable_countries": _by_country(found),
        "power.cable_failures": _failures(found),
        "appraisal.streams": streams,
        "appraisal.indicators": indicators(streams.loc[streams["project"].isin(_priced(tried))], rate),
    }
    tell("done", 1.0)
    years = ",".join(str(year) for year in asked.years)
    told: dict[str, str | int | float | bool] = {
        "cables": ",".join(c.key for c in tried), "years": years, "plants_follow": asked.follow,
    }  # fmt: skip
    origin = Provenance(
        __version__, corridor.info.name, scenario.name, input_fingerprints(corridor, scenario), told, SEED
    )
    return Outcome(scenario.name, tables, origin, warnings=_warnings(tried, asked))


def _refuse_without_load(corridor: Corridor, years: Sequence[int]) -> None:
    """Say which of the years have no load, and which have."""
    told = sorted({int(year) for year in corridor["power.loads"]["year"]})
    expected = f"years with load: {', '.join(map(str, told)) or 'none'}"
    kind, file, remedy = "year without load", "power/loads.csv", "choose other years, or add loads"
    problems = [
        Problem(kind, file, "power.loads", column="year", value=str(year), expected=expected, remedy=remedy)
        for year in years
        if year not in told
    ]
    if problems:
        raise DataError(problems=problems)


def _priced(tried: Sequence[Candidate]) -> list[str]:
    """Keys of those whose capex is known."""
    return [candidate.key for candidate in tried if not np.isnan(candidate.capex_musd)]


def _warnings(tried: Sequence[Candidate], asked: SheetOptions) -> tuple[str, ...]:
    unpriced = [candidate.key for candidate in tried if np.isnan(candidate.capex_musd)]
    late = [candidate.key for candidate in tried if candidate.first_year > max(asked.years)]
    told = [f"{key}: projects.csv has no capex, so nothing is appraised" for key in unpriced]
    return (*told, *(f"{key} stands after the last year that is solved: nothing is told of it" for key in late))


def _cables(found: Sequence[Trial], rate: float, gas_usd: float, reference_bcm: float) -> pd.DataFrame:
    """``power.cables``; a bcm at one dollar a thousand m3 is one million dollars."""
    rows = []
    for trial in found:
        change = trial.change
        freed = float(change["gas_freed_bcm"].sum())
        carried = float((trial.lines["forward_twh"] + trial.lines["back_twh"]).sum())
        capacities = trial.lines["capacity_mw"].to_numpy(dtype=np.float64)
        used = float(trial.lines["utilisation"].to_numpy(dtype=np.float64) @ capacities / capacities.sum())
        rows.append({
            "year": trial.year, "project": trial.cable.key, "test": trial.test, "capacity_mw": capacities.sum(),
            "forward_twh": trial.lines["forward_twh"].sum(), "back_twh": trial.lines["back_twh"].sum(),
            "utilisation": used,
            "rent_musd": trial.lines["rent_usd"].sum() / 1e6,
            "value_usd_per_mw": trial.lines["value_usd_per_unit"].mean(), "benefit_musd": change["net_musd"].sum(),
            "charges_musd": trial.charges_musd, "co2_mt": change["co2_mt"].sum(), "gas_freed_bcm": freed,
            "gas_freed_musd": freed * gas_usd, "gas_freed_share": freed / reference_bcm,
            "unserved_gwh": change["unserved_gwh"].sum(),
            "break_even_spread_usd_per_mwh": _yearly_cost(trial.cable, rate) / carried if carried else np.nan,
        })  # fmt: skip
    return outcome_table("power.cables", pd.DataFrame(rows, columns=None if rows else _columns("power.cables")))


def _by_country(found: Sequence[Trial]) -> pd.DataFrame:
    """``power.cable_countries``."""
    parts = [
        trial.change.drop(columns="unserved_gwh").reset_index().assign(
            year=trial.year, project=trial.cable.key, test=trial.test
        ) for trial in found
    ]  # fmt: skip
    name = "power.cable_countries"
    return outcome_table(name, pd.concat(parts) if parts else pd.DataFrame(columns=_columns(name)))


def _failures(found: Sequence[Trial]) -> pd.DataFrame:
    """``power.cable_failures``."""
    name = "power.cable_failures"
    parts = [t.failures.assign(year=t.year, project=t.cable.key) for t in found if len(t.failures)]
    return outcome_table(name, pd.concat(parts) if parts else pd.DataFrame(columns=_columns(name)))


def _columns(name: str) -> list[str]:
    return list(table(name, "outcomes").column_names)


def _yearly_cost(candidate: Candidate, rate: float) -> float:
    """Annuity of the capex over the life, and upkeep, MUSD a year."""
    if np.isnan(candidate.capex_musd + candidate.life_years):
        return float("nan")
    years = int(candidate.life_years)
    return candidate.capex_musd / npv([0.0, *[1.0] * years], rate) + candidate.opex_musd_per_year


def _streams(found: Sequence[Trial]) -> pd.DataFrame:
    """``appraisal.streams``: gains of every country, capex over the years of works, upkeep over the life."""
    parts = []
    for key in dict.fromkeys(trial.cable.key for trial in found):
        own = [trial for trial in found if trial.cable.key == key]
        cable = own[0].cable
        life = np.arange(cable.first_year, cable.first_year + int(np.nan_to_num(cable.life_years, nan=1)))
        parts += _gains(own, life)
        works = np.arange(cable.works_from, cable.first_year)
        capex = pd.DataFrame({"year": works, "musd": -cable.capex_musd / len(works), "kind": "capex"})
        opex = pd.DataFrame({"year": life, "musd": -cable.opex_musd_per_year, "kind": "opex"})
        parts += [part.assign(project=key, party=cable.sponsor, country="") for part in (capex, opex)]
    if not parts:
        return outcome_table("appraisal.streams", pd.DataFrame(columns=_columns("appraisal.streams")))
    rows = pd.concat(parts, ignore_index=True).dropna(subset="musd")
    return outcome_table("appraisal.streams", rows.assign(basis="account"))


def _gains(own: Sequence[Trial], life: np.ndarray[tuple[int], np.dtype[np.int_]]) -> list[pd.DataFrame]:
    """What each country gains in every year of the life, by kind."""
    changes = [trial.change for trial in own]
    solved = [trial.year for trial in own]
    parts = []
    for country in changes[0].index:
        for column, kind in _KINDS.items():
            known = [float(change[column].to_dict()[country]) for change in changes]
            parts.append(pd.DataFrame({
                "year": life, "project": own[0].cable.key, "party": country, "country": country, "kind": kind,
                "musd": np.interp(life, solved, known),
            }))  # fmt: skip
    return parts

