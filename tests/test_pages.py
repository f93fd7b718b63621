"""The papers as pages: LibreOffice lays them out, and what a reader would hold in hand is looked at."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from office import converted, told_by
from papers import papers
from sample import WORKSPACE, october, sample

from tracker.clocks import CHINA
from tracker.counts import counts
from tracker.letters import read_letters
from tracker.reports import FORMATS, paper
from tracker.reports.document import Document, Paragraph
from tracker.reports.draft import draft
from tracker.reports.extension import extension
from tracker.reports.restatement import restatement
from tracker.reports.sheet import sheet
from tracker.restating import restate


@dataclass(frozen=True)
class Pages:
    """A paper as LibreOffice lays it out."""

    turned: tuple[bool, ...]
    fonts: str
    words: str
    """Pages end with a form feed."""
    imprint: float | None
    """How far down the last page the day of printing stands, in points; None where there is none."""


def laid_out(content: bytes, folder: Path) -> Pages:
    """The pages of a Word file."""
    (folder / "paper.docx").write_bytes(content)
    [pdf] = converted("pdf", folder / "paper.docx")
    sizes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", told_by("pdfinfo", "-l", "99", pdf))
    turned = tuple(float(width) > float(height) for width, height in sizes)
    last = told_by("pdftotext", "-bbox", "-f", str(len(turned)), pdf, "-")
    down = re.findall(r'yMin="([\d.]+)"[^>]*>[^<]*印发<', last)
    fonts, words = told_by("pdffonts", pdf), told_by("pdftotext", "-layout", pdf, "-")
    return Pages(turned, fonts, words, float(down[-1]) if down else None)


def light() -> Document:
    """依据单 of one red light."""
    snapshot = october()
    return sheet(snapshot, snapshot.by_key["shenxian", "chemical-19"], read_letters(WORKSPACE, snapshot.programme)[0])


def corrected() -> Document:
    """September's restatement."""
    snapshot = sample(date(2026, 9, 30))
    earlier = sample(date(2026, 9, 30), datetime(2026, 10, 2, 16, tzinfo=CHINA))
    return restatement(restate(counts(earlier), earlier, snapshot), "示例〔2026〕10号", date(2026, 10, 2))


def asked_later() -> Document:
    """茌平区's 延期申请表."""
    snapshot = october()
    return extension(snapshot, snapshot.by_key["chiping", "mine-19.1"])


@pytest.mark.needs_program
@pytest.mark.parametrize(
    ("make", "pages", "turned", "ends"),
    [
        (lambda: paper(october()), range(8, 15), 4, True),
        (lambda: paper(october(), "chiping"), range(6, 13), 3, True),
        (lambda: papers("urging"), range(2, 3), 0, False),
        (light, range(1, 2), 0, False),
        (lambda: draft(october(), "shenxian"), range(2, 3), 1, False),
        (corrected, range(4, 9), 2, True),
        (asked_later, range(1, 2), 0, False),
    ],
    ids=["bulletin", "county", "letter", "sheet", "draft", "restatement", "extension"],
)
def test_libreoffice_makes_pages_with_chinese_fonts(
    make: Callable[[], Document], pages: range, turned: int, ends: bool, tmp_path: Path
) -> None:
    document = make()
    content = FORMATS["docx"](document)
    found = laid_out(content, tmp_path)
    assert len(found.turned) in pages
    assert sum(found.turned) >= turned
    assert (sum(found.turned) > 0) == (turned > 0)
    assert found.turned[0] is False
    assert re.search("CJK|Song|Hei|Kai|Ming|Wen", found.fonts)
    assert "\ufffd" not in found.words
    by_page = found.words.split("\f")[: len(found.turned)]
    assert "".join(document.title.split())[:8] in "".join(by_page[0].split())
    # 版记 is on the last page, at the foot of its type area, 262 mm down.
    assert (found.imprint is not None) == ends
    assert found.imprint is None or 700 < found.imprint < 743
    if document.form in ("bulletin", "report"):
        assert re.search(r"— ?1 ?—", by_page[0])
    signed = next(page for page in by_page if "".join(document.signed_on.split()) in "".join(page.split()))
    assert len(signed.split("\n")) > 3
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        named = set(re.findall('w:eastAsia="([^"]+)"', packed.read("word/document.xml").decode()))
    assert named <= {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"}
    assert {"方正小标宋简体", "仿宋_GB2312"} <= named


@pytest.mark.needs_program
def test_a_line_has_28_characters_and_a_page_22_lines(tmp_path: Path) -> None:
    """The type area as the standard counts it."""
    text = Document("甲", "题", "主送：", (Paragraph("字" * 28 * 60), Paragraph("完。")), "甲", "2026年")
    second = laid_out(FORMATS["docx"](text), tmp_path).words.split("\f")[1]
    full = [line.strip() for line in second.splitlines() if line.strip().startswith("字")]
    assert {len(line) for line in full} == {28}
    assert len(full) == 22
