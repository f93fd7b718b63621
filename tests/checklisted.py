"""A tiny checklist with every kind of rule, one enterprise or two, and sheets given as text."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from tiny import MINE, PROGRAMME, build, receipt

from tracker.checklists import Checklist
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.sheet_files import read_sheet
from tracker.sheets import Sheet
from tracker.source import parse

CHECKLIST = """
[checklist]
title = "甲市双重预防清单"
short = "清单"
source = "附件"
plan = "mine"
every = "quarter"
full = 30
pass_mark = 20

[[indicator]]
id = "1"
title = "基础"
points = 20

  [[indicator.content]]
  id = "1.1"
  title = "职责"
  points = 12
  requirement = [{ id = "1.1-1", what = "逐岗写职责" }]
  look = ["职责清单"]
  sampling = [
    { id = "1.1.S1", what = "抽查岗位", share = 20, at_least = 10, unit = "个岗位" },
    { id = "1.1.S2", what = "询问人员", at_least = 5, unit = "人" },
  ]
  deduction = [
    { id = "1.1.1", what = "缺清单", points = 2, per = "份" },
    { id = "1.1.2", what = "没有审批", points = 3 },
    { id = "1.1.3", what = "不掌握", points = 0.1, per = "人" },
  ]
  veto = [
    { id = "1.1.B", level = "B", points = 8, conditions = ["没有清单"] },
    { id = "1.1.A", level = "A", points = 15, conditions = ["没有责任制", "没有机构"] },
  ]

  [[indicator.content]]
  id = "1.2"
  title = "培训"
  points = 8
  deduction = [{ id = "1.2.1", what = "缺一项", points = 1, per = "项" }]

[[indicator]]
id = "2"
title = "效果"
points = 10

  [[indicator.content]]
  id = "2.1"
  title = "事故"
  points = 10
  deduction = [{ id = "2.1.1", what = "轻伤", points = 4, per = "起" }]
  veto = [{ id = "2.1.A", level = "A", fatal = true, points = 10, conditions = ["死亡事故"] }]

[[reading]]
id = "两条都有"
at = ["1.1.A"]
reading = "一个标题下两个条件，读作有一条就否决。"
otherwise = { counts = "all" }

[[reading]]
id = "各扣一次"
at = ["1.1.A"]
reading = "读作只扣一次。"
otherwise = { counts = "each" }

[[reading]]
id = "只扣本项"
at = ["1.1.A"]
reading = "15 分多于本项，读作从指标里扣。"
otherwise = { takes_from = "content" }

[[reading]]
id = "带※"
at = ["1.1.B"]
reading = "读作不带※。"
otherwise = { fatal = true }

[[reading]]
id = "按2分"
at = ["1.1.B"]
reading = "没有写分数，读作 8 分。"
otherwise = { points = 2 }

[[reading]]
id = "事故不带※"
at = ["2.1.A"]
reading = "读作带※。"
otherwise = { fatal = false }

[[reading]]
id = "怎样数"
at = ["1.1.3"]
reading = "按人数。"
"""

ENTERPRISES = """
[[enterprise]]
id = "north"
name = "示例北矿有限公司"
short = "北矿"
unit = "east"
checklist = "check"

[[enterprise]]
id = "south"
name = "示例南矿有限公司"
unit = "east"
checklist = "check"
"""

DUTY = """
[[task]]
item = "8"
title = "考核"
[[task.milestone]]
id = "mine-8"
title = "季度考核"
what = "每季度考核企业一次"
wording = "每季度考核一次"
every = "quarter"
level = ["county"]
units = ["east"]
target = { all = true, of = "企业" }
closed_by = "check"
"""

PLANS = {
    "programme.toml": PROGRAMME.replace('plans = ["mine", "chem"]', 'plans = ["mine", "chem"]\nchecklists = ["check"]'),
    "mine.toml": MINE + DUTY,
    "check.toml": CHECKLIST,
    "enterprises.toml": ENTERPRISES,
}

OWN = '[own]\non = 2026-09-10\nby = ["孙某"]\n'
DEPARTMENT = '[department]\non = 2026-09-20\nby = ["王某", "李某"]\n'
ENOUGH = """
[[sampled]]
id = "1.1.S1"
total = 40
own = 10
department = 10
[[sampled]]
id = "1.1.S2"
department = 5
"""


def found(name: str, department: int = 1, more: str = "") -> str:
    """A finding of the department."""
    return f'[[finding]]\nid = "{name}"\ndepartment = {department}\ndepartment_seen = "看到了"\n{more}\n'


def sheet_text(
    enterprise: str = "north", period: str = "2026-Q3", body: str = "", sides: str = OWN + DEPARTMENT + ENOUGH
) -> str:
    """A sheet's text; without a body nothing was found."""
    return f'enterprise = "{enterprise}"\nperiod = "{period}"\n{sides}\n{body}'


def programme_with(root: Path, plans: Mapping[str, str] | None = None) -> tuple[Programme, list[Problem]]:
    """The tiny programme with the checklist, and the problems of its files."""
    programme, problems = load(build(root, plans={**PLANS, **(plans or {})}) / "plans", "city")
    assert programme is not None
    return programme, problems


def checklist(root: Path) -> Checklist:
    """The tiny checklist."""
    programme, problems = programme_with(root)
    assert problems == []
    return programme.checklists[0]


def read_text(programme: Programme, text: str) -> tuple[Sheet | None, list[Problem]]:
    """A sheet's text, read and checked."""
    return read_sheet(parse(text.encode(), "north.toml"), programme)


def ruled(kind: str, file: str, text: str, finding: str, more: str = "", **said: str) -> str:
    """A ruling on a finding of the sheet with that text: an objection of the 21st, or an answer of the 24th."""
    at = said.get("at", "2026-09-21T09:00:00+08:00" if kind == "object" else "2026-09-24T09:00:00+08:00")
    by, reason = ("孙某", "有机构") if kind == "object" else ("王某", "没有文件，维持")
    return (
        f'[[decision]]\nkind = "{kind}"\nunit = "east"\nby = "{said.get("by", by)}"\nat = {at}\n'
        f'reason = "{said.get("reason", reason)}"\nfile = "{file}"\nsha256 = "{sha256(text.encode()).hexdigest()}"\n'
        f'finding = "{finding}"\n{more}\n'
    )


Q3 = "checklist/2026-Q3"
ITEM = ("east", "mine-8@2026-Q3")
IN_TIME = "2026-09-25T09:00:00+08:00"


def files(**texts: str) -> dict[str, str | bytes]:
    """Sheets of the third quarter with their receipts, by the name of their file."""
    named = {name.replace("_2", ".2"): text for name, text in texts.items()}
    receipts = "\n".join(receipt(f"{name}.toml", text, IN_TIME) for name, text in named.items())
    return {f"{Q3}/receipts.toml": receipts, **{f"{Q3}/{name}.toml": text for name, text in named.items()}}


BAD = sheet_text("south", body=found("1.1.A1") + found("1.1.1", 2))
REFUSED = ruled("object", "south.toml", BAD, "1.1.A1") + ruled("answer", "south.toml", BAD, "1.1.A1", "granted = false")
BEFORE = sheet_text("south", "2026-Q2", found("1.2.1", 2)).replace("2026-09", "2026-06")
SHEETS = {
    **files(north=sheet_text(), south=BAD),
    "checklist/2026-Q3/decisions.toml": REFUSED,
    "checklist/2026-Q2/south.toml": BEFORE,
    "checklist/2026-Q2/receipts.toml": receipt("south.toml", BEFORE, "2026-06-29T09:00:00+08:00"),
}
"""The third quarter, a veto contested in vain, and south's sheet of the quarter before."""
