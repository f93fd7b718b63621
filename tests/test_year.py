"""One year of three units, told from the form to the archive: every kind of ruling, every month issued.

Each ruling has a reason of its own, by which ``why`` must be able to tell it; at the end the
archive is proved, and then one byte of it is changed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from tiny import CHINA, PROGRAMME, build, head

from tracker.cli import main
from tracker.decisions import KINDS
from tracker.plan_files import load
from tracker.shelf import read_shelf
from tracker.workspace import Workspace

LADDER = """
[[step]]
id = "remind"
name = "提醒"
source = "甲市矿山方案"
late_days = 1
answer = "5 working days"
paper = "工作提醒函"
signer = "市安委会办公室"

[[step]]
id = "urge"
name = "督促"
source = "甲市矿山方案"
after = "remind"
late_days = 15
answer = "5 working days"
paper = "督促函"
signer = "市安委会办公室"
"""

YEAR = PROGRAMME.replace("records_from = 2026-08-01", "records_from = 2026-01-01") + LADDER


def said(item: str, state: str, **values: object) -> str:
    """One entry of a submission; texts are quoted, days and numbers are not."""
    lines = [f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in values.items()]
    return "\n".join([f'[[update]]\nitem = "{item}"\nstate = "{state}"', *lines, ""])


def day(words: str) -> object:
    """A day as TOML writes it."""
    return type("Day", (), {"__str__": lambda _self: words})()


@dataclass
class Office:
    """The city's office: commands run at a moment, what they say is kept."""

    root: Path
    capsys: pytest.CaptureFixture[str]
    post: int = 0

    def run(self, at: str, *argv: str, code: int = 0) -> str:
        """Run a command at a moment and give what it said; it must end as expected."""
        moment = datetime.fromisoformat(f"{at}:00").replace(tzinfo=CHINA)
        self.capsys.readouterr()
        ended = main(list(argv), moment, self.root)
        out = self.capsys.readouterr()
        assert ended == code, (argv, out.out, out.err)
        return out.out + out.err

    def receive(self, at: str, unit: str, month: str, *entries: str, code: int = 0) -> str:
        """A unit's file comes in."""
        self.post += 1
        folder = self.root.parent / "post" / str(self.post)
        folder.mkdir(parents=True)
        text = head(unit, month, 'rest = "unchanged"') + "\n".join(entries)
        (folder / "月报.toml").write_text(text, encoding="utf-8")
        return self.run(at, "receive", str(folder), "--month", month, code=code)

    def rule(self, at: str, kind: str, unit: str, *argv: str, code: int = 0) -> str:
        """The city rules."""
        return self.run(at, "decide", kind, unit, *argv, "--by", "刘某", code=code)

    def seal(self, at: str, month: str) -> None:
        """The month is issued."""
        self.run(at, "seal", month, "--by", "刘某", "--number", f"〔2026〕{int(month[5:])}号", "--on", at[:10])

    def stands(self, unit: str, item: str, as_of: str, known_by: str = "2027-02-01") -> str:
        """The word of an item's standing."""
        told = self.run("2027-02-01T09:00", "why", unit, item, "--as-of", as_of, "--known-by", known_by)
        return told.split("\n")[1].split(" ")[-1]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the year happens."""
    return tmp_path_factory.mktemp("year") / "w"


def spring(o: Office) -> None:
    """January to March: a file sent back and answered, a claim refused, a month forgotten and explained."""
    o.receive("2026-02-02T09:00", "east", "2026-01", said("mine-2@2026-01", "已完成", done_on=day("2026-01-20")))
    o.receive("2026-02-02T09:10", "west", "2026-01", said("mine-2@2026-01", "已完成", done_on=day("2026-01-22")))
    o.receive("2026-02-02T09:20", "bureau", "2026-01")
    o.rule("2026-02-02T10:00", "accept", "east", "--month", "2026-01", "--reason", "一月东山齐全")
    o.rule(
        "2026-02-02T10:05",
        "退回",
        "西湖高新区",
        "--month",
        "2026-01",
        "--until",
        "2026-02-05",
        "--reason",
        "一月缺签字",
    )
    assert o.stands("west", "mine-2@2026-01", "2026-01-31", "2026-02-03") == "退回"
    assert "退回待报" in o.run("2026-02-03T09:00", "missing", "--month", "2026-01", code=1)
    again = said("mine-2@2026-01", "已完成", done_on=day("2026-01-22"), note="补了签字")
    o.receive("2026-02-04T09:00", "west", "2026-01", again)
    o.rule("2026-02-04T10:00", "accept", "west", "--month", "2026-01", "--reason", "一月高新区补齐")
    assert o.stands("west", "mine-2@2026-01", "2026-01-31") == "已完成（待核实）"
    o.seal("2026-02-04T17:00", "2026-01")

    o.receive("2026-03-02T09:00", "east", "2026-02", said("mine-2@2026-02", "已完成", done_on=day("2026-02-18")))
    o.receive("2026-03-02T09:10", "west", "2026-02")
    o.rule(
        "2026-03-02T10:00", "refuse", "east", "mine-2@2026-02", "--month", "2026-02", "--reason", "二月现场没有排查记录"
    )
    o.seal("2026-03-02T17:00", "2026-02")

    late = said("mine-2@2026-02", "已完成", done_on=day("2026-03-06"), note="重新排查")
    o.receive("2026-04-02T09:00", "east", "2026-03", late, said("mine-2@2026-03", "已完成", done_on=day("2026-03-20")))
    why_not = said(
        "mine-2@2026-02", "未启动", cause="二月停产", measure="三月起按月排查", promised_on=day("2026-04-10")
    )
    o.receive(
        "2026-04-02T09:10", "west", "2026-03", why_not, said("mine-2@2026-03", "已完成", done_on=day("2026-03-21"))
    )
    o.receive("2026-04-02T09:20", "bureau", "2026-03", said("chem-2@2026-Q1", "已完成", done_on=day("2026-03-28")))
    assert "旧期次已说明，待结案" in o.run("2026-04-02T09:30", "decide", "--month", "2026-03")
    o.rule("2026-04-02T10:00", "close", "west", "mine-2@2026-02", "--month", "2026-03", "--reason", "二月确已停产")
    o.rule("2026-04-02T10:05", "verify", "bureau", "chem-2@2026-Q1", "--month", "2026-03", "--reason", "一季度有纪要")
    o.seal("2026-04-02T17:00", "2026-03")
    assert o.stands("west", "mine-2@2026-02", "2026-03-31") == "已说明结案"
    assert o.stands("east", "mine-2@2026-02", "2026-03-31") == "已完成（待核实）"


def summer(o: Office) -> None:
    """April to August: re-opened, withdrawn, waived and taken back, suspended, corrected, extended and not."""
    o.receive("2026-05-06T09:00", "bureau", "2026-04", said("chem-2@2026-Q1", "已完成", done_on=day("2026-04-12")))
    o.rule("2026-05-06T10:00", "reopen", "bureau", "chem-2@2026-Q1", "--month", "2026-04", "--reason", "纪要缺一个县")
    assert o.stands("bureau", "chem-2@2026-Q1", "2026-04-30") == "当期未完成"
    o.receive("2026-05-06T11:00", "bureau", "2026-04", said("chem-2@2026-Q1", "已完成", done_on=day("2026-04-13")))
    o.rule("2026-05-06T12:00", "verify", "bureau", "chem-2@2026-Q1", "--month", "2026-04", "--reason", "纪要补齐")
    o.seal("2026-05-06T17:00", "2026-04")
    assert o.stands("bureau", "chem-2@2026-Q1", "2026-04-30") == "已销号"

    o.receive("2026-06-02T09:00", "east", "2026-05", said("mine-2@2026-05", "已完成", done_on=day("2026-05-09")))
    o.rule("2026-06-02T10:00", "withdraw", "east", "--month", "2026-05", "--reason", "五月报错了月份")
    assert o.stands("east", "mine-2@2026-05", "2026-05-31", "2026-06-02") == "退回"
    o.receive("2026-06-02T11:00", "east", "2026-05", said("mine-2@2026-05", "已完成", done_on=day("2026-05-11")))
    o.seal("2026-06-02T17:00", "2026-05")

    o.rule(
        "2026-07-02T10:00",
        "waive",
        "west",
        "mine-7",
        "--ground",
        "任务调整",
        "--month",
        "2026-06",
        "--reason",
        "以为矿山已关闭",
    )
    assert o.stands("west", "mine-7", "2026-06-30") == "任务调整"
    o.rule("2026-07-02T10:30", "undo", "west", "mine-7", "--month", "2026-06", "--reason", "矿山没有关闭")
    assert o.stands("west", "mine-7", "2026-06-30") != "任务调整"
    o.rule(
        "2026-07-02T10:40",
        "suspend",
        "east",
        "mine-7",
        "--until",
        "2026-08-15",
        "--month",
        "2026-06",
        "--reason",
        "汛期停工",
    )
    o.seal("2026-07-02T17:00", "2026-06")
    assert o.stands("east", "mine-7", "2026-07-31") == "中止"
    assert o.stands("east", "mine-7", "2026-08-31") != "中止"

    correct = ("--state", "推进中", "--done", "3", "--total", "10", "--reason", "电话核对为三座")
    o.rule("2026-08-03T10:00", "correct", "west", "mine-7", *correct, "--month", "2026-07")
    o.seal("2026-08-03T17:00", "2026-07")

    wish = '[update.request_extension]\nuntil = 2026-10-31\nreason = "矿长更换"\nprogress = "名单已拟"\n'
    o.receive("2026-09-02T09:00", "east", "2026-08", said("mine-1", "推进中") + wish)
    o.receive("2026-09-02T09:10", "west", "2026-08", said("mine-1", "推进中") + wish)
    o.rule(
        "2026-09-02T10:00",
        "extend",
        "east",
        "mine-1",
        "--until",
        "2026-10-31",
        "--month",
        "2026-08",
        "--reason",
        "更换属实",
    )
    o.rule("2026-09-02T10:05", "extend", "west", "mine-1", "--refused", "--month", "2026-08", "--reason", "理由不成立")
    o.seal("2026-09-02T17:00", "2026-08")


def autumn(o: Office) -> None:
    """September to December: an objection heard, letters that climb, a claim looked at on the spot."""
    o.seal("2026-10-02T17:00", "2026-09")
    o.receive("2026-11-02T09:00", "east", "2026-10", said("mine-1", "已完成", done_on=day("2026-10-30")))
    overdue = said("mine-1", "推进中", cause="人选未定", measure="十一月开会", promised_on=day("2026-11-20"))
    o.receive("2026-11-02T09:10", "west", "2026-10", overdue)
    assert o.stands("west", "mine-1", "2026-10-31") == "逾期"
    o.rule("2026-11-02T10:00", "object", "west", "mine-1", "--month", "2026-10", "--reason", "名单已在网站公布")
    assert (
        "公布包保名单"
        not in o.run("2026-11-02T10:10", "report", "2026-10").partition("三、存在问题")[2].partition("四、")[0]
    )
    o.rule(
        "2026-11-02T11:00", "answer", "west", "mine-1", "--refused", "--month", "2026-10", "--reason", "网站上没有查到"
    )
    assert (
        "公布包保名单"
        in o.run("2026-11-02T11:10", "report", "2026-10").partition("三、存在问题")[2].partition("四、")[0]
    )
    o.seal("2026-11-02T17:00", "2026-10")

    assert "提醒" in o.run("2026-11-03T09:00", "letters", "--unit", "west")
    sent = ("--unit", "west", "--item", "mine-1", "--by", "刘某")
    o.run("2026-11-03T10:00", "letters", "--sent", "〔2026〕31号", "--step", "remind", *sent, "--on", "2026-11-03")
    o.run("2026-11-04T10:00", "letters", "--signed", "〔2026〕31号", "--on", "2026-11-04", "--by", "高新区办公室")
    claim = said("mine-1", "已完成", done_on=day("2026-11-20"), note="已公布")
    o.receive("2026-12-02T09:00", "west", "2026-11", claim)
    assert "mine-1" in o.run("2026-12-02T10:00", "spotcheck", "--month", "2026-11", "--draw", "20", "--by", "刘某")
    o.rule("2026-12-02T11:00", "refuse", "west", "mine-1", "--month", "2026-11", "--reason", "公布栏里没有名单")
    o.seal("2026-12-02T17:00", "2026-11")
    assert "不属实 1 项" in o.run("2026-12-03T09:00", "spotcheck", "--month", "2026-11")

    done = said("mine-1", "已完成", done_on=day("2026-12-20"), note="公布栏、网站都已公布")
    o.receive("2026-12-31T09:00", "west", "2026-12", done)
    o.rule("2026-12-31T10:00", "verify", "west", "mine-1", "--month", "2026-12", "--reason", "现场看到名单")
    o.seal("2026-12-31T17:00", "2026-12")


def test_a_year_of_rulings_ends_with_an_archive_that_proves_itself(
    told: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(told, plans={"programme.toml": YEAR})
    office = Office(told, capsys)
    chapters: tuple[Callable[[Office], None], ...] = (spring, summer, autumn)
    for chapter in chapters:
        chapter(office)
    proved = office.run("2027-01-05T09:00", "audit")
    assert proved.count("无误") == 13
    # What comes later changes what is known of October, and not the October that was issued.
    correct = ("--state", "已完成", "--done-on", "2026-10-30", "--reason", "十月底其实已公布")
    office.rule("2027-01-05T10:00", "reopen", "west", "mine-1", "--month", "2026-12", "--reason", "日期有误")
    office.rule("2027-01-05T10:05", "correct", "west", "mine-1", *correct, "--month", "2026-10", code=0)
    assert office.run("2027-01-05T11:00", "audit").count("无误") == 13
    restated = office.run("2027-01-05T12:00", "restate", "2026-10")
    assert "公布包保名单" in restated
    compared = office.run("2027-01-05T12:10", "compare", "2026-09", "2026-10")
    assert "2026-09 定稿以来没有变化" in compared
    assert "2026-10 定稿以来：新完成 1" in compared or "2026-10 定稿以来：不再逾期" in compared
    assert "十月底其实已公布" in restated


def test_why_tells_every_ruling_of_the_year(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = Workspace(told)
    programme, _problems = load(workspace.plans, "city", told)
    assert programme is not None
    shelf = read_shelf(workspace, programme)
    assert shelf.problems == ()
    assert {d.kind for d in shelf.decisions} == set(KINDS)
    office = Office(told, capsys)
    spoken = {(s.unit, s.month): list(s.by_item) for s, _at in shelf.submissions}
    for d in shelf.decisions:
        item = d.item or spoken[d.unit, d.month][0]
        told_why = office.run("2027-02-01T09:00", "why", d.unit, item, "--as-of", "2026-12-31")
        assert d.reason in told_why, (d.kind, d.unit, item)


def test_one_byte_changed_anywhere_in_the_archive_is_found_and_named(
    told: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(told, capsys)
    status = told / "status" / "city"
    kept = sorted({*status.glob("*/edition/*"), *status.glob("archive/*")})
    sampled = [path for path in kept if path.is_file()][::29]
    assert len(sampled) > 3
    for path in sampled:
        content = path.read_bytes()
        path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        found = office.run("2027-02-01T09:00", "audit", code=1)
        assert re.search(rf"x .*{re.escape(path.name)}", found), path
        path.write_bytes(content)
    office.run("2027-02-01T09:00", "audit")
