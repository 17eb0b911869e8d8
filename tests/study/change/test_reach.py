"""The way to a target on a small corridor: one lever by a root, projects by what they bring, or what stops it."""

from __future__ import annotations

import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Outcome
from karvan.errors import DataError
from karvan.study.change.reach import reach
from karvan.study.change.target import parse_target
from karvan.study.run import run
from tests.study.change.worlds import lever, narrow_strait
from tests.worlds import frame

BOXES = {
    "indicator": "boxes", "name": "Boxes by the strait", "subject": "Strait", "table": "freight.gateways",
    "where": "gateway_group=upper_sea", "column": "teu", "aggregate": "sum", "scale": 1.0, "unit": "TEU",
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> Corridor:
    """The narrow strait with a canal (2 % more), a dearer lock (4 % more) and a path that helps the other way."""
    projects = [
        {"project": key, "name": key.title(), "capex_musd": capex}
        for key, capex in (("CANAL", 300.0), ("LOCK", 900.0), ("PATH", 1.0))
    ]
    levers = [
        lever("L1", "project:CANAL", "resources", "resource=strait", "capacity_per_year", 1.02),
        lever("L2", "project:LOCK", "resources", "resource=strait", "capacity_per_year", 1.04),
        lever("L3", "project:PATH", "links", "link=to_lower", "hours", 0.99),
    ]
    tables = {"projects": frame("projects", projects), "levers": frame("levers", levers)}
    return narrow_strait().replace(indicators=frame("indicators", [BOXES]), **tables)


def boxes(world: Corridor, *levers: Lever, include: tuple[str, ...] = ()) -> float:
    outcome = run(world, Scenario("tried", include=include, levers=levers), years=(2024,))
    rows = outcome["freight.gateways"]
    return float(rows.loc[rows["gateway_group"] == "upper_sea", "teu"].sum())


def chosen(answer: Outcome) -> list[str]:
    projects = answer["reach.projects"]
    return sorted(projects.loc[projects["chosen"], "project"])


def test_a_target_that_is_met_needs_nothing(world: Corridor) -> None:
    answer = reach(world, "boxes >= 5000", 2024)
    assert answer["reach.answer"]["met"].tolist() == [True]
    assert answer["reach.levers"].empty


@pytest.mark.parametrize(("boxes_wanted", "projects"), [(6100, ["CANAL"]), (6200, ["LOCK"]), (6300, ["CANAL", "LOCK"])])
def test_the_cheapest_project_that_is_enough_is_chosen_and_both_where_one_is_not(
    world: Corridor, boxes_wanted: int, projects: list[str]
) -> None:
    assert chosen(reach(world, f"boxes >= {boxes_wanted}", 2024)) == projects


def test_the_set_chosen_meets_the_target_and_none_of_it_can_be_spared(world: Corridor) -> None:
    answer = reach(world, "boxes >= 6300", 2024)
    names = [f"project:{name}" for name in chosen(answer)]
    assert boxes(world, include=tuple(names)) >= 6300
    assert all(boxes(world, include=tuple(n for n in names if n != spared)) < 6300 for spared in names)


def test_the_factor_of_a_lever_is_where_the_target_is_just_met(world: Corridor) -> None:
    levers = reach(world, "boxes >= 6300", 2024)["reach.levers"]
    row = levers.loc[levers["table"] == "resources"].iloc[0]
    assert row["meets"]
    wider = Lever("scenario:tried", "resources", "multiply", "capacity_per_year", float(row["factor"]),
                  (("resource", ("strait",)),))  # fmt: skip
    assert boxes(world, wider) == pytest.approx(6300, rel=1e-3)


def test_more_than_the_whole_market_is_not_reached_and_what_is_full_is_told(world: Corridor) -> None:
    answer = reach(world, "boxes >= 1 k TEU", 2024)
    assert answer["reach.answer"]["met"].tolist() == [True]
    never = reach(world, "boxes >= 50 k TEU", 2024)
    row = never["reach.answer"].iloc[0]
    assert not row[["met", "by_projects", "by_one_lever"]].any()
    assert row["unlimited"] < 50_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [("boxes", "bad target"), ("boxez >= 3", "did you mean 'boxes'"), ("boxes >= 3 Mt", "TEU or k TEU"),
     ("boxes[all] >= 3", "the beginning of one scope")],
)  # fmt: skip
def test_a_target_that_says_nothing_is_refused_with_what_would(world: Corridor, text: str, expected: str) -> None:
    with pytest.raises(DataError, match=expected):
        parse_target(world, text)
