"""A paper as sections, tables and notes, with no format in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Align = Literal["left", "centre", "right"]

Form = Literal["bulletin", "report", "letter", "form", "sheet"]
"""Which template a paper takes: 下行文 and 上行文 under a red head, 信函格式, a form to be filled in by hand, and one
sheet in small type for a reader inside."""


@dataclass(frozen=True)
class Heading:
    """A heading of the body: level 1 is 一、, level 2 is （一）."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, its share of the width, how its cells stand."""

    title: str
    width: int
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """Cells as people read them; ``empty`` is said instead of a table without rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""
    height: float = 0
    """Millimetres that a row has at least: room to write in."""
    is_large: bool = False
    """Whether it is read across a desk."""


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Annex:
    """An annex on pages of its own."""

    title: str
    blocks: tuple[Block, ...]
    is_wide: bool = True
    """Whether it wants the page turned."""


@dataclass(frozen=True)
class Document:
    """A paper: the issuer's head, a title, whom it is for, the body, a signature, annexes."""

    letterhead: str
    title: str
    addressee: str
    body: tuple[Block, ...]
    signature: str
    signed_on: str
    number: str = ""
    """文号; blank until the office gives one."""
    signer: str | None = None
    """签发人 of a paper to a higher level: blank until signed; None where there is none."""
    notice: str = ""
    """A line above everything: 示例数据."""
    annexes: tuple[Annex, ...] = ()
    fingerprint: str = ""
    """sha256 over the inputs; for the file's properties, never in the text."""
    form: Form = "bulletin"
    copies: str = ""
    """抄送; empty where nobody gets a copy."""
    remark: str = ""
    """附注, in brackets below the day."""
    templates: Path | None = None
    """The folder with the office's own templates; those that it lacks are the program's."""
