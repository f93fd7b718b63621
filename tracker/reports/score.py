"""企业考核表: one enterprise's period as a paper to be signed, and what the monthly papers say of the assessments.

The paper goes to the enterprise: each point lost stands beside its clause and what was seen. The
monthly bulletin counts and names no enterprise; a unit's own report names those that it assessed.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256

from tracker.assessments import (
    Assessment,
    Round,
    clause_words,
    cost_words,
    result_words,
    rounds,
    said,
    seen_words,
    signed,
    status_words,
    struck_words,
)
from tracker.deadlines import Period
from tracker.language import _
from tracker.reports import fields
from tracker.reports.document import Align, Block, Column, Document, Heading, Paragraph, Table
from tracker.scoring import words
from tracker.sheets import SIDES
from tracker.snapshot import Snapshot

ROOM = 24
"""Millimetres of a row for an opinion, a signature and a day."""

NOTHING = "—"


def score_sheet(snapshot: Snapshot, a: Assessment) -> Document:
    """The paper on one enterprise's period."""
    sheet, head = a.sheet, a.sheet.checklist.head
    unit = snapshot.programme.unit(sheet.unit)
    office = unit.office or unit.name
    department = sheet.head.department
    parts: tuple[tuple[str, Iterable[Block]], ...] = (
        (_("各项得分"), [_scores(a)]),
        (_("扣分和否决"), [_losses(a), *_past(a)]),
        (_("抽查"), [_sampled(a)]),
        (_("原文另一种读法的分数"), _readings(a)),
        (_("整改建议"), _way_back(a)),
        (_("签字"), [_signatures()]),
    )
    body: tuple[Block, ...] = (Table(_pair(), tuple(_facts(snapshot, a))), *_numbered(parts))
    return Document(
        office,
        _(
            "{name}{period}{short}考核表",
            name=sheet.enterprise.name,
            period=period(head.every, sheet.period),
            short=head.short,
        ),
        _("被考核企业：{name}", name=sheet.enterprise.name),
        body,
        office,
        fields.day(department.on if department is not None else None),
        notice=fields.notice(snapshot.programme),
        form="form",
        templates=fields.templates(snapshot),
        fingerprint=_fingerprint(a),
    )


def _numbered(parts: Iterable[tuple[str, Iterable[Block]]]) -> Iterator[Block]:
    """The parts that say something under their headings, counted."""
    ordinals = iter(_("一二三四五六"))
    for title, found in parts:
        blocks = list(found)
        if blocks:
            yield Heading(1, _("{n}、{title}", n=next(ordinals), title=title))
            yield from blocks


def period(every: str, turn: Period) -> str:
    """A period in a title: 2026年三季度."""
    start = turn.start
    match every:
        case "quarter":
            names = (_("一季度"), _("二季度"), _("三季度"), _("四季度"))
            return _("{y}年{name}", y=start.year, name=names[start.month // 3])
        case "half-year":
            return _("{y}年{name}", y=start.year, name=_("上半年") if start.month == 1 else _("下半年"))
        case "year":
            return _("{y}年", y=start.year)
    return _("{y}年{m}月", y=start.year, m=start.month)


def _fingerprint(a: Assessment) -> str:
    said = [f.contest for f in a.sheet.findings if f.contest is not None]
    return sha256(f"{a.sheet.digest} {a.sheet.checklist} {a.before} {said}".encode()).hexdigest()


def _pair() -> tuple[Column, Column]:
    return Column(_("项目"), 9, "centre"), Column(_("内容"), 31)


def _facts(snapshot: Snapshot, a: Assessment) -> Iterator[tuple[str, str]]:
    sheet, head = a.sheet, a.sheet.checklist.head
    yield _("依据"), _("《{title}》（{source}）", title=head.title, source=head.source)
    yield _("考核单位"), snapshot.programme.unit(sheet.unit).name
    for side, who in SIDES.items():
        assessed, result = sheet.assessed(side), a.score(side)
        if assessed is None or result is None:
            yield _(who), _("还没有")
            continue
        by = _("、").join(assessed.by)
        yield _(who), _("{points} 分，{day}，{by}", points=words(result.total), day=fields.day(assessed.on), by=by)
        if assessed.note:
            yield _("说明"), assessed.note
    line = _("满分 {full} 分，{mark} 分合格", full=f"{head.full:g}", mark=f"{head.pass_mark:g}")
    yield _("结果"), _("{status}（{line}）", status=status_words(a), line=line)
    yield _("否决"), _vetoes(a)
    if a.difference is not None:
        yield _("与自评相差"), _("{n} 分", n=signed(a.difference))
    if a.change is not None and a.before is not None:
        yield _("与上期相比"), _("上期 {before} 分，{n} 分", before=words(a.before.total), n=signed(a.change))
    clauses = sheet.checklist.clauses
    if sheet.contested:
        listed = _("；").join(clauses[name] for name in sheet.contested)
        yield _("有异议待裁定"), _("{listed}（裁定前照扣）", listed=listed)
    if sheet.struck:
        yield _("异议采纳"), _("{listed}（不再扣分）", listed=_("；").join(clauses[name] for name in sheet.struck))
    if sheet.held:
        yield _("没有写全"), _("有 {n} 处没有写全，暂不计入，考核未完。", n=len(sheet.held))


def _vetoes(a: Assessment) -> str:
    met = a.judged[0].vetoes if a.judged is not None else ()
    return _("；").join(clause_words(loss) for loss in met) if met else _("没有")


def _scores(a: Assessment) -> Table:
    number: Align = "right"
    columns = (
        Column(_("指标和内容"), 24),
        Column(_("分值"), 5, number),
        Column(_("自评"), 5, number),
        Column(_("考核"), 5, number),
        Column(_("上期"), 5, number),
    )
    results = (a.own, a.department, a.before)
    rows: list[tuple[str, ...]] = []
    for n, indicator in enumerate(a.sheet.checklist.indicator):
        cells = [words(r.indicators[n].score) if r is not None else NOTHING for r in results]
        rows.append((f"{indicator.id} {indicator.title}", f"{indicator.points:g}", *cells))
        for k, content in enumerate(indicator.content):
            cells = [words(r.indicators[n].contents[k].score) if r is not None else NOTHING for r in results]
            rows.append((f"　{content.id} {content.title}", f"{content.points:g}", *cells))
    totals = (said(r) or NOTHING for r in results)
    return Table(columns, (*rows, (_("合计"), f"{a.sheet.checklist.head.full:g}", *totals)))


def _losses(a: Assessment) -> Table:
    columns = (
        Column(_("内容"), 5, "centre"),
        Column(_("条款"), 18),
        Column(_("自评扣"), 6, "right"),
        Column(_("考核扣"), 6, "right"),
        Column(_("看到的情况"), 22),
        Column(_("上期扣"), 6, "right"),
    )
    rows = tuple(
        (
            a.sheet.checklist.content_of[one.findings[0]].id,
            clause_words(one.loss),
            cost_words(one.own) or NOTHING,
            struck_words(one) or NOTHING,
            seen_words(a, one),
            cost_words(one.before) or NOTHING,
        )
        for one in a.lost
        if not one.is_past
    )
    return Table(columns, rows, _("没有扣分。"))


def _past(a: Assessment) -> Iterator[Block]:
    """What cost points in the period before and costs none now."""
    gone = [one.loss.what for one in a.lost if one.is_past]
    if gone:
        yield Paragraph(_("上期扣分、本期没有再发现的：{items}。", items=_("；").join(gone)))


def _sampled(a: Assessment) -> Table:
    columns = (
        Column(_("抽查"), 24),
        Column(_("总数"), 6, "right"),
        Column(_("最少"), 6, "right"),
        Column(_("自评"), 6, "right"),
        Column(_("考核"), 6, "right"),
    )
    known = {s.id: s for s in a.sheet.sampled}
    rows = []
    for sampling in a.sheet.checklist.samplings.values():
        found = known.get(sampling.id)
        numbers = (found.own, found.department) if found is not None else (None, None)
        total = found.total if found is not None else None
        least = f"{sampling.minimum(total)} {sampling.unit}"
        cells = (str(n) if n is not None else NOTHING for n in numbers)
        rows.append((sampling.what, str(total) if total is not None else NOTHING, least, *cells))
    return Table(columns, tuple(rows), _("清单没有抽查的要求。"))


def _readings(a: Assessment) -> Iterator[Block]:
    for other in a.otherwise:
        yield Paragraph(
            _(
                "{reading}另一种读法“{id}”：{result}。",
                reading=other.reading.reading,
                id=other.reading.id,
                result=result_words(other.score),
            )
        )


def _way_back(a: Assessment) -> Iterator[Block]:
    if not a.way_back:
        return
    clauses = a.sheet.checklist.clauses
    listed = _("；").join(clauses[name] for name in a.way_back)
    points = words(a.if_closed(a.way_back).total)
    n = len(a.way_back)
    yield Paragraph(_("最少整改 {n} 条即可合格（{points} 分）：{listed}。", n=n, points=points, listed=listed))


def _signatures() -> Table:
    blank = _("　　　　　　　　　　　　年　　月　　日")
    rows = (
        (_("考核人员"), blank),
        (_("考核单位（盖章）"), blank),
        (_("企业意见、负责人"), blank),
    )
    return Table((Column(_("签字方"), 9, "centre"), Column(_("签字、日期"), 31, "right")), rows, height=ROOM)


# --- in the monthly papers ---


def summary(snapshot: Snapshot, month: date) -> Iterator[Block]:
    """What the bulletin says of the assessments: how many, and what came of them; nobody is named."""
    for one in rounds(snapshot, month):
        yield Paragraph(_counts(one))


def unit_summary(snapshot: Snapshot, month: date, unit: str) -> Iterator[Block]:
    """What the report of a unit that assesses says: the same of its own, and each enterprise's result."""
    for one in rounds(snapshot, month, unit):
        yield Paragraph(_counts(one))
        if one.done:
            yield _results(one)


def _counts(one: Round) -> str:
    owed, done, name = len(one.owed), len(one.done), one.checklist.head.short
    parts = [_("{period}{name}考核：应考核企业 {owed} 家，已考核 {done} 家",
        period=period(one.checklist.head.every, one.period), name=name, owed=owed, done=done)]  # fmt: skip
    if one.done:
        failed = done - one.passed
        parts.append(_("合格 {n} 家、不合格 {failed} 家", n=one.passed, failed=failed) if failed else _("均合格"))
    if one.vetoed:
        parts.append(_("触及否决项 {n} 家", n=one.vetoed))
    if one.contested:
        parts.append(_("有异议待裁定 {n} 家", n=one.contested))
    return _("，").join(parts) + _("。")


def _results(one: Round) -> Table:
    columns = (
        Column(_("企业"), 20),
        Column(_("自评"), 6, "right"),
        Column(_("考核"), 6, "right"),
        Column(_("与自评相差"), 8, "right"),
        Column(_("比上期"), 6, "right"),
        Column(_("结果"), 12, "centre"),
    )
    rows = tuple(
        (
            a.sheet.enterprise.name,
            said(a.own) or NOTHING,
            said(a.department),
            signed(a.difference) or NOTHING,
            signed(a.change) or NOTHING,
            status_words(a),
        )
        for a in one.done
    )
    return Table(columns, rows)
