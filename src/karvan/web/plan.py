"""What a session has set: year, owners, positions of sliders and loose levers; as a scenario, a file and an address.

A slider is an undated lever that multiplies; its position is the factor. Everything a session can set is a scenario, so
that the command line runs what the page shows.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from karvan.corridor.lever import Lever, Scenario
from karvan.errors import DataError, ScenarioError
from karvan.scenario.parse import parse_scenario
from karvan.scenario.text import scenario_text
from karvan.web.controls import Control

LARGEST_TEXT = 200_000
MOST_MOVED = 400
NAME = "plan"
Factors = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Plan:
    """The state of a session: ``factors`` are slider positions off 1, ``levers`` what no slider can show."""

    year: int
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    factors: Factors = ()
    levers: tuple[Lever, ...] = ()

    def moved_to(self, key: str, factor: float) -> Plan:
        """The plan with one slider elsewhere; a factor of 1 is where it began."""
        others = {name: value for name, value in self.factors if name != key}
        if factor != 1.0:
            others[key] = factor
        return replace(self, factors=tuple(sorted(others.items())))

    @property
    def owners(self) -> Scenario:
        """Owners and loose levers, without the sliders."""
        plain = not (self.include or self.exclude or self.levers)
        return Scenario() if plain else Scenario(NAME, "", self.include, self.exclude, self.levers)

    def moved(self, controls: Mapping[str, Control]) -> tuple[Lever, ...]:
        """The levers of the sliders that stand off 1."""
        return tuple(lever for key, factor in self.factors for lever in controls[key].levers(factor))

    def scenario(self, controls: Mapping[str, Control]) -> Scenario:
        """The whole plan as a scenario."""
        levers = (*self.levers, *self.moved(controls))
        return Scenario(NAME, "made on the page", self.include, self.exclude, levers)


def written(plan: Plan, controls: Mapping[str, Control]) -> str:
    """The plan as a scenario file."""
    return scenario_text(plan.scenario(controls))


def opened(text: str, year: int, controls: Mapping[str, Control]) -> Plan:
    """A plan from the text of a scenario file; levers that a slider can show become its position.

    Raises
    ------
    ScenarioError
        If the text is no scenario file, or larger than any that people write.
    """
    if len(text) > LARGEST_TEXT:
        raise ScenarioError(f"a scenario file of at most {LARGEST_TEXT:,} characters is read")
    scenario = parse_scenario(text, "scenario file")
    left, factors = list(scenario.levers), {}
    for control in controls.values():
        factor = control.factor_in(left)
        if factor is not None:
            factors[control.key] = factor
            left = [lever for lever in left if not control.shows(lever)]
    kept = tuple(replace(lever, owner=f"scenario:{NAME}") for lever in left)
    return Plan(year, scenario.include, scenario.exclude, tuple(sorted(factors.items())), kept)


def address(plan: Plan, controls: Mapping[str, Control]) -> str:
    """The plan as a part of an address, letters and digits only."""
    told = json.dumps({"year": plan.year, "scenario": written(plan, controls)}).encode()
    return base64.urlsafe_b64encode(zlib.compress(told, 9)).decode().rstrip("=")


def from_address(text: str, controls: Mapping[str, Control]) -> Plan:
    """The plan in an address.

    Raises
    ------
    DataError, ScenarioError
        If the text is none that :func:`address` gives.
    """
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unpacker = zlib.decompressobj()
        told = json.loads(unpacker.decompress(packed, LARGEST_TEXT))
        year, scenario = int(told["year"]), str(told["scenario"])
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError) as error:
        raise DataError("the address holds no plan of this page; it was cut or changed") from error
    return opened(scenario, year, controls)
