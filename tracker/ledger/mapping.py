"""How an office's existing Excel list is to be read, in the office's own words: a small TOML file beside it.

It says where things stand::

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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.door import enter
from tracker.entered import Entered
from tracker.language import _, mark
from tracker.plans import Programme
from tracker.problems import Problem, nearest
from tracker.source import Keys, Source
from tracker.submissions import STATES


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
