"""Commands that make runs, list them and put questions to them."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, Debug, Json, Quiet, Scenarios
from karvan.cli.door import Door, attempt

commands = typer.Typer()


@commands.command("run", short_help="Where cargo goes, what is full, and the record")
def run_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    scenario: Scenarios = None,
    years: Annotated[str, typer.Option(metavar="YEARS", help="2024, 2019-2025 or 2019,2023-2025")] = "",
    out: Annotated[str, typer.Option(metavar="DIR", help="folder that holds the runs")] = "runs",
    name: Annotated[str, typer.Option(metavar="NAME", help="name of the run; a run of that name is replaced")] = "",
    shown: Annotated[
        str, typer.Option("--tables", metavar="NAME,...|all", help="tables of the JSON; else all but the largest")
    ] = "",
    most_steps: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="steps of a year's equilibrium before it gives up; else 400")
    ] = None,
    power: Annotated[
        str, typer.Option(metavar="weeks|year", help="solve power too: four weeks in steps of 3 h, or every hour")
    ] = "",
    traction: Annotated[
        bool, typer.Option("--traction", help="trains load the grid, and its emissions are theirs; with power solved")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Run the model: where cargo goes, what is full, and how near the record that comes."""

    def action() -> int:
        from karvan.cli.actions.run import Request, run_model

        typed = Request(corridor, tuple(scenario or ()), years, out, name, shown, most_steps, power, traction)
        return run_model(door, typed)

    door = Door("run", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("runs", short_help="The stored runs of a folder")
def runs_command(
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="folder that holds the runs")] = "runs",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """List the stored runs: what each is of, when it was written, whether it converged and is whole."""

    def action() -> int:
        from karvan.cli.actions.runs import list_runs

        return list_runs(door, folder)

    door = Door("runs", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("query", short_help="SQL over the tables of stored runs")
def query_command(
    words: Annotated[list[str], typer.Argument(metavar="RUN... SQL", help="names of runs, then one SELECT")],
    out: Annotated[str, typer.Option(metavar="DIR", help="folder that holds the runs")] = "runs",
    most: Annotated[int, typer.Option(metavar="N", min=1, help="show at most N rows on the screen")] = 40,
    as_csv: Annotated[bool, typer.Option("--csv", help="every row as CSV on standard output")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Answer one SELECT over the tables of stored runs, read-only: freight.pairs, freight.resources, runs, ...

    Every table has a column run.
    """

    def action() -> int:
        from karvan.cli.actions.runs import Question, answer_query

        return answer_query(door, Question(tuple(words[:-1]), words[-1], out, most, as_csv))

    door = Door("query", as_json, quiet, debug)
    return attempt(door, action)
