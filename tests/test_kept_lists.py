"""What is worked out of a day and kept: the lists, lights, figures and words that are shown of it."""

from datetime import date, datetime, timedelta

import pytest
from kept_city import GOING, WEST, add, entry, fresh, is_kept, kept_names, look, put_aside, shown
from tiny import CHINA, LATER, OCTOBER_END, decision, head

from tracker.figures import figures_of
from tracker.filters import Filter
from tracker.findings import findings, month_findings
from tracker.lights import matrix
from tracker.reporting import reporting
from tracker.summary import summary
from tracker.views import contested
from tracker.workspace import Workspace


@pytest.mark.usefixtures("later")
def test_lights_and_figures_are_worked_out_once_and_are_those_of_the_files(here: Workspace) -> None:
    early = datetime(2026, 10, 2, tzinfo=CHINA)
    expected = [(matrix(fresh(here, by=by)), figures_of(fresh(here, by=by))) for by in (LATER, early)]
    assert expected[0] != expected[1]
    for _n in range(3):
        for by, said in zip((LATER, early), expected, strict=True):
            look(here, by=by)
            seen = look(here, by=by)
            assert is_kept(seen)
            assert (matrix(seen), figures_of(seen)) == said


@pytest.mark.usefixtures("later")
def test_lights_that_were_worked_out_are_shown_without_reading_the_standings(here: Workspace) -> None:
    look(here)
    expected = matrix(look(here)), figures_of(look(here))
    put_aside(here, "%late on %")
    seen = look(here)
    assert (matrix(seen), figures_of(seen)) == expected
    assert not seen.books.is_read
    assert seen.shelf  # reading all files forgets none of it
    assert {"lights on 2026-10-31", "figures on 2026-10-31"} <= kept_names(here)
    east = Filter(unit="east")
    assert matrix(seen, east) == matrix(fresh(here), east)


@pytest.mark.usefixtures("later")
def test_lights_of_what_a_paper_may_not_name_are_worked_out_each_time(here: Workspace) -> None:
    look(here)
    seen = look(here)
    whole = figures_of(seen)
    assert figures_of(seen.with_standings(seen.standings[:3])) != whole
    assert figures_of(look(here)) == whole


WORDS = (
    decision("object", "west", "2026-11-02T09:00:00+08:00", 'item = "mine-6"\n'),
    decision("answer", "west", "2026-11-04T09:00:00+08:00", 'item = "mine-6"\n'),
)
NARRATIVE = 'achievements = ["市里开了现场会。"]\n'


@pytest.fixture
def busy(here: Workspace) -> Workspace:
    """The city with an objection and its answer, the office's own words, a number that falls, an entry that is held."""
    add(here, "2026-10/decisions.toml", "".join(WORDS))
    add(here, "2026-10/narrative.toml", NARRATIVE)
    add(here, "2026-09/west.toml", head("west", month="2026-09") + entry("chem-1", GOING + "done = 50\n"))
    add(here, "2026-10/west.3.toml", WEST + entry("mine-99"))
    return here


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("day", [date(2026, 9, 30), OCTOBER_END, date(2026, 11, 22)])
def test_all_that_is_shown_is_the_same_kept_or_fresh_at_any_moment(busy: Workspace, day: date) -> None:
    """Of one kept day each list is asked at several moments between which nothing was sent or ruled."""
    times = [datetime(2026, month, n, 9, tzinfo=CHINA) for month, n in ((10, 2), (10, 14), (11, 3), (11, 8), (12, 2))]
    expected = {by: shown(fresh(busy, day, by)) for at in times for by in (at, at + timedelta(hours=20))}
    assert len({repr(said["reported"]) for said in expected.values()}) > 1
    if day == OCTOBER_END:
        assert all(any(said[name] for said in expected.values()) for name in expected[times[0]])
    for _n in range(2):
        for by, said in expected.items():
            assert shown(look(busy, day, by)) == said
    shown(look(busy, day, times[0]))
    kept = look(busy, day, times[0] + timedelta(hours=20))
    assert is_kept(kept)
    assert shown(kept) == expected[times[0] + timedelta(hours=20)]
    assert not kept.books.is_read


@pytest.mark.usefixtures("later")
def test_an_objection_is_open_until_it_is_answered_kept_or_fresh(busy: Workspace) -> None:
    for by, is_open in ((datetime(2026, 11, 3, tzinfo=CHINA), True), (LATER, False)):
        for _n in range(3):
            assert contested(look(busy, by=by)) == ({("west", "mine-6")} if is_open else set())


@pytest.mark.usefixtures("later")
def test_findings_against_another_month_than_the_last_are_worked_out_each_time(busy: Workspace) -> None:
    seen = look(busy)
    last, other = seen.on(date(2026, 9, 30)), seen.on(date(2026, 8, 31))
    wanted = [findings(seen, before, seen.silences) for before in (last, other)]
    assert wanted[0] != wanted[1]
    for _n in range(2):
        assert [[*month_findings(seen, before)] for before in (last, other)] == wanted


@pytest.mark.usefixtures("later")
def test_few_picked_of_many_are_had_without_the_others(here: Workspace) -> None:
    look(here)
    expected = summary(look(here))
    put_aside(here, "%late on %")
    seen = look(here)
    assert (summary(seen).worst, summary(seen).coming, summary(seen).waiting) == (
        expected.worst,
        expected.coming,
        expected.waiting,
    )
    assert expected.worst
    assert expected.coming
    assert expected.waiting
    assert not seen.books.is_read
    assert [s.record for s in summary(seen).waiting[0]] == [s.record for s in expected.waiting[0]]


@pytest.mark.usefixtures("later")
def test_a_report_without_a_receipt_came_when_one_looks(here: Workspace) -> None:
    for by in (LATER, LATER + timedelta(hours=5), LATER + timedelta(days=3)):
        for seen in (fresh(here, by=by), look(here, by=by), look(here, by=by)):
            received = {r.unit.id: r.received for r in reporting(seen, date(2026, 10, 1))}
            assert received == {"east": datetime(2026, 10, 11, 9, tzinfo=CHINA), "west": by, "bureau": None}
