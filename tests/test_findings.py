"""This month against last: each check with a hit and with what is no hit."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from checklisted import PLANS, sheet_text
from tiny import LATER, OCTOBER_END, at, build, changed, decision, head, see

from tracker.findings import CHECKS, Finding, Silence, findings
from tracker.reports import paper
from tracker.silences import CODES
from tracker.snapshot import Snapshot

SEPTEMBER_END = date(2026, 9, 30)
GOING = 'state = "推进中"\n'
LATE = 'cause = "资金没有到位"\nmeasure = "已经列入预算"\npromised_on = 2026-12-20\n'


def entry(item: str, more: str = GOING) -> str:
    return f'[[update]]\nitem = "{item}"\n{more}'


def done(day: str, more: str = "") -> str:
    return f'state = "已完成"\ndone_on = {day}\n{more}'


def compare(root: Path, files: dict[str, str]) -> list[Finding]:
    """October against September, of files by their name; the heads are added here."""
    texts = {
        name: head(name.split("/")[1].split(".")[0], name.split("/")[0]) + text
        if name.split("/")[0][:2] == "20" and "decisions" not in name
        else text
        for name, text in files.items()
    }
    now = see(root, texts)
    assert now.problems == ()
    return findings(now, now.on(SEPTEMBER_END))


def codes(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(f.unit, f.code, f.item) for f in found]


def test_every_check_is_exercised_here() -> None:
    assert [check.__name__ for check in dict.fromkeys(CHECKS.values())] == [
        "done_then_undone",
        "numbers_fall",
        "leaps",
        "completion_day_changes",
        "same_words_again",
        "same_evidence_elsewhere",
        "entries_dropped",
        "done_without_sheets",
    ]


def test_a_quiet_month_has_no_finding(tmp_path: Path) -> None:
    files = {
        "2026-09/east.toml": entry("mine-7", GOING + "done = 2\ntotal = 10\n") + entry("chem-3"),
        "2026-10/east.toml": entry("mine-7", GOING + "done = 3\ntotal = 10\n")
        + entry("mine-2@2026-10", done("2026-10-20")),
    }
    assert compare(tmp_path, files) == []


def test_done_last_month_and_undone_now_is_a_finding(tmp_path: Path) -> None:
    files = {
        "2026-09/east.toml": entry("chem-3", done("2026-09-20", 'evidence = ["甲"]\n')),
        "2026-10/east.toml": entry("chem-3"),
    }
    found = compare(tmp_path, files)
    assert codes(found) == [("east", "W11", "chem-3")]
    assert found[0].message


def test_what_the_city_waived_or_what_never_falls_due_was_not_undone(tmp_path: Path) -> None:
    files = {
        "2026-09/east.toml": entry("chem-3", done("2026-09-20", 'evidence = ["甲"]\n'))
        + entry("mine-4", done("2026-09-20")),
        "2026-10/east.toml": entry("chem-3") + entry("mine-4"),
        "2026-10/decisions.toml": decision(
            "waive", "east", "2026-11-03T09:00:00+08:00", 'item = "chem-3"\nground = "不涉及"'
        ),
    }
    assert compare(tmp_path, files) == []


def test_a_number_that_falls_and_a_total_that_changes_are_findings(tmp_path: Path) -> None:
    files = {
        "2026-09/east.toml": entry("mine-7", GOING + "done = 5\ntotal = 10\n"),
        "2026-10/east.toml": entry("mine-7", GOING + "done = 4\ntotal = 12\n"),
    }
    found = compare(tmp_path, files)
    assert codes(found) == [("east", "W12", "mine-7"), ("east", "W13", "mine-7")]
    assert [f.message for f in found] == ["完成数由 5 降为 4。", "总数由 10 变为 12。"]


def test_a_total_that_was_not_given_before_is_called_none(tmp_path: Path) -> None:
    files = {
        "2026-09/bureau.toml": entry("chem-2@2026-Q3", GOING + "done = 5\n"),
        "2026-10/bureau.toml": entry("chem-2@2026-Q3", GOING + LATE + "done = 5\ntotal = 10\n"),
    }
    found = compare(tmp_path, files)
    assert [f.message for f in found] == ["总数由 无 变为 10。"]


def test_a_number_left_out_or_one_of_the_whole_city_does_not_fall(tmp_path: Path) -> None:
    files = {
        "2026-09/east.toml": entry("mine-7", GOING + "done = 5\ntotal = 10\n") + entry("chem-1", GOING + "done = 9\n"),
        "2026-10/east.toml": entry("mine-7") + entry("chem-1", GOING + "done = 8\n"),
        "2026-09/bureau.toml": entry("chem-1", GOING + "done = 1\n"),
    }
    assert compare(tmp_path, files) == []


def test_from_nothing_to_everything_in_a_month_is_a_finding(tmp_path: Path) -> None:
    files = {
        "2026-09/east.toml": entry("mine-7", GOING + "done = 0\ntotal = 10\n"),
        "2026-10/east.toml": entry("mine-7", GOING + "done = 8\ntotal = 10\n"),
    }
    # Eight of ten is all of the 80 % that the plan asks for.
    assert codes(compare(tmp_path, files)) == [("east", "W14", "mine-7")]


def test_one_of_one_or_most_of_it_or_the_citys_sum_is_no_leap(tmp_path: Path) -> None:
    files = {
        "2026-09/east.toml": entry("mine-7", GOING + "done = 0\ntotal = 1\n"),
        "2026-10/east.toml": entry("mine-7", GOING + "done = 1\ntotal = 1\n"),
        "2026-09/west.toml": entry("mine-7", GOING + "done = 0\ntotal = 10\n") + entry("chem-1", GOING + "done = 0\n"),
        "2026-10/west.toml": entry("mine-7", GOING + "done = 7\ntotal = 10\n")
        + entry("chem-1", GOING + "done = 100\n"),
    }
    assert compare(tmp_path, files) == []


def test_a_completion_day_that_changes_is_a_finding_and_one_that_stays_is_none(tmp_path: Path) -> None:
    files = {
        "2026-09/east.toml": entry("mine-1", done("2026-09-20")) + entry("mine-7", done("2026-09-18")),
        "2026-10/east.toml": entry("mine-1", done("2026-09-25")) + entry("mine-7", done("2026-09-18")),
    }
    found = compare(tmp_path, files)
    assert codes(found) == [("east", "W15", "mine-1")]
    assert found[0].message == "完成日期由 2026-09-20 改为 2026-09-25。"


LAST = {"2026-09/east.toml": entry("mine-2@2026-08", GOING + LATE)}


def test_last_months_very_words_on_an_overdue_item_are_a_finding(tmp_path: Path) -> None:
    files = {**LAST, "2026-10/east.toml": entry("mine-2@2026-08", GOING + LATE.replace("12-20", "11-30"))}
    assert codes(compare(tmp_path, files)) == [("east", "W16", "mine-2@2026-08")]


def test_other_words_the_same_record_and_what_is_not_late_are_no_repetition(tmp_path: Path) -> None:
    files = {
        **LAST,
        "2026-10/east.toml": entry("mine-2@2026-08", GOING + LATE.replace("已经列入预算", "正在申请资金")),
        "2026-09/west.toml": entry("mine-2@2026-08", GOING + LATE) + entry("mine-7", GOING + LATE),
        "2026-10/west.toml": 'rest = "unchanged"\n' + entry("mine-7", GOING + LATE),
    }
    assert compare(tmp_path, files) == []


def test_no_words_at_all_are_no_repetition(tmp_path: Path) -> None:
    files = {"opening/east.toml": head(month="2026-07", more="opening = true") + entry("mine-2@2026-06")}
    now = see(tmp_path, files)
    earlier, later = (at(s, "east", "mine-2@2026-06") for s in (now, now.on(SEPTEMBER_END)))
    assert later.is_late
    assert earlier.record is not None
    moved = changed(earlier, record=replace(earlier.record, month=date(2026, 10, 1)))
    assert findings(now.with_standings([moved]), now.on(SEPTEMBER_END)) == []


def test_the_same_evidence_in_two_units_is_a_finding_for_both(tmp_path: Path) -> None:
    shared = done("2026-10-20", 'evidence = ["报告一", "报告二"]\n')
    files = {
        "2026-10/east.toml": entry("chem-3", shared),
        "2026-10/west.toml": entry("chem-3", shared.replace("报告二", "报告三")),
    }
    found = compare(tmp_path, files)
    assert codes(found) == [("east", "W17", "chem-3"), ("west", "W17", "chem-3")]
    assert [f.message for f in found] == ["佐证“报告一”与西湖高新区相同。", "佐证“报告一”与东山县相同。"]


def test_the_same_evidence_twice_in_one_unit_or_in_another_month_is_none(tmp_path: Path) -> None:
    shared = done("2026-09-20", 'evidence = ["报告"]\n')
    files = {
        "2026-09/west.toml": entry("chem-3", shared),
        "2026-10/east.toml": entry("chem-3", shared) + entry("mine-1", shared),
    }
    assert compare(tmp_path, files) == []


def test_an_entry_of_the_earlier_version_that_the_later_one_drops_is_a_finding(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": entry("mine-7") + entry("chem-3"),
        "2026-10/east.2.toml": entry("chem-3"),
        "2026-10/east.3.toml": entry("chem-3") + entry("mine-2@2026-10"),
    }
    assert codes(compare(tmp_path, files)) == [("east", "W18", "mine-7")]


def test_an_entry_that_the_later_version_names_with_an_error_was_not_dropped(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": head() + entry("mine-7"),
        "2026-10/east.2.toml": head() + entry("mine-7", "state = '?'\n"),
    }
    now = see(tmp_path, files)
    assert findings(now, now.on(SEPTEMBER_END)) == []


def test_a_section_does_not_drop_what_another_section_sends(tmp_path: Path) -> None:
    files = {
        "2026-10/east.mine.toml": head(more='part = ["mine"]') + entry("mine-7"),
        "2026-10/east.chem.2.toml": head(more='part = ["chem"]') + entry("chem-3"),
    }
    now = see(tmp_path, files)
    assert findings(now, now.on(SEPTEMBER_END)) == []


def test_an_item_that_only_this_month_knows_is_compared_with_nothing(tmp_path: Path) -> None:
    event = '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n'
    files = {"2026-10/east.toml": entry("mine-3a@T1", done("2026-10-20")) + event}
    assert compare(tmp_path, files) == []


def test_findings_come_by_unit_in_protocol_order_then_by_code(tmp_path: Path) -> None:
    fall = {
        f"2026-{month}/{unit}.toml": entry("mine-7", GOING + f"done = {5 - n}\ntotal = {10 + n}\n")
        for n, month in enumerate(("09", "10"))
        for unit in ("east", "west")
    }
    found = compare(tmp_path, fall)
    assert codes(found) == [(unit, code, "mine-7") for unit in ("east", "west") for code in ("W12", "W13")]


def test_a_snapshot_against_itself_has_no_finding_of_change(tmp_path: Path) -> None:
    build(tmp_path, {"2026-10/east.toml": head() + entry("mine-7", GOING + "done = 5\ntotal = 10\n")})
    now: Snapshot = see(tmp_path, as_of=OCTOBER_END, known_by=LATER)
    assert findings(now, now) == []


# --- run singly, and silenced ---

FALL = {
    f"2026-{month}/{unit}.toml": head(unit, f"2026-{month}")
    + entry("mine-7", GOING + f"done = {5 - n}\ntotal = {10 + n}\n")
    for n, month in enumerate(("09", "10"))
    for unit in ("east", "west")
}


def silence(code: str, until: date = OCTOBER_END, unit: str | None = None, item: str | None = None) -> Silence:
    return Silence(code, until, "已核实", "刘某", unit, item)


def heard(root: Path, *silences: Silence) -> list[tuple[str, str]]:
    now = see(root, FALL)
    return [(f.unit, f.code) for f in findings(now, now.on(SEPTEMBER_END), silences)]


EVERYTHING = [(unit, code) for unit in ("east", "west") for code in ("W12", "W13")]


def test_every_code_has_its_check_and_its_words() -> None:
    assert list(CHECKS) == list(CODES)


def test_a_check_can_be_run_alone(tmp_path: Path) -> None:
    now = see(tmp_path, FALL)
    before = now.on(SEPTEMBER_END)
    assert [(f.unit, f.code) for f in findings(now, before, only=("W13",))] == [("east", "W13"), ("west", "W13")]
    assert {f.code for f in findings(now, before, only=["W12", "W13"])} == {"W12", "W13"}
    assert findings(now, before, only=("W11", "W99")) == []


def test_what_is_silenced_is_left_out_of_a_unit_of_an_item_or_everywhere(tmp_path: Path) -> None:
    assert heard(tmp_path) == EVERYTHING
    assert heard(tmp_path, silence("W12")) == [("east", "W13"), ("west", "W13")]
    assert heard(tmp_path, silence("W12", unit="east")) == EVERYTHING[1:]
    assert heard(tmp_path, silence("W13", unit="west", item="mine-7")) == EVERYTHING[:3]
    assert heard(tmp_path, silence("W13", unit="west", item="mine-1")) == EVERYTHING


def test_a_silence_ends_with_its_last_day(tmp_path: Path) -> None:
    assert len(heard(tmp_path, silence("W12", OCTOBER_END))) == 2
    assert heard(tmp_path, silence("W12", date(2026, 10, 30))) == EVERYTHING


def test_a_milestone_silences_all_its_periods_and_an_occurrence_itself() -> None:
    day = OCTOBER_END
    assert silence("W16", item="mine-2").covers("W16", "east", "mine-2@2026-08", day)
    assert silence("W16", item="mine-2@2026-08").covers("W16", "east", "mine-2@2026-08", day)
    assert not silence("W16", item="mine-2@2026-09").covers("W16", "east", "mine-2@2026-08", day)


def test_the_bulletin_does_not_name_what_is_silenced(tmp_path: Path) -> None:
    loud = paper(see(tmp_path / "loud", FALL), None)
    quiet = paper(see(tmp_path / "quiet", {**FALL, "silences.toml": SILENCES}), None)
    assert "完成数由 5 降为 4" in repr(loud)
    assert "完成数由 5 降为 4" not in repr(quiet)
    assert "总数由 10 变为 11" in repr(quiet)


SILENCES = '[[silence]]\ncode = "W12"\nuntil = 2026-12-31\nreason = "口径调整"\nby = "刘某"\n'


def test_a_claim_of_what_sheets_close_is_a_finding_until_they_are_all_there(tmp_path: Path) -> None:
    claim = head(month="2026-09") + entry("mine-8@2026-Q3", done("2026-09-28", "done = 2\ntotal = 2\n"))
    files = {"2026-09/east.toml": claim, "checklist/2026-Q3/north.toml": sheet_text("north")}

    def found(more: dict[str, str], plans: dict[str, str]) -> list[tuple[str, str, str]]:
        now = see(tmp_path, {**files, **more}, SEPTEMBER_END, plans=plans)
        return codes(findings(now, now.on(date(2026, 8, 31)), only=["W19"]))

    assert found({}, PLANS) == [("east", "W19", "mine-8@2026-Q3")]
    assert found({"2026-09/east.toml": claim.replace("已完成", "推进中").replace("done_on", "as_of")}, PLANS) == []
    assert found({"checklist/2026-Q3/south.toml": sheet_text("south")}, PLANS) == []


def test_a_claim_of_a_unit_without_enterprises_is_its_own_word(tmp_path: Path) -> None:
    claim = head(month="2026-09") + entry("mine-8@2026-Q3", done("2026-09-28", "done = 2\ntotal = 2\n"))
    plans = {**PLANS, "enterprises.toml": "enterprise = []\n"}
    now = see(tmp_path, {"2026-09/east.toml": claim}, SEPTEMBER_END, plans=plans)
    assert at(now, "east", "mine-8@2026-Q3").is_done
    assert findings(now, now.on(date(2026, 8, 31)), only=["W19"]) == []
