"""Worlds of any size from a seed: a workspace of invented plans and submissions to measure with.

    python tests/benchmarks/generate.py FOLDER --world city|province|nation [--units 12] [--seed 1]

Same numbers, same bytes. Twelve units make a city with its own programme; a province and a nation are many
programmes in one workspace. Files come late, in second versions, in parts and, some, broken: ``build`` says which,
and ``tracker check`` finds these problems and no other. What is written is not kept, so memory stays flat.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
AS_OF = date(2026, 10, 31)
"""The day on which lateness is asked for."""

KNOWN_BY = datetime(2027, 6, 1, tzinfo=CHINA)
"""A moment by which everything is known, so that no answer depends on the day of the run."""

CITY = 12
"""Units of one programme."""

UNITS: Mapping[str, int] = {"city": CITY, "province": 150, "nation": 2850}

NOTES = ("现场核查后整改完毕", "材料已归档，待市级抽查", "按计划推进，资金已到位", "专家会诊提出三条意见，正在落实", "")
BYTES_A_FILE = 16_384
"""On disk, in whole blocks."""


@dataclass(frozen=True)
class Size:
    """How large a world is, and how its files come."""

    units: int = CITY
    months: int = 36
    milestones: int = 150
    plans: int = 3
    seed: int = 1
    second_versions: float = 0.03
    """Share of files that have a second version; half of these because the first was returned."""
    late: float = 0.1
    """Share of files received after the 3rd."""
    broken: float = 0.005
    """Share of files with a mistake."""
    in_parts: int = 6
    """Every so manyth unit's sections send parts, by plan."""

    @property
    def bytes(self) -> int:
        """On disk, about."""
        return round(self.units * self.months * (1 + self.second_versions) * BYTES_A_FILE)


@dataclass
class World:
    """What was written."""

    updates: int = 0
    files: int = 0
    bytes: int = 0
    broken: dict[str, str] = field(default_factory=dict)
    """Files with a mistake, as shown to people, and the code of the problem."""


def build(folder: Path, size: Size) -> World:
    """Write the world into ``folder``, which is made."""
    world = World()
    units = [f"u{n:04}" for n in range(size.units)]
    cities = [units[n : n + CITY] for n in range(0, len(units), CITY)]
    for n, own in enumerate(cities):
        programme = "world" if len(cities) == 1 else f"city{n:03}"
        _City(folder, programme, own, size, world, random.Random(f"{size.seed} {n}")).write()
    return world


def _months(size: Size) -> list[date]:
    return [date(FIRST.year + n // 12, n % 12 + 1, 1) for n in range(size.months)]


def _month_end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


# --- milestones ---


def rule(m: int) -> dict[str, object]:
    """A deadline: of fifteen milestones one is monthly, one quarterly, one yearly, the others fall due once."""
    match m % 15:
        case 0:
            return {"every": "month", "times": 1}
        case 1:
            return {"every": "quarter"}
        case 2:
            return {"every": "year", "by": "04-30"}
        case _:
            return {"due": FIRST + timedelta(days=90 + 31 * (m % 30))}


def _item_and_due(m: int, stem: str, month: date) -> tuple[str, date]:
    """What the month says of a milestone: its occurrence, and the last day of it."""
    name, every = f"{stem}-{m + 1}", rule(m)
    match every.get("every"):
        case "month":
            return f"{name}@{month:%Y-%m}", _month_end(month)
        case "quarter":
            quarter = (month.month + 2) // 3
            return f"{name}@{month.year}-Q{quarter}", _month_end(date(month.year, 3 * quarter, 1))
        case "year":
            return f"{name}@{month.year}", date(month.year, 4, 30)
    due = every["due"]
    assert isinstance(due, date)
    return name, due


def _is_once(m: int) -> bool:
    return "due" in rule(m)


# --- as TOML ---


def _value(value: object) -> str:
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False)
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return f"{{ {', '.join(f'{k} = {_value(v)}' for k, v in value.items())} }}"
        case date():
            return value.isoformat()
    return str(value)


def _keys(table: Mapping[str, object]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in table.items())


def _tables(name: str, tables: Sequence[Mapping[str, object]]) -> str:
    return "".join(f"\n[[{name}]]\n{_keys(table)}" for table in tables)


# --- a city ---


@dataclass(frozen=True)
class _City:
    """One programme, being written."""

    root: Path
    programme: str
    units: Sequence[str]
    size: Size
    world: World
    chance: random.Random

    @property
    def stems(self) -> list[str]:
        return [f"plan{n}" for n in range(self.size.plans)]

    def write(self) -> None:
        """The plans, then month by month what came and what was ruled."""
        plans = self.root / "plans" / self.programme
        plans.mkdir(parents=True)
        for n, stem in enumerate(self.stems):
            own = range(n, self.size.milestones, self.size.plans)
            (plans / f"{stem}.toml").write_text(_plan(stem, own), encoding="utf-8")
        (plans / "programme.toml").write_text(self._head(), encoding="utf-8")
        for month in _months(self.size):
            folder = self.root / "status" / self.programme / f"{month:%Y-%m}"
            folder.mkdir(parents=True)
            receipts: list[dict[str, object]] = []
            rulings: list[dict[str, object]] = []
            for n, unit in enumerate(self.units):
                _Filing(self, folder, month, unit, n, receipts, rulings).write()
            (folder / "receipts.toml").write_text(_tables("receipt", receipts), encoding="utf-8")
            if rulings:
                (folder / "decisions.toml").write_text(_tables("decision", rulings), encoding="utf-8")

    def _head(self) -> str:
        head = {
            "name": "某市行动",
            "short": "某市",
            "city": "某市",
            "issuer": "某办公室",
            "addressees": "各单位：",
            "report_to": "某办公室：",
            "from": FIRST,
            "until": LAST,
            "records_from": FIRST,
            "plans": self.stems,
        }
        units = [{"id": unit, "name": f"第{int(unit[1:])}县", "level": "county"} for unit in self.units]
        reports = [{"every": "month", "ask_by": 2, "late_after": 2, "source": "虚构"}]
        return f"[programme]\n{_keys(head)}{_tables('unit', units)}{_tables('report', reports)}"


def _plan(stem: str, own: Sequence[int]) -> str:
    head = {"title": f"方案{stem}", "short": stem, "from": FIRST, "until": LAST}
    tasks = []
    for m in own:
        milestone = {
            "id": f"{stem}-{m + 1}",
            "title": f"第{m + 1}号节点",
            "what": "一件要办的事。",
            "wording": "按期",
            **rule(m),
            "owner": "企业",
            "level": ["enterprise"],
        }
        tasks.append(f"\n[[task]]\n{_keys({'item': str(m + 1), 'title': f'任务{m + 1}'})}[[task.milestone]]\n")
        tasks.append(_keys(milestone))
    return f"[plan]\n{_keys(head)}{''.join(tasks)}"


@dataclass
class _Filing:
    """One unit's files of one month, being written."""

    city: _City
    folder: Path
    month: date
    unit: str
    n: int
    receipts: list[dict[str, object]]
    rulings: list[dict[str, object]]
    version: int = 0

    def write(self) -> None:
        """The files, their receipts and the rulings on them."""
        size, chance = self.city.size, self.city.chance
        stems = self.city.stems
        if self.n % size.in_parts == size.in_parts - 1:
            for part in (stems[:1], stems[1:]):
                self._file(self._entries(part), {"part": part})
            return
        entries = self._entries(stems)
        if chance.random() < size.broken:
            self._broken(entries)
            return
        first = self._file(entries)
        if chance.random() < size.second_versions:
            if chance.random() < 1 / 2:
                self._rule("return", file=first, reason="数字与台账对不上，请核对后重报")
            entries = self._entries(stems)
            self._file(entries)
        self._rule_on(entries)

    def _entries(self, stems: Sequence[str]) -> list[dict[str, object]]:
        chance, plans = self.city.chance, self.city.size.plans
        last = _month_end(self.month)
        entries = []
        for m in range(self.city.size.milestones):
            stem = self.city.stems[m % plans]
            if stem not in stems or (_is_once(m) and chance.random() > 1 / 4):
                continue
            item, due = _item_and_due(m, stem, self.month)
            entry: dict[str, object] = {"item": item, "note": f"{chance.choice(NOTES)}（{m}）"}
            if chance.random() < 4 / 5:
                entry |= {"state": "已完成", "done_on": self.month.replace(day=chance.randint(1, 28))}
                entry["evidence"] = [f"台账{m}.pdf"]
            else:
                entry["state"] = "推进中"
                if due < last:
                    entry |= {"cause": "资金拨付晚于计划", "measure": "倒排工期逐日调度"}
                    entry["promised_on"] = last + timedelta(days=chance.randint(5, 60))
                elif _is_once(m) and due < last + timedelta(days=31) and chance.random() < 2 / 3:
                    wish = {"until": due + timedelta(days=60), "reason": "招标流标一次", "progress": "已重新挂网"}
                    entry["request_extension"] = wish
            entries.append(entry)
        return entries

    def _rule_on(self, entries: Sequence[Mapping[str, object]]) -> None:
        """Some of what was asked for is granted, some of what was claimed is verified."""
        for entry in entries:
            item, wish = entry["item"], entry.get("request_extension")
            if isinstance(wish, dict) and self.city.chance.random() < 4 / 5:
                self._rule("extend", item=item, until=wish["until"], reason="情况属实")
            elif entry["state"] == "已完成" and self.city.chance.random() < 1 / 50:
                self._rule("verify", item=item, reason="现场核查属实")

    def _rule(self, kind: str, **more: object) -> None:
        at = datetime.combine(_month_end(self.month), datetime.min.time(), CHINA)
        at += timedelta(days=7, minutes=len(self.rulings))
        self.rulings.append({"kind": kind, "unit": self.unit, "by": "刘某", "at": at, **more})

    def _broken(self, entries: list[dict[str, object]]) -> None:
        """One file with one mistake, of the three commonest."""
        last = _month_end(self.month)
        done = {"item": entries[-1]["item"], "state": "已完成", "done_on": self.month}
        mistakes: Mapping[str, dict[str, object]] = {
            "E07": {**done, "item": "no-such-item"},
            "E10": {**done, "done_on": last + timedelta(days=1)},
            "E13": {key: value for key, value in done.items() if key != "done_on"},
        }
        code = self.city.chance.choice(sorted(mistakes))
        name = self._file([*entries[:-1], mistakes[code]])
        self.city.world.broken[f"status/{self.city.programme}/{self.folder.name}/{name}"] = code

    def _file(self, entries: Sequence[Mapping[str, object]], more: Mapping[str, object] | None = None) -> str:
        """Write the next file; its name."""
        chance, world = self.city.chance, self.city.world
        self.version += 1
        name = f"{self.unit}.toml" if self.version == 1 else f"{self.unit}.{self.version}.toml"
        head = {"unit": self.unit, "month": f"{self.month:%Y-%m}"}
        people = {"prepared_by": "王某", "checked_by": "李某", "approved_by": "赵某"}
        text = _keys({**head, **people, "rest": "unchanged", **(more or {})}) + _tables("update", entries)
        content = text.encode()
        (self.folder / name).write_bytes(content)
        world.updates += len(entries)
        world.files += 1
        world.bytes += len(content)
        day = 5 if chance.random() < self.city.size.late else 2
        received = datetime.combine(_month_end(self.month), datetime.min.time(), CHINA)
        received += timedelta(days=day, hours=8 + self.version, minutes=self.n % 60)
        digest = sha256(content).hexdigest()
        self.receipts.append({"file": name, "sha256": digest, "received": received, "updates": len(entries)})
        return name


def sizes(name: str) -> Size:
    """The city, the province or the nation."""
    return replace(Size(), units=UNITS[name])


def options(parser: argparse.ArgumentParser) -> None:
    """How large a world is, as options."""
    parser.add_argument("--world", choices=[*UNITS], default="city")
    for name in ("units", "months", "milestones", "seed"):
        parser.add_argument(f"--{name}", type=int)


def size_of(args: argparse.Namespace) -> Size:
    """The size asked for."""
    given = {name: getattr(args, name) for name in ("units", "months", "milestones", "seed")}
    return replace(sizes(args.world), **{name: value for name, value in given.items() if value is not None})


def lines(world: World) -> Iterator[str]:
    """What was written, in words."""
    yield f"{world.files} files, {world.bytes / 1e6:.1f} MB, {world.updates} updates, {len(world.broken)} broken files"
    yield from (f"{code} {file}" for file, code in world.broken.items())


def main() -> None:
    """Build one world from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    options(parser)
    args = parser.parse_args()
    for line in lines(build(args.folder, size_of(args))):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
