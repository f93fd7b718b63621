"""Commands that chase: which letters are due, which are awaited; drafts, records, the year's tally."""

import sys
from argparse import Namespace
from dataclasses import replace
from datetime import date
from pathlib import Path
from re import sub

from tracker import writing
from tracker.calls import Call, Exit, Stop
from tracker.clocks import CHINA
from tracker.commands import shared
from tracker.deadlines import month_end
from tracker.ladder import Due, due_letters, due_row, reach, refusal
from tracker.language import _, mark
from tracker.letters import (
    MARKS,
    REPORT,
    Book,
    Letter,
    Mark,
    MarkKind,
    Praise,
    Recorded,
    Sent,
    append,
    read_letters,
    sent_row,
)
from tracker.reports import FORMATS
from tracker.reports.letter import chasing_text, letter
from tracker.reports.sheet import answer_words, sheet
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.tally import COLUMNS, Tally, steps_words, tallies, tally_row
from tracker.terminal import columns, plain, print_table


def letters(call: Call) -> int:
    """``letters``: what is due and what is awaited, drafts, records."""
    args = call.args
    today = _today(call)
    snapshots = shared.snapshots(call, today)
    units = [u.id for s in snapshots for u in s.programme.units]
    shared.check_known(args.unit, units, _("没有报送单位“{name}”。{hint}"))
    if args.draft is not None:
        return _draft(call, snapshots, today)
    if all(getattr(args, kind) is None for kind in ("sent", "praise", *MARKS)):
        return _show(call, snapshots, today)
    workspace = shared.workspace_of(call)
    try:
        with writing.alone(workspace.root):
            return _record(call, snapshots)
    except TimeoutError:
        raise Stop(_("另一个命令正在写这个工作区，请稍后再试。"), Exit.FOUND) from None
    except OSError as error:
        raise Stop(_("{file} 写不进去：{why}。", file=workspace.root, why=error.strerror), Exit.FOUND) from None


def _today(call: Call) -> date:
    """The day named, the month's last, or today; never a day to come."""
    now = call.now.astimezone(CHINA).date()
    if call.args.as_of is not None:
        return call.args.as_of  # type: ignore[no-any-return]
    return min(month_end(call.args.month), now) if call.args.month is not None else now


def _book(call: Call, snapshot: Snapshot) -> Book:
    """The records that hold; the others are named on stderr."""
    book, problems = read_letters(shared.workspace_of(call), snapshot.programme)
    shared.print_problems(problems, sys.stderr)
    return book


# --- the list ---


def _show(call: Call, snapshots: list[Snapshot], today: date) -> int:
    unit = call.args.unit
    rows = []
    for snapshot in snapshots:
        book = _book(call, snapshot)
        due = [d for d in due_letters(snapshot, book, today) if unit in (None, d.unit.id)]
        known = book.on(today, snapshot.clocks.known_by)
        shown = (s for s in known.sent if unit in (None, s.letter.unit))
        sent = [s for s in shown if _is_shown(s, snapshot, known, call.args.month)]
        rows.append((snapshot, due, sent))
    if call.args.json:
        shared.print_json(
            [
                {
                    "programme": snapshot.programme.id,
                    "due": [due_row(d) for d in due],
                    "sent": [sent_row(s, today) for s in sent],
                }
                for snapshot, due, sent in rows
            ]
        )
        return Exit.WELL
    for snapshot, due, sent in rows:
        if not snapshot.programme.steps:
            sys.stderr.write(_("{name}没有写催办的步骤（[[step]]）。\n", name=snapshot.programme.head.name))
            continue
        _print_due(snapshot, due)
        _print_sent(snapshot, sent, today)
    return Exit.WELL


def _is_shown(sent: Sent, snapshot: Snapshot, book: Book, month: date | None) -> bool:
    """A letter of the month asked for, or the last one on what is still late or awaited."""
    letter = sent.letter
    if month is not None and letter.sent.replace(day=1) == month:
        return True
    own = [s.letter for s in book.sent if s.letter.unit == letter.unit and set(s.letter.items) & set(letter.items)]
    if sent.closed is not None or own[-1] != letter:
        return False
    late = {s.occurrence.id for s in snapshot.standings if s.is_late and s.occurrence.unit == letter.unit}
    return sent.is_awaited or bool(late & set(letter.items))


def _print_due(snapshot: Snapshot, due: list[Due]) -> None:
    now = [d for d in due if d.step is not None]
    shared.title(snapshot, _("应走的步骤 {n} 件", n=len(now)))
    if now:
        header = [_("单位"), _("步骤"), _("事项"), _("理由"), _("上一函"), _("答复期限")]
        print_table(sys.stdout, header, [_due_cells(d) for d in now], columns=columns())
    waiting = [d for d in due if d.step is None]
    if waiting:
        shared.title(snapshot, _("暂不发的 {n} 件", n=len(waiting)))
        rows = [(d.unit.brief, _items_words(d), d.why) for d in waiting]
        print_table(sys.stdout, [_("单位"), _("事项"), _("为什么")], rows, columns=columns())


def _due_cells(d: Due) -> tuple[object, ...]:
    earlier = d.earlier.letter.number if d.earlier is not None else ""
    step = d.step.name if d.step is not None else ""
    return d.unit.brief, step, _items_words(d), d.why, earlier, d.answer_by or ""


def _items_words(d: Due) -> str:
    return _("、").join(d.items)


def _print_sent(snapshot: Snapshot, sent: list[Sent], today: date) -> None:
    shared.title(snapshot, _("已发的函 {n} 件", n=len(sent)))
    if not sent:
        return
    header = [_("文号"), _("单位"), _("步骤"), _("事项"), _("发出"), _("签收"), _("答复期限"), _("答复")]
    rows = [
        (
            s.letter.number,
            snapshot.programme.unit(s.letter.unit).brief,
            snapshot.programme.step(s.letter.step).name,
            _("、").join(s.letter.items),
            s.letter.sent,
            s.signed.on if s.signed is not None else _("未签收"),
            s.letter.answer_by or "",
            answer_words(s, today),
        )
        for s in sent
    ]
    print_table(sys.stdout, header, rows, columns=columns())


# --- drafts ---


def _draft(call: Call, snapshots: list[Snapshot], today: date) -> int:
    folder: Path = call.here / call.args.draft
    found = [
        (snapshot, due)
        for snapshot in snapshots
        for due in due_letters(snapshot, _book(call, snapshot), today)
        if due.step is not None and call.args.unit in (None, due.unit.id)
    ]
    written = 0
    for n, (snapshot, due) in enumerate(found, 1):
        if due.step is None or due.step.template == "notice":
            step = due.step.name if due.step is not None else ""
            words = _("到了“{step}”（{why}），由领导决定，不起草。", step=step, why=due.why)
            sys.stderr.write(plain(f"{due.unit.name}　{_items_words(due)}　{words}") + "\n")
            continue
        name = _file_name(n, due, due.step.name)
        for ending, content in _drafts(snapshot, due, today):
            _put(folder / f"{name}.{ending}", content)
        sys.stdout.write(f"{plain(name)}\n")
        written += 1
    sys.stderr.write(
        _("起草 {n} 件，写在 {folder}。编文号、签发后发出，再用 --sent 登记。\n", n=written, folder=folder)
    )
    return Exit.WELL


def _drafts(snapshot: Snapshot, due: Due, today: date) -> list[tuple[str, bytes]]:
    if due.step is not None and due.step.template == "text":
        return [("md", f"{chasing_text(due, today)}\n".encode())]
    paper = letter(snapshot, due, today)
    return [(ending, write(paper)) for ending, write in FORMATS.items() if ending in ("md", "docx")]


def _file_name(n: int, due: Due, step: str) -> str:
    title = due.rows[0].occurrence.milestone.title if due.rows else _("月报")
    return sub(r"[^\w（）()-]", "", f"{n:02}-{due.unit.brief}-{step}-{title}")


def _put(path: Path, content: bytes) -> None:
    try:
        writing.create(path, content)
    except FileExistsError:
        raise Stop(_("{file} 已经存在，没有覆盖。请换个文件夹。", file=path), Exit.FOUND) from None
    except OSError as error:
        raise Stop(_("{file} 写不进去：{why}。", file=path, why=error.strerror), Exit.FOUND) from None


# --- records ---


def _record(call: Call, snapshots: list[Snapshot]) -> int:
    args = call.args
    if args.sent is not None:
        return _record_letter(call, snapshots)
    if args.praise is not None:
        return _record_praise(call, snapshots)
    kind = next(kind for kind in MARKS if getattr(args, kind) is not None)
    return _record_mark(call, snapshots, kind, getattr(args, kind))


def _record_letter(call: Call, snapshots: list[Snapshot]) -> int:
    args = call.args
    _need(args, "unit", "by")
    on = args.on or call.now.astimezone(CHINA).date()
    snapshot = _of_unit(snapshots, args.unit).on(on)
    programme = snapshot.programme
    if not programme.steps:
        raise Stop(_("{name}没有写催办的步骤（[[step]]）。", name=programme.head.name))
    shared.check_known(args.step, [step.id for step in programme.steps], _("没有步骤“{name}”。{hint}"))
    book = _book(call, snapshot)
    if any(s.letter.number == args.sent for s in book.sent):
        raise Stop(_("文号“{number}”用过了。", number=args.sent))
    own = [due for due in due_letters(snapshot, book, on) if due.unit.id == args.unit]
    if not args.item:
        raise Stop(
            _("要用 --item 写明哪一项，例如 {example}。", example=own[0].items[0] if own else "mine-5.1@2026-10")
        )
    known = [item for (unit, item) in snapshot.by_key if unit == args.unit]
    for item in args.item:
        if not item.startswith(f"{REPORT}@"):
            shared.check_known(item, known, _("本单位没有“{name}”这一项。"))
    due = next((one for one in own if args.item[0] in one.items), None)
    step_id = args.step or (due.step.id if due is not None and due.step is not None else None)
    if step_id is None:
        why = due.why if due is not None else _("现在没有逾期。")
        raise Stop(_("“{item}”没有应走的步骤：{why}确要发的，用 --step 写明哪一步。", item=args.item[0], why=why))
    step = programme.step(step_id)
    new = Letter(
        args.sent, step_id, args.unit, tuple(args.item), on, args.by, call.now,
        args.signer or step.signer or None,
        args.answer_by or reach(programme, step.answer, on),
        args.finish_by or reach(programme, step.finish, on),
        args.skip_reason,
    )  # fmt: skip
    wrong = refusal(programme, own, new)
    if wrong and not args.skip_reason:
        raise Stop(_("{wrong}确要这样办的，用 --skip-reason 写明理由。", wrong=wrong), Exit.FOUND)
    if not wrong:
        new = replace(new, skipped=None)
    return _write(call, snapshot, new)


def _record_mark(call: Call, snapshots: list[Snapshot], kind: MarkKind, number: str) -> int:
    args = call.args
    _need(args, "by", *(["note"] if kind == "closed" else []))
    on = args.on or call.now.astimezone(CHINA).date()
    known: list[str] = []
    for snapshot in snapshots:
        sent = {s.letter.number: s for s in _book(call, snapshot).sent}
        known += sent
        if number in sent:
            if on < sent[number].letter.sent:
                raise Stop(_("{on} 早于发出的日子 {sent}。", on=on, sent=sent[number].letter.sent))
            return _write(
                call, snapshot, Mark(number, kind, on, args.by, call.now, args.note, promised_on=args.promised)
            )
    shared.check_known(number, known, _("没有文号是“{name}”的函。{hint}"))
    return Exit.USAGE


def _record_praise(call: Call, snapshots: list[Snapshot]) -> int:
    args = call.args
    _need(args, "unit", "by")
    on = args.on or call.now.astimezone(CHINA).date()
    snapshot = _of_unit(snapshots, args.unit)
    return _write(call, snapshot, Praise(args.unit, on, args.by, call.now, args.praise, items=tuple(args.item)))


def _need(args: Namespace, *names: str) -> None:
    missing = [f"--{name}" for name in names if getattr(args, name) is None]
    if missing:
        raise Stop(_("登记还要写 {names}。", names=_("、").join(missing)))


def _of_unit(snapshots: list[Snapshot], unit: str) -> Snapshot:
    own = [s for s in snapshots if unit in {u.id for u in s.programme.units}]
    if len(own) > 1:
        raise Stop(_("有几个行动，请用 --programme 指明：{known}。", known=_("、").join(s.programme.id for s in own)))
    return own[0]


def _write(call: Call, snapshot: Snapshot, record: Recorded) -> int:
    workspace = shared.workspace_of(call)
    path = append(workspace, snapshot.programme, record)
    sys.stderr.write(_("已记入 {file}。\n", file=workspace.shown(path)))
    return Exit.WELL


# --- 依据单 ---


def sheet_of(call: Call, snapshot: Snapshot, standing: Standing) -> int:
    """``why --sheet``: the page that defends one light."""
    output: Path | None = call.args.output
    style = output.suffix[1:] if output is not None else "md"
    if style not in FORMATS:
        raise Stop(_("依据单写成 {endings}。", endings=_("、").join(f".{ending}" for ending in FORMATS)))
    shared.deliver(call, FORMATS[style](sheet(snapshot, standing, _book(call, snapshot))))
    return Exit.WELL


# --- the year's tally ---


def tally(call: Call) -> int:
    """``tally``: the year's figures of each unit, and where they come from."""
    year, unit = call.args.year, call.args.unit
    snapshots = [
        s for s in shared.snapshots(call) if s.programme.head.records_from.year <= year <= s.programme.head.until.year
    ]
    if not snapshots:
        raise Stop(_("{year} 年没有在记录的行动。", year=year))
    shared.check_known(unit, [u.id for s in snapshots for u in s.programme.units], _("没有报送单位“{name}”。{hint}"))
    found = [(s, [t for t in tallies(s, _book(call, s), year) if unit in (None, t.unit.id)]) for s in snapshots]
    if call.args.json:
        shared.print_json([tally_row(s.programme, t) for s, rows in found for t in rows])
        return Exit.WELL
    for snapshot, rows in found:
        if not rows:
            continue
        shared.title(snapshot, _("{year} 年考核统计", year=year))
        header = [_("单位"), *(_(words) for words in COLUMNS.values()), _("函件")]
        cells = [
            (t.unit.brief, *(len(t.traces[key]) for key in COLUMNS), steps_words(snapshot.programme, t)) for t in rows
        ]
        numbers = frozenset(range(1, len(COLUMNS) + 1))
        print_table(sys.stdout, header, cells, numbers=numbers, columns=columns())
        if unit is not None:
            for t in rows:
                _print_traces(t)
    return Exit.WELL


def _print_traces(found: Tally) -> None:
    for key, words in {**COLUMNS, "letters": mark("函件")}.items():
        for trace in found.traces[key]:
            place = f"　{trace.place}" if trace.place is not None else ""
            sys.stdout.write(f"{_(words)}\t{plain(trace.words)}{plain(place)}\n")
