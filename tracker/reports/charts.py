"""Charts as inline SVG: the geometry is pygal's, the looks are the page's own style sheet.

pygal puts a script, a style sheet and the day of drawing into its files; all that is taken out, and
what is left are shapes with class names, a title and a description for those who cannot see them.
"""

import sys
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

from tracker.language import _
from tracker.progress import BurnUp, Point
from tracker.reports import fields

WIDTH, HEIGHT = 360, 190

SVG = "http://www.w3.org/2000/svg"

KEPT = {"svg", "g", "path", "circle", "rect", "text", "title", "desc"}
"""Elements that only show."""

ATTRIBUTES = {"class", "transform", "d", "x", "y", "cx", "cy", "r", "width", "height", "viewBox"}


def burn_up(found: BurnUp, name: str) -> str:
    """A plan's way: a dashed line for what falls due, a full one with dots for what is done."""
    finders = list(sys.meta_path)
    import pygal  # noqa: PLC0415 - costs a twentieth of a second

    # It puts in an import hook of the old kind, for plugins of its own, over which later imports stumble.
    sys.meta_path[:] = finders

    most = max(1, *(p.planned for p in found.points))
    chart = pygal.Line(
        no_prefix=True,
        css=(),
        js=(),
        width=WIDTH,
        height=HEIGHT,
        margin=6,
        show_legend=False,
        include_x_axis=True,
        dots_size=3.5,
        range=(0, most),
    )
    chart.y_labels = sorted({0, round(most / 2), most})
    chart.x_labels = [_label(p) if n in _labelled(found) else "" for n, p in enumerate(found.points)]
    chart.add("planned", [p.planned for p in found.points], show_dots=False)
    chart.add("done", [p.done for p in found.points])
    return _bare(chart.render_tree(), name, description(found))


def _labelled(found: BurnUp) -> range:
    """The points whose month is written: at most seven, however long the way."""
    return range(0, len(found.points), -(-len(found.points) // 7))


def _label(p: Point) -> str:
    is_month_end = (p.on + timedelta(days=1)).day == 1
    return _("{m}月", m=p.on.month) if is_month_end else _("{m}月{d}日", m=p.on.month, d=p.on.day)


def description(found: BurnUp) -> str:
    """What the chart shows, in words."""
    said = [
        _("{day} 应完成 {planned} 项、已完成 {done} 项", day=fields.short_day(p.on), planned=p.planned, done=p.done)
        if p.done is not None
        else _("{day} 将应完成 {planned} 项", day=fields.short_day(p.on), planned=p.planned)
        for p in found.points
    ]
    return _("；").join(said) + _("。")


def _bare(drawn: Any, title: str, words: str) -> str:
    """A drawing as plain SVG: only shapes, numbers and classes, named for a screen reader."""
    root = ET.Element("svg", {"class": "chart", "role": "img", "viewBox": f"0 0 {WIDTH} {HEIGHT}"})
    ET.SubElement(root, "title").text = title
    ET.SubElement(root, "desc").text = words
    for child in drawn:
        _copy(child, root)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)


def _copy(node: Any, parent: ET.Element) -> None:
    """Copy what only shows; a title inside would be read out for every number of an axis."""
    if not isinstance(node.tag, str):
        return
    tag = node.tag.rpartition("}")[2]
    if tag not in KEPT - {"title", "desc", "svg"} or node.get("class") == "tooltip":
        return
    copied = ET.SubElement(parent, tag, {k: v for k, v in node.attrib.items() if k in ATTRIBUTES})
    copied.text = (node.text or "").strip() or None
    for child in node:
        _copy(child, copied)
