"""The page of a brief: one self-contained HTML text, two to three sheets of paper, that asks nothing from outside."""

from __future__ import annotations

from markupsafe import Markup

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import charts
from karvan.report.brief.place_map import place_map
from karvan.report.brief.sheet import sheet
from karvan.report.page import own_text, template


def brief_page(corridor: Corridor, outcome: Outcome) -> str:
    """The page of a brief.

    Parameters
    ----------
    corridor
        The corridor the brief was made from.
    outcome
        Of ``karvan.study.brief.brief.brief``.

    Returns
    -------
    str
        A whole HTML document in UTF-8, without script and without any address that a browser would fetch by itself.
        Every text of a table is escaped; sources are linked only where their address begins with http.
    """
    told = sheet(corridor, outcome)
    drawn, missing = place_map(corridor, told.places)
    pictures = [
        (item.drawn, Markup(charts.record_chart(item.drawn)))  # noqa: S704  # escapes every name it writes
        for _, items in told.sections
        for item in items
        if item.drawn
    ]
    return template("karvan.report.brief", "brief.html.j2").render(
        style=Markup(own_text("karvan.report", "page.css") + own_text("karvan.report.brief", "brief.css")),  # noqa: S704  # our own files
        told=told,
        pictures=pictures,
        map=Markup(drawn),  # noqa: S704  # escapes every name it writes
        missing=missing,
        provenance=outcome.provenance,
    )
