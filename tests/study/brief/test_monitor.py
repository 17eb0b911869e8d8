"""Targets beside the record: each status, what is known when, and the model's figure."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome, Provenance
from karvan.errors import DataError
from karvan.study.brief.monitor import monitor
from tests.built_in import middle_corridor
from tests.report.made import rows
from tests.worlds import frame, two_links

TARGET = {"target": "t", "where": "indicator=tonnes", "value": 100.0, "unit": "kt", "due": 2026, "made": "2020"}


def world(values: dict[int, float], **changes: object) -> Corridor:
    """A corridor with one target and yearly figures, each published on the first of February after its year."""
    figure = {"indicator": "tonnes", "subject": "all", "period": "Y", "unit": "kt", "status": "observed", "source": "s"}
    dated = {year: f"{year + 1}-02-01" for year in values}
    told = [{**figure, "year": y, "value": v, "preferred": True, "published": dated[y]} for y, v in values.items()]
    target = {"direction": "at_least", "source": "s", "name": "more", **TARGET, **changes}
    return two_links().replace(
        targets=frame("targets", [target]),
        observations=frame("observations", told),
        sources=frame("sources", [{"source": "s", "citation": "S"}]),
    )


@pytest.mark.parametrize(
    ("values", "changes", "told"),
    [
        ({2023: 50.0, 2024: 101.0}, {}, "met"),
        ({2025: 120.0, 2026: 99.0}, {}, "missed"),
        ({2026: 101.0, 2027: 80.0}, {}, "met"),
        ({2021: 40.0, 2022: 50.0, 2023: 60.0, 2024: 75.0}, {}, "on_track"),
        ({2021: 40.0, 2022: 60.0, 2023: 45.0, 2024: 60.0}, {}, "at_risk"),
        ({2021: 60.0, 2022: 61.0, 2023: 62.0, 2024: 63.0}, {}, "off_track"),
        ({2023: 50.0, 2024: 60.0}, {}, "no_trend"),
        ({2022: 40.0, 2023: 50.0, 2024: 60.0}, {"due": 2030}, "no_trend"),
        ({2024: 60.0}, {"due": None}, "open"),
        ({}, {}, "unmeasured"),
        ({2022: 60.0, 2023: 50.0, 2024: 41.0}, {"direction": "at_most", "value": 30.0}, "on_track"),
        ({2022: 60.0, 2024: 29.0}, {"direction": "at_most", "value": 0.5, "base_year": 2022}, "met"),
        ({2024: 29.0}, {"value": 2.0, "base_year": 2022}, "unmeasured"),
    ],
)
def test_the_status_of_a_target_follows_from_its_figures(
    values: dict[int, float], changes: dict[str, object], told: str
) -> None:
    assert monitor(world(values, **changes))["status"].tolist() == [told]


def test_figures_and_targets_of_later_are_not_known() -> None:
    values = {2021: 40.0, 2022: 50.0, 2023: 200.0}
    told = monitor(world(values), "2023-12-31")
    assert told[["last", "last_year", "figures"]].to_numpy().tolist() == [[50.0, 2022, 2]]
    assert monitor(world(values, made="2024-01-01"), "2023-12-31").empty


def test_figures_of_another_unit_or_of_part_of_a_year_do_not_measure_a_target() -> None:
    made = world({2023: 50.0, 2024: 60.0})
    for name, cells in (("unit", ["kt", "Mt"]), ("period", ["Y", "H1"]), ("status", ["observed", "plan"])):
        record = made["observations"].copy()
        record[name] = cells
        assert monitor(made.replace(observations=record))["last_year"].tolist() == [2023]


def test_a_run_tells_its_figure_for_the_year_a_target_is_due() -> None:
    indicator = {"indicator": "tonnes", "table": "freight.gateways", "column": "kt", "unit": "kt", "aggregate": "sum"}
    made = world({2024: 60.0}).replace(indicators=frame("indicators", [{**indicator, "scale": 2.0}]))
    flows = rows("freight.gateways", {"year": 2026, "gateway_group": "g", "kt": 40.0})
    run = Outcome("run", {"freight.gateways": flows}, Provenance("0", "c", "base", {}))
    assert monitor(made, outcome=run)["modelled"].tolist() == [80.0]
    assert pd.isna(monitor(made)["modelled"].iloc[0])


def test_a_target_that_asks_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(DataError, match=r"target t: .*nobody"):
        monitor(world({2024: 60.0}, where="nobody=1"))


def test_the_targets_of_the_corridor_are_measured_as_the_record_has_it() -> None:
    told = monitor(middle_corridor()).set_index("target")
    assert dict(told.loc["C_A66", ["last", "last_year"]]) == {"last": 77000.0, "last_year": 2025}
    assert told.loc["titr_tonnes_2024", "status"] == "met"
    assert told.loc["green_export_4gw", "status"] == "unmeasured"
    assert told.loc["C_A39", "status"] == "missed"
    assert told.loc["C_A33", "status"] == "met"
    assert (told["sources"] != "").sum() >= 20


COMMITMENT = {"commitment": "c", "agreement": "a", "description": "more", "quantity": 90.0, "unit": "kt", "scale": 1.0}


def test_a_commitment_that_figures_measure_is_a_target_by_the_name_of_its_agreement() -> None:
    promised = {**COMMITMENT, "where": "indicator=tonnes", "direction": "at_least", "made": "2020", "due": "2025/2026"}
    signed = {"agreement": "a", "from": "2020", "name": "Pact", "kind": "treaty", "status": "signed", "source": "s"}
    unmeasured = {**promised, "commitment": "d", "where": ""}
    made = world({2024: 60.0, 2026: 95.0}).replace(
        commitments=frame("commitments", [{**row, "source": "s"} for row in (promised, unmeasured)]),
        agreements=frame("agreements", [signed]),
    )
    told = monitor(made)
    assert told["target"].tolist() == ["t", "c"]
    assert [told[column].iloc[1] for column in ("name", "due", "status")] == ["Pact: more", 2026, "met"]
