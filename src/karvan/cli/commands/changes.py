"""Commands about what a change brings."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorOption, Debug, Json, Quiet
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
