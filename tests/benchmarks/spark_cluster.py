"""The merge on a real Spark cluster of one machine: a master, two workers, one of them killed; and what it costs.

    python tests/benchmarks/spark_cluster.py kill FOLDER --cities 20
    python tests/benchmarks/spark_cluster.py measure FOLDER --cities 1 10 100

``kill`` kills a worker with all its processes while updates are being merged, and compares every row with the merge on
this machine alone. ``measure`` times both, each as whole processes. Needs Java 17, the extras spark and parquet.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import generate
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pyspark

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
CITY = generate.Size()
UPDATES = "said"


# --- what is merged ---


def export_city(folder: Path) -> Path:
    """The merge's tables of a generated city."""
    world, tables = folder / "world", folder / "city"
    if not tables.exists():
        generate.build(world, CITY)
        when = ["--as-of", generate.AS_OF.isoformat(), "--known-by", generate.KNOWN_BY.date().isoformat()]
        tracker("export", "-C", str(world), *when, "--standing", "-o", str(tables))
    return tables


def cities(city: Path, count: int, target: Path) -> Path:
    """The tables of so many programmes, each a copy of the city's under another name."""
    if not target.exists():
        for n in range(count):
            for path in city.rglob("*.parquet"):
                at = str(path.relative_to(city)).replace("programme=world", f"programme=city{n:04}")
                _copy(path, target / at, f"city{n:04}")
    return target


def _copy(path: Path, to: Path, name: str) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    schema = pq.read_schema(path)
    if not {"unit", "path"} & set(schema.names):
        shutil.copyfile(path, to)
        return
    table = pq.ParquetFile(path).read()
    for column in ("unit", "path"):
        if column in table.column_names:
            renamed = pc.replace_substring_regex(table[column], pattern="^world/", replacement=f"{name}/")
            table = table.set_column(table.column_names.index(column), schema.field(column), renamed)
    pq.write_table(table, to, compression="zstd")


def size(tables: Path) -> tuple[int, int, int]:
    """Updates, bytes of their files, bytes of all."""
    files = list(tables.rglob("*.parquet"))
    of_updates = [path for path in files if path.relative_to(tables).parts[0] == UPDATES]
    rows = sum(pq.read_metadata(path).num_rows for path in of_updates)
    return rows, sum(p.stat().st_size for p in of_updates), sum(p.stat().st_size for p in files)


def result(folder: Path) -> pa.Table:
    """Every row of a result, in one order."""
    found = ds.dataset(folder / "standing", format="parquet", partitioning="hive").to_table()
    found = found.select(sorted(found.column_names)).sort_by([(c, "ascending") for c in ("programme", "unit", "item")])
    return found.cast(pa.schema([(f.name, pa.string() if f.name == "programme" else f.type) for f in found.schema]))


# --- running ---


def command(*words: str) -> list[str]:
    """Our own program."""
    return [sys.executable, "-m", "tracker", *words]


def environment() -> dict[str, str]:
    """Where it and Spark find everything; no more than this machine is asked."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "SPARK_LOCAL_IP": HOST, "SPARK_HOME": str(spark_home())}


def tracker(*words: str) -> None:
    """Run it to its end."""
    subprocess.run(command(*words), env=environment(), check=True)


def merge(tables: Path, to: Path, *where: str) -> tuple[float, int]:
    """Merge as one process (and those it starts); the seconds, and the most memory of the largest in KiB."""
    shutil.rmtree(to, ignore_errors=True)
    words = ["export", "--standing", "--input", str(tables), "-o", str(to), *where]
    began = time.perf_counter()
    with (to.parent / f"{to.name}.log").open("w") as log:
        process = subprocess.Popen(command(*words), env=environment(), stderr=log)
        _pid, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit((to.parent / f"{to.name}.log").read_text())
    return time.perf_counter() - began, used.ru_maxrss


def spark_home() -> Path:
    """Spark as the Python package brings it."""
    return Path(pyspark.__file__).parent


@dataclass(frozen=True)
class Cluster:
    """A master and its workers, each worker with all that it starts in a process group of its own."""

    url: str
    workers: tuple[subprocess.Popen[bytes], ...]


@contextmanager
def cluster(folder: Path, workers: int = 2, memory: str = "3g") -> Iterator[Cluster]:
    """Start a standalone cluster of workers with one core each; it ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    url = f"spark://{HOST}:{port}"
    deploy = "org.apache.spark.deploy"
    master = [f"{deploy}.master.Master", "--host", HOST, "--port", str(port), "--webui-port", "0"]
    started = [_start(folder, "master", *master)]
    try:
        _wait_for(port)
        for n in range(workers):
            own = ["--cores", "1", "--memory", memory, "--work-dir", str(folder / f"work{n}"), "--webui-port", "0"]
            started.append(_start(folder, f"worker{n}", f"{deploy}.worker.Worker", "--host", HOST, *own, url))
        yield Cluster(url, tuple(started[1:]))
    finally:
        for process in started:
            kill(process)


def _start(folder: Path, name: str, *words: str) -> subprocess.Popen[bytes]:
    with (folder / f"{name}.log").open("wb") as log:
        run = [str(spark_home() / "bin" / "spark-class"), *words]
        return subprocess.Popen(run, env=environment(), stdout=log, stderr=log, start_new_session=True)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to a process and all it has started: as if the machine had lost its power."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        port: int = one.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _attempt in range(300):
        with suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("the master does not answer")


# --- the two shows ---


def show_kill(folder: Path, count: int) -> None:
    """A worker is killed in the middle; the rows are those of the merge on this machine."""
    tables = cities(export_city(folder), count, folder / f"cities{count}")
    merge(tables, folder / "alone")
    target = folder / "killed"
    shutil.rmtree(target, ignore_errors=True)
    with cluster(folder / "cluster") as running, (folder / "driver.log").open("w") as log:
        words = ["--input", str(tables), "-o", str(target), "--spark", running.url]
        began = time.perf_counter()
        run = command("export", "--standing", *words)
        driver = subprocess.Popen(run, env=environment(), stderr=log)
        while not (target / "_steps" / "word" / "_temporary").exists() and driver.poll() is None:
            time.sleep(0.02)
        time.sleep(0.5)
        print(f"killed worker 0 after {time.perf_counter() - began:.1f} s, while `word` was being written")
        kill(running.workers[0])
        code = driver.wait()
        print(f"the job ended with {code} after {time.perf_counter() - began:.1f} s")
    same = result(folder / "alone").equals(result(target))
    print(f"{result(target).num_rows} rows, {'equal' if same else 'NOT EQUAL'} to the merge on this machine")
    for line in (folder / "driver.log").read_text().splitlines():
        if "Lost executor" in line or "Lost task" in line:
            print(line[:200])
    if code or not same:
        raise SystemExit(1)


def measure(folder: Path, counts: Sequence[int]) -> None:
    """Both, over growing sizes."""
    city = export_city(folder)
    print("| cities | updates | Parquet MB | SQLite s | MB | Spark local[2] s | Spark 2 workers s | equal |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for count in counts:
        tables = cities(city, count, folder / f"cities{count}")
        updates, _of_updates, whole = size(tables)
        alone, memory = merge(tables, folder / "alone")
        here, _unused = merge(tables, folder / "local", "--spark", "local[2]")
        with cluster(folder / "cluster") as running:
            spread, _unused = merge(tables, folder / "spread", "--spark", running.url)
        expected = result(folder / "alone")
        same = expected.equals(result(folder / "local")) and expected.equals(result(folder / "spread"))
        cells = (updates, f"{whole / 1e6:.1f}", f"{alone:.1f}", memory // 1024, f"{here:.1f}", f"{spread:.1f}", same)
        print("|", count, "|", " | ".join(map(str, cells)), "|", flush=True)


def main() -> None:
    """Do one of the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("show", choices=["kill", "measure"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cities", type=int, nargs="+", default=[20])
    args = parser.parse_args()
    folder = args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if args.show == "kill":
        show_kill(folder, args.cities[0])
    else:
        measure(folder, args.cities)


if __name__ == "__main__":
    main()
