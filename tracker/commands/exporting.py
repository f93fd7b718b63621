"""``export``: tables for other tools, and the merge's own tables for other machines."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracker import exports, merge_files, on_spark, terminal
from tracker.calls import Call, Exit, Stop
from tracker.commands import shared
from tracker.language import _
from tracker.tables import KINDS, TABLES, Table
from tracker.terminal import plain, print_table


def export(call: Call) -> int:
    """``export``: the tables that other tools read, or with ``--standing`` those of the merge."""
    if call.args.standing:
        return _standing(call)
    if call.args.input or call.args.spark or call.args.origin:
        raise Stop(_("--input、--spark、--origin 只和 --standing 一起用。"))
    wanted = list(dict.fromkeys(call.args.what)) or list(TABLES)
    if call.args.columns:
        return _print_columns(call, [TABLES[name] for name in wanted])
    output = Path(call.args.output) if call.args.output else None
    into_folder = output is not None and ((call.here / output).is_dir() or not output.suffix)
    if len(wanted) > 1 and not into_folder:
        raise Stop(_("几张表要写进文件夹：--output 写文件夹的名字，或用 --what 只要一张。"))
    style: exports.Format = "json" if call.args.json else call.args.format or "csv"
    if style == "parquet" and output is None:
        raise Stop(_("parquet 文件请用 --output 写到文件或文件夹里。"))
    snapshots = shared.snapshots(call)
    tables = [exports.exported(TABLES[name], snapshots) for name in wanted]
    try:
        if output is not None and into_folder:
            return write_all(call.here / output, list(exports.files(tables, style, bom=call.args.bom)))
        # On stdout no mark: the next program in the pipe would take it for a part of the first name.
        bom = call.args.bom and output is not None
        shared.deliver(call, exports.content(tables[0], style, bom=bom))
    except ImportError:
        said = _("写 parquet 要另装 pyarrow：在本项目的文件夹里运行 pip install '.[parquet]'。")
        raise Stop(said, Exit.FOUND) from None
    return Exit.WELL


def write_all(folder: Path, found: Sequence[tuple[Path, bytes]]) -> int:
    """Files into a folder: all of them, or none where one is there already."""
    try:
        exports.write_files(folder, found)
    except FileExistsError as error:
        raise Stop(_("{file} 已经存在，没有覆盖。请换个文件名。", file=error), Exit.FOUND) from None
    except OSError as error:
        raise Stop(_("{file} 写不进去：{why}。", file=folder, why=error.strerror), Exit.FOUND) from None
    sys.stderr.write(_("已写入 {folder}，{n} 份。\n", folder=folder, n=len(found)))
    return Exit.WELL


def _print_columns(call: Call, tables: Sequence[Table[Any]]) -> int:
    """What each table's columns say."""
    columns = [(table.name, column) for table in tables for column in table.columns]
    if call.args.json:
        shared.print_json(
            [{"table": name, "column": c.name, "kind": c.kind, "words": _(c.words)} for name, c in columns]
        )
        return Exit.WELL
    sys.stderr.writelines(f"{table.name}　{_(table.words)}\n" for table in tables)
    cells = [(name, c.name, _(KINDS[c.kind]), _(c.words)) for name, c in columns]
    print_table(sys.stdout, [_("表"), _("列"), _("类型"), _("说明")], cells, columns=terminal.columns())
    return Exit.WELL


# --- the merge's own tables ---

_ORIGIN = re.compile(r"[A-Za-z0-9-]+")


def _standing(call: Call) -> int:
    """Write what goes into the merge or, told where that lies, merge it."""
    if call.args.columns:
        sys.stderr.write(_(merge_files.AS_NUMBERS) + "\n")
        return _print_columns(call, [*merge_files.INPUTS.values(), merge_files.RESULT])
    if call.args.json or call.args.format not in (None, "parquet") or call.args.output is None:
        raise Stop(_("--standing 只写成 parquet 的文件夹：请用 --output 写明文件夹。"))
    try:
        if call.args.input is None:
            return _write_inputs(call)
        return _merge_here(call) if call.args.spark is None else _merge_on_spark(call)
    except ImportError:
        extra = "spark" if call.args.spark is not None else "parquet"
        said = _("这要另装 {extra} 一组的包：在本项目的文件夹里运行 pip install '.[{extra}]'。", extra=extra)
        raise Stop(said, Exit.FOUND) from None


def _write_inputs(call: Call) -> int:
    if call.args.spark is not None:
        raise Stop(_("--spark 合并的是已经导出的表：请用 --input 写明它们在哪里。"))
    origin: str | None = call.args.origin
    if origin is not None and _ORIGIN.fullmatch(origin) is None:
        raise Stop(_("--origin 只用字母、数字和连字符，例如 371525。"))
    cases = [merge_files.case(snapshot) for snapshot in shared.snapshots(call)]
    tables = [table for case in cases for table in merge_files.inputs(case, origin)]
    return write_all(call.here / call.args.output, list(exports.files(tables, "parquet")))


def _merge_here(call: Call) -> int:
    """One programme after the other, so that memory holds one at a time."""
    source, target = call.here / call.args.input, call.here / call.args.output
    found = merge_files.programmes(source)
    if not found:
        raise Stop(_no_tables(source), Exit.FOUND)
    if (target / merge_files.RESULT.name).exists():
        raise Stop(_("{file} 已经存在，没有覆盖。请换个文件名。", file=target / merge_files.RESULT.name), Exit.FOUND)
    count = 0
    for programme in found:
        result = merge_files.judged(source, programme)
        exports.write_files(target, list(exports.files([result], "parquet")))
        count += len(result.rows)
    return _told(on_spark.Merged(len(found), count), target)


def _merge_on_spark(call: Call) -> int:
    source, target = (_address(call, words) for words in (call.args.input, call.args.output))
    try:
        with on_spark.spark(call.args.spark) as session:
            return _told(on_spark.merged(session, source, target), target)
    except FileNotFoundError:
        raise Stop(_no_tables(source), Exit.FOUND) from None
    except FileExistsError as error:
        raise Stop(_("{file} 已经存在，没有覆盖。请换个文件名。", file=error), Exit.FOUND) from None
    except on_spark.NotMergedError as error:
        said = _(
            "Spark 没有合并成：{why}。要有 Java 17，并且连得上 {master}。",
            why=plain(str(error)),
            master=call.args.spark,
        )
        raise Stop(said, Exit.FOUND) from None


def _address(call: Call, words: str) -> str:
    """Where Spark is to look: an address as it is, a folder from the root on."""
    return words if "://" in words else str((call.here / words).resolve())


def _no_tables(where: object) -> str:
    return _("{folder} 里没有合并所用的表。先用 tracker export --standing 导出。", folder=where)


def _told(merged: on_spark.Merged, where: object) -> int:
    words = _(
        "已合并 {p} 个行动、{n} 个期次，写入 {folder}。\n", p=merged.programmes, n=merged.occurrences, folder=where
    )
    sys.stderr.write(words)
    return Exit.WELL
