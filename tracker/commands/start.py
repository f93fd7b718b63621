"""Commands that begin: a new workspace."""

import sys

from tracker.calls import Call, Exit, Stop
from tracker.language import _
from tracker.workspace import create


def init(call: Call) -> int:
    """``init``: a new workspace, empty or with the sample."""
    folder = call.here / call.args.folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(_("{folder} 已经有内容，没有动它。请换一个空文件夹。", folder=call.args.folder), Exit.FOUND)
    create(folder, call.now.date(), sample=call.args.sample)
    sys.stderr.write(_("已在 {folder} 建好工作区。\n", folder=call.args.folder))
    return Exit.WELL
