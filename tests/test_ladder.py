"""The ladder: which step is due on which matter, and what is waited for."""

from datetime import date, datetime
from pathlib import Path

import pytest
from ladders import DONE, LATE_FILES, REMINDED, STEPS, judged, marked, of, reports, sent
from tiny import PROGRAMME, build, decision, head, see

from tracker.clocks import CHINA
from tracker.ladder import due_letters, refusal
from tracker.letters import Book, Letter, read_letters
from tracker.plan_files import load
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent


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


def test_a_ruling_that_ends_the_lateness_ends_the_matter(tmp_path: Path) -> None:
    ruled = decision("extend", "east", "2026-10-20T09:00:00+08:00", 'item = "mine-1"\nuntil = 2026-12-31')
    _snapshot, found = judged(tmp_path, REMINDED, "2026-10-31", {"2026-10/decisions.toml": ruled})
    assert not any("mine-1" in due.items for due in found)
