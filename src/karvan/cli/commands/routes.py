"""The command that shows ways between places."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorOption, Debug, Json, Quiet, Scenarios
from karvan.cli.door import Door, attempt

commands = typer.Typer()


@commands.command("routes", short_help="The ways between two places, leg by leg")
def routes_command(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="a place, by name or key")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="a place, by name or key")],
    corridor: CorridorOption = DEFAULT_CORRIDOR,
    commodity: Annotated[str, typer.Option(metavar="C", help="commodity; else the usual one of the pair")] = "",
    handling_class: Annotated[str, typer.Option("--class", metavar="K", help="container, wagon, truck, ...")] = "",
    year: Annotated[int | None, typer.Option(metavar="Y", help="calendar year; else the last of the record")] = None,
    scenario: Scenarios = None,
    via: Annotated[
        list[str] | None, typer.Option(metavar="GATEWAY", help="only ways through this gateway group; may be repeated")
    ] = None,
    most: Annotated[int, typer.Option(metavar="N", min=1, help="show at most N alternatives")] = 20,
    legs: Annotated[str, typer.Option(metavar="N|all|none", help="whose legs to show")] = "1",
    free_flow: Annotated[bool, typer.Option("--free-flow", help="without queues and scarcity prices")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Show the ways between two places: cost, days, reliability, CO2e, borders, share, and the legs."""

    def action() -> int:
        from karvan.cli.actions.routes import Request, show_routes

        asked = (commodity, handling_class, year, tuple(scenario or ()), tuple(via or ()))
        return show_routes(door, Request(origin, destination, corridor, *asked, most, legs, free_flow))

    door = Door("routes", as_json, quiet, debug)
    return attempt(door, action)
