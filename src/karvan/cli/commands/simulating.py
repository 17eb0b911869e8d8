"""The command that simulates services."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, Debug, Json, Quiet, Scenarios
from karvan.cli.door import Door, attempt

commands = typer.Typer()


@commands.command("simulate", short_help="A year of trains, ferries, borders and storms, event by event")
def simulate_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    year: Annotated[int | None, typer.Option(metavar="Y", help="calendar year; else the last of the record")] = None,
    replications: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="years of luck drawn: 20; with --until-enough at most 500"),
    ] = None,
    until_enough: Annotated[
        bool, typer.Option("--until-enough", help="draw years until mean (1 %) and 95 % quantile (3 %) are known")
    ] = False,
    warm_up: Annotated[int, typer.Option(metavar="DAYS", min=0, help="days before the year that do not count")] = 42,
    seed: Annotated[int, typer.Option(metavar="S", help="seed of the luck; the same seed, the same numbers")] = 1,
    scenario: Scenarios = None,
    back: Annotated[
        bool, typer.Option("--back-to-freight", help="solve freight again with the simulated deviations of hours")
    ] = False,
    out: Annotated[str, typer.Option(metavar="DIR", help="write tables and the events of the first year there")] = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Simulate a year of services under its cargo: door-to-door times, where they go, queues, ships, the record.

    With a scenario, what it changes is told from years of the same luck.
    """

    def action() -> int:
        from karvan.cli.actions.simulate import Drawing, Request, show_simulation

        drawing = Drawing(year, replications, until_enough, warm_up, seed)
        return show_simulation(door, Request(corridor, tuple(scenario or ()), drawing, out, back))

    door = Door("simulate", as_json, quiet, debug)
    return attempt(door, action)
