"""The command that checks a corridor."""

from __future__ import annotations

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, Debug, Json, Quiet
from karvan.cli.door import Door, attempt

commands = typer.Typer()


@commands.command("check", short_help="Every problem in the tables of a corridor")
def check_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Check the tables of a corridor: every problem, with its row and remedy."""

    def action() -> int:
        from karvan.cli.actions.check import check_corridor

        return check_corridor(door, corridor)

    door = Door("check", as_json, quiet, debug)
    return attempt(door, action)
