"""The table of trade of a corridor, made from what it was told: the panel as reported, and a matrix of its base year.

In: economies, distances, sectors, tariffs, reports, demand and the reported rows of the panel; out: the rows of table
``trade``. Each cell of the matrix says how it was found (``basis``): reported and reconciled cells are held, those that
gravity fills are scaled to the totals of economies, what goes to and comes from the rest of the world takes the rest,
and domestic sales are gross output less exports. Method: gravity for gaps and proportional fitting, as in the making
of inter-country tables (Timmer et al. 2012, The World Input-Output Database: contents, sources and methods).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.state import needed
from karvan.errors import DataError, InfeasibleError
from karvan.trade.matrix.balance import Balanced, balance
from karvan.trade.matrix.fill import Expected, expected, unreported_exports
from karvan.trade.matrix.reports import Reconciled, reconcile, within_totals
from karvan.trade.matrix.shares import cargo_by_sector, expenditure_shares, export_shares, traded_sectors
from karvan.trade.matrix.split import domestic_split, split

Floats = NDArray[np.float64]

DIGITS = 5
MOST_COVERED = 0.85
OWN = "own_estimate"
_TOLD = ["basis", "source", "confidence", "note"]
_FILLED = {"panel": "gravity and the pair's trade to {last}", "mirror": "gravity and the way back to {last}",
           "equation": "gravity alone"}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """Everything that a table of trade was made of; ``table`` is the table itself.

    ``pairs`` has the matrix before it is parted into sectors: exporter, importer, musd, basis, source, confidence and
    note; ``repairs`` says of which countries reports were lowered to fit.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    reconciled: Reconciled
    expected: Expected
    balanced: Balanced
    repairs: tuple[str, ...]


@dataclass(frozen=True)
class _Setting:
    """What the matrix is made within.

    The rest of the world, cif over fob, the panel's last year, pairs without trade, and how much of each economy's
    trade the panel's countries are.
    """

    rest: str
    cif: float
    last: int
    closed: set[tuple[str, str]]
    covered: pd.DataFrame


def make(corridor: Corridor, rest: str) -> Made:
    """Make the table of trade anew.

    Parameters
    ----------
    corridor
        Of its table ``trade`` only rows that were reported, in years without domestic sales, are read.
    rest
        The code under which ``economies`` keeps the rest of the world in the base year: no distances, no totals.

    Returns
    -------
    Made
        The same corridor gives the same table.

    Raises
    ------
    DataError
        If a table or figure it needs is missing.
    InfeasibleError
        If reports exceed an economy's totals, or an economy sells abroad all that it makes.
    """
    year = int(needed(corridor, "trade_base_year"))
    cif = needed(corridor, "cif_fob_ratio")
    panel = reported(corridor)
    known = expected(panel, corridor["distances"])
    totals = _totals(corridor, year, rest)
    setting = _Setting(rest, cif, int(panel["year"].max()), _closed(corridor, year), _covered(corridor, panel, cif))
    said = reconcile(corridor["trade_reports"], year, cif)
    balanced, pairs, repairs = _matrix(totals, known, said, setting)
    if said.unparted:
        first = dict(zip(zip(pairs["exporter"], pairs["importer"], strict=True), pairs["musd"], strict=True))
        said = reconcile(corridor["trade_reports"], year, cif, first)
        balanced, pairs, repairs = _matrix(totals, known, said, setting)
    older = _silent_exporters(corridor, panel, known)
    sectors = _in_sectors(corridor, year, pairs, totals)
    table = pd.concat([panel, older, sectors], ignore_index=True)
    order = ["year", "sector", "exporter", "importer"]
    return Made(table.sort_values(order, ignore_index=True), pairs, said, known, balanced, repairs)


def reported(corridor: Corridor) -> pd.DataFrame:
    """Rows of trade that exporters or importers reported, of years without domestic sales."""
    trade = corridor["trade"]
    matrices = set(trade.loc[trade["exporter"] == trade["importer"], "year"])
    rows = trade.loc[trade["basis"].isin(["exporter", "importer"]) & ~trade["year"].isin(matrices)]
    if rows.empty:
        raise DataError("trade.csv has no reported panel of earlier years to estimate gravity from")
    return rows.reset_index(drop=True)


def _totals(corridor: Corridor, year: int, rest: str) -> pd.DataFrame:
    """Economies of the year by country, the rest of the world last, with output."""
    rows = corridor["economies"]
    rows = rows.loc[rows["year"] == year].set_index("country")
    if rest not in rows.index:
        raise DataError(f"economies.csv has no row {rest}, {year}: the rest of the world needs its gross product")
    rows = rows.loc[[*sorted(set(rows.index) - {rest}), rest]]
    lost = rows.index[rows[["exports_musd", "imports_musd"]].isna().any(axis=1) & (rows.index != rest)]
    if len(lost):
        raise DataError(f"economies.csv lacks exports or imports of {', '.join(lost)} in {year}")
    ratio = rows["gross_output_ratio"].fillna(needed(corridor, "gross_output_ratio"))
    return rows.assign(output=rows["gdp_musd"] * ratio)


def _closed(corridor: Corridor, year: int) -> set[tuple[str, str]]:
    """Pairs between which trade is barred: their regime is ``none``."""
    rows = corridor["tariffs"]
    barred = rows.loc[(rows["regime"] == "none") & (rows["from"].str[:4] <= str(year))]
    held = barred.loc[barred["to"].eq("") | (barred["to"].str[:4] >= str(year))]
    return set(zip(held["exporter"], held["importer"], strict=True))


def _covered(corridor: Corridor, panel: pd.DataFrame, cif: float) -> pd.DataFrame:
    """The share of each economy's trade that goes to and comes from the panel's countries, in the panel's last year.

    A country that the panel does not know as an exporter sells the share that it buys.
    """
    last = panel["year"].max()
    rows, world = panel.loc[panel["year"] == last], corridor["economies"]
    world = world.loc[world["year"] == last].set_index("country")
    sold = rows.groupby("exporter")["musd"].sum() / world["exports_musd"]
    bought = rows.groupby("importer")["musd"].sum() / (world["imports_musd"] / cif)
    return pd.DataFrame({"sold": sold.fillna(bought), "bought": bought}).clip(upper=MOST_COVERED)


def _matrix(
    totals: pd.DataFrame, known: Expected, said: Reconciled, setting: _Setting
) -> tuple[Balanced, pd.DataFrame, tuple[str, ...]]:
    """The balanced matrix, and its cells with how each was found."""
    names = list(totals.index)
    exports, imports = (totals[name].to_numpy(dtype=float) for name in ("exports_musd", "imports_musd"))
    cells = said.cells.loc[said.cells["exporter"].isin(names) & said.cells["importer"].isin(names)]
    margins = pd.DataFrame({"exporter": exports, "importer": imports / setting.cif}, index=totals.index)
    cells, repairs = within_totals(cells, margins)
    seed = _seed(names, (exports, imports / setting.cif), known, setting)
    held = np.eye(len(names), dtype=bool)
    for row in cells.to_dict("records"):
        at = names.index(row["exporter"]), names.index(row["importer"])
        seed[at], held[at] = row["musd"], True
    balanced = balance(seed, held, exports, imports / setting.cif, (names, names))
    home = totals["output"].to_numpy(dtype=float) - balanced.table.sum(axis=1)
    if (home <= 0.0).any():
        short = ", ".join(f"{names[k]} ({home[k]:.6g})" for k in np.flatnonzero(home <= 0.0))
        raise InfeasibleError(f"exports reach or exceed gross output in {short}: give their rows of economies.csv a "
                              "higher gross_output_ratio")  # fmt: skip
    values = pd.DataFrame(balanced.table + np.diag(home), names, names)
    keys = zip(cells["exporter"], cells["importer"], strict=True)
    found = dict(zip(keys, cells[_TOLD].to_dict("records"), strict=True))
    rows = [
        {"exporter": a, "importer": b, "musd": values.loc[a, b], **_ground((a, b), found, known, setting)}
        for a in names
        for b in names
    ]
    return balanced, pd.DataFrame(rows), repairs


def _seed(names: list[str], totals: tuple[Floats, Floats], known: Expected, setting: _Setting) -> Floats:
    """Where the balance starts from: gravity inside, scaled to the trade that stays inside, and the rest outside."""
    exports, imports = totals
    every = pd.MultiIndex.from_product([names, names])
    seed = known.seed.reindex(every).fillna(0.0).to_numpy(copy=True).reshape(len(names), len(names))
    for a, b in setting.closed:
        if a in names and b in names:
            seed[names.index(a), names.index(b)] = 0.0
    inside = setting.covered.reindex(names[:-1])
    seed[:-1] *= (exports[:-1] * inside["sold"].to_numpy() / seed[:-1].sum(axis=1))[:, None]
    seed[:-1, -1] = exports[:-1] * (1.0 - inside["sold"].to_numpy())
    seed[-1, :-1] = imports[:-1] * (1.0 - inside["bought"].to_numpy())
    return seed


def _ground(
    pair: tuple[str, str], found: Mapping[tuple[str, str], Mapping[Hashable, Any]], known: Expected, setting: _Setting
) -> dict[Hashable, Any]:
    """How a cell of the matrix was found."""
    if pair in found:
        return dict(found[pair])
    told: dict[Hashable, Any] = {"basis": "balanced", "source": OWN, "confidence": "low"}
    if pair[0] == pair[1]:
        inside = "; holds the trade of the rest among itself" if pair[0] == setting.rest else ""
        return {**told, "note": f"gross output less exports{inside}"}
    if pair in setting.closed:
        return {**told, "basis": "filled", "note": "barred by embargo"}
    if setting.rest in pair:
        return {**told, "note": f"rest of the world: its share in {setting.last}, balanced"}
    ground = _FILLED[str(known.pairs["ground"].to_dict()[pair])].format(last=setting.last)
    return {**told, "basis": "filled", "note": f"{ground}, balanced"}


def _silent_exporters(corridor: Corridor, panel: pd.DataFrame, known: Expected) -> pd.DataFrame:
    """Rows of the panel for countries that it knows as importers alone."""
    last = panel["year"].max()
    world = corridor["economies"]
    world = world.loc[world["year"] == last].set_index("country")
    rows = unreported_exports(panel, known, world["exports_musd"] / world["imports_musd"])
    note = f"gravity and the way back; level: imports from these countries x exports over imports of {last}"
    told = rows.assign(sector="total", kt=np.nan, valuation="fob", basis="filled", source=OWN, confidence="low")
    return told.assign(note=note, musd=_rounded(rows["musd"].to_numpy()))


def _in_sectors(corridor: Corridor, year: int, pairs: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """The matrix parted into the traded sectors, in the form of the table."""
    names, sectors = list(totals.index), traded_sectors(corridor["sectors"])
    values = pairs["musd"].to_numpy().reshape(len(names), len(names))
    abroad = values - np.diag(np.diag(values))
    shares = export_shares(corridor, names, sectors, year)
    parted = split(abroad, shares, cargo_by_sector(corridor, names, sectors, year))
    home = domestic_split(np.diag(values), parted.sum(axis=0), expenditure_shares(corridor, sectors))
    if (home <= 0.0).any():
        short = ", ".join(names[k] for k in np.flatnonzero((home <= 0.0).any(axis=1)))
        raise InfeasibleError(f"domestic sales of {short} cannot be parted: lower the shares of expenditure")
    for k in range(len(names)):
        parted[k, k] = home[k]
    made = []
    for s, sector in enumerate(sectors):
        made.append(pairs.assign(sector=sector, year=year, musd=_rounded(parted[:, :, s].ravel())))
    table = pd.concat(made, ignore_index=True)
    whole = "; the pair as a whole: " + table["confidence"]
    note = table["note"] + whole.where(table["confidence"] != "low", "")
    return table.assign(kt=np.nan, valuation="fob", confidence="low", note=note)


def _rounded(values: Floats) -> Floats:
    """As many digits as an estimate deserves, and no more than come out alike on every machine."""
    return np.array([float(f"{value:.{DIGITS}g}") for value in values])
