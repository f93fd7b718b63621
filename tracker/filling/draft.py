"""A month's form with its answers so far: what was answered, what is wrong, what is left.

An answer is kept as it was typed, in a draft file that is written after each item; the submission
is made of it, checked by the same ``read_submission`` that receives it, and each problem is placed
at the field it is about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import tomli_w

from tracker import drafts
from tracker.deadlines import month_end
from tracker.filling.answers import ANSWERED, block, said_by, texts_of, texts_only
from tracker.filling.questions import EXTENSION, FIELDS, HEAD, OPEN, PEOPLE, Item, fields_of, items_of
from tracker.filling.troubles import Trouble, troubles_in
from tracker.forms import Form, event_kinds, planned_events
from tracker.language import _
from tracker.merge import counting
from tracker.problems import Place
from tracker.registering import KEPT, NEW, PAGE, Register
from tracker.snapshot import Snapshot
from tracker.source import Keys, parse
from tracker.submission_files import read_submission
from tracker.submissions import STATES, Context, Update, granted_or_due
from tracker.terminal import plain
from tracker.typed import Answer, Field, understood
from tracker.workspace import Workspace


@dataclass
class Draft:
    """One unit's form for a month with its answers so far."""

    snapshot: Snapshot
    form: Form
    context: Context
    path: Path
    """Where the draft is kept."""
    output: Path
    """The folder the submission is written to, or its name."""
    head: Answer = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    """By item; ``state`` is a state's id, ``more`` names fields beyond those the state needs."""
    at: str = ""
    """The page one was at: an item, an event, or empty for the first page."""
    carried: tuple[Update, ...] = ()
    """What the unit has said this month of items that are not on the form: a later version replaces the whole file."""
    register: Register = field(init=False)
    """The events, each on its page."""
    notice: str = ""
    """What happened while the draft was opened, if anything."""
    is_saved: bool = True
    written: Path | None = None
    """The submission that was written, while nothing has changed since."""
    _troubles: list[Trouble] | None = None

    def __post_init__(self) -> None:
        self.register = Register(event_kinds(self.snapshot.programme, self.form), self.form.month)

    @classmethod
    def open(cls, workspace: Workspace, snapshot: Snapshot, form: Form, output: Path) -> "Draft":
        """The draft as it was left, or a new one; ``output`` is a folder or a file's name."""
        programme = snapshot.programme
        folder = workspace.root / ".tracker" / "drafts" / programme.id / f"{form.month:%Y-%m}"
        draft = cls(snapshot, form, snapshot.shelf.context, folder / f"{form.stem}.toml", output)
        draft._load()
        draft._take_over()
        return draft

    @property
    def month(self) -> date:
        """The month that the form is of."""
        return self.form.month

    # --- what is asked ---

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The form's lines, required ones first."""
        return items_of(self.snapshot, self.form)

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """The lines by their occurrence."""
        return {item.id: item for item in self.items}

    @property
    def pages(self) -> list[str]:
        """The first page, the items, the events, and the page on which another event is begun."""
        return ["", *self.by_id, *self.register.pages, *([NEW] if self.register.kinds else [])]

    def state(self, item: str) -> str:
        """The state answered, or an empty text."""
        return self.answers.get(item, {}).get("state", "")

    def is_late(self, item: str) -> bool:
        """Whether its day has passed at the month's end, as the check of a submission counts it."""
        o = self.by_id[item].standing.occurrence
        due = granted_or_due(o, self.context, self.form.month)
        return due is not None and due < month_end(self.form.month) and o.milestone.waits_on is None

    def fields(self, item: str) -> list[Field]:
        """What is to be typed: of an event all, of an item what the state answered needs."""
        if item in self.register.entries:
            return self.register.fields
        answer = self.answers.get(item, {})
        return fields_of(self.by_id[item], answer, is_late=self.is_late(item)) if answer.get("state") else []

    def text(self, item: str, key: str) -> str:
        """What was typed in a field; of the first page where ``item`` is empty."""
        if item in self.register.entries:
            return self.register.entries[item].get(key, "")
        return (self.answers.get(item, {}) if item else self.head).get(key, "")

    # --- answering ---

    def put(self, item: str, key: str, text: str) -> None:
        """Keep what was typed."""
        if item in self.register.entries:
            self.register.entries[item][key] = text
        else:
            (self.answers.setdefault(item, {}) if item else self.head)[key] = text
        self._changed()

    def answer(self, item: str, state: str) -> None:
        """Answer with a state; numbers stand as they were last said, as in the other forms."""
        answer = self.answers.setdefault(item, {})
        if answer.get("state") != state:
            answer.pop("more", None)
        answer["state"] = state
        self._changed()
        s = self.by_id[item].standing
        target, before = s.occurrence.milestone.target, s.record.update if s.record is not None else None
        known = before is not None and before.done is not None
        if target is None or "done" in answer or (target.is_share and not known):
            return
        answer["done"] = str((before.done if before is not None else None) or 0)
        if target.is_share and before is not None:
            answer["total"] = str(before.total or 0)

    def repeat(self, item: str) -> bool:
        """Answer as last time: this month's earlier words whole, of older ones the state and the numbers."""
        record = self.by_id[item].standing.record
        if record is None:
            return False
        if record.month == self.form.month:
            self.answers[item] = texts_of(record.update)
            self._changed()
        else:
            self.answer(item, record.update.state)
        return True

    def take_back(self, item: str) -> None:
        """Leave an item unanswered after all."""
        self.answers[item] = {}
        self._changed()

    def add_event(self) -> str:
        """Begin another event; its page."""
        page = self.register.add()
        self._changed()
        return page

    def take_out_event(self, page: str) -> None:
        """Say no more of an event."""
        self.register.take_out(page)
        self._changed()

    def why_no_extension(self, item: str) -> str:
        """Why a later day cannot be asked for; empty if it can."""
        due = granted_or_due(self.by_id[item].standing.occurrence, self.context, self.form.month)
        if self.state(item) not in OPEN:
            return _("先选状态：未启动、推进中或受阻的才能申请延期。")
        if due is None or due < self.form.month:
            return _("延期要在到期前申请；已逾期的写原因、措施和预计完成日期。")
        return ""

    def toggle_extension(self, item: str) -> None:
        """Ask for a later day, or not after all; what was typed is kept."""
        answer = self.answers[item]
        answer["extension"] = "" if answer.get("extension") else "yes"
        self._changed()

    def _changed(self) -> None:
        self.is_saved, self.written, self._troubles = False, None, None

    # --- what is wrong, what is left ---

    @property
    def troubles(self) -> list[Trouble]:
        """Everything wrong with the answers so far. What was not begun is not wrong, only left."""
        if self._troubles is None:
            own = list(self._own_troubles())
            known = {(t.item, t.key) for t in own}
            self._troubles = own + [t for t in self._checked() if (t.item, t.key) not in known]
        return self._troubles

    def _own_troubles(self) -> Iterator[Trouble]:
        """What cannot be written into a submission at all."""
        for item in self.by_id:
            for f in self.fields(item):
                text = self.text(item, f.key)
                words = understood(f, text, self.form.month)[1]
                if f.key in EXTENSION and f.is_needed and not text.strip():
                    words = _("申请延期要写“{name}”。", name=_(f.label))
                if words:
                    yield Trouble(item, f.key, words)
        yield from (Trouble(*found) for found in self.register.troubles())

    def _checked(self) -> Iterator[Trouble]:
        """The problems of the submission, at the fields they are about."""
        source = replace(parse(self.as_toml().encode(errors="replace"), ""), located=self._places())
        named = {key for key, text in self.head.items() if text.strip()}
        return troubles_in(read_submission(source, self.context)[1], named)

    def _places(self) -> dict[Keys, Place]:
        """The item and the field that each value of the submission is typed in, as file and cell."""
        places: dict[Keys, Place] = {(): Place("")} | {(f.key,): Place("", cell=f.key) for f in HEAD}
        answered = (item.id for item in self.items if self.state(item.id))
        for n, item in enumerate(answered, len(self.carried)):
            places["update", n] = Place(item)
            places |= {("update", n, key): Place(item, cell=key) for key in ("state", *(f.key for f in FIELDS))}
            places["update", n, "request_extension"] = Place(item, cell="until")
        for n, page in enumerate(filter(self.register.is_whole, self.register.pages)):
            places["event", n] = Place(page)
            places |= {("event", n, f.key): Place(page, cell=f.key) for f in self.register.fields}
        return places

    def sign(self, item: str) -> str:
        """✓ answered, ! something is wrong, · open; of the first page where ``item`` is empty."""
        if any(t.item == item and t.holds for t in self.troubles):
            return "!"
        if item in self.register.entries:
            return "✓" if self.register.is_whole(item) else "·"
        is_answered = bool(self.state(item)) if item else not self._unnamed
        return "✓" if is_answered else "·"

    @property
    def _unnamed(self) -> list[str]:
        return [f.key for f in PEOPLE if not self.text("", f.key).strip()]

    @property
    def left(self) -> int:
        """Required items that are not answered or not right."""
        wrong = {t.item for t in self.troubles if t.holds}
        return sum(not self.state(s.occurrence.id) or s.occurrence.id in wrong for s in self.form.required)

    @property
    def progress(self) -> str:
        """How far one is, in one line."""
        n, left, wrong = len(self.form.required), self.left, sum(t.holds for t in self.troubles)
        parts = [
            _("必答 {n} 项，还差 {left} 项", n=n, left=left) if left else _("必答 {n} 项，都答了", n=n),
            _("问题 {n} 处", n=wrong) if wrong else _("没有问题"),
        ]
        return "　".join(parts)

    def gaps(self) -> Iterator[tuple[str, str]]:
        """Where something is left, as (item, key), in the form's order; the first page has an empty item."""
        wrong = [t for t in self.troubles if t.holds]
        yield from chain((("", key) for key in self._unnamed), (("", t.key) for t in wrong if not t.item))
        for item in self.items:
            if item.section == "required" and not self.state(item.id):
                yield item.id, "state"
            order = {f.key: n for n, f in enumerate(FIELDS)}
            own = sorted((t.key for t in wrong if t.item == item.id), key=lambda key: order.get(key, -1))
            yield from ((item.id, key) for key in own)
        yield from ((t.item, t.key) for t in wrong if t.item in self.register.entries)

    def next_gap(self, after: str) -> tuple[str, str] | None:
        """The first gap behind an item, from the top again at the end; None where nothing is left."""
        places = {page: n for n, page in enumerate(self.pages)}
        found = list(self.gaps())
        return next((gap for gap in found if places[gap[0]] > places[after]), next(iter(found), None))

    # --- the submission ---

    def as_toml(self) -> str:
        """The submission, as far as the answers can be read."""
        title = f"{self.snapshot.programme.unit(self.form.unit).name} {self.form.month:%Y-%m}"
        blocks = ["# " + plain(_("{title} 月报，由 tracker fill 填写", title=title)) + "\n"]
        head = {f.key: text for f in HEAD if (text := self.text("", f.key).strip()) or f in PEOPLE}
        part = {"part": list(self.form.part)} if self.form.part else {}
        about = {"unit": self.form.unit, "month": f"{self.form.month:%Y-%m}", **part}
        blocks.append(tomli_w.dumps({**about, **head}))
        whole = filter(self.register.is_whole, self.register.pages)
        blocks += ["\n[[event]]\n" + tomli_w.dumps(self.register.values(page)) for page in whole]
        blocks += [block("", said_by(u) | {"state": STATES[u.state]}) for u in self.carried]
        for item in self.items:
            if self.state(item.id):
                answer = {"item": item.id, "state": STATES[self.state(item.id)], **self._values(item.id)}
                blocks.append(block(item.title, answer))
        return "".join(blocks)

    def _values(self, item: str) -> dict[str, Any]:
        """What the typed texts mean; what cannot be read is left out."""
        read_as = {f.key: understood(f, self.text(item, f.key), self.form.month)[0] for f in self.fields(item)}
        said = {key: value for key, value in read_as.items() if value is not None}
        asked = {key: said.pop(key) for key in EXTENSION if key in said}
        return said | ({"request_extension": asked} if len(asked) == len(EXTENSION) else {})

    def finish(self) -> Path:
        """Write the submission beside what is there already, never over it; the same again is not written twice."""
        content = self.as_toml().encode(errors="replace")
        named = self.output if self.output.suffix == ".toml" else self.output / f"{self.form.stem}.toml"
        self.written = drafts.finish(named, content)
        return self.written

    # --- the draft's file ---

    def save(self) -> None:
        """Write the draft, whole or not at all. ``OSError`` where that cannot be done."""
        kept = {"at": self.at, "head": self.head, "answers": self.answers, "events": self.register.entries}
        drafts.save(self.path, _("tracker fill 的草稿，由程序保存；要报的文件由 f 完成时写出。"), kept)
        self.is_saved = True

    def _load(self) -> None:
        kept, self.notice = drafts.take_up(self.path, {"head": dict, "answers": dict})
        if not kept:
            return
        self.head = texts_only(kept["head"], {f.key for f in HEAD})
        self.answers = {
            item: texts_only(said, ANSWERED) for item, said in kept["answers"].items() if isinstance(said, dict)
        }
        events, at = kept.get("events", {}), kept.get("at")
        for page, said in events.items() if isinstance(events, dict) else ():
            if PAGE.fullmatch(page) and isinstance(said, dict):
                self.register.entries[page] = texts_only(said, KEPT)
        self.at = at if isinstance(at, str) and at in self.pages else ""

    def _take_over(self) -> None:
        """What the unit's file of this month says already, unless the draft says otherwise.

        A later version replaces the whole file: what it leaves out would be said no more.
        Required items are asked again: they are why there is a later version.
        """
        s = self.snapshot
        filed = counting(s.programme, s.filed, s.decisions, s.clocks)
        own = [
            f.submission
            for f in filed
            if f.submission.unit == self.form.unit and f.submission.month == self.form.month
            and not f.submission.head.opening
        ]  # fmt: skip
        said = {u.item: u for one in own for u in one.updates if self._is_asked_about(u.item)}
        before = {f.key: getattr(one.head, f.key) or "" for one in own for f in HEAD} or {"rest": "unchanged"}
        self.head = before | self.head
        required = {r.occurrence.id for r in self.form.required}
        for item in self.by_id:
            if item in said and item not in required:
                self.answers.setdefault(item, texts_of(said[item]))
        self.carried = tuple(u for item, u in said.items() if item not in self.by_id)
        # What was planned before and has not happened yet stands on every form.
        events = [*planned_events(s, self.form), *(e for one in own for e in one.events)]
        self.register.kinds = {**self.register.kinds, **{e.kind: s.programme.events[e.kind].name for e in events}}
        self.register.take_over({(e.kind, e.ref): e for e in events}.values())

    def _is_asked_about(self, item: str) -> bool:
        """Whether an item is one of the plans that the form is for."""
        return not self.form.part or self.snapshot.programme.milestones[item.partition("@")[0]].plan in self.form.part
