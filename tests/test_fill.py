"""The form on the screen, driven by keys and the mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from contrasts import faint
from filled import REQUIRED, answered, named, opened
from pilots import driven, screen, type_
from textual import events
from textual.pilot import Pilot
from textual.widgets import Checkbox, Input, Static, TextArea
from tiny import MINE, OCTOBER, head, see

from tracker.filling.draft import Draft
from tracker.forms import form
from tracker.submission_files import read_submission
from tracker.tui import fill
from tracker.tui.card import Choice
from tracker.tui.fill import FillApp
from tracker.tui.row import Row
from tracker.tui.told import Told
from tracker.workspace import Workspace

SIZES = [(80, 24), (100, 32), (160, 50)]
HOSTILE = "[/x] [[a]] [@click=app.bell]按[/] \\"


def said(pilot: Pilot[None], selector: str) -> str:
    return str(pilot.app.screen.query_one(selector, Static).content)


def shown(pilot: Pilot[None]) -> str:
    """The screen as text."""
    rows = [pilot.app.screen._compositor.render_strips()]
    return "\n".join("".join(segment.text for segment in strip) for strip in rows[0])


def focused(pilot: Pilot[None]) -> str:
    """The field with the cursor; empty for the list."""
    row = next((r for r in screen(pilot).query(Row) if r.control.has_focus), None)
    return row.field.key if row is not None else ""


def toasts(pilot: Pilot[None]) -> str:
    return " ".join(n.message for n in pilot.app._notifications)


async def to(pilot: Pilot[None], item: str) -> None:
    screen(pilot).go(item)
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_the_form_shows_what_is_asked_and_what_is_left(tmp_path: Path, size: tuple[int, int]) -> None:
    async with driven(FillApp(opened(tmp_path)), size=size) as pilot:
        await pilot.pause()
        assert said(pilot, "#title") == "东山县 2026-10"
        assert said(pilot, "#progress") == "必答 4 项，还差 4 项　没有问题　已保存"
        text = shown(pilot)
        for words in ("› · 填报人", "必答 4 项 ──", "公布包保名单", "2026-09-30  迟31天", "审核人"):
            assert words.replace("› ·", "›·") in text
        lines = [line for line in text.split("\n") if "2026-" in line and "天" in line]
        assert len(lines) >= 4
        await pilot.press("down")
        await pilot.pause()
        text = shown(pilot)
        for words in ("›· 公布包保名单", "公布每座矿的包保领导", "还没有报过", " 1未启动 ", " 5不涉及 "):
            assert words in text


async def test_an_item_is_answered_by_keys_alone(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    async with driven(FillApp(draft), size=(100, 32)) as pilot:
        await pilot.press("down", "2")
        await pilot.pause()
        assert focused(pilot) == "cause"
        await type_(pilot, "资金没有到位")
        await pilot.press("enter")
        await type_(pilot, "已经列入预算")
        await pilot.press("tab")
        await type_(pilot, "12-20")
        assert "= 2026-12-20" in shown(pilot)
        assert "[2推进中]" in shown(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert draft.text("mine-1", "promised_on") == "2026-12-20"
        await pilot.press("enter")
        await pilot.pause()
        # After the last field to what is left: behind this item.
        assert (draft.at, focused(pilot)) == ("mine-2@2026-09", "")
        assert draft.sign("mine-1") == "✓"
        assert "✓ 公布包保名单" in shown(pilot)
        assert said(pilot, "#progress").startswith("必答 4 项，还差 3 项　没有问题　已保存")


async def test_a_wrong_date_shows_its_problem_beside_the_field_as_it_is_typed(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    async with driven(FillApp(draft), size=(80, 24)) as pilot:
        await to(pilot, "chem-3")
        await pilot.press("4")
        await pilot.pause()
        assert focused(pilot) == "done_on"
        await type_(pilot, "2026-10-3")
        assert "= 2026-10-03" in shown(pilot)
        await type_(pilot, "2")
        assert "！没有这一天，请核对。" in shown(pilot)
        assert "问题 2 处" in said(pilot, "#progress")
        await pilot.press("backspace")
        await type_(pilot, "0")
        assert "没有这一天" not in shown(pilot)
        assert "这一节点完成后要写佐证材料" in shown(pilot)


async def test_what_was_typed_is_there_again(tmp_path: Path) -> None:
    async with driven(FillApp(opened(tmp_path))) as pilot:
        await to(pilot, "chem-3")
        await pilot.press("3")
        await type_(pilot, "缺评估机构")
        screen(pilot).draft.put("", "practices", "第一行\n第二行")
        await pilot.press("ctrl+q")
    again = opened(tmp_path)
    assert (again.at, again.text("chem-3", "cause")) == ("chem-3", "缺评估机构")
    async with driven(FillApp(again)) as pilot:
        await pilot.pause()
        assert said(pilot, "#heading") == "安全评估"
        assert "缺评估机构" in shown(pilot)
        await to(pilot, "")
        assert screen(pilot).query(TextArea).first().text == "第一行\n第二行"


async def test_signs_that_a_terminal_obeys_are_not_passed_on(tmp_path: Path) -> None:
    noted = '[[update]]\nitem = "mine-7"\nstate = "推进中"\nnote = "红\\u001b[31m\\n字"\n'
    draft = opened(tmp_path, {"2026-10/east.toml": head(more='practices = "\\u001b[2J"') + noted})
    async with driven(FillApp(draft), size=(100, 32)) as pilot:
        await pilot.pause()
        assert "\x1b" not in shown(pilot)
        await to(pilot, "mine-7")
        assert "\x1b" not in shown(pilot)
        assert "红\ufffd[31m 字" in shown(pilot)
        screen(pilot).card.focus_on("note")
        await pilot.pause()
        assert pilot.app.focused is not None
        pilot.app.focused.post_message(events.Paste("\x1b[0m"))
        await pilot.pause()
        await pilot.pause()
        assert draft.text("mine-7", "note") == "红\ufffd[31m 字\ufffd[0m"


async def test_the_first_page_takes_names_and_the_month_in_words(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    async with driven(FillApp(draft), size=(100, 32)) as pilot:
        await pilot.press("enter")
        await type_(pilot, "王某")
        await pilot.press("enter", *"李某", "enter", *"赵某", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.focused, Checkbox)
        assert "▐✓▌ 与上月一致" in shown(pilot)
        await pilot.press("space")
        await pilot.pause()
        assert draft.head["rest"] == ""
        assert "▐ ▌ 与上月一致" in shown(pilot)
        await pilot.press("tab")
        assert isinstance(pilot.app.focused, TextArea)
        await type_(pilot, "查了三座矿")
        await pilot.press("escape")
        await pilot.pause()
        assert draft.head["practices"] == "查了三座矿"
        assert draft.sign("") == "✓"
        # Answers are for items.
        await pilot.press("1", "equals_sign", "delete", "x")
        assert draft.answers == {}


async def test_finish_goes_to_the_first_gap_and_then_writes_the_file(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    draft.put("", "approved_by", "")
    draft.put("mine-2@2026-09", "measure", "")
    async with driven(FillApp(draft), size=(100, 32), notifications=True) as pilot:
        await to(pilot, "chem-3")
        await pilot.press("f")
        await pilot.pause()
        assert (draft.at, focused(pilot)) == ("", "approved_by")
        assert "还没有填好：必答 4 项，还差 1 项" in toasts(pilot)
        await type_(pilot, "赵某")
        await pilot.press("escape", "f")
        await pilot.pause()
        assert (draft.at, focused(pilot)) == ("mine-2@2026-09", "measure")
        await type_(pilot, "已经列入预算")
        await pilot.press("escape", "n")
        await pilot.pause()
        assert "都填好了" in toasts(pilot)
        await pilot.press("f")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Told)
        assert "可以发送了" in shown(pilot)
        await pilot.press("q")
    assert draft.written == tmp_path / "out" / "east.toml"
    content = draft.written.read_text(encoding="utf-8")
    assert 'approved_by = "赵某"' in content
    assert content.count("[[update]]") == len(REQUIRED)


async def test_a_later_change_is_another_version(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    async with driven(FillApp(draft), size=(100, 32)) as pilot:
        await pilot.press("f")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        await to(pilot, "chem-3")
        await pilot.press("1", "f")
        await pilot.pause()
        assert draft.written == tmp_path / "out" / "east.2.toml"
        await pilot.click(offset=(1, 1))
        await pilot.pause()
        assert pilot.app.screen is screen(pilot)


async def test_states_and_items_are_chosen_with_the_mouse_too(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    async with driven(FillApp(draft), size=(100, 32), notifications=True) as pilot:
        await pilot.pause()
        await pilot.click("#items", offset=(5, 4))
        await pilot.pause()
        assert (draft.at, toasts(pilot)) == ("chem-3", "")
        choice = next(c for c in screen(pilot).query(Choice) if c.state == "done")
        await pilot.click(choice)
        await pilot.pause()
        assert (draft.state("chem-3"), focused(pilot)) == ("done", "done_on")


async def test_without_a_state_enter_says_how_to_choose_one(tmp_path: Path) -> None:
    async with driven(FillApp(opened(tmp_path)), notifications=True) as pilot:
        await pilot.press("down", "enter")
        await pilot.pause()
        assert "先按 1–5 选状态" in toasts(pilot)


async def test_as_last_time_take_back_and_extension(tmp_path: Path) -> None:
    said_ = '[[update]]\nitem = "mine-7"\nstate = "推进中"\ndone = 4\ntotal = 9\n'
    draft = opened(tmp_path, {"2026-09/east.toml": head(month="2026-09") + said_})
    async with driven(FillApp(draft), size=(100, 32), notifications=True) as pilot:
        await to(pilot, "chem-3")
        await pilot.press("equals_sign", "x")
        await pilot.pause()
        assert "还没有报过" in toasts(pilot)
        assert "先选状态" in toasts(pilot)
        await to(pilot, "mine-7")
        await pilot.press("equals_sign")
        await pilot.pause()
        assert (draft.state("mine-7"), draft.text("mine-7", "done")) == ("in-progress", "4")
        await pilot.press("x")
        await pilot.pause()
        assert focused(pilot) == "until"
        await pilot.press("escape", "x", "delete")
        await pilot.pause()
        assert draft.state("mine-7") == ""


async def test_saving_is_said_and_a_full_disk_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = answered(opened(tmp_path))

    def full(_draft: Draft) -> Path:
        raise OSError(28, "设备上没有空间")

    async with driven(FillApp(draft), size=(100, 32), notifications=True) as pilot:
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "草稿已保存" in toasts(pilot)
        monkeypatch.setattr(Draft, "finish", full)
        await pilot.press("f")
        await pilot.pause()
        assert "文件没有写成：设备上没有空间" in toasts(pilot)
        monkeypatch.setattr(Draft, "save", full)
        await to(pilot, "chem-3")
        await pilot.press("3")
        await pilot.pause()
        assert "草稿没有存上：设备上没有空间" in toasts(pilot)
        assert said(pilot, "#progress").endswith("未保存")
        await pilot.press("ctrl+s", "ctrl+c")
        await pilot.pause()
        assert "按 Esc 再按 q 退出" in toasts(pilot)


async def test_a_draft_that_could_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / ".tracker" / "drafts" / "city" / "2026-10" / "east.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[", encoding="utf-8")
    async with driven(FillApp(opened(tmp_path)), notifications=True) as pilot:
        await pilot.pause()
        assert "上次的草稿读不出来" in toasts(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_texts_of_plans_and_units_are_never_markup(tmp_path: Path, size: tuple[int, int]) -> None:
    quoted = HOSTILE.replace("\\", "\\\\")
    plan = MINE.replace('"公布包保名单"', f'"{quoted}"').replace('"公布每座矿的包保领导"', f'"{quoted}"')
    words = f'[[update]]\nitem = "mine-1"\nstate = "推进中"\ncause = "{quoted}"\nmeasure = "{quoted}"\n'
    files = {
        "2026-09/east.toml": head(month="2026-09", more=f'practices = "{quoted}"') + words + f'note = "{quoted}"\n'
    }
    snapshot = see(tmp_path, files, plans={"mine.toml": plan})
    draft = Draft.open(Workspace(tmp_path), snapshot, form(snapshot, "east", OCTOBER), tmp_path)
    async with driven(FillApp(draft), size=size, notifications=True, tooltips=True) as pilot:
        await pilot.press("down", "3")
        assert pilot.app.focused is not None
        pilot.app.focused.post_message(events.Paste(HOSTILE))
        await pilot.pause()
        assert said(pilot, "#heading") == HOSTILE
        assert "[/x] [[a]]" in shown(pilot)
        assert draft.text("mine-1", "cause") == HOSTILE
        await pilot.press("escape", "f")
        await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_an_event_is_registered_changed_and_taken_out_by_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    draft = opened(tmp_path)
    async with driven(FillApp(draft), size=size, notifications=True) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert "1 试生产开始" in shown(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert (draft.at, focused(pilot)) == ("event/1", "kind")
        for key, text in (("kind", "1"), ("ref", "2026 01"), ("name", "加氢装置"), ("planned", "10-12")):
            screen(pilot).go("event/1", key)
            await pilot.pause()
            await type_(pilot, text)
        assert "！事项编号不能这样写" in shown(pilot)
        assert "= 2026-10-12" in shown(pilot)
        assert draft.sign("event/1") == "!"
        screen(pilot).go("event/1", "ref")
        await pilot.pause()
        await pilot.press("left", "left", "backspace")
        await pilot.pause()
        assert "事项编号不能这样写" not in shown(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert draft.sign("event/1") == "✓"
        assert "✓ 试生产开始 加氢" in shown(pilot)
        # Keys of items do nothing to an event.
        await pilot.press("2", "x", "equals_sign")
        assert draft.answers.get("event/1") is None
    again = opened(tmp_path)
    assert [again.text("event/1", key) for key in ("kind", "ref", "planned")] == ["试生产开始", "202601", "2026-10-12"]
    async with driven(FillApp(again), size=size, notifications=True) as pilot:
        await pilot.pause()
        assert again.at == "event/1"
        await pilot.press("a")
        await pilot.pause()
        assert again.at == "event/2"
        await pilot.press("escape", "delete")
        await pilot.pause()
        assert again.at == "event/"
        await pilot.press("up", "delete")
        await pilot.pause()
        assert again.register.pages == []
        assert "本月不再报这件事" not in toasts(pilot)
    assert opened(tmp_path).register.pages == []


async def test_an_event_of_an_earlier_month_that_is_taken_out_still_counts_and_that_is_said(tmp_path: Path) -> None:
    event = '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n'
    draft = opened(tmp_path, {"2026-09/east.toml": head(month="2026-09") + event})
    async with driven(FillApp(draft), size=(100, 32), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("end", "up")
        await pilot.pause()
        assert "试生产开始 装置" in shown(pilot)
        await pilot.press("delete")
        await pilot.pause()
        assert "本月不再报这件事" in toasts(pilot)


async def test_where_no_term_starts_from_an_event_there_is_nothing_to_register(tmp_path: Path) -> None:
    draft = opened(tmp_path, unit="bureau")
    async with driven(FillApp(draft), size=(100, 32), notifications=True) as pilot:
        await pilot.pause()
        assert "事项登记" not in shown(pilot)
        await pilot.press("a")
        await pilot.pause()
        assert "没有从事项起算的期限" in toasts(pilot)
        assert draft.register.entries == {}


async def test_every_key_is_in_the_footer_or_in_the_list_of_keys(tmp_path: Path) -> None:
    async with driven(FillApp(opened(tmp_path)), size=(80, 32)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        text = shown(pilot)
        for key in ("1  ", "5  ", "Enter", "Esc", "=", "x ", "n ", "Del", "f ", "Ctrl+S", "?", "Ctrl+↓", "t ", "q "):
            assert key in text
        assert "Move" not in text
        await pilot.press("escape")
        await pilot.pause()
        before = pilot.app.theme
        await pilot.press("t")
        assert pilot.app.theme == "tracker-light" != before
        await pilot.press("t", "ctrl+down", "ctrl+up")
        assert pilot.app.theme == "tracker-dark"


@pytest.mark.parametrize("look", ["dark", "light"])
async def test_every_text_of_the_form_stands_out_in_both_looks(tmp_path: Path, look: str) -> None:
    async with driven(FillApp(opened(tmp_path)), size=(120, 40), notifications=True) as pilot:
        if look == "light":
            await pilot.press("t")
        for keys in [(), ("3",), ("down", "2", "x"), ("escape", "f"), ("question_mark",)]:
            await pilot.press(*keys)
            assert faint(pilot.app.screen) == set(), keys


async def test_the_last_letter_is_kept_however_one_leaves(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    async with driven(FillApp(draft), size=(100, 32)) as pilot:
        await to(pilot, "chem-3")
        await pilot.press("3")
        await pilot.pause()
        row = next(r for r in screen(pilot).query(Row) if r.field.key == "cause" and r.item == "chem-3")
        control = row.control
        assert isinstance(control, Input)
        with control.prevent(Input.Changed):
            control.value = "没有报出来的字"
        screen(pilot).go("mine-1")
        await pilot.pause()
        assert draft.text("chem-3", "cause") == "没有报出来的字"
        assert draft.text("mine-1", "cause") == ""


@pytest.mark.parametrize("finish", [True, False])
def test_the_command_says_what_became_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], finish: bool
) -> None:
    draft = answered(opened(tmp_path)) if finish else named(opened(tmp_path))
    monkeypatch.setattr(FillApp, "run", ending(finish=finish))
    assert fill.run(draft) == 0
    expected = f"已写好 {draft.written}，可以发送了。" if finish else "还差 4 项　没有问题。草稿已保存"
    assert expected in capsys.readouterr().err


def ending(*, finish: bool) -> Callable[[FillApp], None]:
    """An app that is left at once."""

    def run(app: FillApp) -> None:
        if finish:
            app.draft.finish()

    return run


def test_what_was_filled_is_what_the_city_reads(tmp_path: Path) -> None:
    from tracker.source import read

    draft = answered(opened(tmp_path))
    submission, problems = read_submission(read(draft.finish()), draft.context)
    assert problems == []
    assert submission is not None
    assert submission.unit == "east"
