"""The encoded annex against numbers typed from the annex, and what a checklist's file is held to."""

from pathlib import Path

import pytest
from checklisted import CHECKLIST, DUTY, ENTERPRISES, PLANS, checklist, programme_with
from tiny import MINE

from tracker.checklists import Otherwise, Sampling, Veto
from tracker.plan_files import load

ROOT = Path(__file__).parent.parent

ANNEX: dict[str, tuple[float, str, str, str]] = {
    # Typed from the annex: content -> points; clauses and points per what; vetoes with their conditions; samples.
    "实施准备": (2, "1:2 1:1/项 2:2/项 3:2 4:0.5/人", "", ""),
    "教育培训": (5, "1:3 2:1/项 3:1/人", "", "5人"),
    "制定职责清单": (13, "1:1/个岗位 2:2/处 3:1/人·处 4:2 5:2/人 6:2/人", "B8(1) A15(1)", "10个岗位 10个岗位 5个岗位"),
    "风险单元划分": (3, "1:1 2:1/处 3:1/个岗位 4:2/项", "B3(2)", ""),
    "危险源辨识": (12, "1:1/处 2:1/处 3:0.5/处 3:2/项 4:0.5/项 5:1/人", "", "5人 2个岗位 3个岗位"),
    "风险评估与判定": (5, "1:1 2:0.5/项", "B2(1) A5(1)", ""),
    "逐岗制定": (20, "1:2/个岗位 2:1/项 3:1/项 4:1/项 5:2/项 6:1/人次", "B20(2)", "20%10个岗位 100% 50%"),
    "风险告知": (5, "1:1/个 2:1/人", "B5(1)", "10人"),
    "信息化基础管理": (10, "1:1/个岗位 2:1/项 3:1/个岗位", "A10(2)", "10%10个岗位"),
    "风险管控和隐患排查": (10, "1:1/项 2:1/个岗位 3:1/项 4:5/项", "A15(2)", "10个岗位"),
    "隐患治理": (5, "1:2/项 2:1/项 3:2/项 4:2/项 5:3/次", "B5(1) A15(1)", ""),
    "评审更新及奖惩": (8, "1:1/项 2:3/次 3:1/处", "", ""),
    "融合建设与效果": (2, "1:2 2:2/起", "A10(1)", ""),
}

INDICATORS = {
    "基本要求": 20,
    "岗位危险源辨识": 15,
    "风险评估": 5,
    "岗位措施清单": 25,
    "隐患排查治理信息化": 25,
    "持续运行与改进": 10,
}

REQUIREMENTS = [4, 2, 5, 3, 4, 2, 7, 2, 3, 6, 4, 3, 2]
"""Numbered basic requirements a content, and the unnumbered first sentence of 制定职责清单."""


def minimum(s: Sampling) -> str:
    share = f"{s.share:g}%" if s.share is not None else ""
    return share + (f"{s.at_least}{s.unit}" if s.at_least is not None else "")


def test_the_annex_is_encoded_number_for_number() -> None:
    programme, problems = load(ROOT / "plans", "liaocheng")
    assert programme is not None
    assert problems == []
    annex = programme.checklist("mine-checklist")
    assert (annex.head.full, annex.head.pass_mark, annex.head.every) == (100, 80, "quarter")
    assert {i.title: i.points for i in annex.indicator} == INDICATORS
    contents = list(annex.contents)
    assert sum(c.points for c in contents) == 100
    assert [len(c.requirement) for c in contents] == REQUIREMENTS
    found = {
        c.title: (
            c.points,
            " ".join(
                f"{d.id.rpartition('.')[2].rstrip('ab')}:{d.points:g}" + (f"/{d.per}" if d.per else "")
                for d in c.deduction
            ),
            " ".join(f"{v.level}{v.points:g}({len(v.conditions)})" for v in c.veto),
            " ".join(minimum(s) for s in c.sampling),
        )
        for c in contents
    }
    assert found == ANNEX
    assert [name for name, v in annex.vetoes.items() if v.fatal] == ["6.2.A"]


def test_every_veto_of_the_annex_has_a_second_reading() -> None:
    programme, _problems = load(ROOT / "plans", "liaocheng")
    assert programme is not None
    annex = programme.checklists[0]
    read = {name for reading in annex.reading if reading.otherwise is not None for name in reading.at}
    assert read == {v.id for v in annex.vetoes.values()}
    larger = {v.id for c in annex.contents for v in c.veto if v.points > c.points}
    taken = {n for r in annex.reading if r.otherwise and r.otherwise.takes_from for n in r.at}
    assert larger == taken
    several = {v.id for v in annex.vetoes.values() if len(v.conditions) > 1}
    assert several == {n for r in annex.reading if r.otherwise and r.otherwise.counts == "each" for n in r.at}


def test_a_sampling_minimum_is_the_larger_of_share_and_number_and_never_more_than_there_are() -> None:
    rule = Sampling("s", "抽查", "个岗位", at_least=10, share=20)
    assert [rule.minimum(n) for n in (None, 4, 10, 40, 50, 51, 55, 100)] == [10, 4, 10, 10, 10, 11, 11, 20]
    assert Sampling("s", "抽查", "项", share=100).minimum(7) == 7
    assert Sampling("s", "抽查", "项", share=50).minimum(0) == 0
    assert Sampling("s", "抽查", "项", share=50).minimum(None) == 0
    assert Sampling("s", "抽查", "项", share=29).minimum(100) == 29
    assert Sampling("s", "询问", "人", at_least=5).minimum(3) == 3


def test_the_other_way_changes_only_what_it_names() -> None:
    veto = Veto("1.A", "A", 15, ("甲", "乙"))
    assert (veto.part, veto.named) == ("indicator", {"1.A1": "甲", "1.A2": "乙"})
    other = Otherwise(points=2, fatal=True, takes_from="content", counts="all").of(veto)
    assert (other.points, other.fatal, other.part, other.counts) == (2, True, "content", "all")
    assert Otherwise().of(veto) == veto


def test_a_reading_without_another_way_leaves_the_checklist(tmp_path: Path) -> None:
    found = checklist(tmp_path)
    assert found.read_otherwise(found.reading[-1]) is found


def said(root: Path, **files: str) -> list[tuple[str, str]]:
    """Code and message of what is wrong with the programme's files."""
    plans = {f"{name}.toml": text for name, text in files.items()}
    return [(p.code, p.message) for p in programme_with(root, plans)[1]]


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        ("full = 30", "full = 31", [("E14", "各指标合计 30 分，与满分 31 分不符。")]),
        ("points = 8\n", "points = 9\n", [("E14", "“基础”各项合计 21 分，与指标的 20 分不符。")]),
        ("pass_mark = 20", "pass_mark = 31", [("E14", "合格线不在满分以内。")]),
        ('{ id = "1.2.1"', '{ id = "1.1.1"', [("E11", "编号“1.1.1”写了两次。")]),
        ('id = "2"\n', 'id = "1"\n', [("E11", "编号“1”写了两次。")]),
        ('id = "1.1.B", level', 'id = "1.1.1", level', [
            ("E11", "编号“1.1.1”写了两次。"), ("E07", "没有编号“1.1.B”。"), ("E07", "没有编号“1.1.B”。"),
        ]),
        ("points = 3 },", "points = 0 },", [("E14", "“1.1.2”的分值要大于 0。")]),
        ("points = 15, cond", "points = -15, cond", [("E14", "“1.1.A”的分值要大于 0。")]),
        ('conditions = ["死亡事故"]', "conditions = []", [
            ("E04", "否决项没有写条件（conditions）。"), ("E07", "没有编号“2.1.A”。"),
        ]),
        (', at_least = 5, unit = "人"', ', unit = "人"', [("E04", "“1.1.S2”没有写最少抽多少。")]),
        ('at = ["2.1.A"]', 'at = ["2.1.1"]', [("E07", "没有编号“2.1.1”。")]),
        ('at = ["1.1.3"]', 'at = ["1.1.9"]', [("E07", "没有编号“1.1.9”。")]),
        ('plan = "mine"', 'plan = "mines"', [("E07", "没有方案“mines”。")]),
        ('every = "quarter"', 'every = "month"', [("E06", "节点的周期与清单“check”的不同。")]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_checklist_is_found(tmp_path: Path, old: str, new: str, problems: list[tuple[str, str]]) -> None:
    assert CHECKLIST.count(old) == 1
    assert said(tmp_path, check=CHECKLIST.replace(old, new)) == problems


def test_a_mistake_stands_at_its_line(tmp_path: Path) -> None:
    text = CHECKLIST.replace("points = 15, cond", "points = -15, cond")
    problem = programme_with(tmp_path, {"check.toml": text})[1][0]
    assert "points = -15" in text.split("\n")[problem.place.line - 1]


def test_checklists_and_enterprises_that_are_not_there_are_found(tmp_path: Path) -> None:
    top = PLANS["programme.toml"]
    listed = top.replace('["check"]', '["check", "check", "other", "../check"]')
    assert said(tmp_path, programme=listed) == [
        ("E11", "清单“check”写了两次。"),
        ("E07", "找不到清单文件 other.toml。"),
        ("E07", "找不到清单文件 ../check.toml。"),
    ]
    wrong = ENTERPRISES.replace('unit = "east"', 'unit = "eats"', 1).replace('id = "south"', 'id = "north"')
    assert said(tmp_path, enterprises=wrong.replace('checklist = "check"', 'checklist = "chek"', 1)) == [
        ("E08", "没有报送单位“eats”。"),
        ("E07", "没有清单“chek”。"),
        ("E11", "编号“north”写了两次。"),
    ]
    assert said(tmp_path, enterprises=ENTERPRISES.replace('id = "south"', 'id = "南矿"')) == [
        ("E07", "企业编号“南矿”不能这样写。"),
    ]
    assert said(tmp_path, mine=MINE + DUTY.replace('closed_by = "check"', 'closed_by = "chekc"')) == [
        ("E07", "没有清单“chekc”。"),
    ]


def test_a_checklist_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    programme, problems = programme_with(tmp_path, {"check.toml": "checklist = 3\n"})
    assert programme.checklists == ()
    assert problems[0].holds


def test_an_enterprise_has_a_short_name_or_its_own(tmp_path: Path) -> None:
    programme, _problems = programme_with(tmp_path)
    assert [e.brief for e in programme.enterprises] == ["北矿", "示例南矿有限公司"]
