"""The command that serves the page."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, Debug, Json, Quiet
from karvan.cli.door import Door, attempt

commands = typer.Typer()


@commands.command("serve", short_help="The corridor on a page, and as JSON")
def serve_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    port: Annotated[int, typer.Option(metavar="P", min=1, max=65535, help="port to listen on")] = 8080,
    host: Annotated[
        str, typer.Option(metavar="H", help="address to listen on; any but this machine's own needs a token")
    ] = "127.0.0.1",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Serve the page of a corridor and the interface /api/v1 until interrupted; nothing is asked from outside."""

    def action() -> int:
        from karvan.cli.actions.serve import open_page

        return open_page(door, corridor, host, port)

    door = Door("serve", as_json, quiet, debug)
    return attempt(door, action)
