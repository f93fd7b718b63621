"""依据单: one page that defends one light.

The golden is that of 莘县's oldest chased item of the sample; after a wanted change run
``TRACKER_GOLDEN=write python -m pytest tests/test_sheet.py`` and read the difference.
"""

import os
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from ladders import LADDER, REMINDED, marked, sent
from office import converted, told_by
from papers import texts
from sample import WORKSPACE, sample
from tiny import at, build, decision, head, receipt, see

from tracker.cli import main
from tracker.clocks import CHINA
from tracker.letters import read_letters
from tracker.reports import FORMATS
from tracker.reports.document import Document
from tracker.reports.sheet import sheet
from tracker.workspace import Workspace

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=CHINA)


@pytest.fixture(scope="module")
def page() -> Document:
    """The sample's page."""
    snapshot = sample(date(2026, 11, 21), NOW)
    book, _problems = read_letters(WORKSPACE, snapshot.programme)
    return sheet(snapshot, at(snapshot, "shenxian", "chemical-19"), book)


def said(
    root: Path,
    item: str = "mine-1",
    files: dict[str, str] | None = None,
    as_of: str = "2026-10-31",
    known_by: datetime | None = None,
) -> str:
    """All the words of a page in the tiny workspace."""
    more = {"known_by": known_by} if known_by is not None else {}
    snapshot = see(root, files, as_of=date.fromisoformat(as_of), plans=LADDER, **more)
    book, problems = read_letters(Workspace(root), snapshot.programme)
    assert problems == []
    return "\n".join(texts(sheet(snapshot, at(snapshot, "east", item), book)))


def test_the_page_of_the_sample_is_as_agreed(page: Document) -> None:
    written = FORMATS["md"](page)
    golden = GOLDEN / "sheet.md"
    if os.environ.get("TRACKER_GOLDEN") == "write":
        golden.write_bytes(written)
    assert written.decode() == golden.read_text(encoding="utf-8")


def test_the_page_shows_no_ids_files_hashes_or_names(page: Document) -> None:
    words = "\n".join(texts(page))
    assert not re.search(r"(chemical|mine|industry|report)[-@]", words)
    assert ".toml" not in words
    assert not re.search(r"\d{7}|[0-9a-f]{16}|[孙刘田]某", words)


def test_a_period_is_named_by_its_title_in_the_arithmetic_too(tmp_path: Path) -> None:
    words = said(tmp_path, "mine-2@2026-09")
    assert "月度排查（2026-09） 这一期从 2026-09-01 到 2026-09-30" in words
    assert "mine-2" not in words


def test_without_a_word_a_letter_or_a_ruling_the_page_says_so(tmp_path: Path) -> None:
    words = said(tmp_path)
    assert "没有发过函。" in words
    assert "没有申请过延期，也没有审核意见。" in words
    # The month of the day itself is not over.
    assert words.count("没有月报") == 2
    assert "解读" in words
    assert "方案写明：约谈并曝光" in words
    assert "没有填报过。" in said(tmp_path, "mine-2@2026-10")


def said_in(month: str, state: str, more: str = "", head_more: str = "") -> str:
    """A file that names mine-1."""
    return head(month=month, more=head_more) + f'[[update]]\nitem = "mine-1"\nstate = "{state}"\n{more}\n'


def test_every_month_says_what_the_unit_said_in_it(tmp_path: Path) -> None:
    asking = 'note = "等会议"\n[update.request_extension]\nuntil = 2026-10-20\nreason = "等会"\nprogress = "拟稿"'
    august, second = said_in("2026-08", "推进中", 'note = "拟稿"'), said_in("2026-08", "推进中", asking)
    october = said_in(
        "2026-10", "受阻", 'cause = "机构调整"\nmeasure = "先行代管"\nwaiting_on = "县委编办"\npromised_on = 2026-11-30'
    )
    files = {
        "opening/east.toml": head(month="2026-07", more="opening = true")
        + '[[update]]\nitem = "mine-1"\nstate = "未启动"\nnote = "没有开始"\n',
        "2026-08/east.toml": august,
        "2026-08/east.2.toml": second,
        "2026-08/receipts.toml": receipt("east.toml", august, "2026-09-01T09:00:00+08:00")
        + receipt("east.2.toml", second, "2026-09-05T09:00:00+08:00"),
        "2026-09/east.toml": head(month="2026-09", more='rest = "unchanged"'),
        "2026-10/east.toml": october,
    }
    words = said(tmp_path, files=files)
    first, again = words.index("2026-09-01"), words.index("2026-09-05")
    assert words.index("建账") < first < again < words.index("与上月一致") < words.index("机构调整")
    assert "说明：等会议；申请延期到：2026-10-20" in words
    assert "原因：机构调整；措施：先行代管；在等：县委编办" in words
    assert "申请过延期，还没有意见。" in words


def test_a_month_that_does_not_mention_the_item_says_so_and_numbers_are_told(tmp_path: Path) -> None:
    files = {
        "2026-08/east.toml": head(month="2026-08"),
        "2026-09/east.toml": head(month="2026-09")
        + '[[update]]\nitem = "mine-7"\nstate = "推进中"\ndone = 3\ntotal = 10\nas_of = 2026-09-30\n'
        + '[[update]]\nitem = "chem-1"\nstate = "推进中"\ndone = 4\nas_of = 2026-09-30\n',
    }
    assert "没有提到" in said(tmp_path, "mine-7", files)
    assert "数字：3/10" in said(tmp_path, "mine-7", files)
    assert "数字：4" in said(tmp_path, "chem-1", files)


def test_rulings_stand_with_their_days_and_reasons_and_corrections_among_the_words(tmp_path: Path) -> None:
    rulings = (
        decision("extend", "east", "2026-09-20T09:00:00+08:00", 'item = "mine-1"\nuntil = 2026-10-10')
        + decision("extend", "east", "2026-09-21T09:00:00+08:00", 'item = "mine-1"\ngranted = false')
        + decision("correct", "east", "2026-09-22T09:00:00+08:00", 'item = "mine-1"\nstate = "推进中"\nnote = "已公示"')
    )
    words = said(tmp_path, files={"2026-09/decisions.toml": rulings})
    assert "延期，至 2026-10-10" in words
    assert "不同意延期" in words
    assert "市级更正" in words
    assert "说明：已公示" in words
    assert "刘某" not in words


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "没有答复，已过 16 天"),
        (marked("1号", "answered", "2026-10-12"), "2026-10-12 答复\n"),
        (
            marked("1号", "answered", "2026-10-12", 'note = "在办"\npromised_on = 2026-11-20'),
            "2026-10-12 答复，提出 2026-11-20 前完成：在办",
        ),
        (marked("1号", "closed", "2026-10-13", 'note = "已定"'), "2026-10-13 了结：已定"),
        (sent("2号", "urge", "mine-1", "2026-10-30", "answer_by = 2026-11-05"), "等答复，还有 5 天"),
    ],
)
def test_letters_stand_with_their_receipt_and_answer(more: str, expected: str, tmp_path: Path) -> None:
    letters = REMINDED + marked("1号", "signed", "2026-10-10") + more
    words = said(tmp_path, files={"2026-10/letters.toml": letters})
    assert expected in words
    assert "2026-10-10" in words
    assert "已发函" in words


def test_a_letter_that_asked_for_nothing_awaits_nothing(tmp_path: Path) -> None:
    letters = sent("1号", "talk", "mine-1", "2026-10-09", 'skipped = "省里交办"')
    words = said(tmp_path, files={"2026-10/letters.toml": letters})
    assert "已发函 1 次，其中 0 次没有答复。" in words


def test_what_came_later_is_not_on_the_page_of_a_day(tmp_path: Path) -> None:
    files = {"2026-10/letters.toml": REMINDED}
    early = datetime(2026, 10, 8, tzinfo=CHINA)
    assert "1号" not in said(tmp_path, files=files, as_of="2026-10-08", known_by=early)
    assert "1号" in said(tmp_path, files=files)


def test_a_letter_more_is_another_page_and_nothing_more_the_same(tmp_path: Path) -> None:
    def print_of(letters: str) -> str:
        snapshot = see(tmp_path, {"2026-10/letters.toml": letters}, plans=LADDER)
        book, _problems = read_letters(Workspace(tmp_path), snapshot.programme)
        return sheet(snapshot, at(snapshot, "east", "mine-1"), book).fingerprint

    assert print_of(REMINDED) == print_of(REMINDED)
    assert print_of(REMINDED) != print_of(REMINDED + marked("1号", "signed", "2026-10-10"))


def test_a_light_that_is_not_red_has_no_consequence(tmp_path: Path) -> None:
    done = said_in("2026-09", "已完成", "done_on = 2026-09-20")
    words = said(tmp_path, files={"2026-09/east.toml": done})
    assert "绿灯（已完成（待核实））。" in words
    assert "完成日期：2026-09-20" in words
    assert "方案写明" not in words


def test_the_command_writes_the_page_once_in_a_form_it_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(tmp_path, {"2026-10/letters.toml": REMINDED}, LADDER)
    call = ["why", "east", "mine-1", "--sheet"]
    assert main(call, NOW, tmp_path) == 0
    assert "# 东山县“公布包保名单”依据单" in capsys.readouterr().out
    assert main([*call, "-o", "依据单.docx"], NOW, tmp_path) == 0
    assert (tmp_path / "依据单.docx").read_bytes().startswith(b"PK")
    assert main([*call, "-o", "依据单.docx"], NOW, tmp_path) == 1
    assert main([*call, "-o", "依据单.rtf"], NOW, tmp_path) == 2
    assert ".docx" in capsys.readouterr().err


@pytest.mark.needs_program
def test_the_page_is_one_page(page: Document, tmp_path: Path) -> None:
    (tmp_path / "page.docx").write_bytes(FORMATS["docx"](page))
    [pdf] = converted("pdf", tmp_path / "page.docx")
    assert re.search(r"Pages: +1\n", told_by("pdfinfo", pdf))
