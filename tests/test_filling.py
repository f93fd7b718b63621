"""A month's form being filled in, without a screen."""

from datetime import date
from pathlib import Path

import pytest
from filled import LATE, REQUIRED, answered, named, opened, reread, words
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import MINE, OCTOBER, checked, decision, head, see

from tracker.filling.draft import Draft
from tracker.filling.questions import FIELDS, HEAD, item_of
from tracker.filling.troubles import Trouble
from tracker.forms import as_toml, form
from tracker.submissions import Update
from tracker.typed import Field, _day, tidy, understood
from tracker.workspace import Workspace

ENTRY = '[[update]]\nitem = "{}"\nstate = "推进中"\n'
BY = {f.key: f for f in (*FIELDS, *HEAD)}


def keys(draft: Draft, item: str, *, needed: bool = False) -> list[str]:
    return [f.key for f in draft.fields(item) if f.is_needed or not needed]


# --- what is asked ---


def test_required_items_come_first_and_each_says_its_day_and_what_it_is_about(tmp_path: Path) -> None:
    draft = opened(
        tmp_path, {"2026-09/east.toml": head(month="2026-09") + ENTRY.format("mine-7") + 'note = "已催办"\n'}
    )
    assert [(i.id, i.section) for i in draft.items][:4] == [(item, "required") for item in REQUIRED]
    first, target = draft.by_id["mine-1"], draft.by_id["mine-7"]
    assert (first.title, first.due, first.days) == ("公布包保名单", "2026-09-30", "迟31天")
    assert dict(first.facts) == {
        "方案": "矿山 1",
        "内容": "公布每座矿的包保领导",
        "期限": "2026-09-30（到本月底迟31天）；原文：9月底前",
        "上次": "还没有报过",
    }
    assert target.section == "open"
    assert dict(target.facts)["目标"] == "矿山 ≥80%"
    assert dict(target.facts)["上次"] == "2026-09 推进中；说明：已催办"
    assert dict(draft.by_id["mine-2@2026-10"].facts)["方案"] == "矿山 2　2026-10"


def test_a_plans_text_is_one_line_and_a_plan_may_have_no_wording(tmp_path: Path) -> None:
    plan = MINE.replace('"公布包保名单"', '"公布\\n\\u001b[31m名单"').replace('wording = "9月底前"', 'wording = ""')
    snapshot = see(tmp_path, plans={"mine.toml": plan})
    draft = Draft.open(Workspace(tmp_path), snapshot, form(snapshot, "east", OCTOBER), tmp_path)
    assert draft.by_id["mine-1"].title == "公布 \ufffd[31m名单"
    assert dict(draft.by_id["mine-1"].facts)["期限"] == "2026-09-30（到本月底迟31天）"


def test_the_worse_the_state_the_more_is_asked(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    assert draft.fields("mine-1") == []
    for item, state, asked, must in (
        ("mine-1", "done", ["done_on", "note"], ["done_on"]),
        ("chem-3", "done", ["done_on", "evidence", "note"], ["done_on", "evidence"]),
        ("mine-1", "in-progress", ["cause", "measure", "promised_on", "note"], ["cause", "measure", "promised_on"]),
        ("chem-3", "not-started", ["note"], []),
        ("chem-3", "blocked", ["cause", "measure", "promised_on", "waiting_on", "note"],
         ["cause", "measure", "promised_on", "waiting_on"]),
        ("mine-1", "not-applicable", ["note"], []),
        ("mine-7", "in-progress", ["done", "total", "note"], []),
        ("chem-1", "in-progress", ["done", "note"], []),
        ("chem-1", "not-applicable", ["note"], []),
    ):  # fmt: skip
        draft.answer(item, state)
        assert (keys(draft, item), keys(draft, item, needed=True)) == (asked, must), (item, state)


def test_what_waits_on_a_higher_level_is_not_late(tmp_path: Path) -> None:
    snapshot = see(tmp_path, as_of=date(2026, 11, 30))
    draft = Draft.open(Workspace(tmp_path), snapshot, form(snapshot, "west", date(2026, 11, 1)), tmp_path)
    assert not draft.is_late("mine-6")
    assert draft.is_late("chem-3")


def test_numbers_stand_as_they_were_last_said(tmp_path: Path) -> None:
    said = ENTRY.format("mine-7") + "done = 4\ntotal = 9\n" + ENTRY.format("chem-1") + "done = 7\n"
    draft = opened(tmp_path, {"2026-09/east.toml": head(month="2026-09") + said})
    for item in ("mine-7", "chem-1", "chem-1"):
        draft.answer(item, "in-progress")
    assert (draft.text("mine-7", "done"), draft.text("mine-7", "total")) == ("4", "9")
    assert draft.text("chem-1", "done") == "7"
    fresh = opened(tmp_path / "fresh")
    for item in ("mine-7", "chem-1"):
        fresh.answer(item, "in-progress")
    # A share of nothing would be the whole: nobody says that by leaving the form as it is.
    assert (fresh.text("mine-7", "done"), fresh.text("chem-1", "done")) == ("", "0")


# --- the same as the other forms ---


def test_the_same_answers_give_the_same_updates_as_the_toml_form(tmp_path: Path) -> None:
    said = ENTRY.format("mine-1") + 'cause = "资金没有到位"\nmeasure = "列入预算"\npromised_on = 2026-11-20\n'
    draft = named(opened(tmp_path, {"2026-09/east.toml": head(month="2026-09") + said}))
    text = as_toml(draft.snapshot, draft.form).replace(' = ""    #', ' = "王某"    #')
    text = text.replace('state = "未启动"', 'state = "推进中"')
    for item in draft.form.required:
        draft.answer(item.occurrence.id, "in-progress")
        if draft.is_late(item.occurrence.id):
            line = f'item = "{item.occurrence.id}"\n'
            text = text.replace(
                line, line + 'cause = "资金没有到位"\nmeasure = "已经列入预算"\npromised_on = 2026-12-20\n'
            )
            for key, words_ in LATE.items():
                draft.put(item.occurrence.id, key, words_)
    other, problems = checked(text, draft.context)
    assert problems == []
    assert other is not None
    mine = reread(draft)
    assert plainly(mine.updates) == plainly(other.updates)
    assert mine.head == other.head


def plainly(updates: tuple[Update, ...]) -> list[dict[str, object]]:
    """Updates without the places they were read at."""
    return [{k: v for k, v in vars(u).items() if k != "place"} for u in updates]


def test_every_field_reaches_the_submission(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    draft.put("", "practices", "第一行\n第二行")
    draft.put("", "rest", "")
    draft.answer("chem-3", "done")
    draft.put("chem-3", "done_on", "10-20")
    draft.put("chem-3", "evidence", "评估报告、安委办〔2026〕3号； ")
    draft.answer("mine-7", "blocked")
    for key, text in {**LATE, "waiting_on": "省厅", "done": "４", "total": "9", "note": "[/x] [[a]]"}.items():
        draft.put("mine-7", key, text)
    draft.toggle_extension("mine-7")
    for key, text in {"until": "20270131", "reason": "设备未到", "progress": "已招标"}.items():
        draft.put("mine-7", key, text)
    assert draft.troubles == []
    submission = reread(draft)
    done, blocked = submission.by_item["chem-3"], submission.by_item["mine-7"]
    assert (done.done_on, done.evidence) == (date(2026, 10, 20), ("评估报告", "安委办〔2026〕3号"))
    assert (blocked.done, blocked.total, blocked.note, blocked.waiting_on) == (4, 9, "[/x] [[a]]", "省厅")
    assert blocked.request_extension is not None
    assert blocked.request_extension.until == date(2027, 1, 31)
    assert (submission.head.rest, submission.head.practices) == (None, "第一行\n第二行")


def test_what_another_state_asked_is_kept_but_not_said(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    draft.answer("mine-1", "done")
    draft.put("mine-1", "done_on", "2026-10-08")
    update = reread(draft).by_item["mine-1"]
    assert (update.state, update.cause) == ("done", None)
    draft.answer("mine-1", "in-progress")
    assert reread(draft).by_item["mine-1"].cause == "资金没有到位"


# --- what is wrong, what is left ---


def test_a_new_draft_has_nothing_wrong_and_everything_left(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    assert draft.troubles == []
    assert draft.progress == "必答 4 项，还差 4 项　没有问题"
    assert [draft.sign(item) for item in ("", *REQUIRED)] == ["·"] * 5
    assert list(draft.gaps()) == [
        *(("", key) for key in ("prepared_by", "checked_by", "approved_by")),
        *((item, "state") for item in REQUIRED),
    ]


def test_each_problem_stands_at_its_field_in_words_without_toml(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    draft.answer("chem-3", "blocked")
    assert words(draft, "chem-3") == {
        "cause": "受阻的事项要写原因。",
        "measure": "受阻的事项要写措施。",
        "promised_on": "受阻的事项要写预计完成日期。",
        "waiting_on": "受阻要写在等谁。",
    }
    draft.put("chem-3", "cause", "忙")
    draft.put("chem-3", "measure", "请填写措施")
    draft.put("chem-3", "promised_on", "2026-10-2x")
    draft.put("chem-3", "waiting_on", "省厅")
    assert words(draft, "chem-3") == {
        "promised_on": "日期写成 2026-10-20、20261020 或 10-20。",
        "cause": "原因写得太短。请用一句话说清楚。",
        "measure": "还留着表格里的提示文字。请换成实际情况，没有可写的就删去这一行。",
    }
    assert draft.sign("chem-3") == "!"
    assert draft.progress == "必答 4 项，还差 4 项　问题 3 处"
    draft.answer("chem-3", "done")
    assert words(draft, "chem-3") == {"done_on": "已完成要写完成日期。", "evidence": "这一节点完成后要写佐证材料。"}
    draft.put("chem-3", "done_on", "11-03")
    assert words(draft, "chem-3")["done_on"] == "完成日期在本月之后。本月之后完成的，请在完成那个月报。"


def test_numbers_are_checked_together(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    draft.answer("mine-7", "in-progress")
    draft.put("mine-7", "done", "12")
    assert words(draft, "mine-7") == {"done": "比例要写两个数：完成数和总数。"}
    draft.put("mine-7", "total", "9")
    assert words(draft, "mine-7") == {"done": "完成数 12 大于总数 9。请核对两个数。"}
    draft.put("mine-7", "total", "九")
    assert words(draft, "mine-7")["total"] == "这里只写数，例如 45。"
    draft.put("mine-7", "total", "100")
    draft.answer("mine-7", "done")
    draft.put("mine-7", "done_on", "10-08")
    assert list(words(draft, "mine-7")) == ["state"]
    assert list(draft.gaps())[-1] == ("mine-7", "state")


def test_a_finding_is_said_and_holds_nothing_back(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    draft.put("mine-1", "note", "找 13812345678")
    assert draft.troubles == [
        Trouble("mine-1", "note", "文字里像有身份证号或手机号。请删去个人信息，只写单位和职务。", holds=False)
    ]
    assert draft.sign("mine-1") == "✓"
    assert draft.progress == "必答 4 项，都答了　没有问题"
    assert list(draft.gaps()) == []
    assert draft.next_gap("mine-1") is None


def test_names_are_left_until_written_and_wrong_while_the_forms_words(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    draft.put("", "checked_by", "请填写")
    assert draft.troubles == [Trouble("", "checked_by", "没有写审核人。")]
    assert draft.sign("") == "!"
    assert list(draft.gaps()) == [("", "checked_by")]
    draft.put("", "checked_by", " ")
    assert (draft.troubles, draft.sign("")) == ([], "·")
    assert list(draft.gaps()) == [("", "checked_by")]


def test_the_next_gap_is_the_first_behind_and_then_from_the_top(tmp_path: Path) -> None:
    draft = named(opened(tmp_path))
    draft.answer("chem-3", "in-progress")
    assert draft.next_gap("mine-1") == ("mine-2@2026-09", "state")
    assert draft.next_gap("mine-2@2026-09") == ("mine-2@2026-10", "state")
    assert draft.next_gap("mine-2@2026-10") == ("mine-1", "state")


# --- one key ---


def test_as_last_time_takes_the_state_and_the_numbers_of_an_earlier_month(tmp_path: Path) -> None:
    said = ENTRY.format("mine-1") + 'cause = "资金没有到位"\nmeasure = "列入预算"\npromised_on = 2026-11-20\n'
    draft = opened(tmp_path, {"2026-09/east.toml": head(month="2026-09") + said})
    assert draft.repeat("mine-1")
    assert draft.state("mine-1") == "in-progress"
    assert draft.text("mine-1", "cause") == ""
    assert not draft.repeat("chem-3")


def test_as_last_time_takes_this_months_earlier_words_whole(tmp_path: Path) -> None:
    said = ENTRY.format("mine-2@2026-10") + 'cause = "天气不好"\nas_of = 2026-10-20\nevidence = ["甲", "乙"]\n'
    draft = opened(tmp_path, {"2026-10/east.toml": head() + said})
    assert draft.state("mine-2@2026-10") == ""
    assert draft.repeat("mine-2@2026-10")
    assert keys(draft, "mine-2@2026-10") == ["as_of", "evidence", "cause", "note"]
    named(draft)
    assert reread(draft).by_item["mine-2@2026-10"].evidence == ("甲", "乙")
    draft.answer("mine-2@2026-10", "not-started")
    assert keys(draft, "mine-2@2026-10") == ["note"]


def test_an_answer_can_be_taken_back(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    draft.answer("chem-3", "in-progress")
    draft.take_back("chem-3")
    assert (draft.state("chem-3"), draft.sign("chem-3")) == ("", "·")


def test_an_extension_is_asked_while_there_is_time_and_then_whole(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    assert draft.why_no_extension("mine-7").startswith("先选状态")
    draft.answer("mine-7", "done")
    assert draft.why_no_extension("mine-7").startswith("先选状态")
    draft.answer("mine-1", "in-progress")
    assert draft.why_no_extension("mine-1").startswith("延期要在到期前申请")
    draft.answer("mine-7", "in-progress")
    assert draft.why_no_extension("mine-7") == ""
    draft.toggle_extension("mine-7")
    assert words(draft, "mine-7") == {
        "until": "申请延期要写“延期到”。",
        "reason": "申请延期要写“延期理由”。",
        "progress": "申请延期要写“目前进展”。",
    }
    for key, text in {"until": "2026-12-01", "reason": "设备未到", "progress": "已招标"}.items():
        draft.put("mine-7", key, text)
    assert words(draft, "mine-7") == {"until": "申请的日期不晚于原定日期 2026-12-31。"}
    draft.toggle_extension("mine-7")
    assert words(draft, "mine-7") == {}


# --- typed texts ---


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-10-20", "2026-10-20"),
        (" 20261020 ", "2026-10-20"),
        ("10-20", "2026-10-20"),
        ("１０－２０", "2026-10-20"),
        ("10。2", "2026-10-02"),
        ("2026年10月20日", "2026-10-20"),
        ("2026/9/1", "2026-09-01"),
        ("11-05", "2026-11-05"),
    ],
)
def test_a_day_may_be_typed_in_many_ways(text: str, meant: str) -> None:
    assert tidy(BY["done_on"], text, OCTOBER) == meant
    assert tidy(BY["note"], text, OCTOBER) == text


@pytest.mark.parametrize("text", ["2026-02-30", "13-01", "2026-1", "20261", "昨天", "2026-10-20x", "٢٠٢٦-10-20", "0-0"])
def test_what_is_no_day_is_said(text: str) -> None:
    value, said = understood(BY["done_on"], text, OCTOBER)
    assert value is None
    assert said.startswith(("日期写成", "没有这一天"))
    assert tidy(BY["done_on"], text, OCTOBER) == text


def test_the_year_is_the_one_that_the_month_suggests() -> None:
    january = date(2027, 1, 1)
    assert _day("12-20", january, lies="before") == (date(2026, 12, 20), "")
    assert _day("2-3", january, lies="before") == (date(2027, 2, 3), "")
    assert _day("12-20", january, lies="ahead") == (date(2027, 12, 20), "")
    assert _day("1-15", OCTOBER, lies="ahead") == (date(2027, 1, 15), "")
    assert _day("2-29", date(2028, 3, 1), lies="ahead") == (None, "没有这一天，请核对。")


@pytest.mark.parametrize(
    ("text", "value"), [("45", 45), ("１，２３４", 1234), ("12.5", 12.5), ("-1", -1), ("", None), ("八成", None)]
)
def test_a_number_is_whole_or_has_a_point(text: str, value: object) -> None:
    assert understood(BY["done"], text, OCTOBER)[0] == value


def test_separators_alone_are_no_evidence() -> None:
    assert understood(BY["evidence"], "、；", OCTOBER) == (None, "")


@given(text=st.text(), field=st.sampled_from([*FIELDS, *HEAD]))
def test_no_text_whatever_makes_a_field_raise(text: str, field: Field) -> None:
    value, said = understood(field, text, OCTOBER)
    assert value is None or not said


@settings(deadline=None)
@given(text=st.text(st.characters(codec=None)), key=st.sampled_from(["note", "done_on", "done"]))
def test_no_text_whatever_makes_the_draft_raise(tmp_path_factory: pytest.TempPathFactory, text: str, key: str) -> None:
    draft = world(tmp_path_factory)
    draft.answer("mine-7", "done")
    draft.put("mine-7", key, text)
    draft.put("", "prepared_by", text)
    assert draft.progress
    draft.save()
    again = Draft(draft.snapshot, draft.form, draft.context, draft.path, draft.output)
    again._load()
    assert again.notice == ""
    assert again.text("mine-7", key) == text.encode(errors="replace").decode()


_WORLD: list[Draft] = []


def world(factory: pytest.TempPathFactory) -> Draft:
    """One draft for many examples: a workspace takes long to read."""
    if not _WORLD:
        _WORLD.append(opened(factory.mktemp("world")))
    return _WORLD[0]


# --- the draft's file ---


def test_a_draft_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    assert not draft.is_saved
    draft.put("mine-1", "promised_on", "2026-12-")
    draft.at = "chem-3"
    draft.save()
    assert draft.is_saved
    assert draft.path == tmp_path / ".tracker" / "drafts" / "city" / "2026-10" / "east.toml"
    again = opened(tmp_path)
    assert (again.head, again.answers, again.at) == (draft.head, draft.answers, "chem-3")
    assert again.text("mine-1", "promised_on") == "2026-12-"
    assert [p.name for p in draft.path.parent.iterdir()] == ["east.toml"]


@pytest.mark.parametrize("content", [b"\x00", b"head = 1", b"[head]\nanswers = 1", b"[head]\n[answers]\nx = "])
def test_a_damaged_draft_is_put_aside_and_not_lost(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / ".tracker" / "drafts" / "city" / "2026-10" / "east.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    draft = opened(tmp_path)
    assert draft.notice.startswith("上次的草稿读不出来，已另存为 east.")
    draft.save()
    aside = next(p for p in path.parent.iterdir() if p != path)
    assert aside.read_bytes() == content


def test_of_a_draft_file_only_texts_under_known_names_count(tmp_path: Path) -> None:
    path = tmp_path / ".tracker" / "drafts" / "city" / "2026-10" / "east.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        'at = "gone"\n[head]\nprepared_by = 3\nfoo = "x"\nrest = ""\n'
        '[answers]\nnothing = 1\n[answers.chem-3]\nstate = "perhaps"\nnote = "有"\ncause = []\n'
        '[answers.gone]\nstate = "done"\n',
        encoding="utf-8",
    )
    draft = opened(tmp_path)
    assert (draft.at, draft.head) == ("", {"rest": ""})
    assert draft.answers == {"chem-3": {"note": "有"}, "gone": {"state": "done"}}
    assert 'item = "gone"' not in draft.as_toml()


# --- a later version replaces the whole file ---


def test_what_the_unit_said_already_this_month_is_not_dropped(tmp_path: Path) -> None:
    done = '[[update]]\nitem = "mine-1"\nstate = "done"\ndone_on = 2026-10-08\n'
    asking = (
        '[[update]]\nitem = "mine-7"\nstate = "推进中"\ndone = 4\ntotal = 9\nas_of = 2026-10-20\n'
        '[update.request_extension]\nuntil = 2027-01-31\nreason = "设备未到"\nprogress = "已招标"\n'
    )
    event = '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n'
    first = head(more='practices = "查了三座矿"') + event + done + asking + ENTRY.format("chem-3")
    draft = opened(tmp_path, {"2026-10/east.toml": first})
    # Required items are asked again, the rest stands; no rest = "unchanged" was said.
    assert [draft.state(item) for item in ("chem-3", "mine-7")] == ["", "in-progress"]
    assert draft.head["practices"] == "查了三座矿"
    assert draft.head["rest"] == ""
    draft.repeat("chem-3")
    again = reread(draft)
    before, _problems = checked(first, draft.context)
    assert before is not None
    assert again.events == before.events
    assert {u["item"]: u for u in plainly(again.updates)} == {u["item"]: u for u in plainly(before.updates)}


def test_an_extension_asked_for_a_done_item_is_carried_too(tmp_path: Path) -> None:
    asking = (
        '[[update]]\nitem = "mine-7"\nstate = "推进中"\n'
        '[update.request_extension]\nuntil = 2027-01-31\nreason = "设备未到"\nprogress = "已招标"\n'
    )
    ruling = decision("waive", "east", "2026-10-03T09:00:00+08:00", 'item = "mine-7"\nground = "不涉及"')
    draft = named(opened(tmp_path, {"2026-10/east.toml": head() + asking, "2026-10/decisions.toml": ruling}))
    assert [u.item for u in draft.carried] == ["mine-7"]
    assert reread(draft).by_item["mine-7"].request_extension is not None


def test_the_draft_goes_before_what_was_sent(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head() + ENTRY.format("mine-7")}
    draft = opened(tmp_path, files)
    draft.take_back("mine-7")
    draft.put("", "prepared_by", "钱某")
    draft.save()
    again = opened(tmp_path, files)
    assert again.state("mine-7") == ""
    assert (again.head["prepared_by"], again.head["checked_by"]) == ("钱某", "李某")


# --- the submission ---


def test_the_submission_never_replaces_a_file_and_the_same_is_not_written_twice(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    first = draft.finish()
    assert first == tmp_path / "out" / "east.toml"
    assert draft.written == first
    assert draft.finish() == first
    draft.put("mine-1", "note", "补充")
    assert draft.written is None
    (tmp_path / "out" / "east.2.toml").mkdir()
    assert draft.finish() == tmp_path / "out" / "east.3.toml"
    assert "补充" not in first.read_text(encoding="utf-8")
    received, problems = checked(first.read_bytes(), draft.context)
    assert problems == []
    assert received is not None
    assert len(received.updates) == len(REQUIRED)


def test_the_output_may_be_a_files_name(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    draft.output = tmp_path / "new" / "茌平.toml"
    assert draft.finish() == tmp_path / "new" / "茌平.toml"
    draft.put("", "practices", "有")
    assert draft.finish() == tmp_path / "new" / "茌平.2.toml"


def test_an_undated_item_has_no_days(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    continuing = next(s for s in snapshot.standings if s.occurrence.id == "mine-4")
    draft = Draft.open(Workspace(tmp_path), snapshot, form(snapshot, "east", OCTOBER), tmp_path)
    item = item_of(draft.snapshot, draft.form, continuing, "later")
    assert item.due == ""
