"""Tables for other tools: every column documented and filled, the same in every format, and obeyed by no program."""

import csv
import io
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
import tiny
from sample import KNOWN_BY, sample

from tracker import exports, usage
from tracker.cli import main
from tracker.clocks import CHINA
from tracker.json_rows import standing_row
from tracker.snapshot import Snapshot
from tracker.tables import TABLES

ROOT = Path(__file__).parent.parent


def table(snapshot: Snapshot, name: str) -> list[dict[str, Any]]:
    """A table's rows by column."""
    found = exports.exported(TABLES[name], [snapshot])
    return [dict(zip(found.names, row, strict=True)) for row in found.rows]


def from_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# --- the tables ---


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_its_kind_of_value_and_says_something_of_the_sample(october: Snapshot, name: str) -> None:
    kinds: dict[str, Any] = {
        "text": str,
        "number": (int, float),
        "integer": int,
        "yes": bool,
        "day": date,
        "moment": datetime,
    }
    rows = table(october, name)
    assert rows
    for column in TABLES[name].columns:
        values = [row[column.name] for row in rows if row[column.name] is not None]
        assert all(isinstance(value, kinds[column.kind]) for value in values), column.name
        assert column.words.strip()


def test_standings_are_those_of_the_overdue_list(october: Snapshot) -> None:
    rows = table(october, "standings")
    assert len(rows) == len(october.standings)
    for row, s in zip(rows, october.standings, strict=True):
        for key, value in standing_row(october, s).items():
            said = row[key]
            text = "；".join(value) if isinstance(value, list) else value
            assert (said.isoformat() if isinstance(said, date) else said) == text, key


def test_updates_are_those_of_every_file_and_one_stands_of_each_item(october: Snapshot) -> None:
    rows = table(october, "updates")
    assert len(rows) == sum(len(f.submission.updates) for f in october.filed)
    standing = {(row["unit"], row["item"]) for row in rows if row["stands"]}
    assert len(standing) == sum(row["stands"] for row in rows)
    files = {f.submission.file for f in october.filed}
    records = {key: s.record for key, s in october.by_key.items() if s.record is not None}
    assert standing == {key for key, record in records.items() if record.update.place.file in files}
    linqing = [row["version"] for row in rows if (row["unit"], row["month"]) == ("linqing", "2026-08")]
    assert sorted(set(linqing)) == [1, 2]
    assert linqing == sorted(linqing)


def test_what_was_not_known_or_is_of_later_months_is_not_exported() -> None:
    early = sample(date(2026, 9, 30), datetime(2026, 10, 9, tzinfo=CHINA))
    for name in ("updates", "decisions", "submissions"):
        # Rulings on enterprises' sheets speak of a quarter.
        assert max(row["month"] for row in table(early, name) if "Q" not in row["month"]) == "2026-09"
    assert all(row["at"] <= early.clocks.known_by for row in table(early, "decisions"))


def test_a_file_held_whole_is_among_the_submissions(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": tiny.head("east"),
        "2026-10/west.toml": 'unit = "west"\nmonth = "2026-10"\n',
        "2026-10/odd.toml": "===",
    }
    rows = {row["file"]: row for row in table(tiny.see(tmp_path, files), "submissions")}
    held = rows["status/city/2026-10/west.toml"]
    assert (held["is_held"], held["unit_name"], held["month"], held["updates"]) == (True, "西湖高新区", "2026-10", None)
    assert rows["status/city/2026-10/odd.toml"]["unit"] is None
    whole = rows["status/city/2026-10/east.toml"]
    assert (whole["is_held"], whole["prepared_by"], whole["updates"]) == (False, "王某", 0)
    # Without a receipt it counts as received now, and now must leave no trace.
    assert whole["received"] is None


def test_milestones_say_their_rule_and_target(october: Snapshot) -> None:
    rows = {row["id"]: row for row in table(october, "milestones")}
    assert rows["chemical-18"]["due"] == date(2025, 12, 31)
    goal = next(row for row in rows.values() if row["target_unit"] == "%")
    assert isinstance(goal["target_value"], int | float)
    assert all(row["units"] or row["kind"] == "consequence" or row["level"] for row in rows.values())


def test_a_wish_for_a_later_day_is_told(tmp_path: Path) -> None:
    text = (
        tiny.head()
        + '[[update]]\nitem = "mine-7"\nstate = "推进中"\ndone = 1\ntotal = 4\nas_of = 2026-10-31\n'
        + '[update.request_extension]\nuntil = 2027-03-31\nreason = "设备未到货"\nprogress = "一座完成"\n'
    )
    [row] = table(tiny.see(tmp_path, {"2026-10/east.toml": text}), "updates")
    assert (row["extension_until"], row["extension_reason"]) == (date(2027, 3, 31), "设备未到货")


# --- the formats ---


@pytest.mark.parametrize("name", TABLES)
def test_all_formats_say_the_same(october: Snapshot, name: str) -> None:
    found = exports.exported(TABLES[name], [october])
    as_json = json.loads(exports.as_json(found))
    as_csv = from_csv(exports.as_csv(found))
    as_parquet = pq.read_table(io.BytesIO(exports.as_parquet(found))).to_pylist()
    assert len(as_json) == len(as_csv) == len(as_parquet) == len(found.rows)
    for j, c, p, row in zip(as_json, as_csv, as_parquet, found.rows, strict=True):
        for key, value in zip(found.names, row, strict=True):
            assert p[key] == value
            assert j[key] == (value.isoformat() if isinstance(value, date) else value)
            if isinstance(value, str):
                assert c[key].removeprefix("'") == value
            elif isinstance(value, bool) or value is None:
                assert c[key] == {True: "true", False: "false", None: ""}[value]
            elif isinstance(value, date):
                assert c[key] == value.isoformat()
            else:
                assert float(c[key]) == value


@pytest.mark.parametrize("style", ["csv", "json", "parquet"])
def test_equal_inputs_give_equal_bytes(style: Any) -> None:
    written = []
    for known_by in (KNOWN_BY, KNOWN_BY.replace(hour=19)):
        snapshot = sample(known_by=known_by)
        tables = [exports.exported(one, [snapshot]) for one in TABLES.values()]
        written.append(list(exports.files(tables, style)))
    assert written[0] == written[1]


OBEYED = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    " =1",
    "\t=1",
    "\r=1",
    "\n=1",
    "'",
    "'=1",
    "\u3000=1",
]


@pytest.mark.parametrize("words", OBEYED)
def test_in_csv_no_text_is_taken_for_a_formula_and_one_apostrophe_less_gives_it_back(words: str) -> None:
    said = exports.harmless(words)
    assert said.startswith("'")
    assert said[1:].lstrip("\ufffd\n") == words.lstrip("\t\r\n")


@pytest.mark.parametrize("words", ["mine-1", "5月底前", "a=1", "1'", "", "三（2）"])
def test_in_csv_other_text_is_as_it_was(words: str) -> None:
    assert exports.harmless(words) == words


def test_csv_holds_no_character_that_a_terminal_obeys() -> None:
    said = exports.harmless("红\x1b[31m\u202egnirts\x00\r\n第二行\u2028第三行")
    assert said == "红\ufffd[31m\ufffdgnirts\ufffd\n第二行\n第三行"


def test_hostile_words_come_through_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cause = '=HYPERLINK(\\"http://e\\",\\"x\\")\\n\\u202e第二行,\\u001b[31m'
    text = (
        tiny.head()
        + f'[[update]]\nitem = "mine-1"\nstate = "推进中"\ncause = "{cause}"\nmeasure = "@SUM(1)，逐条补录"\n'
        + "promised_on = 2026-12-20\n"
    )
    tiny.build(tmp_path, {"2026-10/east.toml": text})
    see = ["export", "-C", str(tmp_path), "--as-of", "2026-10-31", "--what", "updates"]
    assert main(see) == 0
    [row] = from_csv(capsys.readouterr().out.encode())
    assert row["cause"] == '\'=HYPERLINK("http://e","x")\n\ufffd第二行,\ufffd[31m'
    assert row["measure"] == "'@SUM(1)，逐条补录"
    assert main([*see, "--json"]) == 0
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert json.loads(printed)[0]["cause"] == '=HYPERLINK("http://e","x")\n\u202e第二行,\x1b[31m'


# --- the command ---


def run(*words: str) -> int:
    return main(["export", "-C", str(ROOT), "--as-of", "2026-10-31", *words])


def test_a_file_for_excel_begins_with_a_mark_and_a_pipe_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--what", "milestones", "-o", str(tmp_path / "a.csv")) == 0
    assert run("--what", "milestones", "-o", str(tmp_path / "b.csv"), "--no-bom") == 0
    capsys.readouterr()
    assert run("--what", "milestones") == 0
    printed = capsys.readouterr().out
    with_mark, without = (tmp_path / "a.csv").read_bytes(), (tmp_path / "b.csv").read_bytes()
    assert with_mark == b"\xef\xbb\xbf" + without
    assert without.count(b"\r\n") > 100
    assert printed.splitlines()[0].startswith("programme,")


def test_into_a_folder_go_all_tables_and_nothing_is_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for style in ("csv", "json"):
        folder = tmp_path / style
        assert run("--format", style, "-o", str(folder)) == 0
        assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.{style}" for name in TABLES)
        (folder / f"updates.{style}").unlink()
        before = {path: path.read_bytes() for path in folder.iterdir()}
        capsys.readouterr()
        assert run("--format", style, "-o", str(folder)) == 1
        assert "没有覆盖" in capsys.readouterr().err
        assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_parquet_in_a_folder_is_divided_by_programme_and_month(tmp_path: Path, october: Snapshot) -> None:
    assert run("--format", "parquet", "-o", str(tmp_path / "p")) == 0
    months = sorted(path.name for path in (tmp_path / "p" / "updates" / "programme=liaocheng").iterdir())
    assert months == [f"month=2026-{month:02}" for month in (7, 8, 9, 10)]
    found = ds.dataset(tmp_path / "p" / "standings", partitioning="hive").to_table().to_pylist()
    assert {row["programme"] for row in found} == {"liaocheng", "dongying"}
    own = [row for row in found if row["programme"] == "liaocheng"]
    assert {row["month"] for row in own} == {"2026-10"}
    assert len(own) == len(october.standings)


def test_parquet_as_one_file_has_a_schema_even_without_rows(tmp_path: Path) -> None:
    tiny.build(tmp_path)
    output = tmp_path / "d.parquet"
    see = ["export", "-C", str(tmp_path), "--as-of", "2026-10-31", "--format", "parquet", "--what", "decisions"]
    assert main([*see, "-o", str(output)]) == 0
    read = pq.read_table(output)
    assert (read.num_rows, read.column_names) == (0, [column.name for column in TABLES["decisions"].columns])
    assert exports.as_json(exports.exported(TABLES["decisions"], [])) == b"[]\n"


def test_without_pyarrow_one_sentence_says_how_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run("--format", "parquet", "-o", str(tmp_path / "p")) == 1
    assert "pip install '.[parquet]'" in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [(["-o", "a.csv"], "文件夹"), ([], "文件夹"), (["--format", "parquet", "--what", "updates"], "--output")],
)
def test_what_cannot_be_written_is_said(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 2
    assert said in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    assert run("-o", str(tmp_path / "file" / "below")) == 1
    assert "写不进去" in capsys.readouterr().err


def test_the_columns_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--columns", "--what", "standings", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(row["column"], row["kind"]) for row in told] == [(c.name, c.kind) for c in TABLES["standings"].columns]
    assert run("--columns") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + sum(len(one.columns) for one in TABLES.values())


def test_the_command_offers_every_table() -> None:
    actions = usage.parser()._subparsers._group_actions[0].choices["export"]._actions  # type: ignore[union-attr, index]
    [what] = [action for action in actions if action.dest == "what"]
    assert set(what.choices) == set(TABLES)
