"""Ruling from the screen: the form that asks, and the very function that ``tracker decide`` calls."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.assessments import Assessment, assessments, contest_words, result_of
from tracker.deadlines import Period
from tracker.decisions import KINDS, Decision
from tracker.language import _
from tracker.problems import hinted, labelled
from tracker.rulings import Effect, Ruled, mistakes
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import light_words, status_words
from tracker.tui import deciding
from tracker.tui.actions import Subject, last_ruling
from tracker.tui.choose import Choose
from tracker.tui.deciding import Wanted
from tracker.tui.doing import Outcome, Question, Wrong
from tracker.tui.months import month_for
from tracker.typed import Answer

if TYPE_CHECKING:
    from tracker.tui.view import View

MOST_NAMED = 4
"""Things ruled on that are named in the form."""

_LINE_TO_ADD = re.compile(r"\b([a-z_]+) = ")
"""A hint that is a line of a file: its key says which field is missing."""


def rule(view: "View", subject: Subject, name: str) -> None:
    """Ask what a kind of ruling needs, and make it on all that was chosen."""
    ask(view, subject.snapshot, deciding.wanted_on(name, subject, view.session.clock()))


def answer(view: "View", subject: Subject, *, yes: bool) -> None:
    """Agree or do not agree: to what waits for it, to an entry, to a submission."""
    if subject.waiting:
        table = deciding.YES if yes else deciding.NO
        wanted = deciding.wanted_for(subject.waiting, table, subject.snapshot, view.session.clock())
        ask(view, subject.snapshot, wanted)
    elif subject.sheet is not None and subject.finding in subject.sheet.contested:
        rule(view, subject, deciding.YES["answer"] if yes else deciding.NO["answer"])
    else:
        rule(view, subject, "accept" if yes else "return")


def undo(view: "View", subject: Subject) -> None:
    """Take back the last ruling in force."""
    last = last_ruling(subject)
    if last is None:
        view.told(_("没有可以撤销的意见。"))
        return
    about = _(
        "要撤销：{at} {by} {kind}：{reason}",
        at=f"{last.at:%Y-%m-%d %H:%M}",
        by=last.by,
        kind=_(KINDS[last.kind]),
        reason=last.reason,
    )
    ask(view, subject.snapshot, [deciding.undoing(last, subject, view.session.clock())], about)


def menu(view: "View", subject: Subject) -> None:
    """The kinds of ruling that fit the item, and no others."""
    s, now = subject.standing, view.session.clock()
    fitting = dict.fromkeys(
        name
        for name, w, probe in deciding.probes(subject.snapshot, s, now)
        if not mistakes(subject.snapshot, w.when, probe, now)
    )
    names = list(fitting)
    if not names:
        view.told(_("这一项现在没有可作的意见；要改情况按 e。"))
        return

    def take(number: int | None) -> None:
        if number is not None:
            rule(view, subject, names[number])

    view.app.push_screen(Choose(_("作什么意见"), [_(deciding.OFFERS[name].words) for name in names]), take)


def ask(view: "View", snapshot: Snapshot, wanted: Sequence[Wanted], about: str = "") -> None:
    """One form for all of them: one reason, and all are written or none."""
    session = view.session
    if not wanted:
        view.told(_("这里没有可以作意见的月报。"))
        return
    folders = {w.folder for w in wanted}
    if len(folders) > 1:
        view.told(_("选中的要记在不同月份（{months}），请分开办。", months=_("、").join(sorted(folders))))
        return
    fields = deciding.fields_of(wanted, session.user)
    workdays = snapshot.programme.workdays

    def act(typed: Answer) -> Outcome:
        values = {**deciding.meant(fields, typed, session.today), "by": typed.get("by") or session.user}
        made = [w.made(values) for w in wanted]
        return outcome(snapshot, session.decide(wanted[0].when, made, snapshot.shelf))

    kinds = Counter(_(w.offer.words) for w in wanted)
    title = _("，").join(kind if len(wanted) == 1 else _("{kind} {n} 项", kind=kind, n=n) for kind, n in kinds.items())
    lines = [*_named(snapshot, wanted), *([about] if about else []), _("记在 {month}。", month=wanted[0].folder)]
    begin = deciding.begun(wanted, session.today, workdays)
    then = _once_done(view, names_user=not any(w.is_anothers for w in wanted))
    view.ask(Question(title, lines, fields, act, begin, then=then))


def correct(view: "View", subject: Subject) -> None:
    """What the unit said by telephone, entered as the city's correction."""
    s, snapshot, session = subject.standing, subject.snapshot, view.session
    fields = deciding.correction_fields(s, session.user)
    month = month_for(snapshot, snapshot.clocks.as_of)

    def wanted(typed: Answer) -> Wanted:
        own = [f for f in fields if f.key in typed]
        return deciding.corrected(snapshot, s, deciding.meant(own, typed, session.today), session.clock())

    def check(typed: Answer) -> Wrong:
        if not typed.get("state"):
            return {}
        probe = replace(wanted(typed).decision, by="?", reason="?")
        return beside(mistakes(snapshot, month, probe, session.clock()))

    def act(typed: Answer) -> Outcome:
        made = replace(wanted(typed).decision, by=typed.get("by") or session.user, reason=typed["reason"])
        came = outcome(snapshot, session.decide(month, [made], snapshot.shelf))
        return came if came.is_done else replace(came, wrong=check(typed))

    o = s.occurrence
    about = [
        f"{snapshot.unit_of(s).name}　{o.milestone.title}　{o.id}",
        _("现在：{light} {status}", light=light_words(s.light), status=status_words(s.status)),
        _("记在 {month}。", month=f"{month:%Y-%m}"),
    ]
    view.ask(
        Question(
            _(KINDS["correct"]), about, fields, act, deciding.correction_begun(s), check, deciding.correction_needs,
            _once_done(view), first="state",
        )
    )  # fmt: skip


def _once_done(view: "View", *, names_user: bool = True) -> Callable[[Answer], None]:
    """Who wrote is known from now on, and what was marked is done with."""

    def then(typed: Answer) -> None:
        if names_user:
            view.session.user = typed.get("by") or view.session.user
        view.unmark()

    return then


def beside(found: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """What is wrong by the field that it is about: the one named, or the one whose line is missing."""
    wrong: dict[str, list[str]] = {}
    for key, message, hint in found:
        line = _LINE_TO_ADD.search(hint)
        wrong.setdefault(key or (line[1] if line else ""), []).append(message if line else hinted(message, hint))
    return {key: " ".join(words) for key, words in wrong.items()}


def _named(snapshot: Snapshot, wanted: Sequence[Wanted]) -> list[str]:
    """What is ruled on, in words."""
    lines = []
    for w in wanted[:MOST_NAMED]:
        d = w.decision
        unit = snapshot.programme.unit(d.unit).name
        standing = snapshot.by_key.get((d.unit, d.item or ""))
        if isinstance(w.when, Period):
            lines += _sheet_words(snapshot, d, w.when.label)
        else:
            lines.append(_standing_words(unit, standing) if standing is not None else f"{unit}　{d.file or ''}")
        if w.asked is not None:
            lines.append(_("申请延到 {day}", day=w.asked))
    more = len(wanted) - MOST_NAMED
    return [*lines, *([_("……共 {n} 项", n=len(wanted))] if more > 0 else [])]


def _standing_words(unit: str, s: Standing) -> str:
    return f"{unit}　{s.occurrence.milestone.title}　{s.occurrence.id}　{light_words(s.light)} {status_words(s.status)}"


def _sheet_words(snapshot: Snapshot, d: Decision, period: str) -> list[str]:
    """Whose sheet of which period, what it scores, and the finding with what is said against it."""
    found = next(iter(assessments(snapshot, (d.file or "").partition(".")[0], period)), None)
    if found is None:
        return [f"{d.file} {period}"]
    lines = [f"{found.sheet.enterprise.name}　{period}　{result_of(found)}"]
    finding = found.findings.get(d.finding or "")
    if finding is not None:
        lines.append(f"{finding.id}　{found.sheet.checklist.clauses[finding.id]}")
        lines += [finding.department_seen or "", *contest_words(finding.contest)]
    return lines


def outcome(snapshot: Snapshot, ruled: Ruled) -> Outcome:
    """What became of it, in words."""
    if ruled.problems:
        return Outcome(is_done=False, words="\n".join(f"{p.place} {hinted(p.message, p.hint)}" for p in ruled.problems))
    if ruled.refused:
        many = len({(r.decision.unit, r.decision.item) for r in ruled.refused}) > 1
        lines = [
            labelled(
                f"{snapshot.programme.unit(r.decision.unit).brief} {r.decision.item or r.decision.file or ''}", words
            )
            if many
            else words
            for r in ruled.refused
            for words in [hinted(r.message, r.hint)]
        ]
        return Outcome(is_done=False, words="\n".join([_("没有写入。"), *lines]))
    said = [_effect_words(snapshot, effect) for effect in ruled.effects[:MOST_NAMED]]
    more = [_("……共 {n} 项", n=len(ruled.effects))] if len(ruled.effects) > MOST_NAMED else []
    return Outcome(is_done=True, words="\n".join([*said, *more, _("已记入 {file}。", file=ruled.file)]))


def _about(snapshot: Snapshot, d: Decision) -> str:
    return f"{snapshot.programme.unit(d.unit).brief} {d.item or d.file or ''}"


def _effect_words(snapshot: Snapshot, effect: Effect) -> str:
    d = effect.decision
    unit, kind = snapshot.programme.unit(d.unit).brief, _(KINDS[d.kind])
    if isinstance(effect.after, Assessment):
        name = effect.after.sheet.enterprise.brief
        return _(
            "{unit} {item}：{kind}，现为 {after}",
            unit=name,
            item=d.finding or "",
            kind=kind,
            after=result_of(effect.after),
        )
    if d.item is None or effect.after is None:
        return _("{unit}：{kind}", unit=unit, kind=kind)
    after = f"{light_words(effect.after.light)} {status_words(effect.after.status)}"
    return _("{unit} {item}：{kind}，现为 {after}", unit=unit, item=d.item, kind=kind, after=after)
