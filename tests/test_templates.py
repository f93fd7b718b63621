"""The Word templates: those that come with the program, and those that an office made of them."""

import io
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import pytest
import word_templates
from docx.oxml.ns import qn
from tiny import CHINA, build, head, see

from tracker.checking import check_files, check_workspace
from tracker.cli import main
from tracker.problems import FaultyError, Problem
from tracker.reports import FORMATS, paper, template_problems
from tracker.reports.document import Annex, Column, Document, Form, Heading, Paragraph, Table
from tracker.reports.template import FIELDS, FORMS, LARGEST, PLACES, SHIPPED, checked
from tracker.workspace import Workspace

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=CHINA)
OWN = "plans/city/templates"


def read(content: bytes) -> Any:
    """A Word file."""
    return docx.Document(io.BytesIO(content))


def lines(content: bytes) -> list[str]:
    """The paragraphs outside tables, those without words left out."""
    return [p.text for p in read(content).paragraphs if p.text.strip()]


def written(content: Document) -> bytes:
    """A paper as Word."""
    return FORMATS["docx"](content)


TABLE = Table((Column("项", 1), Column("数", 1, "right")), (("甲", "1"), ("乙", "2")))
PAPER = Document(
    "甲市安委会办公室", "关于某事的通报", "各县区：", (Heading(1, "一、情况"), Paragraph("都办了。"), TABLE),
    "甲市安委会办公室", "2026年11月2日",
)  # fmt: skip


def own(root: Path, change: Callable[[Any], None], form: str = "bulletin") -> Path:
    """A folder of templates with one that the office changed."""
    folder = root / OWN
    folder.mkdir(parents=True, exist_ok=True)
    file = docx.Document(str(SHIPPED / f"{form}.docx"))
    change(file)
    file.save(str(folder / f"{form}.docx"))
    return folder


def paragraph(file: Any, said: str) -> Any:
    """The paragraph of a template that says something."""
    return next(p for p in file.paragraphs if said in p.text)


def said_by(change: Callable[[Any], None], tmp_path: Path) -> list[Problem]:
    """What is wrong with a template after a change."""
    return checked(own(tmp_path, change), OWN)


def contents(content: bytes) -> dict[str, bytes]:
    """The members of a Word file."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


# --- those that come with the program ---


@pytest.mark.parametrize("form", FORMS)
def test_the_shipped_templates_are_those_that_the_script_makes(form: str) -> None:
    # Their contents: how tightly they are packed differs from one Python to the next.
    assert contents((SHIPPED / f"{form}.docx").read_bytes()) == contents(word_templates.MAKERS[form]())


def test_nothing_is_wrong_with_the_shipped_templates() -> None:
    assert checked(SHIPPED, "templates") == []


@pytest.mark.parametrize("form", FORMS)
def test_every_run_of_every_form_names_an_east_asian_font(form: Form) -> None:
    full = replace(PAPER, form=form, notice="示例", copies="某办", remark="联系人", signer="")
    annexed = replace(full, annexes=(Annex("清单", (TABLE, Paragraph("注"))),)) if form in PAGED else full
    body = read(written(annexed)).element.body
    runs = [run for run in body.iter(qn("w:r")) if "".join(t.text or "" for t in run.iter(qn("w:t"))).strip()]
    fonts = [run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia")) for run in runs]
    assert set(fonts) <= {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"}
    assert len(fonts) > 10


PAGED = ("bulletin", "report", "letter")


# --- what is filled in ---


def test_fields_that_are_empty_take_their_paragraph_with_them() -> None:
    without = lines(written(PAPER))
    assert not any("抄送" in line or "（）" in line for line in without)
    assert without[0] == "甲市安委会办公室文件"
    full = lines(written(replace(PAPER, notice="示例数据", copies="市领导", remark="联系人：")))
    assert full[0] == "示例数据"
    assert {"抄送：市领导。", "（联系人：）"} <= set(full)


def test_the_imprint_stands_last_with_the_office_and_the_day() -> None:
    assert lines(written(replace(PAPER, copies="市领导")))[-2:] == [
        "抄送：市领导。",
        "甲市安委会办公室\t2026年11月2日印发",
    ]


def test_a_letter_has_no_lines_of_printing_and_no_page_number_on_its_first_page() -> None:
    content = written(replace(PAPER, form="letter", copies="市领导"))
    assert lines(content)[-1] == "抄送：市领导。"
    first = read(content).sections[0]
    assert first.different_first_page_header_footer
    assert first.first_page_footer.paragraphs[0].text == ""


def test_a_paper_upwards_has_its_signer_beside_the_number() -> None:
    assert "〔　　　〕　　号\t签发人：　　　" in lines(written(replace(PAPER, form="report", signer="")))
    assert "甲安〔2026〕1号\t签发人：李某" in lines(
        written(replace(PAPER, form="report", signer="李某", number="甲安〔2026〕1号"))
    )


def test_one_annex_has_no_number_and_several_are_numbered() -> None:
    one = written(replace(PAPER, annexes=(Annex("清单", (TABLE,)),)))
    assert [line for line in lines(one) if "附件" in line] == ["附件：清单", "附件"]
    two = written(replace(PAPER, annexes=(Annex("清单", (TABLE,)), Annex("明细", (TABLE,)))))
    assert [line for line in lines(two) if "附件" in line or line.startswith("　")] == [
        "附件：1. 清单",
        "　　　2. 明细",
        "附件1",
        "附件2",
    ]


def test_the_annexes_names_hang_and_only_the_first_has_space_above() -> None:
    annexes = (Annex("清单", (TABLE,)), Annex("明细", (TABLE,)))
    listed = [p for p in read(written(replace(PAPER, annexes=annexes))).paragraphs if p.text[3:6] in ("1. ", "2. ")]
    assert [p.paragraph_format.left_indent.pt for p in listed] == [96, 96]
    assert [p.paragraph_format.first_line_indent.pt for p in listed] == [-64, -64]
    assert [p.paragraph_format.space_before for p in listed] == [None, 0]


def test_the_marked_paragraph_may_be_of_several_runs(tmp_path: Path) -> None:
    def change(file: Any) -> None:
        p = paragraph(file, "附件说明")
        p.runs[0].text = "{{ 附件"
        p.add_run("说明 }}")
        p.add_run(" ")

    annexed = replace(PAPER, annexes=(Annex("清单", (TABLE,)),), templates=own(tmp_path, change))
    assert "附件：清单" in lines(written(annexed))


def stays(p: Any) -> bool:
    """Whether a paragraph stays with the next, by itself or by its style."""
    own_form, style = p.paragraph_format.keep_with_next, p.style.paragraph_format.keep_with_next
    return bool(style if own_form is None else own_form)


@pytest.mark.parametrize("annexes", [(), (Annex("清单", (TABLE,)),)])
def test_the_signature_is_never_alone_on_a_page(annexes: tuple[Annex, ...]) -> None:
    """From the last paragraph of the body to the day each stays with the next."""
    body = (Heading(1, "一、情况"), Paragraph("都办了。"), Paragraph("特此通报。"))
    file = read(written(replace(PAPER, body=body, annexes=annexes)))
    texts = [p.text for p in file.paragraphs]
    last = texts.index("特此通报。")
    signature = texts.index("甲市安委会办公室")
    assert all(stays(p) for p in file.paragraphs[last : signature + 1])
    assert not stays(file.paragraphs[last - 1])


def orientations(content: bytes) -> list[str]:
    """Of each section: upright or turned, and how it begins."""
    return [
        f"{'turned' if s.page_width > s.page_height else 'upright'} {s.start_type.name}" for s in read(content).sections
    ]


def test_wide_annexes_are_turned_and_the_imprint_stands_upright_on_an_even_page() -> None:
    wide, upright = Annex("清单", (TABLE,)), Annex("表", (TABLE,), is_wide=False)
    assert orientations(written(PAPER)) == ["upright NEW_PAGE"]
    assert orientations(written(replace(PAPER, annexes=(wide, upright))))[1:] == ["turned NEW_PAGE", "upright NEW_PAGE"]
    assert orientations(written(replace(PAPER, annexes=(upright, wide))))[1:] == [
        "upright NEW_PAGE",
        "turned NEW_PAGE",
        "upright EVEN_PAGE",
    ]
    # A letter without copies has no imprint, so no page for it.
    assert orientations(written(replace(PAPER, form="letter", annexes=(wide,))))[1:] == ["turned NEW_PAGE"]


def test_a_turned_page_keeps_its_binding_edge_and_the_type_area() -> None:
    turned = read(written(replace(PAPER, annexes=(Annex("清单", (TABLE,)),)))).sections[1]
    edges = [turned.top_margin, turned.right_margin, turned.bottom_margin, turned.left_margin]
    assert [round(edge.mm) for edge in edges] == [28, 37, 26, 35]


def test_a_long_name_shrinks_to_its_line() -> None:
    def size(name: str) -> float:
        p = read(written(replace(PAPER, letterhead=name))).paragraphs[0]
        return float(p.runs[0].font.size.pt)

    assert size("甲市应急局") == 32
    assert size("甲" * 28) * 30 <= 442.2
    assert size("甲" * 28) > 13


def test_two_tables_in_a_row_stay_two() -> None:
    body = read(written(replace(PAPER, body=(TABLE, TABLE)))).element.body
    tags = [element.tag for element in body]
    first = tags.index(qn("w:tbl"))
    assert tags[first : first + 3] == [qn("w:tbl"), qn("w:p"), qn("w:tbl")]


def test_a_table_can_leave_room_to_write_in() -> None:
    file = read(written(replace(PAPER, body=(replace(TABLE, height=30),))))
    assert [None if row.height is None else round(row.height.mm) for row in file.tables[0].rows] == [None, 30, 30]


HOSTILE = "<w:p>&amp; {{ 标题 }} {% for %} \ue000正文\ue001 \x1b"


def test_hostile_text_stays_text_in_every_field() -> None:
    full = Document(*(HOSTILE,) * 3, (Paragraph(HOSTILE),), *(HOSTILE,) * 2, number=HOSTILE, remark=HOSTILE)
    said = lines(written(full))
    assert said.count("<w:p>&amp; {{ 标题 }} {% for %} \ufffd正文\ufffd \ufffd") >= 4
    assert not any("\ue000" in line for line in said)


# --- the office's own ---


def test_a_changed_letterhead_is_on_the_next_paper_and_all_else_is_the_same(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": head()})
    before = written(paper(snapshot))

    def change(file: Any) -> None:
        p = paragraph(file, "发文机关")
        p.runs[0].text = "甲市应急管理局文件"
        for run in p.runs[1:]:
            run.text = ""

    own(tmp_path, change)
    assert template_problems(Workspace(tmp_path), "city") == []
    after = written(paper(snapshot))
    assert [line for line in lines(before) if line not in lines(after)] == ["甲市安委会办公室文件"]
    assert [line for line in lines(after) if line not in lines(before)] == ["甲市应急管理局文件"]
    cells = [[[c.text for c in row.cells] for row in table.rows] for table in read(before).tables]
    assert cells == [[[c.text for c in row.cells] for row in table.rows] for table in read(after).tables]
    assert orientations(before) == orientations(after)
    assert after == written(paper(snapshot))
    # The unit's report has another template.
    assert lines(written(paper(snapshot, "east")))[0] == "东山县文件"


def test_a_changed_style_changes_what_the_program_writes(tmp_path: Path) -> None:
    def change(file: Any) -> None:
        style = file.styles["公文正文"]
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")

    folder = own(tmp_path, change)
    file = read(written(replace(PAPER, templates=folder)))
    run = next(p for p in file.paragraphs if p.text == "都办了。").runs[0]
    assert run._r.rPr.rFonts.get(qn("w:eastAsia")) == "宋体"


def test_a_field_split_by_the_word_processor_is_still_one(tmp_path: Path) -> None:
    def change(file: Any) -> None:
        p = paragraph(file, "标题")
        p.runs[0].text = "{{ 标"
        p.add_run("题 }").bold = True
        p.add_run("}")

    folder = own(tmp_path, change)
    assert checked(folder, OWN) == []
    assert "关于某事的通报" in lines(written(replace(PAPER, templates=folder)))


def test_a_condition_is_allowed(tmp_path: Path) -> None:
    folder = own(tmp_path, lambda f: f.paragraphs[0].add_run("{% if 抄送 and not 附注 %}有抄送{% endif %}"))
    assert checked(folder, OWN) == []
    said = lines(written(replace(PAPER, templates=folder, notice="示例", copies="某办")))
    assert said[0] == "示例有抄送"


@pytest.mark.parametrize(
    ("words", "code", "message", "hint"),
    [
        ("{{ 标提 }}", "E03", "不认识的字段“标提”", "标题"),
        ("{{ title }}", "E03", "不认识的字段“title”", "发文机关"),
        ("{{ 标题 + }}", "E02", "填不进去", "花括号"),
        ("{% if 标题 %}", "E02", "填不进去", "花括号"),
        ("{{ 标题.__class__ }}", "E02", "填不进去", "花括号"),
        ("{{ 标题.upper() }}", "E02", "填不进去", "花括号"),
        ("{{ 标题 * 9 }}", "E02", "填不进去", "花括号"),
        ("{{ 标题|length }}", "E02", "填不进去", "花括号"),
        ("{% for a in 标题 %}{{ a }}{% endfor %}", "E02", "填不进去", "花括号"),
        ("{% set a = 标题 %}", "E02", "填不进去", "花括号"),
        ("{% include '标题' %}", "E02", "填不进去", "花括号"),
    ],
)
def test_what_cannot_be_filled_in_is_a_problem_and_no_traceback(
    words: str, code: str, message: str, hint: str, tmp_path: Path
) -> None:
    folder = own(tmp_path, lambda f: f.add_paragraph(words))
    [problem] = checked(folder, OWN)
    assert problem.code == code
    assert problem.place.file == f"{OWN}/bulletin.docx"
    assert message in problem.message
    assert hint in problem.hint
    assert code != "E02" or problem.excerpt == words
    with pytest.raises(FaultyError):
        written(replace(PAPER, templates=folder))


def test_a_mistake_outside_the_text_is_named_without_its_paragraph(tmp_path: Path) -> None:
    def change(file: Any) -> None:
        file.sections[0].footer.paragraphs[0].add_run("{{ 标题 + }}")

    [problem] = said_by(change, tmp_path)
    assert (problem.code, problem.excerpt) == ("E02", "")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = own(tmp_path, lambda _file: None)

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    [problem] = checked(folder, OWN)
    assert (problem.code, "Permission denied" in problem.message) == ("E01", True)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_is_gone_is_named(place: str, tmp_path: Path) -> None:
    def change(file: Any) -> None:
        p = paragraph(file, f"{{{{ {place} }}}}")
        p._p.getparent().remove(p._p)

    [problem] = said_by(change, tmp_path)
    assert problem.code == "E04"
    assert place in problem.message
    assert f"{{{{ {place} }}}}" in problem.hint


def test_a_place_among_other_words_is_none(tmp_path: Path) -> None:
    [problem] = said_by(lambda f: paragraph(f, "正文").add_run("如下："), tmp_path)
    assert "正文" in problem.message


def test_a_style_that_is_gone_is_named_and_stands_in_the_way(tmp_path: Path) -> None:
    def change(file: Any) -> None:
        style = file.styles["公文附件号"].element
        style.getparent().remove(style)

    folder = own(tmp_path, change)
    [problem] = checked(folder, OWN)
    assert (problem.code, "公文附件号" in problem.message) == ("E04", True)
    with pytest.raises(FaultyError):
        written(replace(PAPER, templates=folder))


def bomb() -> Iterator[bytes]:
    """Files that are no template."""
    yield b"no Word file"
    yield b""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("word/document.xml", "<no/>")
    yield packed.getvalue()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for n in range(9):
            file.writestr(f"word/{n}.xml", bytes(LARGEST // 8))
    yield packed.getvalue()


@pytest.mark.parametrize("content", [*bomb()], ids=["words", "empty", "other", "large"])
def test_what_is_no_word_file_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(content)
    [problem] = checked(tmp_path, OWN)
    assert (problem.code, problem.place.file) == ("E01", f"{OWN}/report.docx")
    with pytest.raises(FaultyError):
        written(replace(PAPER, form="report", templates=tmp_path))


def test_check_names_it_and_report_stops_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path, {"2026-10/east.toml": head()})
    assert check_workspace(Workspace(tmp_path), ["city"]) == []
    own(tmp_path, lambda f: f.add_paragraph("{{ 标提 }}"))
    path = tmp_path / OWN / "bulletin.docx"
    [problem] = check_workspace(Workspace(tmp_path), ["city"])
    assert check_files(Workspace(tmp_path), ["city"], [path]) == [problem]
    assert main(["check"], NOW, tmp_path) == 1
    assert f"{OWN}/bulletin.docx" in capsys.readouterr().out
    assert main(["report", "2026-10", "-o", "通报.docx"], NOW, tmp_path) == 1
    said = capsys.readouterr()
    assert "不认识的字段" not in said.out
    assert f"{OWN}/bulletin.docx" in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "通报.docx").exists()
    # Other papers, and the same as Markdown, do not need it.
    assert main(["report", "2026-10", "-o", "通报.md"], NOW, tmp_path) == 0
    assert main(["report", "2026-10", "--unit", "east", "-o", "报告.docx"], NOW, tmp_path) == 0
    assert main(["seal", "2026-10", "--by", "刘某"], NOW, tmp_path) == 1
    assert not list(tmp_path.glob("status/city/2026-10/edition/*"))


def test_the_office_s_template_is_among_what_is_archived(tmp_path: Path) -> None:
    build(tmp_path, {"2026-10/east.toml": head()})
    own(tmp_path, lambda f: paragraph(f, "发文机关").add_run("（试行）"))
    assert main(["seal", "2026-10", "--by", "刘某"], NOW, tmp_path) == 0
    edition = tmp_path / "status/city/2026-10/edition"
    assert f"{OWN}/bulletin.docx" in (edition / "manifest.toml").read_text(encoding="utf-8")
    assert "甲市安委会办公室文件（试行）" in lines((edition / "bulletin.docx").read_bytes())
    shutil.rmtree(tmp_path / OWN)
    assert main(["audit"], NOW, tmp_path) == 0


def test_the_guide_names_every_template_and_every_field() -> None:
    guide = (Path(__file__).parent.parent / "plans" / "README.md").read_text(encoding="utf-8")
    for name in (*FIELDS, *PLACES):
        assert f"{{{{ {name} }}}}" in guide
    for form in FORMS:
        assert re.search(rf"`{form}\.docx`", guide)
