"""Word templates: the office changes them in WPS, the program fills them in.

A template is a .docx with fields in double braces. At its places (``PLACES``) the blocks of a paper are put in
afterwards (``as_docx``), in the styles named in ``STYLES``. A paragraph whose fields are all empty is left out.
Templates come from outside: they are filled in inside a sandbox that knows the fields and nothing else, and what is
wrong with one is a ``Problem``.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from tracker.language import _
from tracker.problems import FaultyError, Place, Problem, listed, nearest
from tracker.reports.document import Document, Form
from tracker.terminal import plain

SHIPPED = Path(__file__).parent / "templates"

FORMS: tuple[Form, ...] = get_args(Form)

LARGEST = 64 * 2**20
"""Bytes of a template unpacked; a shipped one has a four-hundredth."""

FIELDS: Mapping[str, Callable[[Document], str]] = {
    "提示": lambda d: d.notice,
    "发文机关": lambda d: d.letterhead,
    "文号": lambda d: d.number or _("〔　　　〕　　号"),
    "签发人": lambda d: "" if d.signer is None else d.signer or "　　　",
    "标题": lambda d: d.title,
    "主送": lambda d: d.addressee,
    "署名": lambda d: d.signature,
    "成文日期": lambda d: d.signed_on,
    "附注": lambda d: d.remark,
    "抄送": lambda d: d.copies,
    "印发机关": lambda d: d.signature,
    "印发日期": lambda d: d.signed_on,
}

PLACES = ("正文", "附件说明", "附件")
"""Paragraphs for which blocks are put in."""

WITH_ANNEXES: tuple[Form, ...] = ("bulletin", "report", "letter")
"""Forms with all three places; the others have the body's alone."""

STYLES = ("公文正文", "公文一级标题", "公文二级标题", "公文表头", "公文表格")
"""Styles in which paragraphs and tables are put in."""

ANNEX_STYLES = ("公文附件号", "公文附件标题", "公文附件表头", "公文附件表格")

LARGE_STYLES = ("公文数字表头", "公文数字表格")
"""On a sheet: of a table that is read across a desk."""

ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not, nodes.And, nodes.Or)
"""What may stand in braces."""

_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_PLACED = "\ue000{}\ue001"
"""Stands for a place while a template is filled in: characters that ``plain`` lets through from nobody."""


class _Sandbox(SandboxedEnvironment):
    """Knows the names of fields, and ``if`` with them: no attribute, no call, no filter, no arithmetic, no loop."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        for node in source.find_all(nodes.Node):
            if not isinstance(node, ALLOWED):
                raise SecurityError(type(node).__name__)
        return super()._generate(source, name, filename, defer_init)


def filled(document: Document) -> Any:
    """The document's template as python-docx has it, its fields filled in; its places hold their marks (``is_place``).

    ``FaultyError`` where the office's template cannot be filled in.
    """
    path = _path(document)
    return _filled(path.read_bytes(), _shown(path), document)


def is_place(element: Any, place: str) -> bool:
    """Whether an element of the body is the paragraph that marks a place."""
    return element.tag == qn("w:p") and text_of(element).strip() == _PLACED.format(place)


def checked(folder: Path, shown: str) -> list[Problem]:
    """Everything wrong with the templates of a programme's folder; ``shown`` is the folder as people are shown it."""
    paths = ((form, folder / f"{form}.docx") for form in FORMS)
    return [p for form, path in paths if path.is_file() for p in _checked(form, path, f"{shown}/{path.name}")]


def _path(document: Document) -> Path:
    own = document.templates / f"{document.form}.docx" if document.templates is not None else None
    return own if own is not None and own.is_file() else SHIPPED / f"{document.form}.docx"


def _shown(path: Path) -> str:
    """``plans/…/templates/bulletin.docx``: where the office has it."""
    return "/".join(path.parts[-4:])


def _filled(content: bytes, shown: str, document: Document) -> Any:
    values = {name: plain(value(document)) for name, value in FIELDS.items()}
    paper = _opened(content, shown)
    try:
        _leave_out_empty(paper.docx.element.body, values)
        paper.render({**values, **{name: _PLACED.format(name) for name in PLACES}}, _Sandbox())
    except Exception:  # noqa: BLE001 - an expression of the office's can break the engine anywhere
        raise FaultyError(_broken(shown, content)) from None
    for name in PLACES if document.form in WITH_ANNEXES else PLACES[:1]:
        if not _has_place(paper.docx.element.body, name):
            raise FaultyError(_without_place(shown, name))
    there = {style.name_val for style in paper.docx.styles.element.style_lst}
    gone = [name for name in _styles(document.form) if name not in there]
    if gone:
        hint = _("请从程序自带的模板改起，不要删去其中的样式。")
        raise FaultyError(Problem(Place(shown), "E04", _("缺少样式“{name}”。", name=gone[0]), hint))
    return paper.docx


def _styles(form: Form) -> tuple[str, ...]:
    more = ANNEX_STYLES if form in WITH_ANNEXES else LARGE_STYLES if form == "sheet" else ()
    return (*STYLES, *more)


def _opened(content: bytes, shown: str) -> DocxTemplate:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            is_fit = sum(member.file_size for member in packed.infolist()) <= LARGEST
        paper = DocxTemplate(io.BytesIO(content))
        if is_fit:
            paper.init_docx()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError):
        is_fit = False
    if not is_fit:
        hint = _("请用 WPS 打开、另存为 .docx；打不开的，删去这个文件，就用程序自带的模板。")
        raise FaultyError(Problem(Place(shown), "E01", _("不是能用的 Word 文件（.docx）。"), hint))
    return paper


# --- fields ---


def text_of(element: Any) -> str:
    """What a part of a Word file says."""
    return "".join(t.text or "" for t in element.iter(qn("w:t")))


def _leave_out_empty(body: Any, values: Mapping[str, str]) -> None:
    """Take out the paragraphs that have fields and every one of them empty."""
    for p in body.findall(qn("w:p")):
        names = _FIELD.findall(text_of(p))
        if names and all(values.get(name) == "" for name in names):
            body.remove(p)


def _has_place(body: Any, place: str) -> bool:
    return any(is_place(p, place) for p in body)


# --- what is wrong with a template ---


def _checked(form: Form, path: Path, shown: str) -> Iterator[Problem]:
    try:
        content = path.read_bytes()
        paper = _opened(content, shown)
        unknown = list(_unknown(paper, shown))
        yield from unknown
        if not unknown:
            _filled(content, shown, _specimen(form))
    except OSError as error:
        yield Problem(Place(shown), "E01", _("文件读不出来：{why}。", why=error.strerror))
    except FaultyError as error:
        yield error.problem


def _unknown(paper: DocxTemplate, shown: str) -> Iterator[Problem]:
    """Fields that there are not; none where the braces cannot be read."""
    known = [*FIELDS, *PLACES]
    try:
        found = paper.get_undeclared_template_variables(_Sandbox())
    except TemplateSyntaxError:
        return
    for name in sorted(found - set(known)):
        hint = nearest(name, known) or _("可以写：{values}。", values=listed(known))
        yield Problem(Place(shown), "E03", _("不认识的字段“{name}”。", name=name), hint)


def _specimen(form: Form) -> Document:
    """A paper with a word in every field."""
    word = _("示例")
    return Document(
        word, word, word, (), word, word, number=word, signer=word, notice=word, form=form, copies=word, remark=word
    )


def _broken(shown: str, content: bytes) -> Problem:
    """The first paragraph that cannot be filled in by itself."""
    values = dict.fromkeys((*FIELDS, *PLACES), "")
    said = ""
    for p in _opened(content, shown).docx.element.body.iter(qn("w:p")):
        try:
            _Sandbox().from_string(text_of(p)).render(values)
        except Exception:  # noqa: BLE001 - as when all is filled in
            said = plain(text_of(p))
            break
    hint = _("花括号里只写字段的名称，例如 {example}。", example="{{ 标题 }}")
    return Problem(Place(shown), "E02", _("模板的花括号里有填不进去的写法。"), hint, said)


def _without_place(shown: str, name: str) -> Problem:
    hint = _("请在要放的地方单独写一段 {place}。", place=f"{{{{ {name} }}}}")
    return Problem(Place(shown), "E04", _("没有单独的一段写明{name}放在哪里。", name=name), hint)
