"""The city's rulings: what waits for one, making them, and drawing items to look at."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import PurePosixPath

from tracker import rulings, spotchecks
from tracker.assessments import Assessment, result_of
from tracker.calls import Call, Exit, Stop
from tracker.checklists import Enterprise
from tracker.clocks import CHINA
from tracker.commands import shared
from tracker.deadlines import month_end
from tracker.decisions import KINDS, Decision
from tracker.language import _
from tracker.pending import Pending, pending
from tracker.pending import words as waits_for
from tracker.plans import Programme
from tracker.problems import hinted, labelled, nearest
from tracker.reporting import month_in_hand
from tracker.sheets import period_of
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import status_words
from tracker.terminal import columns, plain, print_table


def decide(call: Call) -> int:
    """``decide``: make rulings; without a kind, what waits for one."""
    if call.args.kind is None:
        return _waiting(call)
    if call.args.unit is None:
        raise Stop(_("要写明对哪个单位作决定，例如：tracker decide verify donge chemical-17d。"))
    kind, found = _kind(call.args.kind), shared.snapshots(call)
    enterprise = _enterprise(found, call)
    snapshot, when, wanted = (
        _on_month(call, kind, found) if enterprise is None else _on_sheet(call, kind, found, enterprise)
    )
    workspace = shared.workspace_of(call)
    try:
        ruled = rulings.decide(workspace, snapshot.programme.id, when, wanted, call.now)
    except TimeoutError:
        raise Stop(_("另一个命令正在写这个工作区，请稍后再试。"), Exit.FOUND) from None
    if ruled.problems or ruled.refused:
        shared.print_problems(ruled.problems, sys.stderr)
        for one in ruled.refused:
            words = hinted(one.message, one.hint)
            name = one.decision.item or one.decision.finding
            said = labelled(name, words) if name and len(wanted) > 1 else words
            sys.stderr.write(plain(said) + "\n")
        raise Stop(_("没有写入任何意见。"), Exit.FOUND)
    if call.args.json:
        shared.print_json([_row(effect) for effect in ruled.effects])
    else:
        for effect in ruled.effects:
            sys.stdout.write(plain(_said(snapshot.programme, effect)) + "\n")
    sys.stderr.write(_("已记入 {file}。\n", file=ruled.file))
    return Exit.WELL


def _kind(words: str) -> str:
    """A kind of ruling by its id or its Chinese word."""
    found = next((kind for kind, chinese in KINDS.items() if words in (kind, chinese, _(chinese))), None)
    if found is None:
        known = [name for kind, chinese in KINDS.items() for name in (kind, _(chinese))]
        hint = nearest(words, known) or _("有：{known}。", known=_("、").join(KINDS))
        raise Stop(_("没有“{name}”这种意见。{hint}", name=words, hint=hint))
    return found


def _enterprise(snapshots: Sequence[Snapshot], call: Call) -> Enterprise | None:
    """The enterprise whose sheet is ruled on; None where it is a unit's month."""
    args = call.args
    named = [e for s in snapshots for e in s.programme.enterprises if args.unit in (e.id, e.name, e.brief)]
    if not named and (args.period or args.finding):
        stem = (args.file or "").partition(".")[0]
        named = [e for s in snapshots for e in s.programme.enterprises if e.id == stem]
        if not named:
            known = [name for s in snapshots for e in s.programme.enterprises for name in (e.id, e.name)]
            hint = nearest(args.unit, known) or _("例如：tracker decide object demo-south --finding 5.2.A1。")
            raise Stop(_("对考核表的意见，单位要写企业。{hint}", hint=hint))
    return named[0] if named else None


Asked = tuple[Snapshot, rulings.When, list[Decision]]
"""The programme, what is ruled on, and the rulings wanted."""


def _on_month(call: Call, kind: str, snapshots: Sequence[Snapshot]) -> Asked:
    """Rulings on a unit's items, or on its submission as a whole."""
    month = call.args.month or month_in_hand(call.now.astimezone(CHINA).date())
    snapshot = shared.in_month(_with_unit(snapshots, call.args.unit), month)
    one = _wanted(call, kind, _unit(snapshot.programme, call.args.unit))
    return snapshot, month, [replace(one, item=item) for item in call.args.item or [None]]


def _on_sheet(call: Call, kind: str, snapshots: Sequence[Snapshot], enterprise: Enterprise) -> Asked:
    """Rulings on an enterprise's sheet, or on findings of it: of the period and the version named, else the last."""
    if call.args.item or call.args.month:
        raise Stop(_("对考核表的意见不写期次和 --month；哪一条写 --finding，哪一期写 --period。"))
    snapshot = next(s for s in snapshots if enterprise in s.programme.enterprises)
    came = [f.sheet for f in snapshot.sheets if f.sheet.stem == enterprise.id]
    if call.args.period is None and not came:
        raise Stop(_("还没有收到 {name} 的考核表。", name=enterprise.name), Exit.FOUND)
    label = call.args.period or came[-1].period.label
    period = period_of(snapshot.programme.checklist(enterprise.checklist), snapshot.programme, label)
    if period is None:
        raise Stop(_("没有这一期：“{words}”。", words=label))
    counts = next((PurePosixPath(sheet.file).name for sheet in came if sheet.period == period), f"{enterprise.id}.toml")
    one = replace(_wanted(call, kind, enterprise.unit), file=call.args.file or counts)
    return snapshot, period, [replace(one, finding=name) for name in dict.fromkeys(call.args.finding)] or [one]


def _with_unit(snapshots: Sequence[Snapshot], words: str) -> list[Snapshot]:
    """The programmes that have the unit, named by its id or its name."""
    named = {name for s in snapshots for u in s.programme.units for name in (u.id, u.name, u.brief)}
    shared.check_known(words, sorted(named), _("没有报送单位“{name}”。{hint}"))
    return [s for s in snapshots if any(words in (u.id, u.name, u.brief) for u in s.programme.units)]


def _unit(programme: Programme, words: str) -> str:
    return next(u.id for u in programme.units if words in (u.id, u.name, u.brief))


def _wanted(call: Call, kind: str, unit: str) -> Decision:
    """The ruling asked for, but for what it is on."""
    args = call.args
    if not (args.reason or "").strip():
        raise Stop(_("要写明理由：--reason …"))
    return Decision(
        kind,  # type: ignore[arg-type]  # one of KINDS
        unit,
        _who(call),
        call.now,
        args.reason.strip(),
        file=args.file,
        until=args.until,
        granted=not args.refused,
        ground=args.ground,
        state=args.state,
        done_on=args.done_on,
        done=args.done,
        total=args.total,
        cause=args.cause,
        measure=args.measure,
        promised_on=args.promised_on,
        waiting_on=args.waiting_on,
        note=args.note,
        undoes=args.undoes,
    )


def _who(call: Call) -> str:
    """Who decides: said, or the environment's word."""
    by = shared.user_of(call)
    if not by:
        raise Stop(_("要写明谁作的决定：--by 姓名，或设置环境变量 {name}。", name=shared.USER))
    return by


def _said(programme: Programme, effect: rulings.Effect) -> str:
    """A ruling that was written and what it did, in one line."""
    d = effect.decision
    unit, kind = programme.unit(d.unit).name, _(KINDS[d.kind])
    before, after = (_stands(one) for one in (effect.before, effect.after))
    item = d.item or " ".join(name for name in (d.file, d.finding) if name)
    if not before and not after and d.item is None:
        return _("{unit} {file}：{kind}（{id}）", unit=unit, file=item, kind=kind, id=d.id)
    stands = f"{before} → {after}" if before != after else after
    return _("{unit} {item}：{kind}，{stands}（{id}）", unit=unit, item=item, kind=kind, stands=stands, id=d.id)


def _stands(found: Standing | Assessment | None) -> str:
    """Where an item stands, or what a sheet scores."""
    if isinstance(found, Assessment):
        return result_of(found)
    return status_words(found.status) if found is not None else ""


def _row(effect: rulings.Effect) -> dict[str, object]:
    d = effect.decision
    return {
        "id": d.id,
        "kind": d.kind,
        "unit": d.unit,
        "item": d.item,
        "file": d.file,
        "finding": d.finding,
        "at": d.at.isoformat(),
        "by": d.by,
        "reason": d.reason,
        **_side("before", effect.before),
        **_side("after", effect.after),
    }


def _side(name: str, found: Standing | Assessment | None) -> dict[str, object]:
    """A standing by its status; of a sheet the department's points too."""
    if isinstance(found, Assessment):
        points = found.department.total if found.department is not None else None
        return {name: found.status, f"{name}_points": float(points) if points is not None else None}
    return {name: found.status if found is not None else None}


def _waiting(call: Call) -> int:
    """All that waits for the city's word, of each programme that runs."""
    today = call.now.astimezone(CHINA).date()
    month: date | None = call.args.month
    day = month_end(month) if month is not None else min(today, month_end(month_in_hand(today)))
    found = [(s, pending(s)) for s in shared.snapshots(call, day)]
    if call.args.json:
        shared.print_json([_pending_row(s, one) for s, rows in found for one in rows])
        return Exit.WELL
    for snapshot, rows in found:
        shared.title(snapshot, _("等待意见 {n} 项", n=len(rows)))
        header = [_("等什么"), _("单位"), _("任务节点"), _("期次编号或文件"), _("自何日起"), _("现状")]
        cells = [_cells(snapshot, one) for one in rows]
        if cells:
            print_table(sys.stdout, header, cells, columns=columns())
    return Exit.WELL


def _cells(snapshot: Snapshot, one: Pending) -> tuple[object, ...]:
    title = one.standing.occurrence.milestone.title if one.standing is not None else ""
    status = status_words(one.standing.status) if one.standing is not None else ""
    item = one.item or one.file
    if one.finding:
        clauses = next(f.sheet.checklist.clauses for f in snapshot.sheets if f.sheet.file == one.file)
        title, item = clauses[one.finding], f"{one.file} {one.finding}"
    unit = snapshot.programme.unit(one.unit).brief
    return waits_for(one), unit, title, item, one.since or "", status


def _pending_row(snapshot: Snapshot, one: Pending) -> dict[str, object]:
    return {
        "programme": snapshot.programme.id,
        "waits_for": one.kind,
        "unit": one.unit,
        "item": one.item or None,
        "file": one.file or None,
        "finding": one.finding or None,
        "since": one.since.isoformat() if one.since is not None else None,
        "standing": one.standing.status if one.standing is not None else None,
    }


# --- spot checks ---


def spotcheck(call: Call) -> int:
    """``spotcheck``: draw claims of done to look at on the spot; without ``--draw``, what became of those drawn."""
    month = call.args.month or month_in_hand(call.now.astimezone(CHINA).date())
    snapshot = shared.in_month(shared.snapshots(call, month_end(month)), month)
    workspace = shared.workspace_of(call)
    draws, problems = spotchecks.kept(workspace, snapshot.programme)
    shared.print_problems([p for p in problems if p.holds], sys.stderr)
    found = spotchecks.results(snapshot, draws)
    if call.args.draw is None:
        return _results(call, snapshot, found)
    if any(p.holds for p in problems):
        raise Stop(_("抽查记录有错，改好后再抽。"), Exit.FOUND)
    seed = call.args.seed or f"{snapshot.programme.id} {month:%Y-%m}"
    drawn = spotchecks.draw(snapshot, seed, call.args.draw, spotchecks.seen(found))
    if not drawn:
        raise Stop(_("没有可抽的：报了完成、还没有核实、以前没有抽过的，一项也没有。"), Exit.FOUND)
    made = spotchecks.Draw(seed, _who(call), call.now, tuple(drawn))
    try:
        path = spotchecks.keep(workspace, snapshot.programme.id, month, made)
    except TimeoutError:
        raise Stop(_("另一个命令正在写这个工作区，请稍后再试。"), Exit.FOUND) from None
    if call.args.json:
        shared.print_json([asdict(d) for d in drawn])
    else:
        header = [_("单位"), _("任务节点"), _("期次编号"), _("报的完成日期"), _("为什么抽它")]
        print_table(sys.stdout, header, [_drawn(snapshot, d) for d in drawn], columns=columns())
    said = _("按“{seed}”抽了 {n} 项，已记入 {file}。\n", seed=seed, n=len(drawn), file=workspace.shown(path))
    sys.stderr.write(plain(said.rstrip("\n")) + "\n")
    return Exit.WELL


def _drawn(snapshot: Snapshot, d: spotchecks.Drawn) -> tuple[object, ...]:
    s = snapshot.by_key[d.unit, d.item]
    why = _("；").join(reason.rstrip("。.") for reason in d.reasons) or _("随机")
    return snapshot.unit_of(s).brief, s.occurrence.milestone.title, d.item, s.done_on or "", why


def _results(call: Call, snapshot: Snapshot, found: Sequence[spotchecks.Result]) -> int:
    if call.args.json:
        shared.print_json([_result_row(r) for r in found])
        return Exit.WELL
    header = [_("月份"), _("单位"), _("期次编号"), _("为什么抽它"), _("结果")]
    rows = [
        (
            f"{r.month:%Y-%m}",
            snapshot.programme.unit(r.drawn.unit).brief,
            r.drawn.item,
            _("；").join(reason.rstrip("。.") for reason in r.drawn.reasons) or _("随机"),
            _(KINDS[r.ruling.kind]) if r.ruling is not None else _("待核查"),
        )
        for r in found
    ]
    if rows:
        print_table(sys.stdout, header, rows, columns=columns())
    rate = spotchecks.hit_rate(found)
    said = _("抽查 {n} 项，已核查 {m} 项，不属实 {k} 项", n=rate.drawn, m=rate.checked, k=rate.false)
    share = _("，占 {rate:.0f}%", rate=rate.rate) if rate.rate is not None else ""
    sys.stderr.write(f"{said}{share}\n")
    return Exit.WELL


def _result_row(r: spotchecks.Result) -> dict[str, object]:
    return {
        "month": f"{r.month:%Y-%m}",
        **asdict(r.drawn),
        "result": r.ruling.kind if r.ruling is not None else None,
        "by": r.ruling.by if r.ruling is not None else None,
    }
