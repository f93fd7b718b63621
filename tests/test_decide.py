"""``decide`` as it is called: by id and by Chinese word, who, what is said, how it ends."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from tiny import CHINA, build, decision, head, receipt

from tracker import writing
from tracker.cli import main
from tracker.decisions import KINDS

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=CHINA)
KEPT = "status/city/2026-10/decisions.toml"
EAST = (
    head()
    + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-28\n'
    + '[[update]]\nitem = "chem-3"\nstate = "推进中"\n'
    + 'request_extension = { until = 2026-11-30, reason = "专家没有到", progress = "材料已备齐" }\n'
)
Caught = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is at the keyboard unless a test says so."""
    monkeypatch.delenv("TRACKER_USER", raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    received = receipt("east.toml", EAST, "2026-11-02T10:00:00+08:00")
    return build(tmp_path, {"2026-10/east.toml": EAST, "2026-10/receipts.toml": received})


def run(root: Path, *argv: str, now: datetime = NOW) -> int:
    return main(["decide", *argv], now, root)


SAID = ("--by", "刘某", "--reason", "现场核实")


# --- what waits ---


def test_without_a_kind_what_waits_is_listed_for_the_month_in_hand(root: Path, capsys: Caught) -> None:
    assert run(root) == 0
    said = capsys.readouterr()
    assert said.out == (
        "等什么\t单位\t任务节点\t期次编号或文件\t自何日起\t现状\n"
        "延期待答复\t东山县\t安全评估\tchem-3\t2026-11-02\t临近到期\n"
        "报了完成，待核实\t东山县\t公布包保名单\tmine-1\t2026-11-02\t已完成（待核实）\n"
        "月报待审核\t东山县\t\tstatus/city/2026-10/east.toml\t2026-11-02\t\n"
    )
    assert "等待意见 3 项　截至 2026-10-31" in said.err
    assert run(root, "--month", "2026-09") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "截至 2026-09-30" in said.err
    assert run(root, now=datetime(2026, 11, 21, tzinfo=CHINA)) == 0
    assert "截至 2026-11-21" in capsys.readouterr().err


def test_what_waits_as_json(root: Path, capsys: Caught) -> None:
    assert run(root, "--json") == 0
    first, *_others, last = json.loads(capsys.readouterr().out)
    assert first == {
        "programme": "city",
        "waits_for": "extend",
        "unit": "east",
        "item": "chem-3",
        "file": None,
        "finding": None,
        "since": "2026-11-02",
        "standing": "due-soon",
    }
    assert (last["item"], last["file"], last["standing"]) == (None, "status/city/2026-10/east.toml", None)
    (root / KEPT).write_text(decision("object", "west", "2026-11-03T08:00:00+08:00", 'item = "mine-1"'))
    assert run(root, "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["since"] is None


# --- a ruling ---


@pytest.mark.parametrize("kind", ["verify", "核实销号"])
@pytest.mark.parametrize("unit", ["east", "东山县"])
def test_a_ruling_is_made_by_id_or_chinese_word_and_what_it_did_is_said(
    root: Path, capsys: Caught, kind: str, unit: str
) -> None:
    assert run(root, kind, unit, "mine-1", *SAID) == 0
    said = capsys.readouterr()
    assert said.out.startswith("东山县 mine-1：核实销号，已完成（待核实） → 已销号（")
    assert said.err == f"已记入 {KEPT}。\n"
    assert 'reason = "现场核实"' in (root / KEPT).read_text(encoding="utf-8")


def test_a_units_short_name_will_do(root: Path, capsys: Caught) -> None:
    assert run(root, "中止", "高新区", "mine-7", *SAID) == 0
    assert "西湖高新区 mine-7：中止，" in capsys.readouterr().out


def test_every_kind_is_understood_by_its_word(root: Path, capsys: Caught) -> None:
    for kind, chinese in KINDS.items():
        for words in (kind, chinese):
            assert run(root, words, "east", "mine-11", *SAID) in (1, 2)
            assert "这种意见" not in capsys.readouterr().err
    assert run(root, "verfy", "east", "mine-1", *SAID) == 2
    assert "没有“verfy”这种意见。" in (said := capsys.readouterr().err)
    assert "verify" in said
    assert run(root, "??", "east", "mine-1", *SAID) == 2
    assert "有：accept、return" in capsys.readouterr().err


def test_who_decides_is_said_or_is_the_environments_word(
    root: Path, capsys: Caught, monkeypatch: pytest.MonkeyPatch
) -> None:
    argv = ("verify", "east", "mine-1", "--reason", "现场核实")
    assert run(root, *argv) == 2
    assert "TRACKER_USER" in capsys.readouterr().err
    monkeypatch.setenv("TRACKER_USER", " ")
    assert run(root, *argv) == 2
    monkeypatch.setenv("TRACKER_USER", "孙某")
    assert run(root, *argv) == 0
    assert 'by = "孙某"' in (root / KEPT).read_text(encoding="utf-8")
    assert run(root, "undo", "east", "mine-1", *SAID) == 0
    assert 'by = "刘某"' in (root / KEPT).read_text(encoding="utf-8")


def test_a_reason_a_unit_and_a_known_name_are_asked_for(root: Path, capsys: Caught) -> None:
    for argv, words in (
        (("verify",), "对哪个单位"),
        (("verify", "east", "mine-1", "--by", "刘某"), "--reason"),
        (("verify", "east", "mine-1", "--by", "刘某", "--reason", " "), "--reason"),
        (("verify", "eastt", "mine-1", *SAID), "east"),
        (("verify", "east", "mine-1", "--month", "2026-07", *SAID), "早于建账月份"),
    ):
        assert run(root, *argv) == 2
        said = capsys.readouterr()
        assert words in said.err
        assert said.out == ""
    assert not (root / KEPT).exists()


def test_a_refusal_says_why_ends_with_1_and_writes_nothing(root: Path, capsys: Caught) -> None:
    assert run(root, "verify", "east", "chem-3", *SAID) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "",
        "这一项还没有报完成，不能核实。电话核实过的，先作市级更正（correct），写明完成日期。\n没有写入任何意见。\n",
    )
    assert run(root, "verify", "east", "mine-1", "chem-3", *SAID) == 1
    assert "chem-3：这一项还没有报完成" in capsys.readouterr().err
    assert not (root / KEPT).exists()


def test_a_wrong_kind_of_no_does_not_become_a_yes(root: Path, capsys: Caught) -> None:
    assert run(root, "verify", "east", "mine-1", "--refused", *SAID) == 1
    assert "核实不通过用 refuse" in capsys.readouterr().err
    assert not (root / KEPT).exists()


def test_several_items_are_ruled_on_at_once(root: Path, capsys: Caught) -> None:
    assert run(root, "waive", "east", "chem-3", "mine-7", "--ground", "任务调整", "--json", *SAID) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["item"], row["before"], row["after"]) for row in rows] == [
        ("chem-3", "overdue", "adjusted"),
        ("mine-7", "not-due", "adjusted"),
    ]
    assert rows[0] | {"id": ""} == {
        "id": "",
        "kind": "waive",
        "unit": "east",
        "item": "chem-3",
        "file": None,
        "finding": None,
        "at": "2026-11-03T09:00:00+08:00",
        "by": "刘某",
        "reason": "现场核实",
        "before": "overdue",
        "after": "adjusted",
    }


def test_the_whole_file_is_judged_and_the_ruling_taken_back_by_the_number_that_was_said(
    root: Path, capsys: Caught
) -> None:
    shown = "status/city/2026-10/east.toml"
    assert run(root, "退回", "east", "--file", shown, "--until", "2026-11-09", *SAID) == 0
    said = capsys.readouterr().out
    assert said.startswith("东山县 east.toml：退回（")
    number = said.partition("（")[2].removesuffix("）\n")
    assert run(root, "undo", "east", "--undoes", number, "--json", *SAID) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["kind"], row["file"], row["before"], row["after"]) == ("undo", "east.toml", None, None)
    assert run(root, "undo", "east", "--undoes", number, *SAID) == 1
    assert "已经撤销" in capsys.readouterr().err


def test_each_option_reaches_its_ruling(root: Path) -> None:
    blocked = ("--cause", "设备没有到货", "--measure", "换一家供货", "--promised-on", "2026-12-01", "--note", "已核")
    options = ("--state", "受阻", "--waiting-on", "供货厂", "--done", "2", "--total", "4", *blocked)
    assert run(root, "correct", "east", "chem-3", *options, *SAID) == 0
    assert run(root, "correct", "east", "mine-1", "--state", "done", "--done-on", "2026-09-27", *SAID) == 0
    assert run(root, "extend", "east", "chem-3", "--refused", "--month", "2026-11", *SAID) == 1
    assert run(root, "suspend", "east", "mine-7", "--until", "2026-12-01", *SAID) == 0
    text = (root / KEPT).read_text(encoding="utf-8")
    for line in (
        'state = "受阻"',
        'waiting_on = "供货厂"',
        "done = 2",
        "total = 4",
        'cause = "设备没有到货"',
        'measure = "换一家供货"',
        "promised_on = 2026-12-01",
        'note = "已核"',
        "done_on = 2026-09-27",
        "until = 2026-12-01",
    ):
        assert line in text.split("\n")


def test_what_a_terminal_would_obey_is_shown_and_not_obeyed(root: Path, capsys: Caught) -> None:
    assert run(root, "verify", "east", "\x1b[31mmine-1", *SAID) == 1
    assert "\x1b" not in capsys.readouterr().err
    assert run(root, "verify", "east", "mine-1", "--by", "刘某", "--reason", "核\x1b[2J实\n[[decision]]") == 0
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert run(root, "undo", "east", "mine-1", *SAID) == 0


def test_beside_a_mistake_in_the_months_rulings_none_is_written(root: Path, capsys: Caught) -> None:
    (root / KEPT).write_text(decision("verfy", "east", "2026-11-02T09:00:00+08:00", 'item = "mine-1"'))
    before = (root / KEPT).read_bytes()
    assert run(root, "verify", "east", "mine-1", *SAID) == 1
    said = capsys.readouterr().err
    assert f"{KEPT}:2:8: E06" in said
    assert said.endswith("没有写入任何意见。\n")
    assert (root / KEPT).read_bytes() == before


def test_while_another_command_writes_one_is_asked_to_wait(
    root: Path, capsys: Caught, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 0.1)
    for argv in (["decide", "verify", "east", "mine-1", *SAID], ["spotcheck", "--month", "2026-10", "--draw", "1"]):
        with writing.alone(root):
            assert main([*argv, "--by", "刘某"], NOW, root) == 1
        assert "请稍后再试" in capsys.readouterr().err


# --- compare of two months ---


def test_two_months_are_compared(root: Path, capsys: Caught) -> None:
    assert main(["compare", "2026-09", "2026-10"], NOW, root) == 0
    said = capsys.readouterr()
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert rows[0] == ["变化", "单位", "任务节点", "期次编号", "原来", "现在", "到期日", "完成日期"]
    assert [
        "新完成",
        "东山县",
        "公布包保名单",
        "mine-1",
        "临近到期",
        "已完成（待核实）",
        "2026-09-30",
        "2026-09-28",
    ] in rows
    assert "2026-09 到 2026-10 的变化" in said.err
    assert "已完成 0 → 1" in said.err
    assert main(["compare", "2026-09", "2026-10", "--json"], NOW, root) == 0
    found = {row["item"]: row for row in json.loads(capsys.readouterr().out)["changes"] if row["unit"] == "east"}
    assert found["mine-1"] == {
        "programme": "city",
        "kind": "done",
        "unit": "east",
        "item": "mine-1",
        "before": "due-soon",
        "after": "done",
        "due": "2026-09-30",
        "done_on": "2026-09-28",
    }
    assert found["mine-2@2026-09"]["done_on"] is None


def test_of_a_month_that_runs_only_what_is_late_by_today_is_late(root: Path, capsys: Caught) -> None:
    assert main(["compare", "2026-10", "2026-11"], NOW, root) == 0
    said = capsys.readouterr()
    assert "截至 2026-11-03" in said.err
    assert "mine-2@2026-10" in said.out
    assert main(["compare", "2026-10", "2026-11", "--as-of", "2026-11-30"], NOW, root) == 0
    assert "截至 2026-11-30" in capsys.readouterr().err


def test_months_that_cannot_be_compared_are_named(root: Path, capsys: Caught) -> None:
    for first, second, words in (("2026-10", "2026-09", "先写前一个月"), ("2026-07", "2026-10", "早于建账")):
        assert main(["compare", first, second], NOW, root) == 2
        assert words in capsys.readouterr().err


def test_where_nothing_has_changed_only_the_figures_are_said(tmp_path: Path, capsys: Caught) -> None:
    build(tmp_path)
    (tmp_path / "status/city/2026-08").mkdir()
    waived = "".join(
        decision("suspend", unit, "2026-08-02T09:00:00+08:00", f'item = "{item}"')
        for unit, item in (("east", "mine-2"), ("west", "mine-2"))
    )
    (tmp_path / "status/city/2026-08/decisions.toml").write_text(waived, encoding="utf-8")
    assert main(["compare", "2026-08", "2026-09"], NOW, tmp_path) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "逾期 0 → 0" in said.err
