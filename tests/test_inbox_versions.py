"""A file as the next version of its month: none is overwritten, and the same bytes are received once."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from arrivals import (
    BROKEN,
    EAST,
    NOW,
    PDF,
    SECOND,
    TRIAL,
    WEST,
    desk,
    digests,
    entry,
    form_of,
    kept,
    month_files,
    one_in,
    receipts,
    see,
    take_in,
)
from tiny import OCTOBER, build, head, receipt

from tracker import writing
from tracker.echoes import echo
from tracker.inbox.receiving import receive


def test_later_files_are_the_next_versions_and_the_last_one_counts(root: Path) -> None:
    third = SECOND.replace("第二版", "第三版")
    found = take_in(root, {"1.toml": EAST, "2.toml": SECOND, "3.toml": third})
    assert [one.outcome for one in found] == ["received"] * 3
    assert month_files(root) == ["east.2.toml", "east.3.toml", "east.toml"]
    assert [one.submission.version for one in found if one.submission] == [1, 2, 3]
    assert [r.file for r in receipts(root)] == ["east.toml", "east.2.toml", "east.3.toml"]
    record = see(root).by_key["east", "mine-7"].record
    assert record is not None
    assert record.update.note == "第三版"


def test_sections_send_parts_as_versions_of_one_month(root: Path) -> None:
    parts = [head(more=f'part = ["{plan}"]\n') + entry(item) for plan, item in (("mine", "mine-7"), ("chem", "chem-1"))]
    take_in(root, {"a.toml": parts[0], "b.toml": parts[1]})
    assert month_files(root) == ["east.2.toml", "east.toml"]
    records = [see(root).by_key["east", item].record for item in ("mine-7", "chem-1")]
    assert all(record is not None for record in records)


def test_the_same_bytes_are_said_to_be_the_same_and_change_nothing(root: Path) -> None:
    one_in(root, EAST)
    before = kept(root)
    again = one_in(root, EAST, "another name.toml")
    assert (again.outcome, again.stored, again.unit, again.month) == (
        "same",
        "status/city/2026-10/east.toml",
        "east",
        OCTOBER,
    )
    assert echo(see(root).programme, again) == "与已收到的 status/city/2026-10/east.toml 完全相同。"
    assert kept(root) == before
    one_in(root, SECOND)
    assert one_in(root, EAST).reason.endswith("以后来的 status/city/2026-10/east.2.toml 为准。")


def test_a_name_that_is_taken_or_was_is_never_used_again(root: Path) -> None:
    folder = root / "status/city/2026-10"
    build(
        root,
        {
            "2026-10/East.4.toml": head("west"),
            "2026-10/receipts.toml": receipt("east.6.toml", "gone", "2026-11-01T08:00:00+08:00"),
        },
    )
    (folder / "某县.9.toml").write_text(head(), encoding="utf-8")
    assert one_in(root, EAST).stored == "status/city/2026-10/east.10.toml"
    assert (folder / "某县.9.toml").read_text(encoding="utf-8") == head()


def test_a_file_whose_stored_copy_is_gone_is_put_back(root: Path) -> None:
    one = one_in(root, EAST)
    (root / one.stored).unlink()
    again = one_in(root, EAST)
    assert again.outcome == "same"
    assert "已经补回" in again.reason
    assert (root / one.stored).read_text(encoding="utf-8") == EAST
    assert len(receipts(root)) == 1
    assert len(see(root).filed) == 1


def test_a_workbook_whose_stored_copy_is_gone_is_put_back_or_received_anew(root: Path) -> None:
    content = form_of(root, answers={"mine-7": {"state": "推进中"}})
    one = one_in(root, content, "表.xlsx")
    stored = (root / one.stored).read_bytes()
    (root / one.stored).unlink()
    assert one_in(root, content).outcome == "same"
    assert (root / one.stored).read_bytes() == stored
    (root / one.stored).unlink()
    text = (root / "status/city/2026-10/receipts.toml").read_text(encoding="utf-8")
    other = text.replace(sha256(stored).hexdigest(), "0" * 64)
    (root / "status/city/2026-10/receipts.toml").write_text(other, encoding="utf-8")
    assert (again := one_in(root, content)).outcome == "received"
    assert again.stored == "status/city/2026-10/east.2.toml"


def test_a_file_put_in_by_hand_gets_its_receipt_where_it_lies(root: Path) -> None:
    build(root, {"2026-10/某县月报.toml": EAST})
    [one] = receive(desk(root), [root / "status/city/2026-10/某县月报.toml"])
    assert (one.outcome, one.stored) == ("received", "status/city/2026-10/某县月报.toml")
    assert month_files(root) == ["某县月报.toml"]
    assert receipts(root)[0].file == "某县月报.toml"
    before = kept(root)
    assert [o.outcome for o in receive(desk(root), [root / "status/city/2026-10"])] == ["same"]
    assert [o.outcome for o in receive(desk(root), [root / "status/city/2026-10/../2026-10/某县月报.toml"])] == ["same"]
    assert kept(root) == before


def test_a_folder_of_the_workspace_is_taken_without_what_the_workspace_keeps(root: Path) -> None:
    take_in(root, {"a.toml": EAST, "b.toml": BROKEN, "c.pdf": PDF})
    build(
        root,
        {
            "2026-10/dropped.xlsx": form_of(root, "west"),
            "2026-10/.part.toml": head("bureau"),
            "opening/east.toml": "",
            "notes.txt": "",
        },
    )
    (root / "信.txt").write_text("信", encoding="utf-8")
    (root / "status/city/2026-10" / writing.UNFINISHED.format("1")).write_bytes(b"half")
    found = receive(desk(root), [root])
    assert sorted((one.given, one.outcome) for one in found) == [
        ("status/city/2026-10/.part.toml", "received"), ("status/city/2026-10/dropped.xlsx", "received"),
        ("status/city/2026-10/east.toml", "same"), ("信.txt", "held"),
    ]  # fmt: skip
    assert month_files(root) == [".part.toml", "east.toml", "west.toml"]
    assert [one.outcome for one in receive(desk(root), [root])] == ["same", "same", "same", "same", "held"]


def test_files_put_in_by_hand_get_theirs_when_others_come_for_the_month(root: Path) -> None:
    build(
        root,
        {
            "2026-10/east.toml": EAST,
            "2026-09/east.toml": EAST.replace("2026-10", "2026-09"),
            "2026-10/bad.toml": BROKEN,
        },
    )
    assert [one.outcome for one in take_in(root, {"a.pdf": PDF})] == ["attachment"]
    found = take_in(root, {"west.toml": WEST})
    assert [(one.given.rpartition("/")[2], one.outcome) for one in found] == [
        ("west.toml", "received"),
        ("east.toml", "received"),
    ]
    assert {r.file for r in receipts(root)} == {"west.toml", "east.toml"}
    assert not (root / "status/city/2026-09/receipts.toml").exists()


def test_a_file_put_in_the_wrong_months_folder_is_received_where_it_belongs(root: Path) -> None:
    build(root, {"2026-09/east.toml": EAST})
    [one] = receive(desk(root), [root / "status/city/2026-09/east.toml"])
    assert one.stored == "status/city/2026-10/east.toml"
    assert (root / "status/city/2026-09/east.toml").exists()


def test_bytes_that_lie_there_without_a_receipt_are_not_stored_twice(root: Path) -> None:
    """As when ``receive`` was interrupted before the receipt."""
    build(root, {"2026-10/east.toml": EAST})
    one = one_in(root, EAST)
    assert (one.outcome, one.stored) == ("received", "status/city/2026-10/east.toml")
    assert month_files(root) == ["east.toml"]


def test_a_file_changed_after_its_receipt_becomes_the_next_version_and_what_it_was_comes_back(root: Path) -> None:
    stored = root / one_in(root, EAST).stored
    stored.write_text(SECOND, encoding="utf-8")
    assert [p.code for p in see(root).problems] == ["E19"]
    [one] = receive(desk(root, NOW + timedelta(hours=1)), [stored])
    assert (one.outcome, one.stored) == ("received", "status/city/2026-10/east.2.toml")
    assert "在收到后被改动" in one.reason
    assert one.reason in echo(see(root).programme, one)
    assert [(root / f"status/city/2026-10/{n}").read_text(encoding="utf-8") for n in ("east.toml", "east.2.toml")] == [
        EAST,
        SECOND,
    ]
    snapshot = see(root)
    assert snapshot.problems == ()
    assert [f.submission.version for f in snapshot.filed] == [1, 2]
    # What was known before the change is still what was known then.
    assert [f.submission.version for f in see(root, NOW + timedelta(minutes=1)).filed] == [1]
    before = kept(root)
    assert [o.outcome for o in receive(desk(root), [root / "status/city/2026-10"])] == ["same", "same"]
    assert kept(root) == before


def test_a_change_is_received_though_the_bytes_before_it_are_not_at_hand(root: Path) -> None:
    files = {
        "2026-10/east.toml": SECOND,
        "2026-10/receipts.toml": receipt("east.toml", EAST, "2026-11-01T08:00:00+08:00"),
    }
    build(root, files)
    [one] = receive(desk(root), [root / "status/city/2026-10/east.toml"])
    assert one.stored == "status/city/2026-10/east.2.toml"
    assert month_files(root) == ["east.2.toml", "east.toml"]
    assert see(root).problems == ()
    assert [(r.file, r.sha256) for r in receipts(root)][1:] == [
        (name, sha256(SECOND.encode()).hexdigest()) for name in ("east.2.toml", "east.toml")
    ]


def test_a_change_received_while_interrupted_is_settled_the_next_time(root: Path) -> None:
    stored = root / one_in(root, EAST).stored
    one_in(root, SECOND)
    stored.write_text(SECOND, encoding="utf-8")
    [one] = receive(desk(root), [stored])
    assert (one.outcome, one.reason) == ("same", "这次改动已作为 status/city/2026-10/east.2.toml 收到。")
    assert stored.read_text(encoding="utf-8") == EAST
    assert see(root).problems == ()


def test_the_bytes_of_a_file_that_was_changed_since_are_the_same_and_the_change_is_pointed_out(root: Path) -> None:
    stored = root / one_in(root, EAST).stored
    stored.write_text(SECOND, encoding="utf-8")
    again = one_in(root, EAST)
    assert again.outcome == "same"
    assert "后来被改动：请再接收一次 status/city/2026-10/east.toml" in again.reason
    assert {sha256(t.encode()).hexdigest() for t in (EAST, SECOND)} <= digests(root)


def test_a_change_that_cannot_be_taken_is_held_and_the_file_stays(root: Path) -> None:
    stored = root / one_in(root, EAST).stored
    stored.write_text(BROKEN, encoding="utf-8")
    [one] = receive(desk(root), [stored])
    assert one.outcome == "held"
    assert stored.read_text(encoding="utf-8") == BROKEN
    assert {sha256(t.encode()).hexdigest() for t in (EAST, BROKEN)} <= digests(root)


def test_a_change_to_another_unit_is_that_units(root: Path) -> None:
    stored = root / one_in(root, EAST).stored
    stored.write_text(WEST, encoding="utf-8")
    [one] = receive(desk(root), [stored])
    assert one.stored == "status/city/2026-10/west.toml"
    assert stored.read_text(encoding="utf-8") == EAST


def test_an_event_in_one_file_is_known_to_the_next(root: Path) -> None:
    first = head(more='part = ["chem"]\n') + TRIAL
    second = head(more='part = ["mine"]\n') + entry("mine-3b@T1")
    found = take_in(root, {"a.toml": first, "b.toml": second})
    assert [one.problems for one in found] == [(), ()]
    assert found[1].submission is not None
    assert [u.item for u in found[1].submission.updates] == ["mine-3b@T1"]
