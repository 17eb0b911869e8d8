"""Questions to the register: who is what, who agreed what, who met whom, what was promised."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorOption, Debug, Json, Quiet
from karvan.cli.door import Door, attempt

commands = typer.Typer()

On = Annotated[str, typer.Option("--on", metavar="DATE", help="how things stand on YYYY-MM-DD; else today")]
Known = Annotated[str, typer.Option("--known", metavar="DATE", help="only what could be known by YYYY-MM-DD")]


@commands.command("members", short_help="Who is what in which organisation on a day")
def members_command(
    names: Annotated[list[str] | None, typer.Argument(metavar="[ORG]...", help="organisations or countries")] = None,
    corridor: CorridorOption = DEFAULT_CORRIDOR,
    on: On = "",
    known: Known = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """List organisations, the members of some, or what they have in common."""

    def action() -> int:
        from karvan.cli.actions.register.asked import Asked
        from karvan.cli.actions.register.members import show_members

        return show_members(door, Asked(corridor, on, known), tuple(names or ()))

    door = Door("members", as_json, quiet, debug)
    return attempt(door, action)
