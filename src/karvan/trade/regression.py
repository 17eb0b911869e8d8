"""The regression table, its diagnostics and what took no part, as tidy tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.trade.gravity import CONSTANT, Estimate, estimate

TWO_SIDED_95 = 1.959963984540054


def regression_tables(equations: Mapping[str, Estimate]) -> dict[str, pd.DataFrame]:
    """``trade.coefficients``, ``trade.diagnostics`` and ``trade.dropped`` of equations by name."""
    return {
        "trade.coefficients": _table("trade.coefficients", [_coefficients(n, e) for n, e in equations.items()]),
        "trade.diagnostics": _table("trade.diagnostics", [_diagnostics(n, e) for n, e in equations.items()]),
        "trade.dropped": _table("trade.dropped", [_dropped(n, e) for n, e in equations.items()]),
    }


def _table(name: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    return outcome_table(name, pd.concat(parts, ignore_index=True))


def _coefficients(name: str, found: Estimate) -> pd.DataFrame:
    from scipy.special import ndtr

    errors = found.standard_errors
    with np.errstate(divide="ignore", invalid="ignore"):
        z = found.coefficients / errors
    return pd.DataFrame(
        {
            "equation": name,
            "term": found.terms,
            "coefficient": found.coefficients,
            "standard_error": errors,
            "z": z,
            "p_value": 2.0 * ndtr(-np.abs(z)),
            "low": found.coefficients - TWO_SIDED_95 * errors,
            "high": found.coefficients + TWO_SIDED_95 * errors,
            "errors": found.errors,
        }
    )


def _diagnostics(name: str, found: Estimate) -> pd.DataFrame:
    rows: list[tuple[str, float, str]] = [
        ("rows", found.rows, "rows that took part"),
        ("dropped", len(found.dropped), "rows that could not take part; trade.dropped names them"),
        ("clusters", found.clusters, found.errors),
        ("pseudo_r2", found.pseudo_r2, "McFadden 1974" if found.method == "ppml" else "share of the variance"),
        ("log_likelihood", found.log_likelihood, "Poisson" if found.method == "ppml" else "none by least squares"),
        ("converged", float(found.converged), "1 yes, 0 no"),
    ]
    rows += [(f"levels {effect}", len(levels), "levels of this effect") for effect, levels in found.effects.items()]
    rows += [(note.kind, float("nan"), f"{note.value}; {note.remedy}") for note in found.notes]
    return pd.DataFrame(rows, columns=["measure", "value", "note"]).assign(equation=name)


def _dropped(name: str, found: Estimate) -> pd.DataFrame:
    years = pd.to_numeric(found.dropped["year"]).astype("Int64")
    return found.dropped.assign(equation=name, year=years, row=np.arange(1, len(found.dropped) + 1))


def reset_p_value(found: Estimate, frame: pd.DataFrame, clusters: str = "") -> float:
    """Probability of a coefficient on the squared linear prediction as large as this, were the form right.

    Ramsey's RESET test (Ramsey 1969; Santos Silva & Tenreyro 2006 for gravity): the equation is estimated again with
    the square of the logarithm of fitted trade. Small values speak against the form; errors as ``clusters`` say, with
    G/(G-1).
    """
    took = frame.loc[found.fitted.index]
    square = np.log(found.fitted) ** 2
    terms = [term for term in found.terms if term != CONSTANT]
    again = estimate(
        took.assign(_reset=square - square.mean()), [*terms, "_reset"], tuple(found.effects), flow=found.flow,
        method=found.method, clusters=clusters, small_sample="stata",
    )  # fmt: skip
    from scipy.special import ndtr

    return float(2.0 * ndtr(-abs(again["_reset"] / again.standard_error("_reset"))))
