"""Commands that show the whole at a glance: the lights, the leaders' page."""

import sys

from tracker import lights, page_listings
from tracker import summary as page
from tracker.calls import Call, Exit
from tracker.commands import shared
from tracker.language import _


def matrix(call: Call) -> int:
    """``matrix``: the county × plan lights, and the rule they follow."""
    snapshots = shared.snapshots(call)
    wanted = shared.wanted(call, [s.programme for s in snapshots])
    if call.args.json:
        shared.print_json([row for s in snapshots for row in lights.matrix_rows(s.programme, lights.matrix(s, wanted))])
        return Exit.WELL
    for snapshot in snapshots:
        found = lights.matrix(snapshot, wanted)
        if found.units:
            shared.title(snapshot, _("县区 × 方案"), wanted.words(snapshot.programme))
            page_listings.print_matrix(sys.stdout, found, shared.columns())
    sys.stderr.write(lights.cell_rule() + "\n")
    return Exit.WELL


def summary(call: Call) -> int:
    """``summary``: the leaders' page."""
    snapshots = shared.snapshots(call)
    if call.args.json:
        shared.print_json([page.summary_row(snapshot, page.summary(snapshot)) for snapshot in snapshots])
        return Exit.WELL
    for snapshot in snapshots:
        shared.title(snapshot, _("总览"))
        page_listings.print_summary(sys.stdout, snapshot, page.summary(snapshot), shared.columns())
    sys.stderr.write(lights.cell_rule() + "\n")
    return Exit.WELL
