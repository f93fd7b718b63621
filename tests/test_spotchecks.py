"""Spot checks: the draw, its reasons, what is kept of it and how many claims proved false."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import CHINA, LATER, OCTOBER, PROGRAMME, build, decision, head, receipt, see

from tracker import spotchecks
from tracker.cli import main
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.snapshot import Snapshot
from tracker.spotchecks import Draw, Drawn, draw, hit_rate, keep, kept, reasons, results, seen
from tracker.workspace import Workspace

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=CHINA)
AT = "2026-11-03T09:00:00+08:00"
KEPT = "status/city/2026-10/spotchecks.toml"


def update(item: str, more: str = "", day: str = "2026-10-20", state: str = "已完成") -> str:
    done = f"done_on = {day}\n" if state == "已完成" else ""
    return f'[[update]]\nitem = "{item}"\nstate = "{state}"\n{done}{more}\n'


def month(n: int, *updates: str, unit: str = "east") -> dict[str, str]:
    """A month's file, received on the 2nd of the next."""
    text = head(unit, f"2026-{n:02}") + "".join(updates)
    received = receipt(f"{unit}.toml", text, f"2026-{n + 1:02}-02T10:00:00+08:00")
    return {f"2026-{n:02}/{unit}.toml": text, f"2026-{n:02}/receipts.toml": received}


def many(items: int = 40) -> tuple[dict[str, str], dict[str, str]]:
    """Plans and files of so many claims, the last one odd: its number is round."""
    task = (
        '[[task]]\nitem = "{n}"\ntitle = "第{n}项"\n[[task.milestone]]\nid = "chem-{n}"\ntitle = "第{n}项"\n'
        'what = "改造"\nwording = "2026年底前"\ndue = 2026-12-31\nlevel = ["county"]\n'
    )
    plan = '[plan]\ntitle = "甲市化工方案"\nshort = "化工"\nfrom = 2026-01-01\nuntil = 2026-12-31\n'
    plan += "".join(task.format(n=n) for n in range(items))
    updates = [update(f"chem-{n}", "done = 30" if n == items - 1 else "done = 31") for n in range(items)]
    return {"programme.toml": PROGRAMME.replace('"mine", ', ""), "chem.toml": plan}, month(10, *updates)


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    plans, files = many()
    return see(tmp_path_factory.mktemp("claims"), files, plans=plans)


def odd(snapshot: Snapshot) -> dict[tuple[str, str], list[str]]:
    return dict(reasons(snapshot))


# --- the draw ---


@given(st.text(), st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_the_same_seed_draws_the_same_claims_and_never_one_twice(claims: Snapshot, seed: str, number: int) -> None:
    drawn = draw(claims, seed, number)
    assert drawn == draw(claims, seed, number)
    keys = [(d.unit, d.item) for d in drawn]
    assert len(set(keys)) == len(keys) == min(number, 40)
    order = list(claims.by_key)
    assert keys == sorted(keys, key=order.index)
    # Fewer of the same seed are among the more.
    assert {d.item for d in draw(claims, seed, number // 2)} <= {d.item for d in drawn}


def test_neither_the_order_of_files_nor_that_of_entries_matters(tmp_path: Path) -> None:
    plans, files = many()
    one = draw(see(tmp_path / "a", files, plans=plans), "种子", 7)
    first, *entries = files["2026-10/east.toml"].split("[[update]]")
    turned = first + "".join(f"[[update]]{entry}" for entry in reversed(entries))
    more = month(9, update("chem-0", state="推进中"), unit="west")
    other = draw(see(tmp_path / "b", {"2026-10/east.toml": turned, **more}, plans=plans), "种子", 7)
    assert [d.item for d in other] == [d.item for d in one]


def test_other_seeds_draw_other_claims(claims: Snapshot) -> None:
    assert len({tuple(d.item for d in draw(claims, f"种子{n}", 5)) for n in range(20)}) > 15


def test_each_units_claim_of_the_same_item_has_its_own_lot(tmp_path: Path) -> None:
    files = month(10, update("mine-1", day="2026-09-28"))
    files["2026-10/west.toml"] = head("west") + update("mine-1", day="2026-09-28")
    snapshot = see(tmp_path, files)
    assert {draw(snapshot, str(n), 1)[0].unit for n in range(20)} == {"east", "west"}


def test_an_odd_claim_is_drawn_more_often_as_its_weight_says(claims: Snapshot) -> None:
    """One odd thing makes a claim five times as likely: 5 of 44 lots, where each other has 1 of 44."""
    times = 1000
    counted = Counter(draw(claims, str(n), 1)[0].item for n in range(times))
    assert list(odd(claims)) == [("east", "chem-39")]
    share = 1 + spotchecks.ODD
    expected = times * share / (39 + share)
    assert abs(counted["chem-39"] - expected) < 4 * expected**0.5
    others = [counted[f"chem-{n}"] for n in range(39)]
    assert max(others) < counted["chem-39"] / 2
    assert min(others) > 0


def test_what_is_passed_over_is_not_drawn(claims: Snapshot) -> None:
    left = [("east", f"chem-{n}") for n in range(38)]
    assert [d.item for d in draw(claims, "x", 10, left)] == ["chem-38", "chem-39"]
    assert draw(claims, "x", 10, [("east", f"chem-{n}") for n in range(40)]) == []


@pytest.mark.parametrize(
    ("rulings", "is_drawn"),
    [
        ("", True),
        (decision("verify", "east", AT, 'item = "mine-1"'), False),
        (decision("refuse", "east", AT, 'item = "mine-1"'), False),
        (decision("waive", "east", AT, 'item = "mine-1"\nground = "终止"'), False),
        (decision("correct", "east", AT, 'item = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-28'), False),
        (decision("verify", "east", "2026-11-01T09:00:00+08:00", 'item = "mine-1"\n')
         + decision("reopen", "east", "2026-11-01T10:00:00+08:00", 'item = "mine-1"'), True),
    ],
)  # fmt: skip
def test_only_a_claim_of_a_unit_that_the_city_has_not_closed_is_drawn(
    tmp_path: Path, rulings: str, *, is_drawn: bool
) -> None:
    files = {**month(10, update("mine-1", day="2026-09-28")), "2026-10/decisions.toml": rulings}
    assert bool(draw(see(tmp_path, files), "x", 5)) == is_drawn


def test_what_the_county_closed_itself_is_drawn_too_and_old_claims_are_not(tmp_path: Path) -> None:
    files = month(10, update("mine-2@2026-10", "verified_on = 2026-10-22")) | month(
        8, update("mine-7", "done = 9\ntotal = 10", "2026-08-20")
    )
    assert {d.item for d in draw(see(tmp_path, files), "x", 5)} == {"mine-2@2026-10", "mine-7"}
    later = draw(see(tmp_path, files, as_of=date(2026, 11, 30)), "x", 5)
    assert {d.item for d in later} == {"mine-2@2026-10"}


# --- the reasons ---


def test_from_nothing_to_everything_in_one_month_is_odd(tmp_path: Path) -> None:
    files = month(9, update("mine-7", "done = 0\ntotal = 8", state="推进中")) | month(
        10, update("mine-7", "done = 8\ntotal = 8")
    )
    assert odd(see(tmp_path, files)) == {("east", "mine-7"): ["一个月内从 0 到全部完成。"]}


def test_a_completion_day_that_changes_is_odd(tmp_path: Path) -> None:
    files = month(9, update("mine-1", day="2026-09-20")) | month(10, update("mine-1", day="2026-09-21"))
    assert odd(see(tmp_path, files)) == {("east", "mine-1"): ["完成日期由 2026-09-20 改为 2026-09-21。"]}


def test_the_same_evidence_in_two_counties_is_odd_in_both(tmp_path: Path) -> None:
    text = 'evidence = ["甲安〔2026〕3号"]'
    files = month(10, update("mine-1", text, "2026-09-20"))
    files["2026-10/west.toml"] = head("west") + update("mine-1", text, "2026-09-21")
    found = odd(see(tmp_path, files))
    assert set(found) == {("east", "mine-1"), ("west", "mine-1")}
    assert "西湖高新区" in found["east", "mine-1"][0]


@pytest.mark.parametrize(("done", "is_odd"), [("20", True), ("30.0", True), ("10", False), ("21", False)])
def test_a_large_round_number_is_odd(tmp_path: Path, done: str, *, is_odd: bool) -> None:
    found = odd(see(tmp_path, month(10, update("mine-1", f"done = {done}", "2026-09-20"))))
    assert (found.get(("east", "mine-1")) == [f"完成数 {float(done):g} 是整十数。"]) == is_odd


def test_a_period_claimed_in_the_words_of_the_one_before_is_odd(tmp_path: Path) -> None:
    same = 'note = "全县排查一遍"'
    files = month(9, update("mine-2@2026-09", same, "2026-09-20")) | month(10, update("mine-2@2026-10", same))
    assert odd(see(tmp_path, files)) == {("east", "mine-2@2026-10"): ["说明和佐证与上一期一字不差。"]}
    for words in ("", 'note = "全县排查两遍"', f'{same}\nevidence = ["照片"]'):
        files |= month(10, update("mine-2@2026-10", words))
        assert odd(see(tmp_path, files)) == {}
    silent = month(9, update("mine-2@2026-09", "", "2026-09-20")) | month(10, update("mine-2@2026-10"))
    assert odd(see(tmp_path, silent)) == {}
    still_open = files | month(10, update("mine-2@2026-10", same, state="推进中"))
    assert odd(see(tmp_path, still_open)) == {}


@pytest.mark.parametrize(
    "ruling",
    [
        decision("return", "east", AT, 'file = "east.toml"'),
        decision("return", "east", AT, 'item = "mine-1"\nfile = "east.toml"'),
        decision("return", "east", AT, 'item = "mine-1"'),
        decision("refuse", "east", AT, 'item = "mine-1"'),
    ],
)
def test_what_was_sent_back_or_refused_and_is_claimed_again_unchanged_is_odd(tmp_path: Path, ruling: str) -> None:
    first = month(10, update("mine-1", 'note = "已公布"', "2026-09-20"))
    again = first["2026-10/east.toml"].replace("2026-09-20", "2026-09-21")
    kept_of = first["2026-10/receipts.toml"] + receipt("east.2.toml", again, "2026-11-05T10:00:00+08:00")
    files = {
        **first,
        "2026-10/east.2.toml": again,
        "2026-10/receipts.toml": kept_of,
        "2026-10/decisions.toml": ruling,
    }
    assert odd(see(tmp_path, files)) == {("east", "mine-1"): ["退回或核实不通过后原样又报。"]}
    files["2026-10/east.2.toml"] = again = again.replace("已公布", "已在县政府网站公布")
    files["2026-10/receipts.toml"] = first["2026-10/receipts.toml"] + receipt(
        "east.2.toml", again, "2026-11-05T10:00:00+08:00"
    )
    assert odd(see(tmp_path, files)) == {}
    assert odd(see(tmp_path / "b", {**first, "2026-10/decisions.toml": ruling})) == {}


def test_a_ruling_on_another_file_or_before_any_word_makes_nothing_odd(tmp_path: Path) -> None:
    files = month(10, update("mine-1", 'note = "已公布"', "2026-09-20"))
    early = decision("return", "east", "2026-11-01T09:00:00+08:00", 'item = "mine-1"')
    other = decision("return", "east", AT, 'file = "east.3.toml"')
    gone = decision("return", "east", AT, 'item = "mine-3a@T"')
    files["2026-10/decisions.toml"] = early + other + gone
    assert odd(see(tmp_path, files)) == {}


def test_a_finding_that_was_looked_into_is_no_reason(tmp_path: Path) -> None:
    files = month(9, update("mine-1", day="2026-09-20")) | month(10, update("mine-1", day="2026-09-21"))
    silence = '[[silence]]\ncode = "W15"\nuntil = 2026-12-31\nreason = "已核"\nby = "刘某"\n'
    assert odd(see(tmp_path, {**files, "silences.toml": silence})) == {}


# --- what is kept ---


@pytest.fixture
def books(tmp_path: Path) -> tuple[Workspace, Programme]:
    workspace = Workspace(build(tmp_path, month(10, update("mine-1", day="2026-09-28"))))
    programme, _problems = load(workspace.plans, "city", workspace.root)
    assert programme is not None
    return workspace, programme


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=3), st.text("甲[/]\"'\\\n\x1b"))
def test_whatever_a_county_wrote_a_draw_reads_back_as_it_was_kept(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], seed: str
) -> None:
    workspace = Workspace(build(tmp_path_factory.mktemp("kept")))
    programme, _problems = load(workspace.plans, "city", workspace.root)
    assert programme is not None
    made = Draw(seed, "刘某", NOW, (Drawn("east", "mine-1", tuple(words)), Drawn("west", "mine-1")))
    for _ in range(2):
        keep(workspace, "city", OCTOBER, made)
    assert kept(workspace, programme) == ([(OCTOBER, made), (OCTOBER, made)], [])


def test_without_draws_there_is_nothing_kept(books: tuple[Workspace, Programme]) -> None:
    assert kept(*books) == ([], [])


GOOD = (
    '[[draw]]\nseed = "x"\nby = "刘某"\nat = 2026-11-04T09:00:00+08:00\n[[draw.item]]\nunit = "east"\nitem = "mine-1"\n'
)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (GOOD.replace("east", "eastt"), "E08", 6),
        (GOOD.replace("mine-1", "mine-11"), "E07", 7),
        (GOOD.replace("+08:00", ""), "E05", 4),
        (GOOD.replace('by = "刘某"\n', ""), "E04", 1),
        (GOOD + "colour = 1\n", "E03", 8),
        (GOOD.replace('"x"', "x"), "E02", 2),
    ],
)
def test_of_a_mistaken_file_nothing_counts_and_check_names_the_line(
    books: tuple[Workspace, Programme], capsys: pytest.CaptureFixture[str], text: str, code: str, line: int
) -> None:
    workspace, programme = books
    (workspace.root / KEPT).write_text(text, encoding="utf-8")
    found, problems = kept(workspace, programme)
    assert found == []
    assert [(p.code, p.place.line) for p in problems if p.holds] == [(code, line)]
    for argv in (["check"], ["check", KEPT]):
        assert main(argv, NOW, workspace.root) == 1
        assert f"{KEPT}:{line}" in capsys.readouterr().out
    before = (workspace.root / KEPT).read_bytes()
    assert main(["spotcheck", "--month", "2026-10", "--draw", "1", "--by", "刘某"], NOW, workspace.root) == 1
    assert "改好后再抽" in capsys.readouterr().err
    assert (workspace.root / KEPT).read_bytes() == before


# --- what became of them ---


def became(tmp_path: Path, *rulings: str, known_by: datetime = LATER) -> list[spotchecks.Result]:
    files = {**month(10, update("mine-1", day="2026-09-28")), "2026-10/decisions.toml": "".join(rulings)}
    made = Draw("x", "刘某", NOW, (Drawn("east", "mine-1"), Drawn("west", "mine-1")))
    return results(see(tmp_path, files, known_by=known_by), [(OCTOBER, made)])


def test_the_rulings_made_after_a_draw_are_its_results_and_give_the_rate(tmp_path: Path) -> None:
    before = decision("refuse", "east", AT, 'item = "mine-1"')
    accepted = decision("accept", "east", "2026-11-05T09:00:00+08:00", 'item = "mine-1"')
    assert [r.ruling for r in became(tmp_path, before, accepted)] == [None, None]
    assert (hit_rate(became(tmp_path)).rate, hit_rate([]).rate) == (None, None)
    refused = decision("refuse", "east", "2026-11-05T09:00:00+08:00", 'item = "mine-1"')
    then = decision("verify", "east", "2026-11-09T09:00:00+08:00", 'item = "mine-1"')
    found = became(tmp_path, then, refused)
    assert [r.ruling.kind if r.ruling else None for r in found] == ["refuse", None]
    rate = hit_rate(found)
    assert (rate.drawn, rate.checked, rate.false, rate.rate) == (2, 1, 1, 100.0)
    verified = decision("verify", "west", "2026-11-05T09:00:00+08:00", 'item = "mine-1"')
    assert hit_rate(became(tmp_path, refused, verified)).rate == 50.0


def test_as_known_before_the_draw_nothing_was_drawn(tmp_path: Path) -> None:
    assert became(tmp_path, known_by=NOW - timedelta(seconds=1)) == []
    assert len(became(tmp_path, known_by=NOW)) == 2


def test_what_was_drawn_is_passed_over_but_for_what_proved_false(tmp_path: Path) -> None:
    assert seen(became(tmp_path)) == {("east", "mine-1"), ("west", "mine-1")}
    refused = decision("refuse", "east", "2026-11-05T09:00:00+08:00", 'item = "mine-1"')
    assert seen(became(tmp_path, refused)) == {("west", "mine-1")}


# --- the command ---


def spotcheck(root: Path, *argv: str, now: datetime = NOW) -> int:
    return main(["spotcheck", "--month", "2026-10", *argv], now, root)


def test_a_draw_is_shown_kept_and_not_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = month(10, update("mine-1", "done = 20", "2026-09-28"), update("chem-3", 'evidence = ["报告"]'))
    build(tmp_path, files)
    assert spotcheck(tmp_path, "--draw", "1", "--by", "刘某", "--json") == 0
    said = capsys.readouterr()
    [first] = json.loads(said.out)
    assert "按“city 2026-10”抽了 1 项" in said.err
    assert spotcheck(tmp_path, "--draw", "5", "--by", "刘某", "--seed", "抓阄") == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].split("\t") == ["单位", "任务节点", "期次编号", "报的完成日期", "为什么抽它"]
    rows = [line.split("\t") for line in said.out.splitlines()[1:]]
    assert {first["item"], *(row[2] for row in rows)} == {"mine-1", "chem-3"}
    why = {row[2]: row[4] for row in rows} | {first["item"]: "；".join(first["reasons"]).rstrip("。") or "随机"}
    assert why == {"mine-1": "完成数 20 是整十数", "chem-3": "随机"}
    assert spotcheck(tmp_path, "--draw", "1", "--by", "刘某") == 1
    assert "没有可抽的" in capsys.readouterr().err
    assert (tmp_path / KEPT).read_text(encoding="utf-8").count("[[draw]]") == 2


def test_the_results_are_listed_with_the_rate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path, month(10, update("mine-1", "done = 20", "2026-09-28"), update("chem-3", 'evidence = ["报告"]')))
    assert spotcheck(tmp_path) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "抽查 0 项，已核查 0 项，不属实 0 项\n")
    spotcheck(tmp_path, "--draw", "2", "--by", "刘某")
    ruled = decision("refuse", "east", "2026-11-05T09:00:00+08:00", 'item = "mine-1"')
    (tmp_path / "status/city/2026-10/decisions.toml").write_text(ruled, encoding="utf-8")
    capsys.readouterr()
    later = NOW + timedelta(days=3)
    assert spotcheck(tmp_path, now=later) == 0
    said = capsys.readouterr()
    assert sorted(line.split("\t")[-1] for line in said.out.splitlines()[1:]) == ["待核查", "核实不通过"]
    assert said.err == "抽查 2 项，已核查 1 项，不属实 1 项，占 100%\n"
    assert spotcheck(tmp_path, "--json", now=later) == 0
    rows = {row["item"]: (row["result"], row["by"]) for row in json.loads(capsys.readouterr().out)}
    assert rows == {"mine-1": ("refuse", "刘某"), "chem-3": (None, None)}


def test_who_draws_must_be_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRACKER_USER", raising=False)
    build(tmp_path, month(10, update("mine-1", day="2026-09-28")))
    assert spotcheck(tmp_path, "--draw", "1") == 2
    assert "--by" in capsys.readouterr().err
    assert not (tmp_path / KEPT).exists()
