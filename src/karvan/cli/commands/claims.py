"""The command that sets public claims beside the record."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, Debug, Json, Quiet
from karvan.cli.door import Door, attempt

commands = typer.Typer()

Run = Annotated[str, typer.Option("--run", metavar="RUN", help="a stored run: the model's figures beside the record")]


@commands.command("claims", short_help="Public claims beside the record, with a verdict by rule")
def claims_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    known: Annotated[str, typer.Option("--known", metavar="DATE", help="only evidence published by YYYY-MM-DD")] = "",
    run: Run = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Set every claim beside what the record says: agrees, loose, differs or unknown."""

    def action() -> int:
        from karvan.cli.actions.claims import Request, show_claims

        return show_claims(door, Request(corridor, known, run))

    door = Door("claims", as_json, quiet, debug)
    return attempt(door, action)
