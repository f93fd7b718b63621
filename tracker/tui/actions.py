"""What can be done with what was chosen: each declared once, for keys, palette, footer and help.

A screen's keys for a thing come from ``ACTIONS``; an action sees the screen and its ``Subject``, and is
offered only where it fits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from tracker.language import mark
from tracker.snapshot import Snapshot
from tracker.standing import Standing

if TYPE_CHECKING:
    from tracker.decisions import Decision
    from tracker.pending import Pending
    from tracker.sheets import Sheet
    from tracker.tui.view import View


@dataclass(frozen=True)
class Subject:
    """What was chosen: items, a unit, or units' submissions of a month. Marked lines, or the one under the cursor."""

    snapshot: Snapshot
    """In which it was seen."""
    standings: tuple[Standing, ...] = ()
    unit: str = ""
    month: date | None = None
    """Of a submission."""
    units: tuple[str, ...] = ()
    """Where several are chosen."""
    waiting: "tuple[Pending, ...]" = ()
    """Where what was chosen waits for a ruling."""
    sheet: "Sheet | None" = None
    """An enterprise's sheet."""
    finding: str = ""
    """The finding of it that the cursor is on."""

    @property
    def standing(self) -> Standing:
        """The one item."""
        return self.standings[0]

    @property
    def of_units(self) -> tuple[str, ...]:
        """The units chosen."""
        return self.units or ((self.unit,) if self.unit else ())

    @property
    def is_one_item(self) -> bool:
        """Whether it is one item of one unit."""
        return len(self.standings) == 1


@dataclass(frozen=True)
class Action:
    """One thing that can be done, and the key that does it."""

    name: str
    key: str
    words: str
    tooltip: str
    fits: Callable[[Subject], bool]
    run: Callable[["View", Subject], None]
    is_in_footer: bool = True
    writes: bool = False
    """Whether it changes the workspace."""


def _why(view: "View", subject: Subject) -> None:
    from tracker.tui.reasons import Reasons  # noqa: PLC0415 - screens import this module

    view.app.push_screen(Reasons(subject.snapshot, subject.standing))


def _history(view: "View", subject: Subject) -> None:
    view.open_subject(subject)


def _unit(view: "View", subject: Subject) -> None:
    from tracker.tui.county import CountyScreen  # noqa: PLC0415 - screens import this module

    view.open(CountyScreen(subject.unit or subject.standing.occurrence.unit), subject.snapshot)


def _is_one_item(subject: Subject) -> bool:
    return subject.is_one_item


def _is_of_one_unit(subject: Subject) -> bool:
    return len(subject.of_units) == 1 or len({s.occurrence.unit for s in subject.standings}) == 1


# --- what writes ---


def _answer(view: "View", subject: Subject, *, yes: bool) -> None:
    from tracker.tui.ruling import answer  # noqa: PLC0415 - when it is wanted

    answer(view, subject, yes=yes)


def _rule(view: "View", subject: Subject, name: str) -> None:
    from tracker.tui.ruling import rule  # noqa: PLC0415 - as above

    rule(view, subject, name)


def _correct(view: "View", subject: Subject) -> None:
    from tracker.tui.ruling import correct  # noqa: PLC0415 - as above

    correct(view, subject)


def _menu(view: "View", subject: Subject) -> None:
    from tracker.tui.ruling import menu  # noqa: PLC0415 - as above

    menu(view, subject)


def _undo(view: "View", subject: Subject) -> None:
    from tracker.tui.ruling import undo  # noqa: PLC0415 - as above

    undo(view, subject)


def _can_be_answered(subject: Subject) -> bool:
    return bool(subject.waiting) or _is_of_files(subject)


def _is_of_files(subject: Subject) -> bool:
    """Submissions of a month, or what they say of items; an enterprise's sheet."""
    if subject.sheet is not None:
        return True
    return subject.month is not None and any(
        f.submission.month == subject.month and f.submission.unit in subject.of_units for f in subject.snapshot.filed
    )


def _can_be_contested(subject: Subject) -> bool:
    """A finding of a sheet that counts, to which no objection waits."""
    sheet, name = subject.sheet, subject.finding
    return sheet is not None and name in sheet.counts("department") and name not in sheet.contested


def _can_be_corrected(subject: Subject) -> bool:
    return subject.is_one_item and subject.standing.status not in ("continuing", "contributing")


def _is_claimed(subject: Subject) -> bool:
    return bool(subject.standings) and all(s.status == "done" for s in subject.standings)


def last_ruling(subject: Subject) -> "Decision | None":
    """The last ruling in force on the item, on the sheet's finding or the sheet, or on the unit's submission."""
    if subject.sheet is not None:
        own = [
            d
            for d in subject.snapshot.decisions
            if (f"{d.folder}/{d.file}", d.finding or "") == (subject.sheet.file, subject.finding)
        ]
    elif subject.standings:
        o = subject.standing.occurrence
        own = [d for d in subject.snapshot.decisions if (d.unit, d.item) == (o.unit, o.id)]
    elif subject.month is not None:
        own = [
            d
            for d in subject.snapshot.decisions
            if d.item is None and d.month == subject.month and d.unit in subject.of_units
        ]
    else:
        own = []
    # Of one moment the one that was written last.
    return max(reversed(own), key=lambda d: d.at, default=None)


def _is_ruled(subject: Subject) -> bool:
    return (subject.is_one_item or len(subject.of_units) == 1) and last_ruling(subject) is not None


ACTIONS: tuple[Action, ...] = (
    Action("why", "w", mark("为什么"), mark("这盏灯是怎么来的：规则、日期推算、记录、依据"), _is_one_item, _why),
    Action(
        "history",
        "o",
        mark("来龙去脉"),
        mark("这一项逐月的办理情况：谁什么时候报了什么"),
        _is_one_item,
        _history,
        is_in_footer=False,
    ),
    Action("unit", "c", mark("这个单位"), mark("这个单位的全部任务和历次报送"), _is_of_one_unit, _unit),
    Action(
        "accept",
        "a",
        mark("同意"),
        mark("审核通过；在待办里是同意所请"),
        _can_be_answered,
        partial(_answer, yes=True),
        writes=True,
    ),
    Action(
        "return",
        "r",
        mark("退回"),
        mark("退回，写明理由和重报期限；在待办里是不同意"),
        _can_be_answered,
        partial(_answer, yes=False),
        writes=True,
    ),
    Action(
        "withdraw",
        "h",
        mark("不计入"),
        mark("撤回，不计入：这一份或这一条先不算数"),
        _is_of_files,
        partial(_rule, name="withdraw"),
        is_in_footer=False,
        writes=True,
    ),
    Action(
        "verify",
        "v",
        mark("销号"),
        mark("核实属实，予以销号"),
        _is_claimed,
        partial(_rule, name="verify"),
        writes=True,
    ),
    Action(
        "correct", "e", mark("更正"), mark("照电话里说的更正或补记这一项"), _can_be_corrected, _correct, writes=True
    ),
    Action("decide", "b", mark("意见…"), mark("延期、免除、中止、结案、重新开启等"), _is_one_item, _menu, writes=True),
    Action(
        "object",
        "y",
        mark("异议"),
        mark("企业对这一条扣分有异议，登记；裁定按 a 采纳、按 r 不采纳"),
        _can_be_contested,
        partial(_rule, name="contest"),
        writes=True,
    ),
    Action(
        "undo",
        "u",
        mark("撤销"),
        mark("撤销最近的一条意见或更正"),
        _is_ruled,
        _undo,
        is_in_footer=False,
        writes=True,
    ),
)
BY_NAME = {action.name: action for action in ACTIONS}
