"""What the letters say. The goldens are letters of the sample; after a wanted change run
``TRACKER_GOLDEN=write python -m pytest tests/test_letter_paper.py`` and read the difference.
"""

import io
import os
import re
from datetime import date
from pathlib import Path

import docx
import pytest
from ladders import LADDER, LATE_FILES, REMINDED, STEPS, judged, marked, of, reports, sent
from office import converted, told_by
from papers import papers, texts
from tiny import MINE, PROGRAMME, head, see

from tracker.ladder import Due, due_letters, due_row
from tracker.letters import Book, read_letters
from tracker.reports import FORMATS
from tracker.reports.document import Paragraph
from tracker.reports.letter import LONGEST_TEXT, chasing_text
from tracker.reports.letter import letter as paper_of
from tracker.snapshot import Snapshot
from tracker.workspace import Workspace

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["reminder", "urging", "reports"])
def test_the_letters_of_the_sample_are_as_agreed(name: str) -> None:
    written = FORMATS["md"](papers(name))
    golden = GOLDEN / f"letter-{name}.md"
    if os.environ.get("TRACKER_GOLDEN") == "write":
        golden.write_bytes(written)
    assert written.decode() == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["reminder", "urging", "reports"])
def test_no_letter_shows_ids_files_hashes_names_or_phone_numbers(name: str) -> None:
    said = "\n".join((*texts(papers(name)), papers(name).remark, papers(name).copies))
    assert not re.search(r"(chemical|mine|industry|report)[-@]", said)
    assert ".toml" not in said
    assert not re.search(r"\d{7}|[0-9a-f]{16}", said)
    assert not re.search("某(?!企业)", said)


def test_equal_letters_are_equal_bytes() -> None:
    assert FORMATS["docx"](papers("urging")) == FORMATS["docx"](papers("urging"))


def test_word_says_what_the_letter_says_in_the_form_of_a_letter() -> None:
    document = papers("urging")
    file = docx.Document(io.BytesIO(FORMATS["docx"](document)))
    said = [p.text for p in file.paragraphs]
    assert document.letterhead in said
    assert f"{document.letterhead}文件" not in said
    assert all(block.text in said for block in document.body if isinstance(block, Paragraph))
    assert f"抄送：{document.copies}。" in said
    assert [s.different_first_page_header_footer for s in file.sections] == [True, False]


def plan_words(root: Path) -> tuple[Snapshot, list[Due]]:
    """A letter after one that was answered, on a task to which the plan attaches a consequence."""
    letters = REMINDED + marked("1号", "answered", "2026-10-12", "promised_on = 2026-10-20")
    record = (
        head(month="2026-09")
        + '[[update]]\nitem = "mine-1"\nstate = "推进中"\n'
        + 'cause = "名单没有定"\nmeasure = "开会研究"\npromised_on = 2026-10-15\n'
    )
    return judged(root, letters, "2026-10-25", {"2026-09/east.toml": record})


def test_an_urging_letter_names_the_answer_the_promise_and_the_plans_own_consequence(tmp_path: Path) -> None:
    snapshot, found = plan_words(tmp_path)
    said = "\n".join(texts(paper_of(snapshot, of(found, "mine-1"), date(2026, 10, 25))))
    assert "我办2026年10月9日以1号函告你单位，你单位2026年10月12日答复，提出2026年10月20日前完成。" in said
    assert "方案写明：约谈并曝光。" in said
    assert "逾期将按程序约谈。" in said
    assert "9月份月报，预计 2026-10-15（已过）" in said
    assert "名单没有定" not in said


def test_what_the_plan_says_of_the_very_task_comes_before_what_it_says_of_all(tmp_path: Path) -> None:
    general = (
        '[[task]]\nitem = "0"\ntitle = "总则"\n[[task.milestone]]\nid = "mine-0"\ntitle = "问责"\nwhat = "一律问责"\n'
        'wording = "未完成的"\nkind = "consequence"\nafter = "mine"\n\n'
    )
    plans = {**LADDER, "mine.toml": MINE.replace('[[task]]\nitem = "1"', f'{general}[[task]]\nitem = "1"')}
    day = date(2026, 10, 25)
    snapshot = see(tmp_path, {"2026-10/letters.toml": REMINDED}, as_of=day, plans=plans)
    book, _problems = read_letters(Workspace(tmp_path), snapshot.programme)
    due = of([d for d in due_letters(snapshot, book, day) if d.unit.id == "east"], "mine-1")
    said = "\n".join(texts(paper_of(snapshot, due, day)))
    assert "方案写明：约谈并曝光。方案写明：一律问责。" in said


def test_a_letter_after_a_measure_names_the_measure_and_several_items_their_days(tmp_path: Path) -> None:
    steps = STEPS.replace('finish = "10 days"\ntemplate = "notice"', 'finish = "10 days"\ntemplate = "notice"').replace(
        'name = "曝光"\nsource = "方案5"\nafter = "talk"\nlate_days = 30\ntemplate = "notice"',
        'name = "督办"\nsource = "方案5"\nafter = "talk"\nlate_days = 30',
    )
    letters = sent("3号", "talk", "mine-2@2026-08", "2026-10-01", 'skipped = "省里交办"')
    day = date(2026, 10, 21)
    snapshot = see(tmp_path, {"2026-10/letters.toml": letters}, as_of=day, plans={"programme.toml": PROGRAMME + steps})
    book, _problems = read_letters(Workspace(tmp_path), snapshot.programme)
    due = next(d for d in due_letters(snapshot, book, day) if "mine-2@2026-08" in d.items and d.unit.id == "east")
    document = paper_of(snapshot, due, day)
    said = "\n".join(texts(document))
    assert document.title == "关于“月度排查”任务的督办函"
    assert "已于2026年10月1日约谈。截至2026年10月21日仍未落实：" in said
    assert "尽快完成；尽快报送回执" in said
    assert "月度排查（2026-08）" in said
    assert "未填报" in said
    _snapshot, found = judged(tmp_path / "first", on="2026-10-21")
    said = "\n".join(texts(paper_of(_snapshot, of(found, "mine-2@2026-08"), day)))
    assert "“月度排查（2026-08）”2026年8月31日到期，逾期 51 天；“月度排查（2026-09）”" in said


def test_a_second_letter_on_reports_has_them_in_its_table(tmp_path: Path) -> None:
    letters = sent("1号", "remind", "report@2026-08", "2026-09-08", "answer_by = 2026-09-15")
    snapshot, found = judged(tmp_path, letters, "2026-10-21", LATE_FILES)
    due = reports(found)
    said = "\n".join(texts(paper_of(snapshot, due, date(2026, 10, 21))))
    assert "每月月报的报送，我办2026年9月8日以1号函告你单位，至今未答复。" in said
    assert "09-07 10:00" in said
    assert "未报" in said
    assert "2026年8月份月报" in said
    assert chasing_text(due, date(2026, 10, 21)).startswith(
        "东山县：截至2026年10月21日，2026年8月份、2026年9月份月报没有按时报送"
    )


def test_a_text_that_would_be_too_long_is_cut(tmp_path: Path) -> None:
    long = PROGRAMME.replace("东山县", "很长的县" * 40) + STEPS
    snapshot = see(tmp_path, as_of=date(2026, 10, 21), plans={"programme.toml": long})
    due = due_letters(snapshot, Book(), date(2026, 10, 21))[0]
    assert len(chasing_text(due, date(2026, 10, 21))) == LONGEST_TEXT


def test_there_is_no_letter_where_none_is_due(tmp_path: Path) -> None:
    snapshot, found = judged(tmp_path, REMINDED, "2026-10-14")
    with pytest.raises(ValueError, match="等答复"):
        paper_of(snapshot, of(found, "mine-1"), date(2026, 10, 14))
    assert due_row(of(found, "mine-1"))["step"] is None


@pytest.mark.needs_program
def test_the_letters_are_one_page_and_the_annex_another(tmp_path: Path) -> None:
    pages = {"reminder": 1, "urging": 2, "reports": 1}
    for name in pages:
        (tmp_path / f"{name}.docx").write_bytes(FORMATS["docx"](papers(name)))
    for pdf in converted("pdf", *(tmp_path / f"{name}.docx" for name in pages)):
        said = told_by("pdfinfo", pdf)
        assert re.search(rf"Pages: +{pages[pdf.stem]}\n", said), (pdf.stem, said)
