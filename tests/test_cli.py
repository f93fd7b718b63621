"""The commands as people call them: what stands on stdout, what is said on stderr, how they end."""

import json
import re
import shutil
import tomllib
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path

import pytest

from tracker import usage
from tracker.cli import main
from tracker.clocks import CHINA
from tracker.usage.base import Parser

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=CHINA)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A workspace with the shipped sample, made as a user makes it."""
    assert main(["init", "w", "--sample"], NOW, tmp_path) == 0
    return tmp_path / "w"


def test_init_makes_a_workspace_in_which_everything_is_right(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["check"], NOW, sample) == 0
    assert "错误" not in capsys.readouterr().err.replace("0 处错误", "")


def test_init_without_the_sample_begins_the_books_this_month(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "w"], NOW, tmp_path) == 0
    text = (tmp_path / "w/plans/liaocheng/programme.toml").read_text(encoding="utf-8")
    assert "records_from = 2026-11-01" in text
    assert "sample = true" not in text
    assert not (tmp_path / "w/plans/liaocheng/assignments.toml").exists()
    assert sorted(path.name for path in (tmp_path / "w/status").iterdir()) == [".gitattributes", "README.md"]
    capsys.readouterr()
    assert main(["overdue", "--fail"], NOW, tmp_path / "w") == 0
    assert "没有逾期事项" in capsys.readouterr().err


def test_init_leaves_a_folder_with_contents_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w/letter.txt").write_text("x")
    assert main(["init", "w"], NOW, tmp_path) == 1
    assert "已经有内容" in capsys.readouterr().err
    assert [p.name for p in (tmp_path / "w").iterdir()] == ["letter.txt"]


def test_without_a_workspace_a_command_says_how_to_make_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["overdue"], NOW, tmp_path) == 2
    assert "tracker init" in capsys.readouterr().err
    assert main(["overdue", "-C", str(tmp_path)], NOW, tmp_path) == 2
    assert "不是工作区" in capsys.readouterr().err


def test_a_workspace_is_found_from_below(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["matrix"], NOW, sample / "status" / "liaocheng") == 0
    assert capsys.readouterr().out


def test_overdue_in_a_pipe_is_whole_and_tab_separated(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["overdue", "-P", "liaocheng", "--as-of", "2026-10-31"], NOW, sample) == 0
    said = capsys.readouterr()
    header, *rows = [line.split("\t") for line in said.out.splitlines()]
    assert header[0] == "逾期天数"
    assert rows
    days = [int(row[0]) for row in rows]
    assert days == sorted(days, reverse=True)
    assert min(days) > 0
    assert f"逾期 {len(rows)} 项" in said.err
    assert "示例数据" in said.err


def test_overdue_json_agrees_with_the_table_and_filters_narrow_it(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def rows(*more: str) -> list[dict[str, object]]:
        capsys.readouterr()
        assert main(["overdue", "--json", "--as-of", "2026-10-31", *more], NOW, sample) == 0
        return list(json.loads(capsys.readouterr().out))

    everything = rows()
    assert {row["light"] for row in everything} == {"red"}
    for key, value, option in (("unit", "shenxian", "--unit"), ("plan", "mine", "--plan")):
        narrowed = rows(option, value)
        assert narrowed == [row for row in everything if row[key] == value]
    assert rows("--level", "city") == [row for row in everything if "city" in row["level"]]  # type: ignore[operator]
    assert rows("--owner", "企业") == [row for row in everything if "企业" in str(row["owner"])]


def test_overdue_fail_ends_with_1_when_something_is_late(sample: Path) -> None:
    assert main(["overdue", "--fail", "--as-of", "2026-10-31"], NOW, sample) == 1


def test_names_that_are_not_known_get_the_nearest(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong, right in (
        (["overdue", "--unit", "chipping"], "chiping"),
        (["overdue", "--plan", "mines"], "mine"),
        (["overdue", "-P", "liaochen"], "liaocheng"),
        (["why", "chiping", "mine-5.1@2026-1"], "mine-5.1@2026-1"),
        (["form", "--unit", "nowhere", "--month", "2026-11"], "nowhere"),
    ):
        capsys.readouterr()
        assert main(wrong, NOW, sample) == 2, wrong
        assert right in capsys.readouterr().err


def test_the_programme_is_inferred_from_the_month(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["report", "2025-11"], NOW, sample) == 0
    assert "东营" in capsys.readouterr().out
    assert main(["report", "2026-10"], NOW, sample) == 0
    assert "聊城" in capsys.readouterr().out
    assert main(["report", "2026-02"], NOW, sample) == 2
    assert "2026-02" in capsys.readouterr().err


def test_matrix_and_summary_agree(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    asked = ["--json", "-P", "liaocheng", "--as-of", "2026-10-31"]
    assert main(["matrix", *asked], NOW, sample) == 0
    cells = json.loads(capsys.readouterr().out)
    assert main(["summary", *asked], NOW, sample) == 0
    summary = json.loads(capsys.readouterr().out)[0]
    assert main(["overdue", *asked], NOW, sample) == 0
    late = json.loads(capsys.readouterr().out)
    by_plan = [cell for cell in cells if cell["plan"] is not None]
    assert sum(cell["late"] for cell in by_plan) == sum(row["is_current"] for row in late)
    assert sum(cell["missed"] for cell in by_plan) == sum(not row["is_current"] for row in late)
    assert summary["now"]["late"] == len(late)
    assert main(["matrix", *asked[1:]], NOW, sample) == 0
    assert "茌平区" in capsys.readouterr().out
    assert main(["summary", *asked[1:]], NOW, sample) == 0
    assert "按期率" in capsys.readouterr().out


def test_milestones_json_is_the_agreed_array(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["milestones", "--json", "--plan", "mine"], NOW, sample) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["plan"] for row in rows} == {"mine"}
    assert {row["programme"] for row in rows} == {"liaocheng"}
    monthly = next(row for row in rows if row["id"] == "mine-1.5c")
    assert (monthly["every"], monthly["from"], monthly["times"]) == ("month", "2025-01-01", 1)
    assert main(["milestones", "--unit", "chiping"], NOW, sample) == 0
    assert "mine-5.1" in capsys.readouterr().out


def test_why_names_the_file_and_the_wording(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["overdue", "--json", "-P", "liaocheng", "--as-of", "2026-10-31"], NOW, sample) == 0
    row = next(row for row in json.loads(capsys.readouterr().out) if row["source"])
    assert main(["why", row["unit"], row["item"], "--as-of", "2026-10-31"], NOW, sample) == 0
    said = capsys.readouterr().out
    assert row["source"] in said
    assert "期限原文" in said
    assert f"{row['days_late']} 天" in said
    assert main(["why", row["unit"], row["item"], "--as-of", "2026-10-31", "--json"], NOW, sample) == 0
    assert json.loads(capsys.readouterr().out)[0]["title"] == "结论"


def test_why_of_a_recurring_duty_asks_for_the_period(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "chiping", "mine-5.1"], NOW, sample) == 2
    assert "mine-5.1@" in capsys.readouterr().err


def test_form_and_check_go_together(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "--unit", "chiping", "--month", "2026-11", "-o", "form.toml"], NOW, sample) == 0
    capsys.readouterr()
    # As it comes it lacks nothing but the answers of the unit.
    assert main(["check", "form.toml"], NOW, sample) in (0, 1)
    codes = {line.split(": ")[1].split(" ")[0] for line in capsys.readouterr().out.splitlines() if ": E" in line}
    assert codes <= {"E04", "E12", "E13"}
    text = (sample / "form.toml").read_text(encoding="utf-8")
    for key in ("prepared_by", "checked_by", "approved_by"):
        text = text.replace(f'\n{key} = ""', f'\n{key} = "王某"')
    (sample / "signed.toml").write_text(text, encoding="utf-8")
    main(["check", "signed.toml"], NOW, sample)
    codes = {line.split(": ")[1].split(" ")[0] for line in capsys.readouterr().out.splitlines() if ": E" in line}
    assert codes <= {"E12", "E13"}


def test_a_file_that_is_there_is_not_overwritten(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sample / "out.md").write_text("kept")
    assert main(["report", "2026-10", "-o", "out.md"], NOW, sample) == 1
    assert "没有覆盖" in capsys.readouterr().err
    assert (sample / "out.md").read_text() == "kept"
    assert main(["report", "2026-10", "-o", "no/such/folder.md"], NOW, sample) == 1
    assert "写不进去" in capsys.readouterr().err


def test_the_report_says_by_when_and_which_holiday_moved_it(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["report", "2026-09"], NOW, sample) == 0
    said = capsys.readouterr().err
    assert "2026-10-02 不是工作日（国庆节），收报日移到 2026-09-30。" in said


def test_the_report_of_december_says_that_next_years_holidays_are_assumed(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["report", "2026-12"], NOW + timedelta(days=60), sample) == 0
    said = capsys.readouterr().err
    assert "2027-01-02 不是工作日（周六、元旦），收报日移到 2026-12-31。" in said
    assert "assumed" in said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.toml", b""),
        ("binary.toml", bytes(range(256)) * 4),
        ("word.toml", b"PK\x03\x04" + b"\0" * 40),
        ("five.toml", '单位 = "x"\nmonth = 2026-10\nunit = "chiping"\nprepared_by = 3\nstate = "x\n'.encode()),
    ],
)
def test_bad_files_get_places_and_no_traceback(
    sample: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes
) -> None:
    (sample / name).write_bytes(content)
    capsys.readouterr()
    assert main(["check", name], NOW, sample) == 1
    said = capsys.readouterr()
    assert said.out.startswith(name)
    assert "Traceback" not in said.out + said.err


def test_a_folder_and_a_missing_file_are_said_to_be_so(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["check", "status", "nowhere.toml"], NOW, sample) == 1
    said = capsys.readouterr().out
    assert "文件夹" in said
    assert "找不到" in said


def test_five_mistakes_are_five_problems_at_their_lines(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        'unit = "chiping"',
        'month = "2026-10"',
        'prepared_by = "王某"',
        'checked_by = "李某"',
        'approved_by = "赵某"',
        'aproved = "x"',  # 6: an unknown key
        "[[update]]",
        'item = "mine-5.1@2026-13"',  # 8: no such period
        'state = "完成了"',  # 9: no such state
        "[[update]]",
        'item = "mine-1.5c@2026-10"',
        'state = "已完成"',
        'done_on = "2026-10-20"',  # 13: a quoted date
        "[[update]]",
        'item = "mine-9.4a@2026-10"',
        'state = "推进中"',
        "done = 9",  # 17: more than the total
        "total = 4",
    ]
    (sample / "five.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "five.toml", "--json"], NOW, sample) == 1
    found = [(problem["line"], problem["code"]) for problem in json.loads(capsys.readouterr().out)]
    assert found == [(6, "E03"), (8, "E07"), (9, "E06"), (13, "E05"), (17, "E14")]


def test_a_plan_with_a_wrong_key_stops_the_work_and_names_the_line(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sample / "plans/liaocheng/industry.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("short = ", "shrot = ", 1), encoding="utf-8")
    for command in (["overdue"], ["milestones"], ["matrix"]):
        capsys.readouterr()
        assert main(command, NOW, sample) == 1
        said = capsys.readouterr().err
        assert "plans/liaocheng/industry.toml:" in said
        assert "short" in said
    assert main(["check", str(path)], NOW, sample) == 1


def test_held_files_are_mentioned_and_the_rest_counts(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sample / "status/liaocheng/2026-11/shenxian.9.toml").write_text("unit = \n", encoding="utf-8")
    capsys.readouterr()
    assert main(["overdue", "-P", "liaocheng"], NOW, sample) == 0
    assert "tracker check" in capsys.readouterr().err


def test_known_by_leaves_out_what_came_later(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def known(moment: str) -> tuple[int, int]:
        capsys.readouterr()
        asked = ["summary", "--json", "-P", "liaocheng", "--as-of", "2026-10-31", "--known-by", moment]
        assert main(asked, NOW, sample) == 0
        now = json.loads(capsys.readouterr().out)[0]["now"]
        return now["not_reported"], now["done"]

    def said(moment: str) -> str:
        capsys.readouterr()
        assert main(["report", "2026-10", "--known-by", moment], NOW, sample) == 0
        return capsys.readouterr().out

    # 莘县 sent its file on 5 November: awaited up to the 2nd, missing on the 3rd, late once it is there.
    moments = ["2026-10-25", "2026-11-03T09:00", "2026-11-20T18:00"]
    not_reported, done = zip(*(known(moment) for moment in moments), strict=True)
    assert not_reported == (0, 1, 1)
    assert done[0] < done[1] < done[2]
    assert "未报的有莘县。" in said("2026-11-03T09:00")
    assert "迟报的有莘县（11-05收到）。" in said("2026-11-20T18:00")


@pytest.mark.parametrize(
    "month", ["1999-12", "2100-01", "0001-01", "２０２６-10", "2026-1０", "2026-13", "2026-1", "26-10"]
)
def test_months_of_no_programme_and_digits_that_are_not_ascii_are_refused(
    sample: Path, capsys: pytest.CaptureFixture[str], month: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", month], NOW, sample)
    assert ended.value.code == 2
    assert f"月份写成 2026-10：{month}" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--as-of", "tomorrow"], ["--known-by", "soon"]])
def test_days_that_are_none_are_refused(sample: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["overdue", *wrong], NOW, sample)
    assert ended.value.code == 2
    assert wrong[1] in capsys.readouterr().err


def test_alone_it_explains_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([], NOW, tmp_path) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in ("overdue", "matrix", "report", "init"))
    assert "用法" in said


@pytest.mark.parametrize(
    "command", ["overdue", "matrix", "summary", "milestones", "why", "form", "check", "report", "init"]
)
def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"例：tracker {command}" in capsys.readouterr().out


def test_english_on_request(sample: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    capsys.readouterr()
    assert main(["overdue", "--lang", "en", "-P", "liaocheng", "--as-of", "2026-10-31"], NOW, sample) == 0
    assert capsys.readouterr().out.startswith("days late\t")
    monkeypatch.setenv("TRACKER_LANG", "en")
    assert main(["check"], NOW, sample) == 0
    assert "roblem" in capsys.readouterr().err
    monkeypatch.setenv("TRACKER_LANG", "klingon")
    assert main(["check"], NOW, sample) == 2
    monkeypatch.delenv("TRACKER_LANG")
    assert main(["check"], NOW, sample) == 0
    assert "错误" not in capsys.readouterr().err.replace("0 处错误", "")


def test_the_zone_of_the_clock_does_not_change_the_day(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for zone in (CHINA, UTC, timezone(timedelta(hours=-7))):
        capsys.readouterr()
        assert main(["overdue", "-P", "liaocheng", "--json"], NOW.astimezone(zone), sample) == 0
        outputs.append(capsys.readouterr().out)
    assert len(set(outputs)) == 1


def test_a_wheel_brings_plans_and_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = tmp_path / "shipped"
    for name in ("plans", "status"):
        shutil.copytree(ROOT / name, shipped / name)
    monkeypatch.setattr("tracker.workspace.SHIPPED", shipped)
    assert main(["init", "w", "--sample"], NOW, tmp_path) == 0
    assert (tmp_path / "w/status/README.md").exists()


# --- around the county's file ---


def test_explain_shows_one_page_or_all_codes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["explain", "e7"], NOW, tmp_path) == 0
    assert capsys.readouterr().out.startswith("## E07 ")
    assert main(["explain"], NOW, tmp_path) == 0
    assert [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()][:2] == ["E01", "E02"]
    assert main(["explain", "E99"], NOW, tmp_path) == 2
    assert "E99" in capsys.readouterr().err


def test_check_fix_mends_what_is_certain_and_keeps_the_file_as_it_was(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = sample / "status/liaocheng/2026-11/chiping.toml"
    good = form.read_text(encoding="utf-8")
    (sample / "f.toml").write_text(good.replace('unit = "chiping"', "unit ＝ “chiping”"), encoding="utf-8")
    assert main(["check", "f.toml"], NOW, sample) == 1
    assert main(["check", "f.toml", "--fix"], NOW, sample) == 0
    assert (sample / "f.toml").read_text(encoding="utf-8") == good
    assert "＝" in (sample / "f.toml.orig").read_text(encoding="utf-8")
    assert "第" in capsys.readouterr().err


def test_check_fix_leaves_a_file_with_its_receipt_alone_and_says_what_to_do(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = sample / "status/liaocheng/2026-10"
    text = (folder / "chiping.toml").read_text(encoding="utf-8")
    (sample / "in.toml").write_bytes((text + "# 重报\n").encode("utf-16"))
    assert main(["receive", "in.toml"], NOW, sample) == 0
    path = sample / capsys.readouterr().out.split("\n")[0].partition(" → ")[2]
    before = path.read_bytes()
    assert main(["check", str(path), "--fix"], NOW, sample) == 1
    said = capsys.readouterr()
    assert path.name in said.err
    assert "tracker receive" in said.err
    assert "E19" not in said.out
    assert path.read_bytes() == before
    (sample / "copy.toml").write_bytes(before)
    assert main(["check", "copy.toml", "--fix"], NOW, sample) == 0
    assert main(["receive", "copy.toml"], NOW, sample) == 0
    # What is well as it is needs no word about it, and broken receipts may be about any file.
    assert main(["check", str(folder / "chiping.toml"), "--fix"], NOW, sample) == 0
    assert "已有回执" not in capsys.readouterr().err
    (folder / "receipts.toml").write_text("[[receipt]]\nfile = 3\n", encoding="utf-8")
    assert main(["check", str(path), "--fix"], NOW, sample) == 1
    assert path.read_bytes() == before


def test_check_for_a_code_host(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sample / "f.toml").write_text('unit = "chiping"\nmonth = "2026-13"\n', encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "f.toml", "--format", "github"], NOW, sample) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("::error file=f.toml,line=") for line in lines)
    assert any("title=E09" in line for line in lines)


def test_a_workbook_comes_back_with_its_problems_in_its_cells(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    assert main(["form", "--unit", "guanxian", "--month", "2026-11", "-o", "g.xlsx"], NOW, sample) == 0
    assert "必填" in capsys.readouterr().err
    assert main(["check", "g.xlsx", "--annotate"], NOW, sample) == 1
    assert "g.批注.xlsx" in capsys.readouterr().err
    notes = [c.comment.text for row in openpyxl.load_workbook(sample / "g.批注.xlsx")["月报"] for c in row if c.comment]
    assert any(note.startswith("E04") for note in notes)


def test_forms_for_all_units_are_counted_and_kept(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "--all", "--month", "2026-11", "-o", "forms"], NOW, sample) == 0
    assert len(list((sample / "forms").glob("*.xlsx"))) == 12
    assert "茌平区：填报量" in capsys.readouterr().err
    assert 'unit = "chiping"' in (sample / "status/liaocheng/2026-11/burden.toml").read_text(encoding="utf-8")
    assert main(["form", "--all", "--month", "2026-11", "-o", "forms"], NOW, sample) == 1
    assert main(["form", "--all", "--toml", "--month", "2026-11", "-o", "texts"], NOW, sample) == 0
    assert (sample / "texts/chiping.toml").read_text(encoding="utf-8").startswith("#:schema")


def test_a_section_gets_a_form_of_its_own_plan_and_the_burden_counts_that_alone(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*words: str) -> tuple[str, str]:
        assert main(["form", "--month", "2026-11", *words], NOW, sample) == 0
        return capsys.readouterr()

    whole, part = said("--unit", "chiping"), said("--unit", "chiping", "--part", "mine")
    assert '\npart = ["mine"]' in part[0]
    assert "只报：矿山" in part[0]
    items = [update["item"] for update in tomllib.loads(part[0])["update"]]
    assert items
    assert all(item.startswith("mine-") for item in items)
    book = said("--unit", "chiping", "--part", "mine", "-o", "p.xlsx")
    burdens = [text.strip().split("\n")[-1] for text in (whole[1], part[1], book[1])]
    assert burdens[1] == burdens[2] != burdens[0]
    other = said("--unit", "chiping", "--part", "chemical", "--part", "industry")[1].strip().split("\n")[-1]
    names = 3
    numbers = [int(re.findall(r"\d+", text)[0]) - names for text in (*burdens[:2], other)]
    assert numbers[0] == numbers[1] + numbers[2]
    # Only units that the plan concerns get a part of it.
    for style, files in (((), "茌平区2026-11（矿山）.xlsx"), (("--toml",), "chiping.mine.toml")):
        said("--all", "--part", "mine", "-o", f"parts{len(style)}", *style)
        found = sorted(path.name for path in (sample / f"parts{len(style)}").iterdir())
        assert files in found
        assert len(found) == 2
    kept = tomllib.loads((sample / "status/liaocheng/2026-11/burden.toml").read_text(encoding="utf-8"))["burden"]
    assert [one["part"] for one in kept] == [["mine"]] * 4
    assert main(["form", "--unit", "guanxian", "--part", "mine", "--month", "2026-11"], NOW, sample) == 2
    assert "guanxian" in capsys.readouterr().err
    assert main(["form", "--unit", "chiping", "--part", "nine", "--month", "2026-11", "-o", "p.xlsx"], NOW, sample) == 2


def test_fill_wants_a_terminal(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fill", "--unit", "chiping", "--month", "2026-11"], NOW, sample) == 2
    assert "终端" in capsys.readouterr().err


def test_receive_missing_and_compare_are_one_way_through_a_month(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (sample / "status/liaocheng/2026-11/chiping.toml").read_text(encoding="utf-8")
    (sample / "in").mkdir()
    (sample / "in/附件1.toml").write_text(text + "\n# 重报\n", encoding="utf-8")
    assert main(["receive"], NOW, sample) == 2
    capsys.readouterr()
    assert main(["receive", "in", "--json"], NOW, sample) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["outcome"], row["unit"], row["version"]) == ("received", "chiping", 2)
    assert main(["receive", "in"], NOW, sample) == 0
    assert "重复 1" in capsys.readouterr().err
    assert main(["compare", "chiping", "2026-11"], NOW, sample) == 0
    assert "第 1 版 → 2026-11 第 2 版" in capsys.readouterr().out
    assert main(["compare", "chiping", "2026-11", "--json"], NOW, sample) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    assert main(["compare", "guanxian", "2026-11"], NOW, sample) == 0
    assert "还没有收到" in capsys.readouterr().err
    assert main(["missing", "--month", "2026-11", "--json"], NOW, sample) == 1
    waiting = json.loads(capsys.readouterr().out)
    assert "guanxian" in {w["unit"] for w in waiting}
    assert all(len(w["text"]) <= 120 for w in waiting)
    assert main(["missing", "--month", "2026-08"], NOW, sample) == 0
    assert "收齐" in capsys.readouterr().out


def test_findings_can_be_run_singly(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["findings", "2026-10", "--only", "W12"], NOW, sample) == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert rows
    assert {row.split("\t")[0] for row in rows} == {"W12"}
    assert main(["findings", "2026-10", "--json"], NOW, sample) == 0
    assert {row["code"] for row in json.loads(capsys.readouterr().out)} > {"W12"}
    assert main(["findings", "2026-10", "--only", "W99"], NOW, sample) == 2


def commands_of(parser: Parser) -> dict[str, Parser]:
    """The commands that a parser knows."""
    found = next(action.choices for action in parser._actions if isinstance(action.choices, dict))
    assert found is not None
    return dict(found)


def test_a_command_that_is_asked_for_is_declared_alone_and_as_it_is_among_all() -> None:
    every = commands_of(usage.parser())
    assert list(every) == list(usage.COMMANDS)
    for name, command in every.items():
        alone = commands_of(usage.parser(name))
        assert list(alone) == [name]
        assert alone[name].format_help() == command.format_help()
        assert alone[name].get_default("run") == command.get_default("run")


def test_the_books_begin_from_a_ledger(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["receive", "--opening", "l.xlsx"], NOW, sample) == 2
    assert main(["receive", "--opening", "l.xlsx", "--mapping", "m.toml"], NOW, sample) == 2
    asked = ["receive", "--opening", "l.xlsx", "--mapping", "m.toml", "-P", "liaocheng"]
    assert main(asked, NOW, sample) == 1
    assert "m.toml" in capsys.readouterr().out


def test_every_command_that_can_be_typed_has_a_function_that_runs_it() -> None:
    for name, command in commands_of(usage.parser()).items():
        module, function = command.get_default("run").split(".")
        assert callable(getattr(import_module(f"tracker.commands.{module}"), function)), name
        assert "例：" in command.format_help()
