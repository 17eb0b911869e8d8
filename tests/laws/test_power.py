"""What holds in every solved power system, seen on the built-in corridor's weeks of 2025."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from karvan.power import network
from karvan.power.results.reading import Reading, read
from karvan.power.results.tables import power_tables
from karvan.power.solve import dispatch, running_cost
from tests.built_in import base_state


@cache
def _solved() -> tuple[Reading, dict[str, pd.DataFrame], float]:
    state = base_state(2025)
    run = dispatch(network(state))
    return read(run), power_tables(state, run), running_cost(run)


def test_energy_of_every_zone_adds_up_to_nothing_in_every_hour() -> None:
    reading, _, _ = _solved()
    made = reading.output.T.groupby(reading.plants["bus"]).sum().T.reindex(columns=reading.load.columns, fill_value=0.0)
    for way, ends in reading.ways[["bus0", "bus1"]].iterrows():
        made[ends["bus0"]] -= reading.sent[way]
        made[ends["bus1"]] += reading.received[way]
    size = float(reading.load.to_numpy().max())
    assert np.abs(made.to_numpy() - reading.load.to_numpy()).max() / size < 1e-6


def test_what_loads_pay_less_what_plants_earn_is_the_rent_of_lines_in_every_hour() -> None:
    reading, _, _ = _solved()
    paid = (reading.load * reading.prices).sum(axis=1)
    rents = reading.rents.sum(axis=1)
    assert np.abs(paid - reading.revenue.sum(axis=1) - rents).max() / paid.max() < 1e-6


def test_what_all_countries_gain_is_minus_what_the_system_costs() -> None:
    _, tables, cost = _solved()
    assert tables["power.countries"]["net_musd"].sum() * 1e6 == pytest.approx(-cost, rel=1e-6)


def test_the_balance_of_every_zone_adds_up_to_nothing_over_the_year() -> None:
    _, tables, _ = _solved()
    sums = tables["power.balance"].groupby("bus")["twh"].sum()
    assert sums.abs().max() / tables["power.balance"]["twh"].abs().max() < 1e-6


def test_exports_never_hold_more_renewable_energy_than_they_are() -> None:
    _, tables, _ = _solved()
    sold = tables["power.exports"]
    assert (sold["renewable_hourly_twh"] <= sold["twh"] * (1 + 1e-9)).all()
    assert (sold["renewable_yearly_twh"] <= sold["twh"] * (1 + 1e-9)).all()
