"""The command that makes a run."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, Debug, Json, Quiet, Scenarios
from karvan.cli.door import Door, attempt

commands = typer.Typer()


@commands.command("run", short_help="Where cargo goes, what is full, and the record")
def run_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    scenario: Scenarios = None,
    years: Annotated[str, typer.Option(metavar="YEARS", help="2024, 2019-2025 or 2019,2023-2025")] = "",
    out: Annotated[str, typer.Option(metavar="DIR", help="folder that holds the runs")] = "runs",
    name: Annotated[str, typer.Option(metavar="NAME", help="name of the run; a run of that name is replaced")] = "",
    shown: Annotated[
        str, typer.Option("--tables", metavar="NAME,...|all", help="tables of the JSON; else all but the largest")
    ] = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Run the model: where cargo goes, what is full, and how near the record that comes."""

    def action() -> int:
        from karvan.cli.actions.run import Request, run_model

        return run_model(door, Request(corridor, tuple(scenario or ()), years, out, name, shown))

    door = Door("run", as_json, quiet, debug)
    return attempt(door, action)
