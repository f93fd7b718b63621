"""The events on a form being filled in, without a screen."""

from pathlib import Path

import pytest
from filled import answered, named, opened, reread, words
from tiny import OCTOBER, head, see

from tracker.filling.draft import Draft
from tracker.forms import form
from tracker.registering import NEW
from tracker.typed import Field, understood
from tracker.workspace import Workspace

OCTOBER_TRIAL = '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n'
SAID = {"kind": "1", "ref": "2026-01", "name": "加氢装置", "planned": "10-12"}


def registered(draft: Draft, **said: str) -> str:
    """An event begun and typed; its page."""
    page = draft.add_event()
    for key, text in said.items():
        draft.put(page, key, text)
    return page


def of_october(root: Path, text: str) -> Draft:
    return opened(root, {"2026-10/east.toml": head() + text})


def test_a_new_event_reaches_the_submission_as_it_is_understood(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    page = registered(draft, **SAID, actual="2026-10-15")
    assert draft.troubles == []
    assert (draft.sign(page), draft.register.title(page), draft.register.day(page)) == (
        "✓", "试生产开始 加氢装置", "2026-10-15",
    )  # fmt: skip
    (event,) = reread(draft).events
    assert (event.kind, event.ref, event.name) == ("trial", "2026-01", "加氢装置")
    assert [str(event.planned), str(event.actual)] == ["2026-10-12", "2026-10-15"]
    assert [f.key for f in draft.fields(page)] == ["kind", "ref", "name", "planned", "actual"]


def test_what_is_missing_or_cannot_be_read_stands_at_its_field_and_is_not_written(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    page = registered(draft)
    # An event that was only begun is no mistake, and nothing of it is written.
    assert (words(draft, page), draft.sign(page), "[[event]]" in draft.as_toml()) == ({}, "·", False)
    assert draft.register.title(page) == "（还没有填）"
    draft.put(page, "actual", "10-32")
    assert words(draft, page) == {
        "kind": "要写“事项种类”。",
        "ref": "要写“编号”。",
        "name": "要写“名称”。",
        "planned": "计划日期和实际日期至少写一个。",
        "actual": "没有这一天，请核对。",
    }
    assert draft.sign(page) == "!"
    assert next(gap for gap in draft.gaps() if gap[0] == page) == (page, "kind")
    assert draft.next_gap("mine-7") == (page, "kind")


def test_the_checks_of_a_submission_are_said_beside_the_field_in_the_forms_own_words(tmp_path: Path) -> None:
    draft = answered(opened(tmp_path))
    first = registered(draft, **SAID)
    second = registered(draft, **{**SAID, "ref": "a b"})
    third = registered(draft, **SAID, actual="2026-11-02")
    assert words(draft, first) == {}
    assert words(draft, second) == {"ref": "事项编号不能这样写。事项编号用字母、数字、汉字或短横，例如 2026-01。"}
    assert words(draft, third) == {"actual": "实际日期在本月之后。还没有发生的写计划日期。"}
    draft.put(third, "actual", "")
    assert words(draft, third) == {"ref": "事项“2026-01”在本文件里写了两次。请合并成一条。"}
    assert {t.item for t in draft.troubles} == {second, third}


def test_what_was_registered_before_stands_there_to_be_changed_or_taken_out(tmp_path: Path) -> None:
    september = head(month="2026-09") + OCTOBER_TRIAL.replace("T1", "T0")
    draft = opened(tmp_path, {"2026-09/east.toml": september, "2026-10/east.toml": head() + OCTOBER_TRIAL})
    planned, own = draft.register.pages
    assert [draft.text(page, "ref") for page in (planned, own)] == ["T0", "T1"]
    draft.put(own, "actual", "10-14")
    draft.take_out_event(planned)
    draft.save()
    again = opened(tmp_path)
    # What was taken out does not come back, and what was changed not a second time.
    assert again.register.pages == [own]
    assert again.text(own, "actual") == "10-14"
    again.put(own, "ref", "T9")
    again.save()
    assert opened(tmp_path).register.pages == [own]
    assert [event.ref for event in reread(answered(opened(tmp_path))).events] == ["T9"]


def test_an_event_that_was_sent_by_another_way_meanwhile_is_not_lost(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    registered(draft, **SAID)
    draft.save()
    again = of_october(tmp_path, OCTOBER_TRIAL)
    assert [again.text(page, "ref") for page in again.register.pages] == ["2026-01", "T1"]


def test_an_event_of_ones_own_that_is_taken_out_is_gone_and_its_page_may_be_another_s(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    page = registered(draft, **SAID)
    assert draft.pages[-2:] == [page, NEW]
    draft.take_out_event(page)
    assert draft.pages[-1:] == [NEW]
    assert draft.register.entries == {}
    draft.at = NEW
    draft.save()
    assert opened(tmp_path).at == NEW


def test_a_draft_s_file_may_say_anything_about_events(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    draft.path.parent.mkdir(parents=True)
    start = "[head]\n[answers]\n"
    for text in ("[events.x]\nref = 'a'", "[events.'event/0']", "[events.'event/1']\nref = 3\nother = 'a'"):
        draft.path.write_text(start + text, encoding="utf-8")
        entries = opened(tmp_path).register.entries
        assert entries in ({}, {"event/1": {}})
    for text in ("events = 3\n" + start, "events.'event/2' = 'a'\n" + start):
        draft.path.write_text(text, encoding="utf-8")
        assert opened(tmp_path).register.entries == {}


def test_only_kinds_that_concern_the_unit_are_offered_and_those_it_has_used(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    bureau = Draft.open(Workspace(tmp_path), snapshot, form(snapshot, "bureau", OCTOBER), tmp_path)
    assert bureau.register.kinds == {}
    assert NEW not in bureau.pages
    used = see(tmp_path, {"2026-10/bureau.toml": head("bureau") + OCTOBER_TRIAL})
    again = Draft.open(Workspace(tmp_path), used, form(used, "bureau", OCTOBER), tmp_path)
    assert [again.text(page, "kind") for page in again.register.pages] == ["试生产开始"]


def test_a_section_s_draft_has_its_own_file_and_leaves_the_other_s_words_alone(tmp_path: Path) -> None:
    said = head(more='part = ["chem"]') + '[[update]]\nitem = "chem-1"\nstate = "推进中"\ndone = 3\n'
    snapshot = see(tmp_path, {"2026-10/east.toml": said})

    def part(plan: str) -> Draft:
        one = form(snapshot, "east", OCTOBER, [plan])
        return Draft.open(Workspace(tmp_path), snapshot, one, tmp_path / "out")

    mine, chem = named(part("mine")), part("chem")
    assert {item.id.partition("-")[0] for item in mine.items} == {"mine"}
    assert (mine.path.name, chem.path.name) == ("east.mine.toml", "east.chem.toml")
    assert chem.state("chem-1") == "in-progress"
    assert mine.carried == ()
    assert reread(mine).head.part == ("mine",)
    assert mine.finish().name == "east.mine.toml"
    assert chem.register.kinds == {}


KINDS = ("试生产开始", "试生产结束", "安全设施竣工验收通过")


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("2", "试生产结束", ""),
        ("３", "安全设施竣工验收通过", ""),
        ("验收", "安全设施竣工验收通过", ""),
        ("试生产开始", "试生产开始", ""),
        ("试生产", None, "有几个：试生产开始、试生产结束。"),
        ("0", None, "请写 1 到 3 的编号。"),
        ("4", None, "请写 1 到 3 的编号。"),
        ("别的", None, "请写上面的编号或名称。"),
        (" ", None, ""),
    ],
)
def test_one_of_several_is_named_by_its_number_or_a_part_of_it(text: str, value: str | None, said: str) -> None:
    assert understood(Field("kind", "种类", "one-of", choices=KINDS), text, OCTOBER) == (value, said)
