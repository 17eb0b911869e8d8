"""Questions made up from the OpenAPI description: none is a fault of the server."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from karvan.web import api
from karvan.web.access import Access
from tests.web.worlds import desk

APP = FastAPI(openapi_url="/api/v1/openapi.json")
api.install(APP, desk())
SCHEMA = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP)


@pytest.mark.slow
@SCHEMA.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_question_is_a_fault(case: Any) -> None:
    case.call_and_validate(checks=[not_a_server_error])


def test_the_description_names_every_part_of_the_interface() -> None:
    paths = {path.removeprefix("/api/v1/") for path in APP.openapi()["paths"]}
    assert paths == {"corridor", "levers", "run", "tables/{name}", "routes", "claims", "targets", "brief",
                     "register/{question}", "register/agreements/{key}"}
    assert Access(APP).token is None
