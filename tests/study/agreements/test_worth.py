"""Levers and worth of agreements: read off a comparison, never a nought where the model has no lever."""

from __future__ import annotations

import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.errors import InfeasibleError
from karvan.study.agreements.worth import owners_with_levers, pulled, worth
from karvan.study.change.compare import CompareOptions, compare
from tests.worlds import YEAR, limit, y_corridor

LEVER = {"table": "resources", "where": "resource=berths", "column": "capacity_per_year", "operation": "multiply"}


def world() -> Corridor:
    levers: list[dict[str, object]] = [
        {"lever": "L1", "owner": "agreement:T", "value": "2", "from": str(YEAR), **LEVER},
        {"lever": "L2", "owner": "agreement:W", "value": "3", "from": str(YEAR), "pending": True, **LEVER},
    ]
    accords = [
        {"agreement": key, "from": "2020", "name": f"Accord {key}", "kind": "treaty", "status": "signed"}
        for key in "TVW"
    ]
    return y_corridor(resources=[limit("berths", 4000.0)], levers=levers, agreements=accords)


def test_levers_of_an_agreement_are_told_with_those_that_wait() -> None:
    assert pulled(world(), ["T", "W"])[["lever", "pending"]].to_numpy().tolist() == [["L1", False], ["L2", True]]


@pytest.mark.parametrize("keys", [["V"], ["W"], ["V", "W"]])
def test_without_a_lever_that_a_model_reads_there_is_no_worth(keys: list[str]) -> None:
    with pytest.raises(InfeasibleError, match="no lever that a model reads"):
        owners_with_levers(world(), keys)


def test_the_worth_of_the_only_agreement_is_the_whole_difference() -> None:
    asked = world()
    plan = Scenario(name="plan", include=owners_with_levers(asked, ["T", "V"]))
    found = compare(asked, Scenario(), plan, CompareOptions((YEAR,)))
    totals = found["compare.totals"].query("dimension == 'total'").set_index("measure")["difference"]
    told = worth(found, ["T", "V"]).set_index("measure")["part"]
    assert told.to_dict() == pytest.approx(totals[told.index].to_dict())
    assert told["welfare"] > 0.0
