"""Shapley's value and its stand-in, on games whose answers are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.study.change.attribution import REMAINDER, Coalition, attribute, coalitions, moved

Value = Callable[[Coalition], pd.Series]


def random_game(players: str, seed: int) -> Value:
    """Two measures of every coalition, drawn."""
    rng = np.random.default_rng(seed)
    worth = {c: rng.normal(size=2) for c in coalitions(players)}
    return lambda coalition: pd.Series(worth[coalition], index=["welfare", "served"])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 6), st.integers(0, 10**6))
def test_exact_parts_add_up_to_the_difference(count: int, seed: int) -> None:
    players = "abcdef"[:count]
    value = random_game(players, seed)
    split = attribute(players, value)
    whole = value(frozenset(players)) - value(frozenset())
    assert split.parts.sum(axis=1).to_numpy() == pytest.approx(whole.to_numpy(), abs=1e-9)


def test_the_glove_game_gives_the_rare_glove_four_sixths() -> None:
    # Shapley 1953: two left gloves, one right one; a pair is worth 1.
    def pairs(gloves: Coalition) -> pd.Series:
        return pd.Series({"worth": float("right" in gloves and len(gloves) > 1)})

    parts = attribute(["left", "other left", "right"], pairs).parts.loc["worth"]
    assert parts.to_dict() == pytest.approx({"left": 1 / 6, "other left": 1 / 6, "right": 4 / 6})


def test_who_brings_nothing_gets_nothing_and_equals_get_the_same() -> None:
    def worth(names: Coalition) -> pd.Series:
        return pd.Series({"worth": float(len(names - {"idle"})) ** 2})

    parts = attribute(["one", "two", "idle"], worth).parts.loc["worth"]
    assert parts.to_dict() == pytest.approx({"one": 2.0, "two": 2.0, "idle": 0.0})


def test_many_players_leave_a_remainder_that_is_seen() -> None:
    value = random_game("abcd", 3)
    split = attribute("abcd", value, most_exact=3)
    assert split.method == "first and last"
    assert REMAINDER in split.parts
    whole = value(frozenset("abcd")) - value(frozenset())
    assert split.parts.sum(axis=1).to_numpy() == pytest.approx(whole.to_numpy(), abs=1e-12)
    one = value(frozenset("a")) - value(frozenset()) + value(frozenset("abcd")) - value(frozenset("bcd"))
    assert split.parts["a"].to_numpy() == pytest.approx(one.to_numpy() / 2)


def test_a_measure_that_a_coalition_lacks_counts_as_nothing() -> None:
    split = attribute("a", lambda names: pd.Series({"rent": 5.0} if names else {"users": 1.0}))
    assert split.parts["a"].to_dict() == {"users": -1.0, "rent": 5.0}


def test_owners_that_both_have_are_no_players() -> None:
    assert moved({"history": 0, "b": 0}, {"history": 0, "a": 0}) == ("a", "b")
