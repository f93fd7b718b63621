"""Issuing a month: its papers, its inputs and a manifest, chained to the months before."""

import io
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sealed import (
    EDITION,
    ISSUED,
    LATER,
    OCTOBER_EAST,
    SEPTEMBER,
    failures,
    figure,
    issue,
    october,
    reported,
    told,
    tree,
    word,
)
from tiny import CHINA, OCTOBER, build, decision, head

from tracker import archive, manifest, writing
from tracker.auditing import audit
from tracker.cli import main
from tracker.counts import counts
from tracker.deadlines import month_end
from tracker.editions import sealed
from tracker.manifest import Listed
from tracker.reports import FORMATS
from tracker.reports.bulletin import bulletin
from tracker.reports.document import Table
from tracker.snapshot import take
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two units have reported on September, and the city has verified an item."""
    return reported(tmp_path / "w")


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
