"""``karvan network``: how closely countries are tied by memberships and agreements, on a day or over years."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.table import Table
from rich.text import Text

from karvan.cli import inputs
from karvan.cli.actions.register.asked import Asked, answer, listed, split
from karvan.cli.door import Door
from karvan.cli.screen import DIM, HEAD, cell
from karvan.register.network import network, ties
from karvan.schema.dates import last_day

NOTE = "weight: shared full memberships and binding agreements, counted; centrality: first eigenvector, the largest 1"


def show_network(door: Door, asked: Asked, between: str, years: str) -> int:
    """Show the place of countries in the network, and the strongest ties."""
    days = [last_day(str(year)) for year in inputs.years(years) or ()]
    names = split(between)
    told = network(asked.register, sorted({*days, asked.at.on}), asked.at.known)
    if names:
        told = told.loc[told["party"].isin([asked.register.names.party(text) for text in names])].reset_index(drop=True)
    tables = {"register.network": told, "register.ties": ties(asked.register, asked.at, names)}
    return answer(door, asked, tables, lambda: _screen(asked, tables), between=between, years=years)


def _screen(asked: Asked, tables: dict[str, pd.DataFrame]) -> Sequence[Table | Text]:
    figures = ("ties", "organisations", "agreements", "weight", "centrality", "group")
    columns = {"day": 2, "party": 1, "name": 3, **dict.fromkeys(figures, 1)}
    told = tables["register.network"].assign(centrality=lambda rows: rows["centrality"].map("{:.2f}".format))
    pairs = dict.fromkeys(("party", "other", "organisations", "agreements", "weight"), 1)
    return [
        cell(asked.told("network"), HEAD),
        *listed(told, columns, figures),
        cell("strongest ties", HEAD),
        *listed(tables["register.ties"].head(15), pairs, ("organisations", "agreements", "weight")),
        cell(NOTE, DIM),
    ]
