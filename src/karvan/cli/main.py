"""The command ``karvan``: names, options and help. Everything heavy is imported inside the commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from karvan import __version__
from karvan.cli.door import BAD_INPUT, Door, attempt, interrupted, pipe_closed, print_problems
from karvan.errors import Problem

DEFAULT_CORRIDOR = "middle-corridor"

app = typer.Typer(
    help="Karvan: an open planning model of trade corridors.",
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CorridorName = Annotated[str, typer.Argument(metavar="[CORRIDOR]", help="a folder or a built-in name")]
CorridorOption = Annotated[str, typer.Option("--corridor", metavar="CORRIDOR", help="a folder or a built-in name")]
Json = Annotated[bool, typer.Option("--json", help="one JSON object on standard output")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="no progress and no notes")]
Debug = Annotated[bool, typer.Option("--debug", help="show where an error came from")]
Scenarios = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="FILE_OR_NAME", help="a scenario file or an owner of levers; may be repeated"),
]


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


@app.command("run", short_help="Where cargo goes, what is full, and the record")
def run_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    scenario: Scenarios = None,
    years: Annotated[str, typer.Option(metavar="YEARS", help="2024, 2019-2025 or 2019,2023-2025")] = "",
    out: Annotated[str, typer.Option(metavar="DIR", help="folder that holds the runs")] = "runs",
    name: Annotated[str, typer.Option(metavar="NAME", help="name of the run; a run of that name is replaced")] = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Run the model: where cargo goes, what is full, and how near the record that comes."""

    def action() -> int:
        from karvan.cli.run import Request, run_model

        return run_model(door, Request(corridor, tuple(scenario or ()), years, out, name))

    door = Door("run", as_json, quiet, debug)
    return attempt(door, action)


@app.command("routes", short_help="The ways between two places, leg by leg")
def routes_command(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="a place, by name or key")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="a place, by name or key")],
    corridor: CorridorOption = DEFAULT_CORRIDOR,
    commodity: Annotated[str, typer.Option(metavar="C", help="commodity; else the usual one of the pair")] = "",
    handling_class: Annotated[str, typer.Option("--class", metavar="K", help="container, wagon, truck, ...")] = "",
    year: Annotated[int | None, typer.Option(metavar="Y", help="calendar year; else the last of the record")] = None,
    scenario: Scenarios = None,
    via: Annotated[
        list[str] | None, typer.Option(metavar="GATEWAY", help="only ways through this gateway group; may be repeated")
    ] = None,
    most: Annotated[int, typer.Option(metavar="N", min=1, help="show at most N alternatives")] = 20,
    legs: Annotated[str, typer.Option(metavar="N|all|none", help="whose legs to show")] = "1",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Show the ways between two places: cost, days, reliability, CO2e, borders, share, and the legs."""

    def action() -> int:
        from karvan.cli.routes import Request, show_routes

        asked = (commodity, handling_class, year, tuple(scenario or ()), tuple(via or ()))
        return show_routes(door, Request(origin, destination, corridor, *asked, most, legs))

    door = Door("routes", as_json, quiet, debug)
    return attempt(door, action)


@app.command("check", short_help="Every problem in the tables of a corridor")
def check_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Check the tables of a corridor: every problem, with its row and remedy."""

    def action() -> int:
        from karvan.cli.check import check_corridor

        return check_corridor(door, corridor)

    door = Door("check", as_json, quiet, debug)
    return attempt(door, action)


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
