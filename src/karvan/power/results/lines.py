"""Ways between zones: energy, loss, hours at the limit, rent and the worth of one more MW; and their flows by hour."""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.power.results.balance import TWH
from karvan.power.results.reading import Reading, is_unserved

_PERCENT = 0.01


def lines(reading: Reading) -> pd.DataFrame:
    """``power.lines``: one row a way. The rent holds what the charge for using it brings in."""
    ways, hours = reading.ways, reading.hours
    sent, received = reading.sent.to_numpy(), reading.received.to_numpy()
    at_start = np.where(sent > 0, sent, -received)
    spread = reading.prices[ways["bus1"]].to_numpy() - reading.prices[ways["bus0"]].to_numpy()
    used = hours @ np.maximum(np.abs(sent), np.abs(received)) / hours.sum()
    size = ways["capacity_mw"].to_numpy()
    return outcome_table("power.lines", pd.DataFrame({
        "year": reading.year, "line": ways.index, "owner": ways["owner"].to_numpy(), "capacity_mw": size,
        "forward_twh": hours @ np.where(sent > 0, at_start, 0.0) * TWH,
        "back_twh": hours @ np.where(sent > 0, 0.0, at_start) * TWH,
        "loss_twh": hours @ (sent - received) * TWH,
        "utilisation": np.clip(np.divide(used, size, out=np.zeros_like(used), where=size > 0), 0.0, 1.0),
        "binding_hours": ways["full_hours"].to_numpy(), "mean_spread_usd_per_mwh": hours @ spread / hours.sum(),
        "rent_usd": hours @ reading.rents.to_numpy(), "value_usd_per_unit": ways["value_usd_per_mw"].to_numpy(),
        "value_usd_per_percent": ways["value_usd_per_mw"].to_numpy() * size * _PERCENT,
        "binding": ways["full_hours"].to_numpy() > 0,
    }))  # fmt: skip


def flows(reading: Reading) -> pd.DataFrame:
    """``power.flows``: every way in every step; sorted, they are its duration curve."""
    steps, ways = reading.sent.shape
    return outcome_table("power.flows", pd.DataFrame({
        "year": reading.year, "line": np.repeat(reading.sent.columns.to_numpy(), steps),
        "snapshot": np.tile(stamps(reading), ways), "sent_mw": reading.sent.to_numpy().T.ravel(),
        "received_mw": reading.received.to_numpy().T.ravel(), "weight_h": np.tile(reading.hours, ways),
    }))  # fmt: skip


def prices(reading: Reading) -> pd.DataFrame:
    """``power.prices``: every zone in every step, with its load and what of it is left unserved."""
    missing = reading.output.loc[:, is_unserved(reading).to_numpy()]
    unserved = missing.T.groupby(reading.plants.loc[missing.columns, "bus"].to_numpy()).sum().T
    unserved = unserved.reindex(columns=reading.prices.columns, fill_value=0.0).clip(lower=0.0)
    steps, zones = reading.prices.shape
    return outcome_table("power.prices", pd.DataFrame({
        "year": reading.year, "bus": np.repeat(reading.prices.columns.to_numpy(), steps),
        "snapshot": np.tile(stamps(reading), zones), "usd_per_mwh": reading.prices.to_numpy().T.ravel(),
        "load_mw": reading.load.to_numpy().T.ravel(), "unserved_mw": unserved.to_numpy().T.ravel(),
        "weight_h": np.tile(reading.hours, zones),
    }))  # fmt: skip


def stamps(reading: Reading) -> list[str]:
    """The beginnings of the steps in UTC, ISO 8601."""
    return [f"{time:%Y-%m-%dT%H:%MZ}" for time in pd.DatetimeIndex(reading.prices.index)]
