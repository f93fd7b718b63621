"""The opening from a ledger: an office's existing Excel list, by a small mapping, as opening files.

A row either becomes an entry that passes every check, or it is named with its reason and what
was probably meant: nothing is guessed silently, and nothing is lost. No cell makes it raise.
The mapping says in the office's own words where things stand::

    prepared_by = "王某"                  # 建账文件的填报人、审核人、负责人
    checked_by = "李某"
    approved_by = "赵某"

    [states]                             # 台账的说法 = 本系统的状态；五种状态的中英文不用写
    "已办结" = "done"
    "正在推进" = "推进中"

    [units]                              # 台账的单位名 = 单位编号；全称、简称、署名单位不用写
    "开发区" = "economic-zone"

    [items]                              # 台账的任务名 = 节点编号；与节点名称或内容相同的不用写
    "老旧装置清零" = "chemical-6g"

    [[sheet]]                            # 每张工作表一段
    name = "化工台账"
    header = 2                           # 表头在第几行，不写就是第 1 行，没有表头写 0
    plan = "chemical"                    # 整张表同属一个方案时写
    unit = "shenxian"                    # 整张表同属一个单位时写；否则写 columns.unit
    fill_down = ["unit"]                 # 上下合并的列：空格取上一行的值

    [sheet.columns]                      # 名称 = 表头的文字，或列的字母
    unit = "责任单位"
    id = "编号"                          # 怎样找节点：节点编号（或期次编号）；
    plan = "方案"                        # 或方案和
    number = "序号"                      # 原文的编号；
    title = "工作任务"                    # 或名称
    period = "期次"                      # 周期性的哪一期，例如 2026-07、2026年二季度；没有就按完成日期推定
    state = "办理情况"
    done_on = "完成时间"                  # 日期，或 2024.5.31、2024年5月31日 这样的文字
    done = "完成数"
    total = "总数"
    evidence = "佐证"
    verified_on = "核实时间"
    cause = "原因"
    measure = "措施"
    promised_on = "预计完成"
    waiting_on = "在等谁"
    note = "备注"

Without a state a row that has its day of completion is done.
"""

import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

import tomli_w

from tracker import writing
from tracker.deadlines import months_later
from tracker.door import enter
from tracker.entered import Entered
from tracker.language import _, mark
from tracker.occurrences import Occurrence
from tracker.plans import Milestone, Plan, Programme
from tracker.problems import Place, Problem, labelled, nearest
from tracker.source import Keys, Source
from tracker.submission_checks import CHECKS, Subject
from tracker.submissions import STATES, Context, Update, canonical_state
from tracker.terminal import plain
from tracker.workspace import SCHEMA, Workspace

MOST_ROWS = 20_000
"""Rows of a sheet; a ledger of a whole city has some thousands."""

MOST_COLUMNS = 200
LONGEST_SAID = 60
"""Characters of a row that are shown to find it again."""

BLANK = frozenset({"", "/", "\\", "-", "—", "——", "无", "暂无"})
"""What people write where there is nothing to write."""


@dataclass(frozen=True)
class Columns(Entered):
    """Which column says what: by the text of its heading, or by its letter."""

    unit: str | None = None
    id: str | None = None
    plan: str | None = None
    number: str | None = None
    title: str | None = None
    period: str | None = None
    state: str | None = None
    done_on: str | None = None
    done: str | None = None
    total: str | None = None
    evidence: str | None = None
    verified_on: str | None = None
    cause: str | None = None
    measure: str | None = None
    promised_on: str | None = None
    waiting_on: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Sheet(Entered):
    """One sheet of the ledger."""

    name: str
    columns: Columns
    header: int = 1
    """The row with the headings, from 1; 0 where there is none."""
    plan: str | None = None
    unit: str | None = None
    fill_down: tuple[str, ...] = ()
    """Columns whose cells are merged downwards: an empty one means the one above."""


@dataclass(frozen=True)
class LedgerMapping(Entered):
    """The mapping file, key by key."""

    prepared_by: str
    checked_by: str
    approved_by: str
    sheet: tuple[Sheet, ...]
    states: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Unmatched:
    """A row that became no entry, and why."""

    sheet: str
    row: int
    said: str
    """Its unit and task, to find it again."""
    reason: str
    suggestion: str = ""

    @property
    def words(self) -> str:
        """The row in one line."""
        where = _("{sheet} 第 {row} 行（{said}）：", sheet=self.sheet, row=self.row, said=self.said)
        return plain(f"{where}{self.reason}{self.suggestion}")


@dataclass(frozen=True)
class LedgerResult:
    """What a ledger gives."""

    openings: Mapping[str, str]
    """Unit to the text of its opening file."""
    unmatched: tuple[Unmatched, ...]
    problems: tuple[Problem, ...] = ()
    """With the workbook itself: unreadable, a sheet or a column that is not there."""
    entries: int = 0
    passed_over: tuple[str, ...] = ()
    """Rows with a single cell filled, taken for headings: sheet and row."""


def read_mapping(source: Source, programme: Programme) -> tuple[LedgerMapping | None, list[Problem]]:
    """The mapping, or None and every problem with it."""
    mapping, problems = enter(LedgerMapping, source.data, source)
    problems = [*source.problems, *problems]
    if mapping is not None:
        problems += _mapping_problems(mapping, source, programme)
    return (None if any(p.holds for p in problems) else mapping), problems


def _mapping_problems(mapping: LedgerMapping, source: Source, programme: Programme) -> Iterator[Problem]:
    for key in ("prepared_by", "checked_by", "approved_by"):
        if not getattr(mapping, key).strip():
            yield source.problem((key,), "E04", _("没有写姓名。"), _('请写姓名：{key} = "…"', key=key))
    units = [unit.id for unit in programme.units]
    stems = [plan.stem for plan in programme.plans]
    words = [*STATES, *STATES.values()]
    for name, code, known, message in (
        ("states", "E06", words, mark("状态“{word}”看不懂。")),
        ("units", "E08", units, mark("没有报送单位“{word}”。")),
        ("items", "E07", list(programme.milestones), mark("没有节点“{word}”。")),
    ):
        for said, word in getattr(mapping, name).items():
            if word not in known:
                yield source.problem((name, said), code, _(message, word=word), nearest(word, known))
    for n, sheet in enumerate(mapping.sheet):
        yield from _sheet_problems(sheet, ("sheet", n), source, units, stems)


def _sheet_problems(
    sheet: Sheet, at: Keys, source: Source, units: Sequence[str], stems: Sequence[str]
) -> Iterator[Problem]:
    columns = sheet.columns
    if sheet.header < 0:
        message, hint = _("没有第 {n} 行。", n=sheet.header), _("表头在第 1 行写 1；没有表头写 0，列都写字母。")
        yield source.problem((*at, "header"), "E10", message, hint)
    if sheet.plan is not None and sheet.plan not in stems:
        message = _("没有方案“{name}”。", name=sheet.plan)
        yield source.problem((*at, "plan"), "E07", message, nearest(sheet.plan, stems))
    if sheet.unit is not None and sheet.unit not in units:
        message = _("没有报送单位“{unit}”。", unit=sheet.unit)
        yield source.problem((*at, "unit"), "E08", message, nearest(sheet.unit, units))
    if sheet.unit is None and columns.unit is None:
        yield source.problem(at, "E04", _("没有写哪一列是单位。"), _("请写 columns.unit，或整张表的 unit。"))
    if columns.id is None and columns.number is None and columns.title is None:
        hint = _("请写 columns.id（节点编号）、number（原文编号）或 title（名称）。")
        yield source.problem(at, "E04", _("没有写怎样找到节点。"), hint)
    for k, key in enumerate(sheet.fill_down):
        if getattr(columns, key, None) is None:
            message = _("“{name}”不是写在 columns 里的列。", name=key)
            yield source.problem((*at, "fill_down", k), "E07", message)


# --- the workbook's rows ---


@dataclass(frozen=True)
class Row:
    """One row of a sheet, its cells by what they say."""

    sheet: Sheet
    number: int
    cells: Mapping[str, object]

    def text(self, key: str) -> str:
        """A cell as a text; empty for one with nothing in it."""
        return _text(self.cells.get(key))

    def unmatched(self, miss: "Miss") -> Unmatched:
        """The row as one that became no entry."""
        said = " ".join(word for key in ("unit", "id", "number", "title") if (word := self.text(key)))
        return Unmatched(self.sheet.name, self.number, plain(said)[:LONGEST_SAID], miss.reason, miss.suggestion)


@dataclass(frozen=True)
class Miss:
    """Why something could not be understood, and what was probably meant."""

    reason: str
    suggestion: str = ""


def _rows(content: bytes, mapping: LedgerMapping, shown: str, problems: list[Problem]) -> Iterator[Row]:
    """Every row of the mapped sheets that has something in it."""
    import openpyxl  # noqa: PLC0415 - only this command reads ledgers

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception:  # noqa: BLE001 - a damaged workbook can break the library anywhere
        hint = _("请在 WPS 或 Excel 里另存为 .xlsx。")
        problems.append(Problem(Place(shown), "E01", _("这不是 .xlsx 工作簿，或者已经损坏。"), hint))
        return
    for sheet in mapping.sheet:
        if sheet.name not in book.sheetnames:
            message = _("没有工作表“{name}”。", name=sheet.name)
            problems.append(Problem(Place(shown), "E07", message, nearest(sheet.name, book.sheetnames)))
            continue
        lines = _lines(book[sheet.name], Place(shown, cell=sheet.name), problems)
        headings = [_squeezed(value) for value in lines[sheet.header - 1]] if 0 < sheet.header <= len(lines) else []
        where = _columns(sheet, headings, Place(shown, sheet.header, 1, f"{sheet.name}!{sheet.header}"), problems)
        if where:
            yield from _of_sheet(sheet, where, lines)


def _lines(sheet: Any, place: Place, problems: list[Problem]) -> list[Sequence[object]]:
    """The cells of a sheet, as far as it can be read."""
    lines: list[Sequence[object]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Some programs write a wrong size into the sheet.
            sheet.reset_dimensions()
            lines.extend(islice(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), MOST_ROWS + 1))
    except Exception:  # noqa: BLE001 - as above; the rows before are still good
        problems.append(Problem(place, "E01", _("读到第 {n} 行之后读不下去了。", n=len(lines)), _("请另存为 .xlsx。")))
    while lines and not any(_text(value) for value in lines[-1]):
        lines.pop()
    if len(lines) > MOST_ROWS:
        message, hint = _("超过 {n} 行，后面的没有读。", n=MOST_ROWS), _("请分成几个工作簿。")
        problems.append(Problem(place, "E01", message, hint))
    return lines[:MOST_ROWS]


def _columns(sheet: Sheet, headings: Sequence[str], place: Place, problems: list[Problem]) -> Mapping[str, int]:
    """The number of each mapped column, from 0; none, and a problem, where one is not there."""
    found: dict[str, int] = {}
    wrong = []
    for f in fields(Columns):
        name = getattr(sheet.columns, f.name)
        if name is None:
            continue
        spots = [n for n, heading in enumerate(headings) if heading and heading == _squeezed(name)]
        if len(spots) == 1:
            found[f.name] = spots[0]
        elif spots:
            message, hint = _("表头里有 {n} 列都叫“{name}”。", n=len(spots), name=name), _("请写列的字母，例如 C。")
            wrong.append(Problem(place, "E11", message, hint))
        elif re.fullmatch("[A-Z]{1,2}", name):
            found[f.name] = _column_number(name)
        else:
            message = _("表头里没有“{name}”这一列。", name=name)
            wrong.append(Problem(place, "E07", message, nearest(name, [h for h in headings if h])))
    problems += wrong
    return {} if wrong else found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _of_sheet(sheet: Sheet, where: Mapping[str, int], lines: Sequence[Sequence[object]]) -> Iterator[Row]:
    above: dict[str, object] = {}
    for number, line in enumerate(lines[sheet.header :], sheet.header + 1):
        cells = {key: line[n] for key, n in where.items() if n < len(line) and _text(line[n])}
        if not cells:
            continue
        above |= {key: cells[key] for key in sheet.fill_down if key in cells}
        # A row with a single cell is a heading between the tasks: it is passed over, and nothing carried into it.
        yield Row(sheet, number, {**above, **cells} if len(cells) > 1 else cells)


# --- cells ---


def _text(value: object) -> str:
    """A cell as people read it; empty for what means nothing."""
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == datetime.min.time():
            return value.date().isoformat()
    words = str(value).strip()
    return "" if words in BLANK else words


def _joined(words: str) -> str:
    """Words without what nobody sees: full width, spaces, line breaks."""
    return "".join(unicodedata.normalize("NFKC", words).split())


def _squeezed(value: object) -> str:
    """A heading or a name without what people vary: that, punctuation and case."""
    return re.sub(r"[\W_]+", "", _joined(_text(value))).casefold()


_DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?(?:[T\s]+[\d:.]+)?|(\d{4})(\d\d)(\d\d)")
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zones
_SERIALS = (20_000, 80_000)
"""Days as Excel counts them, 1954 to 2119: a date in a cell that is formatted as a number."""


def _day(value: object) -> date | None:
    """A cell as a day; None for what is none."""
    match value:
        case datetime():
            return value.date()
        case int() | float() if _SERIALS[0] <= value < _SERIALS[1]:
            return (_FIRST_DAY + timedelta(days=value)).date()
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", _text(value)))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(value: object) -> int | float | None:
    """A cell as a number; None for what is none, a percentage among it: nobody knows of how many."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if isinstance(value, float) and value.is_integer() else value
    words = _joined(_text(value)).replace(",", "")
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", words):
        return None
    return float(words) if "." in words else int(words)


_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4", "上": "1", "下": "2"}

_PERIODS: Sequence[tuple[str, Callable[[re.Match[str]], str]]] = (
    (r"(20\d\d)年?第?([1-4一二三四])季度?", lambda m: f"{m[1]}-Q{_DIGITS.get(m[2], m[2])}"),
    (r"(20\d\d)年?([上下])半年", lambda m: f"{m[1]}-H{_DIGITS[m[2]]}"),
    (r"(20\d\d)年?度?", lambda m: m[1]),
    # Excel makes the first of the month of a month.
    (r"(20\d\d)[年./-](\d{1,2})月?(?:[./-]0?1)?", lambda m: f"{m[1]}-{int(m[2]):02}"),
)
"""How a period may be written, and the label it has."""


def _label(words: str) -> str:
    """A period as the suffix of an occurrence; other words as they are."""
    found = ((re.fullmatch(pattern, _joined(words)), label) for pattern, label in _PERIODS)
    return next((label(m) for m, label in found if m is not None), words)


# --- from a row to an entry ---


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

    mapping: LedgerMapping
    context: Context

    @property
    def programme(self) -> Programme:
        """The programme of the ledger."""
        return self.context.programme

    @property
    def last(self) -> date:
        """The last day before the books begin."""
        return self.programme.head.records_from - timedelta(days=1)

    def entries(self, row: Row) -> list[Entry] | Miss:
        """The row as an update of each unit it names."""
        units = self._units(row)
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

    def _units(self, row: Row) -> list[str] | Miss:
        said = row.text("unit")
        if not said:
            return [row.sheet.unit] if row.sheet.unit is not None else Miss(_("没有写单位。"))
        known = {_squeezed(name): u.id for u in self.programme.units for name in (u.id, u.name, u.brief, u.office)}
        known |= {_squeezed(name): unit for name, unit in self.mapping.units.items()}
        known.pop("", None)
        parts = [said] if _squeezed(said) in known else [p for p in re.split(r"[、,，;；\s]+", said) if p]
        unknown = [part for part in parts if _squeezed(part) not in known]
        if unknown:
            return Miss(
                _("没有报送单位“{unit}”。", unit=said), nearest(unknown[0], [u.name for u in self.programme.units])
            )
        return list(dict.fromkeys(known[_squeezed(part)] for part in parts))

    def _entry(self, row: Row, unit: str) -> Entry | Miss:
        item = self._item(row, unit)
        if isinstance(item, Miss):
            return item
        said = self._said(row)
        if isinstance(said, Miss):
            return said
        occurrence = self._occurrence(row, unit, item, said.get("done_on"))
        if isinstance(occurrence, Miss):
            return occurrence
        update = Update(item=occurrence.id, **said)
        month = months_later(self.programme.head.records_from, -1)
        owed, end = self.context.owed[unit], self.programme.head.records_from - timedelta(days=1)
        subject = Subject(update, occurrence, month, end, unit, self.context, owed, is_opening=True)
        # The checks' hints are lines of TOML, which a ledger has none of.
        wrong = [message for check in CHECKS for _key, code, message, _hint in check(subject) if code.startswith("E")]
        if wrong:
            return Miss("".join(wrong))
        is_read = occurrence.is_recurring and "@" not in item and not row.text("period")
        return Entry(row, unit, occurrence, update, is_read)

    # which milestone

    def _item(self, row: Row, unit: str) -> str | Miss:
        """The milestone's id, or the occurrence's where the ledger has that."""
        named = row.text("id")
        if named:
            known = self.programme.milestones
            if named.partition("@")[0] in known:
                return named
            return Miss(_("没有节点“{id}”。", id=named), nearest(named, known))
        title, number = row.text("title"), row.text("number")
        translated = {_joined(words): item for words, item in self.mapping.items.items()}
        if title and _joined(title) in translated:
            return translated[_joined(title)]
        plans = self._plans(row)
        if isinstance(plans, Miss):
            return plans
        own = {o.milestone.id for o in self.context.owed.get(unit, {}).values()}
        milestones = [m for plan in plans for m in plan.milestones if m.id in own]
        if number:
            return self._by_number(row, plans, milestones)
        return _by_title(title, milestones) if title else Miss(_("没有写是哪一项任务。"))

    def _plans(self, row: Row) -> Sequence[Plan] | Miss:
        said = row.text("plan") or row.sheet.plan
        if not said:
            return self.programme.plans
        found = [
            p
            for p in self.programme.plans
            if _squeezed(said) in {_squeezed(name) for name in (p.stem, p.head.short, p.head.title)}
        ]
        shorts = [p.head.short for p in self.programme.plans]
        return found or Miss(_("没有方案“{name}”。", name=said), nearest(said, shorts))

    def _by_number(self, row: Row, plans: Sequence[Plan], milestones: Sequence[Milestone]) -> str | Miss:
        number = _item_number(row.text("number"))
        if len(plans) > 1:
            return Miss(_("有几个方案，只写任务 {number} 不知道是哪一个的。", number=number), _("请写明方案。"))
        of_task = [m for m in milestones if m.item == number]
        if not of_task:
            items = [task.item for task in plans[0].tasks]
            return Miss(_("任务 {number} 没有本单位承担的节点。", number=number), nearest(number, items))
        title = row.text("title")
        titled = [m for m in of_task if title and _squeezed(title) in _names(m)]
        dated = [m for m in of_task if m.is_dated]
        chosen = next((found for found in (titled, of_task, dated) if len(found) == 1), None)
        if chosen is None:
            names = _("、").join(f"{m.id} {m.title}" for m in of_task)
            return Miss(
                _("任务 {number} 有 {n} 个节点，分不出是哪一个。", number=number, n=len(of_task)),
                _("请写节点编号：{names}。", names=names),
            )
        return chosen[0].id

    # which period

    def _occurrence(self, row: Row, unit: str, item: str, done_on: date | None) -> Occurrence | Miss:
        base, _at, period = item.partition("@")
        owed = self.context.owed.get(unit, {}).values()
        own = sorted((o for o in owed if o.milestone.id == base), key=lambda o: (o.opens, o.id))
        if not own:
            is_event = self.programme.milestones[base].kind == "event"
            reason = _("起算的事项还没有登记。") if is_event else _("本单位不承担这一节点。")
            return Miss(labelled(base, reason), _("请在建账文件里先登记 [[event]]。") if is_event else "")
        if not period and "@" in own[0].id:
            period = _label(row.text("period"))
            if isinstance(row.cells.get("period"), float) and period.endswith("-01"):
                # As a number 2026.10 is 2026.1.
                reason = _("期次“{period}”分不清是 1 月还是 10 月。", period=row.text("period"))
                return Miss(reason, _("请写成 2026年10月。"))
        if period:
            named = [o for o in own if o.id.partition("@")[2] == period]
            return named[0] if named else Miss(_("{base} 没有“{period}”这一期。", base=base, period=period))
        if len(own) == 1:
            return own[0]
        if not own[0].is_recurring:
            return Miss(_("{base} 有几件事，分不出是哪一件。", base=base), _("请在期次一列写事项编号。"))
        # Of a rhythm that begins later the first period, of which the checks say that it has not begun.
        begun = [o for o in own if o.opens <= self.last] or own[:1]
        holding = (o for o in begun if done_on is not None and o.opens <= done_on <= _ends(o))
        return next(holding, begun[-1])

    # what it says

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
        translated = {_joined(word): state for word, state in self.mapping.states.items()}
        state = canonical_state(translated.get(_joined(words), _joined(words)))
        if state in STATES:
            return state
        known = [*self.mapping.states, *STATES.values()]
        return Miss(
            _("状态“{state}”看不懂。", state=words), nearest(words, known) or _("请在对应文件的 [states] 里写明。")
        )


_READ: Mapping[str, tuple[Any, str]] = {
    "done_on": (_day, mark("完成日期")),
    "verified_on": (_day, mark("核实日期")),
    "promised_on": (_day, mark("预计完成日期")),
    "done": (_number, mark("完成数")),
    "total": (_number, mark("总数")),
}
_HINTS: Mapping[Any, str] = {
    _day: mark("日期写成 2024-05-31、2024.5.31 或 2024年5月31日。"),
    _number: mark("只写数；比例写完成数和总数两列。"),
}
_TEXTS = ("cause", "measure", "waiting_on", "note")


def _names(m: Milestone) -> tuple[str, str]:
    """What a ledger may call a milestone."""
    return _squeezed(m.title), _squeezed(m.what)


def _by_title(title: str, milestones: Sequence[Milestone]) -> str | Miss:
    words = _squeezed(title)
    found = [m for m in milestones if words in _names(m)]
    if len(found) == 1:
        return found[0].id
    if found:
        names = _("、").join(m.id for m in found)
        return Miss(_("有几个节点都叫“{title}”。", title=title), _("请写节点编号：{names}。", names=names))
    by_name = {name: m for m in milestones for name in _names(m)}
    like = [by_name[name] for name in get_close_matches(words, by_name, n=1, cutoff=0.3)]
    suggestion = _("最接近的是 {id}（{title}）。", id=like[0].id, title=like[0].title) if like else ""
    return Miss(_("没有叫“{title}”的节点。", title=title), suggestion)


def _item_number(words: str) -> str:
    """``1.（3）`` as the plan's ``1.3``."""
    return re.sub(r"[^0-9A-Za-z]+", ".", unicodedata.normalize("NFKC", words)).strip(".")


def _ends(o: Occurrence) -> date:
    """The last day on which doing a period's duty is for that period: the next one's has its own."""
    return max(day for day in (o.due, o.period_end) if day is not None)


# --- the openings ---


def read_ledger(content: bytes, mapping: LedgerMapping, context: Context, shown: str = "") -> LedgerResult:
    """A workbook's bytes as opening files, and all that could not be matched; nothing is written."""
    problems: list[Problem] = []
    unmatched: list[Unmatched] = []
    entries: dict[tuple[str, str], list[Entry]] = {}
    passed_over: list[str] = []
    reader = Reader(mapping, context)
    for row in _rows(content, mapping, shown, problems):
        if len(row.cells) == 1:
            passed_over.append(f"{row.sheet.name} {row.number}")
            continue
        found = reader.entries(row)
        if isinstance(found, Miss):
            unmatched.append(row.unmatched(found))
            continue
        for entry in found:
            entries.setdefault((entry.unit, entry.occurrence.id), []).append(entry)
    good = []
    for (_unit, item), same in entries.items():
        if all(entry.update == same[0].update for entry in same):
            good.append(same[0])
            continue
        # Of an item written twice neither entry counts: nobody can say which was meant.
        rows = _("、").join(f"{entry.row.sheet.name} {entry.row.number}" for entry in same)
        miss = Miss(_("{item} 写了几次，说法不同：{rows}。", item=item, rows=rows), _("请只留一行。"))
        unmatched += [entry.row.unmatched(miss) for entry in same]
    openings = {
        unit.id: _opening(mapping, context.programme, unit.id, own)
        for unit in context.programme.units
        if (own := [entry for entry in good if entry.unit == unit.id])
    }
    return LedgerResult(openings, tuple(sorted(set(unmatched))), tuple(problems), len(good), tuple(passed_over))


def _opening(mapping: LedgerMapping, programme: Programme, unit: str, entries: Iterable[Entry]) -> str:
    """A unit's opening file, in the order of the plans."""
    order = {item: n for n, item in enumerate(programme.milestones)}
    head = {
        "unit": unit,
        "month": f"{months_later(programme.head.records_from, -1):%Y-%m}",
        "prepared_by": mapping.prepared_by,
        "checked_by": mapping.checked_by,
        "approved_by": mapping.approved_by,
        "opening": True,
    }
    parts = [
        f"#:schema ../{SCHEMA}",
        "# " + _("由现有台账生成：每条上面写着来自哪一行。请核对。"),
        tomli_w.dumps(head),
    ]
    for entry in sorted(entries, key=lambda e: (order[e.occurrence.milestone.id], e.occurrence.opens, e.occurrence.id)):
        m = entry.occurrence.milestone
        where = f"{entry.row.sheet.name} {entry.row.number}　{programme.plan(m.plan).head.short} {m.item}　{m.title}"
        read = _("（哪一期是推定的）") if entry.is_read else ""
        parts.append(f"# {plain(where)}{read}\n[[update]]\n{tomli_w.dumps(_written(entry.update))}")
    return "\n".join(parts)


def _written(update: Update) -> dict[str, Any]:
    """An update as its file says it."""
    said = {f.name: getattr(update, f.name) for f in fields(Update) if f.name != "place"}
    words = {"state": STATES[update.state], "evidence": list(update.evidence)}
    return {key: value for key, value in {**said, **words}.items() if value not in (None, [])}


def write_openings(workspace: Workspace, programme: Programme, result: LedgerResult) -> tuple[list[Path], list[Path]]:
    """The opening files written, and those that were there already and were left alone.

    The caller holds the workspace's lock.
    """
    written, kept = [], []
    for unit, text in result.openings.items():
        path = workspace.status(programme.id) / "opening" / f"{unit}.toml"
        try:
            writing.create(path, text.encode())
        except FileExistsError:
            kept.append(path)
        else:
            written.append(path)
    return written, kept
