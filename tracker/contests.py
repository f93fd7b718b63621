"""An enterprise's objections to the department's findings, as the rulings known leave them.

An objection and its answer are rulings like any other (``decisions.toml`` in the folder of the
checklist's period), each tied to the content of the sheet that it speaks of. Whoever scores a
sheet is handed it as ruled: a finding whose objection was upheld no longer counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from tracker.closing import FiledSheet
from tracker.decisions import Decision
from tracker.language import _
from tracker.problems import Problem
from tracker.sheets import Contest, Finding, Sheet, Word


def as_ruled(filed: Iterable[FiledSheet], decisions: Iterable[Decision]) -> tuple[FiledSheet, ...]:
    """The sheets with what was ruled on their findings; ``decisions`` are those known and in force."""
    said = _by_sheet(decisions)
    return tuple(_ruled(one, said.get(one.sheet.file, ())) for one in filed)


def voided(filed: Iterable[FiledSheet], decisions: Iterable[Decision]) -> Iterator[Problem]:
    """Rulings on findings of a content that counts no more, where the one that does has the same finding.

    ``filed`` are the sheets that count. Of the rulings on one finding only the last is looked at; a refusal
    does not miss anything where a later version says the same again.
    """
    sheets = {(_folder(one.sheet.file), one.sheet.stem): one.sheet for one in filed}
    last: dict[tuple[str, str, str], Decision] = {}
    for d in sorted(decisions, key=lambda d: d.at):
        if d.finding is not None and d.file is not None:
            last[d.folder, d.file.partition(".")[0], d.finding] = d
    for (folder, enterprise, name), d in last.items():
        sheet = sheets.get((folder, enterprise))
        if sheet is None or _is_on(d, sheet) or not any(f.id == name and f.department for f in sheet.findings):
            continue
        if f"{folder}/{d.file}" == sheet.file or d.kind == "object" or d.granted:
            message = _("“{file}”在这条意见之后有改动，意见已经失效。", file=d.file)
            yield Problem(d.place, "E19", message, _("请重新看一遍，再作意见。"))


def _by_sheet(decisions: Iterable[Decision]) -> Mapping[str, Sequence[Decision]]:
    """The rulings on findings, by the sheet's file as shown, oldest first; of one moment as they were written."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for d in sorted(decisions, key=lambda d: d.at):
        if d.finding is not None:
            found[f"{d.folder}/{d.file}"].append(d)
    return found


def _ruled(one: FiledSheet, said: Sequence[Decision]) -> FiledSheet:
    sheet = one.sheet
    known = [d for d in said if _is_on(d, sheet)]
    if not known:
        return one
    findings = (_contested(f, [d for d in known if d.finding == f.id]) for f in sheet.findings)
    return replace(one, sheet=replace(sheet, findings=tuple(findings)))


def _contested(finding: Finding, said: Sequence[Decision]) -> Finding:
    """The finding with its last objection and the answer to that; an answer to nothing is none."""
    contest: Contest | None = None
    for d in said if finding.department else ():
        word = Word(d.by, d.at, d.reason)
        if d.kind == "object":
            contest = Contest(word)
        elif contest is not None:
            contest = replace(contest, answer=word, is_upheld=d.granted)
    return replace(finding, contest=contest)


def _is_on(d: Decision, sheet: Sheet) -> bool:
    """Whether a ruling speaks of this very content."""
    return f"{d.folder}/{d.file}" == sheet.file and d.sha256 in (None, sheet.digest)


def _folder(file: str) -> str:
    return str(PurePosixPath(file).parent)
