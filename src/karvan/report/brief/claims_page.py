"""The page of claims: what was said, what the record and the model say, the verdict and the sources."""

from __future__ import annotations

from markupsafe import Markup

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report.brief.sheet import recorded
from karvan.report.page import own_text, template


def claims_page(corridor: Corridor, outcome: Outcome) -> str:
    """The page of ``record.claims``.

    Parameters
    ----------
    corridor
        Gives the title and the citations of sources.
    outcome
        Holds ``record.claims``; the column of the model stands where a figure of it does.

    Returns
    -------
    str
        A whole HTML document without script; every text of a table is escaped, sources are linked only where their
        address begins with http.
    """
    rows = outcome["record.claims"].to_dict("records")
    cited = corridor["sources"].set_index("source")
    counts = outcome["record.claims"]["verdict"].value_counts().sort_index()
    named = dict.fromkeys(key for row in rows for key in [row["said_by"], *row["sources"].split("|")] if key)
    sources = {key: (number, cited.loc[key].to_dict()) for number, key in enumerate(named, start=1)}
    return template("karvan.report.brief", "claims.html.j2").render(
        style=Markup(own_text("karvan.report", "page.css") + own_text("karvan.report.brief", "brief.css")),  # noqa: S704  # our own files
        title=corridor.info.title or corridor.info.name,
        rows=[{**row, "record": recorded(row)} for row in rows],
        counts=", ".join(f"{count} {word}" for word, count in counts.items()),
        modelled=any(row["model"] for row in rows),
        sources=sources,
        known=outcome.provenance.options.get("known", ""),
        run=outcome.provenance.options.get("run", ""),
        provenance=outcome.provenance,
    )
