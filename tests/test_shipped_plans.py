"""The shipped plans against the documents they come from."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tracker.plan_files import load
from tracker.plans import KINDS, UNDATED, Milestone, Programme
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


def test_the_shipped_plans_ask_for_nothing_twice() -> None:
    """Compared one by one: the nearest differ in who is asked (chemical-10a and industry-5b, by trade), in what
    (mine-5.1 all hazards, mine-10.2a the two checklists) or in when (mine-2a, mine-2.1c and mine-2.2a).
    """
    programmes = [shipped(name) for name in Workspace(PLANS.parent).programmes]
    assert [m.id for p in programmes for m in p.milestones.values() if m.same_as] == []
