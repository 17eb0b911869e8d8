"""Commands that hold the model to the record: fit it, and judge it on what the fit has not seen."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, CorridorOption, Debug, Json, Quiet, Scenarios
from karvan.cli.door import Door, attempt

commands = typer.Typer()

Known = Annotated[str, typer.Option("--known", metavar="DATE", help="only what was known by YYYY-MM-DD")]
Out = Annotated[str, typer.Option("--out", metavar="FILE", help="write the fitted levers as a scenario file")]


@commands.command("backcast", short_help="The model fitted to what was known on a day, judged on what came later")
def backcast_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    known: Known = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Fit to the record as it was known on a day, and set the rest of it beside the model and naive forecasts."""

    def action() -> int:
        from karvan.cli.actions.record.backcast import show_backcast

        return show_backcast(door, corridor, known)

    door = Door("backcast", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("calibrate", short_help="Free levers fitted to the record, as a scenario")
def calibrate_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    known: Known = "",
    out: Out = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Fit the free levers of a corridor to its record; say how sure they are and what the record cannot tell apart."""

    def action() -> int:
        from karvan.cli.actions.record.calibrate import show_fit

        return show_fit(door, corridor, known, out)

    door = Door("calibrate", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("forecast", short_help="The fitted model in years to come, with bands, beside plans and forecasts")
def forecast_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    years: Annotated[str, typer.Option(metavar="YEARS", help="2030, 2030,2040 or 2026-2030")] = "2030,2040",
    known: Known = "",
    scenario: Scenarios = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Tell every indicator in years to come: fitted levers, the range of growth, and what others said."""

    def action() -> int:
        from karvan.cli.actions.record.forecast import Request, show_outlook

        return show_outlook(door, Request(corridor, years, known, tuple(scenario or ())))

    door = Door("forecast", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("explain", short_help="Why a result is what it is, and which cells are worth measuring")
def explain_command(
    result: Annotated[str, typer.Argument(metavar="RESULT", help="INDICATOR or INDICATOR[SCOPE], in quotes")],
    corridor: CorridorOption = DEFAULT_CORRIDOR,
    year: Annotated[
        int, typer.Option(metavar="YEAR", help="calendar year; else the last of the record", show_default=False)
    ] = 0,
    scenario: Scenarios = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Formula, record, the cells that move a result, and how much of its uncertainty rests on low confidence."""

    def action() -> int:
        from karvan.cli.actions.record.explain import Request, show_explanation

        return show_explanation(door, Request(result, corridor, year, tuple(scenario or ())))

    door = Door("explain", as_json, quiet, debug)
    return attempt(door, action)
