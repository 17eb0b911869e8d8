"""Commands about what a change brings."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, CorridorOption, Debug, Json, Quiet, Scenarios
from karvan.cli.door import Door, attempt

commands = typer.Typer()


@commands.command("compare", short_help="What a plan changes against a base, for whom and why")
def compare_command(
    base: Annotated[str, typer.Argument(metavar="BASE", help="a scenario, base, or the folder of a stored run")],
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="a scenario, or the folder of a stored run")],
    corridor: CorridorOption = DEFAULT_CORRIDOR,
    years: Annotated[
        str, typer.Option(metavar="YEARS", help="2030, 2025-2040; else the last recorded and each fifth after it")
    ] = "",
    why: Annotated[bool, typer.Option("--why/--no-why", help="work out who brought which part")] = True,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Set two scenarios, or two stored runs, beside each other."""

    def action() -> int:
        from karvan.cli.actions.changes.compare import Request, show_comparison

        return show_comparison(door, Request(base, plan, corridor, years, why))

    door = Door("compare", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("reach", short_help="The cheapest way to a target, or what stops it")
def reach_command(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="as in 'INDICATOR >= VALUE UNIT', in quotes")],
    by: Annotated[int, typer.Option("--by", metavar="YEAR", help="calendar year in which it shall be met")],
    corridor: CorridorOption = DEFAULT_CORRIDOR,
    scenario: Scenarios = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Look for one lever or a set of projects that reaches a target."""

    def action() -> int:
        from karvan.cli.actions.changes.reach import Request, show_way

        return show_way(door, Request(target, by, corridor, tuple(scenario or ())))

    door = Door("reach", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("relief", short_help="Widen one bottleneck after another: what each step brings")
def relief_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    scenario: Scenarios = None,
    year: Annotated[int | None, typer.Option(metavar="Y", help="calendar year; else the last of the record")] = None,
    steps: Annotated[int, typer.Option(metavar="N", min=1, help="steps to go, at most")] = 8,
    percent: Annotated[float, typer.Option(metavar="P", help="capacity that a step adds, per cent")] = 10.0,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Widen the bottleneck that is worth most, solve again, see which is next, and so on."""

    def action() -> int:
        from karvan.cli.actions.changes.relief import Request, show_relief

        return show_relief(door, Request(corridor, tuple(scenario or ()), year, steps, percent))

    door = Door("relief", as_json, quiet, debug)
    return attempt(door, action)
