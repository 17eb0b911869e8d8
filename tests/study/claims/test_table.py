"""Claims of a corridor beside its record: the built-in ones, and one with a question that cannot be asked."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from karvan.corridor.outcome import Outcome, Provenance, outcome_table
from karvan.errors import DataError
from karvan.schema.tables import table
from karvan.study.claims.table import claims
from tests.built_in import middle_corridor

COMPARED = table("record.comparison", "outcomes").column_names
FACTS = Path(__file__).resolve().parents[4] / "shared" / "facts" / "trade" / "claims.csv"


@cache
def judged(known: str = "") -> pd.DataFrame:
    """The claims of the built-in corridor by identifier."""
    return claims(middle_corridor(), known).set_index("claim")


def test_most_verdicts_are_those_of_the_dossier() -> None:
    if not FACTS.exists():
        pytest.skip("the facts do not lie beside the repository")
    with FACTS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["checkable"].startswith("no")]
    wanted = pd.Series({row["id"]: row["verdict_vs_other_sources"].split()[0] for row in rows})
    found = judged()["verdict"].replace("loose", "differs").loc[wanted.index]
    assert len(wanted) == 61
    assert (found == wanted).mean() >= 0.95


def test_every_claim_is_judged_and_every_verdict_but_unknown_rests_on_sources() -> None:
    told = judged()
    assert len(told) == 68
    assert (told.loc[told["checkable"] == "no", "verdict"] == "unknown").all()
    assert (told.loc[told["verdict"] != "unknown", "sources"] != "").all()


def test_no_verdict_outlives_its_evidence() -> None:
    world = middle_corridor()
    decided = judged().query("verdict != 'unknown'").index
    names = ("observations", "events", "memberships", "agreements", "organisations")
    bare = claims(world.replace(**{name: world[name].head(0) for name in names})).set_index("claim")
    assert len(decided) > 50
    assert (bare.loc[decided, "verdict"] == "unknown").all()


def test_the_order_of_rows_changes_no_verdict() -> None:
    world = middle_corridor()
    names = ("observations", "events", "memberships", "agreements", "sources")
    mixed = {name: world[name].sample(frac=1.0, random_state=3).reset_index(drop=True) for name in names}
    turned = claims(world.replace(**mixed)).set_index("claim")
    pd.testing.assert_series_equal(turned["verdict"], judged()["verdict"])


def test_what_a_claim_says_of_itself_is_no_evidence() -> None:
    told = judged()
    assert not any(own in sources.split("|") for own, sources in zip(told["said_by"], told["sources"], strict=True))


def test_a_changed_observation_turns_a_verdict_of_the_corridor() -> None:
    world = middle_corridor()
    record = world["observations"].copy()
    claim = judged().index[judged()["text"].str.startswith("Nearly 2.8 Mt")][0]
    where = (record["indicator"] == "titr_tonnes") & (record["year"] == 2023) & (record["period"] == "Y")
    record.loc[where, "value"] *= 2.0
    turned = claims(world.replace(observations=record)).set_index("claim")
    assert (judged().loc[claim, "verdict"], turned.loc[claim, "verdict"]) == ("agrees", "differs")


def test_with_a_day_nothing_rests_on_a_source_of_later() -> None:
    day = "2024-08-15"
    later = middle_corridor()["sources"].loc[lambda rows: rows["published"] > day, "source"]
    used = {source for cell in judged(day)["sources"] for source in cell.split("|") if source}
    assert len(used) > 10
    assert used.isdisjoint(set(later))


def test_a_claim_that_asks_a_column_that_is_not_there_is_named() -> None:
    world = middle_corridor()
    wrong = world["claims"].head(2).assign(table="events", where="nobody=Aliyev")
    with pytest.raises(DataError, match=str(wrong["claim"].iloc[0])):
        claims(world.replace(claims=wrong))


def test_the_model_stands_beside_the_record_and_turns_no_verdict() -> None:
    world = middle_corridor()
    claim = judged().index[judged()["text"].str.startswith("2023 corridor volume")][0]
    record = world["observations"]
    rows = record.loc[(record["indicator"] == "titr_tonnes") & (record["period"] == "Y") & record["preferred"]]
    rows = rows.loc[rows["year"].isin((2022, 2023)) & (rows["status"] == "observed")]
    figures = rows.assign(observed=rows["value"], modelled=rows["year"].map({2022: 1.0, 2023: 1.5}), ratio=1.0)
    comparison = outcome_table("record.comparison", figures.assign(part="none")[list(COMPARED)])
    run = Outcome("run", {"record.comparison": comparison}, Provenance("0", "c", "base", {}))
    told = claims(world, outcome=run).set_index("claim")
    assert told.loc[claim, "model"] == "50"
    assert told.loc[claim, "verdict"] == judged().loc[claim, "verdict"]
