"""The published panels that gravity is held to, where they lie beside the checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "gravity"
YEARS = range(1986, 2007, 4)

needs_panels = pytest.mark.skipif(not FOLDER.exists(), reason="the published panels are not beside the checkout")


@cache
def panel() -> pd.DataFrame:
    """Yotov, Piermartini, Monteiro & Larch 2016: 69 countries, every fourth year, domestic sales among the rows."""
    every = pd.read_csv(FOLDER / "agtpa_applications.csv.gz")
    rows = every.loc[every["year"].isin(YEARS)].reset_index(drop=True)
    rows["year"] = rows["year"].astype(int)
    for side, column in (("exporter", "ln_Y"), ("importer", "ln_E")):
        rows[column] = np.log(rows.groupby([side, "year"])["trade"].transform("sum"))
    rows["ln_dist"] = np.log(rows["dist"])
    return rows


def international() -> pd.DataFrame:
    """The panel without domestic sales."""
    rows = panel()
    return rows.loc[rows["exporter"] != rows["importer"]]


@cache
def thirty() -> pd.DataFrame:
    """Thirty countries in 2006, as gegravity hands them out."""
    return pd.read_csv(FOLDER / "gegravity_sample_data_set.csv")


@cache
def head_mayer_ries() -> pd.DataFrame:
    """Head, Mayer & Ries 2010: 2006, zeros among the rows."""
    rows = pd.read_csv(FOLDER / "hmr2010_gravity_2006_with_zeros.csv.gz")
    return rows.rename(columns={"iso_o": "exporter", "iso_d": "importer"}).assign(ln_dist=np.log(rows["distw"]))
