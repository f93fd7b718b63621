"""silences.toml: what the office does not want to see again, checked."""

from pathlib import Path

from tracker.door import enter, tables
from tracker.language import _
from tracker.plans import Programme
from tracker.problems import Problem, nearest
from tracker.silences import CODES, Silence
from tracker.source import Source, read


def read_silences(path: Path, shown: str, programme: Programme) -> tuple[tuple[Silence, ...], list[Problem]]:
    """The silences of a programme, those that are right, and every problem; none where there is no file."""
    if not path.exists():
        return (), []
    source = read(path, shown)
    problems = list(source.problems)
    problems += [
        source.problem((key,), "E03", _("不认识的名称“{name}”。", name=key), "[[silence]]")
        for key in source.data
        if key != "silence"
    ]
    good = []
    for n, entry in enumerate(tables(source, "silence", problems)):
        silence, found = enter(Silence, entry, source, ("silence", n))
        if silence is not None:
            found += _problems(silence, source, n, programme)
        problems += found
        # Of a file with lines that cannot be read none: what is missing may be what narrows it.
        if silence is not None and not found and not source.left_out:
            good.append(silence)
    return tuple(good), problems


def _problems(s: Silence, source: Source, n: int, programme: Programme) -> list[Problem]:
    """What a silence's keys and types do not show."""
    at = ("silence", n)
    found = []
    units = [unit.id for unit in programme.units]
    if s.code not in CODES:
        hint = nearest(s.code, CODES) or _("可以写：{values}。", values=_("、").join(CODES))
        found.append(source.problem((*at, "code"), "E06", _("没有提示“{code}”。", code=s.code), hint))
    if s.unit is not None and s.unit not in units:
        message = _("没有报送单位“{unit}”。", unit=s.unit)
        found.append(source.problem((*at, "unit"), "E08", message, nearest(s.unit, units)))
    base = s.item.partition("@")[0] if s.item is not None else ""
    if base and base not in programme.milestones:
        message = _("没有节点“{item}”。", item=s.item)
        found.append(source.problem((*at, "item"), "E07", message, nearest(base, programme.milestones)))
    found += [
        source.problem((*at, key), "E04", _("没有写{what}。", what=what), _('请补上一行：{key} = "…"', key=key))
        for key, what in (("reason", _("理由")), ("by", _("是谁定的")))
        if not getattr(s, key).strip()
    ]
    return found
