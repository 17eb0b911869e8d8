"""Which levers the page offers, by rule from the tables: sliders that multiply, and owners to switch on or off.

Every resource has a slider of its capacity; those worth most come first. Every mode has one of its tariff, every border
that a gateway group names one of its hours, and there is one of all handling charges and one of all demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever
from karvan.report.tables import gateway_names
from karvan.scenario.where import EVERY_ROW

HIGHEST = 3.0
MAIN = 8
KINDS = {
    "queue": "Ports, borders and yards",
    "slots": "Fleets and trains",
    "limit": "Lines and other limits",
    "delay": "Roads",
}
Where = tuple[tuple[str, tuple[str, ...]], ...]
BORDER_COLUMNS = ("hours_forward", "hours_back")
TARIFF_COLUMNS = ("usd_per_feu", "usd_per_feu_back", "usd_per_t")
OWNER = "scenario:plan"


@dataclass(frozen=True)
class Control:
    """A slider: one factor on the cells of some columns, each with the condition that finds its rows.

    ``value`` and ``unit`` say what stands in the cell at a factor of 1 where it is one figure; ``main`` are those told
    first in their group.
    """

    key: str
    group: str
    label: str
    table: str
    cells: tuple[tuple[str, Where], ...]
    value: float | None = None
    unit: str = ""
    main: bool = False
    highest: float = HIGHEST

    def levers(self, factor: float) -> tuple[Lever, ...]:
        """The levers at a factor."""
        return tuple(Lever(OWNER, self.table, "multiply", column, factor, where) for column, where in self.cells)

    def shows(self, lever: Lever) -> bool:
        """Whether the slider can show a lever: the same cells, multiplied, at all times."""
        same = (lever.table, lever.operation) == (self.table, "multiply") and (lever.column, lever.where) in self.cells
        return same and not (lever.from_date or lever.to_date or lever.rows)

    def factor_in(self, levers: Sequence[Lever]) -> float | None:
        """The factor at which the slider shows some of the levers; None where it cannot show what they do."""
        mine = [lever for lever in levers if self.shows(lever)]
        factors = {lever.value for lever in mine}
        found = {(lever.column, lever.where) for lever in mine}
        whole = len(mine) == len(self.cells) == len(found)
        factor = factors.pop() if whole and len(factors) == 1 else None
        return factor if isinstance(factor, float) and 0.0 <= factor <= self.highest else None


@dataclass(frozen=True)
class Switch:
    """An owner that a scenario may switch: ``on`` is whether it is on by itself."""

    owner: str
    group: str
    label: str
    note: str
    on: bool


def controls(corridor: Corridor, ranked: pd.DataFrame) -> dict[str, Control]:
    """All sliders by key.

    Parameters
    ----------
    corridor
        Gives names.
    ranked
        ``freight.resources`` of a year of the base: which capacities are worth most.
    """
    found = (*_capacities(corridor, ranked), *_tariffs(corridor), *_borders(corridor), *_others(corridor))
    return {control.key: control for control in found}


def switches(corridor: Corridor) -> tuple[Switch, ...]:
    """All owners to switch: shocks, projects and agreements whose levers are not all pending."""
    given = corridor["levers"]
    active = set(given.loc[~given["pending"].astype(bool), "owner"].astype(str))
    found = [
        Switch(f"shock:{key}", "Shocks", str(name), str(note), bool(happened))
        for key, name, note, happened in _columns(corridor["shocks"], "shock", "name", "description", "happened")
    ]
    for key, variant, name in _columns(corridor["projects"], "project", "variant", "name"):
        owner = f"project:{key}/{variant}" if variant else f"project:{key}"
        found.append(Switch(owner, "Projects", f"{name} ({variant})" if variant else str(name), "", on=False))
    for key, name in _columns(corridor["agreements"], "agreement", "name"):
        found.append(Switch(f"agreement:{key}", "Agreements", str(name), "", on=False))
    once = {switch.owner: switch for switch in reversed(found)}
    return tuple(switch for switch in reversed(once.values()) if switch.owner in active)


def _capacities(corridor: Corridor, ranked: pd.DataFrame) -> Iterable[Control]:
    worth = dict(zip(ranked["resource"], ranked["value_usd_per_percent"].fillna(0.0), strict=True))
    capacity = dict(zip(ranked["resource"], ranked["capacity"], strict=True))
    rows = corridor["resources"]
    kinds = list(KINDS)
    order = sorted(
        rows.index, key=lambda at: (kinds.index(rows["behaviour"][at]), -worth.get(rows["resource"][at], 0.0))
    )
    told = dict.fromkeys(kinds, 0)
    for at in order:
        key, kind, name = (str(rows[column][at]) for column in ("resource", "behaviour", "name"))
        cells = (("capacity_per_year", (("resource", (key,)),)),)
        unit = f"{rows['unit'][at]} a year".replace("_", " ")
        main = told[kind] < MAIN
        told[kind] += 1
        yield Control(f"capacity:{key}", KINDS[kind], name, "resources", cells, capacity.get(key), unit, main)


def _tariffs(corridor: Corridor) -> Iterable[Control]:
    links = corridor["links"]
    for mode in sorted(set(links["mode"].astype(str))):
        label = f"{mode.replace('_', ' ').capitalize()}, all links"
        cells = _filled(links.loc[links["mode"] == mode], TARIFF_COLUMNS, (("mode", (mode,)),), ("link",))
        if cells:
            yield Control(f"tariff:{mode}", "Tariffs", label, "links", cells, main=mode != "pipeline")


def _borders(corridor: Corridor) -> Iterable[Control]:
    links, hours = corridor["links"], corridor["borders"]
    if hours.empty:
        return
    every = _filled(hours, BORDER_COLUMNS, (("link", (EVERY_ROW,)),), ("link",))
    yield Control("border:all", "Border times", "All borders", "borders", every, main=True)
    joined = hours.merge(links[["link", "gateway_group"]], on="link")
    names = gateway_names(corridor)
    grouped = joined.loc[joined["gateway_group"] != ""].groupby("gateway_group")
    ordered = sorted(grouped, key=lambda item: -float(item[1]["hours_forward"].sum()))
    for place, (group, rows) in enumerate(ordered):
        cells = _filled(rows, BORDER_COLUMNS, (("link", tuple(rows["link"].astype(str))),), ("link",))
        mean = float(rows["hours_forward"].mean())
        label = names.get(str(group), str(group))
        yield Control(f"border:{group}", "Border times", label, "borders", cells, mean, "h", main=place < MAIN)


def _others(corridor: Corridor) -> Iterable[Control]:
    for key, group, label, table, columns, narrow, highest in (
        ("handling", "Tariffs", "Handling, all ports and yards", "transfers", ("usd_per_teu", "usd_per_t"),
         ("handling_class", "place"), HIGHEST),
        ("demand", "Demand", "All cargo", "demand", ("kt", "teu"), ("handling_class", "segment"), 2.0),
    ):  # fmt: skip
        first = narrow[-1]
        cells = _filled(corridor[table], columns, ((first, (EVERY_ROW,)),), narrow)
        if cells:
            yield Control(key, group, label, table, cells, main=True, highest=highest)


def _filled(
    rows: pd.DataFrame, columns: Sequence[str], where: Where, narrow: Sequence[str]
) -> tuple[tuple[str, Where], ...]:
    """Each column with the condition on its filled cells among some rows; a missing figure is not scaled.

    ``narrow`` names columns that may tell filled rows from others; a column that none of them tells apart is left out.
    """
    found: list[tuple[str, Where]] = []
    for column in columns:
        filled = rows[column].notna()
        if filled.all() and len(rows):
            found.append((column, where))
            continue
        for name in narrow if filled.any() else ():
            kept = set(rows.loc[filled, name].astype(str))
            if not kept & set(rows.loc[~filled, name].astype(str)):
                others = tuple(pair for pair in where if pair[0] != name)
                others = tuple(pair for pair in others if pair[1] != (EVERY_ROW,))
                found.append((column, (*others, (name, tuple(sorted(kept))))))
                break
    return tuple(found)


def _columns(frame: pd.DataFrame, *names: str) -> Iterable[tuple[object, ...]]:
    return zip(*(frame[name].tolist() for name in names), strict=True)
