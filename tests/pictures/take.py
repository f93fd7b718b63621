"""Take the README's pictures anew: what a real terminal shows, and the first page of the Word file.

    python tests/pictures/take.py

Needs tmux, Chromium, LibreOffice and poppler (Debian: tmux chromium libreoffice-writer-nogui poppler-utils).
"""

import html
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wcwidth import wcwidth

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
COLUMNS, LINES = 104, 64
COLOURS = {"31": "#ff6b6b", "33": "#ffd166", "32": "#7bd88f", "90": "#8b949e"}
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #0d1117; }}
pre {{ margin: 0; padding: 22px 26px; color: #e6edf3; font: 16px/1.42 "Noto Sans Mono CJK SC", monospace; }}
</style><pre>{text}</pre>"""

FRAMES = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #8b949e; display: flex; gap: 24px; }}
iframe {{ border: 0; width: 360px; height: 780px; background: #fff; }}
</style>{frames}"""


FONTS = (
    """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include>
"""
    + "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{free}</string></edit>{more}</match>'
        for name, free, more in (
            ("方正小标宋简体", "Noto Serif CJK SC", '<edit name="weight" mode="assign"><const>bold</const></edit>'),
            ("仿宋_GB2312", "Noto Serif CJK SC", ""),
            ("楷体_GB2312", "Noto Serif CJK SC", ""),
            ("黑体", "Noto Sans CJK SC", ""),
        )
    )
    + "</fontconfig>"
)
"""What stands for the fonts of the papers, which are not free."""


APP = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #14181f; color: #e4e8ee; font: 16px "Noto Sans Mono CJK SC", monospace; }}
div {{ height: 22px; white-space: pre; padding: 0 8px; }}
span {{ display: inline-block; height: 22px; line-height: 22px; vertical-align: top; }}
b {{ display: inline-block; width: 8px; height: 22px; vertical-align: top; font: 13px/22px "DejaVu Sans Mono"; }}
</style>{lines}"""


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


def app(target: Path) -> None:
    """The terminal app's first screen, 120 columns by 40 lines, as a terminal with all colours shows it."""
    server = ("tmux", "-u", "-L", "tracker-pictures")
    shell = f"PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH COLORTERM=truecolor"
    command = f"{shell} {sys.executable} -m tracker ui -P liaocheng --as-of 2026-10-31"
    run(*server, "-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", command)
    run(*server, "set", "-ag", "terminal-overrides", ",*:Tc")
    time.sleep(6)
    shown = run(*server, "capture-pane", "-e", "-p", "-N").rstrip("\n")
    run(*server, "kill-server")
    lines = "".join(f"<div>{line}</div>" for line in spans(shown))
    with tempfile.TemporaryDirectory() as temporary:
        page = Path(temporary) / "page.html"
        page.write_text(APP.format(lines=lines), encoding="utf-8")
        chromium(temporary, page.as_uri(), "--window-size=976,880", f"--screenshot={target}")


def spans(shown: str) -> list[str]:
    """A captured screen's lines as HTML, each run of one look a span."""
    look: dict[str, str] = {}
    lines = []
    for line in shown.split("\n"):
        parts = []
        for piece in re.split(r"(\x1b\[[\d;]*m)", line):
            codes = re.fullmatch(r"\x1b\[([\d;]*)m", piece)
            if codes is not None:
                turn(look, [int(code or 0) for code in codes[1].split(";")])
            elif piece:
                style = ";".join(f"{key}:{value}" for key, value in look.items())
                parts.append(f'<span style="{style}">{narrowed(html.escape(piece))}</span>')
        lines.append("".join(parts))
    return lines


def narrowed(piece: str) -> str:
    """The piece with each sign held to one column that a terminal shows in one and the pictures' font in two."""
    return "".join(f"<b>{c}</b>" if not c.isascii() and wcwidth(c) == 1 else c for c in piece)


LOOKS = {
    1: ("font-weight", "bold"), 2: ("opacity", "0.6"), 4: ("text-decoration", "underline"),
    22: ("font-weight opacity", ""), 24: ("text-decoration", ""), 39: ("color", ""), 49: ("background", ""),
}  # fmt: skip


def turn(look: dict[str, str], codes: list[int]) -> None:
    """Change a look as a terminal would."""
    while codes:
        code = codes.pop(0)
        if code in (38, 48) and codes[:1] == [2]:
            look["color" if code == 38 else "background"] = "rgb({},{},{})".format(*codes[1:4])
            del codes[:4]
        elif code == 0:
            look.clear()
        else:
            names, value = LOOKS.get(code, ("", ""))
            for name in names.split():
                look[name] = value
                if not value:
                    del look[name]


def chromium(temporary: str, page: str, *options: str) -> None:
    """Run Chromium on a page without a window and without leaving anything behind."""
    run(
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--allow-file-access-from-files", f"--user-data-dir={temporary}/profile", *options, page,
    )  # fmt: skip


def leaders() -> None:
    """The leaders' page printed on A4, and on a phone 360 points wide with one reasoning open."""
    with tempfile.TemporaryDirectory() as temporary:
        page = Path(temporary) / "leaders.html"
        run(sys.executable, "-m", "tracker", "report", "2026-10", "--page", "-o", str(page))
        printed = f"{temporary}/printed.pdf"
        chromium(temporary, page.as_uri(), "--no-pdf-header-footer", f"--print-to-pdf={printed}")
        run("pdftoppm", "-r", "88", "-gray", "-png", "-singlefile", printed, str(HERE / "leaders-a4"))
        phones = Path(temporary) / "phones.html"
        before, _named, _after = page.read_text("utf-8").partition(">莘县　监测数据接入")
        opened = re.findall(r'<article class="sheet" id="(w\d+)"', before)[-1]
        shown = [page.as_uri(), f"{page.as_uri()}#{opened}"]
        frames = "".join(f"<iframe src={one!r}></iframe>" for one in shown)
        phones.write_text(FRAMES.format(frames=frames), encoding="utf-8")
        options = (
            "--force-device-scale-factor=1",
            "--window-size=744,780",
            f"--screenshot={HERE / 'leaders-phone.png'}",
        )
        chromium(temporary, phones.as_uri(), *options)


def papers() -> None:
    """Pages of the Word files: the bulletin's first and an annex of it, a unit's report, a letter, 依据单."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "fonts.conf").write_text(FONTS, encoding="utf-8")
        tracker = (sys.executable, "-m", "tracker")
        run(*tracker, "report", "2026-10", "-o", str(folder / "bulletin.docx"))
        run(*tracker, "report", "2026-10", "--unit", "chiping", "-o", str(folder / "report.docx"))
        run(
            *tracker,
            "why",
            "shenxian",
            "chemical-19",
            "--as-of",
            "2026-11-21",
            "--sheet",
            "-o",
            str(folder / "sheet.docx"),
        )
        run(*tracker, "letters", "--unit", "gaotang", "--as-of", "2026-11-21", "--draft", str(folder))
        next(iter(sorted(folder.glob("*督促*.docx")))).rename(folder / "letter.docx")
        for name, page in (("bulletin", 1), ("bulletin", 7), ("report", 1), ("letter", 1), ("sheet", 1)):
            picture_of_page(folder / f"{name}.docx", page, HERE / (name if page == 1 else f"{name}-annex"))


def picture_of_page(paper: Path, page: int, target: Path) -> None:
    """A page of a Word file as LibreOffice lays it out, with free fonts of the same kinds."""
    command = ("soffice", "--headless", "--convert-to", "pdf", "--outdir", str(paper.parent), str(paper))
    fonts = {**os.environ, "FONTCONFIG_FILE": str(paper.parent / "fonts.conf")}
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=fonts)
    pages = ("-f", str(page), "-l", str(page), "-singlefile")
    run("pdftoppm", "-r", "72", "-png", *pages, str(paper.with_suffix(".pdf")), str(target))


def main() -> None:
    """All pictures of the README."""
    app(HERE / "overview.png")
    picture(screen("tracker summary -P liaocheng --as-of 2026-10-31 2>/dev/null"), HERE / "summary.png")
    picture(screen("tracker why shenxian chemical-19 --as-of 2026-10-31"), HERE / "why.png")
    papers()
    leaders()


if __name__ == "__main__":
    main()
