"""The card of what is chosen: what a zone exchanges, and what was published about a thing beside the model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.study.live.reaction import Reaction, react
from karvan.study.live.stage import begin, stage
from karvan.study.live.zone import on_links, ways_of
from karvan.study.record import indicators
from karvan.web.page.cards.card import Chosen, card
from karvan.web.page.cards.history import is_about
from karvan.web.view import trail
from tests.worlds import YEAR, frame, limit, y_corridor

GROUPS = {"gateway_group": {"upper_sea"}}


def _indicator(where: str) -> Mapping[str, object]:
    return {"indicator": "volume", "name": "By sea", "subject": where, "table": "freight.gateways", "where": where,
            "column": "kt", "aggregate": "sum", "scale": 1.0, "unit": "kt", "tolerance": 0.25}  # fmt: skip


def _seen(year: int, value: float) -> Mapping[str, object]:
    return {"indicator": "volume", "subject": "gateway_group=upper_sea", "year": year, "period": "Y", "value": value,
            "unit": "kt", "status": "observed", "preferred": True, "published": f"{year + 1}-01-30",
            "published_basis": "assumed"}  # fmt: skip


@cache
def _answered() -> tuple[Corridor, Reaction]:
    made = y_corridor(resources=[limit("berths", 8000.0)]).replace(
        indicators=frame("indicators", [_indicator("gateway_group=upper_sea")]),
        observations=frame("observations", [_seen(YEAR - 1, 70.0), _seen(YEAR, 80.0)]),
    )
    live = begin(made, (YEAR,))
    return made, react(live, stage(live, Scenario(), YEAR))


def _card(kind: str, key: str) -> dict[str, Any]:
    corridor, reaction = _answered()
    told = card(corridor, reaction, reaction, Chosen(kind, key))
    assert told is not None
    return told


def test_a_zone_tells_its_demand_what_is_served_and_to_whom() -> None:
    rows = {row[0]: row[1:] for row in _card("place", "east")["rows"]}
    assert rows["Demand sent"][0] == "120 kt"
    assert rows["Demand sent"][1].endswith("served")
    assert any(head.startswith("to ") for head in rows)
    assert "Demand received" not in rows


def test_the_ways_of_a_zone_share_all_that_is_served_among_them() -> None:
    (ways,) = _card("place", "east")["ways"]
    reaction = _answered()[1]
    found = ways_of(reaction, "east", "origin")
    passed = reaction.gateways.groupby("gateway_group")["kt"].sum().to_dict()
    assert found["kt"].sum() == pytest.approx(reaction.pairs["served_kt"].sum())
    assert {way[0]: kt for way, kt in zip(found["way"], found["kt"], strict=True)} == pytest.approx(passed)
    assert ways["head"] == "Ways of what is sent"
    assert float(ways["rows"][0][0].removesuffix(" %")) == pytest.approx(100.0 * found["share"].iloc[0], abs=0.51)


def test_links_carry_what_a_zone_sends_wherever_it_goes() -> None:
    reaction = _answered()[1]
    carried = reaction.flows.groupby("link")["kt"].sum()
    pd.testing.assert_series_equal(on_links(reaction, "east"), carried, check_names=False)
    assert set(trail(reaction, "east")) == set(carried.index)
    assert trail(reaction, "fork") == {}


def test_a_place_without_demand_tells_none() -> None:
    told = _card("place", "fork")
    assert told["demand"] is None
    assert not any(row[0].startswith("Demand") for row in told["rows"])


def test_the_record_of_a_link_stands_beside_the_model_of_the_year_shown_alone() -> None:
    (told,) = _card("link", "upper_ship")["history"]
    gateways = _answered()[1].gateways
    modelled = float(gateways.loc[gateways["gateway_group"] == "upper_sea", "kt"].sum())
    assert told["rows"][0] == [YEAR - 1, 70.0, None, None, "observed"]
    assert told["rows"][1][:2] == [YEAR, 80.0]
    assert told["rows"][1][2] == pytest.approx(modelled, abs=1e-4)
    assert modelled > 0


def test_a_link_of_another_gateway_has_no_history() -> None:
    assert _card("link", "lower_ship")["history"] == []


def test_a_total_over_two_gateways_is_the_history_of_neither() -> None:
    corridor = _answered()[0].replace(
        indicators=frame("indicators", [_indicator("gateway_group=upper_sea"), _indicator("gateway_group=a|upper_sea")])
    )
    assert [is_about(row, GROUPS) for row in indicators(corridor)] == [True, False]
