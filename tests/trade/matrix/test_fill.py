"""Gravity on a made panel: its habit is found, and silent exporters get the level that is asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from karvan.errors import DataError
from karvan.trade.matrix.fill import expected, unreported_exports
from tests.worlds import frame

NAMES = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG"]


def world(silent: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Trade of seven countries that is gravity exactly, but three times as much from AAA to BBB; and distances."""
    rng = np.random.default_rng(7)
    km = rng.uniform(200.0, 5000.0, (7, 7))
    km = (km + km.T) / 2
    near, tongue, ruled, one = (np.triu(rng.random((7, 7)) < 0.4) for _ in range(4))
    size = rng.uniform(0.5, 2.0, 7)
    distances, trade = [], []
    for i, a in enumerate(NAMES):
        for j, b in enumerate(NAMES):
            k = (min(i, j), max(i, j))
            row = {"origin": a, "destination": b, "distance_km": km[i, j], "contiguous": bool(near[k])}
            more = {"common_language": bool(tongue[k]), "colonial_tie": bool(ruled[k]), "same_country": bool(one[k])}
            distances.append({**row, **more})
            if a in (b, silent):
                continue
            told = np.exp(0.3 * near[k] + 0.5 * tongue[k] + 0.2 * ruled[k] - 0.1 * one[k])
            musd = 1e9 * size[i] * size[j] * told / km[i, j]
            trade += [{"exporter": a, "importer": b, "year": y, "musd": musd, "sector": "total"} for y in (2000, 2004)]
    return frame("trade", trade), frame("distances", distances)


def test_trade_that_is_gravity_has_no_habit() -> None:
    made = expected(*world())
    assert made.estimate["ln_distance"] == pytest.approx(-1.0, abs=1e-6)
    assert made.pairs["habit"].to_numpy() == pytest.approx(1.0, abs=1e-4)
    assert set(made.pairs["ground"]) == {"panel"}


def test_a_pair_that_trades_more_than_gravity_says_has_a_habit_above_one() -> None:
    panel, distances = world()
    more = (panel["exporter"] == "AAA") & (panel["importer"] == "BBB")
    made = expected(panel.assign(musd=panel["musd"].where(~more, 3.0 * panel["musd"])), distances)
    assert made.pairs["habit"].idxmax() == ("AAA", "BBB")


def test_a_silent_exporter_takes_the_habit_of_the_way_back_and_the_level_that_is_asked_for() -> None:
    panel, distances = world(silent="GGG")
    made = expected(panel, distances)
    assert set(made.pairs["ground"].xs("GGG", level="exporter")) == {"mirror"}
    rows = unreported_exports(panel, made, pd.Series({"GGG": 0.5}))
    bought = panel.loc[(panel["importer"] == "GGG") & (panel["year"] == 2000), "musd"].sum()
    assert rows.loc[rows["year"] == 2000, "musd"].sum() == pytest.approx(0.5 * bought)
    assert len(rows) == 12


def test_trade_without_a_distance_and_a_silent_exporter_without_a_level_are_refused() -> None:
    panel, distances = world(silent="GGG")
    with pytest.raises(DataError, match="have no distance, the first AAA-BBB"):
        expected(panel, distances.loc[distances["destination"] != "BBB"])
    with pytest.raises(DataError, match="for GGG: add them to economies"):
        unreported_exports(panel, expected(panel, distances), pd.Series({"AAA": 1.0}))
