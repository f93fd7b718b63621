"""Every budget of the design, measured in one run beside what users would use instead.

    tests/benchmarks/run [--only warm,first-read,…] [--quick] [--runs 5] [--write]

Whole processes in turn, so that a slow minute of the machine hits every row alike. A bound is on the ratio to another
row of the same run, in processor time, which other work on the machine disturbs less than the clock. Every row finds
its files in the cache. ``--write`` puts the tables into RESULTS.md.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from generate import AS_OF, CHINA, KNOWN_BY, UNITS, Size
from measuring import ROOT, Cost, Median, Way, cost, exponent, in_turn, median, size
from results import MB, RESULTS, Bound, Group, Line, at_most, document, machine, markdown

HERE = Path(__file__).parent
BARE, MODELS, CAT = "只启动 Python", "导入 pydantic、造好各模型", "只读各文件的字节"
COLD, WARM, MONTH = "`tracker overdue` 第一次读", "`tracker overdue` 索引热", "来了一个月的文件"
PEERS: Mapping[str, tuple[str, str]] = {
    "task": ("taskwarrior `overdue`", "apt-get install taskwarrior"),
    "hledger": ("hledger `bal`", "apt-get install hledger"),
    "tj3": ("TaskJuggler", "apt-get install tj3"),
    "openpyxl": ("openpyxl 读各单位的工作簿", "pip install openpyxl"),
    "duckdb": ("DuckDB 读 Parquet 的矩阵", "pip install -r tests/benchmarks/requirements.txt"),
}
"""What each is called in the tables, and how to get it."""

IMPORT_MODELS = """
import tracker.shelf, tracker.commands.look
from pydantic import TypeAdapter
from tracker.decision_files import ReceiptsFile
from tracker.plans import PlanFile, ProgrammeFile
from tracker.submissions import Head, Update
for kind in (Head, list[Update], ReceiptsFile, PlanFile, ProgrammeFile):
    TypeAdapter(kind)
"""
READ_BYTES = "import sys, pathlib\nfor p in pathlib.Path(sys.argv[1]).rglob('*.toml'): p.read_bytes()"

RATE = 35_000
"""Updates a second that a first read is to do."""

FLAT = 1.5
"""Memory that does not grow: a province's peak beside a city's."""

FOURTEEN_PAGES = 25
"""Milestones of a city whose month's report has fourteen pages."""


@dataclass
class Bench:
    """The worlds of this run, each built once, and how often things are run."""

    folder: Path
    runs: int
    is_quick: bool = False
    worlds: dict[Size, Path] = field(default_factory=dict)

    def of(self, units: int, **more: int) -> Size:
        """A size; a small one where only the working of it all is to be shown."""
        full = replace(Size(), units=units, **more)
        return replace(full, units=min(2 + units // 1000, units), months=4, milestones=30) if self.is_quick else full

    def world(self, wanted: Size) -> Path:
        """The world of a size, built in another process, with the bytecode compiled."""
        if wanted not in self.worlds:
            folder = self.folder / f"world{len(self.worlds)}"
            sized = [f"--{name}={getattr(wanted, name)}" for name in ("units", "months", "milestones", "seed")]
            subprocess.run(
                [sys.executable, str(HERE / "generate.py"), str(folder), *sized], check=True, capture_output=True
            )
            self.worlds[wanted] = folder
        return self.worlds[wanted]

    def peer(self, program: str, world: Path, items: int | None = None) -> list[Way]:
        """A program given the items of a world; nothing where it is not installed."""
        folder = self.folder / f"{program}{len(list(self.folder.iterdir()))}"
        asked = [sys.executable, str(HERE / "peers.py"), program, str(world), str(folder)]
        if items is not None:
            asked += ["--items", str(200 if self.is_quick else items)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
        found = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
        command = json.loads(found.stdout)
        return [Way(PEERS[program][0], command)] if command is not None else []


def python(name: str, code: str, *arguments: str) -> Way:
    """A few lines of Python."""
    return Way(name, [sys.executable, "-c", code, *arguments])


def tracker(world: Path, command: str, *more: str) -> list[str]:
    """A command asked of a world, on its day."""
    clocks = ["--as-of", str(AS_OF), "--known-by", KNOWN_BY.isoformat()]
    return [sys.executable, "-m", "tracker", command, "-C", str(world), *clocks, *more]


def first_read(world: Path) -> Way:
    """Nothing is known yet."""
    return Way(COLD, tracker(world, "overdue"), lambda: shutil.rmtree(world / ".tracker", ignore_errors=True))


def warm(world: Path) -> Way:
    """Everything has been read."""
    return Way(WARM, tracker(world, "overdue"), lambda: cost(tracker(world, "overdue")))


def month_arrives(world: Path, spare: Path) -> Way:
    """The last month is new to the index."""

    def away_and_back() -> None:
        spare.mkdir()
        lasts = [max(folder.iterdir()) for folder in sorted((world / "status").iterdir())]
        for n, last in enumerate(lasts):
            shutil.move(last, spare / str(n))
        cost(tracker(world, "overdue"))
        for n, last in enumerate(lasts):
            shutil.move(spare / str(n), last)
        spare.rmdir()

    return Way(MONTH, tracker(world, "overdue"), away_and_back)


def said_of(world: Path, peers: Mapping[str, Sequence[Way]]) -> tuple[str, ...]:
    """How large a world is, and which of the peers are not there."""
    files = [p for p in world.rglob("*.toml") if "status" in p.parts]
    units = sum(path.read_bytes().count(b"[[unit]]") for path in world.glob("plans/*/programme.toml"))
    megabytes = sum(p.stat().st_size for p in files) / MB
    words = f"{units} 个单位，{len(files)} 份文件，{megabytes:.1f} MB，{updates(world)} 条填报。"
    absent = [f"{PEERS[p][0]}：没有安装，没有比（{PEERS[p][1]}）。" for p, found in peers.items() if not found]
    return (words, *absent)


def updates(world: Path) -> int:
    """Entries of all the submissions."""
    return sum(path.read_bytes().count(b"[[update]]") for path in (world / "status").rglob("u*.toml"))


def told(
    ways: Sequence[Way], found: Mapping[str, Median], bounds: Mapping[str, Mapping[str, float]]
) -> tuple[Line, ...]:
    """A line a way; its bounds are on the ratio to others, as far as they were measured."""
    return tuple(
        Line(
            way.name,
            found[way.name],
            bounds=tuple(
                at_most(found[way.name].processor / found[other].processor, most, other)
                for other, most in bounds.get(way.name, {}).items()
                if other in found
            ),
        )
        for way in ways
    )


def with_disk(lines: Sequence[Line], name: str, disk: int, *bounds: Bound) -> tuple[Line, ...]:
    """The lines, one of them with what it takes on disk and further bounds."""
    return tuple(replace(one, disk=disk, bounds=(*one.bounds, *bounds)) if one.name == name else one for one in lines)


def group(
    bench: Bench,
    title: str,
    world: Path,
    ways: Sequence[Way],
    bounds: Mapping[str, Mapping[str, float]],
    peers: Mapping[str, Sequence[Way]] = MappingProxyType({}),
    index_of: str = WARM,
) -> Group:
    """What is measured of one world."""
    several = [*ways[:-1], *(way for found in peers.values() for way in found), ways[-1]]
    lines = told(several, in_turn(several, bench.runs), bounds)
    return Group(title, with_disk(lines, index_of, size(world / ".tracker")), said_of(world, peers))


# --- the rows of the design ---


def of_a_city(bench: Bench) -> Group:
    """Looking again at a city."""
    world = bench.world(bench.of(UNITS["city"]))
    peers = {"task": bench.peer("task", world, 5000)}
    bounds = {WARM: {BARE: 8, PEERS["task"][0]: 1}}
    return group(bench, "城市，看第二眼；taskwarrior 5000 项", world, [python(BARE, ""), warm(world)], bounds, peers)


def of_fifty_thousand(bench: Bench) -> Group:
    """Looking again at fifty thousand items."""
    world = bench.world(bench.of(84))
    peers = {program: bench.peer(program, world, 50_000) for program in ("task", "hledger")}
    bounds = {WARM: {PEERS["task"][0]: 1 / 4, PEERS["hledger"][0]: 1 / 8}}
    return group(bench, "5 万项，看第二眼", world, [python(BARE, ""), warm(world)], bounds, peers)


def of_a_province(bench: Bench) -> Group:
    """Looking again at a province."""
    world = bench.world(bench.of(UNITS["province"]))
    ways = [python(BARE, ""), python(CAT, READ_BYTES, str(world)), warm(world)]
    return group(bench, "省，看第二眼", world, ways, {WARM: {BARE: 30, CAT: 4}})


def of_taskjuggler(bench: Bench) -> Group:
    """The scheduler, at five thousand items."""
    world = bench.world(bench.of(UNITS["city"]))
    peers = {"tj3": bench.peer("tj3", world, 5000)}
    return group(replace(bench, runs=1), "TaskJuggler，5000 项，只跑一次", world, [warm(world)], {}, peers)


def reading_a_city(bench: Bench) -> Group:
    """The first look at a city."""
    world = bench.world(bench.of(UNITS["city"]))
    peers = {"openpyxl": bench.peer("openpyxl", world)}
    bounds = {COLD: {PEERS["openpyxl"][0]: 0.6}}
    return group(bench, "城市，第一次读", world, [python(BARE, ""), first_read(world)], bounds, peers, COLD)


def reading_a_province(bench: Bench) -> Group:
    """The first look at a province, and a city's memory beside it."""
    city, world = (bench.world(bench.of(UNITS[name])) for name in ("city", "province"))
    of_city = replace(first_read(city), name="城市第一次读")
    ways = [of_city, first_read(world)]
    found = in_turn(ways, min(bench.runs, 3))
    rate, growth = updates(world) / found[COLD].processor, found[COLD].memory / found[of_city.name].memory
    bounds = (
        Bound(f"≥ {RATE} 条/秒", f"{rate:.0f}", rate >= RATE),
        Bound(f"内存 ≤ {FLAT} × 城市", f"{growth:.2f}", growth <= FLAT),
    )
    return Group(
        "省，第一次读", with_disk(told(ways, found, {}), COLD, size(world / ".tracker"), *bounds), said_of(world, {})
    )


def reading_a_month(bench: Bench) -> Group:
    """Twelve new files."""
    world = bench.world(bench.of(UNITS["city"]))
    ways = [python(MODELS, IMPORT_MODELS), month_arrives(world, bench.folder / "away")]
    return group(bench, "来了一个月的文件（12 份）", world, ways, {MONTH: {MODELS: 1.5}}, index_of=MONTH)


def of_the_nation(bench: Bench) -> Group:
    """First read and matrix of a nation, once each: six million updates."""
    wanted = bench.of(UNITS["nation"])
    title = "全国：第一次读，矩阵"
    free = shutil.disk_usage(bench.folder).free
    if free < 4 * wanted.bytes:
        return Group(title, (), (f"没有测：要 {4 * wanted.bytes / MB:.0f} MB 磁盘，只剩 {free / MB:.0f} MB。",))
    world = bench.world(wanted)
    cold = in_turn([first_read(world)], 1)
    seconds = Bound("≤ 200 秒", f"{cold[COLD].clock:.0f}", cold[COLD].clock <= 200)
    lines = with_disk(
        told([first_read(world)], cold, {}), COLD, size(world / ".tracker"), seconds, _memory(cold[COLD], 200)
    )
    matrix = Way("`tracker matrix` 索引热", tracker(world, "matrix"))
    cost(matrix.command)  # the lights of a day are worked out when they are first asked for
    peer = bench.peer("duckdb", world)
    ways = [*peer, matrix]
    found = in_turn(ways, min(bench.runs, 3))
    bounds = {matrix.name: {PEERS["duckdb"][0]: 4.0}}
    of_matrix = with_disk(
        told(ways, found, bounds), matrix.name, size(world / ".tracker"), _memory(found[matrix.name], 300)
    )
    return Group(title, (*lines, *of_matrix), said_of(world, {"duckdb": peer}))


def _memory(found: Median, most: int) -> Bound:
    return Bound(f"≤ {most} MB", f"{found.memory / MB:.0f} MB", found.memory <= most * MB)


def of_the_screen(bench: Bench) -> Group:
    """From starting to the first screen with data."""
    import first_screen

    lines: list[Line] = []
    for name, most in (("city", 2.0), ("province", 3.0)):
        world = bench.world(bench.of(UNITS[name]))
        found = first_screen.measure(world, bench.runs, ["--as-of", str(AS_OF)])
        cost_of = {key: median([Cost(*one) for one in several]) for key, several in found.items()}
        ratio = cost_of[first_screen.OURS].processor / cost_of[first_screen.EMPTY].processor
        bound = at_most(ratio, most, "空的 Textual 程序")
        title = "城市" if name == "city" else "省"
        lines += [
            Line(f"空的 Textual 程序（{title}那一轮）", cost_of[first_screen.EMPTY]),
            Line(f"`tracker` 第一屏，{title}，连数据", cost_of[first_screen.OURS], bounds=(bound,)),
        ]
    return Group("界面的第一屏", tuple(lines))


def of_the_keys(bench: Bench) -> Group:
    """From a key to the repaint; processor times are of no use here."""
    rows, keys = (300, 5) if bench.is_quick else (88_650, 100)
    lines = []
    for name, half, high in _numbers(["repaint.py", "--rows", str(rows), "--keys", str(keys)], 1):
        words = {"move": "移动", "page": "翻页", "filter": "筛选"}[name]
        bound = Bound("p95 ≤ 50 ms", f"{high:.0f} ms（中位数 {half:.0f}）", high <= 50)
        lines.append(Line(f"{words}，{rows} 行", bounds=(bound,)))
    return Group("从按键到画完", tuple(lines))


def of_the_papers(bench: Bench) -> Group:
    """The month's report in Word, the first time and again, and an annex in Excel."""
    world = bench.world(bench.of(UNITS["city"], milestones=FOURTEEN_PAGES))
    paper = bench.folder / "paper.docx"
    asked = tracker(world, "report", f"{AS_OF:%Y-%m}", "--output", str(paper))
    first, again = (
        Way(f"`tracker report`，Word，14 页，{when}", asked, lambda: paper.unlink(missing_ok=True))
        for when in ("第一次：读文件、判两个月", "再写一次")
    )
    lines = told([first], in_turn([first], 1), {})
    ways = [python(BARE, ""), again]
    lines += told(ways, in_turn(ways, bench.runs), {again.name: {BARE: 30}})
    rows = 30 if bench.is_quick else 5000
    taken = {name: seconds for name, seconds, _x in _numbers(["annex.py", "--rows", str(rows)], 1)}
    bound = at_most(taken["tracker"] / taken["openpyxl"], 0.75, "openpyxl")
    return Group("报告", (*lines, Line(f"附件，{rows} 行 × 10 列（同一进程里）", bounds=(bound,))))


def _numbers(script: Sequence[str], skipped: int) -> list[tuple[str, float, float]]:
    """The table that another benchmark prints, below its heading: a name and two numbers a line."""
    command = [sys.executable, str(HERE / script[0]), *script[1:]]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    words = [line.split() for line in printed.splitlines()[skipped:]]
    return [(line[0], *[float(word) for word in line[1:] if word[0].isdigit()][:2]) for line in words]  # type: ignore[misc]


def of_the_installation(bench: Bench) -> Group:
    """What ``pip install`` puts down, without extras and without bytecode."""
    target = bench.folder / "installed"
    asked = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--target", str(target), str(ROOT)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode:
        return Group(
            "装好以后多大", (), (f"没有测：pip install 没有成功（{done.stderr.strip().splitlines()[-1:]}）。",)
        )
    weights = sorted(((size(p), p.name) for p in target.iterdir()), reverse=True)
    total = sum(weight for weight, _name in weights)
    bound = Bound("≤ 60 MB", f"{total / MB:.1f} MB", total <= 60 * MB)
    heaviest = "，".join(f"{name} {weight / MB:.1f}" for weight, name in weights[:12])
    return Group("装好以后多大", (Line("不带附加功能", disk=total, bounds=(bound,)),), (f"最大的（MB）：{heaviest}。",))


STEPS = (1, 10, 100)


def of_growth(bench: Bench) -> Group:
    """The same questions to worlds one, ten and a hundred times as large."""
    base = Size(units=1, months=3, milestones=30) if bench.is_quick else Size(units=2, months=12, milestones=75)
    steps = STEPS[:2] if bench.is_quick else STEPS
    grown: dict[str, dict[float, float]] = {COLD: {}, WARM: {}, MONTH: {}}
    lines, bytes_of = [], {}
    for step in steps:
        world = bench.world(replace(base, units=base.units * step))
        bytes_of[step] = updates(world)
        ways = [first_read(world), warm(world), month_arrives(world, bench.folder / "away")]
        for name, found in in_turn(ways, min(bench.runs, 3)).items():
            grown[name][step] = found.processor
            lines.append(Line(f"{name}，×{step}", found, size(world / ".tracker") if name == COLD else None))
    fitted = "；".join(
        f"{name}：{exponent(times):.2f}（最后一段 {exponent(dict(list(times.items())[-2:])):.2f}）"
        for name, times in grown.items()
    )
    sizes = "，".join(f"×{step} 是 {count} 条填报" for step, count in bytes_of.items())
    said = f"{base.units} 个单位 × {base.months} 个月起，单位数乘 {'、'.join(map(str, steps))}：{sizes}。"
    return Group("随大小怎样增长", tuple(lines), (said, f"时间 ∝ 大小的几次方（按处理器时间拟合，含启动）：{fitted}。"))


GROUPS: Mapping[str, Callable[[Bench], Group]] = {
    "warm": of_a_city,
    "items": of_fifty_thousand,
    "province": of_a_province,
    "taskjuggler": of_taskjuggler,
    "first-read": reading_a_city,
    "first-read-province": reading_a_province,
    "month": reading_a_month,
    "screen": of_the_screen,
    "keys": of_the_keys,
    "papers": of_the_papers,
    "installed": of_the_installation,
    "growth": of_growth,
    "nation": of_the_nation,
}
"""What can be asked for, in the order of the tables; the longest last."""

NEEDED = ("openpyxl", "pydantic", "textual", "xlsxwriter")
"""What tracker itself is installed with."""

QUICK = ("warm", "first-read", "month", "papers", "growth")


def main() -> int:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="GROUP,…", help=f"some of: {' '.join(GROUPS)}")
    parser.add_argument("--quick", action="store_true", help="small worlds: that everything works, not how fast")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--write", action="store_true", help="into RESULTS.md")
    parser.add_argument("--folder", type=Path, help="where worlds are built; a temporary one without it")
    args = parser.parse_args()
    names = args.only.split(",") if args.only else QUICK if args.quick else [*GROUPS]
    if unknown := [name for name in names if name not in GROUPS]:
        parser.error(f"{', '.join(unknown)}: {' '.join(GROUPS)}")
    if absent := [name for name in NEEDED if find_spec(name) is None]:
        parser.error(f"{sys.executable}: {', '.join(absent)}: pip install -e '.[dev]' (PYTHON=…)")
    about = machine()
    print(f"{about}\n", flush=True)
    command = " ".join(["tests/benchmarks/run", *sys.argv[1:]])
    groups = []
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        bench = Bench(Path(folder), args.runs or (1 if args.quick else 5), args.quick)
        cost([sys.executable, "-m", "compileall", "-q", str(ROOT / "tracker")])
        if args.quick:
            print("小样，只看各项都跑得通：比值不说明什么。\n")
        for name in names:
            found = GROUPS[name](bench)
            groups.append(replace(found, said=(*found.said, f"{datetime.now(CHINA).date()}，`{command}`。")))
            print("\n".join(markdown(groups[-1])), flush=True)
    if args.write:
        before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
        RESULTS.write_text(document(groups, about, before, is_all=not args.only), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
