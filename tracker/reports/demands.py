"""What the city asks for next, in the bulletin's words (四、下步要求), and what the plans attach to missed days."""

from collections.abc import Iterator, Sequence

from tracker.deadlines import months_later
from tracker.language import _
from tracker.reporting import asked
from tracker.reports import fields
from tracker.reports.document import Block, Paragraph
from tracker.reports.month import Month
from tracker.standing import Standing
from tracker.views import by_unit


def demands(month: Month, coming: Sequence[Standing]) -> Iterator[Block]:
    """Each demand with its ordinal, then the consequences; ``coming`` falls due in the month to come."""
    ordinals = (_("一是"), _("二是"), _("三是"))
    for nth, demand in zip(ordinals, _demanded(month, coming), strict=False):
        yield Paragraph(f"{nth}{demand}")
    yield from _consequences(month)


def _demanded(month: Month, coming: Sequence[Standing]) -> Iterator[str]:
    """What the city asks for next: clear what is late, prepare what comes, report in time."""
    following = asked(month.now.programme, months_later(month.first, 1))
    closes = month.now.programme.head.until
    late = by_unit(month.late(), month.now.programme)
    if late:
        yield _(
            "限期销账。{units}要对逾期事项逐项明确责任人和完成日期，在下月月报中逐项说明；"
            "确需延期的，到期前单独申请，写明理由、进展和新的日期。",
            units=_("、").join(unit.name for unit, _rows in late),
        )
    if month.last >= closes:
        yield _(
            "做好收官。行动已到{day}的期限，仍未完成的 {n} 项由各责任单位明确完成日期，完成后补报并核实销号。",
            day=fields.day(closes),
            n=sum(s.is_owed and not s.is_done and s.status != "explained" for s in month.now.standings),
        )
        return
    if coming:
        yield _(
            "提前安排到期事项。{m}月有 {n} 项到期，包括{items}，各责任单位要提前核对进度，完成后及时报送佐证材料。",
            m=months_later(month.first, 1).month,
            n=len(coming),
            items=fields.kinds(fields.titles(coming)),
        )
    if following is not None:
        yield _(
            "按时报送。{month}月报请于{day}（含当日）前报送。",
            month=fields.month(following.month),
            day=fields.day(following.asked.day),
        )


def _consequences(month: Month) -> Iterator[Block]:
    """What the plans themselves attach to the missed days."""
    for s in month.late():
        for found in month.now.programme.consequences(s.occurrence.milestone):
            if found.after in (s.occurrence.milestone.id, f"{found.plan}-{found.item}"):
                yield Paragraph(
                    _(
                        "{unit}“{title}”已逾期，方案写明：{what}",
                        unit=month.now.unit_of(s).name,
                        title=s.occurrence.milestone.title,
                        what=found.what,
                    )
                )
