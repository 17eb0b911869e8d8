"""Questions in SQL to stored runs, and to nothing else.

A question is one SELECT. Its tree is read before anything runs: it may name the tables of the runs and call functions
that compute, nothing that opens a file, a setting or the environment. DuckDB then answers it in memory from tables
that were read and verified beforehand, with access to the outside off and its settings locked: two walls, each enough.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from karvan.errors import DataError, Problem
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import tables
from karvan.store.outcomes import read_outcome
from karvan.store.runs.listing import COLUMNS, run_row
from karvan.store.runs.places import Place

RUNS_TABLE = "runs"
_BATCH = 10_000
_LOCKED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "threads": "2",
}
_TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})
_REFUSED = frozenset({
    "getenv", "current_setting", "getvariable", "write_log", "query", "query_table", "nextval", "currval",
})  # fmt: skip
_REFUSED_STARTS = ("read_", "duckdb_", "pragma_", "pg_", "json_execute_", "sniff_", "parquet_", "sqlite_")


@dataclass(frozen=True)
class Limits:
    """What a question may take: rows of the answer, seconds, and megabytes of memory."""

    rows: int = 1_000_000
    seconds: float = 60.0
    megabytes: int = 1024


def query(runs: Sequence[Place], sql: str, limits: Limits | None = None) -> pd.DataFrame:
    """The answer to one SELECT over the tables of some runs.

    Every outcome table is addressed by its name, ``freight.pairs`` or ``freight_pairs``, and has a column ``run`` in
    front; the table ``runs`` says what each run is. Whole numbers, figures and truth values keep their kind; all else
    comes as text.

    Parameters
    ----------
    runs
        Places of the runs, of different names.
    sql
        One SELECT statement.
    limits
        What it may take.

    Raises
    ------
    DataError
        If a run is not whole, the question is not one SELECT, names what is no table of the runs, calls what reaches
        out of them, is wrong, or takes more than the limits.
    """
    bounds = limits or Limits()
    names = [run.name for run in runs]
    if len(set(names)) < len(names):
        raise _refused("runs of one name", ", ".join(names), "runs whose names differ", "copy one to another name")
    with _connection(bounds) as database:
        wanted = _tables_of(_tree(database, sql))
        for name, frame in _frames(runs, wanted).items():
            _offer(database, name, frame)
        database.execute("SET lock_configuration = true")
        return _answer(database, sql, bounds)


def _connection(limits: Limits) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={**_LOCKED, "memory_limit": f"{limits.megabytes}MB"})


def _tree(database: duckdb.DuckDBPyConnection, sql: str) -> object:
    """The question's syntax tree, if it is one SELECT."""
    try:
        statements = database.extract_statements(sql)
    except duckdb.Error as error:
        raise _wrong(error) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        found = f"{len(statements)} statements" if len(statements) != 1 else statements[0].type.name
        raise _refused("refused", found, "one SELECT", "a question reads the tables of runs and changes nothing")
    answer = database.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
    tree: dict[str, object] = json.loads(answer[0][0])
    if tree.get("error"):
        raise _refused("refused", str(tree.get("error_message", "")), "one SELECT", "write it as a plain SELECT")
    return tree


def _tables_of(tree: object) -> list[str]:
    """Outcome tables that the question names; refuses what is none and what reaches out of the runs."""
    nodes = list(_nodes(tree))
    known = [*tables("outcomes"), RUNS_TABLE]
    own = {str(entry["key"]).lower() for node in nodes for entry in _own_tables(node)}
    for name in own:
        _refuse_name(name)
    wanted = []
    for node in nodes:
        _refuse_function(node)
        if node.get("type") == "SHOW_REF" and not node.get("query"):
            wanted += known
        elif node.get("type") == "BASE_TABLE":
            schema, name = str(node.get("schema_name") or "").lower(), str(node.get("table_name")).lower()
            found = f"{schema}.{name}" if schema else name
            if not schema and name in own:
                continue
            match = [k for k in known if found in (k, k.replace(".", "_")) and not node.get("catalog_name")]
            if not match:
                raise _refused("no such table of a run", found, "", did_you_mean(found, known) or _listed(known))
            wanted += match
    return list(dict.fromkeys(wanted))


def _own_tables(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The WITH clauses of a part of the tree."""
    clauses = node.get("cte_map")
    return list(clauses.get("map", [])) if isinstance(clauses, dict) else []


def _refuse_name(name: str) -> None:
    """Refuse what reaches out of the runs, and a WITH clause that would hide it."""
    if name in _REFUSED or name.startswith(_REFUSED_STARTS):
        raise _refused("refused", name, "functions that compute", "a question reads the tables of runs, nothing else")


def _refuse_function(node: Mapping[str, Any]) -> None:
    _refuse_name(str(node.get("function_name") or "").lower())
    function = node.get("function")
    if node.get("type") == "TABLE_FUNCTION" and isinstance(function, dict):
        name = str(function.get("function_name") or "").lower()
        if name not in _TABLE_FUNCTIONS:
            remedy = "a question reads the tables of runs, nothing else"
            raise _refused("refused", name, f"tables of the runs, or {', '.join(sorted(_TABLE_FUNCTIONS))}", remedy)


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Every object of the tree, without recursion."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _frames(runs: Sequence[Place], wanted: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The wanted tables over all runs, with the run in front."""
    outcomes = {run.name: read_outcome(run, [name for name in wanted if name != RUNS_TABLE]) for run in runs}
    frames = {
        name: pd.concat([outcome[name].assign(run=run) for run, outcome in outcomes.items()], ignore_index=True)
        for name in wanted
        if name != RUNS_TABLE
    }
    frames = {name: frame[["run", *(c for c in frame.columns if c != "run")]] for name, frame in frames.items()}
    if RUNS_TABLE in wanted:
        frames[RUNS_TABLE] = pd.DataFrame([row for run in runs if (row := run_row(run))], columns=list(COLUMNS))
    return frames


def _offer(database: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Make a table known under its name, and under its name with an underscore."""
    flat = name.replace(".", "_")
    database.register(flat, pa.Table.from_pandas(frame, preserve_index=False))
    schema, dot, table = name.partition(".")
    if dot:
        database.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        database.execute(f'CREATE VIEW "{schema}"."{table}" AS FROM "{flat}"')


def _answer(database: duckdb.DuckDBPyConnection, sql: str, limits: Limits) -> pd.DataFrame:
    late = threading.Event()

    def stop() -> None:
        late.set()
        database.interrupt()

    timer = threading.Timer(limits.seconds, stop)
    timer.daemon = True
    timer.start()
    batches, count = [], 0
    try:
        reader: pa.RecordBatchReader = database.sql(sql).to_arrow_reader(_BATCH)
        for batch in reader:
            batches.append(batch)
            count += batch.num_rows
            if count > limits.rows:
                raise _refused("too many rows", "", f"at most {limits.rows:,}", "add a LIMIT or a GROUP BY")
        return _plain(pa.Table.from_batches(batches, reader.schema))
    except duckdb.InterruptException as error:
        if not late.is_set():
            raise KeyboardInterrupt from error
        raise _refused("took too long", "", f"at most {limits.seconds:g} s", "ask for less at once") from error
    except duckdb.OutOfMemoryException as error:
        raise _refused("took too much memory", "", f"at most {limits.megabytes} MB", "ask for less at once") from error
    except (duckdb.Error, pa.ArrowException) as error:
        raise _wrong(error) from error
    finally:
        timer.cancel()


def _plain(answer: pa.Table) -> pd.DataFrame:
    """The answer with whole numbers, figures, truth values and text only; a second column of a name gets a number."""
    names: list[str] = []
    columns = []
    for name, column in zip(answer.column_names, answer.columns, strict=True):
        taken = sum(1 for other in names if other == name or other.startswith(f"{name}:"))
        names.append(f"{name}:{taken}" if taken else name)
        columns.append(_series(column))
    return pd.DataFrame(dict(zip(names, columns, strict=True)))


def _series(column: pa.ChunkedArray) -> pd.Series[Any]:
    kind, values = column.type, column.to_pylist()
    whole = pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0)
    if whole and all(v is None or abs(v) < 2**63 for v in values):
        return pd.Series([None if v is None else int(v) for v in values], dtype="Int64")
    if whole or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pd.Series([float("nan") if v is None else float(v) for v in values], dtype="float64")
    if pa.types.is_boolean(kind):
        return pd.Series(values, dtype="boolean")
    return pd.Series([None if v is None else str(v) for v in values], dtype="str")


def _listed(known: Sequence[str]) -> str:
    return f"tables are {', '.join(known)}"


def _wrong(error: Exception) -> DataError:
    return _refused("bad query", " ".join(str(error).split())[:400], "", "mend the SQL")


def _refused(kind: str, value: str, expected: str, remedy: str) -> DataError:
    return DataError(problems=[Problem(kind, column="SQL", value=value, expected=expected, remedy=remedy)])
