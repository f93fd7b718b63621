"""考核 in the app: the list, one sheet with what if, and a sheet filled in, by keys; also on its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checklisted import CHECKLIST, ENTERPRISES, PLANS, SHEETS, files, found, ruled, sheet_text
from screens import NOW, Seen, opened
from textual.pilot import Pilot
from textual.widgets import Input
from tiny import build, see

from tracker.assessing.draft import SheetDraft
from tracker.cli import main
from tracker.inbox.desk import Desk
from tracker.inbox.receiving import receive
from tracker.tui import score_fill
from tracker.tui.choose import Choose
from tracker.tui.county import CountyScreen
from tracker.tui.row import Row
from tracker.tui.score_fill import AssessApp, AssessScreen
from tracker.tui.score_sheet import ScoreScreen
from tracker.tui.told import Told
from tracker.tui.words import Words
from tracker.workspace import Workspace

SIZES = [(80, 24), (120, 40)]
EVIL = r"[/x] [[a]] [@click=app.bell]按[/] \\u202e\\u001b[31m"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two enterprises: one passed, one failed by a veto, and no sheet of the quarter that runs."""
    return build(tmp_path / "w", SHEETS, PLANS)


def said(seen: Seen, selector: str) -> str:
    words = seen.app.screen.query_one(selector, Words)
    return str(words.content) if words.display else ""


def fields(seen: Seen | Pilot[None]) -> dict[str, str]:
    """The fields in sight with what stands in them."""
    return {row.field.key: row.typed for row in seen.app.screen.query(Row) if row.display}


def focused(seen: Seen | Pilot[None]) -> str:
    """The field with the cursor; empty for the list."""
    row = next((r for r in seen.app.screen.query(Row) if r.control.has_focus), None)
    return row.field.key if row is not None else ""


def filling(seen: Seen | Pilot[None]) -> AssessScreen:
    screen = seen.app.screen
    assert isinstance(screen, AssessScreen)
    return screen


# --- the list ---


@pytest.mark.parametrize("size", SIZES)
async def test_all_enterprises_and_periods_stand_with_both_scores(root: Path, size: tuple[int, int]) -> None:
    async with opened(root, size=size) as seen:
        await seen.press("7")
        seen.whole()
        assert seen.heading == "企业考核　合格 2 · 不合格 1 · 没有考核表 2"
        assert [row[:7] for row in seen.cells("#list")] == [
            ("示例北矿有限公司", "2026-Q4", "", "", "", "", "- 没有考核表"),
            ("示例南矿有限公司", "2026-Q4", "", "", "", "", "- 没有考核表"),
            ("示例北矿有限公司", "2026-Q3", "30", "30", "0", "", "+ 合格"),
            ("示例南矿有限公司", "2026-Q3", "30", "11", "-19", "-17", "x 不合格"),
            ("示例南矿有限公司", "2026-Q2", "30", "28", "-2", "", "+ 合格"),
        ]
        assert "按 e 填写" in said(seen, "#about")
        await seen.press("end", "up")
        assert "扣得最多的：A级否决：没有责任制 -15" in said(seen, "#about")
        assert "最少整改 1 条就合格" in said(seen, "#about")
        await seen.press("c")
        assert isinstance(seen.app.screen, CountyScreen)


async def test_what_is_held_of_a_sheet_is_said(tmp_path: Path) -> None:
    held = files(
        north=sheet_text(body=found("1.1.9")),
        south=sheet_text("south", sides='[own]\non = 2026-09-10\nby = ["孙某"]\n'),
    )
    async with opened(build(tmp_path, held, PLANS)) as seen:
        await seen.press("7", "down", "down")
        assert seen.cells("#list")[2][6] == "! 考核未完"
        assert "没有写全、暂不计入的 1 处" in said(seen, "#about")
        await seen.press("down", "enter")
        assert "部门考核：还没有。" in said(seen, "#totals")
        assert "已经合格" in said(seen, "#if-closed")


async def test_a_programme_without_a_checklist_says_how_to_write_one(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("7", "enter", "e", "x")
        assert "没有登记企业" in seen.text
        assert len(seen.app.screen_stack) == 1


async def test_a_sheet_is_exported_as_a_paper(root: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    async with opened(root, here=here) as seen:
        await seen.press("7", "x")
        assert not isinstance(seen.app.screen, Choose)
        await seen.press("end", "x", "escape", "x", *"docx", "enter", "up", "enter", "x", "enter")
        assert {path.name for path in here.iterdir()} == {"考核表-south-2026-Q2.docx", "考核表-south-2026-Q3.md"}


# --- one sheet ---


@pytest.mark.parametrize("size", SIZES)
async def test_one_sheet_shows_each_point_lost_beside_last_period(root: Path, size: tuple[int, int]) -> None:
    async with opened(root, size=size) as seen:
        await seen.press("7", "end", "up", "enter")
        assert isinstance(seen.app.screen, ScoreScreen)
        seen.whole()
        assert seen.heading == "示例南矿有限公司　2026-Q3　不合格"
        assert "部门考核：11 分（2026-09-20 王某、李某）" in said(seen, "#totals")
        assert "考核比自评 -19　比上期（28）-17" in said(seen, "#totals")
        assert "另一种读法“两条都有”：26 分，合格" in said(seen, "#totals")
        assert seen.cells("#lines") == [
            ("1 基础（20）",),
            ("", "1.1", "职责", "12/12", "8/12", "12/12"),
            ("[ ]", "1.1.1", "　缺清单", "", "-4", ""),
            ("[ ]", "1.1.A1", "　A级否决：没有责任制", "", "-15", ""),
            ("", "1.2", "培训", "8/8", "8/8", "6/8"),
            ("", "1.2.1", "　缺一项", "", "", "-2"),
            ("2 效果（10）",),
            ("", "2.1", "事故", "10/10", "10/10", "10/10"),
        ]
        await seen.press("down", "down")
        assert "企业异议：有机构（孙某，2026-09-21）；异议不采纳：没有文件" in said(seen, "#about")
        await seen.press("down", "down")
        assert said(seen, "#about") == "缺一项　上期扣 2（2 次）"
        await seen.press("c")
        assert isinstance(seen.app.screen, CountyScreen)


async def test_ticking_shows_the_new_score_and_the_way_back_at_once(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("7", "end", "up", "enter")
        assert said(seen, "#if-closed") == "最少整改 1 条就合格（26 分）：1.1.A1"
        await seen.press("space")
        assert "没有可整改的" in seen.toasts
        await seen.press("down", "space")
        assert seen.cells("#lines")[2][0] == "[✓]"
        assert said(seen, "#if-closed").splitlines() == [
            "勾选的 1 条整改以后：15 分，不合格（+4）",
            "还要再整改 1 条才合格（30 分）：1.1.A1",
        ]
        await seen.press("b")
        assert said(seen, "#if-closed") == "勾选的 2 条整改以后：30 分，合格（+19）"
        await seen.press("space")
        assert said(seen, "#if-closed") == "勾选的 1 条整改以后：26 分，合格（+15）"
        await seen.press("b")
        assert said(seen, "#if-closed") == "最少整改 1 条就合格（26 分）：1.1.A1"
        await seen.press("escape", "end", "enter", "b")
        assert "没有必须整改的" in seen.toasts
        assert "已经合格" in said(seen, "#if-closed")


async def test_a_sheet_that_is_gone_is_said_and_its_ticks_with_it(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("7", "end", "up", "enter", "down", "space")
        text = sheet_text("south", body=found("1.1.A1", 1))
        (root / "status/city/checklist/2026-Q3/south.toml").write_text(text, encoding="utf-8")
        (root / "status/city/checklist/2026-Q3/receipts.toml").unlink()
        await seen.press("f5")
        assert "1.1.1" not in seen.text
        assert said(seen, "#if-closed") == "最少整改 1 条就合格（30 分）：1.1.A1"
        (root / "status/city/checklist/2026-Q3/south.toml").unlink()
        await seen.press("f5")
        assert "不在了" in seen.state
        await seen.press("x", "space", "b")
        assert len(seen.app.screen_stack) == 2


# --- filling in ---


async def test_an_assessor_fills_a_quarter_and_the_file_is_received(root: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    async with opened(root, size=(80, 24), here=here) as seen:
        await seen.press("7", "e")
        assert said(seen, "#title") == "北矿 2026-Q4 部门考核"
        assert said(seen, "#progress") == "30 分，合格　看过 0/3 项　没有问题　已保存"
        seen.whole()
        await seen.press("f")
        assert focused(seen) == "on"
        assert "还没有填好" in seen.toasts
        await seen.press(*"10-20", "enter", *"王某、李某", "enter", "enter")
        assert filling(seen).draft.at == "1.1"
        assert "要求：逐岗写职责" in said(seen, "#facts")
        await seen.press("down", "enter")
        assert filling(seen).draft.at == "1.1.S1"
        assert focused(seen) == "total"
        assert fields(seen) == {"total": "40", "number": ""}
        await seen.press("enter", *"9", "enter")
        assert "问题 1 处" in said(seen, "#progress")
        await seen.press("up", "enter", "enter")
        assert focused(seen) == "number"
        assert "抽得不够" in seen.text
        await seen.press("backspace", *"10", "enter", "enter", "enter", *"6", "enter")
        assert filling(seen).draft.at == "1.1.1"
        await seen.press("plus", "plus", "minus", "right")
        assert fields(seen)["count"] == "2"
        assert said(seen, "#progress").startswith("26 分，合格　看过 0/3 项　问题 1 处")
        seen.whole()
        await seen.press("n")
        assert focused(seen) == ""
        await seen.press("f")
        assert filling(seen).draft.at == "1.1"
        await seen.press("space", "space", "space")
        assert "看过 3/3 项" in said(seen, "#progress")
        await seen.press("f")
        assert (filling(seen).draft.at, focused(seen)) == ("1.1.1", "seen")
        await seen.press(*"两份缺", "escape", "n")
        assert "都看完了" in seen.toasts
        await seen.press("f")
        assert isinstance(seen.app.screen, Told)
        assert "tracker receive" in seen.text
        seen.whole()
        await seen.press("escape", "q")
        assert seen.heading.startswith("企业考核")
    path = here / "north-2026-Q4.toml"
    result = receive(Desk(Workspace(root), ["city"], NOW), [path])
    assert [r.outcome for r in result] == ["received"]
    now = see(root, SHEETS, plans=PLANS)
    assert {f.sheet.file for f in now.sheets if f.sheet.period.label == "2026-Q4"}


async def test_what_was_typed_is_there_when_one_comes_back(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("7", "enter", "down", "down", "down", "down", "down", "equals_sign", "enter", "enter")
        assert focused(seen) == "seen"
        await seen.press(*"一半")
    async with opened(root) as seen:
        await seen.press("7", "e")
        assert filling(seen).draft.at == "1.1.2"
        assert fields(seen)["seen"] == "一半"
        await seen.press("left")
        assert "count" in fields(seen)
        assert fields(seen)["count"] == ""


async def test_a_letter_typed_quickly_is_never_lost(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("7", "e", "enter")
        field = seen.app.screen.query(Input).first()
        for letter in "2026-10-20":
            field.insert_text_at_cursor(letter)
        await seen.settle()
        assert fields(seen)["on"] == "2026-10-20"


async def test_keys_that_count_fit_only_clauses_and_space_goes_on(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("7", "e", "plus")
        assert "到扣分的条款上" in seen.toasts
        await seen.press("space")
        assert focused(seen) == "on"
        await seen.press("escape", "down", "enter")
        assert filling(seen).draft.at == "1.1.S1"
        await seen.press("space")
        assert filling(seen).draft.at == "1.2"
        await seen.press("up", "space")
        assert filling(seen).draft.looked == {}
        await seen.press("end", "space")
        assert filling(seen).draft.at == "2.1"


async def test_a_sheet_that_was_filed_is_opened_to_be_changed(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("7", "end", "up", "enter", "e")
        assert said(seen, "#progress").startswith("11 分，不合格　看过 3/3 项　没有问题")
        await seen.press("question_mark")
        assert isinstance(seen.app.screen, Told)
        await seen.press("escape", "ctrl+s", "ctrl+down", "ctrl+up")
        assert "草稿已保存" in seen.toasts
        await seen.press("escape")
        assert isinstance(seen.app.screen, ScoreScreen)


async def test_a_disk_that_is_full_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "磁盘已满")

    async with opened(root) as seen:
        await seen.press("7", "end", "up", "e")
        monkeypatch.setattr("tracker.writing.create", full)
        await seen.press("f")
        assert "文件没有写成：磁盘已满" in seen.toasts
        monkeypatch.setattr("tracker.writing.replace", full)
        await seen.press("ctrl+s")
        assert "草稿没有存上：磁盘已满" in seen.toasts


async def test_a_draft_that_cannot_be_opened_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_path: Path, _target: object) -> None:
        raise PermissionError(13, "拒绝访问")

    folder = root / ".tracker" / "drafts" / "city" / "checklist" / "2026-Q4"
    folder.mkdir(parents=True)
    (folder / "north.department.toml").write_text("[[", encoding="utf-8")
    async with opened(root) as seen:
        await seen.press("7")
        monkeypatch.setattr(Path, "replace", denied)
        await seen.press("e")
        assert "草稿打不开：拒绝访问" in seen.toasts
        assert len(seen.app.screen_stack) == 1


async def test_a_draft_that_could_not_be_read_is_said(root: Path) -> None:
    folder = root / ".tracker" / "drafts" / "city" / "checklist" / "2026-Q4"
    folder.mkdir(parents=True)
    (folder / "north.department.toml").write_text("[[", encoding="utf-8")
    async with opened(root) as seen:
        await seen.press("7", "e")
        assert "已另存为" in seen.toasts


# --- hostile texts, other languages, on its own ---


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (160, 50)])
async def test_hostile_texts_are_text_on_every_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    checklist = CHECKLIST
    for words in ("逐岗写职责", "职责清单", "缺清单", "抽查岗位", "两条都有", '"基础', '"职责', "没有责任制"):
        checklist = checklist.replace(words, words + EVIL)
    plans = {
        **PLANS,
        "check.toml": checklist,
        "enterprises.toml": ENTERPRISES.replace("示例北矿有限公司", f"北{EVIL}").replace('"北矿"', f'"短{EVIL}"'),
    }
    body = (found("1.1.1") + found("1.1.A1", 1, f'evidence = ["{EVIL}"]')).replace("看到了", EVIL)
    text = sheet_text(body=body)
    objections = "".join(
        ruled("object", "north.toml", text, name, by=EVIL, reason=EVIL) for name in ("1.1.1", "1.1.A1")
    )
    answer = ruled("answer", "north.toml", text, "1.1.1", "granted = true", by=EVIL, reason=EVIL)
    said_of_it = {"checklist/2026-Q3/decisions.toml": objections + answer}
    root = build(tmp_path, files(north=text) | said_of_it, plans)
    async with opened(root, size=size) as seen:
        for keys in (
            ("7",), ("down",), ("down",), ("enter",), ("down",), ("down",), ("space",), ("b",), ("x",), ("escape",),
            ("e",), ("down",), ("down",), *[("down",)] * 5, ("plus",), ("enter",), ("f1",), ("escape",),
            ("escape",), ("f",), ("escape",), ("q",), ("escape",),
        ):  # fmt: skip
            await seen.press(*keys)
            seen.whole()
            assert "\x1b" not in seen.text
            assert "\u202e" not in seen.text
        assert seen.app.is_running


def test_in_english_every_screen_is_whole(root: Path) -> None:
    script = f"""
import asyncio, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from tracker.language import use
use("en")
from screens import opened
async def main():
    for size in ((80, 24), (160, 40)):
        async with opened(Path({str(root)!r}), size=size) as seen:
            for keys in (["7"], ["end", "up", "enter"], ["down", "space", "b"], ["e"], ["down", "down"], ["q"]):
                await seen.press(*keys)
                seen.whole()
asyncio.run(main())
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, encoding="utf-8")
    assert run.returncode == 0, run.stderr


def own_draft(root: Path) -> SheetDraft:
    snapshot = see(root, SHEETS, plans=PLANS)
    return SheetDraft.open(Workspace(root), snapshot, "south", "2026-Q3", root / "out", NOW.date())


async def test_the_sheet_alone_ends_when_it_is_left(root: Path) -> None:
    app = AssessApp(own_draft(root))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "按 Esc 再按 q 离开" in " ".join(n.message for n in app._notifications)
        await pilot.press("down", "q")
        await pilot.pause()
        assert not app.is_running
    assert own_draft(root).at == "1.1"


def test_what_became_of_it_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = own_draft(root)
    monkeypatch.setattr(score_fill.AssessApp, "run", lambda _app: None)
    assert score_fill.run(draft) == 0
    assert "草稿已保存" in capsys.readouterr().err
    path = draft.finish()
    assert score_fill.run(draft) == 0
    assert f"已写好 {path}" in capsys.readouterr().err


def test_the_command_needs_a_terminal_an_enterprise_and_a_period(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*argv: str) -> tuple[int, str]:
        capsys.readouterr()
        return main(["fill", *argv], NOW, root), capsys.readouterr().err

    assert run("--enterprise", "south")[0] == 2
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    opened_: list[SheetDraft] = []

    def keep(draft: SheetDraft) -> int:
        opened_.append(draft)
        return 0

    monkeypatch.setattr(score_fill, "run", keep)
    assert "--enterprise 和 --period" in run()[1]
    assert "要写明哪一期" in run("--enterprise", "south")[1]
    assert "没有企业“sooth”" in run("--enterprise", "sooth", "--period", "2026-Q3")[1]
    assert "没有这一期" in run("--enterprise", "south", "--period", "2026-13")[1]
    assert run("--enterprise", "south", "--period", "2026-Q3", "--own")[0] == 0
    assert run("--enterprise", "south", "--period", "2026-Q4")[0] == 0
    assert [(d.side, d.form.period.label) for d in opened_] == [("own", "2026-Q3"), ("department", "2026-Q4")]
    assert os.fspath(opened_[0].output) == os.fspath(root)
