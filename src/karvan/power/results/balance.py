"""Energy of each zone by carrier: what plants give, load takes and neighbours exchange; with cost, carbon and gas."""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.power.results.reading import Reading

LOAD, EXCHANGE = "load", "exchange"
TWH = 1e-6
MUSD = 1e-6
_THOUSAND_M3_PER_BCM = 1e6


def balance(reading: Reading, gas_mwh_per_thousand_m3: float) -> pd.DataFrame:
    """``power.balance``: one row a zone and carrier; the energies of a zone add up to nothing.

    Parameters
    ----------
    reading
        A solved year.
    gas_mwh_per_thousand_m3
        Heat of gas, lower calorific value; missing where no carrier is gas.
    """
    rows = pd.concat([_of_plants(reading, gas_mwh_per_thousand_m3), _of_loads(reading), _of_exchange(reading)])
    rows = rows.assign(year=reading.year, country=rows["bus"].map(reading.countries))
    hours = reading.hours.sum() * rows["capacity_mw"] * TWH
    rows["capacity_factor"] = (rows["twh"] / hours.where(hours > 0)).clip(-1.0, 1.0)
    return outcome_table("power.balance", rows.sort_values(["bus", "carrier"], kind="stable"))


def gas_bcm(reading: Reading, gas_mwh_per_thousand_m3: float) -> pd.Series:
    """Gas that each plant burns in the year, bcm."""
    plants = reading.plants
    energy = reading.hours @ reading.output.to_numpy()
    heat = np.where(plants["gas"], np.maximum(energy, 0.0) * plants["fuel_mwh_per_mwh"], 0.0)
    return pd.Series(heat, plants.index) / gas_mwh_per_thousand_m3 / _THOUSAND_M3_PER_BCM


def running_usd(reading: Reading) -> pd.Series:
    """What running each plant costs in the year, USD; storage pays for what it gives, not for what it takes."""
    given = reading.output.to_numpy()
    stores = reading.plants.index.get_level_values(0) == "StorageUnit"
    counted = np.where(stores[None, :], np.maximum(given, 0.0), given)
    return pd.Series(reading.hours @ counted, reading.plants.index) * reading.plants["running_usd_per_mwh"]


def _of_plants(reading: Reading, gas_mwh_per_thousand_m3: float) -> pd.DataFrame:
    plants = reading.plants
    energy = pd.Series(reading.hours @ reading.output.to_numpy(), plants.index)
    gas = gas_bcm(reading, gas_mwh_per_thousand_m3) if plants["gas"].any() else 0.0
    each = plants[["bus", "carrier", "capacity_mw"]].assign(
        twh=energy * TWH,
        curtailed_twh=reading.hours @ reading.unused.to_numpy() * TWH,
        co2_mt=energy.clip(lower=0.0) * plants["co2_t_per_mwh"] * TWH,
        cost_musd=running_usd(reading) * MUSD,
        revenue_musd=reading.hours @ reading.revenue.to_numpy() * MUSD,
        gas_bcm=gas,
    )
    return each.groupby(["bus", "carrier"], as_index=False).sum()


def _of_loads(reading: Reading) -> pd.DataFrame:
    load = reading.load
    return pd.DataFrame({
        "bus": load.columns, "carrier": LOAD, "twh": -(reading.hours @ load.to_numpy()) * TWH,
        "revenue_musd": -(reading.hours @ (load * reading.prices).to_numpy()) * MUSD,
    })  # fmt: skip


def _of_exchange(reading: Reading) -> pd.DataFrame:
    """What comes over all ways less what goes."""
    net = pd.DataFrame(0.0, index=reading.sent.index, columns=reading.prices.columns)
    for way, ends in reading.ways[["bus0", "bus1"]].iterrows():
        net[ends["bus0"]] -= reading.sent[way]
        net[ends["bus1"]] += reading.received[way]
    return pd.DataFrame({
        "bus": net.columns, "carrier": EXCHANGE, "twh": reading.hours @ net.to_numpy() * TWH,
        "revenue_musd": reading.hours @ (net * reading.prices).to_numpy() * MUSD,
    })  # fmt: skip
