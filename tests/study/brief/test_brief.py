"""The brief of the built-in corridor: every subject is told with a source, and nothing of later enters."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome, Provenance
from karvan.errors import DataError
from karvan.register.known import publication
from karvan.study.brief.brief import DATED, brief
from tests.built_in import middle_corridor
from tests.report.made import rows

DAY = "2024-08-15"
SUBJECTS = (
    "Meetings and visits", "Organisations", "Trade", "Corridor and cargo", "Ports", "Railways", "Fleet", "Energy",
    "Funds", "Agreements", "Outlook",
)  # fmt: skip


@cache
def told(day: str = DAY) -> Outcome:
    """The brief of a day."""
    return brief(middle_corridor(), day)


def spoilt(day: str) -> Corridor:
    """The corridor with every row that came out later damaged, as far as a text or figure of it can be."""
    world = middle_corridor()
    frames = {}
    for name in DATED:
        table = world[name].copy()
        later = publication(table, world["sources"])["day"] > day
        for column in ("value", "title", "status", "name", "text"):
            if column in table:
                cells = -7.0 if column == "value" and pd.api.types.is_float_dtype(table[column]) else "LATER"
                table.loc[later, column] = cells
        frames[name] = table.loc[~later | (table.index % 2 == 0)].reset_index(drop=True)
    return world.replace(**frames)


def test_every_subject_of_the_report_of_that_month_is_told() -> None:
    lines = told()["brief.lines"]
    assert tuple(dict.fromkeys(lines["section"])) == SUBJECTS
    assert (lines["sources"] != "").all()
    assert (lines["published"] != "").all()
    assert (lines["when"] != "").all()


def test_at_least_60_of_the_68_claims_have_a_sourced_figure_or_event_that_is_not_their_own() -> None:
    lines, claims = told()["brief.lines"], middle_corridor()["claims"]
    own = dict(zip(claims["claim"], claims["source"], strict=True))
    covered = {
        claim
        for cell, sources in zip(lines["claims"], lines["sources"], strict=True)
        for claim in cell.split("|")
        if claim and set(sources.split("|")) - {own[claim]}
    }
    assert len(own) == 68
    assert len(covered) >= 60


@pytest.mark.parametrize("day", ["2023-11-24", DAY, "2025-06-30"])
def test_nothing_published_later_enters_nor_moves_a_word(day: str) -> None:
    sources = middle_corridor()["sources"].set_index("source")["published"]
    lines = told(day)["brief.lines"]
    named = {key for cell in lines["sources"] for key in cell.split("|")}
    assert max(sources[list(named)]) <= day
    assert lines["published"].max() <= day
    again = brief(spoilt(day), day)
    for name in ("brief.lines", "record.claims", "record.monitor"):
        pd.testing.assert_frame_equal(again[name], told(day)[name])


def test_a_later_brief_knows_more() -> None:
    early, late = (set(told(day)["brief.lines"]["sources"]) for day in (DAY, "2026-11-24"))
    assert len(late - early) > 20
    assert len(told("2026-11-24")["record.monitor"]) > len(told()["record.monitor"])


def test_before_a_claim_was_made_it_is_not_told() -> None:
    assert brief(middle_corridor(), "2024-08-14")["record.claims"].empty
    assert len(told()["record.claims"]) == 68


def test_a_run_is_left_out_of_a_brief_older_than_what_it_rests_on() -> None:
    run = Outcome("run", {}, Provenance("0", "c", "base", {}))
    early, late = brief(middle_corridor(), DAY, run), brief(middle_corridor(), "2026-12-31", run)
    assert "run" not in early.provenance.options
    assert "left out" in early.warnings[0]
    assert late.provenance.options["run"] == "run"


def test_a_run_of_today_gives_a_path_to_every_chart_that_it_can() -> None:
    flows = rows("freight.gateways", *({"year": y, "gateway_group": "caspian_aktau", "kt": 1e3} for y in (2025, 2030)))
    run = Outcome("run", {"freight.gateways": flows}, Provenance("0", "c", "base", {}))
    path = brief(middle_corridor(), "2026-12-31", run)["brief.modelled"]
    assert path.loc[path["item"] == "tonnes", "year"].tolist() == [2025, 2030]
    assert path.loc[path["item"] == "tonnes", "value"].tolist() == [1.25, 1.25]
    assert brief(middle_corridor(), DAY, run)["brief.modelled"].empty


def test_an_item_that_asks_a_column_that_is_not_there_is_named() -> None:
    wrong = middle_corridor()["brief"].head(1).assign(where="nobody=1")
    with pytest.raises(DataError, match=r"brief\.csv: item meetings: .*nobody"):
        brief(middle_corridor().replace(brief=wrong), DAY)
