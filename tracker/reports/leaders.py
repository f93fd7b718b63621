"""The leaders' page: one sheet that says where things stand, what is late and what wants a decision. (Design 7.)

The words of its cells are made here, once: the sheet for Word and Markdown is a ``Document`` of
them, and the page for phones (``as_html``) shows the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.figures import Figures
from tracker.language import _
from tracker.lights import Matrix, cell_rule, cell_words
from tracker.progress import HORIZONS, horizons
from tracker.reports import fields
from tracker.reports.document import Block, Column, Document, Heading, Paragraph, Table
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import WORST, Light, status_words
from tracker.summary import MANY, Summary, summary
from tracker.terminal import cut, plain, width
from tracker.views import by_unit, lateness_words, overdue

SIGNS: Mapping[Light, str] = {"red": "■", "yellow": "▲", "green": "○", "grey": "—"}
"""On paper: the worse, the blacker."""

MOST_UNITS = 14
"""Rows of the matrix that leave room for the rest of the sheet."""

MOST_WAITING = 8
"""需领导研究事项 on the sheet."""

MOST_NAMED = 3
"""Units named in a row or sentence before they are counted."""

HANDWRITING = 16
"""Millimetres for a leader's words."""

UNIT_COLUMNS, ITEM_COLUMNS, REASON_COLUMNS = 24, 40, 34
"""Columns of a name, an item and a reason that stay on one line of the sheet; the whole is on the other page."""


def leaders_page(snapshot: Snapshot) -> Document:
    """The sheet of the day that the snapshot is judged on."""
    found = summary(snapshot)
    head = snapshot.programme.head
    body: tuple[Block, ...] = (
        figures_table(found),
        *(Paragraph(words) for words in sentences(snapshot, found)),
        Heading(1, _("县区 × 方案")),
        *_matrix(found.matrix),
        Heading(1, _("最需要盯的和接下来到期的")),
        pairs_table(snapshot, found),
        Heading(1, _("需领导研究事项")),
        *_waiting(snapshot, found),
        # Room to write in by hand.
        Table((Column(_("领导批示"), 1),), (("",),), height=HANDWRITING),
    )
    return Document(
        head.issuer,
        title(snapshot),
        dateline(snapshot),
        body,
        head.issuer,
        fields.day(fields.signed_on(snapshot)),
        notice=fields.notice(snapshot.programme),
        fingerprint=snapshot.fingerprint,
        form="sheet",
        templates=fields.templates(snapshot),
    )


def title(snapshot: Snapshot) -> str:
    """What the sheet is called."""
    return _("{name}进展情况一页", name=snapshot.programme.head.name)


def dateline(snapshot: Snapshot) -> str:
    """The day and whom it is for."""
    return _("截至{day}　内部资料", day=fields.day(snapshot.clocks.as_of))


# --- figures ---


@dataclass(frozen=True)
class Figure:
    """A figure and last month's, as printed."""

    name: str
    now: str
    before: str


def figures(found: Summary) -> tuple[Figure, ...]:
    """The six figures of the page with last month's."""
    names = (_("应完成"), _("已完成"), _("其中销号"), _("按期率"), _("逾期"), _("未按时报送"))
    now, before = _numbers(found.now, found.not_reported), _numbers(found.before, found.not_reported_before)
    return tuple(Figure(*row) for row in zip(names, now, before, strict=True))


def _numbers(f: Figures | None, not_reported: int | None) -> tuple[str, ...]:
    if f is None:
        return ("—",) * 6
    rate = f"{f.rate:.1f}%" if f.rate is not None else "—"
    return str(f.owed), str(f.done), str(f.verified), rate, str(f.late), str(not_reported)


def figures_table(found: Summary) -> Table:
    """The figures side by side, last month's below."""
    rows = figures(found)
    heads = (_("本月"), _("上月"))
    first = Column(_("指标"), max(10, *(width(head) + 4 for head in heads)), "centre")
    columns = (first, *(Column(f.name, max(12, 3 * width(f.name) // 2), "centre") for f in rows))
    months = ((heads[0], *(f.now for f in rows)), (heads[1], *(f.before for f in rows)))
    return Table(columns, months, is_large=True)


# --- sentences ---


def sentences(snapshot: Snapshot, found: Summary) -> tuple[str, str, str]:
    """Three sentences by rule: how much is done, what is late, what comes."""
    return _done(snapshot, found), _late(snapshot, found), _ahead(snapshot, found)


def _done(snapshot: Snapshot, found: Summary) -> str:
    now = found.now
    return _(
        "截至{day}，应完成 {owed} 项，已完成 {done} 项，其中核实销号 {verified} 项，按期率 {rate}{change}。",
        day=fields.day(snapshot.clocks.as_of),
        owed=now.owed,
        done=now.done,
        verified=now.verified,
        rate=fields.percent(now.rate),
        change=fields.rate_change(now, found.before),
    )


def _late(snapshot: Snapshot, found: Summary) -> str:
    if not found.now.late:
        return _("没有逾期事项。")
    late = [s for s in snapshot.standings if s.is_late]
    missed = sum(not s.is_current for s in late)
    units = sorted(by_unit(late, snapshot.programme), key=lambda entry: -len(entry[1]))
    named = _("、").join(_("{unit} {n} 项", unit=unit.brief, n=len(rows)) for unit, rows in units[:MOST_NAMED])
    others = _("等 {n} 个单位", n=len(units)) if len(units) > MOST_NAMED else ""
    worst = next(iter(overdue(snapshot)))
    return _(
        "逾期 {late} 项{missed}{change}，涉及{named}{others}；最久的是{unit}“{title}”，逾期 {days} 天。",
        late=found.now.late,
        missed=_("（含以往各期漏报 {n} 期）", n=missed) if missed else "",
        change=fields.change(found.now.late, found.before.late) if found.before is not None else "",
        named=named,
        others=others,
        unit=snapshot.unit_of(worst).brief,
        title=fields.titled(worst),
        days=worst.days_late,
    )


def _ahead(snapshot: Snapshot, found: Summary) -> str:
    counts = [horizon.count for horizon in horizons(snapshot)]
    days = [_("{n} 天内 {m} 项", n=within, m=sum(counts[: n + 1])) for n, within in enumerate(HORIZONS)]
    waiting = _("受阻或待上级明确 {n} 类，需要研究", n=len(found.waiting)) if found.waiting else _("没有受阻的事项")
    return _("接下来到期：{days}；{waiting}。", days=_("、").join(days), waiting=waiting)


# --- matrix ---


def printed(found: Matrix) -> frozenset[int]:
    """The rows of the matrix for which paper has room: of many units the worst."""
    return frozenset(sorted(range(len(found.units)), key=lambda n: WORST.index(found.cells[n][-1].light))[:MOST_UNITS])


def matrix_table(found: Matrix) -> Table:
    """The lights; of many units the worst, in protocol order."""
    columns = (
        Column(_("报送单位"), 22),
        *(Column(plan.head.short, 18) for plan in found.plans),
        Column(_("合计"), 18),
    )
    rows = tuple(
        (cut(plain(found.units[n].brief), UNIT_COLUMNS), *(cell_words(c, SIGNS) for c in found.cells[n]))
        for n in sorted(printed(found))
    )
    return Table(columns, rows, _("没有应报送的单位。"))


def _matrix(found: Matrix) -> Iterable[Block]:
    yield matrix_table(found)
    yield Paragraph(_("注：{rule}", rule=cell_rule(SIGNS)) + units_left_out(found))


def units_left_out(found: Matrix) -> str:
    """How many units paper has no room for; empty where it has room for all."""
    n = len(found.units) - MOST_UNITS
    return _("另有 {n} 个单位没有列出，灯不比表中的差。", n=n) if n > 0 else ""


# --- lists ---


def named(snapshot: Snapshot, group: Sequence[Standing]) -> str:
    """The units of a group of standings: by name, or counted."""
    units = [snapshot.unit_of(s).brief for s in group]
    return _("、").join(units) if len(units) <= MOST_NAMED else _("{n} 个单位", n=len(units))


def item_words(snapshot: Snapshot, group: Sequence[Standing]) -> str:
    """Who, what, and of which plan, on one line; the day beside it tells the period."""
    s = group[0]
    words = _(
        "{units}　{title}（{plan}）",
        units=named(snapshot, group),
        title=s.occurrence.milestone.title,
        plan=snapshot.plan_of(s).head.short,
    )
    return cut(plain(words), ITEM_COLUMNS)


def standing_words(s: Standing) -> str:
    """Where an item stands: how late it is, or how late it was done, or its standing."""
    if s.is_done and s.days_late:
        return _("晚 {n} 天完成", n=s.days_late)
    return lateness_words(s) or status_words(s.status)


def pairs_table(snapshot: Snapshot, found: Summary) -> Table:
    """The worst ten and the next ten beside each other: one sheet has no room for both below each other."""
    columns = (
        Column(_("最需要盯的"), 38),
        Column(_("情况"), 13, "centre"),
        Column(_("接下来到期的"), 37),
        Column(_("到期日"), 12, "centre"),
    )
    worst = [(item_words(snapshot, (s,)), standing_words(s)) for s in found.worst]
    coming = [(item_words(snapshot, group), fields.short_day(group[0].due)) for group in found.coming]
    none = ("", "")
    rows = tuple(
        (*(worst[n] if n < len(worst) else none), *(coming[n] if n < len(coming) else none))
        for n in range(min(max(len(worst), len(coming)), MANY))
    )
    return Table(columns, rows, _("没有当期逾期的事项，60 天内也没有到期的事项。"))


def waiting_table(snapshot: Snapshot, found: Summary) -> Table:
    """What is blocked or waits for the upper level: on whom, and why as the unit said."""
    columns = (
        Column(_("单位和事项"), 42),
        Column(_("情况"), 12, "centre"),
        Column(_("到期日"), 13, "centre"),
        Column(_("在等谁、单位所报原因"), 33),
    )
    rows = tuple(
        (item_words(snapshot, group), status_words(group[0].status), fields.short_day(group[0].due), _on_a_line(group))
        for group in found.waiting[:MOST_WAITING]
    )
    return Table(columns, rows, _("没有受阻或待上级明确的事项。"))


def _on_a_line(group: Sequence[Standing]) -> str:
    return cut(plain(reason(group)), REASON_COLUMNS)


def reason(group: Sequence[Standing]) -> str:
    """On whom a group waits, and the first reason given."""
    whom = group[0].occurrence.milestone.waits_on
    said = [s.record.update for s in group if s.record is not None]
    whom = whom or next((u.waiting_on for u in said if u.waiting_on), "")
    waits = _("在等：{whom}", whom=whom) if whom else ""
    cause = next((u.cause for u in said if u.cause), "")
    return _("；").join(part for part in (waits, cause) if part)


def _waiting(snapshot: Snapshot, found: Summary) -> Iterable[Block]:
    yield waiting_table(snapshot, found)
    if left_out := waiting_left_out(found):
        yield Paragraph(left_out)


def waiting_left_out(found: Summary) -> str:
    """How many matters paper has no room for; empty where it has room for all."""
    n = len(found.waiting) - MOST_WAITING
    return _("另有 {n} 类没有列出。", n=n) if n > 0 else ""
