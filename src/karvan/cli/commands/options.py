"""Arguments and options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

DEFAULT_CORRIDOR = "middle-corridor"

CorridorName = Annotated[str, typer.Argument(metavar="[CORRIDOR]", help="a folder or a built-in name")]
CorridorOption = Annotated[str, typer.Option("--corridor", metavar="CORRIDOR", help="a folder or a built-in name")]
Json = Annotated[bool, typer.Option("--json", help="one JSON object on standard output")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="no progress and no notes")]
Debug = Annotated[bool, typer.Option("--debug", help="show where an error came from")]
Scenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario", metavar="FILE_OR_NAME", help="a file, a ready scenario or an owner of levers; may be repeated"
    ),
]
