"""An enterprise's sheet for a period, to be filled in: every clause, with what the period before said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import tomli_w

from tracker.checklists import Checklist, Content, Deduction, Enterprise, Sampling, Veto
from tracker.deadlines import Period
from tracker.language import _
from tracker.problems import labelled
from tracker.sheets import Finding, Sheet, period_of
from tracker.snapshot import Snapshot
from tracker.terminal import plain


@dataclass(frozen=True)
class SheetForm:
    """What is known before anybody assesses."""

    enterprise: Enterprise
    checklist: Checklist
    period: Period
    before: Sheet | None
    """The last sheet of an earlier period."""
    is_sample: bool = False

    @property
    def title(self) -> str:
        """Whose it is, of which period, by what."""
        sample = _("　示例数据") if self.is_sample else ""
        return f"{self.enterprise.name} {self.period.label} {self.checklist.head.short}{sample}"

    @cached_property
    def totals(self) -> Mapping[str, int]:
        """How many there were last time, by sampling."""
        sampled = self.before.sampled if self.before is not None else ()
        return {s.id: s.total for s in sampled if s.total is not None}

    @cached_property
    def found_before(self) -> Mapping[str, Finding]:
        """What stands of what the department found last time, by id."""
        if self.before is None:
            return {}
        counted = self.before.counts("department")
        return {f.id: f for f in self.before.findings if f.id in counted}


def sheet_form(snapshot: Snapshot, enterprise_id: str, period: str) -> SheetForm:
    """The form for a period that the enterprise's checklist has; another raises ``ValueError``."""
    enterprise = snapshot.programme.enterprise(enterprise_id)
    checklist = snapshot.programme.checklist(enterprise.checklist)
    turn = period_of(checklist, snapshot.programme, period)
    if turn is None:
        raise ValueError(period)
    own = [one.sheet for one in snapshot.sheets if one.sheet.stem == enterprise_id and one.sheet.month < turn.start]
    last = max(own, key=lambda s: s.month, default=None)
    return SheetForm(enterprise, checklist, turn, last, snapshot.programme.head.sample)


def deduction_words(deduction: Deduction) -> str:
    """What a deduction costs: 扣 2 分, 每人扣 0.5 分."""
    points = f"{deduction.points:g}"
    if deduction.per is None:
        return _("扣 {points} 分", points=points)
    return _("每{per}扣 {points} 分", per=deduction.per, points=points)


def veto_words(veto: Veto) -> str:
    """What a veto is and costs."""
    kind = _("※否决") if veto.fatal else _("{level}级否决", level=veto.level)
    return _("{kind}，扣 {points} 分", kind=kind, points=f"{veto.points:g}")


def minimum_words(sampling: Sampling) -> str:
    """How many have to be looked at."""
    share = f"{sampling.share:g}%" if sampling.share is not None else ""
    number = f"{sampling.at_least} {sampling.unit}" if sampling.at_least is not None else ""
    return _("，且不少于 ").join(words for words in (share, number) if words)


def as_toml(form: SheetForm) -> str:
    """The form as text: what is to be filled in stands in comments, ready to be uncommented."""
    return "\n".join(_lines(form)) + "\n"


def _lines(form: SheetForm) -> Iterator[str]:
    head = form.checklist.head
    yield f"# {plain(form.title)}"
    yield _("# 满分 {full} 分，{mark} 分合格，每项扣完为止。要填的行去掉行首的 # 再改；写法见 status/README.md。",
        full=f"{head.full:g}", mark=f"{head.pass_mark:g}")  # fmt: skip
    yield tomli_w.dumps({"enterprise": form.enterprise.id, "period": form.period.label}).rstrip("\n")
    for side, words in (("own", _("企业自评")), ("department", _("部门考核"))):
        yield from ("", f"# [{side}]    # {words}", f"# on = {form.period.end}    # " + _("哪天评的"))
        yield '# by = ["…"]    # ' + _("谁评的，可以几个人")
    for sampling in form.checklist.samplings.values():
        yield from _sampling_lines(form, sampling)
    yield from ("", "# " + _("扣分：发现一条写一条，没有发现的不写。写法："), "# [[finding]]", '# id = "4.1.6"')
    yield "# own = 0    # " + _("企业自评几次")
    yield "# department = 2    # " + _("部门考核几次")
    yield '# department_seen = "…"    # ' + _("部门看到了什么；企业看到的写 own_seen")
    for content in form.checklist.contents:
        yield from _content_lines(form, content)


def _sampling_lines(form: SheetForm, sampling: Sampling) -> Iterator[str]:
    yield from ("", "[[sampled]]")
    least = _("{what}，最少 {least}", what=sampling.what, least=minimum_words(sampling))
    yield f"{tomli_w.dumps({'id': sampling.id}).rstrip()}    # {plain(least)}"
    if sampling.id in form.totals:
        yield f"total = {form.totals[sampling.id]}    # " + _("总数，上期的，请核对")
    else:
        yield "# total = 0    # " + _("总数")
    yield "# own = 0    # " + _("企业自评抽了几个")
    yield "# department = 0    # " + _("部门考核抽了几个")


def _content_lines(form: SheetForm, content: Content) -> Iterator[str]:
    points = _("（{words}）", words=f"{content.points:g}")
    yield from ("", f"# {content.id} {plain(content.title)}{points}")
    yield from ("#   " + labelled(_("看"), plain(what)) for what in content.look)
    for deduction in content.deduction:
        words = labelled(plain(deduction.what), deduction_words(deduction))
        yield f"#   {deduction.id}　{words}{_before(form, deduction.id)}"
    for veto in content.veto:
        for name, what in veto.named.items():
            yield f"#   {name}　{labelled(plain(what), veto_words(veto))}{_before(form, name)}"


def _before(form: SheetForm, name: str) -> str:
    """What the department saw last time."""
    found = form.found_before.get(name)
    return _("　上期：{seen}", seen=plain(found.department_seen or "")) if found is not None else ""
