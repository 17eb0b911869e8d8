"""The built-in power system beside the record: generation of three countries in the years whose split is known.

Nothing is pinned to the record. What misses its bar stands in docs/method/power.md and is printed here.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from karvan.power import network
from karvan.power.solve import dispatch
from tests.built_in import base_state

pytestmark = pytest.mark.slow

THERMAL = ("coal", "gas", "oil")
# TWh: national figures and Ember as cited in power/loads.csv and docs/method/power.md.
RECORD = {
    ("KAZ", 2023): {"total": 112.8, "coal": 75.91, "gas": 23.37, "hydro": 8.77, "onwind": 3.93, "solar": 1.83},
    ("AZE", 2024): {"total": 28.39, "gas": 24.54, "hydro": 3.011, "onwind": 0.051, "solar": 0.556, "waste": 0.233},
    ("UZB", 2025): {"total": 86.7, "thermal": 69.9, "hydro": 6.3, "sun and wind": 10.5},
}
MISSES = {("KAZ", "coal"), ("AZE", "hydro")}


@cache
def generation(country: str, year: int) -> pd.Series:
    """TWh by carrier, with total, thermal and sun and wind, from the weeks."""
    solved = dispatch(network(base_state(year)))
    zones = solved.components["Bus"].static["country"]
    weights, parts = solved.snapshot_weightings["generators"], []
    for kind in ("Generator", "StorageUnit"):
        static = solved.components[kind].static
        own = static.loc[(static["bus"].map(zones) == country) & (static["carrier"] != "unserved")]
        energy = weights @ solved.components[kind].dynamic["p"].reindex(columns=own.index, fill_value=0.0) / 1e6
        parts.append(energy.groupby(own["carrier"]).sum())
    twh = pd.concat(parts)
    groups = {"total": twh.sum(), "thermal": twh.reindex(THERMAL).sum(), "sun and wind": twh["onwind"] + twh["solar"]}
    return pd.Series({**twh.to_dict(), **groups})


def _within(modelled: float, observed: float) -> bool:
    return abs(modelled - observed) <= (0.07 * observed if observed >= 1 else 0.2)


@pytest.mark.parametrize(("country", "year"), list(RECORD))
def test_generation_is_within_seven_per_cent_but_for_the_misses_that_are_told(country: str, year: int) -> None:
    made = generation(country, year)
    for name, observed in RECORD[country, year].items():
        print(f"{country} {year} {name}: {made[name]:.2f} of {observed} TWh ({made[name] / observed - 1:+.1%})")
    missed = {(country, name) for name, twh in RECORD[country, year].items() if not _within(float(made[name]), twh)}
    assert missed == {miss for miss in MISSES if miss[0] == country}


@pytest.mark.parametrize(("country", "year"), list(RECORD))
def test_no_zone_of_the_three_countries_leaves_load_unserved(country: str, year: int) -> None:
    solved = dispatch(network(base_state(year)))
    static = solved.components["Generator"].static
    missing = static.index[(static["carrier"] == "unserved") & (static["country"] == country)]
    assert len(missing) > 0
    assert solved.components["Generator"].dynamic["p"][missing].to_numpy().sum() == pytest.approx(0.0, abs=1e-3)
