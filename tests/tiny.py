"""A tiny workspace for tests: a programme of two plans and three units, month files given as text."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from tracker.plan_files import load
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.snapshot import Snapshot, take
from tracker.source import parse
from tracker.standing import Standing
from tracker.submission_files import read_submission
from tracker.submissions import Context, Submission
from tracker.workspace import Workspace

CHINA = timezone(timedelta(hours=8))
OCTOBER = date(2026, 10, 1)
OCTOBER_END = date(2026, 10, 31)
LATER = datetime(2027, 6, 1, tzinfo=CHINA)
"""A moment by which everything is known."""

PROGRAMME = """
[programme]
name = "甲市安全生产行动"
short = "甲市"
city = "甲市"
issuer = "甲市安委会办公室"
addressees = "各县区："
report_to = "市应急局："
from = 2026-01-01
until = 2026-12-31
records_from = 2026-08-01
plans = ["mine", "chem"]

[[unit]]
id = "east"
name = "东山县"
level = "county"

[[unit]]
id = "west"
name = "西湖高新区"
short = "高新区"
level = "zone"

[[unit]]
id = "bureau"
name = "市应急管理局"
short = "市局"
level = "city"

[[report]]
every = "month"
ask_by = 2
late_after = 2
roll = "earlier"
source = "每月3日前"
"""

MINE = """
[plan]
title = "甲市矿山方案"
short = "矿山"
from = 2026-01-01
until = 2026-12-31

[[event]]
id = "trial"
name = "试生产开始"

[[task]]
item = "1"
title = "包保责任"
[[task.milestone]]
id = "mine-1"
title = "公布包保名单"
what = "公布每座矿的包保领导"
wording = "9月底前"
due = 2026-09-30
level = ["county"]
owner = "县级政府"
certainty = "read"
reading = "没有写年份，按 2026 年"

[[task]]
item = "2"
title = "隐患排查"
[[task.milestone]]
id = "mine-2"
title = "月度排查"
what = "企业每月排查一次"
wording = "每月至少1次"
every = "month"
level = ["enterprise"]
owner = "企业主要负责人"

[[task]]
item = "3"
title = "试生产"
[[task.milestone]]
id = "mine-3a"
title = "报告试生产"
what = "向市局报告"
wording = "10个工作日内"
event = "trial"
term = "10 working days"
level = ["county"]
[[task.milestone]]
id = "mine-3b"
title = "试生产验收"
what = "试生产满30日、1年内验收"
wording = "不少于30日、不超过1年"
event = "trial"
earliest = "30 days"
within = "1 year"
level = ["county"]

[[task]]
item = "4"
title = "日常监管"
[[task.milestone]]
id = "mine-4"
title = "坚持监管"
what = "经常检查"
wording = ""
kind = "continuing"
level = ["county"]

[[task]]
item = "5"
title = "责任追究"
[[task.milestone]]
id = "mine-5"
title = "约谈"
what = "约谈并曝光"
wording = "逾期的约谈并曝光"
kind = "consequence"
after = "mine-1"

[[task]]
item = "6"
title = "联网"
[[task.milestone]]
id = "mine-6"
title = "接入平台"
what = "接入省平台"
wording = "按省统一部署"
due = 2026-10-31
level = ["county"]
units = ["west"]
waits_on = "省"

[[task]]
item = "7"
title = "机械化"
[[task.milestone]]
id = "mine-7"
title = "机械化改造"
what = "八成矿山完成改造"
wording = "80%以上"
opens = 2026-07-01
due = 2026-12-31
target = { at_least = 80, unit = "%", of = "矿山" }
level = ["county"]
"""

CHEM = """
[plan]
title = "甲市化工方案"
short = "化工"
from = 2026-01-01
until = 2026-12-31

[[task]]
item = "1"
title = "改造提升"
[[task.milestone]]
id = "chem-1"
title = "改造企业"
what = "全市改造100家"
wording = "年底前100家"
opens = 2026-07-01
due = 2026-12-31
target = { at_least = 100, unit = "家", pool = "programme" }
level = ["county"]

[[task]]
item = "2"
title = "调度"
[[task.milestone]]
id = "chem-2"
title = "季度调度"
what = "每季度调度一次"
wording = "每季度"
every = "quarter"
level = ["city"]

[[task]]
item = "3"
title = "评估"
[[task.milestone]]
id = "chem-3"
title = "安全评估"
what = "完成评估报告"
wording = "10月底前"
due = 2026-10-31
evidence = true
level = ["county"]
"""

QUOTAS = """
[[assignment]]
item = "chem-1"
by = "刘某"
at = 2026-08-10
reason = "分解"
quotas = { east = 60, west = 40 }
"""
"""``assignments.toml``: chem-1's number divided between two units."""


def head(unit: str = "east", month: str = "2026-10", more: str = "") -> str:
    """The first lines of a submission."""
    return (
        f'unit = "{unit}"\nmonth = "{month}"\nprepared_by = "王某"\nchecked_by = "李某"\napproved_by = "赵某"\n{more}\n'
    )


def receipt(file: str, text: str, received: str) -> str:
    """A receipt for a file with that text."""
    digest = sha256(text.encode()).hexdigest()
    return f'[[receipt]]\nfile = "{file}"\nsha256 = "{digest}"\nreceived = {received}\n'


def decision(kind: str, unit: str, at: str, more: str) -> str:
    """A ruling; ``more`` is its other keys."""
    return f'[[decision]]\nkind = "{kind}"\nunit = "{unit}"\nby = "刘某"\nat = {at}\nreason = "属实"\n{more}\n'


def build(root: Path, files: Mapping[str, str | bytes] | None = None, plans: Mapping[str, str] | None = None) -> Path:
    """Write a workspace; ``files`` are by their path under ``status/city/``, ``plans`` replace those above."""
    texts: dict[str, str | bytes] = {
        "plans/city/programme.toml": PROGRAMME,
        "plans/city/mine.toml": MINE,
        "plans/city/chem.toml": CHEM,
        **{f"plans/city/{name}": text for name, text in (plans or {}).items()},
        **{f"status/city/{name}": text for name, text in (files or {}).items()},
    }
    (root / "status" / "city").mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def see(
    root: Path,
    files: Mapping[str, str | bytes] | None = None,
    as_of: date = OCTOBER_END,
    known_by: datetime = LATER,
    plans: Mapping[str, str] | None = None,
) -> Snapshot:
    """The snapshot of a workspace with these files."""
    snapshot, _problems = take(Workspace(build(root, files, plans)), "city", as_of, known_by)
    assert snapshot is not None
    return snapshot


def at(snapshot: Snapshot, unit: str, item: str) -> Standing:
    """Where one item of a unit stands."""
    return snapshot.by_key[unit, item]


def changed(s: Standing, **fields: Any) -> Standing:
    """The same standing with other values: days as dates, or other words (``occurrence``, ``record``, ``progress``)."""
    words = {name: fields.pop(name) for name in ("occurrence", "record", "progress") if name in fields}
    plain: dict[str, Any] = {name: v.toordinal() if isinstance(v, date) else v for name, v in fields.items()}
    other = Standing(s.row._replace(**plain), s.words)
    for name, value in words.items():
        vars(other)[name] = value
    return other


def programme(root: Path, plans: Mapping[str, str] | None = None) -> Programme:
    """The programme, without a problem."""
    found, problems = load(build(root, plans=plans) / "plans", "city")
    assert problems == []
    assert found is not None
    return found


def checked(text: str | bytes, context: Context) -> tuple[Submission | None, list[Problem]]:
    """A submission's text, read and checked."""
    return read_submission(parse(text if isinstance(text, bytes) else text.encode(), "east.toml"), context)


def short(problems: list[Problem]) -> list[tuple[str, int]]:
    """Code and line of problems, in the order of the lines."""
    return sorted(((p.code, p.place.line) for p in problems), key=lambda found: (found[1], found[0]))
