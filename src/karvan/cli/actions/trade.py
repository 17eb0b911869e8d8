"""``karvan trade``: blocs, pairs, economies, customs revenue and cargo, before and after a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from rich.console import Console
from rich.table import Table

from karvan.cli import inputs
from karvan.cli.answers import tell
from karvan.cli.door import Door, answers_only, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, cell, console, figures_table, progress
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.corridor.reported import ESTIMATED, standing
from karvan.report import numbers
from karvan.report.tables import gateway_name, gateway_names
from karvan.store.builtin import load
from karvan.study.trade.sheets import SheetOptions, trade_sheets

ROWS = 10


@dataclass(frozen=True)
class Request:
    """What was typed."""

    corridor: str
    scenarios: tuple[str, ...]
    year: int
    draws: int


def show_trade(door: Door, request: Request) -> int:
    """Let trade answer and print what comes of it."""
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        options = SheetOptions(request.year, request.draws)
        with answers_only(door), progress(door) as report:
            answer = trade_sheets(corridor, scenario, options, report)
    return tell(door, answer, assumed, lambda: _show(console(), corridor, answer))


def _show(to: Console, corridor: Corridor, answer: Outcome) -> None:
    title = corridor.info.title or corridor.info.name
    to.print(cell(f"{title} · {answer.provenance.scenario} · trade", HEAD))
    to.print(cell("modelled; million USD; low and high hold nine tenths of the draws of the elasticity alone", DIM))
    names = dict(zip(corridor["countries"]["country"], corridor["countries"]["name"], strict=True))
    to.print(_blocs(answer["trade.blocs"]))
    to.print(_pairs(corridor, answer["trade.pairs"], names))
    to.print(_economies(answer, names))
    to.print(_cargo(corridor, answer["trade.cargo"]))


def _blocs(rows: pd.DataFrame) -> Table:
    """Organisations whose inner trade moves most; how much of it rests on reports that can be looked up."""
    made = figures_table("Trade within organisations")
    made.add_column("organisation", overflow="fold")
    for head in ("members", "base", "then", "low", "high", "inner share", "then", "reported"):
        add_figure(made, head)
    moved = (rows["within_musd"] / rows["base_within_musd"] - 1.0).abs()
    for row in rows.loc[moved.nlargest(ROWS).index].to_dict("records"):
        money = ("base_within_musd", "within_musd", "low_within_musd", "high_within_musd")
        shares = ("base_within_share", "within_share")
        figures = [numbers.figure(float(row[name])) for name in money] + [f"{float(row[name]):.1%}" for name in shares]
        told = numbers.percent(float(row["reported_share"]))
        made.add_row(cell(row["organisation"]), *(cell(text) for text in (str(row["members"]), *figures, told)))
    return made


def _pairs(corridor: Corridor, rows: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Pairs whose trade moves most, and what the base rests on."""
    abroad = rows.loc[rows["exporter"] != rows["importer"]]
    summed = abroad.groupby(["exporter", "importer"])[["base_musd", "musd"]].sum().reset_index()
    change = summed["musd"] - summed["base_musd"]
    trade = corridor["trade"]
    last = trade.loc[trade["year"] == trade["year"].max()]
    rests = dict(zip(zip(last["exporter"], last["importer"], strict=True), standing(corridor, last), strict=True))
    made = figures_table("Pairs that move most")
    for head in ("exporter", "importer"):
        made.add_column(head, overflow="fold")
    for head in ("base", "then", "change"):
        add_figure(made, head)
    made.add_column("base is")
    for at in change.abs().nlargest(ROWS).index:
        a, b = str(summed["exporter"][at]), str(summed["importer"][at])
        before, after = float(summed["base_musd"][at]), float(summed["musd"][at])
        share = f"{after / before - 1.0:+.1%}" if before > 0.0 else numbers.MISSING
        figures = (numbers.figure(before), numbers.figure(after), share)
        made.add_row(cell(names.get(a, a)), cell(names.get(b, b)), *map(cell, (*figures, rests.get((a, b), ESTIMATED))))
    return made


def _economies(answer: Outcome, names: Mapping[str, str]) -> Table:
    """Countries that gain or lose most, with real product and what customs take more or less."""
    rows = answer["trade.economies"].merge(answer["trade.revenue"][["country", "change_musd"]], on="country")
    made = figures_table("Welfare by country")
    made.add_column("country", overflow="fold")
    for head in ("welfare", "low", "high", "of spending", "real GDP", "customs"):
        add_figure(made, head)
    weight = rows["welfare_musd"].abs() + rows["change_musd"].abs()
    for row in rows.loc[weight.nlargest(ROWS).index].sort_values("welfare_musd", ascending=False).to_dict("records"):
        money = [numbers.figure(float(row[name])) for name in ("welfare_musd", "low_welfare_musd", "high_welfare_musd")]
        ratios = [f"{float(row[name]) - 1.0:+.3%}" for name in ("welfare_ratio", "real_gdp_ratio")]
        figures = (*money, *ratios, numbers.figure(float(row["change_musd"])))
        made.add_row(cell(names.get(row["country"], row["country"])), *(cell(text) for text in figures))
    return made


def _cargo(corridor: Corridor, rows: pd.DataFrame) -> Table:
    """Gateways over the sea whose cargo moves most: without the scenario, with it, and once trade has answered."""
    names = gateway_names(corridor)
    sea = rows.loc[rows["sea"]]
    made = figures_table("Cargo over the sea, kt a year")
    made.add_column("gateway", overflow="fold")
    for head in ("base", "routed anew", "trade answers", "change"):
        add_figure(made, head)
    for at in (sea["kt"] - sea["base_kt"]).abs().nlargest(ROWS).index:
        base, routed, kt = (float(sea[name][at]) for name in ("base_kt", "routed_kt", "kt"))
        key = str(sea["gateway_group"][at])
        figures = (numbers.figure(base), numbers.figure(routed), numbers.figure(kt), numbers.figure(kt - base))
        made.add_row(cell(names.get(key) or gateway_name(key)), *(cell(text) for text in figures))
    return made
