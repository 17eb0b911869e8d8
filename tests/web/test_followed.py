"""Figures followed over the years: the record keeps what is an estimate apart from what was observed."""

from __future__ import annotations

from typing import cast

from karvan.web.page import charts
from karvan.web.page.followed import followed
from tests.built_in import middle_corridor


def test_an_estimate_of_the_record_is_told_as_one() -> None:
    corridor = middle_corridor()
    rows = corridor["observations"].query("indicator == 'titr_containers' and preferred and period == 'Y'")
    status = {y: s for y, s in zip(rows["year"], rows["status"], strict=True) if y in range(2019, 2025)}
    boxes = next(f for f in followed(corridor, range(2019, 2025)) if "TITR boxes" in f.name)
    assert set(status.values()) == {"observed", "estimate"}
    assert {year: boxes.kind(year) for year in boxes.record} == status
    assert boxes.kind(1900) == ""


def test_a_chart_draws_estimates_apart_from_observations() -> None:
    chart = charts.history("boxes", [2023, 2024], [1.0, 2.0], [1.0, 2.0], {2023: 3.0, 2024: 4.0}, {2023})
    lines = cast("list[dict[str, object]]", chart["series"])
    points = {line["name"]: line["data"] for line in lines if line["type"] == "scatter"}
    assert points == {"record": [None, 4.0], "record, an estimate": [3.0, None]}
