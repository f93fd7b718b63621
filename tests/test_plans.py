"""Plans: the shipped ones against the documents they come from, and every mistake at its line."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tracker.plan_checks import CHECKS
from tracker.plan_files import load
from tracker.plans import KINDS, UNDATED, Milestone, Programme, Target
from tracker.problems import Problem
from tracker.workdays import Day
from tracker.workspace import Workspace

PLANS = Path(__file__).parent.parent / "plans"


@cache
def shipped(programme_id: str) -> Programme:
    programme, problems = load(PLANS, programme_id)
    assert problems == []
    assert programme is not None
    return programme


def milestone(milestone_id: str) -> Milestone:
    everything: dict[str, Milestone] = {}
    for programme_id in Workspace(PLANS.parent).programmes:
        everything |= shipped(programme_id).milestones
    return everything[milestone_id]


# --- the shipped programmes ---


def test_both_programmes_are_found_and_have_no_problem() -> None:
    assert Workspace(PLANS.parent).programmes == ["dongying", "liaocheng"]
    for programme_id in Workspace(PLANS.parent).programmes:
        assert load(PLANS, programme_id)[1] == []


@pytest.mark.parametrize(
    ("programme_id", "stem", "tasks", "milestones", "dated", "read", "kinds"),
    [
        ("liaocheng", "chemical", 27, 79, 55, 24, "milestone 32 window 1 recurring 13 event 9"),
        ("liaocheng", "mine", 87, 137, 75, 25, "milestone 40 recurring 25 tally 3 event 7"),
        ("liaocheng", "industry", 30, 65, 34, 19, "milestone 26 recurring 8"),
        ("dongying", "eight-actions", 41, 79, 46, 41, "milestone 37 window 1 recurring 7 event 1"),
    ],
)
def test_a_plan_has_as_many_obligations_as_were_counted(
    programme_id: str, stem: str, tasks: int, milestones: int, dated: int, read: int, kinds: str
) -> None:
    plan = shipped(programme_id).plan(stem)
    all_of_it = list(plan.milestones)
    assert (len(plan.tasks), len(all_of_it)) == (tasks, milestones)
    assert sum(m.is_dated for m in all_of_it) == dated
    assert sum(m.certainty == "read" for m in all_of_it) == read
    counted = Counter(m.kind for m in all_of_it if m.kind not in UNDATED)
    assert " ".join(f"{kind} {counted[kind]}" for kind in KINDS if counted[kind]) == kinds  # type: ignore[index]


def rule(m: Milestone) -> str:
    """A milestone's deadline, number and strength on one line."""
    said = {
        "opens": m.opens,
        "due": m.due,
        "every": m.every,
        "by": m.by,
        "from": m.from_,
        "until": m.until,
        "lag": m.lag,
        "event": m.event and "…",
        "earliest": m.earliest,
        "term": m.term,
        "within": m.within,
        "after": m.after,
        "times": m.times,
    }
    words = [f"{key} {value}" for key, value in said.items() if value is not None]
    if m.target is not None:
        words.append(m.target.op + (f"{m.target.value}{m.target.unit or ''}" if m.target.value is not None else ""))
    return ", ".join([*words, *([m.strength] if m.strength else [])])


# Read from the documents themselves, sentence by sentence, and not from the plans' files.
@pytest.mark.parametrize(
    ("milestone_id", "sentence", "expected"),
    [
        # 聊城市化工和危险化学品安全生产治本攻坚三年行动实施方案
        (
            "chemical-2a",
            "2024年年底前，推动全市涉及一级重大危险源企业全部达到二级以上标准化",
            "due 2024-12-31, all, all",
        ),
        ("chemical-2b", "2025年年底前，全市涉及二级重大危险源企业全部达到二级以上标准化", "due 2025-12-31, all, all"),
        ("chemical-6a", "每年开展一次综合检查", "every year, times 1"),
        ("chemical-6g", "2025年年底前，现有老旧装置在册问题隐患全部整改销号", "due 2025-12-31, all, all"),
        ("chemical-7c", "中小油气储存企业投入运营前要全部完成“三个系统”配备应用", "event …, term before, all, all"),
        ("chemical-9g", "试生产期限应当不少于30日，不超过1年", "event …, earliest 30 days, within 1 year"),
        ("chemical-9h", "企业应在试生产前10日内将……书面报告", "event …, earliest 10 days before, term before"),
        ("chemical-9k", "验收通过之日起10个工作日内提出安全生产许可申请", "event …, term 10 working days"),
        ("chemical-10a", "企业主要负责人每月至少1次带队自查自改", "every month, times 1"),
        ("chemical-15a", "2024年5月底前，我市三个化工园区全部建成智能化管控平台", "due 2024-05-31, =3个, all"),
        ("chemical-15b", "2024年年底前，三个化工园区全部实现封闭化管理", "due 2024-12-31, =3个, all"),
        (
            "chemical-16a",
            "2024年-2026年期间，每年至少推选1家化工园区申报",
            "every year, from 2024-01-01, until 2026-12-31, >=1家",
        ),
        ("chemical-17b", "2024年5月底前，……人员损伤范围内实现无人化操作", "due 2024-05-31"),
        ("chemical-17c", "2024年12月底前，……高危作业场所基本实现无人化操作", "due 2024-12-31, mostly"),
        ("chemical-17d", "2026年年底前，……基本完成智能巡检应用工作", "due 2026-12-31, mostly"),
        ("chemical-18", "2025年年底前，其他高危工艺企业全部应用微通道、管式反应器", "due 2025-12-31, all, all"),
        ("chemical-19", "2025年6月底前，推动所有……监测监控数据接入", "due 2025-06-30, all, all"),
        ("chemical-21b", "2026年年底前，……重点监管类企业中80%以上达到蓝色、黄色", "due 2026-12-31, >=80%"),
        ("chemical-21d", "对橙色等级企业每半年至少进行1次全面执法检查", "every half-year, times 1, all"),
        ("chemical-safeguard.1c", "2025年6月底前，……基本完成治本攻坚重点任务", "due 2025-06-30, mostly"),
        ("chemical-safeguard.3a", "2025年年底前实现一轮全覆盖执法检查", "due 2025-12-31, all, all"),
        # 聊城市非煤矿山安全生产治本攻坚三年行动实施方案
        ("mine-1.1a", "每年4月底前……逐项建立问题台账", "every year, by 04-30"),
        ("mine-1.2a", "每年5月底前……对照问题清单逐一整改", "every year, by 05-31"),
        ("mine-1.4c", "2024年5月底前，……更新至省非煤矿山监测预警综合管理系统", "due 2024-05-31"),
        ("mine-1.5a", "2024年6月底前……一次全员岗位责任落实情况考核", "due 2024-06-30"),
        ("mine-1.5b", "12月底，……责任体系有效实施并持续改进（承前句2024年）", "due 2024-12-31"),
        ("mine-1.5c", "2025年起，……每月开展1次考核", "every month, from 2025-01-01, times 1"),
        ("mine-1.6a", "2025年底前，从业人员全部使用移动终端APP", "due 2025-12-31, all, all"),
        ("mine-2a", "2025年起，每年3月底前，要完善培训计划、考试题库", "every year, by 03-31, from 2025-01-01"),
        ("mine-2.2b", "跟班学习至少4个月", "event …, earliest 4 months, all"),
        ("mine-3a", "2024年5月底前，企业要……配备生产负责人和安全总监", "due 2024-05-31"),
        ("mine-3b", "逾期的一律停产整顿", "after mine-3a, all"),
        ("mine-3.3a", "生产尾矿库应每3个月更新一次纸质现状图", "every 3 months, times 1, all"),
        ("mine-5.1", "主要负责人每月……至少开展1次重大事故隐患排查", "every month, times 1"),
        ("mine-7", "2024年6月底前，要强制淘汰、彻底清理", "due 2024-06-30"),
        ("mine-9.2", "2024年10月底前保障全员配备到位", "due 2024-10-31, all"),
        ("mine-9.3d", "2024年11月底做好以下4项工作，……④", "due 2024-11-30"),
        ("mine-9.3e", "未完成的，一律约谈……并公开曝光", "after mine-9.3, all"),
        ("mine-9.4a", "系统推送的预警报警信息，责任人应当天完成处置", "event …, term 0 days"),
        ("mine-10.1", "2024年4月底前，……制定《三年行动指南》", "due 2024-04-30"),
        ("mine-10.2b", "2024年起，……每季度至少检查1座尾矿库", "every quarter, from 2024-01-01, >=1座"),
        ("mine-10.2c", "安全总监每半年要完成对两座尾矿库的全覆盖检查", "every half-year, from 2024-01-01, all, all"),
        ("mine-12a", "采取周调度、月通报的方式", "every week"),
        ("mine-12.3a", "2024年3月底前，……“一键直达”“精准投送”", "due 2024-03-31"),
        ("mine-13.3b", "2024年底前，……编制《……治理方案》，……每年据实更新完善", "every year, from 2025-01-01"),
        ("mine-15b", "2024年起，每年5月底前，动态更新“一库一策”", "every year, by 05-31, from 2024-01-01"),
        ("mine-16c", "每年4月底前，茌平区要……公告并报市应急局", "every year, by 04-30"),
        ("mine-19.1", "专业监管人员配备比例不低于在职人员的75%", "due 2026-12-31, >=75%"),
        ("mine-requirement.1", "每季度对尾矿库企业考核一次", "every quarter, times 1, all"),
        ("mine-requirement.2c", "请于每月3日前将相关工作情况报市应急局", "every month, by 2, lag 1"),
        # 聊城市工贸安全生产治本攻坚三年行动实施方案
        ("industry-goala", "2024年底前将我市有关工贸重点企业纳入省……系统", "due 2024-12-31"),
        ("industry-goalb", "2025年底前基本形成……标准化管理体系", "due 2025-12-31, mostly"),
        ("industry-4b", "2026年底前逐步淘汰水泥企业人工清仓作业活动", "due 2026-12-31"),
        ("industry-5a", "企业主要负责人每季度至少带队……开展1次检查", "every quarter, times 1, all"),
        ("industry-5b", "重点行业领域企业每月至少1次", "every month, times 1, all"),
        (
            "industry-6",
            "每年1月底前，要全面完成整改上一年度查出的重大事故隐患",
            "every year, by 01-31, lag 1, all, all",
        ),
        ("industry-14a", "2024年底前力争实现……企业接入监测预警系统", "due 2024-12-31, strive"),
        ("industry-17a", "三年内完成……专题安全教育培训全覆盖", "due 2026-12-31, all, all"),
        ("industry-18b", "金属冶炼、劳动密集型……企业每半年开展至少1次", "every half-year, times 1, all"),
        ("industry-18c", "其他企业每年开展至少1次疏散逃生演练", "every year, times 1, all"),
        # 东营市“八大行动”2025年工作计划
        ("eight-actions-3", "每半年组织开展一轮企业主要负责人“面对面”谈话", "every half-year, times 1"),
        ("eight-actions-4b", "3月至6月，组织举办全市安全生产普法知识竞赛", "opens 2025-03-01, due 2025-06-30"),
        ("eight-actions-5a", "9月底前，形成一批……典型清单", "due 2025-09-30"),
        ("eight-actions-8c", "每季度带队至少开展1次检查", "every quarter, times 1, all"),
        ("eight-actions-8e", "重点行业领域6月底前……建立并实施报告奖励机制", "due 2025-06-30, all"),
        ("eight-actions-14e", "视频监控安装覆盖率达到80%", "due 2025-12-31, >=80%"),
        ("eight-actions-15a", "推进胜利油田910条高风险老旧管道风险隐患治理", "due 2025-12-31, =910条"),
        ("eight-actions-16b", "完成燃气管道更新改造140公里", "due 2025-12-31, =140公里"),
        ("eight-actions-16c", "增设电动自行车充电端口10590个", "due 2025-12-31, =10590个"),
        ("eight-actions-16d", "改造49户农村危房", "due 2025-12-31, =49户"),
        ("eight-actions-16f", "实施农村公路安全防护工程120公里", "due 2025-12-31, =120公里"),
        ("eight-actions-16g", "改造农村公路危旧桥梁4座", "due 2025-12-31, =4座"),
        ("eight-actions-16i", "完成183所学校……设施升级改造", "due 2025-12-31, =183所"),
        ("eight-actions-16j", "完成103个非直供电小区供配电设施改造", "due 2025-12-31, =103个"),
        ("eight-actions-20", "10月底前全面完成各项培训任务", "due 2025-10-31, all, all"),
        ("eight-actions-22d", "12月底前，企业“四不”演练占比达到50%", "due 2025-12-31, >=50%"),
        ("eight-actions-24", "年内选树一批标杆企业", "due 2025-12-31"),
        ("eight-actions-40", "落实事故和执法典型案例每月曝光机制", "every month"),
    ],
)
def test_a_deadline_is_what_the_document_says(milestone_id: str, sentence: str, expected: str) -> None:
    assert rule(milestone(milestone_id)) == expected, sentence


def test_a_year_or_an_end_that_the_document_leaves_open_is_declared_a_reading() -> None:
    for milestone_id in ("mine-1.5b", "industry-17a", "eight-actions-5a", "eight-actions-24", "mine-19.1", "mine-8b"):
        assert (milestone(milestone_id).certainty, bool(milestone(milestone_id).reading)) == ("read", True)


def test_the_mine_plan_concerns_chiping_and_the_city_alone() -> None:
    assert shipped("liaocheng").plan("mine").head.units == ("chiping", "bureau")
    assert shipped("liaocheng").plan("chemical").head.units is None


def test_only_missed_dates_named_by_the_plan_bring_a_consequence() -> None:
    programme = shipped("liaocheng")
    brought = {
        id_: [m.id for m in programme.consequences(milestone(id_))]
        for id_ in ("mine-3a", "mine-9.3a", "mine-5.1", "chemical-15c", "chemical-15a", "chemical-9g", "industry-5b")
    }
    assert brought == {
        "mine-3a": ["mine-3b", "mine-20b", "mine-requirement.2d"],
        "mine-9.3a": ["mine-9.3e", "mine-20b", "mine-requirement.2d"],  # of the whole task 9.（3）
        "mine-5.1": ["mine-20b", "mine-requirement.2d"],  # of the whole plan
        "chemical-15c": ["chemical-15d", "chemical-15e"],
        "chemical-15a": [],
        "chemical-9g": ["chemical-9i"],
        "industry-5b": ["industry-5d"],
    }


def test_what_only_enterprises_do_is_closed_by_the_county_and_all_else_by_the_city() -> None:
    closers = {id_: milestone(id_).closer for id_ in ("mine-5.1", "mine-16c", "mine-goal.3", "chemical-13b")}
    assert closers == {"mine-5.1": "county", "mine-16c": "city", "mine-goal.3": "city", "chemical-13b": "city"}


# --- a small programme, given as text ---

PROGRAMME = """\
[programme]
name = "甲市安全生产行动"
short = "甲市"
city = "甲市"
issuer = "甲市安委会办公室"
addressees = "各县区："
report_to = "市应急局："
from = 2026-01-01
until = 2026-12-31
records_from = 2026-08-01
plans = ["a"]

[[unit]]
id = "east"
name = "东山县"
level = "county"

[[unit]]
id = "west"
name = "西湖高新区"
short = "高新区"
level = "zone"

[[report]]
every = "month"
ask_by = 2
late_after = 2
source = "每月3日前"
"""

HEAD = """\
[plan]
title = "甲方案"
short = "甲"
from = 2026-01-01
until = 2026-12-31

[[event]]
id = "trial"
name = "试生产"

[[section]]
id = "1"
title = "任务"

[[task]]
item = "1"
section = "1"
title = "任务一"

"""
"""Nineteen lines; a milestone begins on line 20."""

MILESTONE = 'title = "节点"\nwhat = "做"\nwording = "年底前"\n'


def one(keys: str, id_: str = "a-1") -> str:
    """A plan of one milestone: its id on line 21, its own keys from line 25 on."""
    return f'{HEAD}[[task.milestone]]\nid = "{id_}"\n{MILESTONE}{keys}\n'


GOOD = one("due = 2026-12-31")

Load = Callable[..., tuple[Programme | None, list[Problem]]]


@pytest.fixture
def load_text(tmp_path: Path) -> Load:
    """Loads a programme of files given as text."""

    def load_files(programme: str = PROGRAMME, **plans: str) -> tuple[Programme | None, list[Problem]]:
        folder = tmp_path / "plans" / "city"
        folder.mkdir(parents=True, exist_ok=True)
        for stem, text in {"programme": programme, "a": GOOD, **plans}.items():
            (folder / f"{stem}.toml").write_text(text, encoding="utf-8")
        return load(tmp_path / "plans", "city")

    return load_files


def said(problems: list[Problem]) -> list[str]:
    """``file:line code message hint`` of each problem."""
    short = [(p.place.file.removeprefix("plans/city/").removesuffix(".toml"), p) for p in problems]
    return [f"{file}:{p.place.line} {p.code} {p.message} {p.hint}".strip() for file, p in short]


def test_a_small_programme_without_mistakes_is_loaded_whole(load_text: Load) -> None:
    programme, problems = load_text()
    assert problems == []
    assert programme is not None
    assert (programme.id, programme.head.from_) == ("city", date(2026, 1, 1))
    assert (programme.thresholds.warning_days, programme.thresholds.behind_points) == (15, 10)
    assert [unit.brief for unit in programme.units] == ["东山县", "高新区"]
    assert programme.unit("west").name == "西湖高新区"
    plan = programme.plan("a")
    assert plan.file == "plans/city/a.toml"
    assert plan.task("1").title == "任务一"
    [m] = plan.milestones
    assert (m.plan, m.item, m.kind, m.owner) == ("a", "1", "milestone", "未明确")
    assert programme.milestones == {"a-1": m}
    assert programme.events == {"trial": plan.events[0], "试生产": plan.events[0]}
    assert (programme.assignments, programme.workdays.entered) == ((), {})


@pytest.mark.parametrize(
    ("keys", "kind", "is_dated"),
    [
        ("due = 2026-12-31", "milestone", True),
        ("opens = 2026-03-01\ndue = 2026-06-30", "window", True),
        ('every = "month"', "recurring", True),
        ('event = "trial"\nterm = "10 working days"', "event", True),
        ('kind = "tally"\nevery = "week"', "tally", True),
        ('kind = "tally"\nevent = "trial"\nterm = "0 days"', "tally", True),
        ('kind = "tally"\nevery = "week"\nevent = "trial"\nterm = "0 days"', "tally", True),
        ('kind = "standing"', "standing", False),
        ('kind = "continuing"', "continuing", False),
        ('kind = "consequence"\nafter = "a"', "consequence", False),
        ('kind = "window"\ndue = 2026-06-30', "window", True),
    ],
)
def test_a_kind_is_evident_from_the_keys_or_said(load_text: Load, keys: str, kind: str, is_dated: bool) -> None:
    programme, problems = load_text(a=one(keys))
    assert problems == []
    assert programme is not None
    [m] = programme.milestones.values()
    assert (m.kind, m.is_dated) == (kind, is_dated)


RULES_HINT = "due、every、event、after 四者写且只写一个；长期规定和长期坚持都不写。"
NO_RULE = f"a:20 E06 节点“a-1”的期限写法不成立。 {RULES_HINT}"


@pytest.mark.parametrize(
    ("check", "text", "problems"),
    [
        # ids_are_unique_and_say_their_task
        (
            0,
            one("due = 2026-12-31", "b-1"),
            ["a:21 E07 节点编号“b-1”与任务不符。 写成 a-1，同一任务有几个节点时后面加 a、b、c。"],
        ),
        (
            0,
            one("due = 2026-12-31", "a-1A"),
            ["a:21 E07 节点编号“a-1A”与任务不符。 写成 a-1，同一任务有几个节点时后面加 a、b、c。"],
        ),
        (
            0,
            one("due = 2026-12-31", "a-12"),
            ["a:21 E07 节点编号“a-12”与任务不符。 写成 a-1，同一任务有几个节点时后面加 a、b、c。"],
        ),
        (0, one("due = 2026-12-31", "a-1z"), []),
        (
            0,
            GOOD + '[[task.milestone]]\nid = "a-1"\n' + MILESTONE + "due = 2026-12-31\n",
            ["a:27 E11 节点编号“a-1”写了两次。"],
        ),
        (0, GOOD + '[[task]]\nitem = "1"\ntitle = "又一"\n', ["a:27 E11 任务 1 写了两次。"]),
        # one_deadline_rule
        (1, one(""), [NO_RULE]),
        (1, one('due = 2026-12-31\nevery = "month"'), [NO_RULE]),
        (1, one('after = "a"'), [NO_RULE]),
        (1, one('kind = "standing"\ndue = 2026-12-31'), [NO_RULE]),
        (1, one('kind = "continuing"\nevery = "month"'), [NO_RULE]),
        (1, one('kind = "consequence"\ndue = 2026-12-31'), [NO_RULE]),
        (1, one('kind = "recurring"\ndue = 2026-12-31'), [NO_RULE]),
        (1, one('kind = "event"\nevery = "month"'), [NO_RULE]),
        (1, one('kind = "window"\nopens = 2026-03-01'), [NO_RULE]),
        (1, one('kind = "tally"'), [NO_RULE]),
        (1, one('kind = "tally"\ndue = 2026-12-31'), [NO_RULE]),
        (
            1,
            one('every = "fortnight"'),
            ["a:25 E06 周期“fortnight”看不懂。 可以写 week、month、quarter、half-year、year 或 3 months。"],
        ),
        (
            1,
            one('event = "trial"\nterm = "ten days"'),
            ["a:26 E06 期限“ten days”看不懂。 写成 10 working days、1 year、10 days before 或 before。"],
        ),
        (
            1,
            one('event = "trial"\nearliest = "x"\nwithin = "y"'),
            [
                "a:26 E06 期限“x”看不懂。 写成 10 working days、1 year、10 days before 或 before。",
                "a:27 E06 期限“y”看不懂。 写成 10 working days、1 year、10 days before 或 before。",
            ],
        ),
        (1, one('event = "trial"'), ["a:20 E04 节点“a-1”缺少起算后的期限。 请补上 term 或 within。"]),
        (1, one('event = "trial"\nearliest = "4 months"'), []),
        (1, one("opens = 2026-07-01\ndue = 2026-06-30"), ["a:26 E10 到期日早于开始日。"]),
        (1, one("opens = 2026-06-30\ndue = 2026-06-30"), []),
        # by_is_a_day
        *(
            (2, one(f'every = "{every}"\nby = {by}'), [f"a:26 E10 “{by.strip(chr(34))}”不是一个日子。 {hint}"])
            for hint in ["年内的某日写成 04-30，月内的某日写成 1 到 31 的数字。"]
            for every, by in [
                ("month", "0"),
                ("month", "32"),
                ("month", "-1"),
                ("year", '"04-31"'),
                ("year", '"4-30"'),
                ("year", '"13-01"'),
                ("year", '"W05-1"'),
                ("year", '"04-30-"'),
                ("year", '"月底"'),
                ("month", '"04-30"'),
            ]
        ),
        (2, one('every = "year"\nby = "02-29"'), []),
        (2, one('every = "month"\nby = 31'), []),
        (2, one('every = "month"\nby = 1'), []),
        # readings_are_declared
        (
            3,
            one('due = 2026-12-31\ncertainty = "read"'),
            ["a:20 E04 节点“a-1”的期限是解读，没有写明依据。 请补上 reading，写明是怎样理解的。"],
        ),
        (
            3,
            one('due = 2026-12-31\ncertainty = "external"\nreading = ""'),
            ["a:20 E04 节点“a-1”的期限是解读，没有写明依据。 请补上 reading，写明是怎样理解的。"],
        ),
        (3, one('due = 2026-12-31\ncertainty = "read"\nreading = "年底读作 12 月 31 日"'), []),
        # names_are_known
        (
            4,
            GOOD.replace('short = "甲"', 'units = ["east", "wst"]\nshort = "甲"'),
            ["a:3 E08 没有报送单位“wst”。 您是不是想写“west”？"],
        ),
        (4, GOOD.replace('section = "1"', 'section = "2"'), ["a:17 E07 没有章节“2”。"]),
        (4, GOOD.replace('section = "1"\n', ""), []),
        (
            4,
            one('due = 2026-12-31\nunits = ["east",\n  "eats"]'),
            ["a:27 E08 没有报送单位“eats”。 您是不是想写“east”？"],
        ),
        (4, one('event = "trail"\nterm = "before"'), ["a:25 E07 没有事项“trail”。 您是不是想写“trial”？"]),
        (4, one('kind = "consequence"\nafter = "a-2"'), ["a:26 E07 没有节点“a-2”。 您是不是想写“a-1”？"]),
        (4, one('kind = "consequence"\nafter = "a-1"'), []),
        # targets_have_one_comparator
        (
            5,
            one('due = 2026-12-31\ntarget = { of = "企业" }'),
            ["a:26 E06 目标的写法不成立。 at_least、at_most、equals、about、all 写且只写一个。"],
        ),
        (
            5,
            one("due = 2026-12-31\ntarget = { at_least = 0, all = true }"),
            ["a:26 E06 目标的写法不成立。 at_least、at_most、equals、about、all 写且只写一个。"],
        ),
        (
            5,
            one("due = 2026-12-31\ntarget = { equals = 3, about = 3 }"),
            ["a:26 E06 目标的写法不成立。 at_least、at_most、equals、about、all 写且只写一个。"],
        ),
        (5, one('due = 2026-12-31\ntarget = { at_most = 0, unit = "起" }'), []),
    ],
)
def test_a_mistake_in_a_plan_is_found_by_its_check_at_its_line(
    load_text: Load, check: int, text: str, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(load_text(a=text)[1]) == problems
    # And by that check alone: without it the plan passes.
    monkeypatch.setattr("tracker.plan_files.CHECKS", CHECKS[:check] + CHECKS[check + 1 :])
    assert said(load_text(a=text)[1]) == []


def test_every_check_is_put_to_the_proof() -> None:
    assert [check.__name__ for check in CHECKS] == [
        "ids_are_unique_and_say_their_task",
        "one_deadline_rule",
        "by_is_a_day",
        "readings_are_declared",
        "names_are_known",
        "targets_have_one_comparator",
    ]


def test_all_mistakes_of_a_plan_are_found_at_once(load_text: Load) -> None:
    text = one('due = 2026-12-31\nevery = "month"\nby = 40\ncertainty = "read"\nunits = ["x"]\ntarget = {}', "z")
    assert [line.split(" ")[0] for line in said(load_text(a=text)[1])] == [
        "a:21",
        "a:20",
        "a:27",
        "a:20",
        "a:29",
        "a:30",
    ]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (GOOD.replace("due = 2026-12-31", 'due = "2026-12-31"'), ["a:25 E05 “due”的值不对。"]),
        (GOOD.replace("due = 2026-12-31", "due = 2026-12-31\nduee = 1"), ["a:26 E03 不认识的名称“duee”。"]),
        (GOOD.replace("due = 2026-12-31", "due = 2026-12-31\nplan = 'b'"), ["a:26 E03 不认识的名称“plan”。"]),
        (GOOD.replace('what = "做"\n', ""), ["a:20 E04 缺少“what”。"]),
        (GOOD.replace('title = "甲方案"', "title = 甲方案"), ["a:2 E02 文字没有加英文引号。"]),
        (GOOD.replace('wording = "年底前"', 'wording = "年底前'), ["a:24 E02 引号没有配对。"]),
        ("", ["a:0 E04 文件是空的。"]),
        ("# 待写\n", ["a:1 E04 文件是空的。"]),
        ("\ufeff", ["a:1 W01 文件开头有字节顺序标记（BOM），已按无标记读取。", "a:0 E04 文件是空的。"]),
        ("a\0b", ["a:0 E01 文件里有空字节，不是文本文件。"]),
    ],
)
def test_a_plan_that_cannot_be_read_is_left_out_and_says_why(load_text: Load, text: str, problems: list[str]) -> None:
    programme, found = load_text(a=text)
    assert [" ".join(line.split(" ")[:3]) for line in said(found)] == problems
    assert programme is not None
    assert programme.plans == ()


# --- programme.toml ---


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('id = "west"', 'id = "east"', "programme:19 E11 单位“east”写了两次。"),
        (
            "ask_by = 2",
            'units = ["wets"]\nask_by = 2',
            "programme:26 E08 没有报送单位“wets”。 您是不是想写“west”？",
        ),
        ("ask_by = 2", "ask_by = 31", "programme:26 E10 “31”不是一个日子。 写成 1 到 28 的数字，每个月都有。"),
        ("ask_by = 2", "ask_by = 0", "programme:26 E10 “0”不是一个日子。 写成 1 到 28 的数字，每个月都有。"),
        ("late_after = 2", "late_after = 29", "programme:27 E10 “29”不是一个日子。 写成 1 到 28 的数字，每个月都有。"),
        (
            "records_from = 2026-08-01",
            "records_from = 2026-08-15",
            "programme:10 E10 建账日要写某月 1 日。 例如 records_from = 2026-08-01。",
        ),
        ('plans = ["a"]', 'plans = ["a", "b"]', "programme:11 E07 找不到方案文件 b.toml。"),
        ('plans = ["a"]', 'plans = ["a", "../city/a"]', "programme:11 E07 找不到方案文件 ../city/a.toml。"),
        ('plans = ["a"]', 'plans = ["a", "a"]', "programme:11 E11 方案“a”写了两次。"),
    ],
)
def test_a_mistake_in_the_programme_is_found_at_its_line_and_the_rest_is_loaded(
    load_text: Load, old: str, new: str, problem: str
) -> None:
    programme, problems = load_text(PROGRAMME.replace(old, new))
    assert said(problems) == [problem]
    assert programme is not None
    assert [plan.stem for plan in programme.plans] == ["a"]


@pytest.mark.parametrize("day", [1, 28])
def test_every_day_that_each_month_has_may_be_asked_for(load_text: Load, day: int) -> None:
    text = PROGRAMME.replace("ask_by = 2", f"ask_by = {day}").replace("late_after = 2", f"late_after = {day}")
    assert load_text(text)[1] == []


def test_a_rule_for_known_units_only_is_no_mistake(load_text: Load) -> None:
    assert load_text(PROGRAMME.replace("ask_by = 2", 'units = ["west"]\nask_by = 2'))[1] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "programme:0 E04 文件是空的。 请对照 plans/README.md 的例子填写。"),
        (PROGRAMME.replace('city = "甲市"\n', ""), "programme:2 E04 缺少“city”。 请补上一行：city = …"),
        (
            PROGRAMME.replace('"county"', '"conty"'),
            "programme:16 E06 “level”不能写“conty”。 您是不是想写“county”？",
        ),
    ],
)
def test_without_a_readable_programme_there_is_none(load_text: Load, text: str, problem: str) -> None:
    programme, problems = load_text(text)
    assert programme is None
    assert said(problems) == [problem]


def test_a_programme_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    programme, problems = load(tmp_path / "plans", "city")
    assert programme is None
    assert said(problems) == ["programme:0 E01 找不到这个文件。 请核对路径和文件名。"]
    assert Workspace(tmp_path).programmes == []


def test_files_outside_the_workspace_are_called_by_their_whole_path(load_text: Load, tmp_path: Path) -> None:
    load_text(a=one(""))
    _programme, [problem] = load(tmp_path / "plans", "city", root=tmp_path / "elsewhere")
    assert problem.place.file == str(tmp_path / "plans" / "city" / "a.toml")


# --- across plans, assignments, holidays ---


def test_an_id_used_in_another_plan_is_said_of_the_later_plan(load_text: Load) -> None:
    programme, problems = load_text(PROGRAMME.replace('plans = ["a"]', 'plans = ["a", "b"]'), b=GOOD)
    assert said(problems) == [
        "b:21 E07 节点编号“a-1”与任务不符。 写成 b-1，同一任务有几个节点时后面加 a、b、c。",
        "b:0 E11 节点编号“a-1”在另一方案里已用过。",
    ]
    assert programme is not None
    assert [plan.stem for plan in programme.plans] == ["a", "b"]


def test_a_consequence_belongs_to_its_own_plan(load_text: Load) -> None:
    text = one("due = 2026-12-31") + '[[task.milestone]]\nid = "a-1b"\nkind = "consequence"\nafter = "a"\n' + MILESTONE
    other = text.replace("a-1", "b-1").replace('after = "a"', 'after = "b-1"')
    programme, problems = load_text(PROGRAMME.replace('plans = ["a"]', 'plans = ["a", "b"]'), a=text, b=other)
    assert problems == []
    assert programme is not None
    assert [m.id for m in programme.consequences(programme.milestones["a-1"])] == ["a-1b"]
    assert [m.id for m in programme.consequences(programme.milestones["b-1"])] == ["b-1b"]


OTHER = GOOD.replace("a-1", "b-1")
TWO = PROGRAMME.replace('plans = ["a"]', 'plans = ["a", "b"]')


def twice(same_as: str, other: str = "") -> dict[str, str]:
    """Two plans, the first of which asks again for what another milestone asks."""
    return {"a": one(f'due = 2026-12-31\nsame_as = "{same_as}"'), "b": OTHER + other}


def test_a_milestone_may_say_that_another_plan_asks_for_the_same(load_text: Load) -> None:
    programme, problems = load_text(TWO, **twice("b-1"))
    assert problems == []
    assert programme is not None
    assert programme.milestones["a-1"].same_as == "b-1"


@pytest.mark.parametrize(
    ("same_as", "other", "problem"),
    [
        ("b-2", "", "a:26 E07 没有节点“b-2”。 您是不是想写“b-1”？"),
        ("a-1", "", "a:26 E07 “a-1”与本节点同属一个任务。 只写其他方案或其他任务里问同一件事的节点。"),
        ("b-1", 'same_as = "a-1"\n', "a:26 E07 “b-1”自己也写了 same_as。 请写最先问这件事的节点。"),
    ],
)
def test_the_same_is_asked_first_by_a_known_milestone_of_another_task(
    load_text: Load, same_as: str, other: str, problem: str
) -> None:
    assert said(load_text(TWO, **twice(same_as, other))[1])[0] == problem


def test_what_an_unreadable_plan_asks_nobody_can_know(load_text: Load) -> None:
    problems = load_text(TWO, **(twice("b-1") | {"b": ""}))[1]
    assert [p.code for p in problems] == ["E04"]


def test_the_shipped_plans_ask_for_nothing_twice() -> None:
    """Compared one by one: the nearest differ in who is asked (chemical-10a and industry-5b, by trade), in what
    (mine-5.1 all hazards, mine-10.2a the two checklists) or in when (mine-2a, mine-2.1c and mine-2.2a).
    """
    programmes = [shipped(name) for name in Workspace(PLANS.parent).programmes]
    assert [m.id for p in programmes for m in p.milestones.values() if m.same_as] == []


KILOMETRES = one('due = 2026-12-31\ntarget = { equals = 140, unit = "公里", pool = "programme" }')

RULING = '[[assignment]]\nitem = "a-1"\nby = "刘某"\nat = 2026-07-20\nreason = "会议确定"\n'


@pytest.mark.parametrize(
    ("ruling", "problems"),
    [
        ('lead = ["east"]\nsupporting = ["west"]', []),
        ("quotas = { east = 60, west = 80 }", []),
        ("quotas = { east = 93.3, west = 46.7 }", []),
        ("quotas = { east = 139.9, west = 0.1 }", []),
        (
            "quotas = { east = 60, west = 70 }",
            ["assignments:6 E14 分解数合计 130，与目标 140 不符。 请调整各单位的分解数，使合计等于目标。"],
        ),
        (
            "quotas = { east = 70.5, west = 69 }",
            ["assignments:6 E14 分解数合计 139.5，与目标 140 不符。 请调整各单位的分解数，使合计等于目标。"],
        ),
        (
            "quotas = { east = 1234567, west = 0 }",
            ["assignments:6 E14 分解数合计 1234567，与目标 140 不符。 请调整各单位的分解数，使合计等于目标。"],
        ),
        ('lead = ["eats"]', ["assignments:1 E08 没有报送单位“eats”。 您是不是想写“east”？"]),
        ('supporting = ["zzz"]', ["assignments:1 E08 没有报送单位“zzz”。"]),
        ("quotas = { east = 60, wset = 80 }", ["assignments:1 E08 没有报送单位“wset”。 您是不是想写“west”？"]),
        ("quotas = { east = '60' }", ["assignments:6 E05 “east”的值不对。 这里要写数字，例如 12.5，不加引号。"]),
    ],
)
def test_a_ruling_on_who_does_what_is_held_to_units_and_number(
    load_text: Load, ruling: str, problems: list[str]
) -> None:
    programme, found = load_text(a=KILOMETRES, assignments=RULING + ruling + "\n")
    assert said(found) == problems
    assert programme is not None
    assert len(programme.assignments) == (0 if any("E05" in p for p in problems) else 1)


def test_a_ruling_on_an_unknown_milestone_suggests_the_nearest(load_text: Load) -> None:
    ruling = RULING.replace('"a-1"', '"a-2"') + "quotas = { east = 1 }\n"
    assert said(load_text(assignments=ruling)[1]) == ["assignments:2 E07 没有节点“a-2”。 您是不是想写“a-1”？"]


@pytest.mark.parametrize("keys", ["due = 2026-12-31", 'due = 2026-12-31\ntarget = { all = true, of = "企业" }'])
def test_what_has_no_number_cannot_be_split(load_text: Load, keys: str) -> None:
    [problem] = load_text(a=one(keys), assignments=RULING + "quotas = { east = 0 }\n")[1]
    assert (problem.code, problem.place.line) == ("E14", 6)


def test_a_file_of_rulings_without_any_is_said_to_be_empty(load_text: Load) -> None:
    programme, problems = load_text(assignments="# 尚未分工\n")
    assert said(problems) == ["assignments:1 E04 文件是空的。 请对照 plans/README.md 的例子填写。"]
    assert programme is not None
    assert programme.assignments == ()


HOLIDAYS = """\
[[year]]
year = 2027
notice = "国办发明电〔2026〕1号"
off = [
  { name = "元旦", from = 2027-01-01, until = 2027-01-03 },
  { name = "春节", from = 2027-02-05, until = 2027-02-11 },
]
work = [2027-02-20, 2026-12-26]
"""


def test_a_notice_the_office_enters_makes_the_year_known(load_text: Load) -> None:
    programme, problems = load_text(holidays=HOLIDAYS)
    assert problems == []
    assert programme is not None
    days: Mapping[str, tuple[bool, str, str]] = {
        "2027-01-01": (False, "元旦", "entered"),
        "2027-01-03": (False, "元旦", "entered"),
        "2027-01-04": (True, "", "entered"),
        "2027-02-05": (False, "春节", "entered"),
        "2027-02-11": (False, "春节", "entered"),
        "2027-02-12": (True, "", "entered"),
        "2027-02-20": (True, "调休上班", "entered"),
        "2027-02-21": (False, "周日", "entered"),
        "2026-12-26": (True, "调休上班", "entered"),
        "2026-12-27": (False, "周日", "announced"),
        "2028-01-03": (True, "", "assumed"),
    }
    found = {on: programme.workdays.day(date.fromisoformat(on)) for on in days}
    assert found == {on: Day(date.fromisoformat(on), *what) for on, what in days.items()}  # type: ignore[arg-type]


def test_a_mistake_in_the_holidays_leaves_the_year_assumed(load_text: Load) -> None:
    programme, problems = load_text(holidays=HOLIDAYS.replace("until = 2027-01-03", 'until = "2027-01-03"'))
    assert [line.split(" ")[0] for line in said(problems)] == ["holidays:5"]
    assert programme is not None
    assert programme.workdays.day(date(2027, 1, 1)).basis == "assumed"


# --- targets ---


@pytest.mark.parametrize(
    ("target", "op", "value", "is_share", "shown"),
    [
        (Target(at_least=80, unit="%", of="企业"), ">=", 80, True, "企业 ≥80%"),
        (Target(at_most=0, unit="起"), "<=", 0, False, "≤0起"),
        (Target(equals=140, unit="公里", of="燃气管道"), "=", 140, False, "燃气管道 140公里"),
        (Target(equals=1234567.5, unit="米"), "=", 1234567.5, False, "1234567.5米"),
        (Target(about=3), "~", 3, False, "约3"),
        (Target(all=True, of="企业"), "all", None, True, "全部企业"),
        (Target(all=True), "all", None, True, "全部"),
    ],
)
def test_a_target_says_what_is_to_be_reached(
    target: Target, op: str, value: float | None, is_share: bool, shown: str
) -> None:
    assert (target.op, target.value, target.is_share, str(target)) == (op, value, is_share, shown)
