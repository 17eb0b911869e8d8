"""All outcome tables of power of one solved year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pypsa

from karvan.corridor.state import State, needed
from karvan.power.results.balance import balance
from karvan.power.results.countries import countries
from karvan.power.results.exports import exports
from karvan.power.results.lines import flows, lines, prices
from karvan.power.results.reading import Reading, read

GAS_HEAT = "gas_mwh_per_thousand_m3"
TABLES = ("power.balance", "power.lines", "power.prices", "power.flows", "power.exports", "power.countries")


def power_tables(state: State, solved: pypsa.Network) -> dict[str, pd.DataFrame]:
    """The tables ``power.*`` of a year, each as its schema says.

    Parameters
    ----------
    state
        The corridor in the year that was solved.
    solved
        A dispatched network of it.

    Raises
    ------
    DataError
        If a carrier is gas and the parameter that holds its heat is missing.
    """
    reading = read(solved)
    heat = heat_of_gas(state, reading)
    levied = state["power.buses"].set_index("name")["carbon_border_usd_per_t"]
    return {
        "power.balance": balance(reading, heat),
        "power.lines": lines(reading),
        "power.prices": prices(reading),
        "power.flows": flows(reading),
        "power.exports": exports(reading, levied),
        "power.countries": countries(reading, heat),
    }


def heat_of_gas(state: State, reading: Reading) -> float:
    """MWh of heat a thousand cubic metres of gas hold; not a number where nothing burns gas."""
    return needed(state, GAS_HEAT) if reading.plants["gas"].any() else np.nan
