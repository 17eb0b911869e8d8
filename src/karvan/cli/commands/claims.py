"""Commands that set what was said and what is aimed at beside the record."""

from __future__ import annotations

from typing import Annotated

import typer

from karvan.cli.commands.options import DEFAULT_CORRIDOR, CorridorName, Debug, Json, Quiet
from karvan.cli.door import Door, attempt

commands = typer.Typer()

Known = Annotated[str, typer.Option("--known", metavar="DATE", help="only what was published by YYYY-MM-DD")]
Run = Annotated[str, typer.Option("--run", metavar="RUN", help="a stored run: the model's figures beside the record")]
Model = Annotated[
    str, typer.Option("--run", metavar="RUN", help="a stored run, or forecast: fit the model and look five years ahead")
]
Page = Annotated[str, typer.Option("--out", metavar="FILE", help="write a page (.html) instead of the screen")]


@commands.command("claims", short_help="Public claims beside the record, with a verdict by rule")
def claims_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    known: Known = "",
    run: Run = "",
    out: Page = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Set every claim beside what the record says: agrees, loose, differs or unknown."""

    def action() -> int:
        from karvan.cli.actions.claims import show_claims
        from karvan.cli.actions.evidence import Request

        return show_claims(door, Request(corridor, known, run, out))

    door = Door("claims", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("monitor", short_help="Targets beside the record: last figure, trend, on track or not")
def monitor_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    known: Known = "",
    run: Model = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Set every target beside its last figure, the trend with its band and, with a run, the model."""

    def action() -> int:
        from karvan.cli.actions.evidence import Request
        from karvan.cli.actions.monitor import show_targets

        return show_targets(door, Request(corridor, known, run))

    door = Door("monitor", as_json, quiet, debug)
    return attempt(door, action)


@commands.command("brief", short_help="The state of cooperation as known on a day, every figure with its source")
def brief_command(
    corridor: CorridorName = DEFAULT_CORRIDOR,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="YYYY-MM-DD; nothing published later enters; else today")
    ] = "",
    run: Model = "",
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="write a page (.html) or Markdown (.md)")] = "",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Tell meetings, organisations, trade, cargo, ports, railways, energy, funds, agreements and outlook of a day."""

    def action() -> int:
        from karvan.cli.actions.brief import Request, show_brief

        return show_brief(door, Request(corridor, as_of, run, out))

    door = Door("brief", as_json, quiet, debug)
    return attempt(door, action)
