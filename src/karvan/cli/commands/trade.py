"""Command that tells what a scenario makes of trade, and trade of cargo."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, Debug, Json, Quiet, Scenarios
from karvan.cli.door import Door, attempt

commands = typer.Typer()


@commands.command("trade", short_help="What tariffs and faster ways make of trade, welfare, revenue and cargo")
def trade_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    scenario: Scenarios = None,
    year: Annotated[int, typer.Option(metavar="YEAR", help="year of tariffs, freight and cargo")] = 2030,
    draws: Annotated[int, typer.Option(metavar="N", min=0, help="draws of the elasticity; 0: no ends")] = 400,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Let trade answer a scenario's tariffs and freight: blocs, pairs, welfare, customs revenue, cargo over the sea."""

    def action() -> int:
        from karvan.cli.actions.trade import Request, show_trade

        return show_trade(door, Request(corridor, tuple(scenario or ()), year, draws))

    door = Door("trade", as_json, quiet, debug)
    return attempt(door, action)
