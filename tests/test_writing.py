"""Writing: whole files or none, one writer at a time, on every disk."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tracker import writing


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_new_file_appears_whole_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    writing.create(tmp_path / "a" / "b" / "x.toml", b"one")
    assert (tmp_path / "a/b/x.toml").read_bytes() == b"one"
    assert names(tmp_path / "a/b") == ["x.toml"]


@pytest.mark.parametrize("linked", [True, False])
def test_create_refuses_to_replace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, linked: bool) -> None:
    if not linked:
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    (tmp_path / "x.toml").write_bytes(b"old")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("x.toml", "dangling"):
        with pytest.raises(FileExistsError):
            writing.create(tmp_path / name, b"new")
    assert (tmp_path / "x.toml").read_bytes() == b"old"
    assert names(tmp_path) == ["dangling", "x.toml"]


def no_links(_path: Path, _target: Path) -> None:
    raise OSError(1, "Operation not permitted")


def test_on_a_disk_without_links_a_file_appears_whole_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "hardlink_to", no_links)
    writing.create(tmp_path / "x.toml", b"one")
    assert (tmp_path / "x.toml").read_bytes() == b"one"
    assert names(tmp_path) == ["x.toml"]


def test_a_system_that_knows_no_links_at_all_is_served_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_path: Path, _target: Path) -> None:
        raise NotImplementedError

    monkeypatch.setattr(Path, "hardlink_to", unknown)
    monkeypatch.delattr(os, "O_DIRECTORY")
    writing.create(tmp_path / "x.toml", b"one")
    assert (tmp_path / "x.toml").read_bytes() == b"one"


def test_a_full_disk_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old.toml").write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for write in (writing.create, writing.replace):
        with pytest.raises(OSError, match="No space"):
            write(tmp_path / "old.toml", b"new")
    with pytest.raises(OSError, match="No space"):
        writing.append(tmp_path / "old.toml", "more")
    assert (tmp_path / "old.toml").read_bytes() == b"old"
    assert names(tmp_path) == ["old.toml"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "[[b]]\n"),
        ("", "[[b]]\n"),
        ("[[a]]", "[[a]]\n[[b]]\n"),
        ("[[a]]\n", "[[a]]\n\n[[b]]\n"),
        ("[[a]]\n\n", "[[a]]\n\n[[b]]\n"),
    ],
)
def test_append_keeps_what_was_there(tmp_path: Path, before: str | None, after: str) -> None:
    path = tmp_path / "receipts.toml"
    if before is not None:
        path.write_text(before)
    writing.append(path, "[[b]]\n")
    assert path.read_text() == after
    assert names(tmp_path) == ["receipts.toml"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_append_to_what_an_editor_saved_in_another_encoding_makes_it_utf8(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "decisions.toml"
    path.write_bytes('by = "刘某"\n'.encode(encoding))
    writing.append(path, 'by = "孙某"\n')
    assert path.read_text(encoding="utf-8") == 'by = "刘某"\n\nby = "孙某"\n'


def test_append_loses_nothing_of_what_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "decisions.toml"
    path.write_bytes(b"\xff\x00\x81\n")
    writing.append(path, "x = 1\n")
    assert path.read_bytes().startswith(b"\xff\x00\x81\n")


def test_append_is_never_seen_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "receipts.toml"
    path.write_text("[[a]]\n")
    seen = []
    rename = Path.replace

    def watched(temporary: Path, target: Path) -> Path:
        seen.append(path.read_text())
        return rename(temporary, target)

    monkeypatch.setattr(Path, "replace", watched)
    writing.append(path, "[[b]]\n")
    assert seen == ["[[a]]\n"]


def test_others_may_read_what_is_written_as_the_system_is_set(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        writing.create(tmp_path / "x.toml", b"one")
        writing.append(tmp_path / "y.toml", "one")
        (tmp_path / "y.toml").chmod(0o664)
        writing.append(tmp_path / "y.toml", "two")
    finally:
        os.umask(mask)
    assert [(tmp_path / n).stat().st_mode & 0o777 for n in ("x.toml", "y.toml")] == [0o644, 0o664]


def test_replace_puts_a_file_in_anothers_place_or_makes_it(tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        writing.replace(tmp_path / "x", content)
        assert (tmp_path / "x").read_bytes() == content


def test_put_is_for_drafts(tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        writing.replace(tmp_path / "x", content)
        assert (tmp_path / "x").read_bytes() == content


HOLD = """
import sys, time
from pathlib import Path
from tracker import writing
with writing.alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_writer_at_a_time_and_a_killed_one_lets_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 0.2)
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(TimeoutError), writing.alone(tmp_path):
            raise AssertionError
        other.kill()
    with writing.alone(tmp_path):
        pass


def test_what_an_interrupted_writer_left_is_cleared_away_when_it_is_old(tmp_path: Path) -> None:
    folder = tmp_path / "status/city/2026-10"
    folder.mkdir(parents=True)
    old, young = (folder / writing.UNFINISHED.format(n) for n in ("1", "2"))
    other = folder / ".download.part"
    for path in (old, young, other):
        path.write_bytes(b"half")
    long_ago = time.time() - 2 * writing.ABANDONED
    for path in (old, other):
        os.utime(path, (long_ago, long_ago))
    with writing.alone(tmp_path):
        assert names(folder) == sorted([young.name, other.name])
