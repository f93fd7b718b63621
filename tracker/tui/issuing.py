"""Issuing the month that is looked at: what the office says of it, and the archive."""

from pathlib import Path
from typing import TYPE_CHECKING

from tracker.language import _
from tracker.tui.doing import Outcome, Question
from tracker.typed import Answer, Field, understood

if TYPE_CHECKING:
    from datetime import date

    from tracker.editions import Sealing
    from tracker.tui.view import View

DAY = Field("on", "", "day", lies="near")


def issue(view: "View", month: "date") -> None:
    """Ask for number, signer, day and the paper as issued; seal it."""
    from tracker.editions import Issue  # noqa: PLC0415 - when it is wanted

    session = view.session
    is_differing: list[bool] = []

    def act(typed: Answer) -> Outcome:
        by = typed.get("by") or session.user
        paper = typed["issued"]
        try:
            document = (session.here / Path(paper).expanduser()).read_bytes() if paper else None
        except OSError as error:
            return Outcome(is_done=False, words="", wrong={"issued": _("读不出来：{why}。", why=error.strerror)})
        on = understood(DAY, typed["on"], session.today)[0]
        wanted = Issue(
            by,
            typed["number"],
            typed["signer"],
            on,
            document=document,
            despite=typed.get("despite", ""),
            key=session.key,
        )
        found = session.seal(month, wanted)
        if found.manifest is None:
            is_differing[:] = [bool(found.differences)]
            return Outcome(is_done=False, words=_refused(found))
        return Outcome(is_done=True, words=_sealed(found))

    def needs(_answer: Answer) -> list[str]:
        return ["by", "number", "signer", "on", "issued", *(["despite"] if any(is_differing) else [])]

    def then(typed: Answer) -> None:
        session.user = typed.get("by") or session.user

    fields = [
        *([Field("by", _("您的姓名"), help=_("谁定的稿"), is_needed=True)] if not session.user else []),
        Field("number", _("文号"), help=_("例如 〔2026〕12号；可以空着")),
        Field("signer", _("签发人"), help=_("可以空着")),
        Field("on", _("印发日期"), "day", _("不写时从印发稿里找"), lies="near"),
        Field("issued", _("印发稿"), help=_("印发的 Word 文件，核对其中的数字；可以空着")),
        Field("despite", _("仍然定稿"), help=_("数字不一致仍照印发稿定稿的理由"), is_needed=False),
    ]
    unsigned = [] if session.key is not None else [_("没有配置签名的钥匙（TRACKER_SIGNING_KEY），清单不签名。")]
    about = [_("通报、报告和全部依据一并存档；定稿后只能写更正说明。"), *unsigned]
    title = _("{month} 定稿", month=f"{month:%Y-%m}")
    view.ask(Question(title, about, fields, act, needs=needs, then=then))


def _refused(found: "Sealing") -> str:
    hint = _("核对后确要照印发稿定稿的，在“仍然定稿”里写明理由。") if found.differences else ""
    return "\n".join([*(one.words for one in found.differences), f"{found.refusal}{hint}"])


def _sealed(found: "Sealing") -> str:
    m = found.manifest
    assert m is not None  # noqa: S101 - it was sealed
    said = _(
        "{month} 已定稿，印发日期 {issued}；{n} 个文件、{m} 份依据存档在 {folder}。",
        month=m.month,
        issued=m.issued,
        n=len(m.report),
        m=len(m.input),
        folder=found.folder,
    )
    gap = _("{months} 没有定稿。", months=_("、").join(found.unsealed)) if found.unsealed else ""
    return "\n".join(line for line in (said, gap, "" if m.key else _("清单没有签名。")) if line)
