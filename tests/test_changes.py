"""From one month to another, and from what was known then to what is known now."""

from datetime import date, datetime
from pathlib import Path

import pytest
from tiny import CHINA, LATER, MINE, OCTOBER_END, decision, head, receipt, see

from tracker.changes import KINDS, Changes, changes, day_of, words
from tracker.figures import figures

SEPTEMBER_END = date(2026, 9, 30)
AT = "2026-11-03T09:00:00+08:00"
CAUSE = 'cause = "企业停产没有开展"\nmeasure = "复产前补一次"\npromised_on = 2026-12-30'


def update(item: str, state: str, more: str = "") -> str:
    return f'[[update]]\nitem = "{item}"\nstate = "{state}"\n{more}\n'


def between(tmp_path: Path, files: dict[str, str]) -> Changes:
    """From the end of September to the end of October."""
    after = see(tmp_path, files)
    return changes(after.on(SEPTEMBER_END), after)


def kinds(found: Changes, unit: str = "east") -> dict[str, str]:
    return {row.item: row.kind for row in found.rows if row.unit == unit}


def month(n: int, *updates: str) -> dict[str, str]:
    """A month's file, received on the 2nd of the next."""
    text = head(month=f"2026-{n:02}") + "".join(updates)
    received = receipt("east.toml", text, f"2026-{n + 1:02}-02T10:00:00+08:00")
    return {f"2026-{n:02}/east.toml": text, f"2026-{n:02}/receipts.toml": received}


def ruling(kind: str, more: str, n: int = 10) -> dict[str, str]:
    return {f"2026-{n:02}/decisions.toml": decision(kind, "east", AT, more)}


DONE = update("mine-1", "已完成", "done_on = 2026-09-28")
OPEN = update("mine-1", "推进中", CAUSE)


def test_what_fell_due_in_between_is_newly_late_and_what_only_came_nearer_is_no_news(tmp_path: Path) -> None:
    found = between(tmp_path, {})
    assert kinds(found) == {"mine-1": "late", "mine-2@2026-09": "late"}
    assert kinds(found, "bureau") == {"chem-2@2026-Q3": "late"}
    assert next((r.before and r.before.status, r.after.status) for r in found.rows) == ("due-soon", "unreported")


@pytest.mark.parametrize(
    ("files", "item", "kind"),
    [
        (month(10, DONE), "mine-1", "done"),
        (month(10, DONE) | ruling("verify", 'item = "mine-1"'), "mine-1", "done"),
        (month(9, DONE) | ruling("verify", 'item = "mine-1"'), "mine-1", "verified"),
        (month(9, DONE) | ruling("refuse", 'item = "mine-1"'), "mine-1", "regressed"),
        (month(9, DONE) | month(10, OPEN), "mine-1", "regressed"),
        (
            month(9, update("mine-7", "已完成", "done_on = 2026-09-28\ndone = 9\ntotal = 10"))
            | month(10, update("mine-7", "推进中", "done = 5\ntotal = 10")),
            "mine-7",
            "regressed",
        ),
        (month(9, DONE) | month(10, DONE.replace("28", "27")), "mine-1", "other"),
        (month(9, DONE) | month(10, DONE), "mine-1", ""),
        (month(9, DONE) | ruling("waive", 'item = "mine-1"\nground = "终止"'), "mine-1", "ruled-out"),
        (ruling("waive", 'item = "mine-7"\nground = "任务调整"'), "mine-7", "ruled-out"),
        (ruling("suspend", 'item = "mine-2@2026-08"'), "mine-2@2026-08", "ruled-out"),
        (
            month(9, update("mine-2@2026-08", "推进中", CAUSE)) | ruling("close", 'item = "mine-2@2026-08"'),
            "mine-2@2026-08",
            "ruled-out",
        ),
        (ruling("waive", 'item = "mine-7"\nground = "终止"', 9), "mine-7", ""),
        (ruling("suspend", 'item = "mine-7"\nuntil = 2026-10-15', 9), "mine-7", "other"),
        (ruling("extend", 'item = "mine-7"\nuntil = 2027-03-31'), "mine-7", "extended"),
        (ruling("extend", 'item = "mine-2@2026-08"\nuntil = 2026-12-31'), "mine-2@2026-08", "extended"),
        (month(10, update("mine-2@2026-08", "已完成", "done_on = 2026-10-02")), "mine-2@2026-08", "done"),
        (month(10, update("mine-2@2026-08", "推进中", CAUSE)), "mine-2@2026-08", "other"),
    ],
)
def test_every_kind_of_change_has_its_name(tmp_path: Path, files: dict[str, str], item: str, kind: str) -> None:
    assert kinds(between(tmp_path, files)).get(item, "") == kind


def test_what_was_done_and_given_more_time_is_newly_done(tmp_path: Path) -> None:
    files = month(10, update("mine-7", "已完成", "done_on = 2026-10-20\ndone = 9\ntotal = 10"))
    files |= ruling("extend", 'item = "mine-7"\nuntil = 2027-03-31')
    assert kinds(between(tmp_path, files))["mine-7"] == "done"


def test_a_period_that_ends_while_it_is_late_has_not_changed(tmp_path: Path) -> None:
    """逾期 in its month, 当期未完成 after it: the calendar's doing."""
    by = MINE.replace('every = "month"', 'every = "month"\nby = 10')
    files = month(8, update("mine-2@2026-09", "推进中")) | month(9, update("mine-2@2026-09", "推进中", CAUSE))
    after = see(tmp_path, files, plans={"mine.toml": by})
    before = after.on(SEPTEMBER_END)
    key = ("east", "mine-2@2026-09")
    assert (before.by_key[key].status, after.by_key[key].status) == ("overdue", "missed")
    assert "mine-2@2026-09" not in kinds(changes(before, after))


def test_what_is_returned_is_named_though_it_is_late_already(tmp_path: Path) -> None:
    wait = update("mine-7", "推进中", "done = 5\ntotal = 10")
    returned = ruling("return", 'item = "mine-7"\nfile = "east.toml"')
    assert kinds(between(tmp_path, month(10, wait) | returned))["mine-7"] == "returned"
    late = update("mine-2@2026-08", "推进中", CAUSE)
    files = month(9, late) | month(10, late) | ruling("return", 'item = "mine-2@2026-08"\nfile = "east.toml"')
    assert kinds(between(tmp_path, files))["mine-2@2026-08"] == "returned"
    answered = files | {"2026-10/east.2.toml": head() + late}
    assert "mine-2@2026-08" not in kinds(between(tmp_path, answered))
    # What was returned before, and still is, is no news.
    still = month(9, wait) | ruling("return", 'item = "mine-7"\nfile = "east.toml"', 9)
    assert "mine-7" not in kinds(between(tmp_path, still))


def test_what_appeared_in_between_is_late_or_done_or_no_news(tmp_path: Path) -> None:
    event = '[[event]]\nkind = "trial"\nref = "A厂"\nname = "A厂试生产"\nactual = 2026-10-02\n'
    found = kinds(between(tmp_path, {"2026-10/east.toml": head() + event}))
    assert (found["mine-3a@A厂"], found.get("mine-3b@A厂")) == ("late", None)
    done = event + update("mine-3a@A厂", "已完成", "done_on = 2026-10-09")
    after = between(tmp_path, {"2026-10/east.toml": head() + done})
    assert kinds(after)["mine-3a@A厂"] == "done"
    assert [row.before for row in after.rows if row.item == "mine-3a@A厂"] == [None]


def test_no_longer_late_without_a_ruling_on_it_is_said_too(tmp_path: Path) -> None:
    files = month(9, update("mine-2@2026-08", "推进中", CAUSE))
    after = see(tmp_path, files)
    before = after.on(SEPTEMBER_END)
    found = changes(before, see(tmp_path, {}, as_of=date(2026, 8, 31)))
    assert "mine-2@2026-08" in {row.item for row in found.rows if row.kind == "recovered"}


def test_the_same_month_as_known_then_and_as_known_now(tmp_path: Path) -> None:
    """A submission that came later, an extension granted later: what has changed since the issue."""
    text = head() + DONE
    files = {
        "2026-10/east.toml": text,
        "2026-10/receipts.toml": receipt("east.toml", text, "2026-11-05T10:00:00+08:00"),
        "2026-09/decisions.toml": decision(
            "extend", "east", "2026-11-06T10:00:00+08:00", 'item = "mine-2@2026-09"\nuntil = 2026-11-30'
        ),
    }
    after = see(tmp_path, files)
    then = after.books.on(OCTOBER_END, datetime(2026, 11, 3, tzinfo=CHINA))
    assert kinds(changes(then, after)) == {"mine-1": "done", "mine-2@2026-09": "extended"}
    between_the_two = after.books.on(OCTOBER_END, datetime(2026, 11, 5, 12, tzinfo=CHINA))
    assert kinds(changes(then, between_the_two)) == {"mine-1": "done"}
    assert kinds(changes(after, after.books.on(OCTOBER_END, LATER))) == {}


def test_changes_come_the_worst_first_are_counted_and_stand_beside_the_figures(tmp_path: Path) -> None:
    found = between(tmp_path, month(10, DONE, update("mine-2@2026-10", "已完成", "done_on = 2026-10-20")))
    order = [list(KINDS).index(row.kind) for row in found.rows]
    assert order == sorted(order)
    assert (found.count("done"), found.count("late"), found.count("returned")) == (2, 4, 0)
    before, after = found.figures
    assert before == figures(found.before.standings, SEPTEMBER_END)
    assert after == figures(found.after.standings, OCTOBER_END)
    assert after.late - before.late == found.count("late")
    done, late = found.rows[-1], found.rows[0]
    assert (words(done), day_of(done)) == ("新完成", date(2026, 10, 20))
    assert (words(late), day_of(late)) == ("新增逾期", late.after.due)
