"""The office's own words in the bulletin: every number a field, every mistake a problem at its line."""

from datetime import datetime
from pathlib import Path

import pytest
from tiny import CHINA, build, decision, head, receipt, see

from tracker.checking import check_files, check_workspace
from tracker.cli import main
from tracker.counts import counts
from tracker.narrative import FIGURES, OF_THE_CITY, QUOTED, Figure, Narrative, figure, quoted
from tracker.problems import Problem
from tracker.reports import paper
from tracker.reports.document import Heading, Paragraph
from tracker.reports.narrated import Narrator
from tracker.snapshot import Snapshot
from tracker.workspace import Workspace

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=CHINA)
FILE = "2026-10/narrative.toml"
SHOWN = f"status/city/{FILE}"
EAST = (
    head(more='practices = "每周 2 次调度。"')
    + '[[update]]\nitem = "mine-2@2026-10"\nstate = "已完成"\ndone_on = 2026-10-20\n'
)
MONTH = {"2026-10/east.toml": EAST, "2026-10/receipts.toml": receipt("east.toml", EAST, "2026-11-01T09:00:00+08:00")}


def sections(snapshot: Snapshot) -> dict[str, list[str]]:
    """The paragraphs of the bulletin under its first-level headings."""
    found: dict[str, list[str]] = {}
    name = ""
    for block in paper(snapshot).body:
        if isinstance(block, Heading) and block.level == 1:
            name = block.text
        elif isinstance(block, Heading | Paragraph):
            found.setdefault(name, []).append(block.text)
    return found


def told(tmp_path: Path, text: str) -> list[Problem]:
    """What check says of a narrative."""
    build(tmp_path, {**MONTH, FILE: text})
    return [p for p in check_workspace(Workspace(tmp_path), ["city"]) if p.place.file == SHOWN]


def one(words: str) -> str:
    """A narrative of one paragraph."""
    return f"problems = [\n    '''{words}''',\n]\n"


def test_without_a_file_the_program_s_words_stand(tmp_path: Path) -> None:
    snapshot = see(tmp_path, MONTH)
    assert snapshot.narrative == Narrative()
    plain = sections(snapshot)
    assert any("（二）任务逾期" in line for line in plain["三、存在问题"])


def test_a_section_is_the_office_s_and_the_others_stay(tmp_path: Path) -> None:
    before = sections(see(tmp_path / "a", MONTH))
    after = sections(see(tmp_path / "b", {**MONTH, FILE: 'achievements = ["甲。", "乙。"]\n'}))
    assert after["二、工作成效"] == ["甲。", "乙。"]
    assert {k: v for k, v in after.items() if k != "二、工作成效"} == {
        k: v for k, v in before.items() if k != "二、工作成效"
    }


def test_the_program_s_words_can_stand_among_the_office_s(tmp_path: Path) -> None:
    before = sections(see(tmp_path / "a", MONTH))
    after = sections(see(tmp_path / "b", {**MONTH, FILE: 'demands = ["先说。", "{default}", "后说。"]\n'}))
    assert after["四、下步要求"] == ["先说。", *before["四、下步要求"], "后说。"]


def test_every_number_is_the_one_that_the_manifest_lists(tmp_path: Path) -> None:
    names = [name for name in FIGURES if name != "rate"]
    owners = ["", "unit:east.", "plan:mine."]
    words = "；".join(f"{{{owner}{name}}}" for owner in owners for name in names)
    snapshot = see(tmp_path, {**MONTH, FILE: one(words)})
    of = {c.of: c for c in counts(snapshot)}
    expected = [str(getattr(of[o], n)) for o in ("city", "unit:east", "plan:mine") for n in names]
    assert sections(snapshot)["三、存在问题"] == ["；".join(expected)]
    assert of["city"].late > of["unit:east"].late > 0


def test_rate_last_month_units_and_what_comes(tmp_path: Path) -> None:
    words = "{rate} {unit:east.rate} {last.rate} {last.late} {late} {reported} {units} {coming}"
    snapshot = see(tmp_path, {**MONTH, FILE: one(words)})
    said = sections(snapshot)["三、存在问题"][0].split()
    of = {c.of: c for c in counts(snapshot)}
    city, east = of["city"], of["unit:east"]
    assert said[0] == f"{100 * city.on_time / city.owed:.1f}%"
    assert said[1] == f"{100 * east.on_time / east.owed:.1f}%"
    last = {c.of: c for c in counts(snapshot.on(datetime(2026, 9, 30, tzinfo=CHINA).date()))}["city"]
    assert said[2:5] == [f"{100 * last.on_time / last.owed:.1f}%", str(last.late), str(city.late)]
    assert said[4] != said[3]
    assert said[5:7] == ["1", "3"]
    coming = next(line for line in sections(see(tmp_path / "b", MONTH))["四、下步要求"] if "项到期" in line)
    assert f"有 {said[7]} 项到期" in coming


def test_a_rate_of_nothing_owed_is_in_words(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {**MONTH, FILE: one("{unit:west.rate}")}, as_of=datetime(2026, 8, 31, tzinfo=CHINA).date())
    august = see(tmp_path, {"2026-08/narrative.toml": one("{last.rate}")}, datetime(2026, 8, 31, tzinfo=CHINA).date())
    assert snapshot.narrative == Narrative()
    assert sections(august)["三、存在问题"] == ["无应完成事项"]


def test_a_unit_s_own_words_are_quoted_numbers_and_all(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {**MONTH, FILE: one("东山县：{practices:east}西湖：{difficulties:west}")})
    assert sections(snapshot)["三、存在问题"] == ["东山县：每周 2 次调度。西湖：（没有写）"]


def test_braces_in_a_unit_s_words_are_words(tmp_path: Path) -> None:
    east = head(more='practices = "{late} {default} {{ 标题 }}"')
    snapshot = see(tmp_path, {"2026-10/east.toml": east, FILE: one("{practices:east}")})
    assert sections(snapshot)["三、存在问题"] == ["{late} {default} {{ 标题 }}"]


def test_an_objection_takes_the_item_out_of_the_numbers_here_too(tmp_path: Path) -> None:
    objection = decision("object", "east", "2026-11-01T09:00:00+08:00", 'item = "mine-1"')
    files = {**MONTH, FILE: one("{unit:east.late}")}
    before = see(tmp_path / "a", files)
    after = see(tmp_path / "b", {**files, "2026-10/decisions.toml": objection})
    [first], [second] = (sections(s)["三、存在问题"] for s in (before, after))
    assert int(first) == int(second) + 1


# --- mistakes ---


@pytest.mark.parametrize(
    "words",
    [
        "逾期14项",
        "逾期 14 项",
        "共5家",
        "3个单位",
        "90.1%",
        "90.1％",
        "逾期31天",
        "漏报２期",
        "提高 0.5 个百分点",
        "1３ 项",
    ],
)
def test_a_number_typed_by_hand_is_a_mistake(words: str, tmp_path: Path) -> None:
    [problem] = told(tmp_path, one(f"全市{words}。"))
    assert (problem.code, problem.place.line) == ("E05", 2)
    assert "手写的数字" in problem.message
    assert "{late}" in problem.hint
    assert see(tmp_path, {**MONTH, FILE: one(f"全市{words}。")}).narrative == Narrative()


@pytest.mark.parametrize(
    "words",
    [
        "于2026年11月20日前报送", "甲安办〔2026〕12号", "第19项", "第1９项", "2026年10月份", "10个工作日内", "3个月内",
        "5天内", "5日内", "3 天以内", "7天前", "逾期{late}项", "{unit:east.late}项", "一是抓紧", "三项制度",
    ],
)  # fmt: skip
def test_days_terms_numbers_of_papers_and_fields_are_none(words: str, tmp_path: Path) -> None:
    assert told(tmp_path, one(words)) == []


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ("laet", "late"), ("unit:eas.late", "unit:east.late"), ("plan:min.done", "plan:mine.done"),
        ("practices:eats", "practices:east"), ("last.coming", ""), ("unit:east.coming", ""), ("unit:east", ""),
        ("late!r", "late"), ("late.__class__", ""), ("", "status/README.md"), ("last.unit:east.units", ""),
    ],
)  # fmt: skip
def test_a_field_that_there_is_not_is_named_with_the_nearest(field: str, hint: str, tmp_path: Path) -> None:
    [problem] = told(tmp_path, one(f"逾期{{{field}}}项"))
    assert (problem.code, problem.place.line) == ("E03", 2)
    assert f"“{field}”" in problem.message
    assert hint in problem.hint


def test_default_stands_alone(tmp_path: Path) -> None:
    [problem] = told(tmp_path, one("另外，{default}"))
    assert problem.code == "E03"


@pytest.mark.parametrize("words", ["逾期{late项", "逾期late}项", "{{late}}"])
def test_braces_come_in_pairs(words: str, tmp_path: Path) -> None:
    assert ("E05", "花括号没有成对。") in [(p.code, p.message) for p in told(tmp_path, one(words))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('problem = ["甲"]\n', "E03"),
        ('problems = "甲"\n', "E05"),
        ('problems = ["  "]\n', "E04"),
        ('problems = ["甲\n', "E02"),
    ],
)
def test_the_file_has_its_form(text: str, code: str, tmp_path: Path) -> None:
    assert code in [p.code for p in told(tmp_path, text)]
    assert see(tmp_path, {**MONTH, FILE: text}).narrative == Narrative()


def test_one_section_s_mistake_leaves_the_others(tmp_path: Path) -> None:
    text = 'achievements = ["做了。"]\nproblems = ["逾期14项。"]\n'
    assert see(tmp_path, {**MONTH, FILE: text}).narrative == Narrative(achievements=("做了。",))


def test_check_judges_the_file_alone_too_and_report_says_that_something_is_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [problem] = told(tmp_path, one("逾期14项"))
    assert check_files(Workspace(tmp_path), ["city"], [tmp_path / SHOWN]) == [problem]
    assert main(["report", "2026-10"], NOW, tmp_path) == 0
    said = capsys.readouterr()
    assert "逾期14项" not in said.out
    assert "tracker check" in said.err


def test_sealing_waits_for_it_and_archives_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path, {**MONTH, FILE: one("逾期14项")})
    assert main(["seal", "2026-10", "--by", "刘某"], NOW, tmp_path) == 1
    assert SHOWN in capsys.readouterr().err
    build(tmp_path, {FILE: one("逾期 {late} 项，要抓紧。")})
    assert main(["seal", "2026-10", "--by", "刘某"], NOW, tmp_path) == 0
    edition = tmp_path / "status/city/2026-10/edition"
    assert SHOWN in (edition / "manifest.toml").read_text(encoding="utf-8")
    assert "项，要抓紧。" in (edition / "bulletin.md").read_text(encoding="utf-8")
    (tmp_path / SHOWN).write_text(one("后来改的话。"), encoding="utf-8")
    assert main(["audit"], NOW, tmp_path) == 0


def test_other_words_are_another_fingerprint(tmp_path: Path) -> None:
    first = see(tmp_path, {**MONTH, FILE: one("甲。")}).fingerprint
    assert first == see(tmp_path, {**MONTH, FILE: one("甲。")}).fingerprint
    assert first != see(tmp_path, {**MONTH, FILE: one("乙。")}).fingerprint


def test_fields_are_read_as_what_they_ask_for() -> None:
    assert figure("late") == Figure("late")
    assert figure("last.plan:mine.late") == Figure("late", "plan:mine", is_last=True)
    assert figure("practices:east") is None
    assert quoted("practices:east") == ("practices", "east")
    assert quoted("late") is None


def test_what_check_would_refuse_is_never_filled_in(tmp_path: Path) -> None:
    snapshot = see(tmp_path, MONTH)
    with pytest.raises(ValueError, match="laet"):
        list(Narrator(snapshot, snapshot).section(["{laet}"], []))


def test_the_guide_names_every_field() -> None:
    guide = (Path(__file__).parent.parent / "status" / "README.md").read_text(encoding="utf-8")
    for name in (*FIGURES, *OF_THE_CITY):
        assert f"`{{{name}}}`" in guide
    for name in QUOTED:
        assert f"`{{{name}:" in guide
