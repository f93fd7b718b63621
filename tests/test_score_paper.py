"""The score sheet as a paper, and what the monthly papers say of the assessments."""

import tempfile
import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from checklisted import BAD, CHECKLIST, OWN, PLANS, SHEETS, files, found, sheet_text
from tiny import CHINA, LATER, build, head, receipt, see

from tracker.archive import rebuilt
from tracker.assessments import assessments, awaited, rounds
from tracker.auditing import audit
from tracker.cli import main
from tracker.deadlines import Period
from tracker.editions import Issue, seal
from tracker.reports import FORMATS, paper, score_paper
from tracker.reports.document import Document, Heading, Paragraph, Table
from tracker.reports.score import period as said_period
from tracker.snapshot import Snapshot
from tracker.workspace import Workspace

SEPTEMBER_END = date(2026, 9, 30)
NOW = datetime(2026, 10, 12, 9, 30, tzinfo=CHINA)
CONTESTED = "看到了；企业异议：有机构（孙某，2026-09-21）；异议不采纳：没有文件，维持（王某，2026-09-24）"


def of(snapshot: Snapshot, enterprise: str = "south", period: str = "2026-Q3") -> Document:
    return score_paper(snapshot, assessments(snapshot, enterprise, period)[0])


def tables(document: Document) -> list[Table]:
    return [block for block in document.body if isinstance(block, Table)]


def facts_of(document: Document) -> dict[str, str]:
    return {row[0]: row[1] for row in tables(document)[0].rows}


def headings(document: Document) -> list[str]:
    return [block.text for block in document.body if isinstance(block, Heading)]


def said(document: Document) -> str:
    return FORMATS["md"](document).decode()


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return see(tmp_path, SHEETS, SEPTEMBER_END, plans=PLANS)


def test_the_paper_says_who_assessed_what_was_lost_where_and_how_to_get_back(snapshot: Snapshot) -> None:
    document = of(snapshot)
    assert document.title == "示例南矿有限公司2026年三季度清单考核表"
    assert (document.letterhead, document.form, document.signed_on) == ("东山县", "form", "2026年9月20日")
    assert headings(document) == [
        "一、各项得分", "二、扣分和否决", "三、抽查", "四、原文另一种读法的分数", "五、整改建议", "六、签字",
    ]  # fmt: skip
    _facts, scores, losses, sampled, signatures = tables(document)
    assert facts_of(document) == {
        "依据": "《甲市双重预防清单》（附件）",
        "考核单位": "东山县",
        "企业自评": "30 分，2026年9月10日，孙某",
        "部门考核": "11 分，2026年9月20日，王某、李某",
        "结果": "不合格（满分 30 分，20 分合格）",
        "否决": "A级否决：没有责任制",
        "与自评相差": "-19 分",
        "与上期相比": "上期 28 分，-17 分",
    }
    assert ("　1.1 职责", "12", "12", "8", "12") in scores.rows
    assert ("1 基础", "20", "20", "1", "18") in scores.rows
    assert scores.rows[-1] == ("合计", "30", "30", "11", "28")
    assert losses.rows == (
        ("1.1", "缺清单", "—", "4（2 次）", "看到了", "—"),
        ("1.1", "A级否决：没有责任制", "—", "15", CONTESTED, "—"),
    )
    assert sampled.rows == (
        ("抽查岗位", "40", "10 个岗位", "10", "10"),
        ("询问人员", "—", "5 人", "—", "5"),
    )
    assert [row[0] for row in signatures.rows] == ["考核人员", "考核单位（盖章）", "企业意见、负责人"]
    words = [block.text for block in document.body if isinstance(block, Paragraph)]
    assert "上期扣分、本期没有再发现的：缺一项。" in words
    assert any("另一种读法“两条都有”：26 分，合格。" in one for one in words)
    assert "最少整改 1 条即可合格（26 分）：没有责任制。" in words


def test_a_clean_sheet_has_no_part_that_says_nothing(snapshot: Snapshot) -> None:
    document = of(snapshot, "north")
    assert headings(document) == ["一、各项得分", "二、扣分和否决", "三、抽查", "四、签字"]
    assert "没有扣分。" in said(document)
    assert ("否决", "没有") in tables(document)[0].rows


def test_an_unfinished_sheet_says_so(tmp_path: Path) -> None:
    own = sheet_text(body="", sides=OWN.replace('by = ["孙某"]', 'by = ["孙某"]\nnote = "初评"'))
    snapshot = see(tmp_path, files(north=own, south=sheet_text("south", body=found("1.1.9"))), plans=PLANS)
    facts = facts_of(of(snapshot, "north"))
    assert (facts["部门考核"], facts["说明"], facts["结果"]) == ("还没有", "初评", "考核未完（满分 30 分，20 分合格）")
    assert of(snapshot, "north").signed_on == ""
    assert facts_of(of(snapshot))["没有写全"] == "有 1 处没有写全，暂不计入，考核未完。"


def test_a_checklist_without_samplings_and_other_periods_have_their_words(tmp_path: Path) -> None:
    bare = CHECKLIST.replace('every = "quarter"', 'every = "half-year"')
    first, last = bare.index("  sampling = ["), bare.index("  deduction = [")
    duty = PLANS["mine.toml"].replace('every = "quarter"', 'every = "half-year"')
    plans = {**PLANS, "check.toml": bare[:first] + bare[last:], "mine.toml": duty}
    text = sheet_text(period="2026-H2", sides=OWN)
    snapshot = see(tmp_path, {"checklist/2026-H2/north.toml": text}, plans=plans)
    document = of(snapshot, "north", "2026-H2")
    assert document.title == "示例北矿有限公司2026年下半年清单考核表"
    assert "清单没有抽查的要求。" in said(document)


@pytest.mark.parametrize(
    ("every", "start", "words"),
    [
        ("month", date(2026, 5, 1), "2026年5月"),
        ("quarter", date(2026, 10, 1), "2026年四季度"),
        ("half-year", date(2026, 1, 1), "2026年上半年"),
        ("year", date(2026, 1, 1), "2026年"),
    ],
)
def test_a_period_is_said_as_the_office_says_it(every: str, start: date, words: str) -> None:
    assert said_period(every, Period(start, start, "")) == words


def test_the_same_sheet_gives_the_same_bytes_in_word(snapshot: Snapshot) -> None:
    first, again = (FORMATS["docx"](of(snapshot)) for _n in range(2))
    assert first == again
    with zipfile.ZipFile(BytesIO(first)) as book:
        assert "没有责任制" in book.read("word/document.xml").decode()


def test_hostile_words_are_text_in_the_paper(tmp_path: Path) -> None:
    evil = "看到<w:p/>|\\u001b[31m\\n# 题\\u202e"
    snapshot = see(tmp_path, files(south=BAD.replace("看到了", evil)), plans=PLANS)
    for ending in ("md", "docx"):
        written = FORMATS[ending](of(snapshot))
        text = (
            written.decode() if ending == "md" else zipfile.ZipFile(BytesIO(written)).read("word/document.xml").decode()
        )
        assert "\x1b" not in text
        assert "\n# 题" not in text
        assert "<w:p/>|" not in text


# --- the monthly papers ---


def test_the_bulletin_counts_and_names_no_enterprise(snapshot: Snapshot) -> None:
    text = said(paper(snapshot))
    assert "2026年三季度清单考核：应考核企业 2 家，已考核 2 家，合格 1 家、不合格 1 家，触及否决项 1 家。" in text
    assert "示例南矿" not in text.split("二、工作成效")[0]


def test_the_county_that_assesses_lists_its_enterprises_and_others_say_nothing(snapshot: Snapshot) -> None:
    text = said(paper(snapshot, "east"))
    assert "应考核企业 2 家" in text
    assert "| 示例南矿有限公司 | 30 | 11 | -19 | -17 | 不合格 |" in text
    assert "| 示例北矿有限公司 | 30 | 30 | 0 | — | 合格 |" in text
    assert "考核：应考核" not in said(paper(snapshot, "west"))


def test_a_month_that_neither_ends_a_quarter_nor_got_its_sheets_is_silent(snapshot: Snapshot) -> None:
    assert "应考核企业" not in said(paper(snapshot.on(date(2026, 8, 31))))
    assert "应考核企业" not in said(paper(snapshot.on(date(2026, 10, 31))))


def test_sheets_that_came_later_are_told_in_the_month_they_came(tmp_path: Path) -> None:
    late = sheet_text().replace("on = 2026-09-20", "on = 2026-10-09")
    sheets = {
        "checklist/2026-Q3/north.toml": late,
        "checklist/2026-Q3/receipts.toml": receipt("north.toml", late, "2026-10-12T09:00:00+08:00"),
    }
    snapshot = see(tmp_path, sheets, SEPTEMBER_END, LATER, plans=PLANS)
    assert "2026年三季度清单考核：应考核企业 2 家，已考核 0 家。" in said(paper(snapshot))
    october = said(paper(snapshot.on(date(2026, 10, 31))))
    assert "2026年三季度清单考核：应考核企业 2 家，已考核 1 家，均合格。" in october
    assert "| 示例北矿有限公司" not in said(paper(snapshot, "east"))


def test_without_enterprises_there_is_nothing_to_assess(tmp_path: Path) -> None:
    plans = {**PLANS, "enterprises.toml": "enterprise = []\n"}
    snapshot = see(tmp_path, {}, SEPTEMBER_END, plans=plans)
    assert list(rounds(snapshot, date(2026, 9, 1))) == []
    assert awaited(snapshot) == []


def test_whose_sheets_are_awaited(snapshot: Snapshot) -> None:
    assert awaited(snapshot) == []
    later = awaited(snapshot.on(date(2026, 10, 5)))
    assert [(e.id, p.label) for e, p in later] == [("north", "2026-Q4"), ("south", "2026-Q4")]


# --- editions ---


def test_an_edition_keeps_the_sheets_and_the_checklist_and_audit_makes_the_same_of_them(tmp_path: Path) -> None:
    root = build(tmp_path, {**SHEETS, "2026-09/east.toml": head(month="2026-09")}, PLANS)
    workspace, now = Workspace(root), datetime(2026, 10, 2, 16, 0, tzinfo=CHINA)
    made = seal(workspace, "city", date(2026, 9, 1), now, Issue(by="刘某", number="〔2026〕9号"))
    assert made.manifest is not None
    kept = {one.path for one in made.manifest.input}
    assert kept >= {
        "plans/city/check.toml",
        "plans/city/enterprises.toml",
        "status/city/checklist/2026-Q2/south.toml",
        "status/city/checklist/2026-Q3/north.toml",
        "status/city/checklist/2026-Q3/receipts.toml",
    }
    with tempfile.TemporaryDirectory() as folder:
        snapshot = rebuilt(workspace, made.manifest, Path(folder))
    assert snapshot is not None
    assert [a.status for a in assessments(snapshot, period="2026-Q3")] == ["passed", "failed"]
    assert [one.told for one in audit(workspace, "city")] == [()]
    bulletin = workspace.edition("city", date(2026, 9, 1)) / "bulletin.md"
    assert "不合格 1 家" in bulletin.read_text(encoding="utf-8")
    digest = next(one.sha256 for one in made.manifest.input if one.path.endswith("2026-Q3/south.toml"))
    copy = workspace.archive("city") / digest
    copy.write_bytes(copy.read_bytes().replace("看到了".encode(), "没看到".encode()))
    assert any(one.told for one in audit(workspace, "city"))


# --- the command ---


def run(root: Path, capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(list(argv), NOW, root)
    return code, capsys.readouterr().err


def test_the_command_writes_the_paper_by_its_ending(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = build(tmp_path, SHEETS, PLANS)
    assert run(root, capsys, "score", "south", "2026-Q3", "-o", "表.md")[0] == 0
    assert "示例南矿有限公司2026年三季度清单考核表" in (root / "表.md").read_text(encoding="utf-8")
    assert run(root, capsys, "score", "south", "2026-Q3", "-o", "表.docx")[0] == 0
    assert (root / "表.docx").read_bytes()[:2] == b"PK"
    code, err = run(root, capsys, "score", "south", "2026-Q3", "-o", "表.md")
    assert (code, "没有覆盖" in err) == (1, True)
    code, err = run(root, capsys, "score", "south", "2026-Q3", "-o", "表.xlsx")
    assert (code, "要填的表用 --form" in err) == (2, True)
    code, err = run(root, capsys, "score", "-o", "表.pdf")
    assert (code, "要写明企业和哪一期" in err) == (2, True)
