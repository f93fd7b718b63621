"""One unit's month, done in every way there is: the same facts give the same standings."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from books import CELLS, COLUMN, PEOPLE, filled, row_of
from office import Typed, filled_by_hand
from pilots import driven, screen, type_
from tiny import CHINA, LATER, OCTOBER_END, build, changed, head, see

from tracker.cli import main
from tracker.decision_files import read_receipts
from tracker.filling.draft import Draft
from tracker.forms import form
from tracker.problems import Place
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.tui.fill import FillApp
from tracker.workbook.layout import EVENT_FIELDS, EVENTS, FIRST_ROW, ITEM, SCHEDULE, SHEET, letter
from tracker.workspace import Workspace

NOW = datetime(2026, 11, 2, 16, 40, tzinfo=CHINA)

SEPTEMBER = head(month="2026-09") + '[[update]]\nitem = "chem-1"\nstate = "推进中"\ndone = 12\n'
"""What is not named in October and stands unchanged."""

LATE = {"cause": "资金没有到位", "measure": "已经列入预算", "promised_on": "2026-12-20"}
FACTS = {
    "mine-1": {"state": "推进中", **LATE},
    "mine-2@2026-09": {"state": "受阻", **LATE, "waiting_on": "市财政局"},
    "chem-3": {"state": "已完成", "done_on": "2026-10-20", "evidence": "评估报告;会议纪要"},
    "mine-2@2026-10": {"state": "已完成", "done_on": "2026-10-28"},
    "mine-7": {
        "state": "推进中", "done": "9", "total": "14",
        "until": "2027-01-31", "reason": "设备没有到货", "progress": "改造了九座",
    },
}  # fmt: skip
"""What the unit says of October, each value as it is typed."""

EVENT = {"kind": "试生产开始", "ref": "2026-01", "name": "加氢装置", "planned": "2026-10-12", "actual": "2026-10-15"}
PRACTICES = "逐矿过堂"
STATES = {"未启动": "1", "推进中": "2", "受阻": "3", "已完成": "4", "不涉及": "5"}
DAYS, NUMBERS, EXTENSION = ("done_on", "promised_on", "until"), ("done", "total"), ("until", "reason", "progress")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace in which September was reported."""
    return build(tmp_path / "w", {"2026-09/east.toml": SEPTEMBER})


def sent_out(root: Path, name: str) -> Path:
    """The form as the city sends it out."""
    assert main(["form", "--unit", "east", "--month", "2026-10", "-o", name], NOW, root) == 0
    return root / name


# --- the ways ---


def as_toml(root: Path) -> Path:
    """The form's head with the names typed in, and the entries written below."""
    path = sent_out(root, "form.toml")
    text = path.read_text(encoding="utf-8").partition("# ======== 一、")[0]
    for key, name in PEOPLE.items():
        text = text.replace(f'{key} = ""', f'{key} = "{name}"')
    text += f'practices = "{PRACTICES}"\n'
    for item, said in FACTS.items():
        text += f'\n[[update]]\nitem = "{item}"\n'
        text += "".join(f"{key} = {_as_toml(key, words)}\n" for key, words in said.items() if key not in EXTENSION)
        if "until" in said:
            text += "[update.request_extension]\n"
            text += "".join(f"{key} = {_as_toml(key, said[key])}\n" for key in EXTENSION)
    text += "\n[[event]]\n" + "".join(f"{key} = {_as_toml(key, words)}\n" for key, words in EVENT.items())
    path.write_text(text, encoding="utf-8")
    return path


def _as_toml(key: str, words: str) -> str:
    if key == "evidence":
        return "[" + ", ".join(f'"{name}"' for name in words.split(";")) + "]"
    return words if key in (*DAYS, *NUMBERS, "planned", "actual") else f'"{words}"'


def as_workbook(root: Path) -> Path:
    """The workbook filled in by a library."""
    path = sent_out(root, "form.xlsx")
    path.write_bytes(filled(path.read_bytes(), FACTS, {"practices": PRACTICES}, [EVENT]))
    return path


def by_hand(root: Path) -> Path:
    """The workbook filled in by a script inside LibreOffice."""
    path = sent_out(root, "form.xlsx")
    sheet = openpyxl.load_workbook(path)[SHEET]
    cells: list[Typed] = [(SHEET, CELLS[key], name) for key, name in PEOPLE.items()]
    cells += [(SHEET, CELLS["rest"], "是"), (SHEET, CELLS["practices"], PRACTICES)]
    for item, said in FACTS.items():
        row = row_of(sheet, item)
        cells += [(SHEET, f"{letter(COLUMN[key] - 1)}{row}", words) for key, words in said.items()]
    cells += [(EVENTS, f"{letter(n)}3", EVENT[field.key]) for n, field in enumerate(EVENT_FIELDS)]
    return filled_by_hand(root, path, cells)


def on_the_screen(root: Path) -> Path:
    """The form in the terminal, filled in by keys."""
    snapshot = see(root)
    draft = Draft.open(Workspace(root), snapshot, form(snapshot, "east", snapshot.clocks.month), root / "out")
    asyncio.run(_press(draft))
    assert draft.written is not None
    return draft.written


async def _press(draft: Draft) -> None:
    async with driven(FillApp(draft), size=(120, 40)) as pilot:

        async def write(page: str, said: dict[str, str]) -> None:
            for key, words in said.items():
                screen(pilot).go(page, key)
                await pilot.pause()
                if not draft.text(page, key):
                    await type_(pilot, words)

        await write("", {**PEOPLE, "practices": PRACTICES})
        for item, said in FACTS.items():
            screen(pilot).go(item)
            await pilot.press(STATES[said["state"]], *(["escape", "x"] if "until" in said else []))
            await pilot.pause()
            await write(item, {key: words for key, words in said.items() if key != "state"})
        await pilot.press("escape", "a")
        await pilot.pause()
        await write(draft.at, EVENT)
        await pilot.press("escape", "f")
        await pilot.pause()


# --- the same ---


def received(root: Path, path: Path) -> Snapshot:
    """What is known once the file was received."""
    assert main(["receive", str(path)], NOW, root) == 0
    receipts, problems = read_receipts(root / "status/city/2026-10/receipts.toml", "receipts.toml")
    assert problems == []
    assert [(one.file, one.updates, one.held) for one in receipts] == [("east.toml", len(FACTS), 0)]
    return see(root, as_of=OCTOBER_END, known_by=LATER)


def standings(snapshot: Snapshot) -> list[Standing]:
    """Where the unit's items stand, whatever line of a file that comes from."""
    return [_anywhere(s) for s in snapshot.standings if s.occurrence.unit == "east"]


def _anywhere(s: Standing) -> Standing:
    if s.record is None:
        return s
    return changed(s, record=replace(s.record, update=replace(s.record.update, place=Place(""))))


WAYS = [as_workbook, on_the_screen, pytest.param(by_hand, marks=pytest.mark.needs_program)]


@pytest.mark.parametrize("way", WAYS)
def test_the_same_month_gives_the_same_standings_in_whatever_way_it_was_done(
    root: Path, tmp_path: Path, way: Callable[[Path], Path]
) -> None:
    by_toml = build(tmp_path / "toml", {"2026-09/east.toml": SEPTEMBER})
    expected = standings(received(by_toml, as_toml(by_toml)))
    by_item = {s.occurrence.id: (s.status, s.asserted is not None) for s in expected}
    assert by_item["mine-1"] == ("overdue", True)
    assert by_item["chem-3"] == by_item["mine-2@2026-10"] == ("done", True)
    assert by_item["chem-1"] == ("contributing", True)
    assert by_item["mine-3a@2026-01"] == ("unreported", False)
    assert standings(received(root, way(root))) == expected


@pytest.mark.needs_program
def test_locked_cells_refuse_what_is_typed_and_open_ones_take_it(root: Path) -> None:
    path = sent_out(root, "form.xlsx")
    before = openpyxl.load_workbook(path)
    row = row_of(before[SHEET], "mine-1")
    locked = [
        (SHEET, "A1"),
        (SHEET, f"C{row}"),
        (SHEET, f"E{row}"),
        (SHEET, f"{letter(ITEM)}{row}"),
        (SHEET, f"H{FIRST_ROW + 1}"),
        (SHEET, f"H{FIRST_ROW + 2}"),
        (EVENTS, "A2"),
        (SCHEDULE, "B3"),
    ]
    cells = [*((sheet, cell, "改了") for sheet, cell in locked), (SHEET, f"H{row}", "推进中"), (EVENTS, "C3", "改了")]
    after = openpyxl.load_workbook(filled_by_hand(root, path, cells))
    for sheet, cell in locked:
        assert after[sheet][cell].value == before[sheet][cell].value, (sheet, cell)
    assert (after[SHEET][f"H{row}"].value, after[EVENTS]["C3"].value) == ("推进中", "改了")
    assert all(sheet.protection.sheet for sheet in (after[SHEET], after[EVENTS], after[SCHEDULE]))
