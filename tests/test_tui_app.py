"""The app: places, first line, reading, changes on disk, what goes wrong."""

import gc
import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from screens import NOW, opened, put, session
from textual.command import CommandPalette
from tiny import MINE, PROGRAMME, build, head

from tracker.clocks import CHINA
from tracker.tui import app
from tracker.tui.frame import Tabs
from tracker.tui.places import PLACES
from tracker.tui.told import Told

DONE = head() + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-20\n'


async def test_the_frame_is_there_before_the_files_are_read(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        seen.app.session.taken = None
        seen.app.snapshot = None
        seen.view.say_state("正在读文件……")
        await seen.settle()
        assert "[1 总览]" in seen.lines[1]
        assert "正在读文件" in seen.text


async def test_the_first_line_says_programme_and_clocks(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        assert "甲市安全生产行动　截至 2026-11-01　已知至 现在" in seen.lines[0]
        assert "示例数据" not in seen.lines[0]


async def test_sample_data_are_named_in_the_first_line(tmp_path: Path) -> None:
    root = build(tmp_path, plans={"programme.toml": PROGRAMME.replace("[programme]", "[programme]\nsample = true")})
    async with opened(root) as seen:
        assert "示例数据" in seen.lines[0]


async def test_clocks_that_are_set_are_named_and_n_goes_back_to_now(tmp_path: Path) -> None:
    known = datetime(2026, 10, 2, 12, tzinfo=CHINA)
    async with opened(build(tmp_path), as_of=date(2026, 9, 30), known_by=known) as seen:
        assert "截至 2026-09-30　已知至 2026-10-02 12:00" in seen.lines[0]
        await seen.press("n")
        assert "截至 2026-11-01　已知至 现在" in seen.lines[0]


async def test_every_place_has_a_key_a_tab_and_a_command(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        for place in PLACES:
            await seen.press(place.key)
            assert seen.app.current_mode == place.name
            assert f"[{place.key} {place.words}]" in seen.lines[1]
            assert seen.state == ""
            seen.whole()
        for place in PLACES:
            tabs = seen.view.query_one(Tabs)
            await seen.click("Tabs", tabs.place_of(f"app.go('{place.name}')"), 0)
            assert seen.app.current_mode == place.name
        names = {command.title for command in seen.app.get_system_commands(seen.app.screen)}
        assert {place.words for place in PLACES} <= names


async def test_the_palette_runs_a_command_by_its_name(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("ctrl+p")
        assert isinstance(seen.app.screen, CommandPalette)
        await seen.press("ctrl+p")
        await seen.press(*"逾期", "enter")
        await seen.press("enter")
        assert seen.app.current_mode == "overdue"


async def test_question_mark_shows_every_key_that_works_here(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("2", "question_mark")
        assert isinstance(seen.app.screen, Told)
        said = "\n".join(seen.app.screen.lines)
        assert "输入汉字或拼音首字母" in said
        assert "这盏灯是怎么来的" in said
        assert "上一个月" not in said
        await seen.press("escape")
        assert seen.app.current_mode == "overdue"


async def test_a_place_is_left_and_found_again_as_it_was(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("2", "y", "down")
        row, heading = seen.grid().row, seen.heading
        await seen.press("1", "2")
        assert (seen.grid().row, seen.heading) == (row, heading)
        assert row == 1


async def test_the_key_of_the_place_one_is_at_closes_what_was_opened_there(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("1", "enter")
        assert len(seen.app.screen_stack) == 2
        await seen.press("1")
        assert len(seen.app.screen_stack) == 1


async def test_cursor_and_filter_survive_a_reload(tmp_path: Path) -> None:
    root = build(tmp_path)
    async with opened(root) as seen:
        await seen.press("2", "y", "down", "down", "down")
        key, row = seen.grid()._key(seen.grid().item), seen.grid().row
        put(root, "2026-10/east.toml", DONE)
        await seen.press("f5")
        assert seen.grid()._key(seen.grid().item) == key == ("west", "mine-1")
        assert seen.grid().row == row - 1
        assert "红、" in seen.heading
        assert "! 黄" in seen.heading


async def test_files_changed_by_someone_else_are_noticed_and_offered(tmp_path: Path) -> None:
    root = build(tmp_path)
    async with opened(root) as seen:
        await seen.press("2")
        before = seen.cells()
        put(root, "2026-10/east.toml", DONE)
        seen.app.look_for_changes()
        await seen.settle()
        assert "2026-10/east.toml有改动，按 F5 重读" in seen.lines[0]
        assert seen.cells() == before
        await seen.press("f5")
        assert "有改动" not in seen.lines[0]
        assert seen.cells() != before
        seen.app.look_for_changes()
        await seen.settle()
        assert "有改动" not in seen.lines[0]


async def test_many_changed_files_are_counted(tmp_path: Path) -> None:
    async with opened(build(tmp_path), size=(160, 40)) as seen:
        for name in ("a", "b", "c"):
            put(tmp_path, f"2026-10/{name}.toml", DONE)
        seen.app.look_for_changes()
        await seen.settle()
        assert "2026-10/a.toml、2026-10/b.toml等 3 个文件有改动" in seen.lines[0]


async def test_broken_plans_open_the_place_of_problems(tmp_path: Path) -> None:
    root = build(tmp_path, plans={"mine.toml": MINE.replace('id = "mine-1"', 'idd = "mine-1"')})
    async with opened(root) as seen:
        assert seen.app.current_mode == "problems"
        assert "方案文件有错" in seen.heading
        assert "mine.toml" in seen.text
        assert "idd" in seen.text
        await seen.press("1")
        assert "按 8 看错在哪里" in seen.state
        build(tmp_path)
        await seen.press("f5")
        assert seen.state == ""
        await seen.press("8")
        assert "没有问题" in seen.text


async def test_a_place_that_breaks_says_so_and_the_others_live_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.tui.inbox import Inbox

    def broken(_self: Inbox, _snapshot: object) -> None:
        raise ValueError("[/x] 坏了")

    monkeypatch.setattr(Inbox, "work_out", broken)
    async with opened(build(tmp_path)) as seen:
        await seen.press("4")
        assert "这一页算不出来：ValueError: [/x] 坏了" in seen.state
        await seen.press("2")
        assert seen.state == ""


async def test_files_that_cannot_be_read_are_said_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = build(tmp_path)
    from tracker.tui.session import Session

    def fails(_self: Session) -> None:
        raise PermissionError(13, "没有权限", "mine.toml")

    monkeypatch.setattr(Session, "read", fails)
    async with opened(root) as seen:
        assert "mine.toml 读不出来：没有权限" in seen.state
        monkeypatch.undo()
        await seen.press("f5")
        assert seen.state == ""


async def test_a_mistake_of_the_program_is_said_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.tui.session import Session

    def fails(_self: Session) -> None:
        raise KeyError("x")

    monkeypatch.setattr(Session, "read", fails)
    async with opened(build(tmp_path)) as seen:
        assert "程序出错：KeyError" in seen.state


async def test_another_programme_is_a_key_away(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "plans" / "town").mkdir()
    for name, text in {"programme.toml": PROGRAMME.replace("甲市安全", "乙镇安全"), "mine.toml": MINE}.items():
        changed = text.replace('plans = ["mine", "chem"]', 'plans = ["mine"]')
        (tmp_path / "plans" / "town" / name).write_text(changed, encoding="utf-8")
    async with opened(tmp_path, programmes=["city", "town"]) as seen:
        await seen.press("p")
        assert "乙镇安全生产行动" in seen.lines[0]
        await seen.press("p")
        assert "甲市安全生产行动" in seen.lines[0]


async def test_with_one_programme_the_key_says_so(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("p")
        assert "只有一个行动" in seen.toasts


async def test_light_and_dark(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        first = seen.app.current_theme.dark
        await seen.press("t")
        assert seen.app.current_theme.dark is not first
        await seen.press("t")
        assert seen.app.current_theme.dark is first


async def test_ctrl_c_says_how_to_leave_and_q_leaves(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("ctrl+c")
        assert "按 q 退出" in seen.toasts
        await seen.pilot.press("q")
        await seen.pilot.pause()
        assert not seen.app.is_running


def test_a_session_without_clocks_goes_with_the_day(tmp_path: Path) -> None:
    moments = [NOW, NOW + timedelta(days=1)]
    one = session(build(tmp_path), clock=lambda: moments[0])
    first = one.read().snapshot
    moments.pop(0)
    second = one.read().snapshot
    assert first is not None
    assert second is not None
    assert second.clocks.as_of - first.clocks.as_of == timedelta(days=1)


def test_a_session_names_the_files_that_are_new_changed_or_gone(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/east.toml": DONE, "2026-10/west.toml": DONE})
    one = session(root)
    stamp = one.stamp()
    assert one.changed(stamp) == []
    (root / "status/city/2026-10/east.toml").write_text("x", encoding="utf-8")
    (root / "status/city/2026-10/west.toml").unlink()
    put(root, "2026-10/bureau.toml", DONE)
    assert one.changed(stamp) == [f"status/city/2026-10/{name}.toml" for name in ("bureau", "east", "west")]


def test_a_file_that_goes_while_it_is_looked_at_is_no_mistake(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/east.toml": DONE})
    one = session(root)
    (root / "status/city/2026-10/gone.toml").symlink_to(root / "nowhere")
    assert [file for file in one.stamp() if "gone" in file] == []
    assert os.listdir(root / "status/city/2026-10")  # noqa: PTH208 - the link itself is there


def test_looking_again_at_broken_plans_gives_the_same(tmp_path: Path) -> None:
    root = build(tmp_path, plans={"mine.toml": "x = "})
    one = session(root)
    taken = one.read()
    assert taken.snapshot is None
    assert one.look_again(taken) is taken


def test_an_export_never_replaces_a_file(tmp_path: Path) -> None:
    one = session(build(tmp_path))
    first, second, third = (one.export("逾期", "csv", text) for text in (b"1", b"2", b"3"))
    assert [p.name for p in (first, second, third)] == ["逾期.csv", "逾期-2.csv", "逾期-3.csv"]
    assert [p.read_bytes() for p in (first, second, third)] == [b"1", b"2", b"3"]


@pytest.mark.parametrize(("columns", "known"), [(80, "2026-11-01 09:00"), (58, "11-01 09:00"), (52, "11-01")])
async def test_what_is_looked_at_is_said_shorter_before_it_is_cut(tmp_path: Path, columns: int, known: str) -> None:
    async with opened(build(tmp_path), size=(columns, 24), as_of=date(2026, 10, 31)) as seen:
        assert seen.lines[0].rstrip().endswith(f"已知至 {known}")
        assert "甲市安全生产行动　截至 2026-10-31" in seen.lines[0]


async def test_garbage_is_looked_for_again_once_the_app_has_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "SETTLED", 0.05)
    gc.disable()
    try:
        async with opened(build(tmp_path)) as seen:
            await seen.pilot.pause(0.3)
            assert gc.isenabled()
    finally:
        gc.enable()
