"""Worlds of any size from a seed: a workspace of invented plans and submissions to measure with.

    python tests/benchmarks/generate.py FOLDER --units 12 --months 36 --milestones 150 --seed 1

Same numbers, same bytes. Every file passes ``tracker check``.
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import tomli_w

FIRST = date(2024, 1, 1)
NOTES = ("现场核查后整改完毕", "材料已归档，待市级抽查", "按计划推进，资金已到位", "专家会诊提出三条意见，正在落实", "")


@dataclass(frozen=True)
class Size:
    """How large a world is."""

    units: int = 12
    months: int = 36
    milestones: int = 150
    plans: int = 3
    seed: int = 1
    second_versions: float = 0.05
    """Share of files that have a second version."""
    late: float = 0.1
    """Share of files received after the 3rd."""


def build(folder: Path, size: Size) -> None:
    """Write the world into ``folder``, which is made."""
    chance = random.Random(size.seed)
    plans = folder / "plans" / "world"
    plans.mkdir(parents=True)
    stems = [f"plan{n}" for n in range(size.plans)]
    for n, stem in enumerate(stems):
        own = [m for m in range(size.milestones) if m % size.plans == n]
        (plans / f"{stem}.toml").write_text(tomli_w.dumps(_plan(stem, own)), encoding="utf-8")
    (plans / "programme.toml").write_text(tomli_w.dumps(_programme(size, stems)), encoding="utf-8")
    for n in range(size.months):
        month = _month(n)
        where = folder / "status" / "world" / f"{month:%Y-%m}"
        where.mkdir(parents=True)
        receipts = list(_submissions(where, month, size, chance))
        (where / "receipts.toml").write_text(tomli_w.dumps({"receipt": receipts}), encoding="utf-8")


def _month(n: int) -> date:
    return date(FIRST.year + n // 12, n % 12 + 1, 1)


def _programme(size: Size, stems: list[str]) -> dict[str, object]:
    return {
        "programme": {
            "name": "某省行动",
            "short": "某省",
            "city": "某省",
            "issuer": "某办公室",
            "addressees": "各单位：",
            "report_to": "某办公室：",
            "from": FIRST,
            "until": date(2026, 12, 31),
            "records_from": FIRST,
            "plans": stems,
        },
        "unit": [{"id": f"u{n:04}", "name": f"第{n}县", "level": "county"} for n in range(size.units)],
        "report": [{"every": "month", "ask_by": 2, "late_after": 2, "source": "虚构"}],
    }


def _rule(m: int) -> dict[str, object]:
    """A deadline: of ten milestones one monthly, one quarterly, one yearly, the others one-offs."""
    match m % 10:
        case 0:
            return {"every": "month", "times": 1}
        case 1:
            return {"every": "quarter"}
        case 2:
            return {"every": "year", "by": "04-30"}
        case _:
            return {"due": FIRST + timedelta(days=90 + 31 * (m % 30))}


def _plan(stem: str, own: list[int]) -> dict[str, object]:
    tasks = [
        {
            "item": str(m + 1),
            "title": f"任务{m + 1}",
            "milestone": [
                {
                    "id": f"{stem}-{m + 1}",
                    "title": f"第{m + 1}号节点",
                    "what": "一件要办的事。",
                    "wording": "按期",
                    **_rule(m),
                    "owner": "企业",
                    "level": ["enterprise"],
                }
            ],
        }
        for m in own
    ]
    head = {"title": f"方案{stem}", "short": stem, "from": FIRST, "until": date(2026, 12, 31)}
    return {"plan": head, "task": tasks}


def _submissions(where: Path, month: date, size: Size, chance: random.Random) -> Iterator[dict[str, object]]:
    for n in range(size.units):
        unit = f"u{n:04}"
        versions = 2 if chance.random() < size.second_versions else 1
        for version in range(1, versions + 1):
            name = f"{unit}.toml" if version == 1 else f"{unit}.{version}.toml"
            content = tomli_w.dumps(_submission(unit, month, size, chance)).encode()
            (where / name).write_bytes(content)
            day = 5 if chance.random() < size.late else 2
            after = month.replace(day=28) + timedelta(days=10)
            received = f"{after.replace(day=day).isoformat()}T09:{n % 60:02}:00+08:00"
            yield {"file": name, "sha256": sha256(content).hexdigest(), "received": _moment(received, version)}


def _moment(words: str, version: int) -> object:
    from datetime import datetime

    return datetime.fromisoformat(words) + timedelta(hours=version)


def _submission(unit: str, month: date, size: Size, chance: random.Random) -> dict[str, object]:
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    updates = []
    for m in range(size.milestones):
        item = f"plan{m % size.plans}-{m + 1}"
        rule = _rule(m)
        match rule.get("every"):
            case "month":
                item += f"@{month:%Y-%m}"
            case "quarter":
                item += f"@{month.year}-Q{(month.month + 2) // 3}"
            case "year":
                item += f"@{month.year}"
            case _:
                if chance.random() > 0.4:
                    continue
        due = date(month.year, 4, 30) if rule.get("by") else rule.get("due", last)
        entry: dict[str, object] = {"item": item, "note": chance.choice(NOTES) + f"（{m}）"}
        if chance.random() < 0.8:
            entry |= {"state": "已完成", "done_on": month.replace(day=chance.randint(1, 28))}
            entry["evidence"] = [f"台账{m}.pdf"]
        elif isinstance(due, date) and due < last:
            entry |= {"state": "推进中", "cause": "资金拨付晚于计划", "measure": "倒排工期逐日调度"}
            entry["promised_on"] = last + timedelta(days=chance.randint(5, 60))
        else:
            entry |= {"state": "推进中"}
        updates.append(entry)
    people = {"prepared_by": "王某", "checked_by": "李某", "approved_by": "赵某"}
    return {"unit": unit, "month": f"{month:%Y-%m}", **people, "rest": "unchanged", "update": updates}


def main() -> None:
    """Build one world from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name in ("units", "months", "milestones", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Size, name))
    args = parser.parse_args()
    build(args.folder, Size(units=args.units, months=args.months, milestones=args.milestones, seed=args.seed))


if __name__ == "__main__":
    main()
