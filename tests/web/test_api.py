"""The interface: what the page tells, as JSON; bad questions are told, never a fault."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from karvan.corridor.lever import Scenario
from karvan.study.run import run
from karvan.web import api
from karvan.web.desk import Desk
from karvan.web.plan import Plan, address
from tests.web.asking import Client
from tests.web.worlds import corridor, desk
from tests.worlds import YEAR

RUN = "/api/v1/run"


@pytest.fixture(scope="module", name="client")
def _client() -> Client:
    app = FastAPI()
    api.install(app, desk())
    return Client(app)


def test_a_run_tells_what_a_run_of_the_verb_tells(client: Client) -> None:
    told = client.post(RUN, json={"factors": {"capacity:berths": 0.5}}).json()
    plan = Plan(YEAR, factors=(("capacity:berths", 0.5),)).scenario(desk().ready.controls)
    (row,) = told["tables"]["freight.resources"]
    wanted = run(corridor(), plan)["freight.resources"].iloc[0]
    assert row["load"] == pytest.approx(wanted["load"], rel=1e-6)
    assert row["price_usd_per_unit"] == pytest.approx(wanted["price_usd_per_unit"], rel=1e-6)
    assert told["convergence"][0]["converged"]


def test_a_run_gives_back_the_scenario_that_makes_it(client: Client) -> None:
    first = client.post(RUN, json={"factors": {"border:all": 2.0}}).json()
    again = client.post(RUN, json={"scenario": first["scenario"]}).json()
    assert again["tables"] == first["tables"]


def test_tiles_of_the_base_tell_no_change(client: Client) -> None:
    assert [tile["delta"] for tile in client.post(RUN, json={}).json()["tiles"]] == [""] * 8


def test_a_table_comes_as_rows_and_as_csv_under_the_plan_of_an_address(client: Client) -> None:
    plan = address(Plan(YEAR, factors=(("capacity:berths", 0.5),)), desk().ready.controls)
    rows = client.get("/api/v1/tables/freight.resources", params={"plan": plan}).json()["rows"]
    assert rows[0]["capacity"] == 4000.0
    text = client.get("/api/v1/tables/freight.resources", params={"plan": plan, "csv": "true"}).text
    assert text.splitlines()[0].startswith("year,resource,unit,capacity")


def test_ways_between_two_places_add_up_to_one(client: Client) -> None:
    told = client.get("/api/v1/routes", params={"origin": "East", "destination": "west"}).json()
    assert sum(row["share"] for row in told["alternatives"]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"year": 1066}, "year"),
        ({"factors": {"capacity:nowhere": 1.0}}, "lever"),
        ({"scenario": "name = "}, "TOML"),
        ({"scenario": 'name = "x"\n[[levers]]\ntable = "demand"\ncolumn = "kt"\nmultiply = -1\n'}, ""),
    ],
)
def test_a_bad_plan_is_told_with_its_problems(client: Client, asked: dict[str, object], word: str) -> None:
    told = client.post(RUN, json=asked)
    assert told.status_code == 422
    assert told.json()["problems"]
    assert word in told.text


def test_a_place_that_does_not_exist_is_told(client: Client) -> None:
    assert client.get("/api/v1/routes", params={"origin": "nowhere", "destination": "west"}).status_code == 422


def test_a_desk_without_routes_says_when_to_ask_again() -> None:
    app = FastAPI()
    api.install(app, Desk(corridor(), (YEAR,)))
    assert Client(app).post(RUN, json={}).status_code == 425


def test_two_plans_do_not_see_each_other(client: Client) -> None:
    base = client.post(RUN, json={}).json()["tables"]
    client.post(RUN, json={"factors": {"capacity:berths": 0.1}})
    assert client.post(RUN, json={}).json()["tables"] == base
    assert Scenario() == Plan(YEAR).owners
