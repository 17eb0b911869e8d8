"""Laws of briefs: what came out later never enters, whatever it says and in whatever order it stands."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.corridor.corridor import Corridor
from karvan.study.brief.brief import brief
from tests.worlds import frame, two_links

DAYS = st.dates(min_value=pd.Timestamp("2019-01-01").date(), max_value=pd.Timestamp("2026-12-31").date())
TEXTS = DAYS.map(lambda day: day.isoformat())
ROWS = st.lists(st.tuples(st.integers(2018, 2026), st.floats(0.1, 9e3), TEXTS, TEXTS), min_size=1, max_size=8)
SHOWN = {
    "observations": "each",
    "events": "latest",
    "memberships": "parties",
    "agreements": "latest",
    "targets": "latest",
}


def world(rows: list[tuple[int, float, str, str]]) -> Corridor:
    """A corridor whose record and register tell of the same rows: year, figure, first day, day of publication."""
    figures, events, members, agreements, targets = [], [], [], [], []
    for n, (year, value, begun, published) in enumerate(rows):
        known = {"source": "s", "confidence": "high", "published": published}
        figure = {"indicator": "tonnes", "subject": f"of {n}", "period": "Y", "unit": "kt", "status": "observed"}
        figure["published_basis"] = "source"
        figures.append({**figure, **known, "year": year, "value": value, "preferred": True})
        events.append({"event": f"e{n}", "kind": "visit", "date": begun, "title": f"{value}", **known})
        status = "member" if n % 2 else "observer"
        members.append({"organisation": "X", "party": "ABC"[n % 3], "from": begun, "status": status, **known})
        agreement = {"agreement": "AB"[n % 2], "from": begun, "name": f"{value}", "kind": "treaty", "status": "signed"}
        agreements.append({**agreement, **known})
        target = {"target": f"t{n}", "name": "more", "where": "indicator=tonnes", "value": value, "unit": "kt"}
        targets.append({**target, "direction": "at_least", "due": year, "made": begun, **known})
    items = [{"item": name, "section": name, "table": name, "show": how, "most": 50} for name, how in SHOWN.items()]
    claim = {"claim": "c", "table": "observations", "where": "indicator=tonnes", "column": "value", "value": "100"}
    judged = {"aggregate": "sum", "relation": "equal", "scale": 1.0, "said_on": "2019", "checkable": "yes"}
    return two_links().replace(
        observations=frame("observations", figures),
        events=frame("events", events),
        memberships=frame("memberships", members).drop_duplicates(["party", "from"]),
        agreements=frame("agreements", agreements).drop_duplicates(["agreement", "from"]),
        targets=frame("targets", targets),
        claims=frame("claims", [{**claim, **judged, "source": "w"}]),
        brief=frame("brief", items),
        sources=frame("sources", [{"source": key, "citation": key} for key in "sw"]),
    )


@pytest.mark.slow
@given(ROWS, TEXTS, st.randoms())
@settings(deadline=None, max_examples=25)
def test_a_brief_is_that_of_a_corridor_which_ends_on_its_day(
    rows: list[tuple[int, float, str, str]], day: str, chance: object
) -> None:
    whole = world(rows)
    told = brief(whole, day)
    cut = {name: whole[name].loc[whole[name]["published"] <= day] for name in SHOWN}
    mixed = {name: table.sample(frac=1.0, random_state=hash(str(chance)) % 97) for name, table in cut.items()}
    again = brief(whole.replace(**mixed), day)
    pd.testing.assert_frame_equal(again["brief.lines"], told["brief.lines"])
    pd.testing.assert_frame_equal(again["record.claims"], told["record.claims"])
    assert (told["brief.lines"]["published"] <= day).all()
