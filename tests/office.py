"""LibreOffice without a window: what it saves and prints, and what a clerk types into a workbook's cells.

The clerk is a Basic macro in a profile of its own, so that nothing beyond LibreOffice itself is needed.
Each text goes through the command that a key press ends in: locked cells refuse it, and a day
or a number becomes one. (Setting a cell's value by the programming interface heeds no protection.)
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from programs import program

Typed = tuple[str, str, str]
"""Sheet, cell, and what is typed there."""

SCRIPT = """\
Sub Clerk
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("{book}", "_blank", 0, hidden())
{typing}
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = "FilterName"
  kind(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL("{saved}", kind())
  book.close(True)
  StarDesktop.terminate()
End Sub

Sub TypeIn(book, sheet, cell, words)
  view = book.CurrentController
  view.setActiveSheet(book.Sheets.getByName(sheet))
  keys = createUnoService("com.sun.star.frame.DispatchHelper")
  Dim where(0) As New com.sun.star.beans.PropertyValue
  where(0).Name = "ToPoint"
  where(0).Value = cell
  keys.executeDispatch(view.Frame, ".uno:GoToCell", "", 0, where())
  Dim what(0) As New com.sun.star.beans.PropertyValue
  what(0).Name = "StringName"
  what(0).Value = words
  keys.executeDispatch(view.Frame, ".uno:EnterString", "", 0, what())
End Sub
"""

MODULE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
{script}</script:module>
"""


def filled_by_hand(folder: Path, book: Path, cells: Sequence[Typed]) -> Path:
    """The workbook opened in LibreOffice, texts typed into its cells, and saved as another .xlsx in ``folder``."""
    saved = folder / "saved.xlsx"
    typing = "\n".join(f"  TypeIn book, {', '.join(_quoted(words) for words in typed)}" for typed in cells)
    _run(folder, SCRIPT.format(book=book.as_uri(), saved=saved.as_uri(), typing=typing))
    return saved


def _quoted(words: str) -> str:
    doubled = words.replace('"', '""')
    return f'"{doubled}"'


def _run(folder: Path, script: str) -> None:
    office = program("soffice", "libreoffice-calc-nogui")
    profile = folder / "profile"
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]

    def start(*words: str) -> None:
        subprocess.run([*command, *words], check=True, capture_output=True, timeout=180)

    # A profile is laid out when it is first used, and its module of macros replaced then.
    start("--terminate_after_init")
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(MODULE.format(script=escape(script, {'"': "&quot;"})), encoding="utf-8")
    start("macro:///Standard.Module1.Clerk")


def converted(ending: str, *files: Path) -> list[Path]:
    """Files of one folder as LibreOffice saves them in another format, in a folder below it."""
    office = program("soffice", f"libreoffice-{'writer' if files[0].suffix == '.docx' else 'calc'}-nogui")
    folder = files[0].parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", ending, "--outdir", str(folder / ending)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=180)
    return [folder / ending / f"{file.stem}.{ending}" for file in files]


def told_by(tool: str, *words: str | Path) -> str:
    """What one of the PDF tools of Poppler prints."""
    command = [program(tool, "poppler-utils"), *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=180).stdout
