"""What most commands need: the workspace, the snapshots, names checked, and how results are handed over."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tracker.calls import Call, Exit, Stop
from tracker.clocks import CHINA
from tracker.filters import Filter
from tracker.known import plans
from tracker.language import _
from tracker.problems import Problem, nearest, worst_first
from tracker.snapshot import Snapshot, take
from tracker.terminal import json_text, print_problem
from tracker.told import listening
from tracker.workspace import Workspace, find

if TYPE_CHECKING:  # most lists are shown as they were kept
    from tracker.plans import Programme

USER, KEY = "TRACKER_USER", "TRACKER_SIGNING_KEY"
"""The environment's words for who is at the keyboard, and for the key that signs."""


def user_of(call: Call) -> str:
    """Who does it: said, or the environment's word; empty where nobody says."""
    return (call.args.by or os.environ.get(USER) or "").strip()


def workspace_of(call: Call) -> Workspace:
    """The workspace named, or the one the command was called in."""
    named: Path | None = call.args.workspace
    if named is not None:
        named = call.here / named
        if not (named / "plans").is_dir():
            raise Stop(_("{folder} 不是工作区：里面没有 plans 文件夹。用 tracker init 新建一个。", folder=named))
        return Workspace(named.resolve())
    found = find(call.here.resolve())
    if found is None:
        raise Stop(_("这里不是工作区：当前文件夹及上级都没有 plans 和 status。用 tracker init 文件夹 新建一个。"))
    return found


def programmes_of(call: Call, workspace: Workspace) -> list[str]:
    """The programmes asked for: the one named, or all there are."""
    known: list[str] = workspace.programmes
    if call.args.programme is None:
        if not known:
            raise Stop(_("plans 里没有任何行动（缺少 programme.toml）。"))
        return known
    if call.args.programme not in known:
        hint = nearest(call.args.programme, known) or _("有：{known}。", known=_("、").join(known))
        raise Stop(_("没有行动“{name}”。{hint}", name=call.args.programme, hint=hint))
    return [call.args.programme]


def snapshots(call: Call, as_of: date | None = None) -> list[Snapshot]:
    """A snapshot of each programme asked for; broken plans end the command."""
    return list(one_by_one(call, as_of))


def one_by_one(call: Call, as_of: date | None = None) -> Iterator[Snapshot]:
    """The same, each when it is asked for: of a nation's programmes not all stay in memory at once."""
    workspace = workspace_of(call)
    day = as_of or call.args.as_of or call.now.astimezone(CHINA).date()
    programmes = programmes_of(call, workspace)
    for programme in programmes:
        yield _taken(workspace, programme, day, call.args.known_by or call.now, is_alone=len(programmes) == 1)


def _taken(workspace: Workspace, programme: str, day: date, known_by: datetime, *, is_alone: bool) -> Snapshot:
    with listening(sys.stderr):
        snapshot, problems = take(workspace, programme, day, known_by)
        if snapshot is not None and snapshot.books.is_read and not is_alone:
            # Nor do the files of one: what was judged has been kept.
            snapshot, problems = take(workspace, programme, day, known_by)
    in_plans = [p for p in problems if p.holds and p.place.file.startswith("plans/")]
    if snapshot is None or in_plans:
        print_problems(in_plans or problems, sys.stderr)
        raise Stop(_("方案文件有错，改好后再运行。"), Exit.FOUND)
    held = sum(p.holds for p in problems)
    if held:
        sys.stderr.write(_("月报文件里有 {n} 处错误，相应内容暂未计入；用 tracker check 查看。\n", n=held))
    return snapshot


def planned(call: Call) -> "Iterator[Programme]":
    """The programmes asked for as they are planned, without their files; none whose plans cannot be read."""
    workspace = workspace_of(call)
    for name in programmes_of(call, workspace):
        programme, _problems = plans(workspace, name)
        if programme is not None:
            yield programme


def wanted(call: Call, programmes: "Iterable[Programme]") -> Filter:
    """The filter, its names checked against the programmes, which are only looked at where there are names."""
    plan, unit = call.args.plan, call.args.unit
    if plan is not None or unit is not None:
        known = list(programmes)
        check_known(plan, [p.stem for programme in known for p in programme.plans], _("没有方案“{name}”。{hint}"))
        check_known(unit, [u.id for programme in known for u in programme.units], _("没有报送单位“{name}”。{hint}"))
    return Filter(plan, unit, call.args.level, call.args.owner)


def check_known(name: str | None, known: Sequence[str], message: str) -> None:
    """End the command with ``message`` and the nearest name where ``name`` is none of the known."""
    if name is not None and name not in known:
        hint = nearest(name, known) or _("有：{known}。", known=_("、").join(dict.fromkeys(known)))
        raise Stop(message.format(name=name, hint=hint))


def print_problems(problems: Sequence[Problem], out: TextIO) -> None:
    """Problems in the one layout, by file, worst first."""
    for problem in worst_first(problems):
        print_problem(out, problem)


def print_json(rows: object) -> None:
    """JSON on stdout; characters that a terminal might obey are escaped."""
    sys.stdout.write(json_text(json.dumps(rows, ensure_ascii=False, indent=2)) + "\n")


def title(snapshot: Snapshot, words: str, filter_words: str = "") -> None:
    """On stderr: what follows, of which programme, on which day."""
    head = snapshot.heading
    parts = [head.name, filter_words, words, _("截至 {day}", day=snapshot.clocks.as_of)]
    sample = _("　示例数据") if head.is_sample else ""
    sys.stderr.write("　".join(part for part in parts if part) + sample + "\n")


def in_month(snapshots: Sequence[Snapshot], month: date, unit: str | None = None) -> Snapshot:
    """The one programme that runs in a month (and has the unit)."""
    if unit is not None and not snapshots:
        raise Stop(_("没有报送单位“{name}”。", name=unit))
    running = [s for s in snapshots if s.programme.head.records_from <= month <= s.programme.head.until]
    if len(running) == 1:
        return running[0]
    if not running:
        raise Stop(_("{month} 没有在记录的行动：早于建账月份，或行动已经结束。", month=f"{month:%Y-%m}"))
    raise Stop(
        _(
            "{month} 有几个行动，请用 --programme 指明：{known}。",
            month=f"{month:%Y-%m}",
            known=_("、").join(s.programme.id for s in running),
        )
    )


def deliver(call: Call, content: bytes, to: Path | None = None) -> None:
    """Bytes to a file, by default the one named in the call, else to stdout. None that is there is overwritten."""
    output: Path | None = to or call.args.output
    if output is None:
        sys.stdout.flush()
        if hasattr(sys.stdout, "buffer"):
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            sys.stdout.write(content.decode())
        return
    try:
        with (call.here / output).open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Stop(_("{file} 已经存在，没有覆盖。请换个文件名。", file=output), Exit.FOUND) from None
    except OSError as error:
        raise Stop(_("{file} 写不进去：{why}。", file=output, why=error.strerror), Exit.FOUND) from None
    sys.stderr.write(_("已写入 {file}。\n", file=output))


def say_if_issued(snapshot: Snapshot) -> None:
    """On stderr, where a paper is about a month that was issued: when, and how to see it as it was."""
    workspace, month = snapshot.books.workspace, snapshot.clocks.month
    if not workspace.edition(snapshot.programme.id, month).exists():
        return
    from tracker.editions import sealed  # noqa: PLC0415 - only what was issued has editions

    for one in sealed(workspace, snapshot.programme.id):
        if one.month == month and one.known_by < snapshot.clocks.known_by:
            sys.stderr.write(
                _(
                    "{month} 已于 {issued} 印发；这里是按现在所知。按印发时所知看：--known-by {moment}；"
                    "前后差别：tracker restate {month}。\n",
                    month=f"{month:%Y-%m}",
                    issued=one.issued,
                    moment=f"{one.known_by.astimezone(CHINA):%Y-%m-%dT%H:%M:%S}",
                )
            )
