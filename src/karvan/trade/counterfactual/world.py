"""The world that a counterfactual starts from: trade of every pair and sector, tariffs and elasticities, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.errors import DataError, Problem, summarise
from karvan.trade.panel import checked

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Trade of K sectors among N countries, domestic sales among it, in one unit of money.

    Parameters
    ----------
    countries, sectors
        Names, in the order of the arrays.
    flows
        Shape (K, N exporters, N importers), at least 0: what buyers pay, tariffs in it.
    tariffs
        Shape (K, N, N), at least 0, 0 at home: a fraction of the value without tariff.
    theta
        Shape (K,), above 0: elasticity of trade to its cost, sigma - 1.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    flows: Floats
    tariffs: Floats
    theta: Floats

    @property
    def net(self) -> Floats:
        """What sellers get: flows without tariffs, shape (K, N, N)."""
        return np.asarray(self.flows / (1.0 + self.tariffs))

    @property
    def output(self) -> Floats:
        """Gross output, what all buyers pay a country's sellers, shape (N,)."""
        return np.asarray(self.net.sum(axis=(0, 2)))

    @property
    def expenditure(self) -> Floats:
        """What a country spends, tariffs among it, shape (N,)."""
        return np.asarray(self.flows.sum(axis=(0, 1)))

    @property
    def revenue(self) -> Floats:
        """What tariffs bring a country, shape (N,)."""
        return np.asarray((self.flows - self.net).sum(axis=(0, 1)))

    @property
    def deficit(self) -> Floats:
        """Expenditure beyond output and revenue, shape (N,); adds up to 0 over the world."""
        return np.asarray(self.expenditure - self.revenue - self.output)

    def at(self, country: str) -> int:
        """The place of a country in the arrays."""
        if country not in self.countries:
            raise DataError(f"no country {country!r} in this world; there are {', '.join(self.countries)}")
        return self.countries.index(country)

    def with_flows(self, flows: Floats) -> World:
        """The same world with other trade, checked again."""
        return checked_world(replace(self, flows=flows))


def world(trade: pd.DataFrame, elasticity: float | Mapping[str, float], tariffs: pd.DataFrame | None = None) -> World:
    """A world from rows of trade and, if there are any, of tariffs.

    Parameters
    ----------
    trade
        ``exporter``, ``importer``, ``musd`` (tariffs left out) and perhaps ``sector``; one year; every pair of every
        sector, domestic sales among them, with 0 where nothing is traded.
    elasticity
        Theta of all sectors, or by sector; above 0.
    tariffs
        ``exporter``, ``importer``, ``pct`` (levied, exemptions taken off) and perhaps ``sector``; pairs that it lacks
        pay none.

    Raises
    ------
    DataError
        Bad cells; pairs that are absent; a country that only sells or only buys; domestic sales that are missing or
        zero; a tariff at home or below 0; an elasticity that is absent or not above 0.

    Examples
    --------
    >>> rows = pd.DataFrame({"exporter": [*"AABB"], "importer": [*"ABAB"], "musd": [8.0, 2.0, 2.0, 8.0]})
    >>> world(rows, 5.0).output.tolist()
    [10.0, 10.0]
    """
    checked(trade, "musd", [], [])
    rows = trade if "sector" in trade.columns else trade.assign(sector="total")
    countries = tuple(sorted(set(rows["exporter"]) | set(rows["importer"])))
    sectors = tuple(sorted(set(rows["sector"])))
    flows = _cube(rows, "musd", sectors, countries)
    lost = np.argwhere(np.isnan(flows))
    if len(lost):
        absent = [
            Problem("absent pair", table="trade", column="musd",
                    value=f"{countries[i]}-{countries[j]}, {sectors[k]}", expected="a row for every pair and sector",
                    remedy="write 0 where nothing is traded, or fill it by an estimate and mark it")
            for k, i, j in lost
        ]  # fmt: skip
        raise DataError("", summarise(absent))
    rates = np.zeros_like(flows)
    if tariffs is not None and not tariffs.empty:
        levied = (
            tariffs if "sector" in tariffs.columns else tariffs.merge(pd.DataFrame({"sector": sectors}), how="cross")
        )
        rates = np.nan_to_num(_cube(levied, "pct", sectors, countries)) / 100.0
    theta = np.array([_theta(elasticity, sector) for sector in sectors])
    return checked_world(World(countries, sectors, flows * (1.0 + rates), rates, theta))


def _theta(elasticity: float | Mapping[str, float], sector: str) -> float:
    if isinstance(elasticity, Mapping):
        return float(elasticity.get(sector, np.nan))
    return float(elasticity)


def _cube(rows: pd.DataFrame, column: str, sectors: Sequence[str], countries: Sequence[str]) -> Floats:
    """The column as an array (sectors, exporters, importers), not-a-number where there is no row."""
    full = np.full((len(sectors), len(countries), len(countries)), np.nan)
    at = {name: place for place, name in enumerate(countries)}
    of = {name: place for place, name in enumerate(sectors)}
    strange = sorted((set(rows["exporter"]) | set(rows["importer"])) - set(at))
    if strange:
        raise DataError(f"tariffs name countries that do not trade: {', '.join(strange[:8])}")
    known = rows.loc[rows["sector"].isin(of)]
    places = tuple(
        known[name].map(where).to_numpy() for name, where in (("sector", of), ("exporter", at), ("importer", at))
    )
    full[places] = known[column].to_numpy(dtype=float)
    return full


def checked_world(given: World) -> World:
    """The world, or an error that names what no equilibrium could hold."""
    problems: list[Problem] = []
    every = range(len(given.countries))
    if not (np.isfinite(given.flows).all() and (given.flows >= 0.0).all()):
        problems.append(Problem("negative trade", table="trade", column="musd", expected="[0,)", remedy="correct it"))
    if not (np.isfinite(given.tariffs).all() and (given.tariffs >= 0.0).all()):
        problems.append(Problem("negative tariff", table="tariffs", expected="[0,)", remedy="correct it"))
    problems += [
        Problem("tariff at home", table="tariffs", value=given.countries[i], expected="0", remedy="leave the row out")
        for i in every if (given.tariffs[:, i, i] != 0.0).any()
    ]  # fmt: skip
    problems += [
        Problem("elasticity", table="sectors", column="trade_elasticity", value=sector, expected="a number above 0",
                remedy="fill it in; it is sigma - 1")
        for sector, theta in zip(given.sectors, given.theta, strict=True) if not theta > 0.0
    ]  # fmt: skip
    at_home = given.flows.sum(axis=0).diagonal()
    problems += [
        Problem("no domestic sales", table="trade", column="musd", value=given.countries[i], expected="(0,)",
                remedy="add output less exports")
        for i in every if not at_home[i] > 0.0
    ]  # fmt: skip
    if problems:
        raise DataError("", summarise(problems))
    return given
