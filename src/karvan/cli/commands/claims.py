"""The command that sets public claims beside the record."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, Debug, Json, Quiet
from karvan.cli.door import Door, attempt

commands = typer.Typer()


@commands.command("claims", short_help="Public claims beside the record, with a verdict by rule")
def claims_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    known: Annotated[str, typer.Option("--known", metavar="DATE", help="only evidence published by YYYY-MM-DD")] = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Set every claim beside what the record says: agrees, loose, differs or unknown."""

    def action() -> int:
        from karvan.cli.actions.claims import show_claims

        return show_claims(door, corridor, known)

    door = Door("claims", as_json, quiet, debug)
    return attempt(door, action)
