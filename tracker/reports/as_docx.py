"""A document as a Word file: its template filled in, its blocks at the places that the template names.

The layout after GB/T 9704-2012 is the template's; here are only the pages of the annexes, wide ones turned.
"""

import io
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from lxml import etree

from tracker.language import _
from tracker.reports import template
from tracker.reports.document import Annex, Document
from tracker.reports.word import Styles, blocks, elements, gap
from tracker.terminal import plain

LETTERHEAD = "公文发文机关"
"""The style of the head's name."""

CHARACTER = Pt(16)
"""A character of the text, the unit of indents."""

_EPOCH = (2026, 1, 1, 0, 0, 0)


def write(document: Document) -> bytes:
    """The document as the bytes of a .docx; equal documents and templates give equal bytes.

    ``FaultyError`` where the office's template cannot be filled in.
    """
    paper = template.filled(document)
    styles, body = Styles(paper), paper.element.body
    _fit_letterhead(paper, body)
    text = blocks(document.body, styles, _line_length(body[-1]), is_kept=True)
    _put(body, "正文", elements(list(text)))
    _list_annexes(paper, body, document.annexes)
    _put_annexes(body, styles, document.annexes)
    _properties(paper, document)
    return _packed(paper)


def _put(body: Any, place: str, content: list[Any]) -> None:
    """Content instead of the paragraph that marks a place."""
    for mark in [p for p in body if template.is_place(p, place)]:
        for element in content:
            # Piece by piece: the library takes four times as long to move twice as much at once.
            shell = mark.makeelement(element.tag, element.attrib)
            mark.addprevious(shell)
            shell.extend(list(element))
        body.remove(mark)


def _fit_letterhead(paper: Any, body: Any) -> None:
    """A long name in smaller letters, so that it stays on its line."""
    style = next((s.styleId for s in paper.styles.element.style_lst if s.name_val == LETTERHEAD), "")
    for p in body.iter(qn("w:p")):
        found = p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if found is None or found.get(qn("w:val")) != style:
            continue
        most = _line_length(body[-1]) // max(1, len(template.text_of(p))) // 10
        for size in p.iter(qn("w:sz"), qn("w:szCs")):
            size.set(qn("w:val"), str(min(int(size.get(qn("w:val"))), most)))


def _line_length(section: Any) -> int:
    """Of a section, in twips."""
    size, margin = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    return int(size.get(qn("w:w"))) - int(margin.get(qn("w:left"))) - int(margin.get(qn("w:right")))


# --- annexes ---


def _list_annexes(parent: Any, body: Any, annexes: Sequence[Annex]) -> None:
    """附件说明: names without full stops, numbered where there are several, each like the marked paragraph."""
    for mark in [p for p in body if template.is_place(p, "附件说明")]:
        for n, annex in enumerate(annexes, 1):
            line = Paragraph(parse_xml(etree.tostring(mark)), parent)
            number = f"{n}. " if len(annexes) > 1 else ""
            first, *others = line.runs
            first.text = (_("附件：") if n == 1 else "　　　") + plain(number + annex.title)
            for run in others:
                line._p.remove(run._r)  # noqa: SLF001 - the library takes no run away
            # What runs over stands below the first character of the name.
            hanging = CHARACTER * (4 if number else 3)
            line.paragraph_format.left_indent = 2 * CHARACTER + hanging
            line.paragraph_format.first_line_indent = -hanging
            if n > 1:
                line.paragraph_format.space_before = Pt(0)
            mark.addprevious(line._p)  # noqa: SLF001 - the library adds only at the end
        body.remove(mark)


def _put_annexes(body: Any, styles: Styles, annexes: Sequence[Annex]) -> None:
    """Each annex on pages of its own; below them the imprint, upright on a last, even page where they end turned."""
    text_page = body[-1]
    marks = [p for p in body if template.is_place(p, "附件")]
    if not annexes or not marks:
        _put(body, "附件", [])
        return
    pages = [_page(text_page, is_wide=annex.is_wide) for annex in annexes]
    parts = [_annex(annex, n if len(annexes) > 1 else 0, styles, pages[n - 1]) for n, annex in enumerate(annexes, 1)]
    if annexes[-1].is_wide and any(template.text_of(element).strip() for element in marks[-1].itersiblings()):
        pages.append(_page(text_page, kind="evenPage"))
        parts.append([])
    body.replace(text_page, pages[-1])
    content = []
    for before, part in zip([text_page, *pages], parts, strict=False):
        # A section's properties stand in its last paragraph, those of the last one at the end of the body.
        [end] = elements([gap(1)])
        end.find(qn("w:pPr")).append(before)
        content += [end, *part]
    _put(body, "附件", [*content, *elements([gap(1)])])


def _annex(annex: Annex, n: int, styles: Styles, page: Any) -> list[Any]:
    """An annex; ``n`` is 0 where it is the only one."""
    number = _("附件{n}", n=n) if n else _("附件")
    head = (styles.paragraph(number, "公文附件号"), styles.paragraph(annex.title, "公文附件标题"))
    return elements([*head, *blocks(annex.blocks, styles, _line_length(page), in_annex=True)])


def _page(text_page: Any, *, is_wide: bool = False, kind: str = "nextPage") -> Any:
    """A page as the text's, without what is only for its first; the turned one keeps its binding edge."""
    page = deepcopy(text_page)
    for tag in ("w:headerReference", "w:footerReference", "w:titlePg", "w:type"):
        for element in page.findall(qn(tag)):
            page.remove(element)
    size, margin = page.find(qn("w:pgSz")), page.find(qn("w:pgMar"))
    size.addprevious(size.makeelement(qn("w:type"), {qn("w:val"): kind}))
    if is_wide:
        width, height = size.get(qn("w:w")), size.get(qn("w:h"))
        size.set(qn("w:w"), height)
        size.set(qn("w:h"), width)
        size.set(qn("w:orient"), "landscape")
        edges = ("top", "right", "bottom", "left")
        top, right, bottom, left = (margin.get(qn(f"w:{edge}")) for edge in edges)
        for edge, length in zip(edges, (left, top, right, bottom), strict=True):
            margin.set(qn(f"w:{edge}"), length)
        # The page number keeps its distance from the type area.
        footer = int(margin.get(qn("w:footer"))) - int(bottom) + int(right)
        margin.set(qn("w:footer"), str(max(0, footer)))
    return page


def _properties(paper: Any, document: Document) -> None:
    properties = paper.core_properties
    properties.title = plain(document.title)
    properties.author = plain(document.letterhead)
    properties.comments = plain(document.notice)
    properties.identifier = document.fingerprint
    properties.created = properties.modified = datetime(*_EPOCH, tzinfo=UTC)
    properties.last_modified_by = ""
    properties.language = "zh-CN"


def _packed(paper: Any) -> bytes:
    """The file with every member dated alike, so that time leaves no trace."""
    written = io.BytesIO()
    paper.save(written)
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(zipfile.ZipInfo(member.filename, _EPOCH), old.read(member.filename), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
