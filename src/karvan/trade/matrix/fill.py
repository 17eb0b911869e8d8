"""What gravity expects of pairs that nothing is known of: the equation estimated on the panel, and each pair's habit.

In: the panel of earlier years and distances; out: expected trade of a pair but for what depends on the exporter alone
or the importer alone, which balancing to totals supplies (Fally 2015, Structural gravity and fixed effects). The habit
of a pair is its trade over what the equation gives it, over all years of the panel together: one step of a pair effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from karvan.errors import DataError
from karvan.trade.gravity import Estimate, estimate

TERMS = ("ln_distance", "contiguous", "common_language", "colonial_tie", "same_country")
EFFECTS = ("exporter^year", "importer^year")
PRIOR_MUSD = 1.0
_PAIR = ["exporter", "importer"]
_FLAGS = TERMS[1:]


@dataclass(frozen=True)
class Expected:
    """Expected trade by pair, in no unit: only ratios within a row and a column mean anything.

    ``estimate`` is the equation. ``pairs`` is indexed by exporter and importer: ``equation`` (exp of the terms),
    ``habit`` (1 where the panel is silent) and ``ground``: panel, mirror (the habit of the way back) or equation.
    """

    estimate: Estimate
    pairs: pd.DataFrame

    @property
    def seed(self) -> pd.Series:
        """Equation times habit, by pair; above 0."""
        return self.pairs["equation"] * self.pairs["habit"]


def expected(panel: pd.DataFrame, distances: pd.DataFrame) -> Expected:
    """Estimate gravity on a panel and tell what it expects of every pair of the distances.

    The habit is (trade + m) / (fitted + m), sums over the years that the panel holds of the pair and m a million USD,
    so that pairs too small to tell are drawn to 1. Where the panel holds the way back alone, its habit stands in.

    Parameters
    ----------
    panel
        Rows of the table ``trade`` that were reported: exporter, importer, year, musd; no domestic sales.
    distances
        Table ``distances``; pairs of a country with itself are left out.

    Returns
    -------
    Expected
        Pairs in the order of the distances.

    Raises
    ------
    DataError
        If a pair of the panel has no distance.
    """
    measured = _terms(distances)
    rows = panel.reset_index(drop=True).join(measured, on=_PAIR)
    lost = rows["ln_distance"].isna()
    if lost.any():
        first = rows.loc[lost].iloc[0]
        raise DataError(f"{int(lost.sum())} rows of trade have no distance, the first {first['exporter']}-"
                        f"{first['importer']}; add the pair to distances.csv")  # fmt: skip
    rows = rows.assign(pair=rows["exporter"].str.cat(rows["importer"], "-"))
    found = estimate(rows, list(TERMS), EFFECTS, clusters="pair")
    took_part = rows.loc[found.fitted.index, [*_PAIR, "musd"]].assign(fitted=found.fitted)
    sums = took_part.groupby(_PAIR)[["musd", "fitted"]].sum()
    own = (sums["musd"] + PRIOR_MUSD) / (sums["fitted"] + PRIOR_MUSD)
    there = own.reindex(measured.index).to_numpy(dtype=float)
    back = own.reindex(pd.MultiIndex.from_tuples([(b, a) for a, b in measured.index])).to_numpy(dtype=float)
    ground = np.select([~np.isnan(there), ~np.isnan(back)], ["panel", "mirror"], "equation")
    habit = np.where(ground == "panel", there, np.where(ground == "mirror", back, 1.0))
    equation = np.exp(measured[list(TERMS)].to_numpy() @ found.coefficients[: len(TERMS)])
    return Expected(found, pd.DataFrame({"equation": equation, "habit": habit, "ground": ground}, measured.index))


def unreported_exports(panel: pd.DataFrame, made: Expected, exports_over_imports: pd.Series) -> pd.DataFrame:
    """Exports of countries that the panel knows as importers alone, year by year.

    Expected trade times the importer's effect of that year, scaled so that the country's exports are its imports of
    that year times ``exports_over_imports``: its level is its own, the pattern is gravity's.

    Parameters
    ----------
    panel
        As for :func:`expected`.
    made
        What :func:`expected` gave.
    exports_over_imports
        By country, of a year whose totals are known.

    Returns
    -------
    pandas.DataFrame
        exporter, importer, year, musd, for every importer whose effect of the year is known.

    Raises
    ------
    DataError
        If a country that never sells has no such ratio.
    """
    silent = sorted(set(panel["importer"]) - set(panel["exporter"]))
    missing = sorted(set(silent) - set(exports_over_imports.dropna().index))
    if missing:
        raise DataError(f"no exports and imports of a later year for {', '.join(missing)}: add them to economies.csv")
    effects = made.estimate.effects[EFFECTS[1]]
    bought = panel.groupby(["importer", "year"])["musd"].sum()
    rows = []
    for country in silent:
        pairs = made.seed.loc[[country]].droplevel("exporter")
        for year in sorted(panel["year"].unique()):
            levels = effects.reindex([f"{importer}^{year}" for importer in pairs.index]).to_numpy()
            pattern = (pairs * np.exp(levels)).dropna()
            total = bought.get((country, year), 0.0) * float(exports_over_imports[country])
            values = pattern / pattern.sum() * total
            rows += [(country, importer, int(year), float(v)) for importer, v in values.items()]
    return pd.DataFrame(rows, columns=[*_PAIR, "year", "musd"])


def _terms(distances: pd.DataFrame) -> pd.DataFrame:
    """The terms of each pair of two countries, indexed by exporter and importer."""
    apart = distances.loc[distances["origin"] != distances["destination"]]
    index = pd.MultiIndex.from_arrays([apart["origin"], apart["destination"]], names=_PAIR)
    columns = {name: apart[name].to_numpy(dtype=float) for name in _FLAGS}
    return pd.DataFrame({"ln_distance": np.log(apart["distance_km"].to_numpy(dtype=float)), **columns}, index=index)
