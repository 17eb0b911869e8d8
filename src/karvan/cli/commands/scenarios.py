"""The commands about scenarios."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorOption, Debug, Json, Quiet
from karvan.cli.door import Door, attempt

commands = typer.Typer()
scenario = typer.Typer(help="Scenarios: what they change.", short_help="What a scenario changes")
commands.add_typer(scenario, name="scenario")


@scenario.command("show", short_help="Every cell a scenario changes, before and after, by year")
def show_command(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="FILE_OR_NAME...", help="scenario files or owners of levers, put together")
    ],
    corridor: CorridorOption = DEFAULT_CORRIDOR,
    years: Annotated[str, typer.Option(metavar="YEARS", help="2024, 2019-2025 or 2019,2023-2025; else all")] = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Show every cell that a scenario changes: before and after, by year, and whose lever does it."""

    def action() -> int:
        from karvan.cli.actions.scenario import Request, show_scenario

        return show_scenario(door, Request(tuple(scenarios), corridor, years))

    door = Door("scenario show", as_json, quiet, debug)
    return attempt(door, action)
