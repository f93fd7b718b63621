"""What is wrong with a checklist or with the list of enterprises, as the files say it."""

from collections.abc import Iterator, Mapping, Sequence
from math import isclose

from tracker.checklists import Checklist, Content, Deduction, Enterprise, Requirement, Sampling, Veto
from tracker.language import _
from tracker.problems import Problem, nearest
from tracker.source import Keys, Source


def checklist_problems(checklist: Checklist, source: Source) -> Iterator[Problem]:
    """Points that do not sum, entries that cannot be reckoned with, readings of nothing."""
    yield from _sums(checklist, source)
    yield from _entries(checklist, source)
    yield from _readings(checklist, source)


def _sums(checklist: Checklist, source: Source) -> Iterator[Problem]:
    head = checklist.head
    parts = sum(indicator.points for indicator in checklist.indicator)
    if not isclose(parts, head.full):
        message = _("各指标合计 {total} 分，与满分 {target} 分不符。", total=f"{parts:g}", target=f"{head.full:g}")
        yield source.problem(("checklist", "full"), "E14", message, _("请核对各指标的分值。"))
    if not 0 <= head.pass_mark <= head.full:
        hint = _("请写 0 到满分之间的数。")
        yield source.problem(("checklist", "pass_mark"), "E14", _("合格线不在满分以内。"), hint)
    for n, indicator in enumerate(checklist.indicator):
        parts = sum(content.points for content in indicator.content)
        if not isclose(parts, indicator.points):
            message = _(
                "“{title}”各项合计 {total} 分，与指标的 {target} 分不符。",
                title=indicator.title,
                total=f"{parts:g}",
                target=f"{indicator.points:g}",
            )
            yield source.problem(("indicator", n, "points"), "E14", message, _("请核对各项的分值。"))


def _placed(checklist: Checklist) -> Iterator[tuple[Keys, Content]]:
    for n, indicator in enumerate(checklist.indicator):
        for k, content in enumerate(indicator.content):
            yield ("indicator", n, "content", k), content


def _entries(checklist: Checklist, source: Source) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, indicator in enumerate(checklist.indicator):
        yield from _twice((indicator.id,), source, ("indicator", n), seen)
    for at, content in _placed(checklist):
        yield from _twice((content.id,), source, at, seen)
        listed: Mapping[str, Sequence[Requirement | Sampling | Deduction]] = {
            "requirement": content.requirement,
            "sampling": content.sampling,
            "deduction": content.deduction,
        }
        for key, entries in listed.items():
            for n, one in enumerate(entries):
                yield from _twice((one.id,), source, (*at, key, n), seen)
        for n, veto in enumerate(content.veto):
            yield from _twice(tuple(dict.fromkeys((veto.id, *veto.named))), source, (*at, "veto", n), seen)
            if not veto.conditions:
                yield source.problem((*at, "veto", n), "E04", _("否决项没有写条件（conditions）。"))
        priced: Mapping[str, Sequence[Deduction | Veto]] = {"deduction": content.deduction, "veto": content.veto}
        for key, costs in priced.items():
            for n, cost in enumerate(costs):
                if cost.points <= 0:
                    message = _("“{id}”的分值要大于 0。", id=cost.id)
                    yield source.problem((*at, key, n, "points"), "E14", message, _("扣几分就写几，不写负号。"))
        for n, sampling in enumerate(content.sampling):
            if sampling.at_least is None and sampling.share is None:
                hint = _("请写 at_least（最少几个）或 share（最少百分之几）。")
                yield source.problem((*at, "sampling", n), "E04", _("“{id}”没有写最少抽多少。", id=sampling.id), hint)


def _twice(ids: Sequence[str], source: Source, at: Keys, seen: set[str]) -> Iterator[Problem]:
    for name in ids:
        if name in seen:
            yield source.problem((*at, "id"), "E11", _("编号“{id}”写了两次。", id=name))
        seen.add(name)


def _readings(checklist: Checklist, source: Source) -> Iterator[Problem]:
    vetoes = {veto.id for veto in checklist.vetoes.values()}
    entries = {content.id for content in checklist.contents} | {*checklist.samplings, *checklist.deductions}
    for n, reading in enumerate(checklist.reading):
        known = sorted(vetoes if reading.otherwise is not None else vetoes | entries)
        for k, name in enumerate(reading.at):
            if name not in known:
                hint = nearest(name, known) or _("写了 otherwise 的，只能写否决项的编号。")
                yield source.problem(("reading", n, "at", k), "E07", _("没有编号“{id}”。", id=name), hint)


def enterprise_problems(
    enterprises: Sequence[Enterprise], units: Sequence[str], checklists: Sequence[str], source: Source
) -> Iterator[Problem]:
    """Enterprises written twice, of units or by checklists that are not there."""
    seen: set[str] = set()
    for n, one in enumerate(enterprises):
        at = ("enterprise", n)
        yield from _twice((one.id,), source, at, seen)
        if not one.id or not one.id.replace("-", "").replace("_", "").isalnum() or not one.id.isascii():
            hint = _("编号就是文件名：用英文字母、数字和短横。")
            yield source.problem((*at, "id"), "E07", _("企业编号“{id}”不能这样写。", id=one.id), hint)
        if one.unit not in units:
            message = _("没有报送单位“{unit}”。", unit=one.unit)
            yield source.problem((*at, "unit"), "E08", message, nearest(one.unit, units))
        if one.checklist not in checklists:
            message = _("没有清单“{name}”。", name=one.checklist)
            hint = nearest(one.checklist, checklists) or _("请先在 programme.toml 的 checklists 里写上。")
            yield source.problem((*at, "checklist"), "E07", message, hint)
