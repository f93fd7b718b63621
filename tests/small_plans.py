"""A small programme for tests, given as text, and what is said of it."""

from pathlib import Path

from tracker.plan_files import load
from tracker.plans import Programme
from tracker.problems import Problem

PROGRAMME = """\
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
plans = ["a"]

[[unit]]
id = "east"
name = "东山县"
level = "county"

[[unit]]
id = "west"
name = "西湖高新区"
short = "高新区"
level = "zone"

[[report]]
every = "month"
ask_by = 2
late_after = 2
source = "每月3日前"
"""

HEAD = """\
[plan]
title = "甲方案"
short = "甲"
from = 2026-01-01
until = 2026-12-31

[[event]]
id = "trial"
name = "试生产"

[[section]]
id = "1"
title = "任务"

[[task]]
item = "1"
section = "1"
title = "任务一"

"""
"""Nineteen lines; a milestone begins on line 20."""

MILESTONE = 'title = "节点"\nwhat = "做"\nwording = "年底前"\n'


def one(keys: str, id_: str = "a-1") -> str:
    """A plan of one milestone: its id on line 21, its own keys from line 25 on."""
    return f'{HEAD}[[task.milestone]]\nid = "{id_}"\n{MILESTONE}{keys}\n'


GOOD = one("due = 2026-12-31")


def load_text(root: Path, programme: str = PROGRAMME, **plans: str) -> tuple[Programme | None, list[Problem]]:
    """A programme of files given as text."""
    folder = root / "plans" / "city"
    folder.mkdir(parents=True, exist_ok=True)
    for stem, text in {"programme": programme, "a": GOOD, **plans}.items():
        (folder / f"{stem}.toml").write_text(text, encoding="utf-8")
    return load(root / "plans", "city")


def said(problems: list[Problem]) -> list[str]:
    """``file:line code message hint`` of each problem."""
    short = [(p.place.file.removeprefix("plans/city/").removesuffix(".toml"), p) for p in problems]
    return [f"{file}:{p.place.line} {p.code} {p.message} {p.hint}".strip() for file, p in short]
