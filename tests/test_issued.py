"""The paper as issued: its number, signer and day, and every figure that the office changed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from sample import sample
from sealed import EDITION, LATER, figure, issue, number_it, paragraph, reported, rewrite, told, word

from tracker.reports import FORMATS
from tracker.reports.bulletin import bulletin
from tracker.reports.issued import differences, read_issued


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two units have reported on September, and the city has verified an item."""
    return reported(tmp_path / "w")


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
    paper = bulletin(sample(known_by=LATER))
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
