"""``letters``: the list, the drafts, and what is recorded."""

import json
import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from ladders import STEPS
from tiny import PROGRAMME, build

from tracker.cli import main
from tracker.clocks import CHINA
from tracker.letters import read_letters
from tracker.plan_files import load
from tracker.reports.letter import LONGEST_TEXT
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=CHINA)


def run(capsys: pytest.CaptureFixture[str], root: Path, *words: str, now: datetime = NOW) -> tuple[int, str, str]:
    """What a call of ``letters`` ends with and says."""
    capsys.readouterr()
    code = main(["letters", *words], now, root)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A workspace with the shipped sample."""
    shutil.copytree(ROOT / "plans", tmp_path / "w/plans")
    shutil.copytree(ROOT / "status", tmp_path / "w/status")
    return tmp_path / "w"


LIAOCHENG = ("-P", "liaocheng")


def test_the_list_says_what_is_due_what_is_not_and_what_is_awaited(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, sample, *LIAOCHENG)
    assert code == 0
    rows = [line.split("\t") for line in out.splitlines()]
    assert ["高唐县", "督促", "chemical-20a", "逾期 690 天（满 15 天）", "示例函〔2026〕6号", "2026-11-27"] in rows
    assert any(row[:2] == ["莘县", "chemical-17c"] and "等到 2026-11-30" in row[2] for row in rows)
    assert any(row[0] == "示例函〔2026〕6号" and row[5] == "未签收" and "已过 4 天" in row[7] for row in rows)
    # Followed by another letter, closed: not waited for any more.
    assert not any(row[0] in ("示例函〔2026〕2号", "示例函〔2026〕5号") for row in rows)
    assert "应走的步骤" in err


def test_the_json_agrees_with_the_table_and_a_unit_narrows_it(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _err = run(capsys, sample, *LIAOCHENG, "--json")
    [found] = json.loads(out)
    assert {row["step"] for row in found["due"]} >= {"remind", "urge", "talk", None}
    _code, out, _err = run(capsys, sample, "--json", "--unit", "gaotang", *LIAOCHENG)
    [narrowed] = json.loads(out)
    assert narrowed["due"] == [row for row in found["due"] if row["unit"] == "gaotang"]
    assert narrowed["sent"][0]["days_left"] == -4


def test_a_month_lists_what_was_sent_in_it(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _err = run(capsys, sample, "2026-10", *LIAOCHENG, "--json")
    [found] = json.loads(out)
    assert {row["number"] for row in found["sent"] if row["sent"].startswith("2026-10")} == {
        "示例函〔2026〕3号",
        "示例函〔2026〕4号",
        "示例函〔2026〕5号",
    }


def test_drafts_are_written_once_and_decisions_of_leaders_are_named(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, sample, *LIAOCHENG, "--draft", "函")
    assert code == 0
    names = sorted(path.name for path in (sample / "函").iterdir())
    assert sorted(out.split()) == sorted({name.rpartition(".")[0] for name in names})
    assert {name.rpartition(".")[2] for name in names} == {"md", "docx"}
    assert re.search("莘县　chemical-19　到了“约谈警示”.*由领导决定", err)
    assert not any("约谈" in name for name in names)
    code, _out, err = run(capsys, sample, *LIAOCHENG, "--draft", "函")
    assert code == 1
    assert "没有覆盖" in err


def test_a_letter_is_sent_signed_for_answered_and_closed(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = ("--sent", "7号", "--unit", "gaotang", "--item", "chemical-20a", "--by", "刘某", "--on", "2026-11-20")
    assert run(capsys, sample, *letter)[0] == 0
    assert run(capsys, sample, "--signed", "7号", "--by", "周某", "--on", "2026-11-21")[0] == 0
    answer = ("--answered", "7号", "--by", "周某", "--note", "月底前改完", "--promised", "2026-11-30")
    assert run(capsys, sample, *answer)[0] == 0
    text = (sample / "status/liaocheng/2026-11/letters.toml").read_text(encoding="utf-8")
    assert 'step = "urge"' in text
    assert "answer_by = 2026-11-27" in text
    assert 'signer = "市安委会办公室"' in text
    _code, out, _err = run(capsys, sample, *LIAOCHENG, "--unit", "gaotang", "--json")
    [found] = json.loads(out)
    due = next(row for row in found["due"] if row["items"] == ["chemical-20a"])
    assert (due["step"], due["why"]) == (None, "“督促”（7号）已答复，等到 2026-11-30 完成。")
    assert run(capsys, sample, "--closed", "7号", "--by", "刘某")[0] == 2
    assert run(capsys, sample, "--closed", "7号", "--by", "刘某", "--note", "已销号")[0] == 0
    assert main(["check"], NOW, sample) == 0


def test_skipping_a_step_wants_its_reason(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = ("--sent", "7号", "--unit", "guanxian", "--item", "chemical-18", "--by", "刘某", "--step", "talk")
    code, _out, err = run(capsys, sample, *letter)
    assert code == 1
    assert "应走的一步是“提醒”（逾期 325 天（满 1 天）），不是“约谈警示”" in err
    assert run(capsys, sample, *letter, "--skip-reason", "省里交办")[0] == 0
    text = (sample / "status/liaocheng/2026-11/letters.toml").read_text(encoding="utf-8")
    assert 'skipped = "省里交办"' in text
    assert main(["check"], NOW, sample) == 0


def test_a_reason_that_was_not_needed_is_not_recorded(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = ("--sent", "7号", "--unit", "guanxian", "--item", "chemical-18", "--by", "刘某", "--skip-reason", "无")
    assert run(capsys, sample, *letter)[0] == 0
    assert "skipped" not in (sample / "status/liaocheng/2026-11/letters.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--sent", "7号", "--unit", "gaotang", "--item", "chemical-20a"), 2, "--by"),
        (("--sent", "7号", "--by", "刘某"), 2, "--unit"),
        (("--sent", "7号", "--unit", "gaotan", "--by", "刘某"), 2, "gaotang"),
        (("--sent", "7号", "--unit", "gaotang", "--by", "刘某"), 2, "--item"),
        (("--sent", "7号", "--unit", "gaotang", "--by", "刘某", "--item", "chemical-20"), 2, "chemical-20"),
        (("--sent", "7号", "--unit", "gaotang", "--by", "刘某", "--item", "chemical-20a", "--step", "urg"), 2, "urge"),
        (("--sent", "示例函〔2026〕1号", "--unit", "gaotang", "--by", "刘某", "--item", "chemical-20a"), 2, "用过了"),
        (("--sent", "7号", "--unit", "shenxian", "--by", "刘某", "--item", "chemical-17c"), 2, "已答复"),
        (("--sent", "7号", "--unit", "donge", "--by", "刘某", "--item", "chemical-17c"), 2, "现在没有逾期"),
        (("--sent", "7号", "--unit", "donge", "--by", "刘某"), 2, "mine-5.1@2026-10"),
        (("--sent", "7号", "--unit", "bureau", "--by", "刘某"), 2, "--programme"),
        (("--signed", "示例函〔2026〕9号", "--by", "周某"), 2, "您是不是想写"),
        (("--signed", "示例函〔2026〕6号", "--by", "周某", "--on", "2026-11-01"), 2, "早于"),
        (("--unit", "nowhere"), 2, "nowhere"),
    ],
)
def test_what_cannot_be_recorded_is_said(
    words: tuple[str, ...], code: int, said: str, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = [path.read_bytes() for path in sorted(sample.rglob("letters.toml"))]
    found, _out, err = run(capsys, sample, *words)
    assert found == code
    assert said in err
    assert [path.read_bytes() for path in sorted(sample.rglob("letters.toml"))] == before


def test_praise_is_recorded(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, sample, "--praise", "带头整改", "--unit", "linqing", "--by", "刘某")[0] == 0
    book, problems = read_letters(Workspace(sample), load(sample / "plans", "liaocheng")[0])  # type: ignore[arg-type]
    assert problems == []
    assert [p.reason for p in book.praises if p.unit == "linqing"] == ["带头整改"]


def test_without_a_ladder_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path)
    code, out, err = run(capsys, tmp_path)
    assert (code, out) == (0, "")
    assert "没有写催办的步骤" in err
    code, _out, err = run(capsys, tmp_path, "--sent", "1号", "--unit", "east", "--item", "mine-1", "--by", "刘某")
    assert code == 2
    assert "没有写催办的步骤" in err


def test_a_step_may_be_a_short_text_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = STEPS.replace('paper = "工作提醒函"', 'template = "text"')
    build(tmp_path, plans={"programme.toml": PROGRAMME + steps})
    assert run(capsys, tmp_path, "--draft", "d", "--unit", "east", "--as-of", "2026-10-09")[0] == 0
    files = sorted((tmp_path / "d").iterdir())
    assert {path.suffix for path in files} == {".md"}
    said = [path.read_text(encoding="utf-8").strip() for path in files]
    assert "东山县：截至2026年10月9日，“公布包保名单”没有完成，逾期 9 天，请于2026年10月15日前答复。" in said
    assert all(len(text) <= LONGEST_TEXT for text in said)
