"""Command that puts cables into the power system and takes them out."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, Debug, Json, Quiet, Scenarios
from karvan.cli.door import Door, attempt

commands = typer.Typer()


@commands.command("cables", short_help="What each cable brings, to whom, and whether it pays")
def cables_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    scenario: Scenarios = None,
    cable: Annotated[
        list[str] | None, typer.Option("--cable", metavar="KEY", help="P1 or P1/variant; may be repeated; else all")
    ] = None,
    years: Annotated[str, typer.Option(metavar="YEARS", help="years to solve: 2035 or 2030,2035,2040")] = "",
    follow: Annotated[bool, typer.Option("--follow", help="try each with plants built anew too; slow")] = False,
    out: Annotated[str, typer.Option(metavar="DIR", help="folder that gets the tables and a page a cable")] = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Put each cable into the power system and take it out: energy, rents, gains by country, what it comes to."""

    def action() -> int:
        from karvan.cli.actions.cables import Request, show_cables

        return show_cables(door, Request(corridor, tuple(scenario or ()), tuple(cable or ()), years, follow, out))

    door = Door("cables", as_json, quiet, debug)
    return attempt(door, action)
