"""Files in: a receipt each, nothing lost, whatever comes and from however many."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import books
import openpyxl
import pytest
import tiny
from arrivals import (
    BROKEN,
    EAST,
    GOING,
    NOW,
    OLE,
    ONE_BAD,
    PDF,
    PNG,
    SECOND,
    TRIAL,
    WEST,
    WORD,
    desk,
    digests,
    entry,
    form_of,
    kept,
    one_in,
    packed,
    receipts,
    see,
    take_in,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import CHINA, OCTOBER, head

from tracker import workbook
from tracker.cli import main
from tracker.echoes import echo, row
from tracker.inbox.receiving import receive


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
