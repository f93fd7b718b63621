"""The sheet as it would be written now: this side's entries as typed, the other's carried along untouched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import tomli_w

from tracker.assessing.steps import EVIDENCE, FOUND, HEAD, SAMPLED
from tracker.sheet_forms import SheetForm
from tracker.sheets import SIDES, Sheet, Side
from tracker.terminal import plain
from tracker.typed import Answer, Field, understood


@dataclass(frozen=True)
class Written:
    """What an assessor's answers come to."""

    form: SheetForm
    side: Side
    filed: Sheet | None
    """What is known of the period already."""
    answers: Mapping[str, Answer]
    """What was typed, by step; the first page's under an empty name."""
    clauses: Sequence[str]
    """The checklist's, in its order."""
    month: date
    """By which a day without its year is read."""

    @property
    def other(self) -> Side:
        """The side that does not assess here."""
        return other_than(self.side)

    def _text(self, step: str, key: str) -> str:
        return self.answers.get(step, {}).get(key, "")

    def as_toml(self) -> str:
        """The sheet. What is not typed yet of the first page stands in it as a stopgap: with gaps it is not written."""
        form = self.form
        said = {f.key: understood(f, self._text("", f.key), self.month)[0] for f in HEAD}
        own = {"on": said["on"] or form.period.end, "by": said["by"] or ["—"], "note": said["note"]}
        sides = {self.side: own, self.other: self._carried_head()}
        parts = [
            "# " + plain(form.title) + "\n",
            tomli_w.dumps({"enterprise": form.enterprise.id, "period": form.period.label}),
            *(f"\n[{side}]\n{tomli_w.dumps(_said(sides[side]))}" for side in SIDES if sides[side]),
            *(f"\n[[sampled]]\n{tomli_w.dumps(entry)}" for entry in self.sampled()),
            *(f"\n[[finding]]\n{tomli_w.dumps(entry)}" for entry in self.found()),
        ]
        return "".join(parts)

    def _carried_head(self) -> dict[str, Any]:
        assessed = self.filed.assessed(self.other) if self.filed is not None else None
        return {"on": assessed.on, "by": list(assessed.by), "note": assessed.note} if assessed is not None else {}

    def sampled(self) -> list[dict[str, Any]]:
        """The samplings of which anything is known."""
        carried = {s.id: getattr(s, self.other) for s in (self.filed.sampled if self.filed is not None else ())}
        found = []
        for name in self.form.checklist.samplings:
            typed = {f.key: _whole(f, self._text(name, f.key), self.month) for f in SAMPLED}
            said = _said({self.side: typed["number"], self.other: carried.get(name)})
            if said:
                found.append({"id": name, **_said({"total": typed["total"]}), **said})
        return found

    def found(self) -> list[dict[str, Any]]:
        """The clauses that either side found."""
        carried = {f.id: f for f in (self.filed.findings if self.filed is not None else ())}
        found = []
        for name in self.clauses:
            before, count = carried.get(name), count_in(self.answers.get(name, {}))
            theirs, evidence = getattr(before, self.other, 0), self._evidence(name)
            if not (count or theirs or evidence):
                continue
            entry: dict[str, Any] = {"id": name}
            if evidence := evidence or list(getattr(before, "evidence", ())):
                entry["evidence"] = evidence
            if count:
                entry |= {self.side: count, f"{self.side}_seen": self._text(name, "seen").strip() or None}
            if theirs:
                entry |= {self.other: theirs, f"{self.other}_seen": getattr(before, f"{self.other}_seen")}
            found.append(_said(entry))
        return found

    def _evidence(self, name: str) -> list[str]:
        """The evidence typed, whichever side made the finding."""
        typed = understood(EVIDENCE, self._text(name, EVIDENCE.key), self.month)[0]
        return typed if isinstance(typed, list) else []


def other_than(side: Side) -> Side:
    """The side that does not assess where ``side`` does."""
    return "own" if side == "department" else "department"


def count_in(answer: Answer) -> int:
    """How often a clause was found."""
    return _whole(FOUND[0], answer.get("count", ""), date.min) or 0


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without what it does not say: TOML has no word for nothing."""
    return {key: value for key, value in entry.items() if value is not None}


def _whole(f: Field, text: str, month: date) -> int | None:
    value = understood(f, text, month)[0]
    return value if isinstance(value, int) else None
