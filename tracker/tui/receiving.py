"""Taking in the files of a folder, from the inbox."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.language import _
from tracker.problems import labelled
from tracker.tui.doing import Outcome, Question
from tracker.tui.session import read_only
from tracker.typed import Answer, Field

if TYPE_CHECKING:
    from tracker.tui.view import View


def receive(view: "View") -> None:
    """Ask for the folder, and take in what lies there."""
    from tracker.inbox.received import OUTCOMES, TO_ACT_ON  # noqa: PLC0415 - when it is wanted

    session = view.session

    def act(typed: Answer) -> Outcome:
        folder = session.here / Path(typed["folder"]).expanduser()
        if not folder.exists():
            return Outcome(is_done=False, words="", wrong={"folder": _("没有这个文件夹。")})
        found = session.receive(folder)
        counts: Counter[str] = Counter(one.outcome for one in found)
        said = _("、").join(f"{_(words)} {counts[outcome]}" for outcome, words in OUTCOMES.items() if counts[outcome])
        hint = _("错误见“问题”")
        lines = [
            labelled(one.given, f"{_(OUTCOMES[one.outcome])}　{one.reason or hint}")
            for one in found
            if one.outcome in TO_ACT_ON
        ]
        return Outcome(is_done=True, words="\n".join([_("{n} 个文件：{words}。", n=len(found), words=said), *lines]))

    if session.is_read_only:
        view.told(_("{why}。", why=read_only()), is_wrong=True)
        return
    folder = Field("folder", _("文件夹"), help=str(session.here), is_needed=True)
    about = [_("收进月报和附件，逐件写回执；原件一律保留，不覆盖。")]
    view.ask(Question(_("收文件"), about, [folder], act))
