"""An enterprise's sheet as a file: read, and checked entry by entry.

``read_sheet`` never raises for what a file says: good findings count, bad ones are held by
name with their problems, and a file that cannot be read is held whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tracker.checklists import Checklist, Enterprise, Sampling
from tracker.deadlines import Period
from tracker.door import enter, tables
from tracker.language import _
from tracker.plans import Programme
from tracker.problems import Problem, nearest
from tracker.sheets import EXAMPLES, SIDES, Finding, Sampled, Sheet, SheetHead, period_of, sampling_words
from tracker.source import Source
from tracker.submission_checks import PERSONAL
from tracker.submissions import LARGEST, TEMPLATE_WORDS


def read_sheet(source: Source, programme: Programme, version: int = 1) -> tuple[Sheet | None, list[Problem]]:
    """A sheet and all its problems; None where the file as a whole is held."""
    problems = list(source.problems)
    if not source.data:
        if not any(p.holds for p in problems):
            hint = _("请用 tracker score --form 生成要填的表。")
            problems.append(source.problem((), "E04", _("文件是空的。"), hint))
        return None, problems
    top = {key: value for key, value in source.data.items() if key not in ("sampled", "finding")}
    head, found = enter(SheetHead, top, source)
    problems += found
    enterprise = _enterprise(top, source, programme, problems)
    checklist = programme.checklist(enterprise.checklist) if enterprise is not None else None
    period = _period(top, source, programme, checklist, problems)
    is_assessed = head is not None and (head.own or head.department) is not None
    if head is not None and not is_assessed and not source.left_out:
        hint = _("请补上 [own]（企业自评）或 [department]（部门考核），写 on 和 by 两行。")
        problems.append(source.problem((), "E04", _("没有写谁评的、哪天评的。"), hint))
    if head is not None and period is not None:
        problems += _assessments(head, source, period)
    reading = Entries(source, head, checklist, [])
    findings, bad_findings = reading.findings()
    sampled, bad_samplings = reading.samplings()
    problems += reading.problems
    if head is None or enterprise is None or checklist is None or period is None:
        return None, problems
    if not is_assessed or source.left_out:
        return None, problems
    held = tuple(dict.fromkeys((*bad_findings, *bad_samplings)))
    return Sheet(
        source.file,
        source.digest,
        head,
        enterprise,
        checklist,
        period,
        version,
        tuple(sampled),
        tuple(findings),
        held,
    ), problems


def _enterprise(
    top: Mapping[str, Any], source: Source, programme: Programme, problems: list[Problem]
) -> Enterprise | None:
    words = top.get("enterprise")
    if not isinstance(words, str):
        return None
    found = next((one for one in programme.enterprises if one.id == words), None)
    if found is None:
        own = next((one.id for one in programme.enterprises if words in (one.name, one.short)), None)
        hint = nearest(words, [name for one in programme.enterprises for name in (one.id, one.name)])
        if own is not None:
            hint = _('企业写编号：enterprise = "{id}"。', id=own)
        problems.append(source.problem(("enterprise",), "E08", _("没有企业“{name}”。", name=words), hint))
    return found


def _period(
    top: Mapping[str, Any], source: Source, programme: Programme, checklist: Checklist | None, problems: list[Problem]
) -> Period | None:
    words = top.get("period")
    if not isinstance(words, str) or checklist is None:
        return None
    found = period_of(checklist, programme, words)
    if found is None:
        hint = _("写成清单的一期，例如 {label}。", label=EXAMPLES[checklist.head.every])
        problems.append(source.problem(("period",), "E09", _("没有这一期：“{words}”。", words=words), hint))
    return found


def _assessments(head: SheetHead, source: Source, period: Period) -> Iterator[Problem]:
    """Each assessment is signed, and made in its period or the one after."""
    latest = period.end + (period.end - period.start)
    for side in SIDES:
        assessed = head.own if side == "own" else head.department
        if assessed is None:
            continue
        if not period.start <= assessed.on <= latest:
            hint = _("请核对日期：这一期是 {a} 到 {b}。", a=period.start, b=period.end)
            yield source.problem((side, "on"), "E10", _("考核日期不在这一期。"), hint)
        names = [name.strip() for name in assessed.by]
        if not names or any(not name or any(word in name for word in TEMPLATE_WORDS) for name in names):
            message = _("没有写{who}由谁评的。", who=_(SIDES[side]))
            yield source.problem((side, "by"), "E04", message, _('请写姓名：by = ["…"]'))


@dataclass(frozen=True)
class Entries:
    """The findings and samplings of one file, checked one by one; what is wrong goes to ``problems``."""

    source: Source
    head: SheetHead | None
    checklist: Checklist | None
    """None where the file does not say whose it is: then only keys and types are looked at."""
    problems: list[Problem]

    def findings(self) -> tuple[list[Finding], list[str]]:
        """The good ones, and the ids of those held."""
        good: list[Finding] = []
        held: list[str] = []
        entries = tables(self.source, "finding", self.problems)
        ids = [entry.get("id") for entry in entries]
        for n, entry in enumerate(entries):
            at = ("finding", n)
            finding, found = enter(Finding, entry, self.source, at)
            if finding is not None and self.checklist is not None:
                found += _finding_problems(finding, self.head, self.checklist, self.source, n)
            if ids.index(entry.get("id")) < n:
                message = _("“{item}”在本文件里写了两次。", item=entry.get("id"))
                found.append(self.source.problem((*at, "id"), "E11", message, _("请合并成一条。")))
            self.problems.extend(found)
            if finding is not None and not any(p.holds for p in found):
                good.append(replace(finding, place=self.source.place(at)))
            elif isinstance(entry.get("id"), str):
                held.append(entry["id"])
        # Of one written twice neither counts: nobody can say which was meant.
        return [finding for finding in good if finding.id not in held], held

    def samplings(self) -> tuple[list[Sampled], list[str]]:
        """The good ones, and the ids of those held or missing."""
        good: list[Sampled] = []
        held: list[str] = []
        seen: set[object] = set()
        for n, entry in enumerate(tables(self.source, "sampled", self.problems)):
            at = ("sampled", n)
            sampled, found = enter(Sampled, entry, self.source, at)
            if sampled is not None and self.checklist is not None:
                found += _sampling_problems(sampled, self.head, self.checklist, self.source, n)
            if entry.get("id") in seen:
                message = _("“{item}”在本文件里写了两次。", item=entry.get("id"))
                found.append(self.source.problem((*at, "id"), "E11", message, _("请合并成一条。")))
            seen.add(entry.get("id"))
            self.problems.extend(found)
            if sampled is not None and not any(p.holds for p in found):
                good.append(sampled)
            elif isinstance(entry.get("id"), str):
                held.append(entry["id"])
        if self.checklist is None or self.head is None or self.head.department is None or self.source.left_out:
            return good, held
        missing = [s for s in self.checklist.samplings.values() if s.id not in seen]
        for sampling in missing:
            message = _("没有写“{id} {what}”抽了多少。", id=sampling.id, what=sampling.what)
            hint = _('请补上一条 [[sampled]]：id = "{id}"、department = …', id=sampling.id)
            self.problems.append(self.source.problem(("department",), "E04", message, hint))
        return good, [*held, *(s.id for s in missing)]


def _finding_problems(
    finding: Finding, head: SheetHead | None, checklist: Checklist, source: Source, n: int
) -> Iterator[Problem]:
    at = ("finding", n)
    if finding.id not in checklist.clauses:
        hint = _several(finding.id, checklist) or nearest(finding.id, checklist.clauses)
        yield source.problem((*at, "id"), "E07", _("清单里没有“{id}”。", id=finding.id), hint)
        return
    deduction = checklist.deductions.get(finding.id)
    is_once = deduction is None or deduction.per is None
    for side in SIDES:
        count, seen = getattr(finding, side), getattr(finding, f"{side}_seen")
        if count < 0 or count > LARGEST:
            yield source.problem((*at, side), "E14", _("次数不能是负数，也不能大得不合情理。"), _("没有扣分的写 0。"))
        elif count > 1 and is_once:
            hint = _("有就写 1，没有写 0。")
            yield source.problem((*at, side), "E14", _("“{id}”只扣一次，不按次数。", id=finding.id), hint)
        if count > 0 and not (seen or "").strip():
            message = _("{who}扣了分，没有写看到了什么。", who=_(SIDES[side]))
            yield source.problem(at, "E04", message, _('请补上一行：{key} = "…"', key=f"{side}_seen"))
        if count > 0 and head is not None and getattr(head, side) is None:
            message = _("{who}扣了分，没有写谁评的、哪天评的。", who=_(SIDES[side]))
            yield source.problem((*at, side), "E04", message, _("请在前面补上 [{side}] 和 on、by 两行。", side=side))
    yield from _words(finding, source, at)


def _several(name: str, checklist: Checklist) -> str:
    """What to write in place of a veto that has several conditions."""
    names = next((list(veto.named) for veto in checklist.vetoes.values() if veto.id == name), [])
    return _("可以写：{values}。", values=_("、").join(names)) if names else ""


def _words(finding: Finding, source: Source, at: tuple[str, int]) -> Iterator[Problem]:
    for key in ("own_seen", "department_seen"):
        words = getattr(finding, key) or ""
        if any(word in words for word in TEMPLATE_WORDS):
            hint = _("请换成实际情况，没有可写的就删去这一行。")
            yield source.problem((*at, key), "E15", _("还留着表格里的提示文字。"), hint)
        if PERSONAL.search(words):
            hint = _("请删去个人信息，只写单位和职务。")
            yield source.problem((*at, key), "W02", _("文字里像有身份证号或手机号。"), hint)


def _sampling_problems(
    sampled: Sampled, head: SheetHead | None, checklist: Checklist, source: Source, n: int
) -> Iterator[Problem]:
    at = ("sampled", n)
    sampling = checklist.samplings.get(sampled.id)
    if sampling is None:
        hint = nearest(sampled.id, checklist.samplings)
        yield source.problem((*at, "id"), "E07", _("清单里没有“{id}”。", id=sampled.id), hint)
        return
    numbers = {key: getattr(sampled, key) for key in ("total", *SIDES)}
    wrong = [key for key, number in numbers.items() if number is not None and number < 0]
    for key in wrong:
        yield source.problem((*at, key), "E14", _("数字不能是负数。"), _("请核对。"))
    if wrong:
        return
    if sampling.share is not None and sampled.total is None:
        message = _("“{id}”按比例抽，要写总数。", id=sampling.id)
        yield source.problem(at, "E14", message, _("请补上一行：total = …"))
        return
    yield from _too_few(sampled, sampling, head, source, at)


def _too_few(
    sampled: Sampled, sampling: Sampling, head: SheetHead | None, source: Source, at: tuple[str, int]
) -> Iterator[Problem]:
    least = sampling.minimum(sampled.total)
    for side in SIDES:
        number = getattr(sampled, side)
        if side == "department" and number is None and head is not None and head.department is not None:
            message = _("没有写“{id} {what}”抽了多少。", id=sampling.id, what=sampling.what)
            yield source.problem(at, "E04", message, _("请补上一行：department = …"))
        elif number is not None and sampled.total is not None and number > sampled.total:
            message = _("抽查数 {n} 大于总数 {total}。", n=number, total=sampled.total)
            yield source.problem((*at, side), "E14", message, _("请核对两个数。"))
        elif number is not None and number < least:
            message = _("{who}抽得不够：{n} {unit}，最少 {least} {unit}。",
                who=_(SIDES[side]), n=number, unit=sampling.unit, least=least)  # fmt: skip
            yield source.problem((*at, side), "E14", message, sampling_words(sampling))
