"""A month's narrative.toml: the office's own words, held to the fields there are."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

from tracker.door import enter
from tracker.language import _
from tracker.narrative import COUNTED, DEFAULT, FIELD, FIGURES, OF_THE_CITY, QUOTED, Narrative, figure, quoted
from tracker.plans import Programme
from tracker.problems import Problem, nearest
from tracker.source import Source, read


def read_narrative(path: Path, shown: str, programme: Programme) -> tuple[Narrative, list[Problem]]:
    """The words of a month, without the sections that have a mistake, and every problem; no words without a file."""
    if not path.exists():
        return Narrative(), []
    source = read(path, shown)
    found, problems = enter(Narrative, source.data, source)
    problems = [*source.problems, *problems]
    if found is None or source.left_out:
        return Narrative(), problems
    for section in fields(found):
        wrong = list(_wrong(getattr(found, section.name), section.name, source, programme))
        problems += wrong
        if wrong:
            found = replace(found, **{section.name: ()})
    return found, problems


def _wrong(paragraphs: Sequence[str], section: str, source: Source, programme: Programme) -> Iterator[Problem]:
    for n, words in enumerate(paragraphs):
        at = (section, n)
        for name in FIELD.findall(words):
            if not _is_known(name, words, programme):
                hint = nearest(name, _known(programme)) or _("可以写的字段见 status/README.md。")
                yield source.problem(at, "E03", _("不认识的字段“{name}”。", name=name), hint)
        rest = FIELD.sub("", words)
        if "{" in rest or "}" in rest:
            yield source.problem(at, "E05", _("花括号没有成对。"), _("字段写成 {example}。", example="{late}"))
        if not words.strip():
            yield source.problem(at, "E04", _("这一段没有写内容。"), _("请写上文字，或删去这一段。"))
        for typed in dict.fromkeys(COUNTED.findall(rest)):
            hint = _("数字由程序填：写成字段，例如 {example}；可以写的字段见 status/README.md。", example="{late}")
            yield source.problem(at, "E05", _("“{typed}”是手写的数字。", typed=typed), hint)


def _is_known(name: str, words: str, programme: Programme) -> bool:
    if name == DEFAULT:
        return words.strip() == f"{{{DEFAULT}}}"
    quotation, found = quoted(name), figure(name)
    units = [unit.id for unit in programme.units]
    if quotation is not None:
        return quotation[1] in units
    owners = ["city", *(f"unit:{unit}" for unit in units), *(f"plan:{plan.stem}" for plan in programme.plans)]
    return found is not None and found.of in owners


def _known(programme: Programme) -> list[str]:
    """Every field that there is, for the nearest one."""
    units = [unit.id for unit in programme.units]
    owners = [*(f"unit:{unit}." for unit in units), *(f"plan:{plan.stem}." for plan in programme.plans)]
    numbers = [*FIGURES, *OF_THE_CITY, *(f"{owner}{name}" for owner in owners for name in FIGURES)]
    return [
        *numbers,
        *(f"last.{name}" for name in numbers if name != "coming"),
        *(f"{kind}:{unit}" for kind in QUOTED for unit in units),
        DEFAULT,
    ]
