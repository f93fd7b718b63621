"""One line of a TOML file as its writer meant it: signs, dates, numbers, quotes.

Text in, text out: whether what comes out is TOML is for ``toml`` to say.
``certain`` is what can mean only one thing; ``guesses`` are for a person to judge.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import MINYEAR

from tracker.language import _

LONGEST = 1000
"""Characters of a line that somebody may have typed; longer ones are not looked into."""

_FULL_WIDTH = {
    **dict(zip("，、【】［］｛｝：＝＃．－＿“”＂‘’＇\u3000\xa0", ",,[][]{}==#.-_\"\"\"'''  ", strict=True)),
    **{chr(n): chr(n - 0xFEE0) for first, last in ("０９", "ａｚ", "ＡＺ") for n in range(ord(first), ord(last) + 1)},
}

_QUOTES = "“”‘’＂＇"
_TEXT = r"""("(?:\\.|[^"\\])*"|'[^']*'|#.*)"""
_TEXT_OR_SIGN = re.compile(_TEXT + rf"""|["{_QUOTES}]([^"{_QUOTES}]*)["{_QUOTES}]|"[^"]*$|.""")
_WHOLE_TEXT = re.compile(rf"""(?P<before>\s*[\w.-]+\s*=\s*)["{_QUOTES}](?P<text>[^"\\]*)["{_QUOTES}](?P<after>\s*)$""")

HEADER = re.compile(r"\s*([\[【［]+)\s*([\w.-]+)\s*([\]】］]*)\s*(?:#.*)?$")
"""The first line of a table, whole or damaged."""


@dataclass(frozen=True)
class Meant:
    """A line as it was probably meant."""

    reason: str
    """What is wrong with the line as it stands."""
    line: str
    """Empty where only the writer can know."""
    column: int = 0
    """Where; 0 leaves that to the reader."""
    hint: str = ""
    """What to do, where that is more than to write the line."""


# --- what is certain ---


def first_wide(line: str) -> int:
    """Where the first full-width sign stands in place of an ASCII one, or -1.

    Not in a text or a comment, save for the quotes that should end a text.
    """
    if len(line) > LONGEST:
        return -1
    bare = re.sub(_TEXT, lambda found: "\0" * len(found[0]), line)
    text = bare.find('"')
    outside = bare if text < 0 else bare[:text]
    ends = len(bare.rstrip()) - 1 if text >= 0 and bare.rstrip().endswith(tuple(_QUOTES)) else -1
    return next((n for n, c in enumerate(outside) if c in _FULL_WIDTH), ends)


def signs(line: str) -> str:
    """The line with ASCII signs, digits and quotes outside its texts and comments."""
    if first_wide(line) < 0:
        return line
    whole = _WHOLE_TEXT.match(line)
    if whole and _is_balanced(whole["text"]) and any(c in _QUOTES for c in whole["text"]):
        # “他说“好””: quotes inside the text stay as they are.
        line = f'{whole["before"]}"{whole["text"]}"{whole["after"]}'
    return _TEXT_OR_SIGN.sub(_half_width, line)


def _half_width(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    return _FULL_WIDTH.get(found[0], found[0]) if found[2] is None else f'"{found[2]}"'


def _is_balanced(text: str) -> bool:
    """Whether Chinese quotes come in pairs, each opened before it is closed."""
    depth = 0
    for c in text:
        depth += {"“": 1, "”": -1}.get(c, 0)
        if depth < 0:
            return False
    return depth == 0


_DATE = re.compile(
    _TEXT + r"""|(?P<before>[=\[,]\s*)(?P<day>(?P<y>\d{4})(?:\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]"""
    r"""|(?P<sign>[/.-])(?P<m2>\d{1,2})(?P=sign)(?P<d2>\d{1,2})[日号]?))(?=\s*(?:$|[,\]}#]))"""
)


def dates(line: str) -> str:
    """The line with the dates that a person can read as TOML writes them, if there is such a day."""
    return _DATE.sub(_as_date, line)


def _as_date(found: re.Match[str]) -> str:
    day = _day(found)
    return f"{found['before']}{day}" if day and 1 <= int(day[-2:]) <= _last_day(day) else found[0]


def _day(found: re.Match[str]) -> str:
    return f"{found['y']}-{found['m'] or found['m2']:0>2}-{found['d'] or found['d2']:0>2}" if found["day"] else ""


def _last_day(day: str) -> int:
    """The last day of a day's month; 0 where there is no such month."""
    year, month = int(day[:4]), int(day[5:7])
    return monthrange(year, month)[1] if year >= MINYEAR and 1 <= month <= 12 else 0  # noqa: PLR2004


def certain(line: str) -> str:
    """The line with everything mended that can mean only one thing."""
    return dates(signs(line))


# --- what is likely ---


def header(line: str, lists: Collection[str]) -> str:
    """The header that a line is or was meant to be, where ``lists`` have two brackets; empty if it is none."""
    found = HEADER.match(line)
    if not found:
        return ""
    is_list = found[2] in lists or max(len(found[1]), len(found[3])) > 1
    return f"[[{found[2]}]]" if is_list else f"[{found[2]}]"


def damaged_header(line: str, lists: Collection[str]) -> Meant | None:
    """The header that a damaged one was meant to be."""
    found = HEADER.match(line)
    meant = header(line, lists)
    if not found or meant == f"{found[1]}{found[2]}{found[3]}":
        return None
    wide = first_wide(line)
    if wide >= 0:
        return Meant(wide_words(line, wide), meant, wide + 1, _("改成英文符号：{fixed}", fixed=meant))
    if len(found[1]) == len(found[3]):
        return Meant(_("“{name}”是一条一条的，要用两层方括号。", name=found[2]), meant, found.start(1) + 1)
    return Meant(_("方括号没有配对。"), meant)


def closed(line: str) -> str:
    """A value whose bracket is open, with the bracket that closes it; empty if there is none."""
    found = _VALUE.match(line)
    value = found["value"].rstrip(", ") if found else ""
    closing = {"[": "]", "{": "}"}.get(value[:1])
    return f"{found['before']}{value}{closing}{found['after']}" if found and closing else ""


_VALUE = re.compile(r"(?P<before>\s*[\w.-]+\s*=\s*)(?P<value>(?:(?!#)\S+(?:\s+(?!#)\S+)*)?)(?P<after>\s*(?:#.*)?)$")
"""``key = value  # comment``; a value's own ``#`` has no space before it."""


def guesses(line: str) -> Iterator[Meant]:
    """What the line may have been meant to be, the likeliest first. A reader must judge each."""
    if len(line) > LONGEST:
        return
    mended = certain(line)
    wide = first_wide(line)
    if mended != line:
        if wide >= 0:
            yield Meant(wide_words(line, wide), mended, wide + 1, _("改成英文符号：{fixed}", fixed=mended.strip()))
        else:
            found = next(found for found in _DATE.finditer(line) if _as_date(found) != found[0])
            yield Meant(_("日期的写法不对。"), mended, found.start("day") + 1)
    for guess in _GUESSES:
        for meant in guess(mended):
            yield meant if wide < 0 else Meant(wide_words(line, wide), meant.line, wide + 1, meant.hint)
    if mended != line:
        # What looked like signs to be mended may belong to a text that does not end.
        yield from (meant for guess in _GUESSES for meant in guess(line))


def wide_words(line: str, wide: int) -> str:
    """What is wrong with the full-width sign at ``wide``."""
    if line[wide].isspace():
        return _("用了中文（全角）空格。")
    return _("用了中文（全角）符号“{wide}”。", wide=line[wide])


def _no_such_day(line: str) -> Iterator[Meant]:
    for found in _DATE.finditer(line):
        day = _day(found)
        last = _last_day(day) if day else 0
        if last and int(day[-2:]) > last:
            fixed = f"{line[: found.start('day')]}{day[:8]}{last}{line[found.end('day') :]}"
            hint = _("请核对是哪一天；这个月的最后一天写成：{fixed}", fixed=fixed.strip())
            yield Meant(_("没有 {day} 这一天。", day=day), fixed, found.start("day") + 1, hint)


def _bare_month(line: str) -> Iterator[Meant]:
    found = _VALUE.match(line)
    month = re.fullmatch(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*月?", found["value"]) if found else None
    if found and month:
        fixed = f'{found["before"]}"{month[1]}-{month[2]:0>2}"{found["after"]}'
        yield Meant(_("月份要加英文引号。"), fixed, found.start("value") + 1)


def _half_a_date(line: str) -> Iterator[Meant]:
    found = _VALUE.match(line)
    if found and re.fullmatch(r"(\d{4}年)?\d{1,2}月(\d{1,2}[日号]|底|末|初|[上中下]旬)?以?前?", found["value"]):
        hint = _("日期写成 2026-10-31 这样，不加引号。")
        yield Meant(_("日期要写全年、月、日。"), "", found.start("value") + 1, hint)


def _number_with_words(line: str) -> Iterator[Meant]:
    found = _VALUE.match(line)
    if found is None:
        return
    value = found["value"]
    number = re.fullmatch(r"""([+-]?\d+(?:\.\d+)?)\s*[^\d\s.,:/"'+\[\]{}-][^\d"'\[\]{}]{,3}""", value)
    if number:
        fixed = f"{found['before']}{number[1]}{found['after']}"
        yield Meant(_("数字后面不能写别的字。"), fixed, found.start("value") + number.end(1) + 1)
    elif re.fullmatch(r"[1-9]\d{,2}(,\d{3})+", value):
        fixed = f"{found['before']}{value.replace(',', '')}{found['after']}"
        yield Meant(_("数字里不能有逗号。"), fixed, found.start("value") + value.index(",") + 1)
    elif re.fullmatch(r"0+[1-9]\d*", value):
        yield Meant(_("数字前面不要写 0。"), f"{found['before']}{value.lstrip('0')}{found['after']}")


def _no_equals(line: str) -> Iterator[Meant]:
    found = re.match(r"(\s*[A-Za-z]\w*)(?:\s*:\s*|\s+(?=[\"'\[\d]))(\S.*)$", line)
    if found:
        fixed = f"{found[1]} = {found[2]}"
        for written in (fixed, *(meant.line for meant in _unquoted(fixed))):
            yield Meant(_("名称后面缺少英文等号“=”。"), written, found.end(1) + 1)


def _no_value(line: str) -> Iterator[Meant]:
    found = _VALUE.match(line)
    if found and not found["value"]:
        column = len(found["before"].rstrip()) + 1
        yield Meant(_("等号后面没有写内容。"), "", column, _("请写上内容；没有可写的就删去这一行。"))


def _unpaired_quote(line: str) -> Iterator[Meant]:
    found = _VALUE.match(line)
    if found is None or line.count('"') != 1:
        return
    before, value, after = found["before"], found["value"], found["after"]
    if value.startswith('"'):
        yield Meant(_("引号没有配对。"), f'{before}{value}"{after}', found.end("value") + 1)
    elif value.endswith('"'):
        yield Meant(_("引号没有配对。"), f'{before}"{value}{after}', found.start("value") + 1)


def _quotes_within(line: str) -> Iterator[Meant]:
    found = _VALUE.match(line)
    text = re.fullmatch(r'"([^\\]*"[^\\]*)"', found["value"]) if found else None
    if not found or not text:
        return
    if re.search(r'"\s*,\s*"', text[1]):
        fixed = f"{found['before']}[{found['value']}]{found['after']}"
        yield Meant(_("几项内容要用方括号括起来。"), fixed, found.start("value") + 1)
    parts = text[1].split('"')
    if len(parts) % 2 and all(part.strip() for part in parts[1::2]):
        inner = "".join(part + "“”"[n % 2] for n, part in enumerate(parts[:-1])) + parts[-1]
        column = found.start("value") + len(parts[0]) + 2
        yield Meant(_("文字里面又有英文引号。"), f'{found["before"]}"{inner}"{found["after"]}', column)


def _backslash(line: str) -> Iterator[Meant]:
    found = _VALUE.match(line)
    text = re.fullmatch(r"\"([^\"']*\\[^\"']*)\"", found["value"]) if found else None
    if found and text:
        fixed = f"{found['before']}'{text[1]}'{found['after']}"
        yield Meant(_("文字里有反斜杠“\\”。"), fixed, line.index("\\") + 1)


def _unclosed(line: str) -> Iterator[Meant]:
    fixed = closed(line)
    if fixed:
        yield Meant(_("括号没有配对。"), fixed, len(fixed.partition("=")[0]) + 3)


_WORDS = re.compile(
    r"""(?!(?:true|false|\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]?[\d日号\s]*)$)"""
    r"""(?:[^\W\d][^"'=]*|\d[^"'=]*[\u4e00-\u9fff][^"'=]*)""",
    re.IGNORECASE,
)
"""A value that was meant as a text: it begins with a letter, or is no date and has Chinese in it."""


def _unquoted(line: str) -> Iterator[Meant]:
    found = _VALUE.match(line)
    if not found:
        return
    value = found["value"]
    if value[:1] == "[" and value[-1] == "]":
        words = [word.strip() for word in value[1:-1].split(",") if word.strip()]
        written = f"[{', '.join(_quoted(word) for word in words)}]"
    else:
        written = _quoted(value)
    if written != value:
        yield Meant(_("文字没有加英文引号。"), f"{found['before']}{written}{found['after']}")


def _quoted(word: str) -> str:
    return f'"{word}"' if _WORDS.fullmatch(word) else word


_NAMES = {
    "单位": "unit", "报送单位": "unit", "月份": "month",
    "填报人": "prepared_by", "审核人": "checked_by", "负责人": "approved_by",
    "主要做法": "practices", "存在问题": "difficulties", "意见建议": "suggestions",
    "编号": "item", "事项": "item", "状态": "state", "办理状态": "state",
    "完成日期": "done_on", "截至日期": "as_of", "核实日期": "verified_on",
    "完成数": "done", "总数": "total", "佐证": "evidence", "佐证材料": "evidence",
    "原因": "cause", "措施": "measure", "预计完成": "promised_on", "预计完成日期": "promised_on",
    "等谁": "waiting_on", "备注": "note", "说明": "note",
}  # fmt: skip
"""What clerks call the keys of a submission."""


def _chinese_name(line: str) -> Iterator[Meant]:
    found = re.match(r"(\s*)([\u4e00-\u9fff]+)(\s*=.*)$", line)
    if found and found[2] in _NAMES:
        reason = _("名称要用英文：“{chinese}”写 {name}。", chinese=found[2], name=_NAMES[found[2]])
        fixed = f"{found[1]}{_NAMES[found[2]]}{found[3]}"
        for written in (fixed, *(meant.line for meant in _unquoted(fixed))):
            yield Meant(reason, written, len(found[1]) + 1)


_GUESSES: tuple[Callable[[str], Iterator[Meant]], ...] = (
    _no_such_day,
    _bare_month,
    _half_a_date,
    _number_with_words,
    _chinese_name,
    _no_equals,
    _no_value,
    _unpaired_quote,
    _quotes_within,
    _backslash,
    _unclosed,
    _unquoted,
)
