"""Questions to the register as JSON: the rows of the verbs, without waiting for routes."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from karvan.register.compiled import moment, register_of
from karvan.register.members import members
from karvan.study.agreements.worth import compared, worth
from karvan.web import api
from karvan.web.desk import Desk
from karvan.web.register import ANSWERS
from tests.built_in import middle_corridor

PLACE = "/api/v1/register"
DAYS = {"on": "2024-08-01", "known": "2024-08-15"}


@pytest.fixture(scope="module", name="client")
def _client() -> TestClient:
    app = FastAPI()
    api.install(app, Desk(middle_corridor(), (2024, 2030)))
    return TestClient(app, raise_server_exceptions=False)


def test_members_are_those_of_the_verb(client: TestClient) -> None:
    told = client.get(f"{PLACE}/members", params={"name": "ШОС", **DAYS}).json()
    wanted = members(register_of(middle_corridor()), ["SCO"], moment("2024-08-01", "2024-08-15"))
    assert [row["party"] for row in told["tables"]["register.members"]] == wanted["party"].tolist()
    assert (told["on"], told["known"]) == ("2024-08-01", "2024-08-15")


@pytest.mark.parametrize("question", ANSWERS)
def test_every_question_answers_with_rows_known_by_the_day(question: str, client: TestClient) -> None:
    tables = client.get(f"{PLACE}/{question}", params=DAYS).json()["tables"]
    rows = [row for found in tables.values() for row in found]
    assert rows
    assert all(row.get("known_from") is None or row["known_from"] <= "2024-08-15" for row in rows)


def test_an_agreement_tells_its_steps_and_levers(client: TestClient) -> None:
    tables = client.get(f"{PLACE}/agreements/A04").json()["tables"]
    assert [row["status"] for row in tables["register.steps"]] == ["signed", "in_force"]
    assert len(tables["register.levers"]) == 3


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("members", {"name": "Atlantis"}),
        ("agreements/nothing", {}),
        ("members", {"on": "2024-02-30"}),
        ("wars", {}),
        ("agreements/A18", {"worth_in": "1800"}),
        ("agreements/A04", {"worth_in": "one"}),
        ("agreements/F01", {"worth_in": "2025"}),
    ],
)
def test_what_cannot_be_asked_is_told_and_is_no_fault(path: str, params: dict[str, str], client: TestClient) -> None:
    assert client.get(f"{PLACE}/{path}", params=params).status_code == 422


@pytest.mark.slow
def test_the_worth_of_an_agreement_is_that_of_the_command(client: TestClient) -> None:
    told = client.get(f"{PLACE}/agreements/A18", params={"worth_in": "2030"}).json()
    rows = told["tables"]["register.worth"]
    wanted = worth(compared(middle_corridor(), ["A18"], (2030,)), ["A18"])
    assert told["ok"]
    assert [row["part"] for row in rows] == pytest.approx(wanted["part"].tolist())
    assert {row["agreement"] for row in rows} == {"A18"}
