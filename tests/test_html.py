"""The leaders' page as one HTML file: it holds what the views say, runs nothing, fetches nothing, obeys no county."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
import tiny
from sample import KNOWN_BY, october, sample

from tracker import language
from tracker.progress import burn_ups, counted, goals, horizons, in_cell
from tracker.reports import leaders as sheet
from tracker.reports import leaders_html, leaders_page
from tracker.reports.document import Table
from tracker.snapshot import Snapshot
from tracker.summary import summary

EMPTY = {"meta", "br", "hr", "img", "input", "link", "rect", "path", "circle"}


@dataclass
class Node:
    """An element: its name, attributes, and what is in it."""

    tag: str
    attributes: dict[str, str]
    inside: "list[Node | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words, with single spaces."""
        return " ".join("".join(n if isinstance(n, str) else n.text for n in self.inside).split())

    def all(self, tag: str, of_class: str = "") -> "list[Node]":
        """Every element of that name (and class) within."""
        return [
            n
            for n in self.walk()
            if n.tag == tag and (not of_class or of_class in n.attributes.get("class", "").split())
        ]

    def walk(self) -> "Iterator[Node]":
        """Every element within, in order."""
        for n in self.inside:
            if isinstance(n, Node):
                yield n
                yield from n.walk()


class Reader(HTMLParser):
    """The standard library's parser, building nodes; an element left open or closed twice is a failure."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]
        self.declared: list[str] = []

    def handle_decl(self, decl: str) -> None:
        """``doctype html``."""
        self.declared.append(decl)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in EMPTY:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element with nothing in it."""
        self.open[-1].inside.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """An element ends: the last that began."""
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        """Words."""
        self.open[-1].inside.append(data)


def read(written: bytes) -> Node:
    """A page as nodes."""
    reader = Reader()
    reader.feed(written.decode())
    reader.close()
    assert len(reader.open) == 1
    assert reader.declared == ["doctype html"]
    return reader.open[0]


@cache
def page() -> Node:
    """Its page."""
    return read(leaders_html(october()))


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><b>粗</b>",
    "{{ 7*7 }}{% raw %}",
    "&lt;i&gt;",
    "\u202egnp.exe\u2066",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "👩\u200d👩\u200d👧 \x1b[31m",
    "javascript:alert(1)",
    "](x)|=1+1",
]


def hostile(root: Path) -> Snapshot:
    """A programme whose every free word is an attempt."""

    def toml(words: str) -> str:
        return '"' + words.encode("unicode_escape").decode().replace("\\x", "\\u00").replace('"', '\\"') + '"'

    name, title, cause = toml("".join(HOSTILE[:3])), toml("".join(HOSTILE[3:6])), toml("，".join(HOSTILE))
    programme = tiny.PROGRAMME.replace('"东山县"', name).replace('"甲市安全生产行动"', toml(HOSTILE[0]))
    mine = tiny.MINE.replace('"公布包保名单"', title).replace('short = "矿山"', f"short = {toml(HOSTILE[1])}")
    said = (
        f'[[update]]\nitem = "mine-1"\nstate = "受阻"\ncause = {cause}\nmeasure = {cause}\nwaiting_on = {cause}\n'
        "promised_on = 2026-11-30\n"
    )
    files = {
        "2026-10/east.toml": tiny.head()
        + said
        + said.replace("mine-1", "mine-7").replace("state", "done = 1\ntotal = 4\nstate")
    }
    return tiny.see(root, files, plans={"programme.toml": programme, "mine.toml": mine})


# --- it holds what the views say ---


def test_the_figures_are_the_summarys_and_open_to_their_rows() -> None:
    found, rows = summary(october()), counted(october())
    assert found.before is not None
    lengths = [
        len(rows.owed),
        len(rows.done),
        len(rows.verified),
        len(rows.not_on_time),
        len(rows.late),
        found.not_reported,
    ]
    expected = [
        (str(found.now.owed), str(found.before.owed)),
        (str(found.now.done), str(found.before.done)),
        (str(found.now.verified), str(found.before.verified)),
        (f"{found.now.rate:.1f}%", f"{found.before.rate:.1f}%"),
        (str(found.now.late), str(found.before.late)),
        (str(found.not_reported), str(found.not_reported_before)),
    ]
    tiles = page().all("details", "tile")
    assert len(tiles) == 6
    for tile, (now, before), length in zip(tiles, expected, lengths, strict=True):
        assert tile.all("strong")[0].text == now
        assert tile.all("span", "before")[0].text == f"上月 {before}"
        assert len(tile.all("li")) == length
        assert "open" not in tile.attributes


def test_the_late_rows_lead_to_file_line_and_clause() -> None:
    late = page().all("details", "tile")[4]
    assert "高危场所无人化" in late.all("li")[0].text
    sheets = {n.attributes["id"]: n for n in page().all("article")}
    for row, standing in zip(late.all("li"), counted(october()).late, strict=True):
        reasons = sheets[row.all("a")[0].attributes["href"][1:]]
        assert [h.text for h in reasons.all("h4")][:6] == ["结论", "规则", "日期推算", "记录", "审核意见", "方案依据"]
        if standing.record is not None:
            assert f"{standing.record.update.place}" in reasons.text
        assert october().plan_of(standing).head.title in reasons.text
        assert f"任务 {standing.occurrence.milestone.item} " in reasons.text


def test_every_link_leads_to_something_on_the_page_and_every_name_is_once() -> None:
    names = [n.attributes["id"] for n in page().walk() if "id" in n.attributes]
    assert len(names) == len(set(names))
    links = {a.attributes["href"] for a in page().all("a")}
    assert links == {f"#{name}" for name in names}


def test_the_matrix_is_the_words_of_the_sheet_and_its_cells_open() -> None:
    found = summary(october()).matrix
    rows = page().all("table")[0].all("tr")[1:]
    matrix = [b for b in leaders_page(october()).body if isinstance(b, Table)][1]
    assert [tuple(c.text for c in row.all("th") + row.all("td")) for row in rows] == list(matrix.rows)
    sheets = {n.attributes["id"]: n for n in page().all("article")}
    for row, unit in zip(rows, found.units, strict=True):
        for cell, plan in zip(row.all("td")[:-1], found.plans, strict=True):
            opened = [len(sheets[a.attributes["href"][1:]].all("li")) for a in cell.all("a")]
            assert sum(opened) == len(in_cell(october(), unit.id, plan.stem))
        assert row.all("td")[-1].all("a") == []


def test_worst_next_and_waiting_are_those_of_the_sheet() -> None:
    found = summary(october())
    tables = [b for b in leaders_page(october()).body if isinstance(b, Table) and b.rows]
    worst, coming, waiting = page().all("ol")
    assert [li.all("span", "note")[0].text for li in worst.all("li")] == [row[1] for row in tables[2].rows]
    assert [li.all("span", "note")[0].text for li in coming.all("li")] == [row[3] for row in tables[2].rows]
    assert len(waiting.all("li")) == len(found.waiting)
    reasons = [p.text for p in waiting.all("p")]
    assert reasons == [sheet.reason(group) for group in found.waiting if sheet.reason(group)]
    assert [p.text for p in page().all("section", "sentences")[0].all("p")] == list(sheet.sentences(october(), found))


def test_the_days_ahead_are_counted_and_open_to_their_groups() -> None:
    folds = page().all("div", "horizons")[0].all("details")
    for fold, horizon in zip(folds, horizons(october()), strict=True):
        assert fold.all("span", "count")[0].text == f"{horizon.count} 项"
        assert len(fold.all("li")) == len(horizon.groups)
    assert folds[1].all("summary")[0].text.startswith("31—60 天（12-01—12-30）")


def test_every_target_has_its_bar_and_a_hundred_only_where_it_is_reached() -> None:
    bars = page().all("a", "goal")
    found = goals(october())
    assert [b.all("bdi")[0].text.partition("（")[0] for b in bars] == [
        g.standings[0].occurrence.milestone.title for g in found
    ]
    for bar, goal in zip(bars, found, strict=True):
        number = bar.all("span", "number")[0].text
        assert number.startswith(f"{int(goal.progress.share)}% ")
        assert ("100%" in number) <= (goal.progress.share >= 100)
        assert bar.all("title")[0].text


def test_each_plan_has_a_chart_that_says_in_words_what_it_shows() -> None:
    charts = page().all("svg", "chart")
    found = burn_ups(october())
    assert [c.all("title")[0].text for c in charts] == [b.plan.head.short for b in found]
    for chart, burn_up in zip(charts, found, strict=True):
        words = chart.all("desc")[0].text
        for p in burn_up.points:
            assert f"{p.on} {'应完成' if p.done is not None else '将应完成'} {p.planned} 项" in words
        assert chart.attributes["role"] == "img"
        assert len(chart.all("circle")) == sum(p.done is not None for p in burn_up.points)
        assert [t.text for t in chart.all("text")][:3] == ["0", str(round(burn_up.planned / 2)), str(burn_up.planned)]
    css = page().all("style")[0].text
    assert re.search(r"\.serie-0 \.line[^}]*stroke-dasharray", css)


# --- it runs nothing and fetches nothing ---


def test_the_policy_allows_its_own_style_and_nothing_else() -> None:
    policy = next(m for m in page().all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy")
    [style] = page().all("style")
    assert isinstance(style.inside[0], str)
    digest = b64encode(sha256(style.inside[0].encode()).digest()).decode()
    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style.text
    assert "@import" not in style.text


@pytest.mark.parametrize("which", ["sample", "hostile"])
def test_nothing_runs_and_nothing_comes_from_outside(which: str, tmp_path: Path) -> None:
    found = page() if which == "sample" else read(leaders_html(hostile(tmp_path)))
    names = {n.tag for n in found.walk()}
    assert not names & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "base",
        "image",
        "use",
        "b",
        "i",
    }
    for n in found.walk():
        assert not {a for a in n.attributes if a.startswith("on")}
        assert not {"src", "srcset", "style", "action", "xlink:href", "background"} & n.attributes.keys()
        assert n.attributes.get("href", "#").startswith("#")


def test_what_counties_write_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    written = leaders_html(hostile(tmp_path)).decode()
    found = read(written.encode())
    for words in (HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[3], HOSTILE[4], HOSTILE[6], HOSTILE[8], HOSTILE[9]):
        assert words in found.text
    assert "49" not in found.all("h1")[0].text
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x1b]", written)
    assert "\ufffdgnp.exe" in found.text
    assert found.all("h1")[0].text == f"{HOSTILE[0]}进展情况一页"
    assert len(found.all("style")) == 1
    for row in found.all("span", "what"):
        assert row.all("bdi")


def test_equal_inputs_give_equal_bytes_and_the_fingerprint_is_no_text() -> None:
    first = leaders_html(sample())
    assert first == leaders_html(sample(known_by=KNOWN_BY + timedelta(hours=1)))
    marks = {m.attributes["name"]: m.attributes["content"] for m in page().all("meta") if "name" in m.attributes}
    assert marks["fingerprint"] == october().fingerprint
    assert october().fingerprint not in page().text
    assert marks["viewport"] == "width=device-width, initial-scale=1"


# --- days without much to say ---


def test_a_day_on_which_nothing_is_known_is_a_whole_page(tmp_path: Path) -> None:
    found = read(leaders_html(tiny.see(tmp_path, as_of=date(2026, 8, 1))))
    assert [p.text for p in found.all("p", "none")] == [
        "没有填报数字的目标。",
        "没有当期逾期的事项。",
        "没有受阻或待上级明确的事项。",
    ]
    assert found.all("details", "tile")[0].all("strong")[0].text == "0"
    over = read(leaders_html(tiny.see(tmp_path, as_of=date(2026, 12, 31))))
    assert "60 天内没有到期的事项。" in [p.text for p in over.all("p", "none")]


def test_a_unit_that_did_not_report_in_time_is_named_with_its_file(tmp_path: Path) -> None:
    text = tiny.head()
    files = {
        "2026-10/east.toml": text,
        "2026-10/receipts.toml": tiny.receipt("east.toml", text, "2026-11-05T09:00:00+08:00"),
    }
    rows = read(leaders_html(tiny.see(tmp_path, files))).all("details", "tile")[5].all("li")
    assert [row.text for row in rows] == [
        "■ 东山县 status/city/2026-10/east.toml 迟报 11-05 09:00",
        "■ 高新区 未报",
        "■ 市局 未报",
    ]


def test_it_prints_on_paper_with_everything_closed() -> None:
    css = page().all("style")[0].text
    printed = css[css.index("@media print") :]
    assert "@page { size: A4;" in css
    assert re.search(r"details > :not\(summary\), \.screen, \.sheet, \.sheet:target[^{]*\{ display: none; \}", printed)
    assert "prefers-color-scheme: dark" in css


def test_the_page_names_its_language() -> None:
    assert page().all("html")[0].attributes["lang"] == "zh-CN"
    language.use("en")
    try:
        assert read(leaders_html(october())).all("html")[0].attributes["lang"] == "en"
    finally:
        language.use("zh")
