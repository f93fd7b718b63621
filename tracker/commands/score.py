"""``score``: the enterprises' checklists: all scores, one in full, what if, and the sheet to fill in."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tracker import assessments as views
from tracker.assessing.draft import SheetDraft
from tracker.assessments import (
    Assessment,
    clause_words,
    contested_lines,
    cost_words,
    result_words,
    said,
    seen_words,
    signed,
    struck_words,
)
from tracker.calls import Call, Exit, Stop
from tracker.clocks import CHINA
from tracker.commands import shared
from tracker.commands.report import written
from tracker.language import _
from tracker.reports import CONVERTED, FORMATS, score_paper
from tracker.scoring import words
from tracker.sheet_forms import as_toml, sheet_form
from tracker.sheets import SIDES, Side, period_of
from tracker.snapshot import Snapshot
from tracker.terminal import columns, plain, print_table
from tracker.workbook import write_sheet


def score(call: Call) -> int:
    """``score``: who scored what; with an enterprise and a period all of it."""
    enterprise, period = _asked(call)
    found = shared.snapshots(call)
    known = [e.id for s in found for e in s.programme.enterprises]
    if not known:
        raise Stop(_("还没有登记企业：写在 plans/行动/enterprises.toml 里，写法见 plans/README.md。"))
    shared.check_known(enterprise, known, _("没有企业“{name}”。{hint}"))
    if call.args.form:
        return _form(call, found, enterprise, period)
    listed = [(s, a) for s in found for a in views.assessments(s, enterprise, period)]
    if enterprise is not None and period is not None:
        if not listed:
            raise Stop(_("还没有收到 {name} {period} 的考核表。", name=enterprise, period=period), Exit.FOUND)
        return _in_full(call, *listed[0])
    if call.args.output is not None:
        raise Stop(_("要写明企业和哪一期，例如 tracker score 企业 2026-Q3 -o 评分表.docx。"))
    if call.args.what_if:
        raise Stop(_("--what-if 要写明企业和哪一期，例如 tracker score 企业 2026-Q3 --what-if 4.1.6。"))
    return _list(call, [a for _snapshot, a in listed], found)


def _asked(call: Call) -> tuple[str | None, str | None]:
    """The enterprise and the period named; a lone word that begins as a year is a period."""
    enterprise, period = call.args.enterprise, call.args.period
    if enterprise is not None and period is None and enterprise[:4].isdigit():
        return None, enterprise
    return enterprise, period


def _list(call: Call, found: list[Assessment], snapshots: list[Snapshot]) -> int:
    if call.args.json:
        shared.print_json([views.assessment_row(a) for a in found])
        return Exit.WELL
    for snapshot in snapshots:
        if snapshot.programme.enterprises:
            shared.title(snapshot, _("企业考核"))
    header = [_("企业"), _("期次"), _("自评"), _("考核"), _("相差"), _("比上期"), _("结果")]
    rows = [
        (
            a.sheet.enterprise.name,
            a.sheet.period.label,
            said(a.own),
            said(a.department),
            signed(a.difference),
            signed(a.change),
            views.status_words(a),
        )
        for a in found
    ]
    print_table(sys.stdout, header, rows, columns=columns(), numbers=frozenset({2, 3, 4, 5}))
    failed = sum(a.status == "failed" for a in found)
    sys.stderr.write(_("{n} 份考核表，不合格 {k} 份。\n", n=len(found), k=failed))
    return Exit.WELL


def _in_full(call: Call, snapshot: Snapshot, a: Assessment) -> int:
    closed = _closed(call, a)
    if call.args.json:
        shared.print_json(views.full_row(a, closed))
        return Exit.WELL
    if call.args.output is not None:
        return _paper(call, snapshot, a)
    shared.title(snapshot, a.sheet.checklist.head.short)
    sys.stdout.writelines(f"{plain(line)}\n" for line in _head(a))
    sys.stdout.write("\n")
    _print_scores(a)
    sys.stdout.write("\n")
    _print_losses(a)
    for line in _rest(a, closed):
        sys.stdout.write(f"{plain(line)}\n")
    return Exit.WELL


def _paper(call: Call, snapshot: Snapshot, a: Assessment) -> int:
    """The sheet as a paper to be signed; the file's name says in which format."""
    endings = [f".{ending}" for ending in (*FORMATS, *CONVERTED)]
    ending = call.args.output.suffix.lower()
    if ending not in endings:
        raise Stop(_("考核表可以写成 {endings}；要填的表用 --form。", endings=_("、").join(endings)))
    shared.deliver(call, written(score_paper(snapshot, a), ending[1:]))
    return Exit.WELL


def _closed(call: Call, a: Assessment) -> list[str]:
    """The findings that ``--what-if`` closes, each one that there is."""
    found = list(a.judged[1]) if a.judged is not None else []
    for name in call.args.what_if:
        if not found:
            raise Stop(_("这份考核表没有扣分，不用整改。"))
        shared.check_known(name, found, _("这份考核表里没有“{name}”。{hint}"))
    return list(dict.fromkeys(call.args.what_if))


def _head(a: Assessment) -> Iterator[str]:
    sheet = a.sheet
    head = sheet.checklist.head
    yield _("{name}　{period}", name=sheet.enterprise.name, period=sheet.period.label)
    for side, who in SIDES.items():
        assessed, result = sheet.assessed(side), a.score(side)
        if assessed is None or result is None:
            yield _("{who}：还没有。", who=_(who))
            continue
        by = _("、").join(assessed.by)
        yield _("{who}：{points} 分（{on} {by}）", who=_(who), points=words(result.total), on=assessed.on, by=by)
    verdict = _("结果：{status}（满分 {full}，{mark} 分合格）",
        status=views.status_words(a), full=f"{head.full:g}", mark=f"{head.pass_mark:g}")  # fmt: skip
    compared = []
    if a.difference is not None:
        compared.append(_("考核比自评 {n}", n=signed(a.difference)))
    if a.change is not None and a.before is not None:
        compared.append(_("比上期（{points}）{n}", points=words(a.before.total), n=signed(a.change)))
    yield "　".join([verdict, *compared])
    yield from contested_lines(a)
    if sheet.held:
        yield _("没有写全、暂不计入的：{ids}；用 tracker check 查看。", ids=_("、").join(sheet.held))


def _print_scores(a: Assessment) -> None:
    header = [_("指标和内容"), _("分值"), _("自评"), _("考核"), _("上期")]
    rows: list[tuple[str, str, str, str, str]] = []
    results = (a.own, a.department, a.before)
    for n, indicator in enumerate(a.sheet.checklist.indicator):
        cells = [words(r.indicators[n].score) if r is not None else "" for r in results]
        rows.append((f"{indicator.id} {indicator.title}", f"{indicator.points:g}", cells[0], cells[1], cells[2]))
        for k, content in enumerate(indicator.content):
            cells = [words(r.indicators[n].contents[k].score) if r is not None else "" for r in results]
            rows.append((f"　{content.id} {content.title}", f"{content.points:g}", cells[0], cells[1], cells[2]))
    full = f"{a.sheet.checklist.head.full:g}"
    rows.append((_("合计"), full, said(a.own), said(a.department), said(a.before)))
    print_table(sys.stdout, header, rows, columns=columns(), numbers=frozenset({1, 2, 3, 4}))


def _print_losses(a: Assessment) -> None:
    """Each clause that cost points, on either side."""
    found = [one for one in a.lost if not one.is_past]
    if not found:
        sys.stdout.write(_("没有扣分。") + "\n")
        return
    header = [_("编号"), _("扣分条款"), _("自评扣"), _("考核扣"), _("看到的情况")]
    rows = [
        (
            _("、").join(one.findings),
            clause_words(one.loss),
            cost_words(one.own),
            struck_words(one),
            seen_words(a, one),
        )
        for one in found
    ]
    print_table(sys.stdout, header, rows, columns=columns(), numbers=frozenset({2, 3}))


def _rest(a: Assessment, closed: list[str]) -> Iterator[str]:
    """The other readings, what if, and the way back."""
    for other in a.otherwise:
        yield ""
        yield _("另一种读法“{id}”：{result}。", id=other.reading.id, result=result_words(other.score))
        yield _("　现在的读法：{words}", words=other.reading.reading)
    if closed:
        yield ""
        yield _("整改 {ids} 之后：{result}。", ids=_("、").join(closed), result=result_words(a.if_closed(closed)))
    if a.way_back:
        yield ""
        points = words(a.if_closed(a.way_back).total)
        yield _("最少整改 {n} 条就合格（{points} 分）：", n=len(a.way_back), points=points)
        clauses = a.sheet.checklist.clauses
        yield from (_("　{id} {what}", id=name, what=clauses[name]) for name in a.way_back)


def fill(call: Call) -> int:
    """``fill --enterprise``: an enterprise's sheet in the terminal, saved as it is filled."""
    from tracker.tui.score_fill import run  # noqa: PLC0415 - Textual is for this command alone

    enterprise, period = call.args.enterprise, call.args.period
    if period is None:
        raise Stop(_("要写明哪一期，例如 --period 2026-Q4。"))
    found = shared.snapshots(call)
    shared.check_known(
        enterprise, [e.id for s in found for e in s.programme.enterprises], _("没有企业“{name}”。{hint}")
    )
    snapshot = _with_period(found, enterprise, period)
    output, today = call.here / (call.args.output or Path()), call.now.astimezone(CHINA).date()
    side: Side = "own" if call.args.own else "department"
    return run(SheetDraft.open(shared.workspace_of(call), snapshot, enterprise, period, output, today, side))


def _with_period(found: list[Snapshot], enterprise: str, period: str) -> Snapshot:
    """The programme that has the enterprise; its checklist must have the period."""
    snapshot = next(s for s in found if enterprise in {e.id for e in s.programme.enterprises})
    checklist = snapshot.programme.checklist(snapshot.programme.enterprise(enterprise).checklist)
    if period_of(checklist, snapshot.programme, period) is None:
        raise Stop(_("没有这一期：“{words}”。", words=period))
    return snapshot


def _form(call: Call, found: list[Snapshot], enterprise: str | None, period: str | None) -> int:
    """The sheet to fill in, with what is known."""
    if enterprise is None or period is None:
        raise Stop(_("要写明企业和哪一期，例如 tracker score --form 企业 2026-Q4 -o 考核表.xlsx。"))
    form = sheet_form(_with_period(found, enterprise, period), enterprise, period)
    output = call.args.output
    as_book = output is not None and output.suffix == ".xlsx"
    shared.deliver(call, write_sheet(form) if as_book else as_toml(form).encode())
    return Exit.WELL
