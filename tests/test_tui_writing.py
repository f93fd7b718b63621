"""What the screens write: rulings, corrections, what is taken back, an issued month; and what they refuse."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from screens import Seen, opened, put
from tiny import MINE, build, decision, head, receipt

from tracker import writing
from tracker.tui.asking import Ask
from tracker.tui.choose import Choose
from tracker.tui.submission import SubmissionScreen

DONE = '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-10-09\n'
OPEN = (
    '[[update]]\nitem = "mine-1"\nstate = "推进中"\ncause = "人员没有定下来"\nmeasure = "每周开会催办"\n'
    "promised_on = 2026-11-20\n"
)
EXTEND = (
    '[[update]]\nitem = "mine-7"\nstate = "推进中"\nas_of = 2026-10-31\ndone = 2\ntotal = 8\n'
    '[update.request_extension]\nuntil = 2027-03-31\nreason = "设备没有到货"\nprogress = "已签合同"\n'
)
NONE = '[[update]]\nitem = "chem-3"\nstate = "不涉及"\nnote = "没有这类企业"\n'
EAST, WEST = head() + DONE + EXTEND, head("west") + OPEN + NONE
RULINGS = "status/city/2026-10/decisions.toml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two units have reported on October; on the first of November the coordinator sits down."""
    files = {
        "2026-10/east.toml": EAST,
        "2026-10/west.toml": WEST,
        "2026-10/receipts.toml": receipt("east.toml", EAST, "2026-10-30T09:00:00+08:00")
        + receipt("west.toml", WEST, "2026-10-31T09:00:00+08:00"),
    }
    return build(tmp_path / "w", files)


def ruled(root: Path) -> list[dict[str, object]]:
    """The rulings that were written."""
    path = root / RULINGS
    return tomllib.loads(path.read_text(encoding="utf-8"))["decision"] if path.exists() else []


def kinds(root: Path) -> list[tuple[object, ...]]:
    """Kind, unit and item of each."""
    return [(d["kind"], d["unit"], d.get("item")) for d in ruled(root)]


def contents(root: Path) -> dict[Path, bytes]:
    """All files but the program's own."""
    return {p: p.read_bytes() for p in root.rglob("*.*") if p.is_file() and ".tracker" not in p.parts}


def trouble(seen: Seen) -> str:
    """What the form says is wrong."""
    assert isinstance(seen.app.screen, Ask)
    return "\n".join(str(w.content) for w in seen.app.screen.query(".trouble") if w.display)  # type: ignore[attr-defined]


# --- the inbox ---


async def test_a_submission_is_accepted_with_two_keys_and_the_list_shows_it(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("4", "a", "enter")
        assert kinds(root) == [("accept", "east", None)]
        one = ruled(root)[0]
        assert (one["by"], one["reason"], one["file"]) == ("刘某", "已核对，同意", "east.toml")
        assert one["sha256"]
        assert "已记入 status/city/2026-10/decisions.toml" in seen.toasts
        assert seen.cells("#units")[0][8] == "通过"
        assert seen.grid("#units").row == 0


async def test_several_submissions_are_returned_at_once_for_one_reason(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("4", "space", "space")
        assert "已选中 2 项" in seen.heading
        await seen.press("r")
        assert "退回 2 项" in seen.text
        await seen.press(*"佐证不全", "enter")
        assert kinds(root) == [("return", "east", None), ("return", "west", None)]
        assert {str(d["until"]) for d in ruled(root)} == {"2026-11-04"}
        assert "已选中" not in seen.heading
        assert [row[1] for row in seen.cells("#units")][:2] == ["! 退回待报", "! 退回待报"]


async def test_marked_units_without_a_file_leave_nothing_to_rule_on(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("4", "end", "a")
        assert not isinstance(seen.app.screen, Ask)
        assert ruled(root) == []


async def test_one_entry_of_a_submission_is_returned_or_left_out(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("4", "down", "enter")
        assert isinstance(seen.app.screen, SubmissionScreen)
        grid = seen.grid("#entries")
        grid.go(next(n for n, i in enumerate(grid.items) if getattr(i, "item", "") == "chem-3"))
        await seen.press("r", *"请附说明", "enter")
        assert kinds(root) == [("return", "west", "chem-3")]
        await seen.press("h", *"先不算", "enter")
        assert kinds(root)[1:] == [("withdraw", "west", "chem-3")]


async def test_what_was_sent_again_meanwhile_is_not_ruled_on(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("4", "a")
        changed = EAST + "\n# 又改过\n"
        put(root, "2026-10/east.toml", changed)
        put(root, "2026-10/receipts.toml", receipt("east.toml", changed, "2026-10-31T19:00:00+08:00"))
        await seen.press("enter")
        assert "在您看过之后又有了新的内容" in trouble(seen)
        assert "没有写入" in trouble(seen)
        assert ruled(root) == []


async def test_what_somebody_else_ruled_on_meanwhile_is_not_ruled_on(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("9")
        grid = seen.grid("#waiting")
        grid.go(next(n for n, i in enumerate(grid.items) if getattr(i, "item", "") == "mine-1"))
        await seen.press("v")
        put(root, "2026-10/decisions.toml", decision("verify", "east", "2026-11-01T08:59:00+08:00", 'item = "mine-1"'))
        await seen.press("enter")
        assert "没有写入" in trouble(seen)
        assert len(ruled(root)) == 1


# --- who, and how long ---


async def test_who_writes_is_asked_once_and_kept(root: Path) -> None:
    async with opened(root) as seen:
        seen.app.session.user = ""
        await seen.press("4", "a", "ctrl+s")
        assert "这里要填" in trouble(seen)
        assert ruled(root) == []
        await seen.press(*"王某", "enter")
        assert ruled(root)[0]["by"] == "王某"
        await seen.press("down", "a")
        assert "您的姓名" not in seen.text


async def test_another_command_that_keeps_the_workspace_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 0.2)
    async with opened(root) as seen:
        await seen.press("4", "a")
        with writing.alone(root):
            await seen.press("enter")
            assert "另一个命令正在写这个工作区" in trouble(seen)
        await seen.press("enter")
        assert len(ruled(root)) == 1


async def test_while_it_is_written_the_form_stays(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("4", "a")
        ask = seen.app.screen
        assert isinstance(ask, Ask)
        ask.is_busy = True
        await seen.press("escape", "ctrl+s")
        assert seen.app.screen is ask
        assert ruled(root) == []


async def test_broken_records_stand_in_the_way_and_are_named(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("4", "a")
        put(root, "2026-10/decisions.toml", "[[decision]]\nkind = 1\n")
        await seen.press("enter")
        assert "2026-10/decisions.toml" in trouble(seen)


async def test_a_mistake_of_the_program_is_said_in_words(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(root) as seen:
        await seen.press("4", "a")
        monkeypatch.setattr("tracker.rulings.decide", lambda *_a: 1 / 0)
        await seen.press("enter")
        assert "程序出错：ZeroDivisionError" in trouble(seen)
        monkeypatch.setattr("tracker.rulings.decide", _full)
        await seen.press("enter")
        assert "没有写成：磁盘满" in trouble(seen)


def _full(*_arguments: object) -> object:
    raise OSError(28, "磁盘满")


async def test_read_only_writes_nothing(root: Path) -> None:
    before = contents(root)
    async with opened(root, is_read_only=True) as seen:
        await seen.press("4")
        assert "同意" not in seen.lines[-1]
        await seen.press("a", "r", "space", "a", "g")
        assert "这是只读界面，不能写入" in seen.toasts
        await seen.press("9", "a", "v", "2", "e", "b", "u", "x")
        assert "没有写成：这是只读界面，不能写入" in seen.toasts
        await seen.press("6", "i")
        assert not isinstance(seen.app.screen, Ask)
        seen.view.action_act("accept")
        with pytest.raises(PermissionError):
            seen.app.session.decide(date(2026, 10, 1), [], None)
    assert contents(root) == before


# --- what waits ---


async def test_what_waits_is_agreed_to_with_one_key_each(root: Path) -> None:
    async with opened(root, size=(130, 32)) as seen:
        await seen.press("9")
        rows = seen.cells("#waiting")
        headings = [row[0] for row in rows if len(row) == 1]
        assert headings == ["延期待答复 1 项", "报了不涉及，待认定 1 项", "报了完成，待核实 1 项", "月报待审核 2 项"]
        assert "申请延到 2027-03-31" in seen.text
        await seen.press("a", *"确有困难", "enter")
        await seen.press("a", *"现场看过", "enter")
        await seen.press("a", "enter")
        await seen.press("space", "space", "a", "enter")
        assert kinds(root) == [
            ("extend", "east", "mine-7"), ("waive", "west", "chem-3"), ("verify", "east", "mine-1"),
            ("accept", "east", None), ("accept", "west", None),
        ]  # fmt: skip
        assert str(ruled(root)[0]["until"]) == "2027-03-31"
        assert ruled(root)[1]["ground"] == "不涉及"
        assert "没有等您作意见的" in seen.text


async def test_what_waits_is_not_agreed_to_with_another(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("9", "r", *"理由不足", "enter")
        await seen.press("r", *"请写依据", "enter")
        await seen.press("r", *"不属实", "enter")
        assert kinds(root) == [("extend", "east", "mine-7"), ("return", "west", "chem-3"), ("refuse", "east", "mine-1")]
        assert ruled(root)[0]["granted"] is False


async def test_enter_opens_what_waits(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("9", "enter")
        assert "机械化改造" in seen.heading
        await seen.press("escape", "end", "enter")
        assert isinstance(seen.app.screen, SubmissionScreen)


async def test_of_different_months_nothing_is_ruled_together(root: Path) -> None:
    put(root, "2026-09/decisions.toml", decision("object", "west", "2026-10-09T09:00:00+08:00", 'item = "mine-1"'))
    async with opened(root) as seen:
        await seen.press("9", "space", "space", "a")
        assert "请分开办" in seen.toasts
        await seen.press("home", "space", "space", "home", "a", *"数据有误", "enter")
        assert not ruled(root)
        answers = tomllib.loads((root / "status/city/2026-09/decisions.toml").read_text(encoding="utf-8"))["decision"]
        assert [d["kind"] for d in answers] == ["object", "answer"]


# --- one item ---


async def test_the_menu_offers_only_what_fits(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("9", "end", "up", "up", "b")
        assert isinstance(seen.app.screen, Choose)
        offered = seen.app.screen.options
        assert {"核实销号", "核实不通过"} <= set(offered)
        assert not {"同意延期", "重新开启", "采纳异议"} & set(offered)
        await seen.press(*"核实不", "enter", *"照片不对", "enter")
        assert kinds(root) == [("refuse", "east", "mine-1")]


async def test_a_correction_is_checked_beside_its_fields_and_undone_with_u(root: Path) -> None:
    async with opened(root, size=(100, 40)) as seen:
        await seen.press("2", "slash", *"公布", "enter")
        assert seen.cells("#rows")[0][1] == "高新区"
        await seen.press("e")
        assert "人员没有定下来" in seen.text
        await seen.press("4")
        ask = seen.app.screen
        assert isinstance(ask, Ask)
        assert "已完成要写完成日期" in str(ask.rows["done_on"].query_one(".trouble").content)  # type: ignore[attr-defined]
        assert not ask.rows["cause"].display
        ask.rows["done_on"].control.focus()
        await seen.press(*"10-20")
        assert trouble(seen) == ""
        await seen.press("enter")
        one = ruled(root)[0]
        assert (one["kind"], one["item"], one["state"], str(one["done_on"])) == (
            "correct", "mine-1", "已完成", "2026-10-20",
        )  # fmt: skip
        assert one["by"] == "刘某"
        assert seen.heading.startswith("0 项")
        await seen.press("escape", "9")
        grid = seen.grid("#waiting")
        grid.go(
            next(
                n
                for n, i in enumerate(grid.items)
                if (getattr(i, "unit", ""), getattr(i, "item", "")) == ("west", "mine-1")
            )
        )
        await seen.press("u")
        assert "要撤销：2026-11-01 09:00 刘某 市级更正：电话核实" in seen.text
        await seen.press(*"打错了", "enter")
        assert kinds(root)[-1] == ("undo", "west", "mine-1")


async def test_a_correction_that_breaks_a_rule_is_not_written(root: Path) -> None:
    async with opened(root, size=(100, 40)) as seen:
        await seen.press("2", "slash", *"公布", "enter", "e", "3")
        ask = seen.app.screen
        assert isinstance(ask, Ask)
        await seen.press("ctrl+s")
        assert "受阻要写在等谁" in str(ask.rows["waiting_on"].query_one(".trouble").content)  # type: ignore[attr-defined]
        assert ruled(root) == []
        ask.rows["promised_on"].control.focus()
        await seen.press("x", "ctrl+s")
        assert "日期写成" in trouble(seen)
        await seen.press("escape")
        assert ruled(root) == []


# --- receiving ---


async def test_files_of_a_folder_are_taken_in(root: Path, tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "bureau.toml").write_text(head("bureau") + "", encoding="utf-8")
    (tmp_path / "mail" / "bad.toml").write_text("x", encoding="utf-8")
    async with opened(root, here=tmp_path) as seen:
        await seen.press("4", "g", *"nowhere", "enter")
        assert "没有这个文件夹" in trouble(seen)
        await seen.press("escape", "g", *"mail", "enter")
        assert "2 个文件" in seen.toasts
        assert (root / "status/city/2026-10/bureau.toml").exists()
        assert "暂存" in seen.toasts
        assert seen.cells("#units")[2][1] != "x 未报"


# --- issuing ---


async def test_the_month_is_issued_from_its_report(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("6", "i")
        assert "清单不签名" in seen.text
        await seen.press("ctrl+s")
        assert "2026-10 已定稿" in seen.toasts
        assert (root / "status/city/2026-10/edition/manifest.toml").exists()
        assert "已定稿" in seen.heading
        await seen.press("i", "ctrl+s")
        assert "2026-10 已经定稿" in trouble(seen)


async def test_a_paper_with_other_figures_is_shown_and_needs_a_reason(root: Path, tmp_path: Path) -> None:
    (tmp_path / "paper.docx").write_bytes(b"x")
    async with opened(root, here=tmp_path) as seen:
        seen.app.session.user = ""
        await seen.press("6", "i", *"王某")
        ask = seen.app.screen
        assert isinstance(ask, Ask)
        ask.rows["issued"].control.focus()
        await seen.press(*"none.docx", "ctrl+s")
        assert "读不出来" in trouble(seen)
        await seen.press(*["backspace"] * 9, *"paper.docx", "ctrl+s")
        assert "印发稿不是能读的 Word 文件" in trouble(seen)
        assert not ask.rows["despite"].display
        from docx import Document

        paper = Document()
        paper.add_paragraph("〔2026〕12号")
        paper.add_paragraph("签发人：赵某")
        paper.save(str(tmp_path / "paper.docx"))
        await seen.press("ctrl+s")
        if ask.is_mounted:
            assert ask.rows["despite"].display
            ask.rows["despite"].control.focus()
            await seen.press(*"已核对", "ctrl+s")
        assert "2026-10 已定稿" in seen.toasts
        assert seen.app.session.user == "王某"


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_every_form_is_whole_at_any_size_with_hostile_texts(tmp_path: Path, size: tuple[int, int]) -> None:
    evil = r"[/x] [[a]] [@click=app.bell]按[/] \\"
    words = head() + DONE + EXTEND.replace("设备", f"设备{evil}") + NONE.replace("没有这类", evil)
    mine = MINE.replace("公布包保名单", f"名单{evil}").replace("机械化改造", f"改造{evil}")
    root = build(tmp_path, {"2026-10/east.toml": words}, {"mine.toml": mine})
    async with opened(root, size=size) as seen:
        for keys in (("9",), ("a",), ("escape",), ("r",), ("escape",), ("down", "e"), ("4",), ("escape",), ("b",)):
            await seen.press(*keys)
            seen.whole()
            assert "\x1b" not in seen.text
