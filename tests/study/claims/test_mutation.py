"""Every decided claim of the built-in corridor: what the record would have to say for another verdict."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.study.claims.evidence import evidence
from karvan.study.claims.table import claims
from karvan.study.claims.verdict import figure
from tests.built_in import middle_corridor

LINEAR = ("last", "sum", "mean", "max", "min")
FAR = {"at_least": 1e-3, "at_most": 1e3, "equal": 1e3}


def asking(aggregates: tuple[str, ...], *, of_record: bool) -> list[pd.Series]:
    """The claims that are decided by such an aggregate, of figures of the record or of names and dates elsewhere."""
    world = middle_corridor()
    decided = claims(world)["verdict"] != "unknown"
    rows = world["claims"]
    chosen = decided & rows["aggregate"].isin(aggregates) & ((rows["table"] == "observations") == of_record)
    return [claim for _, claim in rows.loc[chosen].iterrows()]


def turned(claim: pd.Series, cells: pd.Series | float | str) -> str:
    """The verdict once the cells that decide a claim hold something else."""
    world = middle_corridor()
    frame = world[claim["table"]].copy()
    frame.loc[evidence(world, claim, "").index, claim["column"]] = cells
    one = world["claims"].loc[world["claims"]["claim"] == claim["claim"]]
    return str(claims(world.replace(**{claim["table"]: frame}, claims=one))["verdict"].iloc[0])


FIGURES, GROWTHS = asking(LINEAR, of_record=True), asking(("growth", "ratio"), of_record=True)
NAMES = asking(LINEAR, of_record=False)


@pytest.mark.parametrize("claim", FIGURES, ids=lambda claim: claim["claim"])
def test_figures_brought_to_what_was_said_agree_and_far_from_it_differ(claim: pd.Series) -> None:
    rows = evidence(middle_corridor(), claim, "")
    found = figure(claim, rows, "value")
    assert found
    agreeing = rows["value"] * float(claim["value"]) / found
    assert turned(claim, agreeing) == "agrees"
    assert turned(claim, agreeing * FAR[claim["relation"]]) == "differs"


@pytest.mark.parametrize("claim", GROWTHS, ids=lambda claim: claim["claim"])
def test_a_growth_that_did_not_come_differs(claim: pd.Series) -> None:
    assert turned(claim, 5.0) == "differs"


@pytest.mark.parametrize("claim", NAMES, ids=lambda claim: claim["claim"])
def test_names_dates_and_counts_brought_to_what_was_said_agree_and_others_differ(claim: pd.Series) -> None:
    as_said = int(claim["value"]) if claim["column"] == "count" else str(claim["value"])
    assert turned(claim, as_said) == "agrees"
    assert turned(claim, 1066 if claim["column"] == "count" else "1066") == "differs"


def test_most_claims_of_the_record_are_turned_here() -> None:
    assert (len(FIGURES), len(GROWTHS), len(NAMES)) >= (12, 2, 12)
