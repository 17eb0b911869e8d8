"""Questions to the register: who is what, who agreed what, who met whom, what was promised."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, CorridorOption, Debug, Json, Quiet
from karvan.cli.door import Door, attempt

commands = typer.Typer()

On = Annotated[str, typer.Option("--on", metavar="DATE", help="how things stand on YYYY-MM-DD; else today")]
Known = Annotated[str, typer.Option("--known", metavar="DATE", help="only what could be known by YYYY-MM-DD")]
Between = Annotated[
    str, typer.Option("--between", metavar="NAME,NAME", help="countries or organisations, joined by commas")
]


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


@commands.command("agreements", short_help="Agreements and their status on a day")
def agreements_command(
    names: Annotated[list[str] | None, typer.Argument(metavar="[AGREEMENT]...", help="keys or names")] = None,
    corridor: CorridorOption = DEFAULT_CORRIDOR,
    between: Between = "",
    worth: Annotated[
        str, typer.Option(metavar="YEARS", help="what a run says those named are worth in these years")
    ] = "",
    on: On = "",
    known: Known = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """List agreements, those that bind some parties together, or the steps, parties and levers of some."""

    def action() -> int:
        from karvan.cli.actions.register.agreements import Wanted, show_agreements
        from karvan.cli.actions.register.asked import Asked

        return show_agreements(door, Asked(corridor, on, known), Wanted(tuple(names or ()), between, worth))

    door = Door("agreements", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("visits", short_help="Who visited whom, by pair, direction and year")
def visits_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    between: Between = "",
    level: Annotated[str, typer.Option(metavar="RANK", help="only this rank: heads_of_state, ministers, ...")] = "",
    on: On = "",
    known: Known = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Count journeys of one country to another up to a day, beside the counts of officials."""

    def action() -> int:
        from karvan.cli.actions.register.asked import Asked
        from karvan.cli.actions.register.visits import show_visits

        return show_visits(door, Asked(corridor, on, known), between, level)

    door = Door("visits", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("network", short_help="Parties by the memberships and agreements they share")
def network_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    between: Between = "",
    years: Annotated[str, typer.Option(metavar="YEARS", help="2015-2025: the end of each year too")] = "",
    on: On = "",
    known: Known = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Tell how closely countries are tied on a day, or over years."""

    def action() -> int:
        from karvan.cli.actions.register.asked import Asked
        from karvan.cli.actions.register.network import show_network

        return show_network(door, Asked(corridor, on, known), between, years)

    door = Door("network", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("timeline", short_help="Events, agreements and memberships in order of time")
def timeline_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    between: Between = "",
    since: Annotated[str, typer.Option(metavar="DATE", help="first day; else from the beginning")] = "",
    most: Annotated[int, typer.Option(metavar="N", min=1, help="the last so many")] = 30,
    on: On = "",
    known: Known = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Tell what happened up to a day, as known on another."""

    def action() -> int:
        from karvan.cli.actions.register.asked import Asked
        from karvan.cli.actions.register.timeline import show_timeline

        return show_timeline(door, Asked(corridor, on, known), between, since, most)

    door = Door("timeline", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("commitments", short_help="What was promised: met, late, due or not measurable")
def commitments_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    between: Between = "",
    on: On = "",
    known: Known = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Tell of every commitment whether it was kept by a day, with the evidence known by another."""

    def action() -> int:
        from karvan.cli.actions.register.asked import Asked
        from karvan.cli.actions.register.commitments import show_commitments

        return show_commitments(door, Asked(corridor, on, known), between)

    door = Door("commitments", as_json, quiet, debug)
    return attempt(door, action)
