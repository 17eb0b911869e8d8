"""What a scenario changes in simulated times, and simulated deviations in freight, as the terminal shows it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import pandas as pd
from rich.table import Table

from karvan.cli.screen import add_figure, add_name, cell, figures_table
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import numbers
from karvan.study.simulate.feedback import DEVIATIONS, FLOWS, GATEWAY, SERVED, UNSERVED, largest
from karvan.units import HOURS_PER_DAY

SHOWN, NAME_WIDTH = 12, 52
CHAIN = " > "
_LONGEST_END = 10
_KEYS = ["service", "commodity"]


def resource_names(corridor: Corridor) -> dict[str, str]:
    """Names of the resources by key."""
    return dict(zip(corridor["resources"]["resource"], corridor["resources"]["name"], strict=True))


def shortened(name: str, width: int) -> str:
    """A name that fits a column: without what stands in brackets, then cut before a short last part.

    >>> shortened("ferries Kuryk-Alat (a share and the new ferries), forward", 30)
    'ferries Kuryk-Alat, forward'
    >>> shortened("ferries from here to there and back, forward", 30)
    'ferries from here to…, forward'
    """
    if len(name) <= width:
        return name
    plain = re.sub(r"\s*\([^)]*\)", "", name)
    head, comma, tail = plain.rpartition(", ")
    if len(plain) <= width or not head or len(tail) > _LONGEST_END:
        return plain
    end = comma + tail
    return f"{head[: width - len(end) - 1].rstrip()}…{end}"


def change_tables(answer: Outcome, places: Mapping[str, str]) -> list[Table]:
    """What a scenario changes between ends and over chains of services, where the change is larger than its interval.

    Those come first where most days of consignments are saved or lost.
    """
    rows = _weighed(answer)
    ends = pd.Series([all(part in places for part in str(name).split(CHAIN)) for name in rows["service"]], dtype=bool)
    at_ends, over_services = rows.loc[ends.to_numpy()], rows.loc[~ends.to_numpy()]
    told = [CHAIN.join(places[key] for key in str(name).split(CHAIN)) for name in at_ends["service"]]
    return [
        _changes(
            "What the scenario changes from door to door, days, under the same luck", at_ends.assign(service=told)
        ),
        _changes("What it changes over services, days, under the same luck", over_services),
        _wait_changes(answer["operations.wait_changes"]),
    ]


def _weighed(answer: Outcome) -> pd.DataFrame:
    """Sure changes of the mean with those of the 95 % quantile beside them, by consignments times hours."""
    rows, transits = answer["operations.changes"], answer["operations.transits"]
    mean, p95 = (rows.loc[rows["measure"] == measure] for measure in ("mean", "p95"))
    both = mean.merge(p95[[*_KEYS, "change_hours", "half_width_hours"]], on=_KEYS, suffixes=("", "_p95"))
    counted = transits.loc[transits["part"] == "total", [*_KEYS, "consignments"]]
    both = both.merge(counted, on=_KEYS)
    summed = set(both.loc[both["commodity"] == "all", "service"])
    whole = (both["commodity"] == "all") | ~both["service"].isin(summed)
    sure = both["change_hours"].abs() > both["half_width_hours"]
    weight = both["change_hours"].abs() * both["consignments"]
    return both.assign(weight=weight).loc[whole & sure].reset_index(drop=True)


def _changes(title: str, rows: pd.DataFrame) -> Table:
    made = figures_table(title)
    add_name(made, "from > to, or services", NAME_WIDTH)
    add_name(made, "commodity", 18)
    for head in ("without", "with", "change", "±", "p95 by", "±"):
        add_figure(made, head)
    names = ("change_hours", "half_width_hours", "change_hours_p95", "half_width_hours_p95")
    for row in rows.nlargest(SHOWN, "weight").to_dict("records"):
        figures = [_days(row[name], 1) for name in ("base_hours", "plan_hours")]
        made.add_row(cell(row["service"]), cell(row["commodity"]), *map(cell, figures),
                     *(cell(_days(row[name], 2)) for name in names))  # fmt: skip
    return made


def _wait_changes(rows: pd.DataFrame) -> Table:
    """Waits that a scenario surely changes, the largest change first."""
    made = figures_table("What it changes in waits, hours, under the same luck")
    add_name(made, "waiting for", NAME_WIDTH)
    for head in ("without", "with", "change", "±"):
        add_figure(made, head)
    sure = rows.loc[rows["change_hours"].abs() > rows["half_width_hours"]]
    for row in largest(sure, "change_hours", SHOWN).to_dict("records"):
        figures = [f"{row[name]:.1f}" for name in ("base_hours", "plan_hours", "change_hours", "half_width_hours")]
        made.add_row(cell(row["service"]), *map(cell, figures))
    return made


def feedback_tables(answer: Outcome, corridor: Corridor) -> list[Table]:
    """Deviations given back to freight and what they move, the largest first; nothing where freight was not asked."""
    gateways = dict(zip(corridor["gateways"]["gateway_group"], corridor["gateways"]["name"], strict=True))
    return [_deviations(answer[DEVIATIONS], resource_names(corridor)), _moved(answer[FLOWS], gateways)]


def _deviations(rows: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Resources whose deviation changes most, and what becomes of their cargo."""
    made = figures_table("Back to freight: deviations in hours, of the table and simulated, and cargo with either")
    add_name(made, "resource", NAME_WIDTH)
    for head in ("table", "simulated", "cargo", "after", "change", "unit"):
        add_figure(made, head)
    changed = rows.assign(sd_change=rows["sd_hours_after"] - rows["sd_hours_before"])
    for row in largest(changed, "sd_change", SHOWN).to_dict("records"):
        divisor, unit = numbers.scale([row["load_before"], row["load_after"]], str(row["unit"]))
        loads = [numbers.figure(row[name] / divisor) for name in ("load_before", "load_after")]
        deviations = [f"{row[name]:.0f}" for name in ("sd_hours_before", "sd_hours_after")]
        change = row["load_change"] / row["load_before"] if row["load_before"] > 0 else float("nan")
        name = shortened(names.get(row["resource"], row["resource"]), NAME_WIDTH)
        made.add_row(cell(name), *map(cell, (*deviations, *loads, _signed(100.0 * change, " %"), unit)))
    return made


def _moved(rows: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Gateways whose cargo changes most, then all that is served and what is not."""
    made = figures_table("Cargo with the simulated deviations, kt; cargo is told at every gateway on its way")
    add_name(made, "gateway", 34)
    for head, width in (("heading", 10), ("class", 10)):
        add_name(made, head, width)
    for head in ("before", "after", "change", "days", "sd before", "after"):
        add_figure(made, head)
    gateways = largest(rows.loc[rows["what"] == GATEWAY], "kt_change", SHOWN)
    whole = [rows.loc[rows["what"] == what] for what in (SERVED, UNSERVED)]
    for row in pd.concat([gateways, *whole]).to_dict("records"):
        days = [_days(row[name], 1) for name in ("mean_hours_after", "sd_hours_before", "sd_hours_after")]
        amounts = [numbers.figure(row["kt_before"]), numbers.figure(row["kt_after"]), _signed(row["kt_change"])]
        what = names.get(row["gateway_group"], row["gateway_group"]) or row["what"]
        made.add_row(cell(what), cell(row["heading"]), cell(row["handling_class"]), *map(cell, (*amounts, *days)))
    return made


def _days(hours: float, digits: int) -> str:
    return numbers.MISSING if math.isnan(hours) else f"{hours / HOURS_PER_DAY:.{digits}f}"


def _signed(value: float, unit: str = "") -> str:
    """A change with its sign, to one decimal; what rounds to nothing has none."""
    if math.isnan(value):
        return numbers.MISSING
    return (f"{value:+,.1f}" if abs(value) >= 0.05 else "0.0") + unit
