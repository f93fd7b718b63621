"""The papers: what they say, that formats agree, that equal inputs give equal bytes, and how they look as pages.

The goldens are the October bulletin and 茌平区's report of the sample; after a wanted change run
``TRACKER_GOLDEN=write python -m pytest tests/test_reports.py`` and read the difference.
"""

import io
import os
import re
import shutil
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import docx
import openpyxl
import pytest
import tiny
from docx.oxml.ns import qn
from papers import texts
from sample import KNOWN_BY, october, sample

from tracker.clocks import CHINA
from tracker.counts import counts
from tracker.reports import FORMATS, book, leaders_html, leaders_page, paper
from tracker.reports.document import Annex, Column, Document, Heading, Paragraph, Table
from tracker.snapshot import take
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def bulletin() -> Document:
    """October's bulletin."""
    return paper(october())


@pytest.fixture(scope="module")
def county() -> Document:
    """茌平区's report on October."""
    return paper(october(), "chiping")


@pytest.mark.parametrize("name", ["bulletin", "county"])
def test_the_papers_of_the_sample_are_as_agreed(name: str, request: pytest.FixtureRequest) -> None:
    written = FORMATS["md"](request.getfixturevalue(name))
    golden = GOLDEN / f"{name}.md"
    if os.environ.get("TRACKER_GOLDEN") == "write":
        golden.write_bytes(written)
    assert written.decode() == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("style", sorted(FORMATS))
@pytest.mark.parametrize("unit", [None, "chiping"])
def test_equal_inputs_give_equal_bytes(style: str, unit: str | None) -> None:
    first = FORMATS[style](paper(october(), unit))
    assert first == FORMATS[style](paper(sample(known_by=KNOWN_BY + timedelta(hours=1)), unit))


@pytest.mark.parametrize("name", ["bulletin", "county"])
def test_word_says_what_markdown_says(name: str, request: pytest.FixtureRequest) -> None:
    document = request.getfixturevalue(name)
    file = docx.Document(io.BytesIO(FORMATS["docx"](document)))
    in_word = [p.text for p in file.paragraphs]
    cells = [[[cell.text for cell in row.cells] for row in table.rows] for table in file.tables]
    markdown = FORMATS["md"](document).decode()
    for block in document.body:
        if isinstance(block, Heading | Paragraph):
            assert block.text in in_word
    tables = [b for annex in document.annexes for b in annex.blocks if isinstance(b, Table) and b.rows]
    assert cells == [[[c.title for c in t.columns], *([*row] for row in t.rows)] for t in tables]
    rows = [line for line in markdown.splitlines() if line.startswith("|") and not re.match(r"\| :?-+:? \|", line)]
    read_back = [[re.sub(r"\\(.)", r"\1", cell)[1:-1] for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in rows]
    assert read_back == [row for table in cells for row in table]


@pytest.mark.parametrize("name", ["bulletin", "county"])
def test_no_paper_shows_ids_files_or_hashes(name: str, request: pytest.FixtureRequest) -> None:
    said = "\n".join(texts(request.getfixturevalue(name)))
    assert not re.search(r"(chemical|mine|industry)-", said)
    assert ".toml" not in said
    assert not re.search(r"[0-9a-f]{16}", said)


def test_the_bulletin_has_its_parts_in_order(bulletin: Document) -> None:
    headings = [b.text for b in bulletin.body if isinstance(b, Heading) and b.level == 1]
    assert headings == ["一、总体情况", "二、工作成效", "三、存在问题", "四、下步要求"]
    assert [annex.title for annex in bulletin.annexes] == ["汇总表", "逾期清单", "下月到期事项", "报送情况"]
    assert bulletin.title == "关于2026年10月份聊城市安全生产治本攻坚三年行动进展情况的通报"
    assert bulletin.signed_on == "2026年11月2日"
    assert bulletin.signer is None


def test_the_figures_of_the_bulletin_add_up(bulletin: Document) -> None:
    overall = next(b.text for b in bulletin.body if isinstance(b, Paragraph) and "应完成事项" in b.text)
    number = {
        key: int(found[1]) if (found := re.search(pattern, overall)) else 0
        for key, pattern in {
            "owed": r"应完成事项 (\d+) 项",
            "done": r"已完成 (\d+) 项",
            "late": r"逾期 (\d+) 项",
            "missed": r"漏报 (\d+) 期",
            "others": r"其余 (\d+) 项",
        }.items()
    }
    assert number["owed"] == number["done"] + number["late"] + number["others"]
    totals, late = (annex.blocks[0] for annex in bulletin.annexes[:2])
    assert isinstance(totals, Table)
    assert isinstance(late, Table)
    *units, city = totals.rows
    for column in range(1, 4):
        assert sum(int(row[column]) for row in units) == int(city[column])
    assert int(city[1]) == number["owed"]
    assert int(city[5]) == len(late.rows) == number["late"] - number["missed"]
    assert int(city[6]) == number["missed"]


def test_units_stand_in_protocol_order(bulletin: Document) -> None:
    totals = bulletin.annexes[0].blocks[0]
    assert isinstance(totals, Table)
    names = [unit.name for unit in october().programme.units]
    assert [row[0] for row in totals.rows[:-1]] == names


def test_a_county_report_asks_for_nothing_and_has_a_signer(county: Document) -> None:
    assert county.signer == ""
    assert not any("申请延期" in text or "请批准" in text for text in texts(county))
    assert county.addressee == "市应急管理局："


def test_a_quiet_month_says_so(tmp_path: Path) -> None:
    """A programme from which nobody sent anything still gives a whole paper."""
    shutil.copytree(ROOT / "plans", tmp_path / "plans")
    (tmp_path / "status").mkdir()
    snapshot, _problems = take(Workspace(tmp_path), "liaocheng", date(2026, 8, 1), datetime(2026, 9, 3, tzinfo=CHINA))
    assert snapshot is not None
    said = "\n".join(texts(paper(snapshot)))
    assert "未报的有" in said
    assert "待报" not in said
    assert "本月没有同时做到" in said
    assert "没有单独报送做法" in "\n".join(texts(paper(snapshot, "chiping")))


def test_the_last_month_of_a_programme_asks_to_finish_and_not_to_report() -> None:
    snapshot = sample(date(2025, 12, 31), datetime(2026, 1, 6, tzinfo=CHINA), "dongying")
    said = "\n".join(texts(paper(snapshot)))
    assert "一是做好收官。行动已到2025年12月31日" in said.replace(" ", "")
    assert "月报请于" not in said


def test_before_the_day_has_passed_nobody_is_said_to_have_failed_to_report() -> None:
    # 2 September 2026 is a Wednesday: the last day on which August's reports are in time.
    snapshot = sample(date(2026, 8, 31), datetime(2026, 9, 1, tzinfo=CHINA))
    table = paper(snapshot).annexes[3].blocks[0]
    assert isinstance(table, Table)
    assert {status for row in table.rows for status in row if status in ("待报", "未报")} == {"待报"}


def test_the_bulletin_names_the_last_day_and_counts_it_in(bulletin: Document) -> None:
    assert "2026年11月份月报请于2026年12月2日（含当日）前报送。" in "\n".join(texts(bulletin))


@pytest.mark.parametrize(
    ("measure", "sentence"),
    [
        ("执法大队逐条补录。", "逾期的“公布包保名单”：执法大队逐条补录，2026-12-20 前完成。"),
        ("Enter them one by one.", "逾期的“公布包保名单”：Enter them one by one，2026-12-20 前完成。"),
        (None, "逾期的“公布包保名单”2026-12-20 前完成。"),
    ],
)
def test_a_county_says_how_and_by_when_it_will_make_good_what_is_late(
    tmp_path: Path, measure: str | None, sentence: str
) -> None:
    more = f'measure = "{measure}"\n' if measure is not None else ""
    ruling = 'item = "mine-1"\nstate = "推进中"\ncause = "资金没有到位。"\npromised_on = 2026-12-20\n' + more
    text = tiny.decision("correct", "east", "2026-11-03T09:00:00+08:00", ruling)
    snapshot = tiny.see(tmp_path, {"2026-10/decisions.toml": text})
    said = list(texts(paper(snapshot, "east")))
    assert [line for line in said if line.startswith("逾期的")] == [sentence]
    [trouble] = [line for line in said if "原因：" in line]
    assert "原因：资金没有到位；" in trouble
    assert ("措施：" in trouble) == (measure is not None)


HOSTILE = '<w:p>&amp; | `x` *b* _i_ [l](http://e) \x1b[31m \u202egnirts\x00 =1+1 "q"'


@pytest.fixture
def hostile() -> Document:
    """A paper full of text that wants to be something else."""
    table = Table((Column(HOSTILE, 1), Column("b", 1, "right")), ((HOSTILE, "1\n2"),))
    return Document(
        HOSTILE, HOSTILE, HOSTILE, (Heading(1, HOSTILE), Paragraph(HOSTILE), table, Table(table.columns, (), "无")),
        HOSTILE, "2026年", signer=HOSTILE, number=HOSTILE, notice=HOSTILE, annexes=(Annex(HOSTILE, (table,)),),
    )  # fmt: skip


def test_hostile_text_stays_text_in_markdown(hostile: Document) -> None:
    written = FORMATS["md"](hostile).decode()
    assert "\x1b" not in written
    assert "\u202e" not in written
    assert "<w:p>" not in written
    rows = [line for line in written.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3}


def test_hostile_text_stays_text_in_word(hostile: Document) -> None:
    file = docx.Document(io.BytesIO(FORMATS["docx"](hostile)))
    cell = file.tables[0].rows[1].cells[0].text
    assert cell.startswith("<w:p>&amp; | `x`")
    assert "\x1b" not in cell
    assert file.tables[0].rows[1].cells[1].text == "1 2"


def test_word_is_laid_out_by_the_standard(bulletin: Document) -> None:
    """GB/T 9704-2012: A4, margins 37 and 28 mm, type area 156 × 225 mm, East Asian fonts on every run."""
    content = FORMATS["docx"](bulletin)
    file = docx.Document(io.BytesIO(content))
    first = file.sections[0]
    assert [round(length.mm) for length in (first.page_width, first.page_height)] == [210, 297]  # type: ignore[union-attr]
    assert [round(length.mm) for length in (first.top_margin, first.left_margin)] == [37, 28]  # type: ignore[union-attr]
    area = [
        round((first.page_width - first.left_margin - first.right_margin) / 36000),  # type: ignore[operator]
        round((first.page_height - first.top_margin - first.bottom_margin) / 36000),  # type: ignore[operator]
    ]
    assert area == [156, 225]
    wide = [s.page_width > s.page_height for s in file.sections[1:]]  # type: ignore[operator]
    assert wide == [annex.is_wide for annex in bulletin.annexes]
    runs = [run for p in file.paragraphs for run in p.runs if run.text.strip()]
    fonts = {run._r.get_or_add_rPr().get_or_add_rFonts().get(qn("w:eastAsia")) for run in runs}
    assert None not in fonts
    assert fonts <= {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"}
    for table in file.tables:
        assert table.rows[0]._tr.get_or_add_trPr().find(qn("w:tblHeader")) is not None
        assert all(row._tr.get_or_add_trPr().find(qn("w:cantSplit")) is not None for row in table.rows)
    assert file.settings.odd_and_even_pages_header_footer
    assert bulletin.fingerprint == file.core_properties.identifier
    with zipfile.ZipFile(io.BytesIO(content)) as members:
        assert {member.date_time for member in members.infolist()} == {(2026, 1, 1, 0, 0, 0)}


def test_every_form_of_the_month_gives_the_same_figures(bulletin: Document) -> None:
    """Markdown, Word, the archive's manifest, the Excel annex and the leaders' page, read back."""
    snapshot = october()
    totals = bulletin.annexes[0].blocks[0]
    assert isinstance(totals, Table)
    rows = [[column.title for column in totals.columns], *([*row] for row in totals.rows)]
    in_word = docx.Document(io.BytesIO(FORMATS["docx"](bulletin))).tables[0]
    assert [[cell.text for cell in row.cells] for row in in_word.rows] == rows
    markdown = FORMATS["md"](bulletin).decode()
    assert all("| " + " | ".join(row) + " |" in markdown for row in rows)
    summary = openpyxl.load_workbook(io.BytesIO(book(snapshot))).worksheets[0]
    in_excel = {str(row[0]): row[1:] for row in summary.iter_rows(values_only=True) if row[0] is not None}
    listed = {c.of: c for c in counts(snapshot)}
    names = {unit.name: f"unit:{unit.id}" for unit in snapshot.programme.units} | {"全市合计": "city"}
    for name, *cells in rows[1:]:
        found = listed[names[name]]
        owed, done, verified, _rate, late, missed, month_done = cells[:7]
        numbers = (found.owed, found.done, found.verified, found.late - found.missed, found.missed, found.month_done)
        assert [owed, done, verified, late, missed, month_done] == [str(n) for n in numbers]
        assert list(in_excel[name][:3]) == [int(owed), int(done), int(verified)]
    city = dict(zip(rows[0], rows[-1], strict=True))
    html = leaders_html(snapshot).decode()
    figures = FORMATS["md"](leaders_page(snapshot)).decode()
    assert f"| 本月 | {city['应完成']} | {city['已完成']} | {city['其中销号']} | {city['按期率']} |" in figures
    assert all(
        re.search(rf">\s*{re.escape(city[name])}\s*<", html) for name in ("应完成", "已完成", "其中销号", "按期率")
    )


def test_the_text_for_a_mail_says_every_cell_and_every_sentence_without_markup(bulletin: Document) -> None:
    text = FORMATS["txt"](bulletin).decode()
    for block in [*bulletin.body, *(block for annex in bulletin.annexes for block in annex.blocks)]:
        if isinstance(block, Table):
            for row in block.rows:
                told = "；".join(f"{c.title}：{cell}" for c, cell in zip(block.columns, row, strict=True) if cell)
                assert f"\n{told}。\n" in text
        else:
            assert f"\n{block.text}\n" in text
    assert not re.search(r"^(#|\||\*\*|>)", text, re.MULTILINE)
