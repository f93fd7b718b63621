"""What can be done with an enterprise's period wherever it is shown: fill in its sheet, write it as a paper."""

from tracker.assessing.draft import SheetDraft
from tracker.assessments import Assessment
from tracker.language import _
from tracker.reports import FORMATS, score_paper
from tracker.tui.choose import Choose
from tracker.tui.view import View


def fill_sheet(view: View, enterprise: str, period: str) -> None:
    """Open the sheet to be filled in by the department; the draft goes on where it was left."""
    from tracker.tui.score_fill import AssessScreen  # noqa: PLC0415 - when it is wanted

    snapshot, session = view.snapshot, view.session
    if snapshot is None:
        return
    try:
        draft = SheetDraft.open(session.workspace, snapshot, enterprise, period, session.here, session.today)
    except OSError as error:
        view.told(_("草稿打不开：{why}。", why=error.strerror or error), is_wrong=True)
    else:
        view.app.push_screen(AssessScreen(draft))


def export_sheet(view: View, assessment: Assessment) -> None:
    """Write it as a paper, in one of the formats."""
    snapshot = view.seen
    if snapshot is None:
        return
    endings = list(FORMATS)
    name = _("考核表-{enterprise}-{period}", enterprise=assessment.sheet.stem, period=assessment.sheet.period.label)

    def take(number: int | None) -> None:
        if number is not None:
            write = FORMATS[endings[number]]
            paper = score_paper(snapshot, assessment)
            view.written(lambda: view.session.export(name, endings[number], write(paper)))

    view.app.push_screen(Choose(_("写成哪种文件"), endings), take)
