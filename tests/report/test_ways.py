"""The ways between two regions: each box once, means over boxes, waits and prices beside the freight."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report.ways import main_ways, told_ways
from tests.report.made import corridor, outcome, rows
from tests.worlds import YEAR, frame

PAIR = {"year": YEAR, "origin": "east", "destination": "west", "commodity": "goods", "handling_class": "container"}
WAY = {**PAIR, "usd_per_t": 100.0, "usd_per_feu": 2000.0}


def _world() -> Corridor:
    regions = [{"country": "AAA", "name": "A", "region": "Orient"}, {"country": "BBB", "name": "B", "region": "Europe"}]
    return corridor().replace(countries=frame("countries", regions))


def _with(*ways: dict[str, object]) -> Outcome:
    made = outcome()
    return Outcome("made", {**made.tables, "freight.routes": rows("freight.routes", *ways)}, made.provenance)


def test_boxes_are_counted_once_by_the_gateway_that_names_their_way() -> None:
    first = {**WAY, "route": 1, "gateways": "inland>crossing", "kt": 30.0, "hours": 240.0, "wait_hours": 48.0}
    second = {**WAY, "route": 2, "gateways": "", "kt": 10.0, "hours": 480.0}
    ways = main_ways(_with(first, second), _world(), YEAR)
    assert ways is not None
    assert (ways.origin, ways.destination) == ("Orient", "Europe")
    assert ways.table["way"].tolist() == ["crossing", ""]
    assert ways.table["teu"].tolist() == pytest.approx([3000.0, 1000.0])  # 20 t an FEU, two TEU each
    assert ways.table["days"].tolist() == pytest.approx([10.0, 20.0])
    assert ways.table["wait_days"].tolist() == pytest.approx([2.0, 0.0])


def test_days_and_money_of_a_way_are_means_over_its_boxes() -> None:
    cheap = {**WAY, "route": 1, "gateways": "crossing", "kt": 30.0, "hours": 240.0}
    dear = {**cheap, "route": 2, "kt": 10.0, "hours": 480.0, "usd_per_feu": 4000.0, "usd_per_t": 200.0}
    ways = main_ways(_with(cheap, {**dear, "scarcity_usd_per_t": 40.0}), _world(), YEAR)
    assert ways is not None
    (row,) = ways.table.to_dict("records")
    assert (row["share"], row["days"], row["usd_per_feu"], row["scarcity_usd_per_feu"]) == (1.0, 12.5, 2500.0, 200.0)


def test_the_pair_of_regions_is_the_one_with_the_most_boxes() -> None:
    there = {**WAY, "route": 1, "gateways": "crossing", "kt": 30.0}
    back = {**there, "origin": "west", "destination": "east", "kt": 31.0}
    ways = main_ways(_with(there, back), _world(), YEAR)
    assert ways is not None
    assert (ways.origin, ways.destination) == ("Europe", "Orient")


def test_no_ways_are_told_where_no_box_leaves_its_region() -> None:
    one = [{"country": key, "name": key, "region": "One"} for key in ("AAA", "BBB")]
    assert main_ways(outcome(), corridor().replace(countries=frame("countries", one)), YEAR) is None


def test_a_headline_is_told_in_its_order_however_little_uses_it() -> None:
    table = pd.DataFrame({"way": list("abcde"), "headline": [False, True, False, False, True]})
    assert told_ways(table, 3)["way"].tolist() == ["a", "b", "e"]
    assert told_ways(table, 9)["way"].tolist() == list("abcde")


def test_a_way_has_the_name_and_the_rank_that_the_corridor_gives_its_gateway() -> None:
    world = _world().replace(
        gateways=frame("gateways", [{"gateway_group": "crossing", "name": "The strait", "headline": True}])
    )
    ways = main_ways(_with({**WAY, "route": 1, "gateways": "crossing", "kt": 30.0}), world, YEAR)
    assert ways is not None
    (row,) = ways.table.to_dict("records")
    assert (row["name"], bool(row["headline"])) == ("The strait", True)
