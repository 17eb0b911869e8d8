"""Multilateral resistance, read off the effects of an estimated equation.

By Poisson pseudo-maximum likelihood the fitted sales of an exporter and purchases of an importer equal the observed
ones, so the effects are the resistances but for size (Fally 2015, Structural gravity and fixed effects):
Pi_i^(1-s) = Y_i E_R / exp(pi_i) and P_j^(1-s) = E_j / (exp(chi_j) E_R), with chi_R = 0 for the importer R of reference.
Here Pi absorbs world output: its power is Y times that of the form X_ij = Y_i E_j / Y (t_ij / (Pi_i P_j))^(1-s).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.errors import DataError, Problem
from karvan.trade.gravity import Estimate


def resistances(found: Estimate, frame: pd.DataFrame, reference: str, sigma: float) -> pd.DataFrame:
    """Outward and inward multilateral resistance of every country, in every year.

    Parameters
    ----------
    found
        Estimated by ``ppml`` with effects of exporters and importers (``exporter``, ``importer``, or each by year).
    frame
        The panel it was estimated on; domestic sales must be among its rows.
    reference
        The importer whose inward resistance is 1 in every year.
    sigma
        Elasticity of substitution, above 1.

    Returns
    -------
    pandas.DataFrame
        ``country``, ``year`` (missing for a cross-section), ``output`` and ``expenditure`` (fitted), ``outward_power``
        = Pi^(1-s), ``inward_power`` = P^(1-s), ``outward``, ``inward``. They solve
        P_j^(1-s) = sum_i Y_i t_ij^(1-s) / Pi_i^(1-s) and Pi_i^(1-s) = sum_j E_j t_ij^(1-s) / P_j^(1-s).

    Raises
    ------
    DataError
        The equation has no such effects, lacks domestic sales, or the reference never imports.
    """
    sellers, buyers = _effects(found)
    took = frame.loc[found.fitted.index]
    at_home = set(took.loc[took["exporter"] == took["importer"], "exporter"])
    lacking = sorted((set(took["exporter"]) | set(took["importer"])) - at_home)
    if lacking:
        raise DataError("", [Problem("no domestic sales", table="trade", value=", ".join(lacking[:8]),
                                     expected="a row of each country with itself",
                                     remedy="add output less exports, then estimate again")])  # fmt: skip
    yearly = "year" in sellers
    key = ["year"] if yearly else []
    sums = {
        side: found.fitted.groupby([took[name] for name in (side, *key)]).sum().rename_axis(["country", *key])
        for side in ("exporter", "importer")
    }
    told = pd.DataFrame({"output": sums["exporter"], "expenditure": sums["importer"]}).dropna().reset_index()
    levels = told["country"] + ("^" + told["year"].astype(str) if yearly else "")
    told["pi"] = found.effects[sellers].reindex(levels).to_numpy()
    told["chi"] = found.effects[buyers].reindex(levels).to_numpy()
    if not yearly:
        told["year"] = pd.NA
    told = told.merge(_of_reference(told, reference), on="year", how="left")
    outward: pd.Series = told["output"] * told["e_r"] / np.exp(told["pi"] + told["chi_r"])
    inward = told["expenditure"] / (np.exp(told["chi"] - told["chi_r"]) * told["e_r"])
    told = told.assign(outward_power=outward, inward_power=inward)
    for side in ("outward", "inward"):
        told[side] = told[f"{side}_power"] ** (1.0 / (1.0 - sigma))
    columns = ["country", "year", "output", "expenditure", "outward_power", "inward_power", "outward", "inward"]
    return told[columns]


def _effects(found: Estimate) -> tuple[str, str]:
    for sellers, buyers in (("exporter^year", "importer^year"), ("exporter", "importer")):
        if sellers in found.effects and buyers in found.effects and found.method == "ppml":
            return sellers, buyers
    raise DataError(f"resistances need ppml with effects of exporters and importers, not {list(found.effects)}")


def _of_reference(told: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Expenditure and effect of the importer of reference by year."""
    rows = told.loc[told["country"] == reference, ["year", "expenditure", "chi"]]
    if rows.empty or len(rows) < told["year"].nunique(dropna=False):
        raise DataError(f"the importer of reference {reference!r} does not stand in every year")
    return rows.rename(columns={"expenditure": "e_r", "chi": "chi_r"})
