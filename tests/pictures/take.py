"""Take the README's pictures anew: what a real terminal shows, and the first page of the Word file.

    python tests/pictures/take.py

Needs tmux, Chromium, LibreOffice and poppler (Debian: tmux chromium libreoffice-writer-nogui poppler-utils).
"""

import html
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
COLUMNS, LINES = 104, 64
COLOURS = {"31": "#ff6b6b", "33": "#ffd166", "32": "#7bd88f", "90": "#8b949e"}
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #0d1117; }}
pre {{ margin: 0; padding: 22px 26px; color: #e6edf3; font: 16px/1.42 "Noto Sans Mono CJK SC", monospace; }}
</style><pre>{text}</pre>"""


def run(*command: str) -> str:
    """Run a program; what it printed."""
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def screen(command: str) -> str:
    """What a terminal shows after a command, with its colours."""
    name = "tracker-picture"
    subprocess.run(["tmux", "kill-session", "-t", name], check=False, capture_output=True)
    shell = f"PS1='$ ' PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH bash --norc"
    run("tmux", "-u", "new-session", "-d", "-s", name, "-x", str(COLUMNS), "-y", str(LINES), shell)
    run("tmux", "send-keys", "-t", name, f"clear; {command}", "Enter")
    time.sleep(4)
    shown = run("tmux", "capture-pane", "-e", "-p", "-t", name)
    run("tmux", "kill-session", "-t", name)
    return f"$ {command}\n" + shown.rstrip().removesuffix("$").rstrip() + "\n"


def as_html(shown: str) -> str:
    """A captured screen as a page."""
    parts = []
    for piece in re.split(r"(\x1b\[[\d;]*m)", shown):
        colour = re.fullmatch(r"\x1b\[([\d;]*)m", piece)
        if colour is None:
            parts.append(html.escape(piece))
        else:
            parts.append("</span>" + f'<span style="color:{COLOURS.get(colour[1], "inherit")}">')
    return PAGE.format(text="<span>" + "".join(parts) + "</span>")


def picture(shown: str, target: Path) -> None:
    """A captured screen as a PNG."""
    with tempfile.TemporaryDirectory() as temporary:
        page = Path(temporary) / "page.html"
        page.write_text(as_html(shown), encoding="utf-8")
        height = 46 + round(22.8 * (shown.count("\n") + 1))
        run(
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={temporary}/profile", f"--window-size=1010,{height}",
            f"--screenshot={target}", page.as_uri(),
        )  # fmt: skip


def main() -> None:
    """All pictures of the README."""
    picture(screen("tracker summary -P liaocheng --as-of 2026-10-31 2>/dev/null"), HERE / "summary.png")
    picture(screen("tracker why shenxian chemical-19 --as-of 2026-10-31"), HERE / "why.png")
    with tempfile.TemporaryDirectory() as temporary:
        paper = Path(temporary) / "paper.docx"
        run(sys.executable, "-m", "tracker", "report", "2026-10", "-o", str(paper))
        run("soffice", "--headless", "--convert-to", "pdf", "--outdir", temporary, str(paper))
        run("pdftoppm", "-r", "60", "-png", "-singlefile", f"{temporary}/paper.pdf", str(HERE / "bulletin"))


if __name__ == "__main__":
    main()
