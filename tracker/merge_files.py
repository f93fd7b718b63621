"""The merge's tables as Parquet: what ``standing.sql`` reads of many programmes, and how every occurrence stands.

A folder holds any number of programmes of any number of workspaces, each table under its name and each programme in
its own part (``said/programme=…/month=…/part-0.parquet``). Units and files are named ``programme/unit`` there, so that
those of two programmes are never taken for one. ``n`` and ``file`` count within their programme: whoever reads several
programmes at once has to tell them apart (``tracker.on_spark`` does).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any

from tracker import merge, merge_tables, standing_sql
from tracker.clocks import Clocks
from tracker.closing import closing
from tracker.decisions import Decision
from tracker.exports import Exported
from tracker.filed import Closing, Filed
from tracker.language import mark
from tracker.occurrences import Occurrence, expand
from tracker.plans import Programme
from tracker.shelf import latest_events
from tracker.snapshot import Snapshot
from tracker.tables import Column, Kind, Row, Table, Value

PROGRAMME = "programme"
MONTH = "month"
SAID = "said"
"""The one large table: a row for every update. Its parts are those of a programme and a month."""

PREFIXED = ("unit", "path")
"""The columns whose names have the programme in front."""

# --- what each column says ---

AS_NUMBERS = mark("合并所用的表里，日子写成公元日数（0001-01-01 是 1），时刻是 1970 年起的微秒数（UTC），是否写 1、0。")
"""How the inputs write what Parquet has types for: the SQL reckons in whole numbers, the same in every time zone."""

TABLES_SAY: Mapping[str, str] = {
    "clock": mark("按哪一天、以哪一时刻的所知评判，每个行动一行"),
    "occurrence": mark("要办的事，每个单位、每个期次一行"),
    "version": mark("收到的每一份月报"),
    "speaks": mark("每份月报报的是哪些方案"),
    SAID: mark("每份月报报的每一条"),
    "ruling": mark("市级的每一条审核意见"),
    "sheet": mark("检查表对期次的认定，代替单位所报"),
}

_INTEGER: Mapping[str, str] = {
    "as_of": mark("评判日"),
    "month": mark("月份的第一天"),
    "month_end": mark("月份的最后一天"),
    "known_by": mark("只算这一时刻之前知道的"),
    "records_from": mark("从哪天起建账"),
    "behind_points": mark("落后序时进度几个百分点算滞后"),
    "n": mark("期次在行动里的序号"),
    "opens": mark("从哪天起"),
    "due": mark("到期日"),
    "period_end": mark("这一期的最后一天"),
    "warning_days": mark("提前几天提醒"),
    "waits_on": mark("待上级明确"),
    "contributes": mark("只计入全市数"),
    "has_quota": mark("单位有自己的指标数"),
    "is_pooled": mark("全市一个数"),
    "is_share": mark("目标是百分比"),
    "grows": mark("数字应当逐步增长"),
    "file": mark("月报在行动里的序号"),
    "number": mark("第几版"),
    "received": mark("收到的时刻"),
    "is_unchanged": mark("其余事项与上月一致"),
    "is_held": mark("这一条有错，暂存"),
    "done_on": mark("完成日期"),
    "verified_on": mark("县级核实的日期"),
    "counted_on": mark("数字截至哪一天；不写就是月末"),
    "promised_on": mark("预计完成日期"),
    "r": mark("审核意见在行动里的序号，按作出的先后"),
    "at": mark("作出的时刻"),
    "at_day": mark("作出的日子"),
    "until": mark("到哪一天"),
    "granted": mark("同意延期"),
    "known": mark("知道的时刻"),
}

_NUMBER: Mapping[str, str] = {
    "needed": mark("目标数"),
    "needed_of_all": mark("不分到单位的目标数"),
    "done": mark("完成数"),
    "total": mark("总数"),
}

_TEXT: Mapping[str, str] = {
    "programme": mark("行动"),
    "unit": mark("行动/报送单位"),
    "item": mark("期次编号"),
    "milestone": mark("节点编号"),
    "plan": mark("方案的文件名"),
    "kind": mark("节点或审核意见的种类"),
    "closer": mark("由谁核实销号"),
    "every": mark("从上次完成之日起算的周期"),
    "path": mark("行动/月报的文件"),
    "name": mark("月报的文件名"),
    "digest": mark("内容的校验值"),
    "sha256": mark("所审内容的校验值"),
    "ground": mark("免除的理由类别"),
    "state": mark("所报或更正的状态"),
}


def _input_column(at: int, table: str, name: str) -> Column[Row]:
    if table == SAID and name == MONTH:
        return Column(name, "text", mark("所报月份"), itemgetter(at))
    words: tuple[tuple[Kind, Mapping[str, str]], ...] = (("integer", _INTEGER), ("number", _NUMBER), ("text", _TEXT))
    [(kind, said)] = [(kind, of[name]) for kind, of in words if name in of]
    return Column(name, kind, said, itemgetter(at))


def own_columns(table: str) -> list[str]:
    """The columns of one of ``merge_tables.TABLES``."""
    return [column.split()[0] for column in merge_tables.TABLES[table].split(",")]


def _made_together(_snapshot: Snapshot) -> Iterator[Row]:
    """Nothing: a table of the merge is not made of a snapshot alone, but with the others."""
    return iter(())


def _input_table(name: str) -> Table[Row]:
    """The table with its programme, and its month where that is a part."""
    names = [PROGRAMME, *([MONTH] if name == SAID else []), *(c for c in own_columns(name) if c != PROGRAMME)]
    columns = tuple(_input_column(at, name, column) for at, column in enumerate(names))
    return Table(name, TABLES_SAY[name], columns, _made_together)


INPUTS: Mapping[str, Table[Row]] = {name: _input_table(name) for name in merge_tables.TABLES}
"""What goes into the merge, by name."""

_RESULT: tuple[tuple[str, Kind, str], ...] = (
    ("programme", "text", mark("行动")),
    ("unit", "text", mark("报送单位的编号")),
    ("item", "text", mark("期次编号，在一个行动里对一个单位唯一")),
    ("status", "text", mark("状态的编号")),
    ("scheduled", "day", mark("原定到期日")),
    ("due", "day", mark("到期日，含同意的延期")),
    ("done_on", "day", mark("完成日期")),
    ("days_late", "integer", mark("逾期天数")),
    ("days_late_scheduled", "integer", mark("按原定到期日的逾期天数")),
    ("has_record", "yes", mark("有所报、更正或检查表为凭")),
    ("path", "text", mark("以哪份月报为准")),
    ("r", "integer", mark("以哪条更正为准，是 ruling 表的序号；0 不是更正")),
    ("asserted", "day", mark("最近一次由单位认可的月份的第一天")),
    ("is_carried", "yes", mark("沿用上月")),
    ("is_current", "yes", mark("一次性任务，或评判日所在的那一期")),
    ("is_sum", "yes", mark("按全市的数评判")),
    ("needed", "number", mark("目标数")),
    ("reached", "number", mark("达到的数，百分比目标是百分之几")),
    ("done", "number", mark("完成数")),
    ("total", "number", mark("总数")),
    ("reported", "integer", mark("报了数的单位有几个")),
    ("asked", "integer", mark("该报数的单位有几个")),
    ("counted_on", "day", mark("全市的数截至哪一天")),
    ("promised_on", "day", mark("预计完成日期")),
)

RESULT: Table[Row] = Table(
    "standing",
    mark("合并的结果：每一件要办的事在评判日的状态，一个单位、一个期次一行"),
    tuple(Column(name, kind, words, itemgetter(at)) for at, (name, kind, words) in enumerate(_RESULT)),
    _made_together,
)
"""What comes out of the merge."""


def _without_prefix(name: str) -> str:
    return f"substr({name}, length(occurrence.programme) + 2)"


_OF_OTHERS = {
    "programme": "occurrence.programme",
    "unit": _without_prefix("occurrence.unit"),
    "item": "occurrence.item",
    "path": _without_prefix("version.path"),
}

RESULT_QUERY = (
    "select {}\n"
    "from standing\njoin occurrence on occurrence.n = standing.n\nleft join version on version.file = standing.file"
).format(", ".join(f"{_OF_OTHERS.get(name, f'standing.{name}')} as {name}" for name, _kind, _words in _RESULT))
"""The result's columns, as the SQL has them, on any engine."""


# --- out of a workspace ---


@dataclass(frozen=True)
class Case:
    """All that the merge of a programme judges by."""

    programme: Programme
    occurrences: Sequence[Occurrence]
    filed: Sequence[Filed]
    rulings: Sequence[Decision]
    clocks: Clocks
    closing: Closing


def case(snapshot: Snapshot) -> Case:
    """What a snapshot was judged by."""
    p, filed, rulings, clocks = snapshot.programme, snapshot.filed, snapshot.decisions, snapshot.clocks
    events = latest_events(f.submission for f in merge.counting(p, filed, rulings, clocks))
    occurrences = expand(p, events, clocks.known_by)
    return Case(p, occurrences, filed, rulings, clocks, closing(p, occurrences, snapshot.sheets, clocks))


def inputs(judged_by: Case, origin: str | None = None) -> list[Exported]:
    """What goes into the merge of a programme; ``origin`` tells it from programmes of its name in other workspaces."""
    own = judged_by.programme.id
    name = f"{origin}.{own}" if origin else own
    rows = _rows(judged_by)
    return [Exported(table, tuple(_named(table.name, rows[table.name], name))) for table in INPUTS.values()]


def _rows(of: Case) -> Mapping[str, Iterable[merge_tables.Row]]:
    """The rows of ``merge_tables.TABLES``, those of ``said`` with their month in front."""
    p, filed = of.programme, of.filed
    return {
        "clock": [merge_tables.clock_row(p, of.clocks)],
        "occurrence": merge_tables.occurrence_rows(p, of.occurrences),
        "version": (merge_tables.version_row(n, p.id, one) for n, one in enumerate(filed)),
        "speaks": (row for n, one in enumerate(filed) for row in merge_tables.speaks_rows(n, p, one.submission)),
        SAID: (
            (f"{one.submission.month:%Y-%m}", *row)
            for n, one in enumerate(filed)
            for row in merge_tables.said_rows(n, one.submission)
        ),
        "ruling": merge_tables.ruling_rows(p.id, of.rulings),
        "sheet": merge_tables.sheet_rows(of.closing),
    }


def _named(table: str, rows: Iterable[merge_tables.Row], programme: str) -> Iterator[Row]:
    """The rows with the programme in front, and in the names of units and files."""
    names = [*([MONTH] if table == SAID else []), *own_columns(table)]
    prefixed = [names.index(name) for name in PREFIXED if name in names]
    left_out = names.index(PROGRAMME) if PROGRAMME in names else len(names)
    for row in rows:
        cells = list(row)
        for at in prefixed:
            cells[at] = f"{programme}/{cells[at]}" if cells[at] is not None else None
        yield (programme, *cells[:left_out], *cells[left_out + 1 :])


# --- on this machine ---


def programmes(folder: Path) -> list[str]:
    """The programmes whose tables lie in a folder."""
    return sorted(part.name.partition("=")[2] for part in (folder / "clock").glob(f"{PROGRAMME}=*"))


def judged(folder: Path, programme: str) -> Exported:
    """How every occurrence of a programme stands, by unit and occurrence. ``ImportError`` without pyarrow."""
    with standing_sql.opened() as tables:
        for name in merge_tables.TABLES:
            tables.fill(name, _read(folder / name / f"{PROGRAMME}={programme}", own_columns(name), programme))
        tables.run("standing")
        found = tables.base.execute(f"{RESULT_QUERY}\norder by unit, item")
        return Exported(RESULT, tuple(_typed(row) for row in found))


def _read(folder: Path, names: list[str], programme: str) -> Iterator[merge_tables.Row]:
    """The rows of a programme's part of a table."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra of 170 MB

    for path in sorted(folder.rglob("*.parquet")):
        found = pq.ParquetFile(path).read()
        columns = [
            [programme] * found.num_rows if name == PROGRAMME else found.column(name).to_pylist() for name in names
        ]
        yield from zip(*columns, strict=True)


def _typed(row: tuple[Any, ...]) -> Row:
    """A row of the result with days and yes or no for numbers."""
    return tuple(_value(kind, value) for (_name, kind, _words), value in zip(_RESULT, row, strict=True))


def _value(kind: Kind, value: Any) -> Value:
    match kind:
        case "day" if value is not None:
            return date.fromordinal(value)
        case "yes":
            return bool(value)
        case _:
            plain: Value = value
            return plain
