"""Commands that show the whole at a glance: the lights, the leaders' page."""

import sys
from typing import Any

from tracker import lights, page_listings
from tracker import summary as page
from tracker.calls import Call, Exit
from tracker.commands import shared
from tracker.language import _
from tracker.terminal import columns


def matrix(call: Call) -> int:
    """``matrix``: the county × plan lights, and the rule they follow."""
    wanted = shared.wanted(call, shared.planned(call))
    said = []
    for snapshot in shared.one_by_one(call):
        found = lights.matrix(snapshot, wanted)
        if call.args.json:
            said += lights.matrix_rows(snapshot.programme, found)
        elif found.units:
            shared.title(snapshot, _("县区 × 方案"), wanted.words(snapshot.programme))
            page_listings.print_matrix(sys.stdout, found, columns())
    return _ended(call, said)


def summary(call: Call) -> int:
    """``summary``: the leaders' page."""
    said = []
    for snapshot in shared.one_by_one(call):
        found = page.summary(snapshot)
        if call.args.json:
            said.append(page.summary_row(snapshot, found))
        else:
            shared.title(snapshot, _("总览"))
            page_listings.print_summary(sys.stdout, snapshot, found, columns())
    return _ended(call, said)


def _ended(call: Call, said: list[dict[str, Any]]) -> int:
    """The rows, or the rule of the lights that were shown."""
    if call.args.json:
        shared.print_json(said)
    else:
        sys.stderr.write(lights.cell_rule() + "\n")
    return Exit.WELL
