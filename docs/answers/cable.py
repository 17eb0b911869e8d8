"""Write or check ``docs/answers/cable.md``: what 1 GW under the Caspian is worth, alone and as part of a chain.

Run ``python docs/answers/cable.py`` to write the page, with ``--check`` to see that its figures still hold, as CI does.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from keeping import write_or_check

from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome
from karvan.store.builtin import load
from karvan.study.power.candidates import candidates
from karvan.study.power.sheets import SheetOptions, cable_sheets

HERE = Path(__file__).parent
PAGE = HERE / "cable.md"
CABLE = "P38"
CHAIN = ("P42", "P45", "P40", "P41", "P39")
OPTIONS = SheetOptions((CABLE,), (2035, 2040))
FIGURES = {
    "capacity_mw": ("MW", 0), "forward_twh": ("TWh to Azerbaijan", 2), "back_twh": ("TWh back", 2),
    "utilisation": ("mean use of capacity, per cent", 1), "benefit_musd": ("gain of all countries a year", 0),
    "rent_musd": ("its rent a year", 0), "value_usd_per_mw": ("worth of one more MW, USD a year", 0),
    "gas_freed_bcm": ("gas freed, bcm", 2), "gas_freed_musd": ("worth of that gas abroad", 0),
    "unserved_gwh": ("change of unserved load, GWh", 1),
    "break_even_spread_usd_per_mwh": ("spread that pays it, USD/MWh", 0),
}  # fmt: skip
SUMS = {"npv_musd": "net present value", "bcr": "benefits over costs", "switching_value": "break-even capex over capex"}


def page() -> str:
    """The whole page."""
    corridor = load("middle-corridor")
    chain = Scenario("chain", include=tuple(f"project:{key}" for key in CHAIN))
    runs = {"alone": cable_sheets(corridor, options=OPTIONS), "in the chain": cable_sheets(corridor, chain, OPTIONS)}
    (cable,) = candidates(corridor, (CABLE,))
    cost = f"Capex {cable.capex_musd:,.0f}, upkeep {cable.opex_musd_per_year:,.0f} a year"
    lines = [f"{cost}, in service {cable.first_year}.", ""]
    text = (HERE / "cable.in.txt").read_text(encoding="utf-8")
    return text.replace("<!-- figures -->", "\n".join([*lines, *_by_year(runs), "", *_sums(runs), "", *_parties(runs)]))


def _by_year(runs: dict[str, Outcome]) -> list[str]:
    rows = {f"{name}, {row['year']}": row for name, made in runs.items()
            for row in made["power.cables"].query("test == 'put_in'").to_dict("records")}  # fmt: skip
    lines = ["| | " + " | ".join(rows) + " |", "| -- |" + " -- |" * len(rows)]
    for column, (told, digits) in FIGURES.items():
        scale = 100.0 if column == "utilisation" else 1.0
        cells = (f"{scale * float(row[column]) + 0.0:,.{digits}f}" for row in rows.values())
        lines.append(f"| {told} | " + " | ".join(cells) + " |")
    return lines


def _sums(runs: dict[str, Outcome]) -> list[str]:
    lines = ["| over its life, put in | " + " | ".join(runs) + " |", "| -- |" + " -- |" * len(runs)]
    for name, told in SUMS.items():
        cells = (_all(made["appraisal.indicators"], name) for made in runs.values())
        lines.append(f"| {told} | " + " | ".join(cells) + " |")
    return lines


def _all(rows: pd.DataFrame, name: str) -> str:
    found = rows.loc[(rows["party"] == "all") & (rows["indicator"] == name), "value"].dropna()
    digits = 0 if name == "npv_musd" else 2
    return "; ".join(f"{value:,.{digits}f}" for value in found) or "none"


def _parties(runs: dict[str, Outcome]) -> list[str]:
    """Present value of the parties that gain or lose most alone or in the chain."""
    each = {name: made["appraisal.indicators"].query("party != 'all'") for name, made in runs.items()}
    table = pd.DataFrame({name: rows.set_index("party")["value"] for name, rows in each.items()}).fillna(0.0)
    shown = table.loc[table.abs().max(axis=1) >= 20.0].sort_values("in the chain", ascending=False)
    lines = ["| present value by party | " + " | ".join(runs) + " |", "| -- |" + " -- |" * len(runs)]
    return lines + [f"| {party} | " + " | ".join(f"{value + 0.0:,.0f}" for value in row) + " |" for party, row in
                    zip(shown.index, shown.to_numpy(), strict=True)]  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(write_or_check(PAGE, page(), sys.argv[1:]))
