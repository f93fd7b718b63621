"""The ladder: which step is due on which matter, what is waited for, what is recorded, what the letters say.

The goldens are two letters of the sample; after a wanted change run
``TRACKER_GOLDEN=write python -m pytest tests/test_letters.py`` and read the difference.
"""

import io
import json
import os
import re
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path

import docx
import pytest
from programs import program
from test_reports import texts
from tiny import MINE, PROGRAMME, build, decision, head, receipt, see

from tracker.cli import main
from tracker.letters import Book, Due, Letter, due_letters, due_row, read_letters, refusal
from tracker.plan_files import load
from tracker.reports import FORMATS
from tracker.reports.document import Document, Paragraph
from tracker.reports.letter import LONGEST_TEXT, chasing_text
from tracker.reports.letter import letter as paper_of
from tracker.snapshot import Snapshot, take
from tracker.workdays import CHINA
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"

STEPS = """
[[step]]
id = "remind"
name = "提醒"
source = "方案5"
late_days = 1
missed = 1
reports = 1
answer = "5 working days"
finish = "1 month"
paper = "工作提醒函"
signer = "市安委办"

[[step]]
id = "urge"
name = "督促"
source = "方案5"
after = "remind"
late_days = 20
missed = 2
reports = 2
answer = "5 working days"
copies = "市安委会领导"
paper = "督促函"

[[step]]
id = "talk"
name = "约谈"
source = "方案5"
after = "urge"
late_days = 30
finish = "10 days"
template = "notice"

[[step]]
id = "expose"
name = "曝光"
source = "方案5"
after = "talk"
late_days = 30
template = "notice"

[[step]]
id = "list"
name = "挂牌"
source = "方案5"
after = "talk"
missed = 9
template = "notice"
"""
LADDER = {"programme.toml": PROGRAMME + STEPS}

DONE = (
    head(month="2026-09", more='rest = "unchanged"')
    + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-10\n'
    + "".join(f'[[update]]\nitem = "mine-2@2026-0{n}"\nstate = "已完成"\ndone_on = 2026-0{n}-20\n' for n in (8, 9))
)
"""East's file of September, by which it owes nothing late."""


def sent(number: str, step: str, items: str, on: str, more: str = "", unit: str = "east") -> str:
    """A letter as recorded on its day."""
    named = ", ".join(f'"{item}"' for item in items.split())
    return (
        f'[[letter]]\nnumber = "{number}"\nstep = "{step}"\nunit = "{unit}"\nitems = [{named}]\nsent = {on}\n'
        f'by = "刘某"\nat = {on}T09:00:00+08:00\n{more}\n'
    )


def marked(number: str, kind: str, on: str, more: str = "") -> str:
    """What became of it."""
    return f'[[mark]]\nletter = "{number}"\nkind = "{kind}"\non = {on}\nby = "孙某"\nat = {on}T15:00:00+08:00\n{more}\n'


def judged(
    root: Path, letters: str = "", on: str = "2026-10-21", files: dict[str, str] | None = None
) -> tuple[Snapshot, list[Due]]:
    """The tiny workspace on a day, and what is due then to the county in the east."""
    day = date.fromisoformat(on)
    snapshot = see(root, {"2026-10/letters.toml": letters, **(files or {})}, as_of=day, plans=LADDER)
    book, problems = read_letters(Workspace(root), snapshot.programme)
    assert problems == []
    return snapshot, [due for due in due_letters(snapshot, book, day) if due.unit.id == "east"]


def of(found: list[Due], item: str) -> Due:
    """The matter an item belongs to."""
    return next(due for due in found if item in due.items)


REMINDED = sent("1号", "remind", "mine-1", "2026-10-09", "answer_by = 2026-10-15\nfinish_by = 2026-11-09")


# --- which step ---


def test_what_is_late_gets_the_first_step_and_its_days(tmp_path: Path) -> None:
    _snapshot, found = judged(tmp_path, on="2026-10-09")
    due = of(found, "mine-1")
    assert due.step is not None
    assert (due.step.id, due.why) == ("remind", "逾期 9 天（满 1 天）")
    # The 10th is a working Saturday in 2026.
    assert (due.answer_by, due.finish_by) == (date(2026, 10, 15), date(2026, 11, 9))
    assert due.earlier is None


def test_nothing_goes_to_who_owes_nothing_late_and_nothing_to_the_city_itself(tmp_path: Path) -> None:
    snapshot, found = judged(tmp_path, on="2026-10-21", files={"2026-09/east.toml": DONE})
    assert [due for due in found if due.rows] == []
    assert any(s.is_late and s.occurrence.unit == "bureau" for s in snapshot.standings)
    assert "bureau" not in {due.unit.id for due in due_letters(snapshot, Book(), date(2026, 10, 21))}


def test_a_programme_without_a_ladder_sends_nothing(tmp_path: Path) -> None:
    assert due_letters(see(tmp_path), Book(), date(2026, 10, 31)) == []


@pytest.mark.parametrize(
    ("marks", "on", "step", "why"),
    [
        ("", "2026-10-15", None, "“提醒”（1号）等答复，到 2026-10-15。"),
        ("", "2026-10-16", None, "还没有到“督促”的条件：逾期满 20 天或漏报满 2 期。"),
        ("", "2026-10-20", "urge", "逾期 20 天（满 20 天）"),
        (marked("1号", "answered", "2026-10-12"), "2026-11-09", None, "“提醒”（1号）已答复，等到 2026-11-09 完成。"),
        (marked("1号", "answered", "2026-10-12"), "2026-11-10", "urge", "逾期 41 天（满 20 天）"),
        (
            marked("1号", "answered", "2026-10-12", "promised_on = 2026-11-20"),
            "2026-11-20",
            None,
            "“提醒”（1号）已答复，等到 2026-11-20 完成。",
        ),
        (
            marked("1号", "answered", "2026-10-12", "promised_on = 2026-10-30"),
            "2026-10-31",
            "urge",
            "逾期 31 天（满 20 天）",
        ),
        (marked("1号", "signed", "2026-10-10"), "2026-10-21", "urge", "逾期 21 天（满 20 天）"),
        (
            marked("1号", "closed", "2026-10-12", 'note = "已另行安排"'),
            "2026-12-01",
            None,
            "已于 2026-10-12 了结：已另行安排",
        ),
    ],
)  # fmt: skip
def test_after_a_letter_the_next_waits_for_the_answer_and_its_day(
    marks: str, on: str, step: str | None, why: str, tmp_path: Path
) -> None:
    _snapshot, found = judged(tmp_path, REMINDED + marks, on)
    due = of(found, "mine-1")
    assert (due.step.id if due.step is not None else None, due.why) == (step, why)
    assert due.earlier is not None
    assert due.earlier.letter.number == "1号"


def test_an_answer_without_any_day_leaves_no_time(tmp_path: Path) -> None:
    letters = sent("1号", "remind", "mine-1", "2026-10-09") + marked("1号", "answered", "2026-10-12")
    _snapshot, found = judged(tmp_path, letters, "2026-10-21")
    assert of(found, "mine-1").step is not None


def test_a_measure_that_asks_for_no_answer_gives_its_time_and_then_the_step_that_fits_follows(tmp_path: Path) -> None:
    letters = (
        REMINDED
        + sent("2号", "urge", "mine-1", "2026-10-20")
        + sent("3号", "talk", "mine-1", "2026-11-02", "finish_by = 2026-11-12")
    )
    _snapshot, found = judged(tmp_path, letters, "2026-11-12")
    assert of(found, "mine-1").why == "“约谈”（3号）之后，等到 2026-11-12 完成。"
    _snapshot, found = judged(tmp_path, letters, "2026-11-13")
    due = of(found, "mine-1")
    assert due.step is not None
    # Of two steps after the same one, that whose number is reached.
    assert due.step.id == "expose"
    assert due.answer_by is None
    last = letters + sent("4号", "expose", "mine-1", "2026-11-13")
    _snapshot, found = judged(tmp_path, last, "2026-11-30")
    assert of(found, "mine-1").why == "“曝光”是最后一步。"


def test_the_periods_of_a_duty_are_one_matter(tmp_path: Path) -> None:
    _snapshot, found = judged(tmp_path, on="2026-10-21")
    due = of(found, "mine-2@2026-08")
    assert due.items == ("mine-2@2026-08", "mine-2@2026-09")
    assert due.why == "逾期 51 天（满 1 天），漏报 2 期（满 1 期）"
    letters = sent("1号", "remind", "mine-2@2026-08", "2026-10-09", "answer_by = 2026-10-15")
    _snapshot, found = judged(tmp_path, letters, "2026-10-21")
    assert of(found, "mine-2@2026-09").step == of(found, "mine-2@2026-08").step
    assert of(found, "mine-2@2026-09").earlier is not None


def test_a_letter_on_what_was_made_good_leads_to_nothing_worse(tmp_path: Path) -> None:
    """The reminder was on August; August is done, September is late: it begins anew."""
    august = '[[update]]\nitem = "mine-2@2026-08"\nstate = "已完成"\ndone_on = 2026-09-20\n'
    letters = sent("1号", "remind", "mine-2@2026-08", "2026-09-09", "answer_by = 2026-09-16")
    _snapshot, found = judged(tmp_path, letters, "2026-10-30", {"2026-09/east.toml": head(month="2026-09") + august})
    due = of(found, "mine-2@2026-09")
    assert (due.step is not None and due.step.id, due.earlier) == ("remind", None)


EVENTS = head(month="2026-08") + "".join(
    f'[[event]]\nkind = "trial"\nref = "{ref}"\nname = "{ref}厂"\nactual = 2026-08-03\n' for ref in ("甲", "乙")
)


def test_each_event_is_its_own_matter_and_milestones_of_a_task_go_together(tmp_path: Path) -> None:
    files = {"2026-08/east.toml": EVENTS}
    _snapshot, found = judged(tmp_path, on="2026-09-01", files=files)
    assert set(of(found, "mine-3a@甲").items) == {"mine-3a@甲", "mine-3a@乙"}
    letters = sent("1号", "remind", "mine-3a@甲", "2026-08-25", "answer_by = 2026-09-01")
    _snapshot, found = judged(tmp_path, letters, "2026-09-10", files)
    assert of(found, "mine-3a@甲").items == ("mine-3a@甲",)
    assert of(found, "mine-3a@乙").earlier is None


# --- reports ---


LATE = head(month="2026-08", more='rest = "unchanged"')
LATE_FILES = {
    "2026-08/east.toml": LATE,
    "2026-08/receipts.toml": receipt("east.toml", LATE, "2026-09-07T10:00:00+08:00"),
}


def reports(found: list[Due]) -> Due:
    """The matter of the unit's reports."""
    return next(due for due in found if due.reports)


def test_reports_late_or_missing_are_a_matter_of_their_own(tmp_path: Path) -> None:
    _snapshot, found = judged(tmp_path, on="2026-10-09", files=LATE_FILES)
    due = reports(found)
    assert due.items == ("report@2026-08", "report@2026-09")
    assert [r.status for _month, r in due.reports] == ["late", "missing"]
    assert (due.step is not None and due.step.id, due.why) == ("remind", "月报迟报、未报 2 次（满 1 次）")
    assert due.task == ("", "")


def test_a_report_is_not_late_before_its_day_has_passed(tmp_path: Path) -> None:
    _snapshot, found = judged(tmp_path, on="2026-10-02", files=LATE_FILES)
    assert reports(found).items == ("report@2026-08",)


def test_after_a_letter_on_reports_only_a_new_one_or_one_still_missing_counts(tmp_path: Path) -> None:
    letters = sent("1号", "remind", "report@2026-08", "2026-09-08", "answer_by = 2026-09-15")
    _snapshot, found = judged(tmp_path, letters, "2026-10-02", LATE_FILES)
    assert [due for due in found if due.reports] == []
    _snapshot, found = judged(tmp_path, letters, "2026-10-05", LATE_FILES)
    due = reports(found)
    assert (due.step is not None and due.step.id, due.why) == ("urge", "月报迟报、未报 2 次（满 2 次）")


def test_a_letter_of_an_earlier_year_is_no_step_of_this_years_ladder(tmp_path: Path) -> None:
    letters = sent("1号", "remind", "report@2026-08", "2025-12-30")
    _snapshot, found = judged(tmp_path, letters, "2026-10-05", LATE_FILES)
    assert reports(found).earlier is None


def test_with_no_rule_of_reporting_no_report_is_late(tmp_path: Path) -> None:
    ladder = {"programme.toml": PROGRAMME.partition("[[report]]")[0] + STEPS}
    snapshot = see(tmp_path, as_of=date(2026, 10, 31), plans=ladder)
    assert all(not due.reports for due in due_letters(snapshot, Book(), date(2026, 10, 31)))


# --- clocks ---


def test_letters_and_marks_count_from_their_day_and_from_when_they_were_recorded(tmp_path: Path) -> None:
    letters = REMINDED + marked("1号", "answered", "2026-10-12")
    snapshot, _found = judged(tmp_path, letters)
    book, _problems = read_letters(Workspace(tmp_path), snapshot.programme)
    late = datetime(2027, 1, 1, tzinfo=CHINA)
    assert book.on(date(2026, 10, 8), late).sent == ()
    assert book.on(date(2026, 10, 11), late).sent[0].answered is None
    assert book.on(date(2026, 10, 12), late).sent[0].answered is not None
    assert book.on(date(2026, 10, 12), datetime(2026, 10, 12, 14, 59, tzinfo=CHINA)).sent[0].answered is None
    assert book.on(date(2026, 10, 12), datetime(2026, 10, 9, 8, 59, tzinfo=CHINA)).sent == ()


def test_of_two_answers_the_later_one_stands_wherever_it_was_written(tmp_path: Path) -> None:
    answers = marked("1号", "answered", "2026-10-14", 'note = "后"') + marked("1号", "answered", "2026-10-12")
    snapshot, _found = judged(tmp_path, REMINDED + answers)
    book, _problems = read_letters(Workspace(tmp_path), snapshot.programme)
    assert [s.answered.note for s in book.sent if s.answered is not None] == ["后"]


# --- reading ---


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (REMINDED.replace('"east"', '"eest"'), "E08", 4),
        (REMINDED.replace('"remind"', '"reminder"'), "E07", 3),
        (REMINDED.replace('"mine-1"', '"mine-99"'), "E07", 5),
        (REMINDED.replace('"mine-1"', '"report@2026-13"'), "E07", 5),
        (REMINDED.replace('"mine-1"', ""), "E04", 5),
        (REMINDED.replace("T09:00:00+08:00", "T09:00:00"), "E05", 8),
        (REMINDED + "colour = 1\n", "E03", 11),
        (REMINDED + "[[ltter]]\nx = 1\n", "E03", 11),
        (REMINDED.replace("2026-10-09", "十月九日", 1), "E02", 6),
        (REMINDED + REMINDED, "E11", 11),
        (REMINDED + marked("2号", "signed", "2026-10-10"), "E07", 11),
        (REMINDED + marked("1号", "lost", "2026-10-10"), "E06", 13),
        (sent("1号", "urge", "mine-1", "2026-10-09"), "E04", 1),
        (REMINDED + sent("2号", "urge", "mine-2@2026-08", "2026-10-20"), "E04", 11),
        (REMINDED + sent("2号", "urge", "mine-1", "2026-10-08"), "E04", 11),
        (REMINDED + sent("2号", "urge", "mine-1", "2026-10-20", unit="west"), "E04", 11),
        (REMINDED + sent("2号", "talk", "mine-1", "2026-10-20"), "E04", 11),
    ],
)
def test_a_mistake_in_the_letters_is_named_at_its_place(text: str, code: str, line: int, tmp_path: Path) -> None:
    build(tmp_path, {"2026-10/letters.toml": text}, LADDER)
    programme, _problems = load(tmp_path / "plans", "city")
    assert programme is not None
    _book, problems = read_letters(Workspace(tmp_path), programme)
    assert [(p.code, p.place.line) for p in problems] == [(code, line)]
    assert main(["check"], datetime(2026, 11, 1, tzinfo=CHINA), tmp_path) == 1
    kept = tmp_path / "status/city/2026-10/letters.toml"
    assert main(["check", str(kept)], datetime(2026, 11, 1, tzinfo=CHINA), tmp_path) == 1


def test_a_step_skipped_for_a_reason_and_praise_are_read(tmp_path: Path) -> None:
    letters = (
        sent("1号", "talk", "mine-1", "2026-10-09", 'skipped = "已造成事故"')
        + '[[praise]]\nunit = "west"\non = 2026-10-09\nby = "刘某"\nat = 2026-10-09T09:00:00+08:00\nreason = "按时"\n'
    )
    snapshot, _found = judged(tmp_path, letters)
    book, problems = read_letters(Workspace(tmp_path), snapshot.programme)
    assert problems == []
    assert [p.unit for p in book.praises] == ["west"]
    assert [s.letter.skipped for s in book.about("east", "mine-1")] == ["已造成事故"]
    assert book.about("west", "mine-1") == ()


def test_nothing_of_a_file_with_unreadable_lines_counts(tmp_path: Path) -> None:
    build(tmp_path, {"2026-10/letters.toml": REMINDED + "[[mark]]\nletter = 1号\n"}, LADDER)
    programme, _problems = load(tmp_path / "plans", "city")
    assert programme is not None
    book, problems = read_letters(Workspace(tmp_path), programme)
    assert book.sent == ()
    assert problems


# --- the ladder's own mistakes ---


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('id = "urge"', 'id = "remind"', "E11"),
        ('after = "remind"', 'after = "talk"', "E07"),
        ("late_days = 20\nmissed = 2\nreports = 2\n", "", "E04"),
        ("late_days = 20", "late_days = 0", "E10"),
        ('finish = "10 days"', 'finish = "10 days before"', "E06"),
        ('finish = "10 days"', 'finish = "soon"', "E06"),
        ('finish = "10 days"\n', "", "E04"),
        ('name = "督促"', 'name = "督促"\ncertainty = "read"', "E04"),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_refused(before: str, after: str, code: str, tmp_path: Path) -> None:
    assert STEPS.count(before) == 1
    text = PROGRAMME + STEPS.replace(before, after)
    _programme, problems = load(build(tmp_path, plans={"programme.toml": text}) / "plans", "city")
    assert code in {p.code for p in problems}
    assert {p.place.file for p in problems} == {"plans/city/programme.toml"}


@pytest.mark.parametrize("name", ["liaocheng", "dongying"])
def test_the_ladders_of_the_documents_say_where_they_come_from(name: str) -> None:
    programme, problems = load(ROOT / "plans", name)
    assert problems == []
    assert programme is not None
    names = [step.name for step in programme.steps]
    expected = {
        "liaocheng": ["提醒", "督促", "约谈警示", "通报曝光", "考核问责"],
        "dongying": ["提醒", "函告", "通报", "约谈", "曝光", "挂牌督办"],
    }
    assert names == expected[name]
    assert all(step.source and step.reading for step in programme.steps)


# --- never skipping a step without a reason ---


@pytest.mark.parametrize(
    ("step", "item", "on", "said"),
    [
        ("remind", "mine-2@2026-09", "2026-10-21", ""),
        ("urge", "mine-2@2026-09", "2026-10-21", "应走的一步是“提醒”（逾期 51 天（满 1 天），漏报 2 期"),
        ("remind", "mine-1", "2026-10-14", "现在不发函。“提醒”（1号）等答复，到 2026-10-15。"),
        ("remind", "chem-3", "2026-10-21", "“chem-3”现在没有逾期，不到“提醒”。"),
    ],
)  # fmt: skip
def test_a_step_that_is_not_due_is_refused_with_the_one_that_is(
    step: str, item: str, on: str, said: str, tmp_path: Path
) -> None:
    snapshot, found = judged(tmp_path, REMINDED, on)
    day = date.fromisoformat(on)
    new = Letter("9号", step, "east", (item,), day, "刘某", datetime(2026, 10, 21, tzinfo=CHINA))
    words = refusal(snapshot.programme, found, new)
    assert said in words
    assert bool(words) == bool(said)


# --- the commands ---


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


# --- the papers ---


def on_the_sample(unit: str, item: str, day: date, known_by: datetime) -> tuple[Snapshot, Due]:
    """A matter of the sample as it stood."""
    snapshot, problems = take(Workspace(ROOT), "liaocheng", day, known_by)
    assert snapshot is not None, problems
    book, _problems = read_letters(Workspace(ROOT), snapshot.programme)
    return snapshot, next(d for d in due_letters(snapshot, book, day) if d.unit.id == unit and item in d.items)


def papers(name: str) -> Document:
    """The letters of the goldens."""
    days = {
        "reminder": ("shenxian", "chemical-17c", date(2026, 9, 8), datetime(2026, 9, 8, 9, tzinfo=CHINA)),
        "urging": ("shenxian", "chemical-19", date(2026, 10, 12), datetime(2026, 10, 12, 9, tzinfo=CHINA)),
        "reports": ("guanxian", "report@2026-09", date(2026, 10, 9), datetime(2026, 10, 9, 9, tzinfo=CHINA)),
    }
    unit, item, day, known_by = days[name]
    snapshot, due = on_the_sample(unit, item, day, known_by)
    return paper_of(snapshot, due, day)


@pytest.mark.parametrize("name", ["reminder", "urging", "reports"])
def test_the_letters_of_the_sample_are_as_agreed(name: str) -> None:
    written = FORMATS["md"](papers(name))
    golden = GOLDEN / f"letter-{name}.md"
    if os.environ.get("TRACKER_GOLDEN") == "write":
        golden.write_bytes(written)
    assert written.decode() == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["reminder", "urging", "reports"])
def test_no_letter_shows_ids_files_hashes_names_or_phone_numbers(name: str) -> None:
    said = "\n".join((*texts(papers(name)), papers(name).remark, papers(name).copies))
    assert not re.search(r"(chemical|mine|industry|report)[-@]", said)
    assert ".toml" not in said
    assert not re.search(r"\d{7}|[0-9a-f]{16}", said)
    assert not re.search("某(?!企业)", said)


def test_equal_letters_are_equal_bytes() -> None:
    assert FORMATS["docx"](papers("urging")) == FORMATS["docx"](papers("urging"))


def test_word_says_what_the_letter_says_in_the_form_of_a_letter() -> None:
    document = papers("urging")
    file = docx.Document(io.BytesIO(FORMATS["docx"](document)))
    said = [p.text for p in file.paragraphs]
    assert document.letterhead in said
    assert f"{document.letterhead}文件" not in said
    assert all(block.text in said for block in document.body if isinstance(block, Paragraph))
    assert f"抄送：{document.copies}。" in said
    assert [s.different_first_page_header_footer for s in file.sections] == [True, False]


def plan_words(root: Path) -> tuple[Snapshot, list[Due]]:
    """A letter after one that was answered, on a task to which the plan attaches a consequence."""
    letters = REMINDED + marked("1号", "answered", "2026-10-12", "promised_on = 2026-10-20")
    record = (
        head(month="2026-09")
        + '[[update]]\nitem = "mine-1"\nstate = "推进中"\n'
        + 'cause = "名单没有定"\nmeasure = "开会研究"\npromised_on = 2026-10-15\n'
    )
    return judged(root, letters, "2026-10-25", {"2026-09/east.toml": record})


def test_an_urging_letter_names_the_answer_the_promise_and_the_plans_own_consequence(tmp_path: Path) -> None:
    snapshot, found = plan_words(tmp_path)
    said = "\n".join(texts(paper_of(snapshot, of(found, "mine-1"), date(2026, 10, 25))))
    assert "我办2026年10月9日以1号函告你单位，你单位2026年10月12日答复，提出2026年10月20日前完成。" in said
    assert "方案写明：约谈并曝光。" in said
    assert "逾期将按程序约谈。" in said
    assert "9月份月报，预计 2026-10-15（已过）" in said
    assert "名单没有定" not in said


def test_what_the_plan_says_of_the_very_task_comes_before_what_it_says_of_all(tmp_path: Path) -> None:
    general = (
        '[[task]]\nitem = "0"\ntitle = "总则"\n[[task.milestone]]\nid = "mine-0"\ntitle = "问责"\nwhat = "一律问责"\n'
        'wording = "未完成的"\nkind = "consequence"\nafter = "mine"\n\n'
    )
    plans = {**LADDER, "mine.toml": MINE.replace('[[task]]\nitem = "1"', f'{general}[[task]]\nitem = "1"')}
    day = date(2026, 10, 25)
    snapshot = see(tmp_path, {"2026-10/letters.toml": REMINDED}, as_of=day, plans=plans)
    book, _problems = read_letters(Workspace(tmp_path), snapshot.programme)
    due = of([d for d in due_letters(snapshot, book, day) if d.unit.id == "east"], "mine-1")
    said = "\n".join(texts(paper_of(snapshot, due, day)))
    assert "方案写明：约谈并曝光。方案写明：一律问责。" in said


def test_a_letter_after_a_measure_names_the_measure_and_several_items_their_days(tmp_path: Path) -> None:
    steps = STEPS.replace('finish = "10 days"\ntemplate = "notice"', 'finish = "10 days"\ntemplate = "notice"').replace(
        'name = "曝光"\nsource = "方案5"\nafter = "talk"\nlate_days = 30\ntemplate = "notice"',
        'name = "督办"\nsource = "方案5"\nafter = "talk"\nlate_days = 30',
    )
    letters = sent("3号", "talk", "mine-2@2026-08", "2026-10-01", 'skipped = "省里交办"')
    day = date(2026, 10, 21)
    snapshot = see(tmp_path, {"2026-10/letters.toml": letters}, as_of=day, plans={"programme.toml": PROGRAMME + steps})
    book, _problems = read_letters(Workspace(tmp_path), snapshot.programme)
    due = next(d for d in due_letters(snapshot, book, day) if "mine-2@2026-08" in d.items and d.unit.id == "east")
    document = paper_of(snapshot, due, day)
    said = "\n".join(texts(document))
    assert document.title == "关于“月度排查”任务的督办函"
    assert "已于2026年10月1日约谈。截至2026年10月21日仍未落实：" in said
    assert "尽快完成；尽快报送回执" in said
    assert "月度排查（2026-08）" in said
    assert "未填报" in said
    _snapshot, found = judged(tmp_path / "first", on="2026-10-21")
    said = "\n".join(texts(paper_of(_snapshot, of(found, "mine-2@2026-08"), day)))
    assert "“月度排查（2026-08）”2026年8月31日到期，逾期 51 天；“月度排查（2026-09）”" in said


def test_a_second_letter_on_reports_has_them_in_its_table(tmp_path: Path) -> None:
    letters = sent("1号", "remind", "report@2026-08", "2026-09-08", "answer_by = 2026-09-15")
    snapshot, found = judged(tmp_path, letters, "2026-10-21", LATE_FILES)
    due = reports(found)
    said = "\n".join(texts(paper_of(snapshot, due, date(2026, 10, 21))))
    assert "每月月报的报送，我办2026年9月8日以1号函告你单位，至今未答复。" in said
    assert "09-07 10:00" in said
    assert "未报" in said
    assert "2026年8月份月报" in said
    assert chasing_text(due, date(2026, 10, 21)).startswith(
        "东山县：截至2026年10月21日，2026年8月份、2026年9月份月报没有按时报送"
    )


def test_a_text_that_would_be_too_long_is_cut(tmp_path: Path) -> None:
    long = PROGRAMME.replace("东山县", "很长的县" * 40) + STEPS
    snapshot = see(tmp_path, as_of=date(2026, 10, 21), plans={"programme.toml": long})
    due = due_letters(snapshot, Book(), date(2026, 10, 21))[0]
    assert len(chasing_text(due, date(2026, 10, 21))) == LONGEST_TEXT


def test_there_is_no_letter_where_none_is_due(tmp_path: Path) -> None:
    snapshot, found = judged(tmp_path, REMINDED, "2026-10-14")
    with pytest.raises(ValueError, match="等答复"):
        paper_of(snapshot, of(found, "mine-1"), date(2026, 10, 14))
    assert due_row(of(found, "mine-1"))["step"] is None


def test_a_ruling_that_ends_the_lateness_ends_the_matter(tmp_path: Path) -> None:
    ruled = decision("extend", "east", "2026-10-20T09:00:00+08:00", 'item = "mine-1"\nuntil = 2026-12-31')
    _snapshot, found = judged(tmp_path, REMINDED, "2026-10-31", {"2026-10/decisions.toml": ruled})
    assert not any("mine-1" in due.items for due in found)


@pytest.mark.needs_program
def test_the_letters_are_one_page_and_the_annex_another(tmp_path: Path) -> None:
    office, info = program("soffice", "libreoffice-writer-nogui"), program("pdfinfo", "poppler-utils")
    pages = {"reminder": 1, "urging": 2, "reports": 1}
    for name in pages:
        (tmp_path / f"{name}.docx").write_bytes(FORMATS["docx"](papers(name)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    files = [str(tmp_path / f"{name}.docx") for name in pages]
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    for name, count in pages.items():
        said = subprocess.run([info, str(tmp_path / f"{name}.pdf")], check=True, capture_output=True, text=True).stdout
        assert re.search(rf"Pages: +{count}\n", said), (name, said)
