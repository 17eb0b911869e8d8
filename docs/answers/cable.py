"""Write or check ``docs/answers/cable.md``: what 1 GW under the Caspian is worth, alone and as part of a chain.

Run ``python docs/answers/cable.py`` to write the page, with ``--check`` to see that its figures still hold, as CI does.
Either takes about five minutes of one core: four cases of the cable in two years, and one dispatch with it and without.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from keeping import write_or_check

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome
from karvan.power import network
from karvan.power.build import put_in
from karvan.power.results.tables import power_tables
from karvan.power.solve import dispatch, expand, fixed
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from karvan.store.builtin import load
from karvan.study.power.candidates import candidates
from karvan.study.power.sheets import SheetOptions, cable_sheets
from karvan.study.power.years import SEED

HERE = Path(__file__).parent
PAGE = HERE / "cable.md"
CABLE = "P38"
CHAIN = ("P42", "P45", "P40", "P41", "P39")
WINDS = ("P48", "P49", "P52", "P53")
PROMISED = tuple(f"P{number}" for number in range(47, 56))
OPTIONS = SheetOptions((CABLE,), (2035, 2040))
FIGURES = {
    "capacity_mw": ("MW", 0), "forward_twh": ("TWh to Azerbaijan", 2), "back_twh": ("TWh back", 2),
    "utilisation": ("mean use of capacity, per cent", 1), "benefit_musd": ("gain of all countries a year", 0),
    "rent_musd": ("its rent a year", 0), "value_usd_per_mw": ("worth of one more MW, USD a year", 0),
    "gas_freed_bcm": ("gas freed, bcm", 2), "gas_freed_musd": ("worth of that gas abroad", 0),
    "unserved_gwh": ("change of unserved load, GWh", 1),
    "break_even_spread_usd_per_mwh": ("spread that pays it, USD/MWh", 0),
}  # fmt: skip
RUN = ("gas", "coal", "onwind")
MOVED = {"AZE": "Azerbaijan", "KAZ": "Kazakhstan", "UZB": "Uzbekistan"}
CARRIED = ("forward_twh", "back_twh")
# Those that gain or lose most. A country's figure moves with the machine that solves by some tens, their sum does not.
PARTIES = ("KAZ", "KGZ", "UZB", "AZE", "TUR", "GEO", "TJK", "RUS")
PARTY_HEAD, MOVED_HEAD = "| present value by party", "| with the four wind plants"
SLACK_OF = {PARTY_HEAD: 75.0, MOVED_HEAD: 0.3}
SUMS = {"npv_musd": "net present value", "bcr": "benefits over costs", "switching_value": "break-even capex over capex"}


def page() -> str:
    """The whole page."""
    corridor = load("middle-corridor")

    def beside(name: str, *projects: str) -> Outcome:
        return cable_sheets(corridor, _with(name, *projects), OPTIONS)

    runs = {"alone": beside("alone"), "in the chain": beside("chain", *CHAIN)}
    fed = {
        "without them": runs["in the chain"],
        "with the four wind plants": beside("winds", *CHAIN, *WINDS),
        "with all nine": beside("plants", *CHAIN, *PROMISED),
    }
    (cable,) = candidates(corridor, (CABLE,))
    cost = f"Capex {cable.capex_musd:,.0f}, upkeep {cable.opex_musd_per_year:,.0f} a year"
    parts = {
        "figures": [
            f"{cost}, in service {cable.first_year}.",
            "",
            *_by_year(runs),
            "",
            *_sums(runs),
            "",
            *_parties(runs),
        ],
        "plants": _by_plants(fed),
        "moved": _moved(corridor, OPTIONS.years[0]),
    }
    text = (HERE / "cable.in.txt").read_text(encoding="utf-8")
    for name, lines in parts.items():
        text = text.replace(f"<!-- {name} -->", "\n".join(lines))
    return text


def _with(name: str, *projects: str) -> Scenario:
    return Scenario(name, include=tuple(f"project:{key}" for key in projects))


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


def _by_plants(fed: dict[str, Outcome]) -> list[str]:
    """What the cable brings in the chain, by the plants that stand; one row a year, then the life."""
    lines = ["| in the chain | " + " | ".join(fed) + " |", "| -- |" + " -- |" * len(fed)]
    put_in = [made["power.cables"].query("test == 'put_in'").set_index("year") for made in fed.values()]
    for year in OPTIONS.years:
        told = {
            "TWh both ways": [f"{float(rows.loc[year, list(CARRIED)].sum()):.2f}" for rows in put_in],
            "mean use of capacity, per cent": [f"{100 * float(rows.loc[year, 'utilisation']):.1f}" for rows in put_in],
            "gain of all countries a year": [f"{float(rows.loc[year, 'benefit_musd']):,.0f}" for rows in put_in],
        }
        lines += [f"| {name}, {year} | " + " | ".join(cells) + " |" for name, cells in told.items()]
    return [*lines, *_sums(fed)[2:]]


def _moved(corridor: Corridor, year: int) -> list[str]:
    """What runs more and less once the cable is in the chain with the four wind plants, and the wind that is lost."""
    plain, cabled = (
        state(corridor, resolve(corridor, _with("winds", *CHAIN, *WINDS, *more)), year) for more in ((), (CABLE,))
    )
    fleet = fixed(expand(network(plain, seed=SEED)))
    before, after = (
        power_tables(made, dispatch(put_in(fleet, made)))["power.balance"].query("carrier in @RUN")
        for made in (plain, cabled)
    )
    head = f"{MOVED_HEAD}, {year}"
    lines = [f"{head} | TWh without the cable | TWh with it |", "| -- | -- | -- |"]
    sums = [rows.groupby(["country", "carrier"])["twh"].sum() for rows in (before, after)]
    for country, name in MOVED.items():
        lines += [f"| {carrier} in {name} | {sums[0][country, carrier]:.2f} | {sums[1][country, carrier]:.2f} |"
                  for carrier in ("gas", "coal") if (country, carrier) in sums[0].index]  # fmt: skip
    lost = [rows.query("carrier == 'onwind' and bus == 'UZ_NW'")["curtailed_twh"].sum() for rows in (before, after)]
    return [*lines, f"| wind lost in Karakalpakstan | {lost[0]:.2f} | {lost[1]:.2f} |"]


def _parties(runs: dict[str, Outcome]) -> list[str]:
    """Present value of the parties that gain or lose most, of all others together and of who builds it."""
    each = {name: made["appraisal.indicators"].query("party != 'all'") for name, made in runs.items()}
    table = pd.DataFrame({name: rows.set_index("party")["value"] for name, rows in each.items()}).fillna(0.0)
    builder = next(party for party in table.index if "Alliance" in str(party))
    others = table.drop(index=[*PARTIES, builder]).sum()
    shown = pd.concat([table.loc[list(PARTIES)], others.to_frame("all others").T, table.loc[[builder]]])
    lines = [f"{PARTY_HEAD} | " + " | ".join(runs) + " |", "| -- |" + " -- |" * len(runs)]
    return lines + [f"| {party} | " + " | ".join(f"{value + 0.0:,.0f}" for value in row) + " |" for party, row in
                    zip(shown.index, shown.to_numpy(), strict=True)]  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(write_or_check(PAGE, page(), sys.argv[1:], SLACK_OF))
