"""The merge's tables as Parquet: out of many workspaces into one folder, and merged from there as they were at home."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import many_worlds
import pyarrow.dataset as ds
import pytest
import tiny

from tracker import exports, merge, merge_tables, standing_sql
from tracker.cli import main
from tracker.merge_files import INPUTS, RESULT, RESULT_QUERY, Case, case, inputs, judged, programmes
from tracker.snapshot import Snapshot
from tracker.standing import standings
from tracker.tables import Row

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def many() -> list[Case]:
    """Worlds of every sort."""
    return many_worlds.cases(80)


def write(folder: Path, tables: Iterable[exports.Exported]) -> None:
    exports.write_files(folder, list(exports.files(list(tables), "parquet")))


def run(*words: str) -> int:
    return main(["export", "--standing", *words])


def expected(of: Case) -> dict[tuple[str, str], tuple[object, ...]]:
    """What the program itself says of a programme, by unit and occurrence."""
    found = standings(of.programme, of.occurrences, of.filed, of.rulings, of.clocks, of.closing)
    return {
        (s.occurrence.unit, s.occurrence.id): (
            s.status,
            s.due,
            s.done_on,
            s.days_late,
            s.days_late_scheduled,
            s.carried,
        )
        for s in found
    }


def compared(rows: Iterable[Row]) -> dict[tuple[object, object], tuple[object, ...]]:
    """The same of the result's rows."""
    names = [column.name for column in RESULT.columns]
    keys = ("status", "due", "done_on", "days_late", "days_late_scheduled", "is_carried")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return {(row["unit"], row["item"]): tuple(row[key] for key in keys) for row in found}


# --- the same, wherever it is merged ---


def test_the_sample_merged_from_its_parquet_stands_as_in_the_program(tmp_path: Path, october: Snapshot) -> None:
    assert (
        main(
            [
                "export",
                "-C",
                str(ROOT),
                "-P",
                "liaocheng",
                "--as-of",
                "2026-10-31",
                "--known-by",
                "2026-11-06 18:00",
                "--standing",
                "--format",
                "parquet",
                "-o",
                str(tmp_path / "in"),
            ]
        )
        == 0
    )
    assert run("--input", str(tmp_path / "in"), "-o", str(tmp_path / "out")) == 0
    found = ds.dataset(tmp_path / "out" / "standing", partitioning="hive").to_table().to_pylist()
    assert len(found) == len(october.standings)
    by_key = {(row["unit"], row["item"]): row for row in found}
    for s in october.standings:
        row = by_key[s.occurrence.unit, s.occurrence.id]
        assert (row["status"], row["due"], row["days_late"]) == (s.status, s.due, s.days_late)
        if s.record is not None and s.record.correction is None and row["path"] is not None:
            assert s.record.update.place.file == row["path"]
    assert [(row["unit"], row["item"]) for row in found] == sorted(by_key)


def test_every_world_merged_from_its_parquet_stands_as_in_the_program(tmp_path: Path, many: list[Case]) -> None:
    write(tmp_path, many_worlds.tables(many))
    assert len(programmes(tmp_path)) == len(many)
    for name in programmes(tmp_path):
        of = many[int(name[-4:])]
        assert compared(judged(tmp_path, name).rows) == expected(of), name


def test_many_programmes_merged_at_once_stand_as_each_alone(many: list[Case]) -> None:
    """Units, files and days of one programme say nothing of another, even where all have the same names."""
    apart = 2**32
    rows: dict[str, list[Row]] = {name: [] for name in merge_tables.TABLES}
    for n, of in enumerate(many):
        for table in inputs(of):
            wanted = [c.split()[0] for c in merge_tables.TABLES[table.table.name].split(",")]
            for row in table.rows:
                cells: dict[str, Any] = dict(zip(table.names, row, strict=True))
                moved = {key: cells[key] + n * apart for key in ("n", "file") if key in wanted}
                rows[table.table.name].append(tuple((cells | moved)[name] for name in wanted))
    with standing_sql.opened() as filled:
        for name, of_table in rows.items():
            filled.fill(name, of_table)
        filled.run("standing")
        found = filled.base.execute(f"select programme, unit, item, status, days_late from ({RESULT_QUERY})").fetchall()  # noqa: S608 - our own
    wanted_of_all = {
        (of.programme.id, *key): (values[0], values[3]) for of in many for key, values in expected(of).items()
    }
    assert {(p, unit, item): (status, late) for p, unit, item, status, late in found} == wanted_of_all


# --- the files ---


def test_programmes_of_one_name_lie_side_by_side_and_none_is_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for origin in ("371525", "371526"):
        tiny.build(tmp_path / origin, {"2026-10/east.toml": tiny.head()})
        see = ["-C", str(tmp_path / origin), "--as-of", "2026-10-31", "--origin", origin, "-o", str(tmp_path / "in")]
        assert run(*see) == 0
    assert programmes(tmp_path / "in") == ["371525.city", "371526.city"]
    units = ds.dataset(tmp_path / "in" / "occurrence", partitioning="hive").to_table()["unit"].to_pylist()
    assert {unit.partition("/")[0] for unit in units} == {"371525.city", "371526.city"}
    capsys.readouterr()
    assert run(*see) == 1
    assert "没有覆盖" in capsys.readouterr().err
    assert run("--input", str(tmp_path / "in"), "-o", str(tmp_path / "out")) == 0
    assert "2 个行动" in capsys.readouterr().err
    assert run("--input", str(tmp_path / "in"), "-o", str(tmp_path / "out")) == 1


def test_what_units_said_is_divided_by_month_and_equal_inputs_give_equal_bytes(october: Snapshot) -> None:
    found = [list(exports.files(inputs(case(october)), "parquet")) for _again in range(2)]
    assert found[0] == found[1]
    months = {at.parts[2] for at, _content in found[0] if at.parts[0] == "said"}
    assert months == {f"month=2026-{month:02}" for month in (7, 8, 9, 10)}


def test_every_column_of_the_merge_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--columns", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    wanted = [(t.name, c.name) for t in (*INPUTS.values(), RESULT) for c in t.columns]
    assert [(row["table"], row["column"]) for row in told] == wanted
    assert all(row["words"].strip() for row in told)
    assert set(merge.Stood._fields) - {"n", "file"} <= {column.name for column in RESULT.columns}
    assert not list(RESULT.entries(None))  # type: ignore[arg-type]


# --- what is said ---


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "--standing", "-o", "x", "--format", "csv"], "parquet"),
        (["export", "--standing", "-o", "x", "--json"], "parquet"),
        (["export", "--standing", "--format", "parquet"], "--output"),
        (["export", "--standing", "--format", "parquet", "-o", "x", "--spark", "local"], "--input"),
        (["export", "--standing", "--format", "parquet", "-o", "x", "--origin", "a/b"], "--origin"),
        (["export", "--input", "x"], "--standing"),
    ],
)
def test_what_does_not_go_together_is_said(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_without_pyarrow_one_sentence_says_how_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run("-C", str(ROOT), "-P", "liaocheng", "--as-of", "2026-10-31", "-o", str(tmp_path / "in")) == 1
    assert "pip install '.[parquet]'" in capsys.readouterr().err


def test_a_folder_without_tables_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--input", str(tmp_path), "-o", str(tmp_path / "out")) == 1
    assert "先用 tracker export --standing" in capsys.readouterr().err


def test_without_pyspark_one_sentence_says_how_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "py4j.protocol", None)
    assert run("--input", str(tmp_path), "-o", str(tmp_path / "out"), "--spark", "local[2]") == 1
    assert "pip install '.[spark]'" in capsys.readouterr().err
