"""What a cell of trade rests on: a memory is no report."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.corridor.reported import standing
from tests.built_in import middle_corridor


@pytest.mark.parametrize(
    ("basis", "source", "expected"),
    [
        ("exporter", "un_comtrade_penppml_2016", "reported"),
        ("reconciled", "civil_ge_2024_01_22_geostat", "reported"),
        ("exporter", "own_knowledge", "no source"),
        ("balanced", "own_estimate", "estimated"),
        ("filled", "un_comtrade_penppml_2016", "estimated"),
    ],
)
def test_a_cell_is_reported_only_where_its_report_can_be_looked_up(basis: str, source: str, expected: str) -> None:
    rows = pd.DataFrame({"basis": [basis], "source": [source]})
    assert standing(middle_corridor(), rows).tolist() == [expected]


def test_most_of_what_is_told_of_2023_is_from_memory() -> None:
    rows = middle_corridor()["trade"].query("year == 2023 and exporter != importer")
    musd = rows["musd"].groupby(standing(middle_corridor(), rows)).sum()
    assert 0.0 < musd["reported"] < 0.1 * musd["no source"] < musd["estimated"]
