"""Questions to runs: what they may ask, and every way out that is shut."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from karvan.errors import DataError
from karvan.store.outcomes import write_outcome
from karvan.store.runs.places import Place, find_run
from karvan.store.runs.query import Limits, _connection, query
from tests.contract.test_outcome_on_disk import outcome

WAYS_OUT = [
    "SELECT * FROM read_csv('{file}')",
    "SELECT * FROM read_csv_auto('{file}')",
    "SELECT * FROM read_parquet('{file}')",
    "SELECT * FROM parquet_scan('{file}')",
    "SELECT * FROM parquet_metadata('{file}')",
    "SELECT * FROM read_json('{file}')",
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM sniff_csv('{file}')",
    "SELECT * FROM read_duckdb('{file}')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '{file}'",
    'SELECT * FROM "{file}"',
    "SELECT (SELECT count(*) FROM '{file}') FROM freight.flows",
    "SELECT * FROM freight.flows WHERE link IN (SELECT content FROM read_text('{file}'))",
    "WITH a AS (SELECT * FROM read_text('{file}')) SELECT * FROM a",
    "WITH a AS (SELECT 1) SELECT * FROM a UNION ALL SELECT size FROM read_text('{file}')",
    "SELECT * FROM 'https://example.org/a.csv'",
    "SELECT * FROM read_parquet('s3://bucket/a.parquet')",
    "SELECT * FROM query('SELECT * FROM read_text(''{file}'')')",
    "SELECT * FROM query_table('{file}')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT * FROM arrow_scan(1::POINTER, 1::POINTER, 1::POINTER)",
    "SELECT getenv('HOME')",
    "SELECT current_setting('home_directory')",
    "SELECT write_log('mine')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_settings",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM (WITH duckdb_settings AS (SELECT 1) FROM duckdb_settings) a, duckdb_settings b",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM system.main.duckdb_settings",
    "ATTACH '{file}' AS other",
    "ATTACH ':memory:' AS other",
    "DETACH memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{file}'",
    "COPY freight_flows TO '{out}'",
    "COPY (SELECT 1) TO '{out}' (FORMAT parquet)",
    "COPY freight_flows FROM '{file}'",
    "EXPORT DATABASE '{out}'",
    "IMPORT DATABASE '{out}'",
    "CREATE TABLE mine AS SELECT 1",
    "CREATE TABLE mine AS SELECT * FROM '{file}'",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE MACRO mine() AS TABLE SELECT * FROM read_text('{file}')",
    "CREATE SECRET s (TYPE s3)",
    "INSERT INTO freight_flows SELECT * FROM freight_flows",
    "UPDATE freight_flows SET kt = 0",
    "DELETE FROM freight_flows",
    "DROP VIEW freight.flows",
    "SET enable_external_access = true",
    "RESET enable_external_access",
    "SET lock_configuration = false",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "CALL pragma_version()",
    "CHECKPOINT",
    "VACUUM",
    "PREPARE p AS SELECT 1",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY (SELECT 1) TO '{out}'",
    "/* SELECT */ ATTACH '{file}'",
    "",
    ";",
]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> list[Place]:
    """Two small runs."""
    folder = tmp_path_factory.mktemp("runs")
    for number in (1, 2):
        write_outcome(outcome(number), folder / f"r{number}")
    return [find_run(f"r{number}", str(folder)) for number in (1, 2)]


@pytest.mark.parametrize("sql", WAYS_OUT)
def test_a_question_that_reaches_out_of_the_runs_is_refused(two: list[Place], tmp_path: Path, sql: str) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("secret\n1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"SQL: (refused|no such table|bad query)") as refused:
        query(two, sql.format(file=file, out=tmp_path / "out"))
    assert "secret\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


@pytest.mark.parametrize(
    "sql", [sql for sql in WAYS_OUT if "{file}" in sql and "freight" not in sql and "query" not in sql]
)
def test_the_database_itself_opens_no_file_even_if_the_question_is_not_read_first(tmp_path: Path, sql: str) -> None:
    import duckdb

    file = tmp_path / "secret.csv"
    file.write_text("secret\n1\n", encoding="utf-8")
    with _connection(Limits()) as database, pytest.raises(duckdb.Error):
        database.execute(sql.format(file=file, out=tmp_path / "out")).fetchall()
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_a_sum_by_run_is_what_the_tables_hold(two: list[Place]) -> None:
    answer = query(two, "SELECT run, sum(kt) AS kt, count(*) AS n FROM freight.flows GROUP BY run ORDER BY run")
    one = float(outcome(1)["freight.flows"]["kt"].sum())
    assert answer["run"].tolist() == ["r1", "r2"]
    assert answer["kt"].tolist() == pytest.approx([one, 2 * one], rel=1e-12)
    assert answer["n"].tolist() == [3, 3]


def test_a_table_has_its_name_with_a_dot_and_with_an_underscore(two: list[Place]) -> None:
    dotted, flat = (query(two, f"FROM {name} ORDER BY run, link") for name in ("freight.flows", "freight_flows"))
    pd.testing.assert_frame_equal(dotted, flat)


def test_the_table_of_runs_says_what_each_run_is(two: list[Place]) -> None:
    answer = query(two, "SELECT run, corridor, converged FROM runs ORDER BY run")
    assert answer.to_numpy().tolist() == [["r1", "two-links", True], ["r2", "two-links", True]]


def test_a_with_clause_a_join_and_a_description_are_answered(two: list[Place]) -> None:
    joined = (
        "WITH a AS (SELECT * FROM freight.flows WHERE run = 'r1') SELECT count(*) AS n FROM a JOIN range(3) ON true"
    )
    assert query(two, joined)["n"].tolist() == [9]
    assert "kt" in query(two, "DESCRIBE freight.flows")["column_name"].tolist()
    assert "freight_flows" in query(two, "SHOW TABLES")["name"].tolist()


def test_a_table_that_a_run_lacks_is_empty_and_an_unknown_one_suggests_its_neighbour(two: list[Place]) -> None:
    assert query(two, "SELECT * FROM freight.pairs").empty
    with pytest.raises(DataError, match=r"did you mean 'freight\.flows'"):
        query(two, "SELECT * FROM freight.flow")


def test_a_run_whose_table_was_changed_is_not_asked(tmp_path: Path) -> None:
    write_outcome(outcome(), tmp_path / "base")
    table = tmp_path / "base" / "freight.flows.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    with pytest.raises(DataError, match="changed after the run"):
        query([find_run("base", str(tmp_path))], "SELECT * FROM freight.flows")


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT * FROM range(2000)", "too many rows"),
        ("SELECT count(*) FROM range(100000000000) a, range(1000) b", "took too long"),
        ("SELECT list(a.range ORDER BY a.range DESC) FROM range(30000000) a", "memory"),
        ("SELECT 1 / nothing", "bad query"),
    ],
)
def test_a_question_that_takes_too_much_or_is_wrong_is_told_so(two: list[Place], sql: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        query(two, sql, Limits(rows=1000, seconds=3.0 if "memory" in told else 0.5, megabytes=64))


def test_two_runs_of_one_name_cannot_be_told_apart(two: list[Place]) -> None:
    with pytest.raises(DataError, match="runs of one name"):
        query([two[0], two[0]], "SELECT 1")


def test_asking_changes_no_byte_of_the_runs(two: list[Place]) -> None:
    def held() -> dict[str, bytes]:
        return {str(f): f.read_bytes() for run in two if run.path for f in sorted(run.path.iterdir())}

    before = held()
    query(two, "SELECT * FROM freight.flows, runs")
    assert held() == before


def test_whole_numbers_stay_whole_and_missing_ones_missing(two: list[Place]) -> None:
    answer = query(
        two, "SELECT sum(year) AS whole, NULL::INTEGER AS gone, 1.5::DECIMAL(4,1) AS tenth FROM freight.flows"
    )
    assert answer["whole"].tolist() == [6 * 2024]
    assert answer["gone"].isna().all()
    assert answer["tenth"].tolist() == [1.5]
