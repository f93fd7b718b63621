"""Seal the sample's months anew: ``python tests/sample_editions.py``, after a change of the sample or of the rules.

August and September 2026 of 聊城 are issued; October is left to whoever learns how.
"""

import shutil
import sys
from datetime import datetime
from pathlib import Path

from tracker.cli import main
from tracker.clocks import CHINA

ROOT = Path(__file__).parent.parent

MONTHS = {
    "2026-08": (datetime(2026, 9, 2, 18, 0, tzinfo=CHINA), "示例〔2026〕9号"),
    "2026-09": (datetime(2026, 10, 2, 16, 0, tzinfo=CHINA), "示例〔2026〕10号"),
}
"""When each was issued, and under which number."""


def seal_again(root: Path = ROOT) -> None:
    """Take the sample's editions away and seal them as on their days."""
    status = root / "status" / "liaocheng"
    for folder in (status / "archive", *(status / month / "edition" for month in MONTHS)):
        shutil.rmtree(folder, ignore_errors=True)
    for month, (moment, number) in MONTHS.items():
        code = main(["seal", month, "-P", "liaocheng", "--by", "刘某", "--number", number], moment, root)
        if code:
            sys.exit(code)


if __name__ == "__main__":
    seal_again()
