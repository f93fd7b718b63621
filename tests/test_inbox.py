"""Files in: nothing lost, nothing overwritten, a receipt each, and who has not sent any."""

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import books
import openpyxl
import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import CHINA, LATER, OCTOBER, OCTOBER_END, build, decision, head, receipt

from tracker import filetypes, workbook, writing
from tracker.chasing import group_text, missing, waiting_row
from tracker.cli import main
from tracker.decision_files import read_receipts
from tracker.echoes import echo, row
from tracker.inbox import refusals
from tracker.inbox.desk import Desk
from tracker.inbox.received import Received
from tracker.inbox.receiving import receive
from tracker.snapshot import Snapshot, take
from tracker.workspace import KEPT, Workspace

NOW = datetime(2026, 11, 2, 16, 40, 33, 123456, tzinfo=CHINA)
GOING = 'state = "推进中"\n'


def entry(item: str, more: str = GOING) -> str:
    return f'[[update]]\nitem = "{item}"\n{more}'


EAST = head() + entry("mine-7")
SECOND = head() + entry("mine-7", GOING + 'note = "第二版"\n')
WEST = head("west") + entry("mine-7")
ONE_BAD = head("bureau") + entry("chem-1", GOING + "done = 3\n") + entry("chem-2@2026-Q9")
BROKEN = head("bureau") + 'x = "unclosed\n'
TRIAL = '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def packed(**members: str) -> bytes:
    """A packed file with these members; two underscores are a slash."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


WORD = packed(word__document_xml="<w/>")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PDF = b"%PDF-1.4\n%%EOF"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace into which nothing has come yet."""
    return build(tmp_path / "w")


def desk(root: Path, now: datetime = NOW, **more: Any) -> Desk:
    return Desk(Workspace(root), Workspace(root).programmes, now, **more)


def take_in(root: Path, files: Mapping[str, bytes | str], now: datetime = NOW, **more: Any) -> list[Received]:
    """Receive files that were saved to a folder outside."""
    outside = root.parent / f"attachments-{next(NUMBER)}"
    outside.mkdir()
    paths = []
    for name, content in files.items():
        (outside / name).parent.mkdir(parents=True, exist_ok=True)
        (outside / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(outside / name)
    return receive(desk(root, now, **more), paths)


NUMBER = count()


def one_in(root: Path, content: bytes | str, name: str = "x.toml", **more: Any) -> Received:
    return take_in(root, {name: content}, **more)[0]


def kept(root: Path) -> dict[str, bytes]:
    """Every file under ``status/``, by its path there."""
    return {
        p.relative_to(root / "status").as_posix(): p.read_bytes() for p in (root / "status").rglob("*") if p.is_file()
    }


def digests(root: Path) -> set[str]:
    return {sha256(content).hexdigest() for content in kept(root).values()}


def month_files(root: Path, month: str = "2026-10") -> list[str]:
    return sorted(p.name for p in (root / "status/city" / month).glob("*.toml") if p.name not in KEPT)


def see(root: Path, known_by: datetime = LATER) -> Snapshot:
    snapshot, problems = take(Workspace(root), "city", OCTOBER_END, known_by)
    assert snapshot is not None, problems
    return snapshot


def receipts(root: Path, month: str = "2026-10") -> tuple[Any, ...]:
    found, problems = read_receipts(root / "status/city" / month / "receipts.toml", "receipts.toml")
    assert problems == []
    return found


def form_of(root: Path, unit: str = "east", **more: Any) -> bytes:
    return books.filled(books.blank(see(root), unit), **more)


# --- one file ---


def test_a_good_file_is_stored_with_its_receipt_and_said_back(root: Path) -> None:
    text = (
        head(more='rest = "unchanged"\n')
        + entry("mine-7", GOING + "done = 5\ntotal = 9\n")
        + entry("chem-1", "x = 1\n")
    )
    one = one_in(root, text, "东山县 十月.toml", now=NOW.astimezone(UTC))
    assert (one.outcome, one.stored, one.unit, one.month) == (
        "received",
        "status/city/2026-10/east.toml",
        "east",
        OCTOBER,
    )
    assert (root / one.stored).read_bytes() == text.encode()
    assert (root / "status/city/2026-10/receipts.toml").read_text(encoding="utf-8") == (
        f'[[receipt]]\nfile = "east.toml"\nsha256 = "{sha256(text.encode()).hexdigest()}"\n'
        'received = 2026-11-02T16:40:33+08:00\nupdates = 1\nheld = 1\nname = "东山县 十月.toml"\n'
    )
    programme = see(root).programme
    assert echo(programme, one).split("\n") == [
        "东山县：2026-10 月报第 1 版已收到，计入 1 条，暂存 1 条。",
        "其余事项声明与上月一致。",
        "- 机械化改造：推进中 5/9",
        "下面几处要改后重报：",
        *echo(programme, one).split("\n")[4:],
    ]
    assert any(line.startswith("- 第 15 行：不认识的名称“x”") for line in echo(programme, one).split("\n")[4:])
    found = row(one)
    assert {k: found[k] for k in ("outcome", "stored", "unit", "month", "version", "updates", "held")} == {
        "outcome": "received", "stored": one.stored, "unit": "east", "month": "2026-10", "version": 1,
        "updates": 1, "held": ["chem-1"],
    }  # fmt: skip
    assert found["given"].endswith("东山县 十月.toml")
    assert any("E03" in p for p in found["problems"])
    snapshot = see(root)
    assert [(f.submission.file, f.received) for f in snapshot.filed] == [(one.stored, NOW.replace(microsecond=0))]


def test_the_echo_names_periods_days_parts_and_events(root: Path) -> None:
    text = head(more='part = ["mine"]\n') + entry("mine-2@2026-10", 'state = "已完成"\ndone_on = 2026-10-20\n') + TRIAL
    one = one_in(root, text)
    assert echo(see(root).programme, one).split("\n")[1:] == [
        "只报：矿山。", "- 月度排查 2026-10：已完成 2026-10-20", "- 事项登记：装置",
    ]  # fmt: skip


def test_later_files_are_the_next_versions_and_the_last_one_counts(root: Path) -> None:
    third = SECOND.replace("第二版", "第三版")
    found = take_in(root, {"1.toml": EAST, "2.toml": SECOND, "3.toml": third})
    assert [one.outcome for one in found] == ["received"] * 3
    assert month_files(root) == ["east.2.toml", "east.3.toml", "east.toml"]
    assert [one.submission.version for one in found if one.submission] == [1, 2, 3]
    assert [r.file for r in receipts(root)] == ["east.toml", "east.2.toml", "east.3.toml"]
    record = see(root).by_key["east", "mine-7"].record
    assert record is not None
    assert record.update.note == "第三版"


def test_sections_send_parts_as_versions_of_one_month(root: Path) -> None:
    parts = [head(more=f'part = ["{plan}"]\n') + entry(item) for plan, item in (("mine", "mine-7"), ("chem", "chem-1"))]
    take_in(root, {"a.toml": parts[0], "b.toml": parts[1]})
    assert month_files(root) == ["east.2.toml", "east.toml"]
    records = [see(root).by_key["east", item].record for item in ("mine-7", "chem-1")]
    assert all(record is not None for record in records)


def test_the_same_bytes_are_said_to_be_the_same_and_change_nothing(root: Path) -> None:
    one_in(root, EAST)
    before = kept(root)
    again = one_in(root, EAST, "another name.toml")
    assert (again.outcome, again.stored, again.unit, again.month) == (
        "same",
        "status/city/2026-10/east.toml",
        "east",
        OCTOBER,
    )
    assert echo(see(root).programme, again) == "与已收到的 status/city/2026-10/east.toml 完全相同。"
    assert kept(root) == before
    one_in(root, SECOND)
    assert one_in(root, EAST).reason.endswith("以后来的 status/city/2026-10/east.2.toml 为准。")


def test_a_name_that_is_taken_or_was_is_never_used_again(root: Path) -> None:
    folder = root / "status/city/2026-10"
    build(
        root,
        {
            "2026-10/East.4.toml": head("west"),
            "2026-10/receipts.toml": receipt("east.6.toml", "gone", "2026-11-01T08:00:00+08:00"),
        },
    )
    (folder / "某县.9.toml").write_text(head(), encoding="utf-8")
    assert one_in(root, EAST).stored == "status/city/2026-10/east.10.toml"
    assert (folder / "某县.9.toml").read_text(encoding="utf-8") == head()


def test_a_file_whose_stored_copy_is_gone_is_put_back(root: Path) -> None:
    one = one_in(root, EAST)
    (root / one.stored).unlink()
    again = one_in(root, EAST)
    assert again.outcome == "same"
    assert "已经补回" in again.reason
    assert (root / one.stored).read_text(encoding="utf-8") == EAST
    assert len(receipts(root)) == 1
    assert len(see(root).filed) == 1


def test_a_workbook_whose_stored_copy_is_gone_is_put_back_or_received_anew(root: Path) -> None:
    content = form_of(root, answers={"mine-7": {"state": "推进中"}})
    one = one_in(root, content, "表.xlsx")
    stored = (root / one.stored).read_bytes()
    (root / one.stored).unlink()
    assert one_in(root, content).outcome == "same"
    assert (root / one.stored).read_bytes() == stored
    (root / one.stored).unlink()
    text = (root / "status/city/2026-10/receipts.toml").read_text(encoding="utf-8")
    other = text.replace(sha256(stored).hexdigest(), "0" * 64)
    (root / "status/city/2026-10/receipts.toml").write_text(other, encoding="utf-8")
    assert (again := one_in(root, content)).outcome == "received"
    assert again.stored == "status/city/2026-10/east.2.toml"


def test_gbk_and_a_byte_order_mark_are_kept_as_they_came(root: Path) -> None:
    for unit, content in (("east", EAST.encode("gb18030")), ("west", b"\xef\xbb\xbf" + WEST.encode())):
        one = one_in(root, content)
        assert (one.outcome, one.unit) == ("received", unit)
        assert [p.code for p in one.problems] == ["W01"]
        assert (root / one.stored).read_bytes() == content
    assert len(see(root).filed) == 2


def test_a_workbook_is_kept_as_it_came_and_stored_as_what_it_says(root: Path) -> None:
    answers: books.Answers = {
        "mine-7": {
            "state": "推进中", "done": 9, "total": 14,
            "until": date(2027, 1, 31), "reason": "设备没到", "progress": "九座",
        },
        "chem-1": {"state": "推进中", "done": "三家"},
        "chem-3": {"state": "推进中", "note": '引号"反斜\\杠\n换行', "evidence": "甲、乙"},
    }  # fmt: skip
    events = [{"kind": "试生产开始", "ref": "T1", "name": "装置", "planned": date(2026, 10, 12)}]
    content = form_of(root, answers=answers, head={"practices": "逐矿过堂"}, events=events)
    source = workbook.parse(content, "x")
    one = one_in(root, content, "随便什么名字.wps")
    assert one.submission is not None
    assert (one.outcome, one.stored) == ("received", "status/city/2026-10/east.toml")
    assert [p.place.cell for p in one.problems] == ["月报!J18"]
    # Editors complete and check it from where it lies.
    assert (root / one.stored).read_text(encoding="utf-8").startswith("#:schema ../submission.schema.json\n")
    assert "- 月报!J18：“完成数”填的是“三家”" in echo(see(root).programme, one)
    read_back = see(root)
    assert [books.said(f.submission) for f in read_back.filed] == [books.said(one.submission)]
    assert books.said(books.understood(read_back, source)[0]) == books.said(one.submission)
    digest = sha256(content).hexdigest()
    assert (root / f"status/city/2026-10/attachments/{digest}.xlsx").read_bytes() == content
    assert receipts(root)[0].origin == digest
    assert receipts(root)[0].name == "随便什么名字.wps"


def test_a_workbook_saved_again_without_a_change_is_the_same(root: Path) -> None:
    content = form_of(root, answers={"mine-7": {"state": "推进中"}})
    one_in(root, content)
    assert one_in(root, content).outcome == "same"
    before = kept(root)
    saved = books.changed(content, lambda book: setattr(book, "active", 1))
    assert saved != content
    assert one_in(root, saved).outcome == "same"
    assert kept(root) == before


def test_what_a_workbook_says_is_readable_again_whatever_was_typed(root: Path) -> None:
    odd: books.Answers = {
        "mine-7": {"state": "#REF!", "done": 10**300, "total": 1e300, "note": "\t'\"\\ \u202e", "evidence": "#N/A"}
    }
    one = one_in(root, form_of(root, answers=odd))
    assert one.outcome == "received"
    assert [f.submission.held for f in see(root).filed] == [("mine-7",)]


# --- refused, and kept ---


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


# --- among several programmes ---


@pytest.fixture
def two(root: Path) -> Path:
    """A second programme, of the same units, in the year after."""
    for name, text in (("programme.toml", tiny.PROGRAMME), ("next.toml", tiny.CHEM)):
        path = root / "plans/next" / name
        path.parent.mkdir(exist_ok=True)
        later = text.replace("2026-", "2027-").replace('"mine", ', "").replace("chem", "next")
        path.write_text(later.replace("2027-08-01", "2027-01-01"), encoding="utf-8")
    return root


def test_the_programme_is_the_one_that_runs_in_the_month(two: Path) -> None:
    later = datetime(2027, 3, 2, tzinfo=CHINA)
    found = take_in(two, {"a.toml": EAST, "b.toml": head(month="2027-02")}, later)
    assert [one.stored for one in found] == ["status/city/2026-10/east.toml", "status/next/2027-02/east.toml"]
    one = one_in(two, b"x = 1\n", now=later)
    assert one.stored.startswith("status/next/2027-02/held/")
    assert [p.code for p in one.problems] == ["E08"]
    assert "看不出是哪个单位" in one.reason
    assert one_in(two, head("nobody"), now=later).problems[0].code == "E08"
    assert "早于建账月份" in one_in(two, head(month="2026-01"), now=later).reason


# --- attachments ---


PAPERS = [
    (PDF, ".pdf"), (PNG, ".png"), (b"\xff\xd8\xff\xe0", ".jpg"), (b"GIF89a", ".gif"), (b"GIF87a", ".gif"),
    (b"II*\0", ".tif"), (b"MM\0*", ".tif"), (b"BM" + (16).to_bytes(4, "little") + b"\0" * 10, ".bmp"),
    (b"RIFF\0\0\0\0WEBPVP8 ", ".webp"), (b"\0\0\0\x18ftypheic", ".heic"), (b"\0\0\0\x18ftypisom", ".mp4"),
    (WORD, ".docx"), (packed(ppt__presentation_xml=""), ".pptx"), (packed(OFD_xml=""), ".ofd"),
    (OLE + "WordDocument".encode("utf-16-le"), ".doc"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "ending"), PAPERS, ids=[ending for _content, ending in PAPERS])
def test_papers_and_pictures_become_attachments_by_their_content(root: Path, content: bytes, ending: str) -> None:
    one = one_in(root, content, "照片.toml", unit="east", month=OCTOBER)
    digest = sha256(content).hexdigest()
    assert (one.outcome, one.unit, one.month) == ("attachment", "east", OCTOBER)
    assert one.stored == f"status/city/2026-10/attachments/{digest}{ending}"
    assert (root / one.stored).read_bytes() == content
    assert (root / "status/city/2026-10/attachments/attachments.toml").read_text(encoding="utf-8") == (
        f'[[attachment]]\nfile = "{digest}{ending}"\nunit = "east"\nname = "照片.toml"\n'
        "received = 2026-11-02T16:40:33+08:00\n"
    )
    assert echo(see(root).programme, one) == "作为佐证材料存放，不是月报。"


@pytest.mark.parametrize("text", ["BM = 1\n", "II*\n", "GIF8 = 1\n", "PK = 1\n", "Rar = 1\n", "RIFF\n", "xxxxftyp"[:5]])
def test_a_text_that_begins_like_a_picture_is_a_text(root: Path, text: str) -> None:
    assert one_in(root, text).outcome == "held"


def test_an_attachment_again_changes_nothing_unless_its_unit_is_named_now(root: Path) -> None:
    first = one_in(root, PDF, "证明.pdf")
    assert "可以用 --unit 再收一次" in first.reason
    before = kept(root)
    again = one_in(root, PDF, "证明.pdf", now=NOW + timedelta(days=40))
    assert (again.outcome, again.stored, again.month) == ("same", first.stored, OCTOBER)
    assert echo(see(root).programme, again) == "这份附件已经收到过。"
    assert kept(root) == before
    assert [one_in(root, PDF, unit=unit).outcome for unit in ("east", "east", "west")] == [
        "attachment",
        "same",
        "attachment",
    ]
    assert one_in(root, PDF).outcome == "same"
    other = one_in(root, PDF, month=date(2026, 9, 1))
    assert (other.outcome, other.month) == ("attachment", date(2026, 9, 1))


def test_a_list_of_attachments_that_cannot_be_read_is_added_to_all_the_same(root: Path) -> None:
    build(root, {"2026-10/attachments/attachments.toml": "attachment = 1\n"})
    assert one_in(root, PDF).outcome == "attachment"


# --- put in by hand, and changed ---


def test_a_file_put_in_by_hand_gets_its_receipt_where_it_lies(root: Path) -> None:
    build(root, {"2026-10/某县月报.toml": EAST})
    [one] = receive(desk(root), [root / "status/city/2026-10/某县月报.toml"])
    assert (one.outcome, one.stored) == ("received", "status/city/2026-10/某县月报.toml")
    assert month_files(root) == ["某县月报.toml"]
    assert receipts(root)[0].file == "某县月报.toml"
    before = kept(root)
    assert [o.outcome for o in receive(desk(root), [root / "status/city/2026-10"])] == ["same"]
    assert [o.outcome for o in receive(desk(root), [root / "status/city/2026-10/../2026-10/某县月报.toml"])] == ["same"]
    assert kept(root) == before


def test_a_folder_of_the_workspace_is_taken_without_what_the_workspace_keeps(root: Path) -> None:
    take_in(root, {"a.toml": EAST, "b.toml": BROKEN, "c.pdf": PDF})
    build(
        root,
        {
            "2026-10/dropped.xlsx": form_of(root, "west"),
            "2026-10/.part.toml": head("bureau"),
            "opening/east.toml": "",
            "notes.txt": "",
        },
    )
    (root / "信.txt").write_text("信", encoding="utf-8")
    (root / "status/city/2026-10" / writing.UNFINISHED.format("1")).write_bytes(b"half")
    found = receive(desk(root), [root])
    assert sorted((one.given, one.outcome) for one in found) == [
        ("status/city/2026-10/.part.toml", "received"), ("status/city/2026-10/dropped.xlsx", "received"),
        ("status/city/2026-10/east.toml", "same"), ("信.txt", "held"),
    ]  # fmt: skip
    assert month_files(root) == [".part.toml", "east.toml", "west.toml"]
    assert [one.outcome for one in receive(desk(root), [root])] == ["same", "same", "same", "same", "held"]


def test_files_put_in_by_hand_get_theirs_when_others_come_for_the_month(root: Path) -> None:
    build(
        root,
        {
            "2026-10/east.toml": EAST,
            "2026-09/east.toml": EAST.replace("2026-10", "2026-09"),
            "2026-10/bad.toml": BROKEN,
        },
    )
    assert [one.outcome for one in take_in(root, {"a.pdf": PDF})] == ["attachment"]
    found = take_in(root, {"west.toml": WEST})
    assert [(one.given.rpartition("/")[2], one.outcome) for one in found] == [
        ("west.toml", "received"),
        ("east.toml", "received"),
    ]
    assert {r.file for r in receipts(root)} == {"west.toml", "east.toml"}
    assert not (root / "status/city/2026-09/receipts.toml").exists()


def test_a_file_put_in_the_wrong_months_folder_is_received_where_it_belongs(root: Path) -> None:
    build(root, {"2026-09/east.toml": EAST})
    [one] = receive(desk(root), [root / "status/city/2026-09/east.toml"])
    assert one.stored == "status/city/2026-10/east.toml"
    assert (root / "status/city/2026-09/east.toml").exists()


def test_bytes_that_lie_there_without_a_receipt_are_not_stored_twice(root: Path) -> None:
    """As when ``receive`` was interrupted before the receipt."""
    build(root, {"2026-10/east.toml": EAST})
    one = one_in(root, EAST)
    assert (one.outcome, one.stored) == ("received", "status/city/2026-10/east.toml")
    assert month_files(root) == ["east.toml"]


def test_a_file_changed_after_its_receipt_becomes_the_next_version_and_what_it_was_comes_back(root: Path) -> None:
    stored = root / one_in(root, EAST).stored
    stored.write_text(SECOND, encoding="utf-8")
    assert [p.code for p in see(root).problems] == ["E19"]
    [one] = receive(desk(root, NOW + timedelta(hours=1)), [stored])
    assert (one.outcome, one.stored) == ("received", "status/city/2026-10/east.2.toml")
    assert "在收到后被改动" in one.reason
    assert one.reason in echo(see(root).programme, one)
    assert [(root / f"status/city/2026-10/{n}").read_text(encoding="utf-8") for n in ("east.toml", "east.2.toml")] == [
        EAST,
        SECOND,
    ]
    snapshot = see(root)
    assert snapshot.problems == ()
    assert [f.submission.version for f in snapshot.filed] == [1, 2]
    # What was known before the change is still what was known then.
    assert [f.submission.version for f in see(root, NOW + timedelta(minutes=1)).filed] == [1]
    before = kept(root)
    assert [o.outcome for o in receive(desk(root), [root / "status/city/2026-10"])] == ["same", "same"]
    assert kept(root) == before


def test_a_change_is_received_though_the_bytes_before_it_are_not_at_hand(root: Path) -> None:
    files = {
        "2026-10/east.toml": SECOND,
        "2026-10/receipts.toml": receipt("east.toml", EAST, "2026-11-01T08:00:00+08:00"),
    }
    build(root, files)
    [one] = receive(desk(root), [root / "status/city/2026-10/east.toml"])
    assert one.stored == "status/city/2026-10/east.2.toml"
    assert month_files(root) == ["east.2.toml", "east.toml"]
    assert see(root).problems == ()
    assert [(r.file, r.sha256) for r in receipts(root)][1:] == [
        (name, sha256(SECOND.encode()).hexdigest()) for name in ("east.2.toml", "east.toml")
    ]


def test_a_change_received_while_interrupted_is_settled_the_next_time(root: Path) -> None:
    stored = root / one_in(root, EAST).stored
    one_in(root, SECOND)
    stored.write_text(SECOND, encoding="utf-8")
    [one] = receive(desk(root), [stored])
    assert (one.outcome, one.reason) == ("same", "这次改动已作为 status/city/2026-10/east.2.toml 收到。")
    assert stored.read_text(encoding="utf-8") == EAST
    assert see(root).problems == ()


def test_the_bytes_of_a_file_that_was_changed_since_are_the_same_and_the_change_is_pointed_out(root: Path) -> None:
    stored = root / one_in(root, EAST).stored
    stored.write_text(SECOND, encoding="utf-8")
    again = one_in(root, EAST)
    assert again.outcome == "same"
    assert "后来被改动：请再接收一次 status/city/2026-10/east.toml" in again.reason
    assert {sha256(t.encode()).hexdigest() for t in (EAST, SECOND)} <= digests(root)


def test_a_change_that_cannot_be_taken_is_held_and_the_file_stays(root: Path) -> None:
    stored = root / one_in(root, EAST).stored
    stored.write_text(BROKEN, encoding="utf-8")
    [one] = receive(desk(root), [stored])
    assert one.outcome == "held"
    assert stored.read_text(encoding="utf-8") == BROKEN
    assert {sha256(t.encode()).hexdigest() for t in (EAST, BROKEN)} <= digests(root)


def test_a_change_to_another_unit_is_that_units(root: Path) -> None:
    stored = root / one_in(root, EAST).stored
    stored.write_text(WEST, encoding="utf-8")
    [one] = receive(desk(root), [stored])
    assert one.stored == "status/city/2026-10/west.toml"
    assert stored.read_text(encoding="utf-8") == EAST


def test_an_event_in_one_file_is_known_to_the_next(root: Path) -> None:
    first = head(more='part = ["chem"]\n') + TRIAL
    second = head(more='part = ["mine"]\n') + entry("mine-3b@T1")
    found = take_in(root, {"a.toml": first, "b.toml": second})
    assert [one.problems for one in found] == [(), ()]
    assert found[1].submission is not None
    assert [u.item for u in found[1].submission.updates] == ["mine-3b@T1"]


# --- a folder of everything ---


def mixed(root: Path, folder: Path) -> dict[str, bytes]:
    """Thirty attachments as they come: name to content."""
    workbook = form_of(root, "bureau", answers={"chem-1": {"state": "推进中", "done": 3}})
    west = form_of(root, "west", answers={"mine-7": {"state": "推进中", "note": "表格"}})
    september = EAST.replace("2026-10", "2026-09")
    files: dict[str, bytes] = {
        "01 东山县10月.toml": EAST.encode(),
        "02 东山县10月（更正）.toml": SECOND.encode(),
        "03 副本.toml": EAST.encode(),
        "04 高新区.toml": WEST.encode("gb18030"),
        "05 市局.xlsx": workbook,
        "06 市局 - 副本.xlsx": workbook,
        "07 高新区第二版.xlsx": west,
        "08 九月.toml": september.encode(),
        "09 不认识.toml": head("nowhere").encode(),
        "10 bom.toml": b"\xef\xbb\xbf" + head(more='rest = "unchanged"\n').encode(),
        "11 照片.toml": PNG,
        "12 说明.docx": WORD,
        "13 盖章件.pdf": PDF,
        "14 空.toml": b"",
        "15 nul.toml": b"unit = \0",
        "16 坏.toml": BROKEN.encode(),
        "17 一条不对.toml": ONE_BAD.encode(),
        "18 打包.zip": packed(a="b"),
        "19 损坏.xlsx": workbook[:2000],
        "20 别的表.xlsx": other_workbook(),
        "21 旧表.xls": OLE + "Workbook".encode("utf-16-le"),
        "..\\..\\x.toml": (EAST + "# 路径\n").encode(),
        "很长的名字" * 15 + ".toml": (EAST + "# 长\n").encode(),
        ".hidden.toml": (EAST + "# 隐藏\n").encode(),
        "子文件夹/24.toml": (WEST + "# 子文件夹\n").encode(),
        "子文件夹/再下一层/25.toml": (EAST + "# 两层\n").encode(),
        "26 utf-16.toml": EAST.encode("utf-16"),
        "27 没有后缀": (WEST + "# 没有后缀\n").encode(),
        "28.txt": "各位领导：附件是月报，请查收。".encode(),
        "29 照片副本.png": PNG,
        "30 建账.toml": head(more="opening = true\n").encode(),
        "31 未到.toml": head(month="2026-12").encode(),
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return files


def other_workbook() -> bytes:
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    return content.getvalue()


def test_thirty_mixed_attachments_in_one_go(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "附件"
    files = mixed(root, folder)
    assert len(files) >= 30
    capsys.readouterr()
    assert main(["receive", str(folder), "--month", "2026-10", "--json"], NOW, root) == 1
    rows = {Path(r["given"]).relative_to(folder).as_posix(): r for r in json.loads(capsys.readouterr().out)}
    assert set(rows) == set(files)
    # Nothing is lost: every file's bytes are there by their digest, or were there before.
    there = digests(root)
    for name, content in files.items():
        assert sha256(content).hexdigest() in there or rows[name]["outcome"] == "same", name
    by_outcome: dict[str, set[str]] = {}
    for name, found in rows.items():
        by_outcome.setdefault(found["outcome"], set()).add(name[:2])
    assert by_outcome == {
        "received": {"01", "02", "04", "05", "07", "10", "17", "..", "很长", ".h", "子文", "26", "27"},
        "same": {"03", "06", "29"},
        "attachment": {"11", "12", "13"},
        "held": {"08", "09", "14", "15", "16", "18", "19", "20", "21", "28", "30", "31"},
    }
    assert all(found["reason"] for found in rows.values() if found["outcome"] != "received")
    assert rows["17 一条不对.toml"]["held"] == ["chem-2@2026-Q9"]
    assert any("E07" in p and "一条不对.toml:" in p for p in rows["17 一条不对.toml"]["problems"])
    received = [found for found in rows.values() if found["outcome"] == "received"]
    assert len({found["stored"] for found in received}) == len(received)
    assert len(receipts(root)) == len(received)
    assert {r.name for r in receipts(root)} == {Path(r["given"]).name for r in received}
    # All that was received can be read, and there is nothing else in the folder.
    snapshot = see(root)
    assert {f.submission.file for f in snapshot.filed} == {found["stored"] for found in received}
    assert snapshot.held_files == ()
    assert {p.place.file for p in snapshot.problems if p.holds} == {rows["17 一条不对.toml"]["stored"]}
    # Once more: nothing changes, and every file says so.
    before = kept(root)
    assert main(["receive", str(folder), "--month", "2026-10", "--json"], NOW + timedelta(days=1), root) == 1
    again = {Path(r["given"]).relative_to(folder).as_posix(): r for r in json.loads(capsys.readouterr().out)}
    assert {name: r["outcome"] for name, r in again.items()} == {
        name: "held" if r["outcome"] == "held" else "same" for name, r in rows.items()
    }
    assert all("此前已暂存" in r["reason"] for r in again.values() if r["outcome"] == "held")
    assert kept(root) == before


def test_the_report_of_a_folder_is_one_that_a_coordinator_can_act_on(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mixed(root, tmp_path / "附件")
    capsys.readouterr()
    assert main(["receive", str(tmp_path / "附件"), "--unit", "east"], NOW, root) == 1
    said = capsys.readouterr()
    assert "东山县：2026-10 月报第 1 版已收到，计入 1 条，暂存 0 条。" in said.out
    assert "这是 west 的文件，要收的是 east 的" in said.out
    assert "\x1b" not in said.out
    assert said.err.startswith("32 个文件：收进 ")


# --- interrupted, and at once ---


RECEIVE = """
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tracker.cli import main
now = datetime(2026, 11, 2, 16, 40, tzinfo=timezone(timedelta(hours=8)))
sys.exit(main(["receive", *sys.argv[2:]], now, Path(sys.argv[1])))
"""


def start(root: Path, *paths: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", RECEIVE, str(root), *map(str, paths)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_killed_at_any_moment_it_leaves_the_old_state_or_the_new_one(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    texts = [head(unit) + entry("mine-7", GOING + f'note = "第{n}份"\n') for n in range(6) for unit in ("east", "west")]
    for n, text in enumerate(texts):
        (folder / f"{n:02}.toml").write_text(text, encoding="utf-8")
    (folder / "90.xlsx").write_bytes(form_of(root, "bureau", answers={"chem-1": {"state": "推进中", "done": 3}}))
    (folder / "91.toml").write_text(BROKEN, encoding="utf-8")
    (folder / "92.pdf").write_bytes(PDF)
    started = time.monotonic()
    with start(root, folder) as whole:
        whole.wait(60)
    length = time.monotonic() - started
    whole_files = {content for name, content in kept(root).items() if not name.endswith(LISTS)}
    chance = random.Random(0)
    kills = 0
    for _n in range(8):
        world = build(tmp_path / f"k{_n}")
        for _attempt in range(2):
            with start(world, folder) as process:
                time.sleep(length * (0.4 + 0.6 * chance.random()))
                if process.poll() is None:
                    kills += 1
                else:
                    length *= 0.7  # the machine was busier when the whole run was timed
                process.send_signal(signal.SIGKILL)
                process.wait(30)
            snapshot = see(world)
            assert not any(p.holds and p.place.file.endswith("receipts.toml") for p in snapshot.problems)
            assert snapshot.held_files == ()
            # Each file is whole, or not there; lists of records are checked as such.
            for name, content in kept(world).items():
                assert ".tracker-" in name or name.endswith(LISTS) or content in whole_files, name
            assert {f.submission.file for f in snapshot.filed} >= {
                f"status/city/2026-10/{r.file}" for r in receipts_or_none(world)
            }
        found = receive(desk(world), [folder])
        assert {one.outcome for one in found} <= {"received", "same", "held", "attachment"}
        assert {text.encode() for text in texts} <= set(kept(world).values())
        # No file twice, each with one receipt.
        assert month_files(world) == month_files(root)
        assert len(receipts(world)) == len(month_files(world))
    assert kills >= 5


LISTS = ("receipts.toml", "held.toml", "attachments.toml", "burden.toml", ".report.txt")


def receipts_or_none(root: Path) -> tuple[Any, ...]:
    return receipts(root) if (root / "status/city/2026-10/receipts.toml").exists() else ()


def test_eight_at_once_lose_nothing(root: Path, tmp_path: Path) -> None:
    folders = []
    for n in range(8):
        folder = tmp_path / f"in{n}"
        folder.mkdir()
        for unit in ("east", "west"):
            (folder / f"{unit}.toml").write_text(
                head(unit) + entry("mine-7", GOING + f'note = "第{n}份"\n'), encoding="utf-8"
            )
        (folder / "bad.toml").write_text(f"{BROKEN}# {n}\n", encoding="utf-8")
        (folder / "x.pdf").write_bytes(PDF + bytes([n]))
        folders.append(folder)
    running = [start(root, folder) for folder in folders]
    for process in running:
        _out, err = process.communicate(timeout=120)
        assert process.returncode == 1, err.decode()
    assert month_files(root) == sorted(
        f"{unit}.toml" if v == 1 else f"{unit}.{v}.toml" for unit in ("east", "west") for v in range(1, 9)
    )
    assert sorted(r.file for r in receipts(root)) == month_files(root)
    there = digests(root)
    assert all(sha256(p.read_bytes()).hexdigest() in there for folder in folders for p in folder.iterdir())
    assert see(root).problems == ()


# --- whatever comes ---


GOOD = [EAST.encode(), ONE_BAD.encode(), WEST.encode("gb18030")]
STARTS = [b"PK\x03\x04", b"PK\x05\x06", OLE, b"\xef\xbb\xbf", b"\xff\xfe", b"%PDF-", b"BM"]
BITS = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")),
    st.builds(lambda a, n, b: a[:n] + b + a[n:], st.sampled_from(GOOD), st.integers(0, 300), st.binary(max_size=6)),
    st.builds(lambda a, b: a + b, st.sampled_from(STARTS), st.binary(max_size=100)),
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=BITS)
def test_no_bytes_make_it_raise_or_are_lost(root: Path, content: bytes) -> None:
    path = root.parent / "any.bin"
    path.write_bytes(content)
    [one] = receive(desk(root), [path])
    assert one.outcome in ("received", "same", "held", "attachment")
    assert sha256(content).hexdigest() in digests(root)
    echo(see(root).programme, one)
    json.dumps(row(one))
    assert path.read_bytes() == content


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 20_000), bits=st.binary(min_size=1, max_size=30))
def test_no_damage_to_a_workbook_makes_it_raise_or_loses_it(root: Path, at: int, bits: bytes) -> None:
    whole = form_of(root)
    content = whole[:at] + bits + whole[at + len(bits) :]
    path = root.parent / "any.xlsx"
    path.write_bytes(content)
    [one] = receive(desk(root), [path])
    assert sha256(content).hexdigest() in digests(root) or one.outcome == "same"


# --- who is missing ---


TODAY = date(2026, 10, 31)


def status(root: Path, today: date = TODAY, known_by: datetime = LATER) -> dict[str, tuple[str, int, int]]:
    found = missing(see(root, known_by), OCTOBER, today)
    return {w.reported.unit.id: (w.reported.status, w.held, w.returned) for w in found}


def test_who_has_not_sent_is_told_by_when_and_then_by_how_much_it_is_late(root: Path) -> None:
    early = datetime(2026, 10, 31, 9, tzinfo=CHINA)
    found = missing(see(root, early), OCTOBER, TODAY)
    assert [w.text for w in found][:2] == [
        "东山县：10月份月报还没有收到，请于11月2日前报送（还有 2 天）。",
        "西湖高新区：10月份月报还没有收到，请于11月2日前报送（还有 2 天）。",
    ]
    assert [w.reported.status for w in found] == ["awaited"] * 3
    assert group_text(found, OCTOBER) == "10月份月报还差 3 家：东山县、高新区、市局，请抓紧报送。"
    late = missing(see(root), OCTOBER, date(2026, 11, 5))
    assert late[0].text == "东山县：10月份月报还没有收到，应于11月2日报送，已超过 3 天。"
    assert waiting_row(late[0]) == {
        "unit": "east", "unit_name": "东山县", "status": "missing", "held": 0, "returned": 0, "days_left": -3,
        "text": late[0].text,
    }  # fmt: skip


def test_who_has_sent_and_all_is_well_is_not_waited_for(root: Path) -> None:
    take_in(root, {"a": EAST, "b": WEST, "c": head("bureau")})
    assert missing(see(root), OCTOBER, TODAY) == []
    assert group_text([], OCTOBER) == "10月份月报已收齐。"


def test_entries_held_are_said_differently_from_a_file_that_did_not_come(root: Path) -> None:
    take_in(root, {"a": EAST + entry("chem-77") + entry("chem-78"), "b": WEST})
    found = missing(see(root), OCTOBER, TODAY)
    assert {w.reported.unit.id: (w.reported.status, w.held) for w in found} == {
        "east": ("on-time", 2),
        "bureau": ("missing", 0),
    }
    assert (
        found[0].text == "东山县：10月份月报已收到，其中 2 条没有通过检查，请改后补报，请于11月2日前报送（还有 2 天）。"
    )
    assert group_text(found, OCTOBER) == "10月份月报还差 1 家：市局；要改后补报 1 家：东山县，请抓紧报送。"
    after = missing(see(root), OCTOBER, date(2026, 11, 9))
    assert after[0].text == "东山县：10月份月报已收到，其中 2 条没有通过检查，请改后补报。"
    # The next version puts it right.
    one_in(root, SECOND)
    assert set(status(root)) == {"bureau"}


def test_entries_held_in_a_part_count_though_another_part_came_later(root: Path) -> None:
    mine, chem = (head(more=f'part = ["{plan}"]\n') for plan in ("mine", "chem"))
    take_in(root, {"a": mine + entry("mine-77"), "b": chem + entry("chem-1"), "c": WEST, "d": head("bureau")})
    assert status(root) == {"east": ("on-time", 1, 0)}


def test_a_file_that_was_held_is_no_silence(root: Path) -> None:
    take_in(root, {"a": BROKEN, "b": EAST, "c": WEST, "d": head("bureau", "2026-09")})
    found = missing(see(root), OCTOBER, TODAY)
    assert [(w.reported.unit.id, w.reported.status) for w in found] == [("bureau", "held")]
    assert (
        found[0].text == "市应急管理局：10月份月报收到的文件没有通过检查，请改后重报，请于11月2日前报送（还有 2 天）。"
    )
    # As known before it came, nothing had come.
    assert status(root, known_by=NOW - timedelta(days=1))["bureau"][0] == "awaited"
    # A later file that cannot be read waits for its correction though an earlier one counts.
    one_in(root, BROKEN.replace("bureau", "east"), now=NOW + timedelta(hours=1))
    assert status(root)["east"][0] == "held"
    one_in(root, SECOND, now=NOW + timedelta(hours=2))
    one_in(root, head("bureau"), now=NOW + timedelta(hours=2))
    assert status(root) == {}


def test_a_file_held_whole_in_its_months_folder_or_sent_back_is_waited_for(root: Path) -> None:
    back = decision("return", "west", "2026-11-03T09:00:00+08:00", 'file = "west.toml"')
    item = decision("return", "bureau", "2026-11-03T09:00:00+08:00", 'item = "chem-1"')
    take_in(
        root,
        {"a": WEST, "b": head("bureau") + entry("chem-1", GOING + "done = 3\n"), "c": BROKEN.replace("bureau", "west")},
    )
    build(root, {"2026-10/east.toml": BROKEN.replace("bureau", "east"), "2026-10/decisions.toml": back + item})
    found = {w.reported.unit.id: w for w in missing(see(root), OCTOBER, TODAY)}
    assert {unit: (w.reported.status, w.held, w.returned) for unit, w in found.items()} == {
        "east": ("held", 0, 0), "west": ("returned", 0, 1), "bureau": ("on-time", 0, 1),
    }  # fmt: skip
    assert "已退回，请改后重报" in found["west"].text
    assert "已收到，其中 1 条被退回，请改后补报" in found["bureau"].text


def test_a_snapshot_alone_and_a_list_that_cannot_be_read_are_enough(root: Path) -> None:
    records = '[[held]]\nunit = "east"\n[[held]]\nunit = "west"\nreceived = 2026-11-02T09:00:00\n'
    build(root, {"2026-10/held/held.toml": records})
    assert [w.reported.status for w in missing(see(root), OCTOBER, TODAY)] == ["missing"] * 3


def test_texts_are_short_enough_for_a_chat(tmp_path: Path) -> None:
    long = "第一二三四五六七八九十经济技术开发区" * 7
    units = "".join(
        f'[[unit]]\nid = "u{n}"\nname = "{long}{n}"\nshort = "第{n}经济技术开发区"\nlevel = "zone"\n' for n in range(20)
    )
    build(tmp_path, plans={"programme.toml": tiny.PROGRAMME.replace("[[report]]", f"{units}[[report]]")})
    found = missing(see(tmp_path), OCTOBER, TODAY)
    assert max(len(w.text) for w in found) == 120
    assert group_text(found, OCTOBER) == "10月份月报还差 23 家，请抓紧报送。"


def test_without_a_monthly_rule_nobody_is_told_a_day(tmp_path: Path) -> None:
    build(tmp_path, plans={"programme.toml": tiny.PROGRAMME.split("[[report]]")[0]})
    found = missing(see(tmp_path), OCTOBER, TODAY)
    assert [w.days_left for w in found] == [None] * 3
    assert found[0].text == "东山县：10月份月报还没有收到。"


def test_missing_ends_with_1_when_somebody_is_and_prints_the_texts(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take_in(root, {"a": EAST, "b": WEST})
    capsys.readouterr()
    assert main(["missing", "--month", "2026-10"], NOW, root) == 1
    assert "10月份月报还差 1 家：市局，请抓紧报送。" in capsys.readouterr().out
    assert main(["missing", "--month", "2026-10", "--json"], NOW, root) == 1
    assert [r["unit"] for r in json.loads(capsys.readouterr().out)] == ["bureau"]
    one_in(root, head("bureau"))
    assert main(["missing", "--month", "2026-10"], NOW, root) == 0
