"""延期申请表: what a unit asked for, as the form that is sealed and ruled upon."""

from datetime import date, datetime
from pathlib import Path

import pytest
from tiny import CHINA, at, build, decision, head, receipt, see

from tracker.cli import main
from tracker.reports.document import Document, Table
from tracker.reports.extension import extension, requests
from tracker.snapshot import Snapshot

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=CHINA)


def asking(month: str = "2026-10", until: str = "2027-03-31", reason: str = "设备未到", more: str = "") -> str:
    """A file that asks for a later day."""
    return head(month=month) + (
        f'[[update]]\nitem = "mine-7"\nstate = "推进中"\n{more}\n'
        f'[update.request_extension]\nuntil = {until}\nreason = "{reason}"\nprogress = "已完成一半"\n'
    )


def rows(document: Document) -> dict[str, str]:
    """The form's first table by its labels."""
    table = document.body[0]
    assert isinstance(table, Table)
    return {row[0]: row[1] for row in table.rows}


def form(snapshot: Snapshot) -> dict[str, str]:
    """The form of 东山县's mine-7."""
    return rows(extension(snapshot, at(snapshot, "east", "mine-7")))


def test_the_form_says_what_was_asked_and_for_what(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": asking(more='measure = "租用设备"')})
    assert form(snapshot) == {
        "依据": "《甲市矿山方案》第7项“机械化”",
        "事项": "机械化改造",
        "期限原文": "80%以上",
        "原到期日": "2026年12月31日",
        "此前延期": "没有",
        "申请延期至": "2027年3月31日（比原到期日晚 90 天）",
        "延期理由": "设备未到",
        "目前进展": "已完成一半",
        "下一步措施": "租用设备",
    }


def test_it_has_room_for_three_opinions_and_no_red_head(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": asking()})
    document = extension(snapshot, at(snapshot, "east", "mine-7"))
    opinions = document.body[-1]
    assert isinstance(opinions, Table)
    assert [row[0] for row in opinions.rows] == [
        "申请单位主要负责人意见",
        "市级承办部门审核意见",
        "甲市安委会办公室审批意见",
    ]
    assert opinions.height > 0
    assert (document.form, document.title, document.addressee) == ("form", "延期申请表", "申请单位：东山县")
    assert "下一步措施" not in rows(document)


def test_earlier_rulings_are_counted_and_the_one_on_this_request_is_not(tmp_path: Path) -> None:
    first, second = asking("2026-08", "2027-01-31"), asking()
    files = {
        "2026-08/east.toml": first,
        "2026-08/receipts.toml": receipt("east.toml", first, "2026-09-01T09:00:00+08:00"),
        "2026-08/decisions.toml": decision(
            "extend", "east", "2026-09-05T09:00:00+08:00", 'item = "mine-7"\nuntil = 2027-01-31'
        ),
        "2026-09/decisions.toml": decision(
            "extend", "east", "2026-10-05T09:00:00+08:00", 'item = "mine-7"\ngranted = false'
        ),
        "2026-10/east.toml": second,
        "2026-10/receipts.toml": receipt("east.toml", second, "2026-11-01T09:00:00+08:00"),
        "2026-10/decisions.toml": decision(
            "extend", "east", "2026-11-02T09:00:00+08:00", 'item = "mine-7"\nuntil = 2027-03-31'
        ),
    }
    found = form(see(tmp_path, files))
    assert found["此前延期"] == "1 次（2026年9月5日同意延至2027年1月31日；2026年10月5日未同意）"
    assert found["原到期日"] == "2026年12月31日"


def test_the_last_request_up_to_the_month_counts(tmp_path: Path) -> None:
    files = {
        "2026-08/east.toml": asking("2026-08", reason="早的"),
        "2026-09/east.toml": head(month="2026-09") + '[[update]]\nitem = "mine-7"\nstate = "推进中"\n',
        "2026-10/east.toml": asking(reason="晚的"),
    }
    assert form(see(tmp_path, files))["延期理由"] == "晚的"
    assert form(see(tmp_path, files, date(2026, 9, 30)))["延期理由"] == "早的"


def test_without_a_request_there_is_no_form(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": asking()})
    assert [s.occurrence.id for s in requests(snapshot, "east")] == ["mine-7"]
    assert requests(snapshot, "west") == []
    with pytest.raises(ValueError, match="mine-1"):
        extension(snapshot, at(snapshot, "east", "mine-1"))


def test_the_command_writes_it_and_names_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path, {"2026-10/east.toml": asking()})
    call = ["report", "2026-10", "--unit", "east", "--extension"]
    assert main([*call, "mine-7"], NOW, tmp_path) == 0
    assert "# 延期申请表" in capsys.readouterr().out
    assert main([*call, "mine-7", "-o", "延期申请表.docx"], NOW, tmp_path) == 0
    assert (tmp_path / "延期申请表.docx").read_bytes().startswith(b"PK")
    capsys.readouterr()
    assert main([*call, "mine-8"], NOW, tmp_path) == 2
    assert "mine-7" in capsys.readouterr().err
    assert main(["report", "2026-10", "--unit", "west", "--extension", "mine-7"], NOW, tmp_path) == 1
    assert "西湖高新区 没有申请延期" in capsys.readouterr().err
    assert main(["report", "2026-10", "--extension", "mine-7"], NOW, tmp_path) == 2
    assert main(["report", "2026-10", "--unit", "est", "--extension", "mine-7"], NOW, tmp_path) == 2
