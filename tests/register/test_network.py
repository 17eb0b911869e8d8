"""The network of parties: counted by hand on four countries, symmetric, blind to the order of rows."""

from __future__ import annotations

from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.register.compiled import moment, register_of
from karvan.register.network import network, ties, weights
from tests.built_in import middle_corridor
from tests.register.made import agreement, member, party, register

MEMBERS = [member("CLUB", key, "2010") for key in ("AAA", "BBB", "CCC")] + [
    member("NEW", "AAA", "2010"),
    member("NEW", "BBB", "2020"),
    member("NEW", "CCC", "2010", status="observer"),
]
ACCORDS = [agreement("T", "2015", "signed"), agreement("T", "2022", "ended"), agreement("U", "2015", "announced")]
PARTIES = [party(key, country) for key in ("T", "U") for country in ("AAA", "CCC")]


@pytest.mark.parametrize(
    ("day", "told"),
    [("2012-01-01", [1, 0, 1, 0, 1, 0]), ("2018-01-01", [1, 0, 1, 1, 1, 0]), ("2023-01-01", [2, 0, 1, 0, 1, 0])],
)
def test_shared_memberships_and_binding_agreements_are_counted(day: str, told: list[int]) -> None:
    rows = register(memberships=MEMBERS, agreements=ACCORDS, parties=PARTIES)
    pairs = ties(rows, moment(day)).sort_values(["party", "other"])
    assert pairs[["party", "other"]].to_numpy().tolist() == [["AAA", "BBB"], ["AAA", "CCC"], ["BBB", "CCC"]]
    assert pairs[["organisations", "agreements"]].to_numpy().ravel().tolist() == told


INSIDE = st.sets(st.tuples(st.sampled_from(["CLUB", "NEW"]), st.sampled_from(["AAA", "BBB", "CCC"])), min_size=1)


@settings(max_examples=25, deadline=None)
@given(INSIDE, st.randoms())
def test_ties_are_mutual_and_the_same_in_any_order_of_rows(inside: set[tuple[str, str]], chance: Random) -> None:
    rows = [member(body, key, "2010") for body, key in sorted(inside)]
    found = weights(register(memberships=rows), moment("2015-01-01"))
    assert (found.organisations == found.organisations.T).all()
    assert (np.diag(found.organisations) == 0).all()
    told = network(register(memberships=rows), [moment("2015-01-01").on], moment().known)
    chance.shuffle(rows)
    again = network(register(memberships=rows), [moment("2015-01-01").on], moment().known)
    pd.testing.assert_frame_equal(again, told)


def test_who_shares_nothing_is_a_group_alone_without_centrality() -> None:
    rows = [member("CLUB", "AAA", "2010"), member("CLUB", "BBB", "2010"), member("NEW", "CCC", "2010")]
    told = network(register(memberships=rows), [moment("2015-01-01").on], moment().known).set_index("party")
    assert told["group"].to_dict() == {"AAA": 1, "BBB": 1, "CCC": 2}
    assert told["centrality"].tolist() == pytest.approx([1.0, 1.0, 0.0])


def test_ties_of_the_named_are_told_alone() -> None:
    rows = register(memberships=MEMBERS)
    assert len(ties(rows, moment("2012-01-01"), ["Boland"])) == 2
    told = ties(rows, moment("2012-01-01"), ["Boland", "Coland"])
    assert told[["party", "other"]].to_numpy().tolist() == [["BBB", "CCC"]]


def test_without_members_there_is_no_network() -> None:
    assert network(register(), [moment("2015-01-01").on], moment().known).empty


def test_kazakhstan_and_its_neighbours_share_the_most_memberships_in_the_corridor() -> None:
    told = ties(register_of(middle_corridor()), moment("2024-08-15", "2024-08-15"))
    most = told.sort_values(["organisations", "party", "other"], ascending=[False, True, True]).iloc[0]
    assert (most["party"], most["other"]) == ("KAZ", "KGZ")
