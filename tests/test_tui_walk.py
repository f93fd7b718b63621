"""The walk that the README tells: the sample's October from its opening to its issue, each key counted."""

import re
import shutil
import tomllib
from datetime import date, datetime
from pathlib import Path

from screens import Seen, opened

from tracker.clocks import CHINA
from tracker.tui.county import CountyScreen
from tracker.tui.reasons import Reasons

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST = 30
NAMES = {"esc": "escape", "tab": "tab", "enter": "enter", "ctrl+s": "ctrl+s"}


def walked() -> list[tuple[list[str], str]]:
    """The README's table: the keys of each step, and what it is for."""
    section = README.partition("### 终端里的三天")[2].partition("\n#")[0]
    rows = re.findall(r"^\| ((?:<kbd>.*?)) \| (.+?) \|$", section, flags=re.MULTILINE)
    return [
        ([NAMES.get(key.lower(), key) for key in re.findall("<kbd>(.+?)</kbd>", keys)], what) for keys, what in rows
    ]


async def typed(seen: Seen, keys: list[str]) -> int:
    """Press the keys of a step, letter by letter; how many there were."""
    letters = [letter for key in keys for letter in ([key] if key in NAMES.values() else key)]
    await seen.press(*letters)
    return len(letters)


async def test_the_readme_walks_through_a_month_in_at_most_thirty_key_presses(tmp_path: Path) -> None:
    for name in ("plans", "status"):
        shutil.copytree(ROOT / name, tmp_path / name)
    steps = [keys for keys, _what in walked()]
    assert len(steps) == 5
    october = tmp_path / "status" / "liaocheng" / "2026-10"
    clock = datetime(2026, 11, 21, 9, tzinfo=CHINA)
    async with opened(
        tmp_path, (120, 40), as_of=date(2026, 10, 31), programmes=["liaocheng"], clock=lambda: clock
    ) as seen:
        pressed = await typed(seen, steps[0])
        county = seen.app.screen
        assert isinstance(county, CountyScreen)
        assert county.unit == "shenxian"
        pressed += await typed(seen, steps[1][:-1])
        assert isinstance(seen.app.screen, Reasons)
        pressed += await typed(seen, steps[1][-1:])
        pressed += await typed(seen, steps[2])
        rulings = tomllib.loads((october / "decisions.toml").read_text(encoding="utf-8"))["decision"]
        assert (rulings[-1]["kind"], rulings[-1]["file"]) == ("return", "dongchangfu.toml")
        pressed += await typed(seen, steps[3])
        rulings = tomllib.loads((october / "decisions.toml").read_text(encoding="utf-8"))["decision"]
        assert (rulings[-1]["kind"], rulings[-1]["unit"], rulings[-1]["state"]) == ("correct", "shenxian", "已完成")
        pressed += await typed(seen, steps[4])
        assert "2026-10 已定稿" in seen.toasts
    assert (october / "edition" / "manifest.toml").exists()
    assert pressed <= MOST
