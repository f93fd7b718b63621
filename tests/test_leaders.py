"""The leaders' sheet: what it says is what the views say, it fits one sheet, and every form of it agrees."""

import io
import re
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path

import docx
import pytest
import tiny
from docx.oxml.ns import qn
from programs import program
from sample import KNOWN_BY, sample

from tracker import language
from tracker.cli import main
from tracker.clocks import CHINA
from tracker.lights import cell_words
from tracker.reports import CONVERTED, FORMATS, leaders_page
from tracker.reports import leaders as page
from tracker.reports.as_pdf import FONTS, CannotConvert, missing_fonts
from tracker.reports.document import Column, Document, Heading, Paragraph, Table
from tracker.snapshot import Snapshot
from tracker.summary import summary
from tracker.terminal import cut, width

ROOT = Path(__file__).parent.parent
NEW_YEAR = datetime(2026, 1, 6, tzinfo=CHINA)


@pytest.fixture(scope="module")
def sheet(october: Snapshot) -> Document:
    """Its leaders' sheet."""
    return leaders_page(october)


def tables(document: Document) -> list[Table]:
    """The tables that a reader sees as tables."""
    return [block for block in document.body if isinstance(block, Table) and block.rows]


def crowded(root: Path, units: int = 24) -> Snapshot:
    """A programme of many units of which the last ones are the worst, with as much to study as to fit."""
    extra = "".join(
        f'\n[[unit]]\nid = "u{n}"\nname = "虚构第{n}高新技术产业开发区"\nlevel = "county"\n' for n in range(units)
    )
    tasks = "".join(
        f'\n[[task]]\nitem = "2{n}"\ntitle = "等待"\n[[task.milestone]]\nid = "mine-2{n}"\n'
        f'title = "等待省里明确的第{n}件事"\n'
        f'what = "等"\nwording = "年底前"\ndue = 2026-12-31\nlevel = ["county"]\nwaits_on = "省"\n'
        for n in range(12)
    )
    cause = "因为一件说来话长的事，" * 12
    blocked = "".join(
        f'[[update]]\nitem = "mine-2{n}"\nstate = "受阻"\ncause = "{cause}"\nmeasure = "逐级请示，先行准备"\n'
        f"promised_on = 2026-12-20\n"
        f'waiting_on = "省厅"\n'
        for n in range(12)
    )
    programme = tiny.PROGRAMME.replace("\n[[report]]", f"{extra}\n[[report]]")
    return tiny.see(
        root,
        {"2026-10/u23.toml": tiny.head("u23") + blocked},
        plans={"programme.toml": programme, "mine.toml": tiny.MINE + tasks},
    )


# --- what it says ---


def test_the_figures_are_the_summarys_with_last_months(october: Snapshot, sheet: Document) -> None:
    found = summary(october)
    assert found.before is not None
    [figures, *_others] = tables(sheet)
    assert [c.title for c in figures.columns[1:]] == ["应完成", "已完成", "其中销号", "按期率", "逾期", "未按时报送"]
    for row, f, late in zip(
        figures.rows, (found.now, found.before), (found.not_reported, found.not_reported_before), strict=True
    ):
        assert row[1:] == (str(f.owed), str(f.done), str(f.verified), f"{f.rate:.1f}%", str(f.late), str(late))


def test_before_the_books_began_there_is_no_last_month(tmp_path: Path) -> None:
    [figures, *_others] = tables(leaders_page(tiny.see(tmp_path, as_of=date(2026, 8, 31))))
    assert figures.rows[1] == ("上月", *["—"] * 6)


def test_the_matrix_has_every_unit_and_cell_with_word_and_sign(october: Snapshot, sheet: Document) -> None:
    found = summary(october).matrix
    matrix = tables(sheet)[1]
    assert [row[0] for row in matrix.rows] == [unit.brief for unit in found.units]
    assert [row[1:] for row in matrix.rows] == [tuple(cell_words(c, page.SIGNS) for c in row) for row in found.cells]
    assert "■ 红" in matrix.rows[3][1]
    assert any("■ 红" in block.text for block in sheet.body if isinstance(block, Paragraph))


def test_three_sentences_say_what_is_done_late_and_next(october: Snapshot) -> None:
    done, late, ahead = page.sentences(october, summary(october))
    assert done == (
        "截至2026年10月31日，应完成 455 项，已完成 429 项，其中核实销号 233 项，按期率 90.1%，较上月提高 0.5 个百分点。"
    )
    assert late == (
        "逾期 14 项（含以往各期漏报 3 期），较上月增加 5 项，涉及莘县 7 项、茌平区 2 项、冠县 1 项等 7 个单位；"
        "最久的是莘县“高危场所无人化”，逾期 669 天。"
    )
    assert ahead == "接下来到期：30 天内 35 项、60 天内 36 项、90 天内 239 项；受阻或待上级明确 7 类，需要研究。"


def test_a_day_on_which_nothing_is_late_says_so(tmp_path: Path) -> None:
    snapshot = tiny.see(tmp_path, as_of=date(2026, 8, 1))
    _done, late, ahead = page.sentences(snapshot, summary(snapshot))
    assert late == "没有逾期事项。"
    assert ahead.endswith("没有受阻的事项。")


def test_worst_and_next_stand_beside_each_other(october: Snapshot, sheet: Document) -> None:
    found = summary(october)
    pairs = tables(sheet)[2]
    assert len(pairs.rows) == 10
    assert pairs.rows[0] == (
        "莘县　高危场所无人化（化工）",
        "逾期 669 天",
        "茌平区　每月报市应急局（矿山）",
        "2026-11-02",
    )
    assert [row[1] for row in pairs.rows] == [f"逾期 {s.days_late} 天" for s in found.worst]
    assert [row[3] for row in pairs.rows] == [str(group[0].due) for group in found.coming]


def test_the_shorter_of_the_two_lists_leaves_its_cells_empty(tmp_path: Path) -> None:
    snapshot = tiny.see(tmp_path)
    found, pairs = summary(snapshot), tables(leaders_page(snapshot))[2]
    assert len(found.worst) != len(found.coming)
    assert len(pairs.rows) == max(len(found.worst), len(found.coming))
    assert ("", "") in (pairs.rows[-1][:2], pairs.rows[-1][2:])


def test_what_wants_a_decision_says_on_whom_it_waits_and_why(sheet: Document) -> None:
    waiting = tables(sheet)[3]
    assert (
        "莘县　老旧装置关键设备改造（化工）",
        "受阻",
        "2026-12-31",
        "在等：设备制造厂；制造厂仍无交货期",
    ) in waiting.rows
    assert any(row[3] == "在等：省" for row in waiting.rows)


def test_a_day_without_trouble_says_so_in_words() -> None:
    document = leaders_page(sample(date(2025, 12, 31), NEW_YEAR, "dongying"))
    empty = [block.empty for block in document.body if isinstance(block, Table) and not block.rows]
    assert empty == ["没有当期逾期的事项，60 天内也没有到期的事项。", "没有受阻或待上级明确的事项。"]


def test_of_many_units_the_worst_are_listed_in_protocol_order(tmp_path: Path) -> None:
    snapshot = crowded(tmp_path)
    document = leaders_page(snapshot)
    found = summary(snapshot).matrix
    names = [row[0] for row in tables(document)[1].rows]
    assert len(names) == page.MOST_UNITS < len(found.units)
    order = [cut(unit.brief, page.UNIT_COLUMNS) for unit in found.units]
    assert names == sorted(names, key=order.index)
    said = [block.text for block in document.body if isinstance(block, Paragraph)]
    assert any(text.endswith(f"另有 {len(order) - page.MOST_UNITS} 个单位没有列出，灯不比表中的差。") for text in said)
    assert any(re.fullmatch(r"另有 \d+ 类没有列出。", text) for text in said)
    assert all(width(row[3]) <= page.REASON_COLUMNS for row in tables(document)[3].rows)
    assert tables(document)[3].rows[-1][3].endswith("…")


def test_it_shows_no_ids_files_or_hashes_and_ends_with_room_to_write(sheet: Document) -> None:
    markdown = FORMATS["md"](sheet).decode()
    assert not re.search(r"(chemical|mine|industry)-|\.toml|[0-9a-f]{16}", markdown)
    assert "内部资料" in markdown
    assert "示例数据" in markdown
    assert tables(sheet)[-1] == Table((Column("领导批示", 1),), (("",),), height=16)


# --- its forms ---


@pytest.mark.parametrize("style", ["md", "docx"])
def test_equal_inputs_give_equal_bytes(style: str) -> None:
    again = sample(known_by=KNOWN_BY + timedelta(hours=1))
    assert FORMATS[style](leaders_page(sample())) == FORMATS[style](leaders_page(again))


def test_word_says_what_markdown_says_cell_for_cell(sheet: Document) -> None:
    file = docx.Document(io.BytesIO(FORMATS["docx"](sheet)))
    in_word = [[[cell.text for cell in row.cells] for row in table.rows] for table in file.tables]
    assert in_word == [[[c.title for c in t.columns], *([*row] for row in t.rows)] for t in tables(sheet)]
    lines = FORMATS["md"](sheet).decode().splitlines()
    rows = [line for line in lines if line.startswith("|") and not re.match(r"\| :?-+:? \|", line)]
    read_back = [[re.sub(r"\\(.)", r"\1", cell)[1:-1] for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in rows]
    assert read_back == [row for table in in_word for row in table]
    words = [p.text for p in file.paragraphs]
    for block in sheet.body:
        if isinstance(block, Heading | Paragraph):
            assert block.text in words
    assert file.core_properties.identifier == sheet.fingerprint


def test_the_row_for_handwriting_is_high_and_nothing_is_red(sheet: Document) -> None:
    file = docx.Document(io.BytesIO(FORMATS["docx"](sheet)))
    heights = [row._tr.get_or_add_trPr().find(qn("w:trHeight")) for row in file.tables[-1].rows]
    assert heights[0] is None
    assert int(heights[1].get(qn("w:val"))) > 900
    assert "E60012" not in file.element.xml


@pytest.mark.needs_program
@pytest.mark.parametrize("which", ["liaocheng", "dongying", "crowded"])
def test_it_fits_one_sheet_of_a4(which: str, tmp_path: Path) -> None:
    program("soffice", "libreoffice-writer-nogui")
    info = program("pdfinfo", "poppler-utils")
    days = {"liaocheng": (date(2026, 10, 31), KNOWN_BY), "dongying": (date(2025, 12, 31), NEW_YEAR)}
    snapshot = sample(*days[which], which) if which in days else crowded(tmp_path / "workspace")
    (tmp_path / "page.pdf").write_bytes(CONVERTED["pdf"](FORMATS["docx"](leaders_page(snapshot))))
    said = subprocess.run([info, str(tmp_path / "page.pdf")], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Pages: +1\n", said)
    assert "(A4)" in said


@pytest.mark.needs_program
def test_the_same_word_file_gives_the_same_pdf_and_leaves_nothing(
    sheet: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("soffice", "libreoffice-writer-nogui")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    word = FORMATS["docx"](sheet)
    first = CONVERTED["pdf"](word)
    assert first == CONVERTED["pdf"](word)
    assert first.startswith(b"%PDF")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.needs_program
def test_the_picture_for_the_phone_is_the_page(sheet: Document) -> None:
    program("soffice", "libreoffice-writer-nogui")
    program("pdftoppm", "poppler-utils")
    picture = CONVERTED["png"](FORMATS["docx"](sheet))
    assert picture.startswith(b"\x89PNG")
    width, height = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    assert (width, height) == (1323, 1871)


@pytest.mark.parametrize(("style", "needed"), [("pdf", "LibreOffice"), ("png", "pdftoppm")])
def test_without_the_other_program_one_sentence_says_what_is_missing(
    style: str, needed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotConvert, match=needed):
        CONVERTED[style](b"")


def test_the_fonts_that_a_computer_lacks_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(missing_fonts()) <= set(FONTS)
    lister = tmp_path / "fc-list"
    lister.write_text("#!/bin/sh\necho '仿宋_GB2312,FangSong_GB2312'\necho 黑体\n", encoding="utf-8")
    lister.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert missing_fonts() == ("方正小标宋简体", "楷体_GB2312")
    monkeypatch.setenv("PATH", "")
    assert missing_fonts() == ()


def office(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program under LibreOffice's name."""
    folder.mkdir()
    (folder / "soffice").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'no fonts' >&2; exit 3", "no fonts"),
        ("exit 4", "4"),
        ("exit 0", "没有转成 PDF"),
        ("sleep 60 & sleep 60", "已停止"),
    ],
)
def test_a_conversion_that_fails_says_why(
    script: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office(tmp_path / "bin", script, monkeypatch)
    monkeypatch.setattr("tracker.reports.as_pdf.SECONDS", 1)
    with pytest.raises(CannotConvert, match=said):
        CONVERTED["pdf"](b"no Word file")


def test_a_program_that_cannot_be_started_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office(tmp_path / "bin", "", monkeypatch)
    (tmp_path / "bin" / "soffice").write_bytes(b"#!/no/such/interpreter\n")
    with pytest.raises(CannotConvert, match="soffice 没有转成"):
        CONVERTED["pdf"](b"")


# --- the command ---


def command(*words: str, here: Path = ROOT) -> int:
    return main(["report", "2026-10", *words], now=KNOWN_BY, here=here)


def test_the_command_writes_the_page_in_the_form_of_the_files_name(
    sheet: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("--page", "-o", str(tmp_path / "page.docx")) == 0
    assert (tmp_path / "page.docx").read_bytes() == FORMATS["docx"](sheet)
    assert command("--page", "--format", "html", "-o", str(tmp_path / "page.txt")) == 0
    assert (tmp_path / "page.txt").read_text(encoding="utf-8").startswith("<!doctype html>")
    capsys.readouterr()
    assert command("--page") == 0
    assert capsys.readouterr().out == FORMATS["md"](sheet).decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "x.html"), "网页格式（html）只有领导一页有"),
        (("--page", "--unit", "chiping"), "不能和 --unit 一起写"),
        (("--page", "-o", "x.xlsx"), "不和 --page 一起写"),
    ],
)
def test_what_does_not_go_together_is_said(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*words) == 2
    assert said in capsys.readouterr().err


def test_a_missing_program_ends_the_command_with_its_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert command("--page", "-o", str(tmp_path / "page.pdf")) == 1
    assert "转 PDF 要用 LibreOffice，这台电脑上没有" in capsys.readouterr().err
    assert not (tmp_path / "page.pdf").exists()


def test_the_sheet_speaks_english_too(october: Snapshot) -> None:
    language.use("en")
    try:
        assert leaders_page(october).form == "sheet"
        assert summary(october).now.owed == 455
    finally:
        language.use("zh")
