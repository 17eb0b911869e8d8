"""What countries sell each other: energy by month, the part that renewables could cover, carbon cost at the border."""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.power.results.balance import MUSD, TWH
from karvan.power.results.reading import Floats, Reading


def exports(reading: Reading, carbon_usd_per_t: pd.Series) -> pd.DataFrame:
    """``power.exports``: one row a pair of neighbours, direction and month with energy.

    What renewables match hour by hour is at most their output in the country that sells, in that hour; over the year,
    at most their output of the year; several buyers share it by what they take. Carbon cost at the border is the
    seller's mean emission factor of the year times what arrives times the price that the buyer's zone levies, nothing
    where the seller's zone levies one too. It is told, it does not move the flows.

    Parameters
    ----------
    reading
        A solved year.
    carbon_usd_per_t
        Price of carbon that each zone levies on electricity from zones without one; missing where it levies none.
    """
    crossing = _crossing(reading)
    columns = ["from_country", "to_country", "month"]
    if crossing.empty:
        return outcome_table("power.exports", pd.DataFrame(columns=[*columns, "year", *_FIGURES]))
    green, factor = _renewable_mw(reading), _emission_factor(reading)
    at = green.columns.get_indexer(pd.Index(crossing["from_country"]))
    steps = crossing["step"].to_numpy(dtype=np.intp)
    whole = crossing.groupby(["from_country", "step"])["mw"].transform("sum")
    output = green.to_numpy()[steps, at]
    yearly = crossing.assign(mwh=crossing["mw"] * crossing["hours"]).groupby("from_country")["mwh"].sum()
    share = (pd.Series(reading.hours @ green.to_numpy(), green.columns) / yearly).clip(upper=1.0)
    levied = crossing["bus_to"].map(carbon_usd_per_t).where(crossing["bus_from"].map(carbon_usd_per_t).isna(), 0.0)
    energy = crossing["mw"] * crossing["hours"]
    rows = crossing.assign(
        year=reading.year,
        twh=energy * TWH,
        renewable_hourly_twh=energy * np.minimum(1.0, output / whole) * TWH,
        renewable_yearly_twh=energy * crossing["from_country"].map(share) * TWH,
        revenue_musd=energy * crossing["price"] * MUSD,
        carbon_border_musd=energy * levied.fillna(0.0) * crossing["from_country"].map(factor) * MUSD,
        month=pd.DatetimeIndex(reading.prices.index).month.to_numpy()[steps],
    )
    return outcome_table("power.exports", rows.groupby(["year", *columns], as_index=False)[list(_FIGURES)].sum())


_FIGURES = ("twh", "renewable_hourly_twh", "renewable_yearly_twh", "revenue_musd", "carbon_border_musd")


def _crossing(reading: Reading) -> pd.DataFrame:
    """Power that arrives over each way between two countries in each step, by direction: only what flows."""
    parts = []
    for way, row in reading.ways.iterrows():
        if row["country0"] == row["country1"]:
            continue
        ends = (("bus0", "bus1", reading.received[way].to_numpy()), ("bus1", "bus0", -reading.sent[way].to_numpy()))
        for start, end, arriving in ends:
            steps = np.flatnonzero(arriving > 0)
            parts.append(pd.DataFrame({
                "from_country": reading.countries[row[start]], "to_country": reading.countries[row[end]],
                "bus_from": row[start], "bus_to": row[end], "step": steps, "mw": arriving[steps],
                "price": reading.prices[row[end]].to_numpy()[steps], "hours": reading.hours[steps],
            }))  # fmt: skip
    filled = [part for part in parts if not part.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _renewable_mw(reading: Reading) -> pd.DataFrame:
    """Output of renewables by country and step."""
    chosen = reading.plants["renewable"].to_numpy()
    by_country = reading.output.loc[:, chosen].clip(lower=0.0).T.groupby(reading.plants["country"][chosen].to_numpy())
    countries = sorted(set(reading.countries))
    return by_country.sum().T.reindex(columns=countries, fill_value=0.0)


def _emission_factor(reading: Reading) -> pd.Series:
    """Tonnes a MWh that each country generates over the year, 0 where it generates nothing."""
    energy = np.maximum(reading.hours @ reading.output.to_numpy(), 0.0)
    return emission_factor(energy, reading.plants, reading.plants["country"])


def emission_factor(energy: Floats, plants: pd.DataFrame, group: pd.Series) -> pd.Series:
    """Tonnes of CO2 a MWh generated, by group of plants; energy in MWh, shape (plants,)."""
    totals = pd.DataFrame({"t": energy * plants["co2_t_per_mwh"].to_numpy(), "mwh": energy}, plants.index)
    summed = totals.groupby(group.to_numpy()).sum()
    return (summed["t"] / summed["mwh"].where(summed["mwh"] > 0)).fillna(0.0)
