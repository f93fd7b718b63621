"""What a sheet may say, and what is said of each mistake in it."""

from pathlib import Path

import pytest
from checklisted import DEPARTMENT, ENOUGH, ITEM, OWN, PLANS, Q3, files, found, programme_with, read_text, sheet_text
from tiny import LATER, build, decision, see

from tracker.plans import Programme
from tracker.problems import Problem
from tracker.sheets import Sheet
from tracker.source import parse


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    return programme_with(tmp_path)[0]


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(p.code, p.message) for p in problems]


def good(programme: Programme, text: str) -> Sheet:
    sheet, problems = read_text(programme, text)
    assert said(problems) == []
    assert sheet is not None
    return sheet


def test_a_clean_sheet_is_complete(programme: Programme) -> None:
    sheet = good(programme, sheet_text())
    assert (sheet.unit, sheet.stem, sheet.period.label, sheet.is_complete) == ("east", "north", "2026-Q3", True)
    assert (sheet.counts("own"), sheet.counts("department")) == ({}, {})


def test_both_sides_stand_side_by_side(programme: Programme) -> None:
    one = found("1.1.1", 2, 'own = 1\nown_seen = "一份"\nevidence = ["照片"]')
    sheet = good(programme, sheet_text(body=one + found("1.1.A2")))
    assert sheet.counts("own") == {"1.1.1": 1}
    assert sheet.counts("department") == {"1.1.1": 2, "1.1.A2": 1}
    assert sheet.findings[0].place.line > 1


def test_the_enterprise_alone_is_a_sheet_but_not_complete(programme: Programme) -> None:
    own = good(programme, sheet_text(sides=OWN))
    assert (own.is_complete, own.assessed("department")) == (False, None)


@pytest.mark.parametrize(
    ("body", "held", "problems"),
    [
        (found("1.1.9"), "1.1.9", [("E07", "清单里没有“1.1.9”。")]),
        (found("1.1.A"), "1.1.A", [("E07", "清单里没有“1.1.A”。")]),
        (found("1.1.1", -1), "1.1.1", [("E14", "次数不能是负数，也不能大得不合情理。")]),
        (found("1.1.1", 10**13), "1.1.1", [("E14", "次数不能是负数，也不能大得不合情理。")]),
        (found("1.1.2", 2), "1.1.2", [("E14", "“1.1.2”只扣一次，不按次数。")]),
        (found("2.1.A", 2), "2.1.A", [("E14", "“2.1.A”只扣一次，不按次数。")]),
        ('[[finding]]\nid = "1.1.1"\ndepartment = 1\n', "1.1.1", [("E04", "部门考核扣了分，没有写看到了什么。")]),
        ('[[finding]]\nid = "1.1.1"\nown = 1\nown_seen = " "\n', "1.1.1",
            [("E04", "企业自评扣了分，没有写看到了什么。")]),
        ('[[finding]]\nid = "1.1.1"\ndepartment = 1\ndepartment_seen = "请填写"\n', "1.1.1",
            [("E15", "还留着表格里的提示文字。")]),
        (found("1.1.1") * 2, "1.1.1", [("E11", "“1.1.1”在本文件里写了两次。")]),
        ('[[finding]]\nid = "1.1.1"\nown = "1"\n', "1.1.1", [("E05", "“own”的值不对。")]),
        ('[[finding]]\nid = "1.1.1"\nhow = 1\n', "1.1.1", [("E03", "不认识的名称“how”。")]),
    ],
)  # fmt: skip
def test_a_bad_finding_is_held_by_name_and_the_others_count(
    programme: Programme, body: str, held: str, problems: list[tuple[str, str]]
) -> None:
    sheet, noted = read_text(programme, sheet_text(body=found("1.2.1") + body))
    assert said(noted) == problems
    assert sheet is not None
    assert (sheet.held, [f.id for f in sheet.findings], sheet.is_complete) == ((held,), ["1.2.1"], False)


def test_an_unknown_id_suggests_the_nearest(programme: Programme) -> None:
    assert read_text(programme, sheet_text(body=found("1.2.11")))[1][0].hint == "您是不是想写“1.2.1”？"
    assert read_text(programme, sheet_text(body=found("1.1.A")))[1][0].hint == "可以写：1.1.A1、1.1.A2。"


def test_personal_data_is_noted_and_nothing_held(programme: Programme) -> None:
    sheet, problems = read_text(programme, sheet_text(body=found("1.2.1", 1, 'own = 1\nown_seen = "联系 13912345678"')))
    assert said(problems) == [("W02", "文字里像有身份证号或手机号。")]
    assert sheet is not None
    assert sheet.is_complete


def sampled(text: str) -> str:
    return f"[[sampled]]\n{text}\n"


SECOND = sampled('id = "1.1.S2"\ndepartment = 5')


@pytest.mark.parametrize(
    ("entries", "held", "problems"),
    [
        # 20 % of 40 is 8, but at least 10; of 60 it is 12; of 8 all.
        (sampled('id = "1.1.S1"\ntotal = 40\ndepartment = 9') + SECOND, ("1.1.S1",),
            [("E14", "部门考核抽得不够：9 个岗位，最少 10 个岗位。")]),
        (sampled('id = "1.1.S1"\ntotal = 60\nown = 11\ndepartment = 12') + SECOND, ("1.1.S1",),
            [("E14", "企业自评抽得不够：11 个岗位，最少 12 个岗位。")]),
        (sampled('id = "1.1.S1"\ntotal = 8\ndepartment = 8') + SECOND, (), []),
        (sampled('id = "1.1.S1"\ntotal = 8\ndepartment = 9') + SECOND, ("1.1.S1",), [("E14", "抽查数 9 大于总数 8。")]),
        (sampled('id = "1.1.S1"\ndepartment = 10') + SECOND, ("1.1.S1",), [("E14", "“1.1.S1”按比例抽，要写总数。")]),
        (sampled('id = "1.1.S1"\ntotal = -1\ndepartment = -2') + SECOND, ("1.1.S1",),
            [("E14", "数字不能是负数。"), ("E14", "数字不能是负数。")]),
        (sampled('id = "1.1.S1"\ntotal = 40') + SECOND, ("1.1.S1",), [("E04", "没有写“1.1.S1 抽查岗位”抽了多少。")]),
        (SECOND, ("1.1.S1",), [("E04", "没有写“1.1.S1 抽查岗位”抽了多少。")]),
        (ENOUGH + SECOND, ("1.1.S2",), [("E11", "“1.1.S2”在本文件里写了两次。")]),
        (ENOUGH + sampled('id = "1.1.S9"\ndepartment = 1'), ("1.1.S9",), [("E07", "清单里没有“1.1.S9”。")]),
        (ENOUGH + sampled("total = 1"), (), [("E04", "缺少“id”。")]),
    ],
)  # fmt: skip
def test_sampling_below_the_minimum_is_a_problem(
    programme: Programme, entries: str, held: tuple[str, ...], problems: list[tuple[str, str]]
) -> None:
    sheet, noted = read_text(programme, sheet_text(sides=DEPARTMENT.replace("[dep", f"{OWN}\n[dep") + entries))
    assert said(noted) == problems
    assert sheet is not None
    assert sheet.held == held


def test_the_minimum_is_said_with_the_problem(programme: Programme) -> None:
    text = sheet_text(sides=DEPARTMENT + sampled('id = "1.1.S1"\ntotal = 40\ndepartment = 9') + SECOND)
    assert read_text(programme, text)[1][0].hint == "清单要求抽查岗位：不少于 20%，最少 10 个岗位。"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (sheet_text(enterprise="nroth"), [("E08", "没有企业“nroth”。")]),
        (sheet_text(enterprise="北矿"), [("E08", "没有企业“北矿”。")]),
        (sheet_text(period="2026-Q5"), [("E09", "没有这一期：“2026-Q5”。")]),
        (sheet_text(sides=""), [("E04", "没有写谁评的、哪天评的。")]),
        ("", [("E04", "文件是空的。")]),
        ('enterprise = "north"\n' + DEPARTMENT, [("E04", "缺少“period”。"), *[("E04", "x")] * 2]),
        ("enterprise = 3\nperiod = 4\n" + OWN, [("E05", "“enterprise”的值不对。"), ("E05", "“period”的值不对。")]),
    ],
)
def test_a_sheet_that_does_not_say_whose_it_is_is_held_whole(
    programme: Programme, text: str, problems: list[tuple[str, str]]
) -> None:
    sheet, noted = read_text(programme, text)
    assert sheet is None
    assert said(noted)[:1] == problems[:1]


def test_an_enterprise_by_its_name_is_told_its_id(programme: Programme) -> None:
    assert read_text(programme, sheet_text(enterprise="北矿"))[1][0].hint == '企业写编号：enterprise = "north"。'


def test_an_unreadable_line_holds_the_sheet(programme: Programme) -> None:
    sheet, problems = read_text(programme, sheet_text(body="[[finding]]\nid = 1.1.1\n"))
    assert sheet is None
    assert {p.code for p in problems} == {"E02"}
    assert read_text(programme, "\x00")[1][0].code == "E01"


@pytest.mark.parametrize(
    ("sides", "problems"),
    [
        (DEPARTMENT.replace("09-20", "06-30"), [("E10", "考核日期不在这一期。")]),
        (DEPARTMENT.replace("2026-09-20", "2027-09-20"), [("E10", "考核日期不在这一期。")]),
        (DEPARTMENT.replace("2026-09-20", "2026-10-08"), []),
        (DEPARTMENT.replace('"王某", "李某"', ""), [("E04", "没有写部门考核由谁评的。")]),
        (DEPARTMENT.replace("李某", "……"), [("E04", "没有写部门考核由谁评的。")]),
    ],
)
def test_an_assessment_has_its_day_and_its_people(
    programme: Programme, sides: str, problems: list[tuple[str, str]]
) -> None:
    assert said(read_text(programme, sheet_text(sides=sides + ENOUGH))[1]) == problems


def test_points_taken_by_nobody_are_a_problem(programme: Programme) -> None:
    found_by_own = '[[finding]]\nid = "1.2.1"\nown = 1\nown_seen = "缺"\n'
    assert said(read_text(programme, sheet_text(sides=DEPARTMENT + ENOUGH, body=found_by_own))[1]) == [
        ("E04", "企业自评扣了分，没有写谁评的、哪天评的。")
    ]


def test_no_bytes_make_it_raise(programme: Programme) -> None:
    from tracker.sheet_files import read_sheet

    for text in ("[[finding]]\n", "finding = 3\nenterprise = 'north'", "[enterprise]\na=1", "own = 3\nsampled = [1]"):
        sheet, problems = read_sheet(parse(text.encode(), "x"), programme)
        assert sheet is None
        assert problems


# --- what they close ---


def test_the_duty_is_done_when_the_sheets_of_all_enterprises_are_there(tmp_path: Path) -> None:
    both = files(north=sheet_text(), south=sheet_text("south", body=found("1.2.1", 9)))
    standing = see(tmp_path, both, plans=PLANS).by_key[ITEM]
    assert (standing.status, str(standing.done_on)) == ("done", "2026-09-20")
    assert standing.record is not None
    assert standing.record.update.note == "北矿 30 分，合格；示例南矿有限公司 22 分，合格"
    assert standing.record.update.place.file == f"status/city/{Q3}/north.toml"


@pytest.mark.parametrize(
    "south",
    [
        sheet_text("south", sides=OWN),
        sheet_text("south", sides=DEPARTMENT),
        sheet_text("south", body=found("9.9")),
        sheet_text("south", sides=DEPARTMENT.replace("2026-09-20", "2026-11-02") + ENOUGH),
    ],
    ids=["only its own", "nothing sampled", "a finding held", "assessed after the day"],
)
def test_one_sheet_that_is_not_complete_leaves_the_duty_open(tmp_path: Path, south: str) -> None:
    standing = see(tmp_path, files(north=sheet_text(), south=south), plans=PLANS).by_key[ITEM]
    assert standing.status == "missed"
    assert standing.record is not None
    assert standing.record.update.note == "北矿 30 分，合格；没有考核表：示例南矿有限公司"
    assert standing.progress is not None
    assert (standing.progress.done, standing.progress.total) == (1, 2)


def test_a_claim_without_sheets_closes_nothing(tmp_path: Path) -> None:
    from tiny import head

    claim = head(more='rest = "unchanged"') + (
        '[[update]]\nitem = "mine-8@2026-Q3"\nstate = "已完成"\ndone_on = 2026-09-30\ndone = 2\ntotal = 2\n'
    )
    standing = see(tmp_path, {"2026-10/east.toml": claim}, plans=PLANS).by_key[ITEM]
    assert (standing.status, standing.record) == ("unreported", None)
    without = {**PLANS, "enterprises.toml": "enterprise = []\n"}
    assert see(tmp_path, {"2026-10/east.toml": claim}, plans=without).by_key[ITEM].status == "done"


def test_what_was_not_known_does_not_close(tmp_path: Path) -> None:
    from datetime import datetime

    both = files(north=sheet_text(), south=sheet_text("south"))
    before = datetime.fromisoformat("2026-09-25T08:59:00+08:00")
    snapshot = see(tmp_path, both, known_by=before, plans=PLANS)
    assert (snapshot.sheets, snapshot.by_key[ITEM].record) == ((), None)
    assert see(tmp_path, both, plans=PLANS).fingerprint != snapshot.fingerprint


def test_a_sheet_sent_back_does_not_count_and_its_next_version_does(tmp_path: Path) -> None:
    both = files(north=sheet_text(), south=sheet_text("south"))
    returned = decision("return", "east", "2026-09-26T09:00:00+08:00", 'file = "south.toml"')
    snapshot = see(tmp_path, {**both, f"{Q3}/decisions.toml": returned}, plans=PLANS)
    assert snapshot.problems == ()
    assert snapshot.by_key[ITEM].status == "missed"
    again = files(north=sheet_text(), south=sheet_text("south"), south_2=sheet_text("south", body=found("1.2.1")))
    snapshot = see(tmp_path / "b", {**again, f"{Q3}/decisions.toml": returned}, plans=PLANS)
    assert snapshot.by_key[ITEM].status == "done"
    assert [f.sheet.version for f in snapshot.sheets] == [1, 2]


def test_a_correction_made_since_stands_after_the_sheets(tmp_path: Path) -> None:
    both = files(north=sheet_text(), south=sheet_text("south"))
    later = decision("correct", "east", "2026-10-09T09:00:00+08:00", 'item = "mine-8@2026-Q3"\nstate = "推进中"')
    standing = see(tmp_path, {**both, "2026-09/decisions.toml": later}, plans=PLANS).by_key[ITEM]
    assert standing.status == "missed"
    earlier = later.replace("2026-10-09", "2026-09-09")
    assert see(tmp_path / "b", {**both, "2026-09/decisions.toml": earlier}, plans=PLANS).by_key[ITEM].status == "done"


def test_what_is_verified_is_not_touched_by_later_sheets(tmp_path: Path) -> None:
    both = files(north=sheet_text(), south=sheet_text("south"))
    verify = decision("verify", "east", "2026-09-20T09:00:00+08:00", 'item = "mine-8@2026-Q3"')
    standing = see(tmp_path, {**both, "2026-09/decisions.toml": verify}, plans=PLANS).by_key[ITEM]
    assert (standing.status, standing.record) == ("verified", None)


def test_periods_before_the_books_and_after_the_day_are_left_alone(tmp_path: Path) -> None:
    text = sheet_text(period="2026-Q2").replace("2026-09", "2026-06")
    old = {"checklist/2026-Q2/north.toml": text, "checklist/2026-Q2/south.toml": text.replace("north", "south")}
    snapshot = see(tmp_path, old, plans=PLANS)
    assert len(snapshot.sheets) == 2
    assert snapshot.by_key["east", "mine-8@2026-Q2"].status == "before-records"
    from datetime import date

    early = see(tmp_path / "b", files(north=sheet_text(), south=sheet_text("south")), date(2026, 6, 30), plans=PLANS)
    assert early.by_key[ITEM].status == "not-due"


def test_sheets_that_are_not_as_received_or_in_the_wrong_folder_do_not_count(tmp_path: Path) -> None:
    changed = files(north=sheet_text())
    changed[f"{Q3}/north.toml"] = sheet_text(body=found("1.2.1"))
    changed["checklist/2026-Q2/south.toml"] = sheet_text("south")
    changed[f"{Q3}/south.toml"] = "\x00"
    snapshot = see(tmp_path, changed, plans=PLANS)
    assert snapshot.sheets == ()
    assert sorted(p.code for p in snapshot.problems) == ["E01", "E09", "E19"]


def test_where_signatures_are_asked_for_a_sheet_put_there_by_hand_waits(tmp_path: Path) -> None:
    from datetime import date

    from tracker.snapshot import take
    from tracker.workspace import Workspace

    build(tmp_path, {f"{Q3}/north.toml": sheet_text(), "allowed_signers": ""}, PLANS)
    snapshot, problems = take(Workspace(tmp_path), "city", date(2026, 10, 31), LATER)
    assert snapshot is not None
    assert snapshot.sheets == ()
    assert [p.code for p in problems] == ["E20"]
