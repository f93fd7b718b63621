"""How one light came about."""

from datetime import date
from pathlib import Path

import pytest
from tiny import CHEM, MINE, OCTOBER_END, at, changed, decision, head, receipt, see

from tracker.snapshot import Snapshot
from tracker.standing import Progress, Standing
from tracker.statuses import STATUSES
from tracker.submissions import Update
from tracker.why import arithmetic, record_words, rule, ruling_words, said_lines, why

GOING = 'state = "推进中"\n'
LATE = 'cause = "资金没有到位"\nmeasure = "已经列入预算"\npromised_on = 2026-12-20\n'


def entry(item: str, more: str = GOING) -> str:
    return f'[[update]]\nitem = "{item}"\n{more}'


def steps(snapshot: Snapshot, s: Standing) -> dict[str, tuple[str, ...]]:
    return {step.title: step.lines for step in why(snapshot, s)}


def test_a_red_light_is_defended_from_the_light_down_to_the_wording(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": head() + entry("mine-1", GOING + LATE + 'note = "已催办"\n')})
    found = steps(snapshot, at(snapshot, "east", "mine-1"))
    assert found == {
        "结论": (
            "东山县《公布包保名单》截至 2026-10-31：x 红 逾期",
            "比现行到期日晚 31 天。",
        ),
        "规则": ("到期日已过，有记录但没有完成。",),
        "日期推算": (
            "限期：9月底前",
            "原定到期日：2026-09-30（到期当天不算逾期）。",
            "2026-10-31 减 2026-09-30 为 31 天。",
        ),
        "记录": (
            "月报 2026-10：推进中　status/city/2026-10/east.toml:7:1",
            "原因：资金没有到位",
            "措施：已经列入预算",
            "预计完成：2026-12-20",
            "说明：已催办",
        ),
        "审核意见": ("没有。",),
        "方案依据": (
            "《甲市矿山方案》",
            "任务 1 包保责任",
            "公布每座矿的包保领导",
            "期限原文：9月底前",
            "责任：县级政府（县级）",
            "解读：没有写年份，按 2026 年",
        ),
        "方案写明的逾期后果": ("约谈并曝光（原文：逾期的约谈并曝光）",),
    }


def test_a_light_without_a_record_or_a_consequence_says_so(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    late = steps(snapshot, at(snapshot, "east", "mine-2@2026-08"))
    assert late["记录"] == ("没有记录。",)
    assert "方案写明的逾期后果" not in late
    open_ = steps(snapshot, at(snapshot, "east", "mine-7"))
    assert "方案写明的逾期后果" not in open_
    assert "距到期日还有 61 天。" in open_["日期推算"]
    undated = steps(snapshot, at(snapshot, "east", "mine-4"))
    assert undated["日期推算"] == ("长期坚持",)
    assert "原文没有写期限。" in undated["方案依据"]


EVENT = '[[event]]\nkind = "trial"\nref = "T1"\nname = "加氢装置"\n{}\n'


def test_a_term_of_working_days_names_the_holiday_it_steps_over_and_the_saturday_that_is_worked(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-09/east.toml": head(month="2026-09") + EVENT.format("planned = 2026-09-28")})
    holiday = "、".join(f"10-{day:02} 国庆节" for day in range(1, 8))
    assert arithmetic(snapshot, at(snapshot, "east", "mine-3a@T1")) == [
        "事项起算：试生产开始“加氢装置”计划日期 2026-09-28。",
        "10 working days = 之日起 10 个工作日",
        f"跳过休息日，其中：{holiday}。",
        "周末上班的算工作日：10-10 调休上班。",
        "原定到期日：2026-10-16（到期当天不算逾期）。",
        "2026-10-31 减 2026-10-16 为 15 天。",
    ]


def test_a_term_in_plain_days_names_no_holiday_and_an_actual_day_is_called_so(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-09/east.toml": head(month="2026-09") + EVENT.format("actual = 2026-09-28")})
    assert arithmetic(snapshot, at(snapshot, "east", "mine-3b@T1")) == [
        "事项起算：试生产开始“加氢装置”实际日期 2026-09-28。",
        "30 days = 之日起 30 日",
        "1 year = 之日起 1 年",
        "原定到期日：2027-09-28（到期当天不算逾期）。",
        "距到期日还有 332 天。",
    ]


def test_a_term_within_an_ordinary_fortnight_names_nothing(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": head() + EVENT.format("planned = 2026-11-02")})
    assert not [line for line in arithmetic(snapshot, at(snapshot, "east", "mine-3a@T1")) if "休息日" in line]


def test_a_term_that_reaches_a_year_not_announced_says_that_it_is_assumed(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": head() + EVENT.format("planned = 2026-12-30")})
    lines = arithmetic(snapshot, at(snapshot, "east", "mine-3a@T1"))
    assert [line for line in lines if "assumed" in line]


def test_a_term_before_an_event_looks_at_the_days_before_it(tmp_path: Path) -> None:
    plan = MINE.replace('"10 working days"', '"5 working days before"')
    files = {"2026-10/east.toml": head() + EVENT.format("planned = 2026-10-09")}
    snapshot = see(tmp_path, files, plans={"mine.toml": plan})
    lines = arithmetic(snapshot, at(snapshot, "east", "mine-3a@T1"))
    assert lines[1] == "5 working days before = 之前 5 个工作日"
    assert "10-01 国庆节" in lines[2]


@pytest.mark.parametrize(
    ("rule_", "lines"),
    [
        (
            'every = "quarter"\nby = 10\nlag = 1',
            [
                "周期：chem-2@2026-Q3 这一期从 2026-07-01 到 2026-09-30。",
                "办的是这一期的事，在后 1 期内到期。",
                "到期的日子：每月 10 日。",
                "原定到期日：2026-12-10（到期当天不算逾期）。",
                "距到期日还有 40 天。",
            ],
        ),
        (
            'every = "year"\nby = "09-15"',
            [
                "周期：chem-2@2026 这一期从 2026-01-01 到 2026-12-31。",
                "到期的日子：09-15。",
                "原定到期日：2026-09-15（到期当天不算逾期）。",
                "2026-10-31 减 2026-09-15 为 46 天。",
            ],
        ),
    ],
)
def test_a_period_shows_its_span_its_lag_and_its_day(tmp_path: Path, rule_: str, lines: list[str]) -> None:
    snapshot = see(tmp_path, plans={"chem.toml": CHEM.replace('every = "quarter"', rule_)})
    item = lines[0].removeprefix("周期：").partition(" ")[0]
    assert arithmetic(snapshot, at(snapshot, "bureau", item)) == lines


def test_on_the_due_day_itself_no_day_is_left_and_none_is_late(tmp_path: Path) -> None:
    snapshot = see(tmp_path, as_of=date(2026, 9, 30))
    assert arithmetic(snapshot, at(snapshot, "east", "mine-1"))[-1] == "距到期日还有 0 天。"


def test_a_window_shows_both_its_days_and_a_number_its_target(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": head() + entry("mine-7", GOING + "done = 9\ntotal = 14\n")})
    assert arithmetic(snapshot, at(snapshot, "east", "mine-7")) == [
        "时段：2026-07-01 到 2026-12-31。",
        "原定到期日：2026-12-31（到期当天不算逾期）。",
        "距到期日还有 61 天。",
        "数字：9/14，目标 矿山 ≥80%，完成目标的 80.4%。",
    ]


def test_a_number_of_the_whole_city_says_how_many_units_it_is_of(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": head() + entry("chem-1", GOING + "done = 30\n")})
    assert arithmetic(snapshot, at(snapshot, "bureau", "chem-1"))[-2:] == [
        "数字：30，目标 ≥100家，完成目标的 30.0%。",
        "全市合计，1 个单位已报，共 3 个。",
    ]


def test_an_extension_shows_both_days_and_the_ruling_that_granted_it(tmp_path: Path) -> None:
    text = head() + entry("mine-1")
    ask = decision("extend", "east", "2026-09-20T09:00:00+08:00", 'item = "mine-1"\nuntil = 2026-10-15')
    no = decision("extend", "east", "2026-10-20T09:00:00+08:00", 'item = "mine-1"\ngranted = false\nuntil = 2026-12-31')
    files = {
        "2026-09/decisions.toml": ask,
        "2026-10/east.toml": text + LATE,
        "2026-10/decisions.toml": no,
    }
    snapshot = see(tmp_path, files)
    found = steps(snapshot, at(snapshot, "east", "mine-1"))
    assert found["结论"][1:] == ("比现行到期日晚 16 天。", "比原定到期日晚 31 天。")
    assert found["日期推算"][1:] == (
        "原定到期日：2026-09-30（到期当天不算逾期）。",
        "2026-09-20 同意延期到 2026-10-15。",
        "2026-10-31 减 2026-10-15 为 16 天。",
    )
    assert found["审核意见"] == (
        "2026-09-20 刘某 延期，至 2026-10-15：属实　status/city/2026-09/decisions.toml:1:1",
        "2026-10-20 刘某 不同意延期，至 2026-12-31：属实　status/city/2026-10/decisions.toml:1:1",
    )


def test_done_shows_the_distance_between_its_day_and_its_due_day(tmp_path: Path) -> None:
    text = head() + entry("mine-1", 'state = "已完成"\ndone_on = 2026-10-08\nevidence = ["文件一", "文件二"]\n')
    files = {
        "2026-10/east.toml": text,
        "2026-10/receipts.toml": receipt("east.toml", text, "2026-11-02T09:00:00+08:00"),
        "2026-10/decisions.toml": decision("verify", "east", "2026-11-03T09:00:00+08:00", 'item = "mine-1"'),
    }
    snapshot = see(tmp_path, files)
    found = steps(snapshot, at(snapshot, "east", "mine-1"))
    assert found["结论"] == ("东山县《公布包保名单》截至 2026-10-31：+ 绿 已销号", "比现行到期日晚 8 天。")
    assert found["日期推算"][-1] == "2026-10-08 完成，比到期日 2026-09-30 晚 8 天。"
    assert found["记录"][1:] == ("完成日期：2026-10-08", "佐证：文件一、文件二")
    assert found["审核意见"][0].startswith("2026-11-03 刘某 核实销号：属实")


@pytest.mark.parametrize("day", ["2026-09-30", "2026-09-08"])
def test_done_on_its_day_or_before_is_said_without_a_difference(tmp_path: Path, day: str) -> None:
    text = head() + entry("mine-1", f'state = "已完成"\ndone_on = {day}\nevidence = ["文件一"]\n')
    snapshot = see(tmp_path, {"2026-10/east.toml": text})
    one = at(snapshot, "east", "mine-1")
    assert (one.status, one.days_late) == ("done", 0)
    assert arithmetic(snapshot, one)[-1] == f"{day} 完成，在到期日 2026-09-30 当天或之前。"


def test_done_one_day_after_its_day_is_one_day_late(tmp_path: Path) -> None:
    text = head() + entry("mine-1", 'state = "已完成"\ndone_on = 2026-10-01\nevidence = ["文件一"]\n')
    snapshot = see(tmp_path, {"2026-10/east.toml": text})
    said = arithmetic(snapshot, at(snapshot, "east", "mine-1"))[-1]
    assert said == "2026-10-01 完成，比到期日 2026-09-30 晚 1 天。"


def test_a_term_of_nothing_is_the_day_itself(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head() + EVENT.format("planned = 2026-10-09")}
    snapshot = see(tmp_path, files, plans={"mine.toml": MINE.replace('"10 working days"', '"0 days"')})
    assert arithmetic(snapshot, at(snapshot, "east", "mine-3a@T1"))[1:3] == [
        "0 days = 当天",
        "原定到期日：2026-10-09（到期当天不算逾期）。",
    ]


def test_what_nobody_reported_this_month_and_what_was_asserted_is_said(tmp_path: Path) -> None:
    september = head(month="2026-09") + entry("mine-7")
    files = {
        "2026-09/east.toml": september,
        "2026-09/west.toml": september.replace("east", "west"),
        "2026-10/west.toml": head("west", more='rest = "unchanged"'),
    }
    snapshot = see(tmp_path, files)
    silent, asserted = (steps(snapshot, at(snapshot, unit, "mine-7")) for unit in ("east", "west"))
    assert [line for line in silent["结论"] if line.startswith("沿用上月")]
    assert len(asserted["结论"]) == 1
    assert asserted["记录"][-1] == "2026-10 声明与上月一致。"
    assert silent["记录"][-1].startswith("月报 2026-09")


def test_a_correction_is_called_the_citys(tmp_path: Path) -> None:
    ruling = decision(
        "correct", "east", "2026-11-03T09:00:00+08:00", 'item = "mine-7"\nstate = "推进中"\nnote = "现场核对"'
    )
    snapshot = see(tmp_path, {"2026-10/decisions.toml": ruling})
    record = at(snapshot, "east", "mine-7").record
    assert record is not None
    assert record_words(record) == [
        "市级更正 2026-10：推进中　status/city/2026-10/decisions.toml:1:1",
        "说明：现场核对",
    ]


def test_whom_a_blocked_item_waits_on_its_request_and_the_countys_own_check_are_said(tmp_path: Path) -> None:
    more = (
        f'state = "受阻"\nwaiting_on = "省厅"\n{LATE}'
        '[update.request_extension]\nuntil = 2027-01-31\nreason = "招考"\nprogress = "笔试"\n'
    )
    snapshot = see(tmp_path, {"2026-10/east.toml": head() + entry("mine-7", more)})
    record = at(snapshot, "east", "mine-7").record
    assert record is not None
    assert said_lines(record.update)[-2:] == ["在等：省厅", "申请延期到 2027-01-31：招考"]
    assert said_lines(Update("x", "done", verified_on=date(2026, 10, 9))) == ["县级核实：2026-10-09"]


def test_every_standing_has_a_rule_of_its_own(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    one = at(snapshot, "west", "mine-6")
    rules = {status: rule(snapshot, changed(one, status=status)) for status in STATUSES}
    assert len(set(rules.values())) == len(STATUSES)
    assert "等省先行部署" in rules["waiting"]
    assert "到期前 15 天" in rules["due-soon"]
    assert "低 10 个百分点" in rules["behind"]
    assert "建账日 2026-08-01" in rules["before-records"]
    assert "到期前 10 天" in rule(snapshot, changed(at(snapshot, "east", "mine-2@2026-10"), status="due-soon"))


def test_every_kind_of_ruling_has_its_words(tmp_path: Path) -> None:
    items = {
        "accept": 'item = "mine-7"',
        "waive": 'item = "mine-7"\nground = "终止"',
        "suspend": 'item = "mine-7"\nuntil = 2026-11-30',
        "close": 'item = "mine-7"',
    }
    text = "".join(decision(kind, "east", "2026-11-03T09:00:00+08:00", more) for kind, more in items.items())
    snapshot = see(tmp_path, {"2026-10/decisions.toml": text})
    words = [ruling_words(d).partition("：")[0] for d in snapshot.decisions]
    assert words == [
        *(
            "2026-11-03 刘某 审核通过",
            "2026-11-03 刘某 免除",
            "2026-11-03 刘某 中止，至 2026-11-30",
            "2026-11-03 刘某 已说明结案",
        )
    ]


def test_a_standing_without_a_due_day_can_have_a_number(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    one = changed(at(snapshot, "east", "mine-4"), progress=Progress(0, 3, 3))
    assert arithmetic(snapshot, one)[-1].startswith("数字：3，")


def test_every_standing_of_the_programme_can_say_why(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head() + entry("mine-1", GOING + LATE) + EVENT.format("planned = 2026-12-30")}
    snapshot = see(tmp_path, files)
    for day in (date(2026, 1, 1), OCTOBER_END, date(2026, 12, 31)):
        judged = snapshot.on(day)
        for s in judged.standings:
            assert all(step.lines and all(step.lines) for step in why(judged, s))
