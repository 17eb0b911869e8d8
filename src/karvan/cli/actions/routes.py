"""``karvan routes``: the ways between two places, and the legs of some of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from karvan import __version__
from karvan.cli import inputs
from karvan.cli.answers import print_answer
from karvan.cli.door import DONE, Door, OptionError, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, cell, console, figures_table
from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.outcome import Provenance
from karvan.errors import Problem
from karvan.report import numbers, tables
from karvan.store.builtin import load
from karvan.study.routes import RouteAnswer, RouteOptions, routes
from karvan.units import HOURS_PER_DAY

WIDEST = 116
_LEGS = ("all", "none")
_QUEUES = "days hold the waits in queues, USD no scarcity prices"
_WIDE = 100
_HEADS = ("USD", "scarcity", "days", "waits", "±", "kg CO2e", "borders", "share", "alike")
_NARROW_HEADS = ("USD", "scarcity", "days", "waits", "kg CO2e", "share", "alike")


@dataclass(frozen=True)
class Request:
    """What was typed."""

    origin: str
    destination: str
    corridor: str
    commodity: str
    handling_class: str
    year: int | None
    scenarios: tuple[str, ...]
    via: tuple[str, ...]
    most: int
    legs: str
    free_flow: bool = False


def show_routes(door: Door, request: Request) -> int:
    """Find the routes and print them."""
    wanted = _wanted(request.legs)
    handling_class = inputs.handling_class(request.handling_class)
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        commodity = inputs.commodity(request.commodity, corridor)
        options = RouteOptions(commodity, handling_class, request.year, scenario, request.via, request.free_flow)
        answer = routes(corridor, request.origin, request.destination, options)
    told = tuple(dict.fromkeys((*answer.warnings, *assumed)))
    if door.as_json:
        _print_json(door, corridor, answer, scenario.name, told, free_flow=request.free_flow)
        return DONE
    to = console()
    shown = _show(to, corridor, answer, scenario.name, request)
    for rank in _ranks(wanted, shown, len(answer.alternatives)):
        to.print()
        to.print(_legs(to, corridor, answer, rank))
    for text in told:
        door.note(f"karvan: warning: {text}")
    return DONE


def _wanted(legs: str) -> str | int:
    if legs in _LEGS:
        return legs
    if legs.isdecimal() and int(legs) >= 1:
        return int(legs)
    raise OptionError(problems=[Problem("bad value", column="--legs", value=legs, expected="a number, all or none")])


def _ranks(wanted: str | int, shown: list[int], count: int) -> list[int]:
    """Whose legs to show: those asked for, or all that the table tells."""
    if isinstance(wanted, str):
        return shown if wanted == "all" else []
    if wanted > count:
        expected = f"1 to {count}, all or none"
        raise OptionError(problems=[Problem("bad value", column="--legs", value=str(wanted), expected=expected)])
    return [wanted]


def _print_json(
    door: Door, corridor: Corridor, answer: RouteAnswer, scenario: str, told: tuple[str, ...], *, free_flow: bool
) -> None:
    pair: dict[str, str | int] = {
        "year": answer.year,
        "origin": answer.origin,
        "destination": answer.destination,
        "commodity": answer.commodity,
        "handling_class": answer.handling_class,
    }
    alternatives = answer.alternatives.copy()
    for position, (column, value) in enumerate(pair.items()):
        alternatives.insert(position, column, value)
    asked = {**pair, "free_flow": free_flow}
    provenance = Provenance(__version__, corridor.info.name, scenario, fingerprints(corridor), asked)
    print_answer(door, {"freight.routes": alternatives, "freight.legs": answer.legs}, provenance, (), told)


def _show(to: Console, corridor: Corridor, answer: RouteAnswer, scenario: str, request: Request) -> list[int]:
    """Print the table of alternatives and return the ranks it tells."""
    kind = f"{_words(answer.commodity)} ({_words(answer.handling_class)})"
    to.print(cell(f"{answer.origin_name} to {answer.destination_name}", HEAD))
    unit, by_the = ("feu", "FEU") if _in_boxes(answer) else ("t", "tonne")
    to.print(cell(f"{kind}, {answer.year}, scenario {scenario}; money and CO2e by the {by_the}", DIM))
    queues = "free flow: no queues and no scarcity prices" if request.free_flow else _QUEUES
    to.print(cell(f"{queues}; alike: the share of all ways through the same countries", DIM))
    to.print()
    told = tables.told_routes(answer.alternatives, request.most)
    to.print(_alternatives(to, corridor, told, unit))
    rest = len(answer.alternatives) - len(told)
    if rest > 0:
        share = float(answer.alternatives["share"].sum() - told["share"].sum())
        all_told = f"--most {request.most + rest} tells all"
        to.print(cell(f"and {rest} more with {numbers.percent(share)} together; {all_told}", DIM))
    return [int(rank) for rank in told["rank"]]


def _alternatives(to: Console, corridor: Corridor, told: pd.DataFrame, unit: str) -> Table:
    names, ways, sea = tables.place_names(corridor), tables.gateway_names(corridor), tables.sea_gateways(corridor)
    made = figures_table()
    add_figure(made, "#")
    made.add_column("by way of", ratio=1, overflow="fold")
    wide = to.width >= _WIDE
    for head in _HEADS if wide else _NARROW_HEADS:
        add_figure(made, head)
    for row in told.to_dict("records"):
        crossed = ">".join(key for key in str(row["gateways"]).split(">") if key.strip() in sea)
        below = "; ".join(part for part in (_countries(row["countries"]), tables.named_gateways(crossed, ways)) if part)
        figures = _figures(row, unit)
        way = _two_lines(tables.by_way_of(str(row["legs"]), names), below)
        made.add_row(cell(row["rank"]), way, *(cell(figures[head]) for head in (_HEADS if wide else _NARROW_HEADS)))
    return _fit(made, to.width)


def _figures(row: Mapping[Hashable, Any], unit: str) -> dict[str, str]:
    """The figures of an alternative by the head of their column."""
    priced = float(row["usd_per_t"]) > 0
    t_per_unit = 1.0 if unit == "t" else float(row["usd_per_feu"]) / float(row["usd_per_t"]) if priced else float("nan")
    return {
        "USD": numbers.figure(float(row[f"usd_per_{unit}"])),
        "scarcity": numbers.figure(t_per_unit * float(row["scarcity_usd_per_t"]), 2),
        "days": numbers.figure(float(row["hours"]) / HOURS_PER_DAY),
        "waits": f"{float(row['wait_hours']) / HOURS_PER_DAY:.1f}",
        "±": numbers.figure(float(row["sd_hours"]) / HOURS_PER_DAY, 2),
        "kg CO2e": numbers.figure(float(row[f"co2e_kg_per_{unit}"])),
        "borders": str(row["borders"]),
        **{column: numbers.percent(float(row[column])) for column in ("share", "alike")},
    }


def _legs(to: Console, corridor: Corridor, answer: RouteAnswer, rank: int) -> Table:
    """The legs of one alternative, with what each costs and where its time goes."""
    route = answer.alternatives["route"].iloc[rank - 1]
    rows = answer.legs.loc[answer.legs["route"] == route].sort_values("leg")
    names = tables.place_names(corridor)
    made = figures_table(f"Legs of {rank}; hours moving, at borders, in handling, waiting to board, in queues")
    made.add_column("from, to", ratio=1, overflow="fold")
    heads = {"length_km": "km", "usd": "USD", "hours_moving": "moving", "hours_border": "border"}
    heads |= {"hours_handling": "handling", "hours_boarding": "boarding"}
    heads |= {"hours_waiting": "queues", "co2e_kg": "kg CO2e"}
    for head in heads.values():
        add_figure(made, head)
    for row in rows.to_dict("records"):
        start, end = (names.get(str(row[key]), str(row[key])) for key in ("from_place", "to_place"))
        told = [_words(row["mode"]), _words(row["service"]), _via(str(row["via"]), names)]
        way = _two_lines(f"{start} {numbers.DASH} {end}", ", ".join(part for part in told if part))
        made.add_row(way, *(cell(numbers.figure(float(row[column]))) for column in heads))
    total = rows[list(heads)].sum()
    made.add_row(cell("together", HEAD), *(cell(numbers.figure(float(v)), HEAD) for v in total))
    return _fit(made, to.width)


def _two_lines(first: str, second: str) -> Text:
    """Text with a dim line below it, where there is one to write."""
    made = cell(first)
    if second:
        made.append("\n").append_text(cell(second, DIM))
    return made


def _fit(made: Table, width: int) -> Table:
    """The table over the whole of a narrow terminal and over part of a wide one."""
    made.width = min(width, WIDEST)
    return made


def _countries(joined: object) -> str:
    return " > ".join(part.strip() for part in str(joined).split(">"))


def _via(keys: str, names: Mapping[str, str]) -> str:
    passed = [names.get(key, key) for key in keys.split("|") if key]
    return f"via {', '.join(passed)}" if passed else ""


def _in_boxes(answer: RouteAnswer) -> bool:
    return answer.handling_class == tables.CONTAINER


def _words(key: object) -> str:
    return str(key).replace("_", " ")
