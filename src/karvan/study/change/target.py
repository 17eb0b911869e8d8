"""A target that people state: an indicator, at least or at most, a value, a unit."""

from __future__ import annotations

import re
from typing import NamedTuple

from karvan.corridor.corridor import Corridor
from karvan.errors import DataError, Problem
from karvan.schema.nearest import did_you_mean, fold
from karvan.study.record import Indicator, indicators

_FORM = re.compile(r"\s*([\w.-]+)\s*(?:\[([^\]]*)\])?\s*(>=|<=)\s*([-+]?[\d_,]*\.?\d+(?:[eE][-+]?\d+)?)\s*(.*?)\s*")
_MULTIPLES = {"t": ("t", 1.0), "kt": ("t", 1e3), "Mt": ("t", 1e6), "TEU": ("TEU", 1.0), "k TEU": ("TEU", 1e3)}


class Target(NamedTuple):
    """An indicator that shall be at least (or at most) ``value``, in the indicator's own unit."""

    indicator: Indicator
    value: float
    at_least: bool

    def met(self, value: float) -> bool:
        """Whether a value meets the target."""
        return value >= self.value if self.at_least else value <= self.value

    def gap(self, value: float) -> float:
        """What is missing, in the indicator's unit; 0 or less where the target is met."""
        return self.value - value if self.at_least else value - self.value


def parse_target(corridor: Corridor, text: str) -> Target:
    """A target from ``INDICATOR >= VALUE UNIT`` or ``INDICATOR[SCOPE] <= VALUE UNIT``.

    Where an indicator has several scopes and none is named, it is the one that was observed last. A beginning of a
    scope is enough. Tonnes and boxes may be told in thousands or millions; without a unit it is the indicator's.

    Raises
    ------
    DataError
        If the text is nothing of the kind, or names what the corridor does not have; near names are suggested.
    """
    read = _FORM.fullmatch(text)
    if read is None:
        raise _refused(text, "INDICATOR >= VALUE UNIT, as in 'port_tonnes >= 10 Mt'")
    key, scope, sign, number, unit = read.groups()
    indicator = indicator_named(corridor, key, scope)
    value = float(number.replace("_", "").replace(",", ""))
    return Target(indicator, value * _factor(unit or indicator.unit, indicator.unit), sign == ">=")


def indicator_named(corridor: Corridor, key: str, scope: str | None = None) -> Indicator:
    """The indicator of a key, and of the beginning of a scope; without a scope the one that was observed last.

    Raises
    ------
    DataError
        If there is none; near names are suggested.
    """
    known = indicators(corridor)
    named = [each for each in known if fold(each.indicator) == fold(key)]
    if not named:
        keys = sorted({each.indicator for each in known})
        raise _unknown(key, "an indicator of the corridor", did_you_mean(key, keys) or f"there are {', '.join(keys)}")
    return _of_scope(corridor, named, scope)


def _of_scope(corridor: Corridor, named: list[Indicator], scope: str | None) -> Indicator:
    """The indicator of a scope, or the one whose scope was observed last."""
    if scope:
        fitting = [each for each in named if fold(each.scope).startswith(fold(scope))]
        if len(fitting) != 1:
            scopes = "; ".join(each.scope for each in named)
            raise _unknown(scope, "the beginning of one scope", f"there are: {scopes}")
        return fitting[0]
    rows = corridor["observations"]
    rows = rows.loc[rows["indicator"] == named[0].indicator]
    last = rows.groupby("scope")["year"].max().to_dict()
    return max(named, key=lambda each: int(last.get(each.scope, 0)))


def _factor(unit: str, own: str) -> float:
    """What a value is multiplied by to be in the indicator's unit."""
    if unit == own:
        return 1.0
    given, wanted = _MULTIPLES.get(unit), _MULTIPLES.get(own)
    if given is None or wanted is None or given[0] != wanted[0]:
        told = [name for name, (kind, _) in _MULTIPLES.items() if wanted and kind == wanted[0]] or [own]
        raise _refused(unit, f"the unit {own}", f"write it in {' or '.join(told)}")
    return given[1] / wanted[1]


def _unknown(value: str, expected: str, remedy: str) -> DataError:
    return DataError(problems=[Problem("unknown indicator", value=value, expected=expected, remedy=remedy)])


def _refused(value: str, expected: str, remedy: str = "") -> DataError:
    return DataError(problems=[Problem("bad target", column="TARGET", value=value, expected=expected, remedy=remedy)])
