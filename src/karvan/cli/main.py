"""The command ``karvan``: its commands, by subject, and how a command line ends. Nothing heavy is loaded here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from karvan import __version__
from karvan.cli.commands import (
    cables,
    changes,
    claims,
    corridors,
    record,
    register,
    routes,
    runs,
    scenarios,
    serving,
    simulating,
    trade,
)
from karvan.cli.door import BAD_INPUT, Door, interrupted, pipe_closed, print_problems
from karvan.errors import Problem

app = typer.Typer(
    help="Karvan: an open planning model of trade corridors.",
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
GROUPS = (runs, routes, scenarios, changes, simulating, cables, trade, claims, register, record, corridors, serving)
for group in GROUPS:
    app.add_typer(group.commands)


@app.callback(invoke_without_command=True)
def karvan(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="say the version and end")] = False,
) -> None:
    """Karvan: an open planning model of trade corridors."""
    if version:
        typer.echo(f"karvan {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(arguments: Sequence[str]) -> int:
    """Run one command line, without the name of the program, and return its exit code."""
    try:
        code = typer.main.get_command(app).main(list(arguments), prog_name="karvan", standalone_mode=False)
    except TyperException as error:
        return _usage(error, arguments)
    except (KeyboardInterrupt, typer.Abort):
        return interrupted()
    except BrokenPipeError:
        return pipe_closed()
    return code if isinstance(code, int) else 0


def run() -> None:
    """Run the command line of the process and end with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))


def _usage(error: TyperException, arguments: Sequence[str]) -> int:
    """Say what is wrong with the command line itself."""
    told = error.format_message()
    if "--json" in arguments:
        command = next((word for word in arguments if not word.startswith("-")), "")
        print_problems(Door(command), [Problem("bad usage", remedy=told)])
    else:
        sys.stderr.write(f"karvan: bad usage: {told}\n")
        context = getattr(error, "ctx", None)
        if context is not None:
            sys.stderr.write(f"try: {context.command_path} --help\n")
    return BAD_INPUT
