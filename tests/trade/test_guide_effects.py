"""Trade without borders: what the guide prints, and how far its loop is from the equilibrium."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from karvan.trade.counterfactual import Shock, World, conditional, counterfactual, guide_effects
from karvan.trade.gravity import estimate
from karvan.trade.terms import border
from tests.trade.guide import needs_panels, panel

pytestmark = needs_panels
Floats = NDArray[np.float64]
SIGMA = 7.0

# Per cent: exports conditional and full, factory price, importer resistance, real GDP.
PRINTED = {
    "CAN": (80.825, 137.188, 32.584, -14.109, 54.363),
    "MEX": (114.554, 173.610, 29.227, -11.436, 45.913),
    "USA": (359.981, 438.313, 11.141, 0.442, 10.652),
    "DEU": (133.389, 191.982, 24.313, 0.0, 24.313),
    "CHN": (175.496, 238.414, 23.317, 7.838, 14.354),
    "JPN": (220.798, 293.845, 22.806, 9.286, 12.371),
}


@cache
def application() -> tuple[tuple[str, ...], Floats, Floats, Floats]:
    """Countries, fitted trade of 2006, and cost terms with and without borders."""
    rows = panel()
    rows = rows.loc[rows["year"] == 2006].reset_index(drop=True)
    rows["border"] = border(rows)
    terms = ["ln_dist", "cntg", "border"]
    found = estimate(rows, terms, flow="trade")
    names = tuple(sorted(rows["exporter"].unique()))

    def square(values: pd.Series) -> Floats:
        wide = rows.assign(value=values).pivot_table("value", "exporter", "importer").loc[list(names), list(names)]
        return np.ascontiguousarray(wide.to_numpy(dtype=float))

    far = rows[terms[:2]].to_numpy() @ found.coefficients[:2]
    after = pd.Series(np.exp(far), index=rows.index)
    return names, square(found.fitted), square(after * np.exp(found["border"] * rows["border"])), square(after)


def test_the_guide_s_loop_gives_what_the_guide_prints() -> None:
    names, trade, before, after = application()
    told = guide_effects(trade, before, after, names.index("DEU"), SIGMA)
    columns = (told.conditional_exports, told.full_exports, told.price, told.import_resistance, told.real_gdp)
    assert told.steps == 5
    for name, printed in PRINTED.items():
        at = names.index(name)
        assert [100.0 * (float(column[at]) - 1.0) for column in columns] == pytest.approx(printed, abs=1e-3), name


def shocked() -> tuple[tuple[str, ...], World, Shock]:
    names, trade, before, after = application()
    base = World(names, ("total",), trade[None], np.zeros_like(trade)[None], np.array([SIGMA - 1.0]))
    return names, base, Shock(((after / before) ** (1.0 / (1.0 - SIGMA)))[None])


def test_conditional_exports_are_the_printed_ones() -> None:
    names, base, shock = shocked()
    now, then = (base.flows * conditional(base, shock))[0], base.flows[0]
    for name, printed in PRINTED.items():
        at = names.index(name)
        change = (now[at].sum() - now[at, at]) / (then[at].sum() - then[at, at]) - 1.0
        assert 100.0 * change == pytest.approx(printed[0], abs=1e-3), name


def test_the_loop_stops_short_of_the_equilibrium_by_less_than_a_point_of_real_gdp() -> None:
    names, trade, before, after = application()
    loop = guide_effects(trade, before, after, names.index("DEU"), SIGMA)
    exact = counterfactual(*shocked()[1:])
    off = 100.0 * np.abs(exact.real_gdp - loop.real_gdp)
    assert exact.residual < 2e-12
    assert 0.1 < off.max() < 0.7
