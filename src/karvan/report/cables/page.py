"""The page of a cable: one self-contained HTML text, without script, that asks nothing from outside."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import numbers
from karvan.report.cables.sheet import (
    COUNTRY,
    YEARS,
    Sheet,
    by_country,
    by_party,
    by_year,
    country_names,
    lines_of,
    money_chart,
    sheets_of,
    shown,
    sums,
    worst_failures,
)
from karvan.report.page import own_text, template

MOST_NAMED, MOST_FAILURES = 3, 12


def cable_pages(corridor: Corridor, outcome: Outcome) -> dict[str, str]:
    """A page for each project of which something was tried, by its key; variants stand on the page of their project.

    Parameters
    ----------
    corridor
        Gives names, prices, sources.
    outcome
        As :func:`karvan.study.power.sheets.cable_sheets` gives it.

    Returns
    -------
    dict
        Whole HTML documents in UTF-8; every text of a table is escaped, sources are linked only where their address
        begins with http.
    """
    return {sheet.key: _page(sheet) for sheet in sheets_of(corridor, outcome)}


def _page(sheet: Sheet) -> str:
    corridor, outcome, key = sheet.corridor, sheet.outcome, sheet.first
    project = sheet.project(key)
    tried = sheet.of("power.cables", key)
    last = int(tried["year"].max())
    sources = corridor["sources"].set_index("source")
    cited = sources.loc[str(project["source"])] if project["source"] in sources.index else None
    url = "" if cited is None else str(cited["url"])
    return template("karvan.report.cables", "cable.html.j2").render(
        style=Markup(own_text("karvan.report", "page.css") + own_text("karvan.report.cables", "cable.css")),  # noqa: S704  # our own files
        title=corridor.info.title or corridor.info.name,
        info=corridor.info,
        key=key,
        project=project,
        answer=_answer(sheet, key),
        variants=[{"key": k, "name": sheet.project(k)["name"], "lines": lines_of(corridor, k),
                   "capex": shown("", float(str(sheet.project(k)["capex_musd"])))} for k in sheet.keys],
        sums=sums(sheet),
        year_heads=list(YEARS.values()),
        by_year=by_year(sheet, key),
        last=last,
        country_heads=list(COUNTRY.values()),
        by_country=by_country(sheet, key, last),
        by_party=by_party(sheet, key),
        failed=_failed_in(sheet, key),
        failures=worst_failures(sheet, key, MOST_FAILURES),
        chart=money_chart(sheet, key),
        citation=str(project["source"]) if cited is None else str(cited["citation"]),
        url=url if url.lower().startswith(("https://", "http://")) else "",
        warnings=[text for text in outcome.warnings if any(text.startswith(f"{k}:") for k in sheet.keys)],
        provenance=outcome.provenance,
    )  # fmt: skip


def _failed_in(sheet: Sheet, key: str) -> list[int]:
    """Years in which its failure was tried; none where the outcome does not say so."""
    rows = sheet.of("power.cables", key)
    known = "power.cable_failures" in sheet.outcome.tables
    return sorted({int(year) for year in rows.loc[rows["test"] == "take_out", "year"]}) if known else []


def _answer(sheet: Sheet, key: str) -> list[tuple[str, str]]:
    """The cable in a few labelled lines."""
    project = sheet.project(key)
    found = {row["title"]: row["cells"] for row in sums(sheet)}
    at = sheet.keys.index(key)
    npv, rates, ratio, _, factor = (cells[at] for cells in found.values() if isinstance(cells, list))
    names = country_names(sheet.corridor)
    rows = sheet.of("appraisal.indicators", key).query("indicator == 'npv_musd' and party != 'all'")
    lands = set(sheet.of("power.cable_countries", key)["country"])
    ranked = rows.loc[rows["party"].isin(lands)].sort_values("value", ascending=False)
    gain = ranked.loc[ranked["value"] >= 1.0].head(MOST_NAMED)
    lose = ranked.loc[ranked["value"] <= -1.0].tail(MOST_NAMED).iloc[::-1]
    costs = [float(str(project[name])) for name in ("capex_musd", "opex_musd_per_year", "life_years")]
    comes_to = f"net present value {npv} million USD; rate of return {rates}; benefits {ratio} times costs"
    capex, upkeep, life = *(numbers.figure(value) for value in costs[:2]), f"{costs[2]:.0f}"
    return [
        ("What it is", "; ".join(lines_of(sheet.corridor, key)) or "no line stands in its levers"),
        ("Who builds it", f"{project['sponsor'] or 'not named'}; {project['status'] or 'status not named'}"),
        ("What it costs", f"{capex} million USD, upkeep {upkeep} a year, for {life} years"),
        ("What it comes to", comes_to),
        ("Where it breaks even", f"at {factor} times its capex"),
        ("Who gains most", _parties(gain, names)),
        ("Who loses most", _parties(lose, names)),
    ]


def _parties(rows: pd.DataFrame, names: dict[str, str]) -> str:
    """Countries with their present value."""
    found = zip(rows["party"].astype(str), rows["value"], strict=True)
    told = [f"{names.get(party, party)} {numbers.figure(float(value))}" for party, value in found]
    return ", ".join(told) or "nobody by a million"
