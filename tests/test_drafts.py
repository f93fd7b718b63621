"""Drafts: kept as they were typed, put aside where they cannot be read, and finished beside what is there."""

from pathlib import Path

import pytest

from tracker import drafts

SHAPE = {"answers": dict, "looked": list}


def test_a_draft_says_again_what_it_was_given_whatever_was_typed(tmp_path: Path) -> None:
    path, said = tmp_path / "a" / "east.toml", {"at": "mine-1", "answers": {"": {"by": '"王某"\n'}}, "looked": []}
    drafts.save(path, "草稿", said)
    assert path.read_text(encoding="utf-8").startswith("# 草稿\n")
    assert drafts.take_up(path, SHAPE) == (said, "")
    drafts.save(path, "草稿", {**said, "at": "\ud800"})
    assert drafts.take_up(path, SHAPE)[0]["at"] == "?"


def test_where_there_is_no_draft_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert drafts.take_up(tmp_path / "east.toml", SHAPE) == ({}, "")


@pytest.mark.parametrize(
    "content", ["", "answers = 3\nlooked = []\n", "looked = []\n", "[answers]\nlooked = [\n", "\0"]
)
def test_what_is_no_draft_is_put_aside_and_nothing_of_it_is_lost(tmp_path: Path, content: str) -> None:
    path = tmp_path / "east.toml"
    path.write_text(content, encoding="utf-8")
    said, notice = drafts.take_up(path, SHAPE)
    [aside] = tmp_path.iterdir()
    assert said == {}
    assert notice == f"上次的草稿读不出来，已另存为 {aside.name}；从头填起。"
    assert (aside.suffix, aside.read_text(encoding="utf-8")) == (".unreadable", content)


def test_a_file_is_finished_beside_others_and_the_same_again_is_the_same_file(tmp_path: Path) -> None:
    named = tmp_path / "out" / "east.toml"
    assert drafts.finish(named, b"a = 1\n") == named
    (named.parent / "east.2.toml").mkdir()
    assert drafts.finish(named, b"a = 2\n") == named.parent / "east.3.toml"
    assert [drafts.finish(named, content).name for content in (b"a = 1\n", b"a = 2\n")] == ["east.toml", "east.3.toml"]
    assert (named.read_bytes(), (named.parent / "east.3.toml").read_bytes()) == (b"a = 1\n", b"a = 2\n")
