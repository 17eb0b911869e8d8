"""The register of the built-in corridor against the rows of its compilers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.built_in import middle_corridor

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "trade"
KEYS = {"EUU": "EU", "ECO(org)": "ECO", "CA_Consultative_Meetings": "CACM"}
FIVE = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason="needs the compilers' fact files beside the repository")


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def written(date: str) -> str:
    """A span as the table writes it: the compilers also join two years by a hyphen."""
    return date.replace("-", "/") if len(date) == 9 else date


def test_every_standing_of_the_compilers_stands_with_its_date() -> None:
    rows = middle_corridor()["memberships"]
    told = set(zip(rows["organisation"], rows["party"], rows["from"], strict=True))
    wanted = {
        (KEYS.get(row["organisation"], row["organisation"]), KEYS.get(row["iso3_or_code"], row["iso3_or_code"]),
         written(row["start"]))
        for row in facts("memberships")
    }  # fmt: skip
    assert len(wanted) > 250
    assert wanted <= told


def test_every_party_to_an_agreement_stands() -> None:
    rows = middle_corridor()["parties"]
    told = set(zip(rows["agreement"], rows["party"], strict=True))
    for row in facts("agreements"):
        named = [KEYS.get(party, party) for party in row["parties"].split(";")]
        parties = {one for party in named for one in (FIVE if party == "CA5" else (party,))}
        assert {(row["id"], party) for party in parties} <= told, row["id"]


def test_every_trade_regime_stands_with_its_parties() -> None:
    world = middle_corridor()
    names = dict(zip(world["agreements"]["name"].str.replace("ü", "u"), world["agreements"]["agreement"], strict=True))
    elsewhere = {"Turkiye-Azerbaijan PTA protocol", "OTS Simplified Customs Corridor"}
    for row in facts("fta_register"):
        if row["agreement"] not in elsewhere:
            key = names[row["agreement"]]
            parties = world["parties"].loc[world["parties"]["agreement"] == key, "party"]
            assert {KEYS.get(party, party) for party in row["parties_iso3"].split(";")} == set(parties), key


def test_every_target_of_an_agreement_is_a_commitment_in_its_figure() -> None:
    rows = middle_corridor()["commitments"].set_index("agreement")
    in_boxes = {"A60", "A61", "A66"}  # the compilers count thousand TEU
    for row in facts("agreements"):
        if row["target_value"] and row["id"] != "A15":
            factor = 1000.0 if row["id"] in in_boxes else 1.0
            assert rows.loc[row["id"], "quantity"] == pytest.approx(float(row["target_value"]) * factor), row["id"]


def test_every_day_of_a_visit_or_summit_stands() -> None:
    told = set(middle_corridor()["events"]["date"])
    wanted = {row["date"] for row in facts("visits_summits") if "/" not in row["date"]}
    assert wanted <= told
