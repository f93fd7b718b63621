"""An enterprise's objection in the app: entered at the finding, ruled on there or among what waits, taken back."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from checklisted import BAD, PLANS, files, ruled, sheet_text
from screens import Seen, opened
from tiny import build

from tracker.tui.asking import Ask
from tracker.tui.score_sheet import ScoreScreen
from tracker.tui.words import Words

KEPT = "status/city/checklist/2026-Q3/decisions.toml"
TO_THE_VETO = ("7", "down", "down", "down", "enter", "down", "down")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two enterprises in the third quarter; the second failed by a veto."""
    return build(tmp_path / "w", files(north=sheet_text(), south=BAD), PLANS)


def said(seen: Seen, selector: str) -> str:
    return str(seen.app.screen.query_one(selector, Words).content)


def kept(root: Path) -> list[dict[str, Any]]:
    path = root / KEPT
    rulings: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["decision"] if path.exists() else []
    return rulings


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_an_objection_is_entered_upheld_and_taken_back(root: Path, size: tuple[int, int]) -> None:
    async with opened(root, size=size) as seen:
        await seen.press(*TO_THE_VETO, "y")
        seen.whole()
        assert isinstance(seen.app.screen, Ask)
        assert "示例南矿有限公司　2026-Q3　11 分，不合格" in seen.text
        assert "1.1.A1　没有责任制" in seen.text
        await seen.press(*"孙某", "enter", *"有文件", "enter")
        assert [(d["kind"], d["by"], d["reason"], d["finding"]) for d in kept(root)] == [
            ("object", "孙某", "有文件", "1.1.A1")
        ]
        assert "［有异议］A级否决：没有责任制" in seen.cells("#lines")[3][2]
        assert "有异议待裁定、裁定前照扣的：1.1.A1。" in said(seen, "#totals")
        seen.whole()
        await seen.press("y")
        assert isinstance(seen.app.screen, ScoreScreen)
        # Who rules is at the keyboard; who objected is not.
        await seen.press("a", *"文件是真的", "enter")
        assert (kept(root)[-1]["kind"], kept(root)[-1]["granted"], kept(root)[-1]["by"]) == ("answer", True, "刘某")
        assert seen.heading == "示例南矿有限公司　2026-Q3　合格"
        assert seen.cells("#lines")[3] == ("", "1.1.A1", "　［异议采纳，不扣］A级否决：没有责任制", "", "", "")
        assert "考核扣 不扣（原扣 15）" in said(seen, "#about")
        seen.whole()
        await seen.press("u", *"再看", "enter")
        assert kept(root)[-1]["kind"] == "undo"
        assert seen.heading == "示例南矿有限公司　2026-Q3　不合格，有异议待裁定"
        await seen.press("r", *"没有盖章", "enter")
        assert kept(root)[-1]["granted"] is False
        assert seen.heading == "示例南矿有限公司　2026-Q3　不合格"


async def test_what_an_enterprise_denies_waits_among_the_rest(root: Path) -> None:
    (root / KEPT).write_text(ruled("object", "south.toml", BAD, "1.1.A1"), encoding="utf-8")
    async with opened(root) as seen:
        await seen.press("9")
        assert seen.cells("#waiting")[:2] == [
            ("异议待裁定 1 项",),
            (
                "东山县",
                "示例南矿有限公司　2026-Q3 考核表",
                "没有责任制：有机构",
                "2026-09-21",
                "有异议待裁定",
                "1.1.A1",
            ),
        ]
        await seen.press("enter")
        assert isinstance(seen.app.screen, ScoreScreen)
        await seen.press("escape", "h")
        assert kept(root)[-1]["kind"] == "object"
        await seen.press("r", *"没有文件", "enter")
        assert (kept(root)[-1]["kind"], kept(root)[-1]["granted"]) == ("answer", False)
        assert all("异议" not in row[0] for row in seen.cells("#waiting"))


async def test_a_line_without_an_objection_is_of_the_sheet_as_a_whole(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("7", "down", "down", "down", "enter", "y", "r", *"重做", "enter")
        assert kept(root)[-1]["kind"] == "return"
        assert "finding" not in kept(root)[-1]
        assert "这一期的考核表不在了" in seen.text


async def test_what_changed_since_it_was_seen_is_refused(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press(*TO_THE_VETO, "y")
        (root / KEPT).write_text(ruled("object", "south.toml", BAD, "1.1.A1"), encoding="utf-8")
        await seen.press(*"孙某", "enter", *"有文件", "enter")
        assert "没有写入" in seen.text
        assert len(kept(root)) == 1
