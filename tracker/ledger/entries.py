"""A row of a ledger as an update of each unit it names, or why it is none.

Nothing is guessed silently: an entry passes every check that a submission's does, or its row is a ``Miss``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.deadlines import months_later
from tracker.language import _, mark
from tracker.ledger.cells import day_of, joined, number_of
from tracker.ledger.matching import Matching
from tracker.ledger.rows import Miss, Row
from tracker.occurrences import Occurrence
from tracker.problems import nearest
from tracker.submission_checks import CHECKS, Subject
from tracker.submissions import STATES, Update, canonical_state


@dataclass(frozen=True)
class Entry:
    """A row as an update of one unit."""

    row: Row
    unit: str
    occurrence: Occurrence
    update: Update
    is_read: bool
    """The period was chosen by the day and not written."""


@dataclass(frozen=True)
class Reader:
    """What rows are read against."""

    matching: Matching

    def entries(self, row: Row) -> list[Entry] | Miss:
        """The row as an update of each unit it names."""
        units = self.matching.units(row)
        if isinstance(units, Miss):
            return units
        if len(units) > 1 and any(key in row.cells for key in ("done", "total")):
            return Miss(_("几个单位合写一行，数字分不到各单位。"), _("请一个单位一行。"))
        found = []
        for unit in units:
            entry = self._entry(row, unit)
            if isinstance(entry, Miss):
                return entry
            found.append(entry)
        return found

    def _entry(self, row: Row, unit: str) -> Entry | Miss:
        item = self.matching.item(row, unit)
        if isinstance(item, Miss):
            return item
        said = self._said(row)
        if isinstance(said, Miss):
            return said
        occurrence = self.matching.occurrence(row, unit, item, said.get("done_on"))
        if isinstance(occurrence, Miss):
            return occurrence
        update = Update(item=occurrence.id, **said)
        context, end = self.matching.context, self.matching.last
        month = months_later(context.programme.head.records_from, -1)
        subject = Subject(update, occurrence, month, end, unit, context, context.owed[unit], is_opening=True)
        # The checks' hints are lines of TOML, which a ledger has none of.
        wrong = [message for check in CHECKS for _key, code, message, _hint in check(subject) if code.startswith("E")]
        if wrong:
            return Miss("".join(wrong))
        is_read = occurrence.is_recurring and "@" not in item and not row.text("period")
        return Entry(row, unit, occurrence, update, is_read)

    def _said(self, row: Row) -> dict[str, Any] | Miss:
        """The row's words as an update's values."""
        said: dict[str, Any] = {}
        for key, (read, name) in _READ.items():
            if key not in row.cells:
                continue
            value = read(row.cells[key])
            if value is None:
                return Miss(_("{name}“{value}”看不懂。", name=_(name), value=row.text(key)), _(_HINTS[read]))
            said[key] = value
        said |= {key: row.text(key) for key in _TEXTS if row.text(key)}
        if row.text("evidence"):
            parts = re.split(r"[、;；\n]+", row.text("evidence"))
            said["evidence"] = tuple(part.strip() for part in parts if part.strip())
        state = self._state(row, said)
        return state if isinstance(state, Miss) else {"state": state, **said}

    def _state(self, row: Row, said: Mapping[str, Any]) -> str | Miss:
        words = row.text("state")
        if not words:
            return "done" if "done_on" in said else Miss(_("没有写状态。"))
        # Not squeezed: a tick and a cross are punctuation.
        translated = {joined(word): state for word, state in self.matching.mapping.states.items()}
        state = canonical_state(translated.get(joined(words), joined(words)))
        if state in STATES:
            return state
        known = [*self.matching.mapping.states, *STATES.values()]
        return Miss(
            _("状态“{state}”看不懂。", state=words), nearest(words, known) or _("请在对应文件的 [states] 里写明。")
        )


_READ: Mapping[str, tuple[Any, str]] = {
    "done_on": (day_of, mark("完成日期")),
    "verified_on": (day_of, mark("核实日期")),
    "promised_on": (day_of, mark("预计完成日期")),
    "done": (number_of, mark("完成数")),
    "total": (number_of, mark("总数")),
}

_HINTS: Mapping[Any, str] = {
    day_of: mark("日期写成 2024-05-31、2024.5.31 或 2024年5月31日。"),
    number_of: mark("只写数；比例写完成数和总数两列。"),
}

_TEXTS = ("cause", "measure", "waiting_on", "note")
