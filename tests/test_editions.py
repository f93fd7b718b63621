"""Issuing, proving and restating a month: one byte changed anywhere in the archive is found and named."""

import io
import json
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from tiny import CHINA, OCTOBER, build, decision, head, receipt

from tracker import archive, manifest, signatures, writing
from tracker.auditing import Told, audit
from tracker.cli import main
from tracker.editions import Issue, Sealing, seal, sealed
from tracker.manifest import Listed, Manifest
from tracker.reports import FORMATS
from tracker.reports.bulletin import bulletin
from tracker.reports.document import Table
from tracker.reports.issued import differences, read_issued
from tracker.reports.restatement import restatement
from tracker.restating import FigureChange, ItemChange, _causes, counts, restate
from tracker.snapshot import month_end, take
from tracker.workspace import Workspace

SEPTEMBER = date(2026, 9, 1)
ISSUED = datetime(2026, 10, 2, 16, 0, 5, 123, tzinfo=CHINA)
LATER = datetime(2026, 11, 2, 17, 0, tzinfo=CHINA)
ROOT = Path(__file__).parent.parent

DONE = '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-28\n'
GOING = '[[update]]\nitem = "mine-7"\nstate = "推进中"\ndone = 3\ntotal = 10\nas_of = 2026-09-28\n'
LATE = (
    '[[update]]\nitem = "mine-1"\nstate = "推进中"\ncause = "人手不足"\nmeasure = "已增派"\npromised_on = 2026-11-20\n'
)
EAST = head(month="2026-09") + DONE + GOING
WEST = head("west", "2026-09") + GOING
OCTOBER_EAST = head() + GOING
VERIFIED = decision("verify", "east", "2026-10-01T10:00:00+08:00", 'item = "mine-1"')
SIGNED = receipt("east.toml", EAST, "2026-09-30T09:00:00+08:00")
WESTS = receipt("west.toml", WEST, "2026-09-30T10:00:00+08:00")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two units have reported on September, and the city has verified an item."""
    files = {
        "2026-09/east.toml": EAST,
        "2026-09/west.toml": WEST,
        "2026-09/receipts.toml": f"{SIGNED}\n{WESTS}",
        "2026-09/decisions.toml": VERIFIED,
        "2026-09/burden.toml": "",
        "silences.toml": "",
    }
    return build(tmp_path / "w", files)


def issue(root: Path, month: date = SEPTEMBER, now: datetime = ISSUED, **more: Any) -> Sealing:
    given = {"by": "刘某", "number": "〔2026〕9号", **more}
    known_by = given.pop("known_by", None)
    return seal(Workspace(root), "city", month, now, Issue(**given), known_by)


def october(root: Path) -> Path:
    """October's file comes, and a ruling on September after its issue."""
    build(
        root,
        {
            "2026-10/east.toml": OCTOBER_EAST,
            "2026-10/receipts.toml": receipt("east.toml", OCTOBER_EAST, "2026-11-01T09:00:00+08:00"),
        },
    )
    refused = decision("refuse", "east", "2026-10-20T10:00:00+08:00", 'item = "mine-1"')
    writing.append(root / "status/city/2026-09/decisions.toml", refused)
    return root


def told(root: Path, month: str = "") -> list[Told]:
    return [one for audited in audit(Workspace(root), "city", month) for one in audited.told]


def failures(root: Path, month: str = "") -> list[tuple[str, str]]:
    return [(one.file, one.what) for one in told(root, month) if one.failed]


def tree(root: Path) -> dict[str, bytes]:
    folder = root / "status"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


EDITION = "status/city/2026-09/edition"


# --- sealing ---


def test_a_sealed_month_has_its_papers_its_inputs_and_a_manifest(root: Path) -> None:
    found = issue(root, signer="张某")
    assert (found.refusal, found.folder) == ("", EDITION)
    m = found.manifest
    assert m is not None
    assert (m.as_of, m.known_by, m.by, m.number, m.signer) == (
        date(2026, 9, 30), ISSUED.replace(microsecond=0), "刘某", "〔2026〕9号", "张某",
    )  # fmt: skip
    assert sorted(p.name for p in (root / EDITION).iterdir()) == sorted(
        ["manifest.toml", *(f"{n}.{e}" for n in ("bulletin", "report-east", "report-west", "report-bureau")
                            for e in ("md", "docx"))]
    )  # fmt: skip
    assert {one.path for one in m.input} == {
        "plans/city/programme.toml", "plans/city/mine.toml", "plans/city/chem.toml", "status/city/silences.toml",
        *(f"status/city/2026-09/{n}.toml" for n in ("east", "west", "receipts", "decisions")),
    }  # fmt: skip
    for one in m.input:
        assert (root / "status/city/archive" / one.sha256).read_bytes() == (root / one.path).read_bytes()
    assert [(e.month, e.number, e.issued, e.by, e.signed) for e in sealed(Workspace(root), "city")] == [
        (SEPTEMBER, "〔2026〕9号", date(2026, 10, 2), "刘某", False)
    ]
    assert told(root) == []
    assert manifest.read((root / EDITION / "manifest.toml").read_bytes(), "x")[0] == replace(m, seal=_seal(root))


def _seal(root: Path) -> str:
    first = (root / EDITION / "manifest.toml").read_text(encoding="utf-8").splitlines()[0]
    return first.split('"')[1]


def test_what_is_archived_is_what_report_writes_and_its_figures_those_of_the_bulletin(root: Path) -> None:
    found = issue(root, number="").manifest
    assert found is not None
    snapshot, _problems = take(Workspace(root), "city", date(2026, 9, 30), ISSUED)
    assert snapshot is not None
    paper = bulletin(snapshot)
    assert (root / EDITION / "bulletin.md").read_bytes() == FORMATS["md"](paper)
    assert (root / EDITION / "bulletin.docx").read_bytes() == FORMATS["docx"](paper)
    totals = paper.annexes[0].blocks[0]
    assert isinstance(totals, Table)
    units = {u.name: u.id for u in snapshot.programme.units}
    by_name = {c.of: c for c in found.figures}
    for row in totals.rows:
        c = by_name[f"unit:{units[row[0]]}" if row[0] in units else "city"]
        assert row[1:4] == (str(c.owed), str(c.done), str(c.verified))
        assert row[5:8] == (str(c.late - c.missed), str(c.missed), str(c.month_done))
    assert {c.of for c in found.figures} == {
        "city", "plan:mine", "plan:chem", "unit:east", "unit:west", "unit:bureau"
    }  # fmt: skip


def test_only_what_was_known_at_the_moment_is_archived(root: Path) -> None:
    october(root)
    found = issue(root, now=LATER, known_by=ISSUED).manifest
    assert found is not None
    assert "status/city/2026-10/east.toml" not in {one.path for one in found.input}
    [ruled] = [one for one in found.input if one.path.endswith("decisions.toml")]
    assert (root / "status/city/archive" / ruled.sha256).read_text(encoding="utf-8").count("[[decision]]") == 1
    assert ruled.appended
    assert told(root) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", None),
        ("x = 1\n", None),
        ("[[a]]\nat = 2026-10-01T00:00:00+08:00\n\n# later\n[[a]]\nat = 2026-12-01T00:00:00+08:00\n", 2),
        ("[[a]]\nat = 2026-12-01T00:00:00+08:00\n[[b]]\nat = 2026-10-01T00:00:00+08:00\n", None),
        ("# only later\n[[a]]\nat = 2026-12-01T00:00:00+08:00\n", 0),
        ("[[a]]\nat = 2026-12-01\n", None),
        ("a = [{at = 2026-12-01T00:00:00+08:00}]\n", None),
        ("a = [1]\n", None),
        ("[[a]]\nat = 2026-12-01T00:00:00+08:00\nx = \n", None),
    ],
)  # fmt: skip
def test_a_file_of_records_is_kept_up_to_the_moment(text: str, kept: int | None) -> None:
    beginning, _appended = archive.up_to(text.encode(), ISSUED)
    wanted = text if kept is None else "\n".join(text.split("\n")[:kept]) + "\n" if kept else ""
    assert beginning.decode() == wanted
    assert text.encode().startswith(beginning)


def test_a_file_in_which_nothing_was_known_yet_is_no_input(root: Path) -> None:
    build(root, {"2026-10/decisions.toml": decision("waive", "east", "2026-10-20T10:00:00+08:00", 'item = "mine-2"')})
    found = issue(root, now=LATER, known_by=ISSUED).manifest
    assert found is not None
    assert "status/city/2026-10/decisions.toml" not in {one.path for one in found.input}


def test_editions_are_chained_and_a_month_left_out_is_said(root: Path) -> None:
    september = issue(root)
    assert (september.unsealed, september.manifest and september.manifest.previous) == ((), "")
    november = head(month="2026-11")
    build(root, {"2026-10/east.toml": OCTOBER_EAST, "2026-11/east.toml": november})
    found = issue(root, date(2026, 11, 1), datetime(2026, 12, 2, tzinfo=CHINA))
    assert found.unsealed == ("2026-10",)
    assert found.manifest is not None
    assert found.manifest.previous == sha256((root / EDITION / "manifest.toml").read_bytes()).hexdigest()
    assert found.manifest.previous_month == "2026-09"
    # The one left out can still be sealed; it comes after September, and November stays as it is.
    between = issue(root, OCTOBER, datetime(2026, 12, 3, tzinfo=CHINA)).manifest
    assert between is not None
    assert between.previous == found.manifest.previous
    assert failures(root) == []


def test_inputs_are_copied_once(root: Path) -> None:
    issue(root)
    before = set(tree(root))
    october(root)
    issue(root, OCTOBER, LATER)
    new = {name for name in set(tree(root)) - before if "/archive/" in name}
    # October's file and receipt, and September's longer list of rulings.
    assert len(new) == 3
    assert failures(root) == []


@pytest.mark.parametrize(
    ("month", "now", "more", "words"),
    [
        (SEPTEMBER, ISSUED, {"known_by": LATER}, "定稿的时刻 2026-11-02 17:00 还没有到"),
        (OCTOBER, datetime(2026, 10, 30, tzinfo=CHINA), {}, "2026-10 还没有过完"),
        (date(2026, 7, 1), ISSUED, {}, "2026-07 没有在记录的行动"),
        (SEPTEMBER, ISSUED, {"document": b"PK"}, "印发稿不是能读的 Word 文件"),
    ],
)
def test_what_cannot_be_sealed_says_why_and_writes_nothing(
    root: Path, month: date, now: datetime, more: Mapping[str, Any], words: str
) -> None:
    before = tree(root)
    found = issue(root, month, now, **more)
    assert words in found.refusal
    assert found.manifest is None
    assert tree(root) == before


def test_a_sealed_month_is_never_sealed_again(root: Path) -> None:
    issue(root)
    before = tree(root)
    assert "tracker restate 2026-09" in issue(root, now=LATER).refusal
    assert tree(root) == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plans/city/mine.toml", "[plan]\n"),
        ("plans/city/programme.toml", "[programme]\n"),
        ("status/city/2026-10/decisions.toml", "[[decision]]\n"),
        ("status/city/silences.toml", "[[silence]]\n"),
    ],
)
def test_by_mistaken_plans_or_rulings_nothing_is_sealed(root: Path, name: str, text: str) -> None:
    october(root)
    (root / name).write_text(text, encoding="utf-8")
    assert "有错，改好后再定稿" in issue(root).refusal
    assert not (root / EDITION).exists()


def test_nothing_is_chained_to_a_damaged_edition_and_nothing_is_written_over_a_damaged_copy(root: Path) -> None:
    issue(root)
    path = root / EDITION / "manifest.toml"
    good = path.read_bytes()
    path.write_bytes(good + b"#")
    assert "请先用 tracker audit 查清" in issue(october(root), OCTOBER, LATER).refusal
    path.write_bytes(good)
    copy = root / "status/city/archive" / sha256((root / "plans/city/mine.toml").read_bytes()).hexdigest()
    copy.write_bytes(b"x")
    found = issue(root, OCTOBER, LATER)
    assert copy.name in found.refusal
    assert copy.read_bytes() == b"x"
    # A name that an interrupted writer took without filling it is filled.
    copy.write_bytes(b"")
    assert issue(root, OCTOBER, LATER).refusal == ""
    assert failures(root) == []


def test_attachments_are_listed_by_their_digest_once(root: Path) -> None:
    content = b"%PDF-1.4"
    name = f"{sha256(content).hexdigest()}.pdf"
    build(root, {f"2026-09/attachments/{name}": content, "2026-09/attachments/attachments.toml": ""})
    found = issue(root).manifest
    assert found is not None
    assert found.attachment == (Listed(f"status/city/2026-09/attachments/{name}", sha256(content).hexdigest()),)
    assert not (root / "status/city/archive" / sha256(content).hexdigest()).exists()
    later = issue(october(root), OCTOBER, LATER).manifest
    assert later is not None
    assert later.attachment == ()
    (root / "status/city/2026-09/attachments" / name).write_bytes(b"%PDF-1.5")
    assert [file for file, _what in failures(root)] == [f"status/city/2026-09/attachments/{name}"]


# --- proving ---


def test_later_rulings_and_files_never_make_a_past_month_fail(root: Path) -> None:
    issue(root)
    october(root)
    build(root, {"2026-09/east.2.toml": head(month="2026-09") + LATE}, {"assignments.toml": ""})
    assert told(root) == []


@pytest.fixture
def two(root: Path, keys: Mapping[str, Path]) -> Path:
    """September and October, both sealed and signed, with the paper as issued."""
    names = f'刘某 namespaces="tracker-edition" {keys["east"].with_suffix(".pub").read_text()}'
    build(root, {"allowed_signers": names})
    issue(root, key=keys["east"])
    october(root)
    first = issue(root, OCTOBER, LATER, key=keys["east"], number="〔2026〕10号").manifest
    assert first is not None
    assert first.key == signatures.fingerprint(keys["east"])
    assert told(root) == []
    return root


def archived(root: Path) -> list[Path]:
    status = root / "status/city"
    return sorted(p for p in [*(status / "archive").rglob("*"), *status.glob("*/edition/*")] if p.is_file())


@pytest.mark.needs_program
def test_one_byte_changed_anywhere_in_the_archive_is_found_and_named(two: Path) -> None:
    paths = archived(two)
    assert len(paths) >= 30
    for path in paths:
        content = path.read_bytes()
        if not content:
            continue
        spots = range(0, len(content), max(1, len(content) // 3)) if "manifest" in path.name else [len(content) // 2]
        for n in spots:
            path.write_bytes(content[:n] + bytes([content[n] ^ 1]) + content[n + 1 :])
            named = {file for file, _what in failures(two, path.parent.parent.name if "edition" in path.parts else "")}
            assert path.relative_to(two).as_posix() in named, (path, n)
        path.write_bytes(content)
    assert told(two) == []


@pytest.mark.needs_program
def test_a_file_missing_from_the_archive_is_found_and_named(two: Path) -> None:
    for path in archived(two):
        content = path.read_bytes()
        path.unlink()
        gone = path.relative_to(two).as_posix()
        named = [file for file, _what in failures(two)]
        # Without its manifest the last month is no edition; an earlier one is missed by the next.
        is_last = gone == "status/city/2026-10/edition/manifest.toml"
        is_first = gone == f"{EDITION}/manifest.toml"
        assert named[:1] == ([] if is_last else ["status/city/2026-10/edition/manifest.toml"] if is_first else [gone])
        path.write_bytes(content)


def test_a_file_put_into_an_edition_or_into_the_archive_is_named(root: Path) -> None:
    issue(root)
    (root / EDITION / "extra.docx").write_bytes(b"x")
    (root / "status/city/archive/notes.txt").write_bytes(b"x")
    (root / EDITION / "manifest.toml.sig").write_bytes(b"x")
    assert {file for file, _what in failures(root)} == {
        f"{EDITION}/extra.docx", f"{EDITION}/manifest.toml.sig", "status/city/archive/notes.txt",
    }  # fmt: skip
    # Of one month alone only its own copies are asked for.
    assert "status/city/archive/notes.txt" not in {file for file, _what in failures(root, "2026-09")}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("东山", "西山") + "\n", ""),
        (lambda text: text.replace("属实", "不实"), "只能追加的记录，定稿以前的部分被改动过。"),
        (lambda text: "\n" + text, "只能追加的记录，定稿以前的部分被改动过。"),
        (None, "不见了；存档里还有当时的内容。"),
    ],
)
def test_records_may_only_grow(root: Path, change: Callable[[str], str] | None, words: str) -> None:
    issue(root)
    path = root / "status/city/2026-09/decisions.toml"
    if change is None:
        path.unlink()
    else:
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert failures(root) == ([("status/city/2026-09/decisions.toml", words)] if words else [])


def test_a_submission_gone_since_is_said_and_does_not_fail(root: Path) -> None:
    issue(root)
    (root / "status/city/2026-09/west.toml").unlink()
    assert [(one.file, one.failed) for one in told(root)] == [("status/city/2026-09/west.toml", False)]


def forge(root: Path, **values: Any) -> None:
    """Another manifest in place of the one written, with a seal that is right."""
    path = root / EDITION / "manifest.toml"
    found, wrong = manifest.read(path.read_bytes(), "")
    assert found is not None, wrong
    path.write_bytes(manifest.write(replace(found, **values)))


def test_figures_and_papers_that_do_not_come_from_the_inputs_are_found(root: Path) -> None:
    found = issue(root).manifest
    assert found is not None
    other = tuple(replace(c, done=c.done + 1) if c.of == "city" else c for c in found.figures)
    forge(root, figures=other)
    assert failures(root) == [(f"{EDITION}/manifest.toml", "按存档重算，city 的数字和定稿不同。")]
    content = b"# nothing is late\n"
    (root / EDITION / "bulletin.md").write_bytes(content)
    listed = Listed("bulletin.md", sha256(content).hexdigest())
    forge(root, figures=found.figures, report=tuple(listed if r.path == listed.path else r for r in found.report))
    assert failures(root) == [(f"{EDITION}/bulletin.md", "按存档重写，和定稿的文件不同。")]


def test_an_edition_exchanged_for_another_is_found_by_the_next(root: Path) -> None:
    issue(root)
    issue(october(root), OCTOBER, LATER)
    forge(root, by="别人")
    assert failures(root) == [
        ("status/city/2026-10/edition/manifest.toml", "上一次定稿 2026-09 的清单不是当时的那一份。")
    ]


def test_by_another_program_only_the_figures_are_compared_and_that_is_said(root: Path) -> None:
    found = issue(root).manifest
    assert found is not None
    forge(root, program="0.0.1")
    assert [(one.file, one.failed) for one in told(root)] == [(f"{EDITION}/manifest.toml", False)]
    forge(root, program="0.0.1", figures=tuple(replace(c, late=7) for c in found.figures))
    assert len(failures(root)) == len(found.figures)


def test_plans_that_this_program_cannot_read_are_said(root: Path) -> None:
    found = issue(root).manifest
    assert found is not None
    forge(root, input=tuple(one for one in found.input if not one.path.endswith("programme.toml")))
    assert "不能重算" in failures(root)[0][1]


def test_a_manifest_of_another_month_or_with_paths_outside_is_no_proof(root: Path) -> None:
    issue(root)
    good = (root / EDITION / "manifest.toml").read_bytes()
    forge(root, month="2026-08")
    assert "这份清单是 city 2026-08 的" in failures(root)[0][1]
    for path in ("../../etc/x", "/etc/x", "C:/x", "a\\b", "a//b"):
        (root / EDITION / "manifest.toml").write_bytes(good)
        forge(root, input=(Listed(path, "0" * 64),))
        assert "不在工作区里" in failures(root)[0][1]
        assert sealed(Workspace(root), "city") == []
    (root / EDITION / "manifest.toml").write_bytes(manifest.write(_odd(good)))
    assert failures(root)


def _odd(content: bytes) -> Manifest:
    """A manifest with a key that no manifest has."""
    found, _wrong = manifest.read(content, "")
    assert found is not None
    return replace(found, programme=3)  # type: ignore[arg-type]


@pytest.mark.needs_program
def test_a_signature_that_is_gone_another_keys_or_another_persons_is_found(
    two: Path, keys: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = two / EDITION / "manifest.toml"
    file, good = signatures.beside(path), signatures.beside(path).read_bytes()
    shown = f"{EDITION}/manifest.toml.sig"
    signers = two / "status/city/allowed_signers"
    lines = signers.read_text(encoding="utf-8")
    file.write_bytes(signatures.sign(path.read_bytes(), keys["west"], signatures.EDITION))
    assert failures(two, "2026-09")[0][0] == shown
    # The person may sign with either key now, but the manifest names the other one.
    west = f"刘某 {keys['west'].with_suffix('.pub').read_text()}"
    signers.write_text(lines + west, encoding="utf-8")
    assert failures(two, "2026-09") == [(shown, "签名用的不是清单里写的那把钥匙。")]
    file.write_bytes(good)
    signers.unlink()
    assert [(one.file, one.failed) for one in told(two, "2026-09")] == [
        (shown, False),
        ("status/city/allowed_signers", False),
    ]
    monkeypatch.setenv("PATH", "")
    assert "签名没有核对" in told(two, "2026-09")[0].what


# --- the paper as issued ---


def word(root: Path, change: Callable[[Any], None] | None = None) -> bytes:
    """The bulletin as Word, edited by the office."""
    snapshot, _problems = take(Workspace(root), "city", date(2026, 9, 30), ISSUED)
    assert snapshot is not None
    file = docx.Document(io.BytesIO(FORMATS["docx"](bulletin(snapshot))))
    if change is not None:
        change(file)
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def paragraph(file: Any, words: str) -> Any:
    return next(p for p in file.paragraphs if words in p.text)


def rewrite(file: Any, words: str, old: str, new: str) -> None:
    """Change words in a paragraph, each character in a run of its own, as WPS leaves them."""
    p = paragraph(file, words)
    text = p.text.replace(old, new)
    assert text != p.text
    for run in p.runs[1:]:
        run._r.getparent().remove(run._r)
    p.runs[0].text = ""
    for character in text:
        p.add_run(character)


def number_it(file: Any) -> None:
    rewrite(file, "〔", "〔　　　〕　　号", "甲安办〔2026〕12 号　　签发人：张某")
    rewrite(file, "2026年10月2日", "2026年10月2日", "２０２６年10月3日")
    rewrite(file, "二、工作成效", "二、工作成效", "二、工作成效和亮点")
    rewrite(file, "全市应完成事项", "全市应完成事项", "经统计,全市应当完成事项")


def test_the_paper_as_issued_is_archived_with_its_number_signer_and_day(root: Path) -> None:
    content = word(root, number_it)
    found = issue(root, number="", document=content)
    assert found.differences == ()
    m = found.manifest
    assert m is not None
    assert (m.number, m.signer, m.issued) == ("甲安办〔2026〕12号", "张某", date(2026, 10, 3))
    assert (root / EDITION / "issued.docx").read_bytes() == content
    assert "甲安办〔2026〕12号" in (root / EDITION / "bulletin.md").read_text(encoding="utf-8")
    assert told(root) == []


def figure(file: Any) -> None:
    rewrite(file, "全市应完成事项", "已完成 1 项", "已完成 4 项")


def cell(file: Any) -> None:
    file.tables[0].rows[1].cells[1].text = "99"


def no_row(file: Any) -> None:
    file.tables[0]._tbl.remove(file.tables[0].rows[2]._tr)


def one_more_row(file: Any) -> None:
    file.tables[0].add_row().cells[0].text = "某县"


def no_table(file: Any) -> None:
    file.tables[0]._tbl.getparent().remove(file.tables[0]._tbl)


def no_part(file: Any) -> None:
    rewrite(file, "一、总体情况", "一、总体情况", "一、基本情况")


def no_sentence(file: Any) -> None:
    rewrite(file, "全市应完成事项", "当月完成 1 项。", "")


def tracked(file: Any) -> None:
    p = paragraph(file, "全市应完成事项")
    run = p.runs[0]
    run.text = run.text.replace("已完成 1 项", "已完成  项")
    text = '<w:ins {} w:id="1" w:author="某"><w:r><w:t>，新增已完成 8 项</w:t></w:r></w:ins>'
    p._p.append(parse_xml(text.format(nsdecls("w"))))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (figure, ["一、总体情况“已完成”：系统 1，印发稿 4"]),
        (cell, ["附件《汇总表》“东山县"]),
        (no_row, ["附件《汇总表》“西湖高新区"]),
        (one_more_row, ["附件《汇总表》“某县”：系统 （没有），印发稿 有这一行"]),
        (no_table, ["汇总表：系统 4 行的表，印发稿 （没有）"]),
        (no_part, ["一、总体情况：系统 有这一部分，印发稿 （没有）"]),
        (no_sentence, ["一、总体情况“当月完成”：系统"]),
        (tracked, ["一、总体情况“已完成”：系统 1，印发稿"]),
    ],
)
def test_a_figure_that_the_office_changed_stops_the_sealing_and_is_named(
    root: Path, change: Callable[[Any], None], said: list[str]
) -> None:
    content = word(root, change)
    found = issue(root, document=content)
    assert "不一致" in found.refusal
    words = [one.words for one in found.differences]
    assert len(words) >= len(said)
    assert all(any(line.startswith(wanted) for line in words) for wanted in said), words
    assert not (root / EDITION).exists()
    despite = issue(root, document=content, despite="领导改过").manifest
    assert despite is not None
    assert (despite.despite, despite.differing) == ("领导改过", tuple(words))
    assert told(root) == []


def test_what_the_command_says_and_the_paper_says_otherwise_is_a_difference(root: Path) -> None:
    found = issue(root, number="〔2026〕9号", signer="李某", on=date(2026, 10, 2), document=word(root, number_it))
    assert [one.words for one in found.differences] == [
        "文号：系统 〔2026〕9号，印发稿 甲安办〔2026〕12号",
        "签发人：系统 李某，印发稿 张某",
        "成文日期：系统 2026-10-02，印发稿 2026-10-03",
    ]


def test_no_reason_is_recorded_where_nothing_differs(root: Path) -> None:
    found = issue(root, number="", document=word(root, number_it), despite="以防万一").manifest
    assert found is not None
    assert found.despite == ""


def test_our_own_paper_has_our_own_figures() -> None:
    snapshot, _problems = take(Workspace(ROOT), "liaocheng", date(2026, 10, 31), LATER)
    assert snapshot is not None
    paper = bulletin(snapshot)
    issued = read_issued(FORMATS["docx"](paper))
    assert issued is not None
    assert differences(paper, issued) == []


def test_what_is_no_word_file_is_none(root: Path) -> None:
    whole = word(root)
    for content in (b"", b"PK\x03\x04", whole[:-900], whole[:200] + b"x" * 50 + whole[250:]):
        assert read_issued(content) is None
    rewrite_day = word(root, lambda file: rewrite(file, "2026年10月2日", "10月2日", "10月42日"))
    issued = read_issued(rewrite_day)
    assert issued is not None
    assert issued.day is None


def test_a_word_file_that_unpacks_to_too_much_is_not_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.reports.issued.LARGEST", 1000)
    assert read_issued(word(root)) is None


# --- restating ---


def restated(root: Path, now: datetime = LATER) -> Any:
    here = Workspace(root)
    [(_path, _content, found, _wrong)] = archive.manifests(here, "city")
    assert found is not None
    after, _problems = take(here, "city", month_end(SEPTEMBER), now)
    folder = root.parent / "again"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    before = archive.rebuilt(here, found, folder)
    assert before is not None
    assert after is not None
    assert counts(before) == found.figures
    return restate(found.figures, before, after)


def test_nothing_has_changed_in_a_month_of_which_nothing_came_later(root: Path) -> None:
    issue(root)
    found = restated(root, ISSUED)
    assert (found.figures, found.items) == ((), ())


def test_each_figure_and_each_item_is_restated_with_its_cause(root: Path) -> None:
    issue(root)
    text = head("west", "2026-09") + DONE
    build(root, {"2026-09/west.2.toml": text})
    writing.append(
        root / "status/city/2026-09/receipts.toml", receipt("west.2.toml", text, "2026-10-09T09:00:00+08:00")
    )
    october(root)
    found = restated(root)
    changed = {(c.of, c.name): (c.before, c.after) for c in found.figures}
    assert changed["unit:east", "verified"] == ("1", "0")
    assert changed["unit:west", "done"] == ("0", "1")
    assert ("city", "done") not in changed
    items = {(i.unit, i.item): i for i in found.items}
    assert [(c.kind, c.file, c.by, c.reason) for c in items["east", "mine-1"].causes] == [
        ("refuse", "status/city/2026-09/decisions.toml", "刘某", "属实")
    ]
    assert [(c.kind, c.file) for c in items["west", "mine-1"].causes] == [
        ("submission", "status/city/2026-09/west.2.toml")
    ]
    assert "2026年10月9日收到补报" in FORMATS["md"](restatement(found, "", date(2026, 10, 2))).decode()


def test_where_no_record_came_the_plans_or_the_program_are_the_cause(root: Path) -> None:
    issue(root)
    plan = (root / "plans/city/mine.toml").read_text(encoding="utf-8")
    build(root, plans={"mine.toml": plan.replace("due = 2026-09-30", "due = 2026-09-15")})
    assert {c.kind for i in restated(root, ISSUED).items for c in i.causes} == {"plans"}


def test_a_shared_number_is_restated_for_the_unit_that_gave_it_and_for_the_sum(root: Path) -> None:
    issue(root)
    text = head("west", "2026-09") + '[[update]]\nitem = "chem-1"\nstate = "推进中"\ndone = 40\n'
    build(root, {"2026-09/west.2.toml": text})
    writing.append(
        root / "status/city/2026-09/receipts.toml", receipt("west.2.toml", text, "2026-10-09T09:00:00+08:00")
    )
    items = {(i.unit, i.item): i for i in restated(root).items}
    assert {c.file for c in items["bureau", "chem-1"].causes} == {"status/city/2026-09/west.2.toml"}


def test_a_plan_dropped_since_is_still_named_and_an_unexplained_change_is_the_programs(root: Path) -> None:
    issue(root)
    found = restated(root)
    assert found.items == ()
    program = tuple(_causes(found.before, found.after, "west", "mine-1"))
    assert [c.kind for c in program] == ["program"]
    gone = replace(
        found, figures=(FigureChange("plan:gone", "done", "1", ""), FigureChange("unit:gone", "done", "1", ""))
    )
    standing = found.before.by_key["west", "mine-1"]
    gone = replace(gone, items=(ItemChange("west", "mine-1", standing, None, program),))
    said = FORMATS["md"](restatement(gone, "", date(2026, 10, 2))).decode()
    assert "| （没有） | 程序的规则有改动 |" in said
    assert "| gone | 已完成 | 1 | — |" in said


def test_restate_writes_a_paper_and_rows(root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    issue(root)
    october(root)
    assert main(["restate", "2026-09"], LATER, root) == 0
    said = capsys.readouterr().out
    assert "# 关于2026年9月份甲市安全生产行动进展情况通报的更正说明" in said
    assert "2026年10月20日核实不通过：属实" in said
    assert ".toml" not in said
    assert "刘某" not in said
    assert main(["restate", "2026-09", "--json"], LATER, root) == 0
    rows = json.loads(capsys.readouterr().out)
    [item] = [row for row in rows["items"] if row["item"] == "mine-1"]
    assert item["causes"][0]["file"] == "status/city/2026-09/decisions.toml"
    assert item["causes"][0]["by"] == "刘某"
    assert main(["restate", "2026-09", "-o", str(tmp_path / "更正说明.docx")], LATER, root) == 0
    assert read_issued((tmp_path / "更正说明.docx").read_bytes()) is not None
    # Known by its issue nothing differs, and the paper says so.
    assert main(["restate", "2026-09", "--known-by", "2026-10-02T16:00:05"], LATER, root) == 0
    assert "各项数据和事项均没有变化" in capsys.readouterr().out
    assert main(["restate", "2026-10"], LATER, root) == 1
    assert "2026-10 还没有定稿" in capsys.readouterr().err
    for path in (root / "status/city/archive").iterdir():
        path.unlink()
    assert main(["restate", "2026-09"], LATER, root) == 1
    assert "存档不完整" in capsys.readouterr().err
    (root / EDITION / "manifest.toml").write_bytes(b"x")
    assert main(["restate", "2026-09"], LATER, root) == 1
    assert "tracker audit" in capsys.readouterr().err


# --- the commands ---


def test_seal_and_audit_say_what_they_did(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["audit"], LATER, root) == 0
    assert "没有定稿" in capsys.readouterr().err
    assert main(["seal", "2026-09"], ISSUED, root) == 2
    assert main(["seal", "2026-09", "--by", "刘某", "--issued", "none.docx"], ISSUED, root) == 1
    assert "none.docx 读不出来" in capsys.readouterr().err
    (root / "印发稿.docx").write_bytes(word(root, figure))
    assert main(["seal", "2026-09", "--by", "刘某", "--issued", "印发稿.docx"], ISSUED, root) == 1
    said = capsys.readouterr()
    assert said.out == "一、总体情况“已完成”：系统 1，印发稿 4\n"
    assert "--despite" in said.err
    assert main(["seal", "2026-09", "--by", "刘某", "--number", "〔2026〕9号"], ISSUED, root) == 0
    said = capsys.readouterr()
    assert "2026-09 已定稿，〔2026〕9号，印发日期 2026-10-02；8 个文件、8 份依据存档在" in said.err
    assert "清单没有签名" in said.err
    assert main(["audit", "--json"], LATER, root) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["month"], row["holds"], row["told"]) == ("2026-09", True, [])
    assert main(["report", "2026-09"], LATER, root) == 0
    assert "2026-09 已于 2026-10-02 印发" in capsys.readouterr().err
    assert main(["report", "2026-09", "--known-by", "2026-10-02T16:00:05"], LATER, root) == 0
    assert "印发" not in capsys.readouterr().err
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    with monkeypatch.context() as on_a_terminal:
        on_a_terminal.setattr("sys.stdout", terminal)
        assert main(["restate", "2026-09", "--format", "docx"], LATER, root) == 2
    capsys.readouterr()
    (root / EDITION / "report-east.md").write_bytes(b"")
    assert main(["audit", "2026-09"], LATER, root) == 1
    said = capsys.readouterr()
    assert "2026-09 〔2026〕9号 2026-10-02　未签名　对不上" in said.out
    assert f"x {EDITION}/report-east.md：和清单里的校验值不符" in said.out
    assert "1 处对不上" in said.err
    assert main(["audit", "2026-08"], LATER, root) == 1
    (root / EDITION / "manifest.toml").write_bytes(b"x")
    assert main(["audit", "--json"], LATER, root) == 1
    assert json.loads(capsys.readouterr().out)[0]["issued"] is None


def test_a_month_left_out_and_a_key_that_does_not_sign_are_said(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_USER", "刘某")
    build(root, {"2026-08/east.toml": head(month="2026-08")})
    assert main(["seal", "2026-09", "--key", "none"], ISSUED, root) == 1
    assert "没有定稿：钥匙 " in capsys.readouterr().err
    assert not (root / EDITION / "manifest.toml").exists()
    assert main(["seal", "2026-09"], ISSUED, root) == 0
    assert "2026-08 没有定稿。\n" in capsys.readouterr().err
    build(root, {"2026-10/east.toml": OCTOBER_EAST})
    assert main(["seal", "2026-11"], datetime(2026, 12, 2, tzinfo=CHINA), root) == 0
    assert "本次定稿接在 2026-09 之后" in capsys.readouterr().err


@pytest.mark.needs_program
def test_a_key_of_the_environment_signs(
    root: Path, keys: Mapping[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_SIGNING_KEY", str(keys["east"]))
    assert main(["seal", "2026-09", "--by", "刘某"], ISSUED, root) == 0
    assert "没有签名" not in capsys.readouterr().err
    build(root, {"2026-10/east.toml": OCTOBER_EAST})
    assert main(["seal", "2026-10", "--by", "刘某"], LATER, root) == 0
    assert "第一次" not in capsys.readouterr().err
    assert main(["audit"], LATER, root) == 0
    assert capsys.readouterr().out.count("已签名　无误") == 2


def test_an_edition_is_written_in_chinese_whoever_reads_the_screen(root: Path) -> None:
    try:
        assert main(["seal", "2026-09", "--by", "刘某", "--lang", "en"], ISSUED, root) == 0
        assert "一、总体情况" in (root / EDITION / "bulletin.md").read_text(encoding="utf-8")
        assert main(["audit", "--lang", "en"], LATER, root) == 0
    finally:
        main(["explain", "--lang", "zh", "E01"], LATER, root)


def test_another_command_at_work_is_said(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 0.05)
    with writing.alone(root):
        assert main(["seal", "2026-09", "--by", "刘某"], ISSUED, root) == 1
    assert "另一个命令正在写" in capsys.readouterr().err


def test_a_disk_that_cannot_be_written_to_is_said(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(["seal", "2026-09", "--by", "刘某"], ISSUED, root) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert failures(root) == []


# --- interrupted, and at once ---


def _killed_at(root: Path, n: int) -> None:
    """Seal, and be killed at the n-th time that something reaches the disk."""
    left = [n]
    real = os.fsync

    def fatal(descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        real(descriptor)

    os.fsync = fatal  # type: ignore[assignment]
    issue(root)


def test_killed_at_any_moment_there_is_no_edition_or_a_whole_one_and_the_next_run_completes_it(
    root: Path, tmp_path: Path
) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["test_editions"])
    kills = 0
    for n in range(0, 42, 5):
        world = tmp_path / f"k{n}"
        shutil.copytree(root, world)
        before = {name: content for name, content in tree(world).items() if "/edition/" not in name}
        process = context.Process(target=_killed_at, args=(world, n))
        process.start()
        process.join(60)
        kills += process.exitcode == -signal.SIGKILL
        is_sealed = bool(sealed(Workspace(world), "city"))
        assert failures(world) == []
        assert {name: tree(world)[name] for name in before} == before
        found = issue(world)
        assert bool(found.refusal) == is_sealed
        assert failures(world) == []
        assert len(sealed(Workspace(world), "city")) == 1
    assert kills >= 5


def test_what_an_interrupted_sealing_left_gives_way_and_what_others_put_there_stays(root: Path) -> None:
    build(
        root,
        {"2026-09/edition/report-gone.md": "x", "2026-09/edition/manifest.toml": "", "2026-09/edition/我的.docx": "x"},
    )
    assert issue(root).refusal == ""
    assert failures(root) == [(f"{EDITION}/我的.docx", "清单里没有这个文件。")]


def test_of_two_at_once_one_seals_and_the_other_says_so(root: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    with context.Pool(2) as pool:
        found = pool.map(issue, [root, root])
    assert sorted(bool(one.refusal) for one in found) == [False, True]
    assert failures(root) == []


# --- the sample ---


def test_the_samples_editions_are_proved_and_small() -> None:
    here = Workspace(ROOT)
    found = audit(here, "liaocheng")
    assert [one.month for one in found] == ["2026-08", "2026-09"]
    assert [t for one in found for t in one.told if t.failed] == [], "run: python tests/sample_editions.py"
    folders = [here.archive("liaocheng"), *(here.edition("liaocheng", one.month) for one in sealed(here, "liaocheng"))]
    assert sum(p.stat().st_size for folder in folders for p in folder.iterdir()) < 1_500_000


def test_the_sample_as_sealed_is_the_sample_as_known_then() -> None:
    here = Workspace(ROOT)
    for one in sealed(here, "liaocheng"):
        snapshot, _problems = take(here, "liaocheng", month_end(one.month), one.known_by)
        [m] = [m for _p, _c, m, _w in archive.manifests(here, "liaocheng") if m and m.month == f"{one.month:%Y-%m}"]
        assert snapshot is not None
        assert counts(snapshot) == m.figures
