"""Calendars: due days, and collection days moved by holidays for a reason; stable to the byte, read by any parser."""

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import tiny
from sample import sample

from tracker.calendars import ALARMS, Entry, as_ics, collection_entries, stamp, unit_entries
from tracker.cli import main
from tracker.clocks import CHINA
from tracker.collection import STAGES, Collection, collections, notes
from tracker.deadlines import months_later
from tracker.filters import Filter
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.snapshot import Snapshot
from tracker.views import due_between

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=CHINA)
HOLIDAYS = """
[[year]]
year = 2027
notice = "虚构的通知"
off = [
  { name = "元旦", from = 2027-01-01, until = 2027-01-03 },
  { name = "春节", from = 2027-02-05, until = 2027-02-11 },
  { name = "虚构节", from = 2027-06-01, until = 2027-06-02 },
]
work = [2027-02-28]
"""


def programme(folder: Path, more: str = "", **plans: str) -> Programme:
    """The tiny programme with more in ``programme.toml``, and other files."""
    files = {"programme.toml": tiny.PROGRAMME + more, **{f"{name}.toml": text for name, text in plans.items()}}
    found, problems = load(tiny.build(folder, plans=files) / "plans", "city")
    assert problems == []
    assert found is not None
    return found


def days(one: Collection) -> list[str]:
    """The days of a month's collection, in order."""
    return [day.day.isoformat() for day in one.days.values()]


def unfolded(content: bytes) -> list[str]:
    """A calendar's lines, put together again by the rule (RFC 5545, 3.1), without any library."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def events(content: bytes) -> list[dict[str, str]]:
    """The events of a calendar, read without any library."""
    found: list[dict[str, str]] = []
    inside: list[str] = []
    for line in unfolded(content):
        name, _sign, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert inside.pop() == value
        elif inside[-1:] == ["VEVENT"]:
            found[-1][name] = value
    assert inside == []
    return found


# --- collection days ---


def test_the_days_of_a_quiet_month(tmp_path: Path) -> None:
    one = {c.month: c for c in collections(programme(tmp_path), 2026)}[date(2026, 10, 1)]
    # 28 October 2026 is a Wednesday, 2 November a Monday.
    assert days(one) == ["2026-10-28", "2026-11-02", "2026-11-03", "2026-11-02", "2026-11-02"]
    assert list(one.days) == list(STAGES)
    assert notes(one) == []


def test_a_year_has_the_twelve_collections_asked_for_in_it(tmp_path: Path) -> None:
    found = collections(programme(tmp_path), 2026)
    assert [c.month for c in found] == [months_later(date(2025, 12, 1), n) for n in range(12)]
    assert {c.days["asked"].was.year for c in found} == {2026}


def test_before_the_national_holiday_everything_moves_and_says_why(tmp_path: Path) -> None:
    one = {c.month: c for c in collections(programme(tmp_path), 2026)}[date(2026, 9, 1)]
    # 1–7 October 2026 are days off.
    assert days(one) == ["2026-09-28", "2026-09-30", "2026-10-03", "2026-09-30", "2026-09-30"]
    assert notes(one) == ["收报、印发：2026-10-02 不是工作日（国庆节），移到 2026-09-30"]


def test_in_thirteen_of_thirty_six_months_files_are_asked_for_before_or_on_the_months_last_day(tmp_path: Path) -> None:
    found = [c for year in (2024, 2025, 2026) for c in collections(programme(tmp_path), year)]
    last = [c for c in found if c.days["asked"].day < months_later(c.month, 1)]
    early = [c for c in found if c.is_before_month_end]
    assert len(last) == 13
    assert all("月末前报送" in "".join(notes(c)) for c in early)
    assert [c for c in found if "月末前报送" in "".join(notes(c))] == early


def test_the_office_may_set_its_own_days(tmp_path: Path) -> None:
    own = programme(tmp_path, "\n[collection]\nopen_on = 25\nreview_after = 2\nissue_by = 6\nroll = 'later'\n")
    one = {c.month: c for c in collections(own, 2026)}
    assert days(one[date(2026, 10, 1)]) == ["2026-10-26", "2026-11-02", "2026-11-03", "2026-11-04", "2026-11-06"]
    # 25 September 2026 is a holiday, and two working days after the 30th lie behind the next one.
    assert days(one[date(2026, 9, 1)]) == ["2026-09-28", "2026-09-30", "2026-10-03", "2026-10-08", "2026-10-08"]


def test_the_bulletin_is_never_reviewed_before_its_files_come(tmp_path: Path) -> None:
    own = programme(tmp_path, "\n[collection]\nissue_by = 1\n")
    one = {c.month: c for c in collections(own, 2026)}[date(2026, 11, 1)]
    assert (one.days["asked"].day, one.days["issue"].day) == (date(2026, 12, 2), date(2026, 12, 1))
    assert one.days["review"].day == date(2026, 12, 2)


@pytest.mark.parametrize(
    "line", ["open_on = 0", "open_on = 32", "issue_by = 32", "review_after = -1", "review_after = 99"]
)
def test_a_day_that_is_none_is_a_problem_at_its_line(tmp_path: Path, line: str) -> None:
    text = tiny.PROGRAMME + f"\n[collection]\n{line}\n"
    _found, problems = load(tiny.build(tmp_path, plans={"programme.toml": text}) / "plans", "city")
    assert [(p.code, p.place.line) for p in problems] == [("E10", len(text.splitlines()))]


def test_a_year_without_a_notice_is_assumed_and_proposed_anew_when_the_notice_is_entered(tmp_path: Path) -> None:
    before = {c.month: c for c in collections(programme(tmp_path / "a"), 2027)}
    after = {c.month: c for c in collections(programme(tmp_path / "b", holidays=HOLIDAYS), 2027)}
    may = date(2027, 5, 1)
    assert days(before[may])[1] == "2027-06-02"
    assert "推定（assumed）" in notes(before[may])[-1]
    assert days(after[may])[1] == "2027-05-31"
    assert notes(after[may]) == ["收报、印发：2027-06-02 不是工作日（虚构节），移到 2027-05-31"]
    # A Sunday worked in its stead.
    february = date(2027, 2, 1)
    assert (days(before[february])[0], days(after[february])[0]) == ("2027-02-26", "2027-02-28")
    assert not any("assumed" in note for c in after.values() for note in notes(c))
    assert before[date(2026, 12, 1)].days["review"].assumed


def test_without_a_monthly_rule_there_is_nothing_to_propose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tiny.PROGRAMME.replace('every = "month"', 'every = "quarter"')
    tiny.build(tmp_path, plans={"programme.toml": text})
    assert main(["calendar", "--collection", "2027", "-C", str(tmp_path)], NOW) == 2
    assert "没有每月的报送规则" in capsys.readouterr().err


def test_the_proposal_as_a_table_as_json_and_as_a_calendar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["calendar", "--collection", "2027", "-C", str(ROOT)]
    assert main(ask, NOW) == 0
    table, talk = capsys.readouterr()
    assert table.splitlines()[0].split("\t") == ["月报", "发表", "收报", "迟报起算", "审核", "印发", "说明"]
    assert len(table.splitlines()) == 13
    assert "holidays.toml" in talk
    assert "到 2026-12-31 结束" in talk
    assert main([*ask, "--json"], NOW) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 12 * 5
    moved = [row for row in rows if row["day"] != row["by_rule"]]
    assert moved
    assert all(row["reason"] for row in moved)
    assert main([*ask, "-o", str(tmp_path / "c.ics")], NOW) == 0
    found = events((tmp_path / "c.ics").read_bytes())
    assert [e["DTSTART;VALUE=DATE"] for e in found] == [row["day"].replace("-", "") for row in rows]
    assert len({e["UID"] for e in found}) == 60
    capsys.readouterr()
    assert main(["calendar", "--collection", "2026", "-C", str(ROOT)], NOW) == 0
    assert "holidays.toml" not in capsys.readouterr().err


def test_a_day_proposed_anew_replaces_the_assumed_one(tmp_path: Path) -> None:
    before = collection_entries(own := programme(tmp_path / "a"), collections(own, 2027))
    after = collection_entries(own := programme(tmp_path / "b", holidays=HOLIDAYS), collections(own, 2027))
    assert [e.uid for e in before] == [e.uid for e in after]
    changed = [(b, a) for b, a in zip(before, after, strict=True) if b.day != a.day]
    assert changed
    assert all((b.sequence, a.sequence) == (0, 1) for b, a in changed)


# --- a unit's days ---


def today(known_by: datetime = NOW) -> Snapshot:
    """The sample as it stands now."""
    return sample(date(2026, 11, 21), known_by)


FIRST, LAST = date(2026, 11, 21), date(2026, 12, 31)


def test_every_open_item_stands_on_its_due_day_once() -> None:
    snapshot = today()
    entries = unit_entries(snapshot, "chiping", FIRST, LAST)
    due = due_between(snapshot, FIRST, LAST, Filter(unit="chiping"))
    listed = [line for e in entries if "report" not in e.uid for line in e.details]
    assert len(listed) == len(due)
    assert {e.day for e in entries if "report" not in e.uid} == {s.due for s in due}
    for s in due:
        [entry] = [e for e in entries if e.uid == f"liaocheng.chiping.{s.due}@tracker"]
        assert any(s.occurrence.milestone.title in line for line in entry.details)
    assert [e.day for e in entries] == sorted(e.day for e in entries)


def test_the_days_on_which_reports_are_asked_for_are_in_it_with_the_holiday_that_moves_them() -> None:
    reports = [e for e in unit_entries(today(), "chiping", FIRST, LAST) if "report" in e.uid]
    assert [(e.day, e.summary) for e in reports] == [
        (date(2026, 12, 2), "报送11月月报"),
        (date(2026, 12, 31), "报送12月月报"),
    ]
    assert reports[1].details[0] == "2027-01-02 不是工作日（周六、元旦），移到 2026-12-31"


def test_a_unit_that_the_rule_does_not_name_is_asked_for_nothing(tmp_path: Path) -> None:
    text = tiny.PROGRAMME.replace('source = "每月3日前"', 'source = "每月3日前"\nunits = ["east"]')
    snapshot = tiny.see(tmp_path, plans={"programme.toml": text})
    asked = {
        unit: [e.uid for e in unit_entries(snapshot, unit, FIRST, LAST) if "report" in e.uid]
        for unit in ("east", "west")
    }
    assert [len(uids) for uids in asked.values()] == [2, 0]


def test_what_is_done_leaves_the_calendar(tmp_path: Path) -> None:
    done = tiny.decision("verify", "east", "2026-10-30T09:00:00+08:00", 'item = "mine-7"')
    before = unit_entries(tiny.see(tmp_path / "a"), "east", date(2026, 12, 31), date(2026, 12, 31))
    after = unit_entries(
        tiny.see(tmp_path / "b", {"2026-10/decisions.toml": done}), "east", date(2026, 12, 31), date(2026, 12, 31)
    )
    assert any("机械化改造" in line for e in before for line in e.details)
    assert not any("机械化改造" in line for e in after for line in e.details)


# --- the file ---


def hostile(words: str) -> bytes:
    stamped = datetime(2026, 11, 2, tzinfo=UTC)
    return as_ics(words, [Entry(words, FIRST, words, (words, "二行"))], stamped)


@pytest.mark.parametrize(
    "words",
    [
        "一" * 200,
        "a\r\nBEGIN:VEVENT\r\nUID:x",
        "\u202egnirts\x1b[31m",
        "逗号,分号;反斜杠\\n冒号:",
        "=1+1",
        "🏭" * 60,
        "",
    ],
)
def test_hostile_text_stays_one_value_of_one_event(words: str) -> None:
    from tracker.terminal import plain

    words = plain(words)
    content = hostile(words)
    assert content.count(b"\r\nBEGIN:VEVENT\r\n") == 1
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e]", content.decode())
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["SUMMARY"]) == words
    assert str(event["DESCRIPTION"]) == f"{words}\n二行"


def test_a_countys_words_cannot_leave_their_line(tmp_path: Path) -> None:
    title = '"""a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil"""'
    text = tiny.MINE.replace('title = "机械化改造"', f"title = {title}").replace("\n", "\r\n").replace("\r\r", "\r")
    snapshot = tiny.see(tmp_path, plans={"mine.toml": text})
    entries = unit_entries(snapshot, "east", FIRST, LAST)
    content = as_ics("东", entries, stamp(snapshot))
    assert len(events(content)) == len(entries)
    assert "evil" not in "".join(e["UID"] for e in events(content))


def test_two_readers_agree_and_every_entry_has_its_alarms() -> None:
    snapshot = today()
    entries = unit_entries(snapshot, "chiping", FIRST, LAST)
    content = as_ics("茌平区", entries, stamp(snapshot))
    by_hand = events(content)
    by_library: list[Any] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert len(by_hand) == len(by_library) == len(entries)
    for hand, event, entry in zip(by_hand, by_library, entries, strict=True):
        assert hand["UID"] == str(event["UID"]) == entry.uid
        assert event["DTSTART"].dt == entry.day
        assert event["DTEND"].dt == entry.day + timedelta(days=1)
        assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == list(ALARMS)
    # At nine o'clock, seven days before and the day before.
    assert content.count(b"TRIGGER:-P6DT15H") == content.count(b"TRIGGER:-PT15H") == len(entries)


def test_equal_inputs_give_equal_bytes_and_the_stamp_is_the_newest_word() -> None:
    written = []
    for known_by in (NOW, NOW + timedelta(hours=1)):
        snapshot = today(known_by)
        written.append(as_ics("茌平区", unit_entries(snapshot, "chiping", FIRST, LAST), stamp(snapshot)))
    assert written[0] == written[1]
    newest = max([f.received for f in today().filed] + [d.at for d in today().decisions if d.at <= NOW])
    assert stamp(today()) == newest
    assert stamp(today(datetime(2026, 11, 2, 8, 0, tzinfo=CHINA))) < stamp(today())


def test_a_file_without_a_receipt_leaves_no_trace_of_now(tmp_path: Path) -> None:
    assert stamp(tiny.see(tmp_path, {"2026-10/east.toml": tiny.head()})) == datetime(2026, 8, 1, tzinfo=UTC)


# --- the command ---


def run(*words: str, folder: Path = ROOT) -> int:
    return main(["calendar", "-C", str(folder), *words], NOW)


def test_a_units_days_as_a_table_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--unit", "chiping", "--until", "2026-12-31") == 0
    lines = capsys.readouterr().out.splitlines()
    assert run("--unit", "chiping", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [line.split("\t")[0] for line in lines[1:]] == [row["day"] for row in rows]
    assert rows[0]["unit"] == "chiping"
    assert run("--unit", "chiping", "--from", "2026-12-03", "--until", "2026-12-04") == 0
    assert capsys.readouterr().out == ""


def test_every_unit_has_its_file_under_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--all", "-o", str(tmp_path / "all")) == 0
    files = sorted(path.name for path in (tmp_path / "all").iterdir())
    assert files == sorted(f"{unit.name}.ics" for unit in today().programme.units)
    assert run("--unit", "chiping", "-o", str(tmp_path / "one.ics")) == 0
    assert (tmp_path / "one.ics").read_bytes() == (tmp_path / "all" / "茌平区.ics").read_bytes()
    assert "示例数据" in unfolded((tmp_path / "one.ics").read_bytes())[5]
    capsys.readouterr()
    assert run("--all", "-o", str(tmp_path / "all")) == 1
    assert "没有覆盖" in capsys.readouterr().err


def test_a_units_name_leads_to_no_other_folder(tmp_path: Path) -> None:
    text = tiny.PROGRAMME.replace('name = "东山县"', 'name = "../../东/山"')
    tiny.build(tmp_path, plans={"programme.toml": text})
    assert run("--all", "-o", str(tmp_path / "out"), folder=tmp_path) == 0
    assert min(path.name for path in (tmp_path / "out").iterdir()) == "_.._东_山.ics"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--all"], "--output"),
        (["--unit", "chipin"], "chiping"),
        (["--unit", "chiping", "--from", "2027-02-01"], "2026-12-31 结束"),
    ],
)
def test_what_cannot_be_done_is_said(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("words", "said"), [(["--collection", "27"], "年份写成 2027"), ([], "--unit")])
def test_a_command_that_is_not_understood_says_why(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_without_the_library_one_sentence_says_how_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    assert run("--unit", "chiping", "-o", str(tmp_path / "x.ics")) == 1
    assert "pip install '.[calendar]'" in capsys.readouterr().err
    # The table needs no library.
    assert run("--unit", "chiping") == 0


def test_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    from tracker.language import LANGUAGES, use

    try:
        assert main(["--lang", "en", "calendar", "--collection", "2027", "-C", str(ROOT)], NOW) == 0
    finally:
        use(LANGUAGES[0])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[2] for line in lines[1:3]] == ["2026-12-31", "2027-02-02"]
