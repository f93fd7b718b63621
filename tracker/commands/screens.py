"""The terminal app, in a terminal or in a browser."""

import gc
import os
import shlex
import sys
from datetime import date, timedelta
from time import monotonic

from tracker.calls import Call, Exit, Stop
from tracker.clocks import CHINA
from tracker.commands import shared
from tracker.known import heading
from tracker.language import _
from tracker.workspace import Workspace

HOST = "127.0.0.1"
"""Nobody but who sits at this machine: there is no password."""


def ui(call: Call) -> int:
    """``ui``: the app, until it is left."""
    workspace = shared.workspace_of(call)
    programmes = shared.programmes_of(call, workspace)
    if not sys.stdout.isatty() and "TEXTUAL_DRIVER" not in os.environ:
        raise Stop(_("界面要在终端里打开；写到文件或管道时请用 tracker overdue 等命令。"))
    # What is made until the first screen stands is there to stay: a tenth of the time would go in looking for garbage.
    # The app begins to look once it has settled.
    gc.disable()
    try:
        _run(call, workspace, programmes)
    finally:
        gc.enable()
    return Exit.WELL


def _run(call: Call, workspace: Workspace, programmes: list[str]) -> None:
    from tracker.tui.app import TrackerApp  # noqa: PLC0415 - Textual costs a fifth of a second
    from tracker.tui.session import Session  # noqa: PLC0415 - as above

    began = monotonic()
    session = Session(
        workspace,
        programmes,
        _first(call, workspace, programmes),
        # The call's own clock goes on: who opened the app yesterday sees today.
        lambda: call.now + timedelta(seconds=monotonic() - began),
        os.environ.get(shared.USER, "").strip(),
        call.here,
        call.args.as_of,
        call.args.known_by,
        is_read_only=call.args.read_only,
        key=call.here / key if (key := os.environ.get(shared.KEY)) else None,
    )
    TrackerApp(session).run()


def _first(call: Call, workspace: Workspace, programmes: list[str]) -> str:
    """The programme that is opened: the first that runs on the day looked at, or else the first."""
    day = call.args.as_of or call.now.astimezone(CHINA).date()
    running = (name for name in programmes if _is_running(workspace, name, day))
    return next(running, programmes[0])


def _is_running(workspace: Workspace, name: str, day: date) -> bool:
    """Whether there are records of the day; whether the plans are right shows when they are looked at."""
    found = heading(workspace, name)
    if found is not None:
        return found.records_from <= day <= found.until
    from tracker.source import read  # noqa: PLC0415 - only a head with mistakes is read as it is written

    head = read(workspace.plans / name / "programme.toml").data.get("programme")
    begins, ends = (head.get(key) if isinstance(head, dict) else None for key in ("records_from", "until"))
    return isinstance(begins, date) and isinstance(ends, date) and begins <= day <= ends


def serve(call: Call) -> int:
    """``serve``: the app in a browser of this machine, until Ctrl+C."""
    workspace = shared.workspace_of(call)
    shared.programmes_of(call, workspace)
    try:
        from tracker.tui.browser import Browser  # noqa: PLC0415 - only this command needs a web server
    except ImportError:
        raise Stop(
            _('在浏览器里打开要先装上：pip install "tracker[serve]"；也可以直接在终端里打开：tracker。')
        ) from None
    args = call.args
    given = {
        "--workspace": workspace.root,
        "--programme": args.programme,
        "--lang": args.lang,
        "--as-of": args.as_of,
        "--known-by": args.known_by.isoformat() if args.known_by is not None else None,
    }
    options = [word for name, value in given.items() if value is not None for word in (name, str(value))]
    command = [sys.executable, "-m", "tracker", "ui", *options, *([] if args.write else ["--read-only"])]
    page = Browser(shlex.join(command), HOST, args.port, _("行动台账"))
    how = _("可以写入") if args.write else _("只读")
    sys.stderr.write(_("在浏览器里打开 {address}（{how}）；按 Ctrl+C 结束。\n", address=page.public_url, how=how))
    try:
        page.serve()
    except OSError as error:
        raise Stop(
            _("端口 {port} 用不了：{why}。请用 --port 换一个。", port=args.port, why=error.strerror), Exit.FOUND
        ) from None
    return Exit.WELL
