"""Estimates that others have printed: every row of the guide and its peers, to the printed digits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from karvan.trade.gravity import TWO_WAY, Estimate, estimate
from karvan.trade.terms import border, by_value
from tests.trade.guide import head_mayer_ries, international, needs_panels, panel, thirty

pytestmark = needs_panels
LIKENESS = ["ln_dist", "cntg", "lang", "clny"]
PAIRS = ("exporter^year", "importer^year", "pair_id")


def guide(frame: pd.DataFrame, terms: list[str], effects: tuple[str, ...], method: str = "ppml") -> Estimate:
    return estimate(
        frame,
        terms,
        effects,
        flow="trade",
        method="ols" if method == "ols" else "ppml",
        clusters="pair_id",
        small_sample="stata",
    )


def printed(found: Estimate, digits: int = 3) -> list[float]:
    return [round(float(value), digits) for value in found.coefficients]


def errors(found: Estimate, digits: int = 3) -> list[float]:
    return [round(float(value), digits) for value in found.standard_errors]


def test_least_squares_with_sizes_as_the_guide_prints_it() -> None:
    rows = international()
    found = guide(rows.loc[rows["trade"] > 0], [*LIKENESS, "ln_Y", "ln_E"], (), "ols")
    assert (found.rows, found.terms[-1]) == (25_689, "constant")
    # The printed -1.002 and the constant's -11.283 among them; .0095 is printed as .009.
    assert printed(found) == [-1.002, 0.574, 0.802, 0.735, 1.190, 0.908, -11.283]
    assert np.allclose(found.standard_errors, [0.027, 0.185, 0.082, 0.144, 0.009, 0.010, 0.296], atol=5.1e-4)


def test_least_squares_with_effects_as_the_guide_prints_it() -> None:
    rows = international()
    found = guide(rows.loc[rows["trade"] > 0], LIKENESS, TWO_WAY, "ols")
    assert printed(found) == [-1.216, 0.223, 0.661, 0.670]
    assert errors(found)[0] == 0.038


def test_poisson_with_effects_as_the_guide_prints_it() -> None:
    found = guide(international(), LIKENESS, TWO_WAY)
    assert found.rows == 28_152
    assert printed(found) == [-0.841, 0.437, 0.247, -0.222]
    assert errors(found) == [0.032, 0.083, 0.077, 0.116]


def test_distance_by_year_as_the_guide_prints_it() -> None:
    rows = international()
    yearly = by_value(rows, "ln_dist", "year")
    found = guide(pd.concat([rows, yearly], axis=1), [*yearly.columns, *LIKENESS[1:]], TWO_WAY)
    assert printed(found)[:6] == [-0.859, -0.834, -0.835, -0.847, -0.848, -0.836]


def test_agreements_as_the_guide_prints_them() -> None:
    found = guide(international(), [*LIKENESS, "rta"], TWO_WAY)
    assert (round(found["rta"], 3), round(found["ln_dist"], 3)) == (0.191, -0.822)
    assert round(found.standard_error("rta"), 3) == 0.066


@pytest.mark.slow
def test_agreements_with_effects_of_pairs_to_seven_digits() -> None:
    found = guide(panel(), ["rta"], PAIRS)
    assert (found.rows, round(found["rta"], 7), round(found.standard_error("rta"), 3)) == (28_482, 0.5571853, 0.102)
    # Every row that took no part is one of a pair that never trades, and is named.
    lost = panel().loc[found.dropped["row"]]
    assert len(lost) == 84
    assert (lost["trade"] == 0.0).all()
    assert set(found.dropped["reason"]) == {"separated: a zero that its levels tell"}


@pytest.mark.slow
def test_anticipation_of_agreements_as_the_guide_prints_it() -> None:
    found = guide(panel(), ["rta", "rta_lead4"], PAIRS)
    assert printed(found) == [0.520, 0.077]
    assert errors(found) == [0.086, 0.092]


def test_trade_without_borders_to_seven_digits() -> None:
    rows = panel()
    rows = rows.loc[rows["year"] == 2006]
    found = estimate(
        rows.assign(border=border(rows)), ["ln_dist", "cntg", "border"], flow="trade", small_sample="stata"
    )
    assert found.rows == 4_761
    assert printed(found, 7) == [-0.7912879, 0.6736456, pytest.approx(-2.47445, abs=6e-7)]
    assert errors(found, 7) == [0.0501494, 0.1073719, 0.1193816]


def test_the_sample_of_gegravity() -> None:
    terms = ["lndist", "contiguity", "common_language", "pta", "international"]
    found = estimate(thirty(), terms, flow="trade")
    assert printed(found, 6) == [-0.389862, 0.891577, 0.032625, 0.471138, -3.412584]


def test_the_cross_section_of_head_mayer_and_ries() -> None:
    found = estimate(
        head_mayer_ries(), ["ln_dist", "contig", "comlang_off", "rta", "comcur"], flow="flow", small_sample="stata"
    )
    assert printed(found)[:4] == [-0.831, 0.415, 0.243, 0.433]
    assert round(found.standard_error("ln_dist"), 3) == 0.036
