"""What a year of power costs and earns each country: its consumers, producers and owners of lines."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.power.results.balance import MUSD, gas_bcm, running_usd
from karvan.power.results.reading import Reading, is_unserved

PARTS = ("consumers_musd", "producers_musd", "rents_musd", "capital_musd")


def countries(reading: Reading, gas_mwh_per_thousand_m3: float) -> pd.DataFrame:
    """``power.countries``: one row a country; ``net_musd`` of all adds up to minus what the system costs.

    Consumers pay the price for what they get and lose the value of lost load for what they do not; producers earn
    revenue less running cost; the rent of a way less the charges for its use is halved between its two ends; capital is
    the yearly cost of plants that an expansion has added.
    """
    plants = reading.plants
    lost = is_unserved(reading)
    profit = (pd.Series(reading.hours @ reading.revenue.to_numpy(), plants.index) - running_usd(reading)) * MUSD
    paid = pd.Series(reading.hours @ (reading.load * reading.prices).to_numpy(), reading.load.columns) * MUSD
    energy = pd.Series(reading.hours @ reading.output.to_numpy(), plants.index).clip(lower=0.0)
    by_plant = pd.DataFrame({
        "producers_musd": profit.where(~lost, 0.0), "consumers_musd": profit.where(lost, 0.0),
        "capital_musd": -plants["new_usd_per_year"] * MUSD, "co2_mt": energy * plants["co2_t_per_mwh"] * MUSD,
        "gas_bcm": gas_bcm(reading, gas_mwh_per_thousand_m3) if plants["gas"].any() else 0.0,
        "unserved_gwh": energy.where(lost, 0.0) / 1e3,
    })  # fmt: skip
    made = by_plant.groupby(plants["country"].to_numpy()).sum().reindex(sorted(set(reading.countries)), fill_value=0.0)
    made["consumers_musd"] -= paid.groupby(reading.countries).sum().reindex(made.index, fill_value=0.0)
    made["rents_musd"] = _net_rents(reading).reindex(made.index, fill_value=0.0)
    made["net_musd"] = made[list(PARTS)].sum(axis=1)
    return outcome_table("power.countries", made.rename_axis("country").reset_index().assign(year=reading.year))


def _net_rents(reading: Reading) -> pd.Series:
    """Rents less charges in MUSD, half to the country of each end."""
    net = pd.Series(reading.hours @ (reading.rents - reading.charges).to_numpy(), reading.ways.index) * MUSD / 2
    ends = [net.groupby(reading.ways[end]).sum() for end in ("country0", "country1")]
    return ends[0].add(ends[1], fill_value=0.0)
