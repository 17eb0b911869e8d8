"""Claims, targets and briefs as JSON, page and Markdown; a day that is none is refused."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from karvan.study.claims.table import claims
from karvan.web import api
from karvan.web.desk import Desk
from tests.built_in import middle_corridor
from tests.web.asking import Client


@pytest.fixture(scope="module", name="client")
def _client() -> Client:
    app = FastAPI()
    api.install(app, Desk(middle_corridor(), (2024,)))
    return Client(app)


def test_claims_are_those_of_the_verb_without_waiting_for_routes(client: Client) -> None:
    told = client.get("/api/v1/claims", params={"known": "2024-08-15"}).json()["rows"]
    assert [row["verdict"] for row in told] == claims(middle_corridor(), "2024-08-15")["verdict"].tolist()


def test_targets_tell_what_is_missing_as_null(client: Client) -> None:
    rows = {row["target"]: row for row in client.get("/api/v1/targets").json()["rows"]}
    assert rows["green_export_4gw"]["last"] is None
    assert rows["C_A66"]["wanted"] == 300000.0


@pytest.mark.parametrize(
    ("form", "begins"), [("json", '{"version"'), ("html", "<!doctype html>"), ("markdown", "# Trans-Caspian")]
)
def test_a_brief_comes_in_each_form(client: Client, form: str, begins: str) -> None:
    answer = client.get("/api/v1/brief", params={"as_of": "2024-08-15", "form": form})
    assert answer.status_code == 200
    assert answer.text.startswith(begins)


@pytest.mark.parametrize("asked", [{"as_of": "2024-13-01"}, {"form": "pdf"}])
def test_what_is_no_day_or_form_is_refused(client: Client, asked: dict[str, str]) -> None:
    assert client.get("/api/v1/brief", params=asked).status_code == 422
