"""What is not taken: held with its report, or left and said why."""

import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import tiny
from arrivals import BROKEN, EAST, NOW, OLE, PNG, WEST, desk, entry, kept, one_in, packed, receipts, see, take_in
from tiny import OCTOBER, build, head

from tracker import filetypes, writing
from tracker.echoes import echo, row
from tracker.inbox import refusals
from tracker.inbox.desk import Desk
from tracker.inbox.receiving import receive
from tracker.workspace import Workspace

HELD = [
    ("empty", b"", {}, "文件是空的"),
    ("nul", b"unit = 1\0\0", {}, "空字节"),
    ("neither", "其他".encode("utf-16"), {}, ""),
    ("broken", BROKEN.encode(), {}, "引号"),
    ("nobody", head("nobody").encode(), {}, "没有报送单位“nobody”"),
    ("by name", head("东山县").encode(), {}, "没有报送单位“东山县”"),
    ("no month", EAST.replace("2026-10", "十月").encode(), {}, "月份“十月”看不懂"),
    ("before the books", EAST.replace("2026-10", "2026-07").encode(), {}, "早于建账月份"),
    ("after the end", head(month="2027-10").encode(), {}, "2027-10 没有在记录的行动"),
    ("nothing of ours", b'a = "b"\n', {}, ""),
    ("wrong month", head(month="2026-09").encode(), {"month": OCTOBER}, "这是 2026-09 的月报，要收的是 2026-10 的"),
    ("wrong unit", WEST.encode(), {"unit": "east"}, "这是 west 的文件，要收的是 east 的"),
    ("not yet", head(month="2026-12").encode(), {}, "2026-12 还没有到"),
    ("opening", head(more="opening = true\n").encode(), {}, "建账文件不这样接收"),
    ("zip", packed(a="b"), {}, "压缩包"),
    ("empty zip", packed(), {}, "压缩包"),
    ("rar", b"Rar!\x1a\x07\x01", {}, "压缩包"),
    ("damaged workbook", b"PK\x03\x04" + b"x" * 80, {}, "已经损坏"),
    ("another workbook", packed(xl__workbook_xml="<x/>"), {}, "工作簿打不开"),
    ("old excel", OLE + "Workbook".encode("utf-16-le"), {}, "另存为 .xlsx"),
    ("locked", OLE + "EncryptedPackage".encode("utf-16-le"), {}, "加了密码"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "more", "reason"), HELD, ids=[name for name, *_rest in HELD])
def test_what_cannot_be_taken_is_held_with_its_report(
    root: Path, name: str, content: bytes, more: dict[str, Any], reason: str
) -> None:
    one = one_in(root, content, f"{name}.toml", **more)
    assert one.outcome == "held"
    assert reason in one.reason
    assert (root / one.stored).read_bytes() == content
    assert "/held/" in one.stored
    report = (root / f"{one.stored}.report.txt").read_text(encoding="utf-8")
    assert report.startswith(f"{name}.toml，2026-11-02 16:40:33+08:00 收到，没有收进：\n")
    assert f": {next(p.code for p in one.problems if p.holds)} " in report
    assert "没有收进，已暂存" in echo(see(root).programme, one)
    before = kept(root)
    again = one_in(root, content, "renamed.toml", **more)
    assert (again.outcome, again.stored) == ("held", one.stored)
    assert again.reason == f"{one.reason}（此前已暂存）"
    assert kept(root) == before


def test_an_interrupted_hold_is_completed(root: Path) -> None:
    one = one_in(root, BROKEN)
    (root / f"{one.stored}.report.txt").unlink()
    (root / "status/city/2026-10/held/held.toml").unlink()
    before = kept(root)
    one_in(root, BROKEN)
    assert set(kept(root)) - set(before) == {
        "city/2026-10/held/held.toml", f"{one.stored.removeprefix('status/')}.report.txt",
    }  # fmt: skip


def test_a_held_file_is_received_once_what_kept_it_out_is_gone(root: Path) -> None:
    one = one_in(root, head(month="2026-12") + entry("mine-7"))
    later = NOW + timedelta(days=60)
    [again] = receive(desk(root, later), [root / one.stored])
    assert (again.outcome, again.stored) == ("received", "status/city/2026-12/east.toml")


def test_the_month_of_what_says_none_is_the_one_being_asked_for(root: Path) -> None:
    assert one_in(root, b"").stored.startswith("status/city/2026-10/held/")
    assert one_in(root, b"\0", now=NOW.replace(day=11)).stored.startswith("status/city/2026-11/held/")
    assert one_in(root, b"\0\0", month=date(2026, 9, 1)).stored.startswith("status/city/2026-09/held/")
    assert one_in(root, b"\0\0\0", month=date(2030, 9, 1)).stored.startswith("status/city/2030-09/held/")


@pytest.mark.parametrize(
    "name",
    [
        "..\\..\\x.toml",
        "a b　c.toml",
        "𠀀" * 55 + ".toml",
        "很长" * 40 + ".toml",
        ".hidden.toml",
        "...",
        "-rf",
        "CON",
        "q\"'\n.toml",
    ],
)
def test_no_name_leads_anywhere_or_is_too_long(root: Path, name: str) -> None:
    refused, good = one_in(root, BROKEN, name), one_in(root, EAST, name)
    assert (root / refused.stored).resolve().parent == root / "status/city/2026-10/held"
    assert (root / refused.stored).read_text(encoding="utf-8") == BROKEN
    assert good.stored == "status/city/2026-10/east.toml"
    assert receipts(root)[0].name == name
    assert sorted(p.name for p in root.iterdir()) == [".tracker", "plans", "status"]


def test_a_name_in_gbk_is_read_as_one(root: Path) -> None:
    folder = root.parent / "from a zip"
    folder.mkdir()
    for n, name in enumerate((b"\xb6\xab\xc9\xbd.toml", b"\xff\xff.toml")):
        path = folder / os.fsdecode(name)
        path.write_text(EAST + f"# {n}\n", encoding="utf-8")
    found = receive(desk(root), [folder])
    assert [one.outcome for one in found] == ["received", "received"]
    assert {r.name for r in receipts(root)} == {"东山.toml", "\ufffd\ufffd.toml"}
    json.dumps([row(one) for one in found], ensure_ascii=False).encode()


def test_what_is_no_file_or_not_there_is_left_and_said(root: Path) -> None:
    fifo = root.parent / "fifo"
    os.mkfifo(fifo)
    found = receive(desk(root), [root.parent / "nothing.toml", fifo])
    assert [(one.outcome, one.stored, one.reason) for one in found] == [
        ("left", "", "找不到这个文件。"), ("left", "", "这不是一个文件。"),
    ]  # fmt: skip
    assert echo(see(root).programme, found[0]) == "没有收：找不到这个文件。"
    assert row(found[0])["stored"] is None


def test_too_large_a_file_is_left_and_too_large_a_text_is_held(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filetypes, "LARGEST", 200)
    one = one_in(root, EAST + "#" * 200)
    assert (one.outcome, one.problems[0].code) == ("held", "E01")
    assert one_in(root, PNG + b"\0" * 300, "x.png").outcome == "attachment"
    monkeypatch.setattr(refusals, "LARGEST_FILE", 100)
    assert one_in(root, EAST).outcome == "left"


def test_where_it_cannot_be_written_the_file_is_left_and_the_others_are_taken(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = writing.create

    def full(path: Path, content: bytes) -> None:
        if content == EAST.encode():
            raise OSError(28, "No space left on device")
        create(path, content)

    monkeypatch.setattr(writing, "create", full)
    found = take_in(root, {"a.toml": EAST, "b.toml": WEST})
    assert [one.outcome for one in found] == ["left", "received"]
    assert "No space left" in found[0].reason


def test_by_mistaken_plans_nothing_is_received(root: Path) -> None:
    build(root, plans={"mine.toml": tiny.MINE.replace('every = "month"', 'every = "mont"')})
    one = one_in(root, EAST)
    assert one.outcome == "left"
    assert "方案文件有错（city）" in one.reason
    build(root, plans={"mine.toml": tiny.MINE, "programme.toml": "x ="})
    assert one_in(root, EAST).outcome == "left"
    assert kept(root) == {}


def test_without_any_programme_nothing_is_received(root: Path) -> None:
    path = root.parent / "x.toml"
    path.write_text(EAST, encoding="utf-8")
    assert [one.outcome for one in receive(Desk(Workspace(root), [], NOW), [path])] == ["left"]


def test_with_mistaken_receipts_nothing_is_received_for_that_month(root: Path) -> None:
    build(root, {"2026-10/receipts.toml": "[[receipt]]\nfile = 1\n"})
    one = one_in(root, EAST)
    assert one.outcome == "left"
    assert "receipts.toml" in one.reason
    assert one_in(root, EAST.replace("2026-10", "2026-09")).outcome == "received"


def test_another_command_that_writes_is_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 0.1)
    path = root.parent / "x.toml"
    path.write_text(EAST, encoding="utf-8")
    with writing.alone(root), pytest.raises(TimeoutError):
        receive(desk(root), [path])
    assert kept(root) == {}
