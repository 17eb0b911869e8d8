"""A second start: the session that kept routes give is the one that found them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from karvan.corridor.lever import Scenario
from karvan.errors import DataError
from karvan.study.live.kept import arrays_of, key_of, resume
from karvan.study.live.reaction import TABLES, react
from karvan.study.live.stage import begin, stage
from tests.worlds import YEAR, limit, y_corridor

CORRIDOR = y_corridor(resources=[limit("berths", 8000.0)])


def test_a_resumed_session_answers_with_the_very_numbers() -> None:
    first = begin(CORRIDOR, (YEAR,))
    again = resume(CORRIDOR, (YEAR,), arrays_of(first))
    answers = [react(live, stage(live, Scenario(), YEAR)) for live in (first, again)]
    for name in TABLES:
        pd.testing.assert_frame_equal(answers[0].tables[name], answers[1].tables[name], check_exact=True)


def test_the_key_tells_tables_years_and_code_apart() -> None:
    keys = {key_of(CORRIDOR, (YEAR,), "a"), key_of(CORRIDOR, (YEAR,), "b"), key_of(CORRIDOR, (YEAR, YEAR + 1), "a")}
    assert len(keys | {key_of(y_corridor(), (YEAR,), "a")}) == 4


@pytest.mark.parametrize("name", ["path_arcs", "pair_start", "pairs"])
def test_routes_of_another_network_are_refused(name: str) -> None:
    kept = arrays_of(begin(CORRIDOR, (YEAR,)))
    wrong = {**kept, name: kept[name][:-1] if name != "path_arcs" else kept[name] + np.int32(10_000)}
    with pytest.raises(DataError, match="kept"):
        resume(CORRIDOR, (YEAR,), wrong)
