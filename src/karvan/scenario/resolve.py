"""Which levers are in force under a scenario, and everything that is wrong with them.

``history`` is always on, and so are shocks that happened unless the scenario excludes them; every other owner is on
only when the scenario includes it. A project with variants is on as ``project:KEY`` or as one ``project:KEY/VARIANT``,
whose levers are its whole change. Pending levers are never in force. The scenario's own levers come last. Order says
nothing about strength: two levers that set one cell differently are a problem, whoever owns them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.errors import DataError, Problem, ScenarioError
from karvan.scenario.cells import number_or_text, written
from karvan.scenario.compiled import compile_levers
from karvan.scenario.dates import horizon
from karvan.scenario.review.alone import LEVERS_FILE, LeverPlace, places_of, problems_alone
from karvan.scenario.review.together import problems_together
from karvan.scenario.where import Where, parse_where
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import tables

HISTORY = "history"
BASE = Scenario()


def owners(corridor: Corridor) -> tuple[str, ...]:
    """Every owner a scenario may name: ``history``, each shock, project, variant, agreement and owner, sorted."""
    known = set().union(*_owners_by_kind(corridor).values())
    return tuple(sorted({HISTORY, *known, *corridor["levers"]["owner"].tolist()}))


def levers_of(corridor: Corridor) -> tuple[Lever, ...]:
    """Every lever of the corridor's ``levers`` table, in its order, whoever owns it.

    Raises
    ------
    ScenarioError
        If a condition or a row to insert cannot be read; with every problem.
    """
    levers, found = _read(corridor)
    if found:
        raise ScenarioError(problems=found)
    return levers


def pending_levers(corridor: Corridor, scenario: Scenario = BASE) -> tuple[Lever, ...]:
    """The levers of the owners on that a scenario leaves out because they wait for the model that reads their table.

    Raises
    ------
    ScenarioError
        If a condition or a row to insert cannot be read; with every problem.
    """
    on, _ = _owners_on(corridor, scenario)
    return tuple(lever for lever in levers_of(corridor) if lever.pending and lever.owner in on)


def resolve(corridor: Corridor, scenario: Scenario = BASE) -> tuple[Lever, ...]:
    """The levers in force under a scenario, checked: what :func:`karvan.scenario.state.state` takes.

    Raises
    ------
    ScenarioError
        With every problem, each with its file and line or key.
    """
    levers, found = _resolved(corridor, scenario)
    if found:
        raise ScenarioError(problems=found)
    return levers


def problems(corridor: Corridor, scenario: Scenario = BASE) -> list[Problem]:
    """Everything that is wrong with a scenario and the levers it puts in force; empty where it can be run."""
    return _resolved(corridor, scenario)[1]


def problems_of_every_owner(corridor: Corridor) -> list[Problem]:
    """Everything that is wrong with the levers of the base, and with those of each other owner were it alone on.

    What several owners do to each other when a scenario includes them together is for :func:`problems` to say.
    """
    table_levers, found = _read(corridor)
    on, _ = _owners_on(corridor, BASE)
    base = [lever for lever in table_levers if lever.owner in on]
    found = [*found, *_judged(corridor, base)]
    others: dict[str, list[Lever]] = {}
    for lever in table_levers:
        if lever.owner not in on:
            others.setdefault(lever.owner, []).append(lever)
    for _, own in sorted(others.items()):
        found.extend(_judged(corridor, [*_met_by(own, base), *own]))
    return found


def _met_by(own: Sequence[Lever], base: Sequence[Lever]) -> list[Lever]:
    """The levers of the base that an owner's may be at odds with: all where rows come or go, else those of a column."""
    if any(lever.operation in ("insert", "drop") and not lever.pending for lever in own):
        return list(base)
    columns = {(lever.table, lever.column) for lever in own}
    rows = {(table_name, "") for table_name, _ in columns}
    return [lever for lever in base if (lever.table, lever.column) in columns | rows]


def _resolved(corridor: Corridor, scenario: Scenario) -> tuple[tuple[Lever, ...], list[Problem]]:
    table_levers, found = _read(corridor)
    on, owner_problems = _owners_on(corridor, scenario)
    levers = (*(lever for lever in table_levers if lever.owner in on), *scenario.levers)
    found = [*found, *owner_problems, *_judged(corridor, levers)]
    return tuple(lever for lever in levers if not lever.pending), found


def _judged(corridor: Corridor, levers: Sequence[Lever]) -> list[Problem]:
    """What is wrong with levers, alone and together; pending ones are looked at alone."""
    places, years = places_of(corridor, tuple(levers)), horizon(corridor)
    alone = [problems_alone(lever, place, years) for lever, place in zip(levers, places, strict=True)]
    sound = [at for at, each in enumerate(alone) if not each and not levers[at].pending]
    compiled = compile_levers(corridor, (levers[at] for at in sound))
    together = problems_together(compiled, [places[at] for at in sound])
    return [*(problem for each in alone for problem in each), *together]


def _owners_on(corridor: Corridor, scenario: Scenario) -> tuple[set[str], list[Problem]]:
    known = owners(corridor)
    shocks = corridor["shocks"]
    happened = {f"shock:{key}" for key in shocks.loc[shocks["happened"], "shock"].tolist()}
    found = []
    for key, named in (("include", scenario.include), ("exclude", scenario.exclude)):
        for at, owner in enumerate(named, start=1):
            where = f"{key}[{at}]"
            if owner not in known:
                expected, remedy = "an owner of the corridor", did_you_mean(owner, known)
                found.append(_of_scenario(scenario, "unknown owner", where, owner, expected, remedy))
            elif key == "exclude" and owner == HISTORY:
                found.append(_of_scenario(scenario, "history is always on", where, owner, "another owner", ""))
            elif key == "exclude" and owner in scenario.include:
                found.append(_of_scenario(scenario, "included and excluded", where, owner, "one of the two", ""))
    found.extend(_twice_built(scenario))
    return ({HISTORY} | happened | set(scenario.include)) - set(scenario.exclude), found


def _twice_built(scenario: Scenario) -> Iterator[Problem]:
    """A project that is included in two variants."""
    first: dict[str, str] = {}
    for at, owner in enumerate(scenario.include, start=1):
        other = first.setdefault(owner.partition("/")[0], owner)
        if owner.startswith("project:") and other != owner:
            expected, remedy = f"one variant of a project, and {other} is included", "keep one of the two"
            yield _of_scenario(scenario, "two variants of one project", f"include[{at}]", owner, expected, remedy)


def _owners_by_kind(corridor: Corridor) -> dict[str, set[str]]:
    """Owners that have a table of their own, by its name."""
    projects = zip(corridor["projects"]["project"].tolist(), corridor["projects"]["variant"].tolist(), strict=True)
    return {
        "shocks": {f"shock:{key}" for key in corridor["shocks"]["shock"].tolist()},
        "projects": {f"project:{key}/{variant}" if variant else f"project:{key}" for key, variant in projects},
        "agreements": {f"agreement:{key}" for key in corridor["agreements"]["agreement"].tolist()},
    }


def _of_scenario(scenario: Scenario, kind: str, key: str, value: str, expected: str, remedy: str) -> Problem:
    return Problem(kind, scenario.file or scenario.name, column=key, value=value, expected=expected, remedy=remedy)


def _read(corridor: Corridor) -> tuple[tuple[Lever, ...], list[Problem]]:
    """The levers of the table that can be read, and what is wrong with the others and with owners."""
    frame = corridor["levers"]
    known = {name: keys for name, keys in _owners_by_kind(corridor).items() if keys or name == "shocks"}
    levers, found = [], []
    conditions: dict[str, Where] = {}
    for at, cells in enumerate(frame.to_dict("records")):
        place = LeverPlace(LEVERS_FILE, "levers", at + 2)
        owner = str(cells["owner"])
        table_name = f"{owner.partition(':')[0]}s"
        if owner not in (known.get(table_name, {owner})):
            expected, remedy = f"a key of the table {table_name}", did_you_mean(owner, sorted(known[table_name]))
            found.append(place.problem("unknown owner", "owner", owner, expected, remedy))
        try:
            text = str(cells["where"])
            if text not in conditions:
                conditions[text] = parse_where(text)
        except DataError as error:
            found.append(place.problem("unreadable condition", "where", str(cells["where"]), str(error)))
            continue
        try:
            levers.append(_lever({str(name): value for name, value in cells.items()}, conditions[text]))
        except DataError as error:
            found.append(place.problem("no row", "value", str(cells["value"]), str(error)))
    return tuple(levers), found


def _lever(cells: dict[str, object], where: Where) -> Lever:
    operation = str(cells["operation"])
    return Lever(
        owner=str(cells["owner"]),
        table=str(cells["table"]),
        operation=operation,  # type: ignore[arg-type]  # the review names one that is unknown
        column=str(cells["column"]),
        value=_inserted(cells) if operation == "insert" else _value(cells),
        where=where,
        rows=None if cells["rows"] is None or cells["rows"] is pd.NA else int(str(cells["rows"])),
        from_date=str(cells["from"]),
        to_date=str(cells["to"]),
        unit=str(cells["unit"]).strip(),
        pending=bool(cells["pending"]),
        key=str(cells["lever"]),
        file=LEVERS_FILE,
    )


def _value(cells: dict[str, object]) -> float | str:
    """The value as a number where its column holds numbers."""
    text, known = str(cells["value"]), tables("inputs")
    schema = known.get(str(cells["table"]))
    if schema is None or cells["column"] not in schema.column_names:
        return text
    return number_or_text(text) if schema.column(str(cells["column"])).type in ("float", "int") else text


def _inserted(cells: dict[str, object]) -> tuple[tuple[str, object], ...]:
    """The row of an insert as sorted pairs, with the lever's own source and confidence where it names none."""
    try:
        row = json.loads(str(cells["value"]))
    except json.JSONDecodeError as error:
        raise DataError(f"a row as a JSON object ({error})") from error
    if not isinstance(row, dict):
        raise DataError("a row as a JSON object")
    schema = tables("inputs").get(str(cells["table"]))
    own = {name: cells[name] for name in ("source", "confidence") if schema and name in schema.column_names}
    return tuple(sorted((str(name), _plain(value)) for name, value in {**own, **row}.items()))


def _plain(value: object) -> float | str:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else written(value)
