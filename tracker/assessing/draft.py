"""An enterprise's sheet as far as it was filled in: what was looked at, what was found, what is wrong, what is left.

What was typed is kept in a draft file that is written after each step; the sheet is made of it and
checked by the same ``read_sheet`` that receives it, each problem at the field it is about. The other
side's findings are carried along untouched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from tracker import drafts
from tracker.assessing.steps import FIELDS, FOUND, HEAD, SAMPLED, Step, steps_of
from tracker.assessing.written import Written, count_in, other_than
from tracker.assessments import result_words
from tracker.language import _
from tracker.problems import Place
from tracker.scoring import Score, score
from tracker.sheet_files import read_sheet
from tracker.sheet_forms import SheetForm, sheet_form
from tracker.sheets import Finding, Sheet, Side
from tracker.snapshot import Snapshot
from tracker.source import Keys, parse
from tracker.submissions import LARGEST
from tracker.typed import Answer, Field, understood
from tracker.workspace import Workspace

AHEAD = "-"
"""Where a problem is put that only says that something has not been begun."""


@dataclass(frozen=True)
class Trouble:
    """What is wrong, at its field."""

    step: str
    """Empty for the first page."""
    key: str
    """Empty for the step as a whole."""
    words: str


@dataclass
class SheetDraft:
    """One side's assessment of an enterprise for a period, as far as it has come."""

    snapshot: Snapshot
    form: SheetForm
    side: Side
    path: Path
    """Where the draft is kept."""
    output: Path
    """The folder the sheet is written to, or its name."""
    today: date
    filed: Sheet | None
    """What is known of the period already: the other side's findings, or this side's before."""
    answers: dict[str, Answer] = field(default_factory=dict)
    """What was typed, by step; the first page's under an empty name."""
    looked: dict[str, str] = field(default_factory=dict)
    """The contents that were gone through."""
    at: str = ""
    """The step one was at; empty for the first page."""
    notice: str = ""
    """What happened while the draft was opened, if anything."""
    is_saved: bool = True
    written: Path | None = None
    """The sheet that was written, while nothing has changed since."""
    _troubles: list[Trouble] | None = None
    _score: Score | None = None

    @classmethod
    def open(
        cls,
        workspace: Workspace,
        snapshot: Snapshot,
        enterprise: str,
        period: str,
        output: Path,
        today: date,
        side: Side = "department",
    ) -> "SheetDraft":
        """The draft as it was left, or a new one. ``ValueError`` for a period that the checklist does not have."""
        form = sheet_form(snapshot, enterprise, period)
        folder = workspace.root / ".tracker" / "drafts" / snapshot.programme.id / "checklist" / form.period.label
        known = (one.sheet for one in snapshot.sheets if one.sheet.stem == enterprise)
        filed = next((sheet for sheet in known if sheet.period.label == form.period.label), None)
        draft = cls(snapshot, form, side, folder / f"{enterprise}.{side}.toml", output, today, filed)
        if not draft._load():
            draft._take_over()
        return draft

    @property
    def month(self) -> date:
        """The month by which a day without its year is read: the period's last."""
        return self.form.period.end.replace(day=1)

    # --- what is gone through ---

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """All steps by id, in the checklist's order."""
        return {step.id: step for step in steps_of(self.form, self.filed, other_than(self.side))}

    def fields(self, step: str) -> list[Field]:
        """What is to be typed at a step; the first page's where it is empty."""
        if not step:
            return list(HEAD)
        match self.steps[step].kind:
            case "content":
                return []
            case "sampling":
                needs_total = self.form.checklist.samplings[step].share is not None
                return [replace(f, is_needed=f.is_needed or needs_total) for f in SAMPLED]
        is_found = self.count(step) or self.text(step, "evidence")
        return list(FOUND) if is_found else list(FOUND[:1])

    def text(self, step: str, key: str) -> str:
        """What was typed in a field."""
        return self.answers.get(step, {}).get(key, "")

    def count(self, step: str) -> int:
        """How often a clause was found."""
        return count_in(self.answers.get(step, {}))

    # --- filling ---

    def put(self, step: str, key: str, text: str) -> None:
        """Keep what was typed."""
        self.answers.setdefault(step, {})[key] = text
        self._changed()

    def add(self, step: str, number: int) -> None:
        """Count a clause up or down, never below zero; what counts once is there or not."""
        most = 1 if self.steps[step].is_once else LARGEST
        count = max(0, min(self.count(step) + number, most))
        self.put(step, "count", str(count) if count else "")

    def look(self, content: str) -> None:
        """A content was gone through, or not after all."""
        if self.looked.pop(content, None) is None:
            self.looked[content] = "yes"
        self._changed()

    def _changed(self) -> None:
        self.is_saved, self.written, self._troubles, self._score = False, None, None, None

    # --- how it stands ---

    @property
    def score(self) -> Score:
        """The score of what was found so far."""
        if self._score is None:
            counts = {step.id: self.count(step.id) for step in self.steps.values() if step.kind == "clause"}
            self._score = score(self.form.checklist, {name: n for name, n in counts.items() if n})
        return self._score

    @property
    def troubles(self) -> list[Trouble]:
        """Everything wrong so far. What was not begun is not wrong, only left."""
        if self._troubles is None:
            own = list(self._own_troubles())
            known = {(t.step, t.key) for t in own}
            self._troubles = own + [t for t in self._checked() if (t.step, t.key) not in known]
        return self._troubles

    def _own_troubles(self) -> Iterator[Trouble]:
        """What cannot be written into a sheet at all, or would not be received."""
        for step in ("", *self.steps):
            for f in self.fields(step):
                value, words = understood(f, self.text(step, f.key), self.month)
                if not words and f.kind == "number" and isinstance(value, float):
                    words = _("这里只写整数。")
                if words:
                    yield Trouble(step, f.key, words)
        on = understood(HEAD[0], self.text("", "on"), self.month)[0]
        if isinstance(on, date) and on > self.today:
            yield Trouble("", "on", _("考核日期 {day} 还没有到。", day=on))

    def _checked(self) -> Iterator[Trouble]:
        """The problems of the sheet, at the fields they are about."""
        source = replace(parse(self.as_toml().encode(errors="replace"), ""), located=self._places())
        for p in read_sheet(source, self.snapshot.programme)[1]:
            if p.holds and p.place.cell != AHEAD:
                # In a form there is no line to add: a hint that is one says nothing.
                yield Trouble(p.place.file, p.place.cell, p.message + ("" if " = " in p.hint else p.hint))

    def _places(self) -> dict[Keys, Place]:
        """The step and the field that each value of the sheet is typed in, as file and cell."""
        side = self.side
        places: dict[Keys, Place] = {(): Place(""), ("department",): Place("", cell=AHEAD)}
        places |= {(side, f.key): Place("", cell=f.key) for f in HEAD}
        for n, entry in enumerate(self._written.sampled()):
            name = entry["id"]
            places |= {("sampled", n): Place(name, cell="number"), ("sampled", n, "total"): Place(name, cell="total")}
        for n, entry in enumerate(self._written.found()):
            name = entry["id"]
            places |= {("finding", n): Place(name, cell="seen"), ("finding", n, "id"): Place(name)}
            places |= {("finding", n, side): Place(name, cell="count")}
            places["finding", n, "evidence"] = Place(name, cell="evidence")
        return places

    def sign(self, step: str) -> str:
        """✓ gone through or written, ! something is wrong, · open; of the first page where it is empty."""
        if any(t.step == step for t in self.troubles):
            return "!"
        if not step:
            return "·" if self._unnamed else "✓"
        one = self.steps[step]
        if one.kind == "sampling":
            return "✓" if self.text(step, "number").strip() else "·"
        return "✓" if one.content.id in self.looked else "·"

    @property
    def _unnamed(self) -> list[str]:
        return [f.key for f in HEAD if f.is_needed and not self.text("", f.key).strip()]

    @property
    def progress(self) -> str:
        """How far one is, in one line."""
        contents = [c.id for c in self.form.checklist.contents]
        looked, wrong = sum(c in self.looked for c in contents), len(self.troubles)
        parts = [
            result_words(self.score),
            _("看过 {n}/{all} 项", n=looked, all=len(contents)),
            _("问题 {n} 处", n=wrong) if wrong else _("没有问题"),
        ]
        return "　".join(parts)

    def gaps(self) -> Iterator[tuple[str, str]]:
        """Where something is left, as (step, key), in the checklist's order; the first page has an empty step."""
        yield from (("", key) for key in self._unnamed)
        wrong = {t.step: t.key for t in reversed(self.troubles)}
        if "" in wrong:
            yield "", wrong[""]
        for step in self.steps.values():
            if step.id in wrong:
                yield step.id, wrong[step.id]
            elif step.kind == "sampling" and self.side == "department" and not self.text(step.id, "number").strip():
                yield step.id, "number"
            elif step.kind == "content" and step.id not in self.looked:
                yield step.id, ""

    def next_gap(self, after: str) -> tuple[str, str] | None:
        """The first gap behind a step, from the top again at the end; None where nothing is left."""
        order = {step: n for n, step in enumerate(("", *self.steps))}
        found = list(self.gaps())
        return next((gap for gap in found if order[gap[0]] > order[after]), next(iter(found), None))

    # --- the sheet ---

    @property
    def _written(self) -> Written:
        """The sheet as it would be written now."""
        clauses = [step.id for step in self.steps.values() if step.kind == "clause"]
        return Written(self.form, self.side, self.filed, self.answers, clauses, self.month)

    def as_toml(self) -> str:
        """The sheet; with gaps it is not written."""
        return self._written.as_toml()

    def finish(self) -> Path:
        """Write the sheet beside what is there already, never over it; the same again is not written twice."""
        content = self.as_toml().encode(errors="replace")
        name = f"{self.form.enterprise.id}-{self.form.period.label}.toml"
        named = self.output if self.output.suffix == ".toml" else self.output / name
        self.written = drafts.finish(named, content)
        return self.written

    # --- the draft's file ---

    def save(self) -> None:
        """Write the draft, whole or not at all. ``OSError`` where that cannot be done."""
        kept = {"at": self.at, "looked": list(self.looked), "answers": self.answers}
        drafts.save(self.path, _("考核表的草稿，由程序保存；要报的文件由 f 完成时写出。"), kept)
        self.is_saved = True

    def _load(self) -> bool:
        """Take up a draft that was left; False where there is none."""
        kept, self.notice = drafts.take_up(self.path, {"answers": dict, "looked": list})
        if not kept:
            return False
        known = {f.key for f in FIELDS}
        for step, said in kept["answers"].items():
            if (not step or step in self.steps) and isinstance(said, dict):
                self.answers[step] = {k: v for k, v in said.items() if k in known and isinstance(v, str)}
        self.looked = dict.fromkeys((c for c in kept["looked"] if c in self.steps), "yes")
        at = kept.get("at")
        self.at = at if isinstance(at, str) and at in self.steps else ""
        return True

    def _take_over(self) -> None:
        """What stands of what a sheet of the period says of this side already; of last time's only the totals."""
        self.answers = {name: {"total": str(total)} for name, total in self.form.totals.items()}
        if self.filed is None:
            return
        for s in self.filed.sampled:
            said = {"total": s.total, "number": getattr(s, self.side)}
            self.answers[s.id] = {key: str(value) for key, value in said.items() if value is not None}
        assessed = self.filed.assessed(self.side)
        if assessed is None:
            return
        self.answers[""] = {"on": str(assessed.on), "by": _("、").join(assessed.by), "note": assessed.note or ""}
        self.looked = {content.id: "yes" for content in self.form.checklist.contents}
        counts = self.filed.counts(self.side)
        for f in self.filed.findings:
            if f.id in counts:
                self.answers[f.id] = self._texts(f, counts[f.id])

    def _texts(self, f: Finding, count: int) -> Answer:
        """A finding as texts that could have been typed."""
        said = {
            "count": str(count),
            "seen": getattr(f, f"{self.side}_seen"),
            "evidence": _("、").join(f.evidence),
        }
        return {key: value for key, value in said.items() if value}
