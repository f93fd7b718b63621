"""Proving a month: one byte changed anywhere in the archive is found and named."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sealed import EDITION, LATE, LATER, failures, issue, october, reported, told
from tiny import OCTOBER, build, head

from tracker import manifest, signatures
from tracker.editions import sealed
from tracker.manifest import Listed, Manifest
from tracker.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two units have reported on September, and the city has verified an item."""
    return reported(tmp_path / "w")


def test_later_rulings_and_files_never_make_a_past_month_fail(root: Path) -> None:
    issue(root)
    october(root)
    build(root, {"2026-09/east.2.toml": head(month="2026-09") + LATE}, {"assignments.toml": ""})
    assert told(root) == []


@pytest.fixture
def two(root: Path, keys: Mapping[str, Path]) -> Path:
    """September and October, both sealed and signed, with the paper as issued."""
    names = f'刘某 namespaces="tracker-edition" {keys["east"].with_suffix(".pub").read_text()}'
    build(root, {"allowed_signers": names})
    issue(root, key=keys["east"])
    october(root)
    first = issue(root, OCTOBER, LATER, key=keys["east"], number="〔2026〕10号").manifest
    assert first is not None
    assert first.key == signatures.fingerprint(keys["east"])
    assert told(root) == []
    return root


def archived(root: Path) -> list[Path]:
    status = root / "status/city"
    return sorted(p for p in [*(status / "archive").rglob("*"), *status.glob("*/edition/*")] if p.is_file())


@pytest.mark.needs_program
def test_one_byte_changed_anywhere_in_the_archive_is_found_and_named(two: Path) -> None:
    paths = archived(two)
    assert len(paths) >= 30
    for path in paths:
        content = path.read_bytes()
        if not content:
            continue
        spots = range(0, len(content), max(1, len(content) // 3)) if "manifest" in path.name else [len(content) // 2]
        for n in spots:
            path.write_bytes(content[:n] + bytes([content[n] ^ 1]) + content[n + 1 :])
            named = {file for file, _what in failures(two, path.parent.parent.name if "edition" in path.parts else "")}
            assert path.relative_to(two).as_posix() in named, (path, n)
        path.write_bytes(content)
    assert told(two) == []


@pytest.mark.needs_program
def test_a_file_missing_from_the_archive_is_found_and_named(two: Path) -> None:
    for path in archived(two):
        content = path.read_bytes()
        path.unlink()
        gone = path.relative_to(two).as_posix()
        named = [file for file, _what in failures(two)]
        # Without its manifest the last month is no edition; an earlier one is missed by the next.
        is_last = gone == "status/city/2026-10/edition/manifest.toml"
        is_first = gone == f"{EDITION}/manifest.toml"
        assert named[:1] == ([] if is_last else ["status/city/2026-10/edition/manifest.toml"] if is_first else [gone])
        path.write_bytes(content)


def test_a_file_put_into_an_edition_or_into_the_archive_is_named(root: Path) -> None:
    issue(root)
    (root / EDITION / "extra.docx").write_bytes(b"x")
    (root / "status/city/archive/notes.txt").write_bytes(b"x")
    (root / EDITION / "manifest.toml.sig").write_bytes(b"x")
    assert {file for file, _what in failures(root)} == {
        f"{EDITION}/extra.docx", f"{EDITION}/manifest.toml.sig", "status/city/archive/notes.txt",
    }  # fmt: skip
    # Of one month alone only its own copies are asked for.
    assert "status/city/archive/notes.txt" not in {file for file, _what in failures(root, "2026-09")}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("东山", "西山") + "\n", ""),
        (lambda text: text.replace("属实", "不实"), "只能追加的记录，定稿以前的部分被改动过。"),
        (lambda text: "\n" + text, "只能追加的记录，定稿以前的部分被改动过。"),
        (None, "不见了；存档里还有当时的内容。"),
    ],
)
def test_records_may_only_grow(root: Path, change: Callable[[str], str] | None, words: str) -> None:
    issue(root)
    path = root / "status/city/2026-09/decisions.toml"
    if change is None:
        path.unlink()
    else:
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert failures(root) == ([("status/city/2026-09/decisions.toml", words)] if words else [])


def test_a_submission_gone_since_is_said_and_does_not_fail(root: Path) -> None:
    issue(root)
    (root / "status/city/2026-09/west.toml").unlink()
    assert [(one.file, one.failed) for one in told(root)] == [("status/city/2026-09/west.toml", False)]


def forge(root: Path, **values: Any) -> None:
    """Another manifest in place of the one written, with a seal that is right."""
    path = root / EDITION / "manifest.toml"
    found, wrong = manifest.read(path.read_bytes(), "")
    assert found is not None, wrong
    path.write_bytes(manifest.write(replace(found, **values)))


def test_figures_and_papers_that_do_not_come_from_the_inputs_are_found(root: Path) -> None:
    found = issue(root).manifest
    assert found is not None
    other = tuple(replace(c, done=c.done + 1) if c.of == "city" else c for c in found.figures)
    forge(root, figures=other)
    assert failures(root) == [(f"{EDITION}/manifest.toml", "按存档重算，city 的数字和定稿不同。")]
    content = b"# nothing is late\n"
    (root / EDITION / "bulletin.md").write_bytes(content)
    listed = Listed("bulletin.md", sha256(content).hexdigest())
    forge(root, figures=found.figures, report=tuple(listed if r.path == listed.path else r for r in found.report))
    assert failures(root) == [(f"{EDITION}/bulletin.md", "按存档重写，和定稿的文件不同。")]


def test_an_edition_exchanged_for_another_is_found_by_the_next(root: Path) -> None:
    issue(root)
    issue(october(root), OCTOBER, LATER)
    forge(root, by="别人")
    assert failures(root) == [
        ("status/city/2026-10/edition/manifest.toml", "上一次定稿 2026-09 的清单不是当时的那一份。")
    ]


def test_by_another_program_only_the_figures_are_compared_and_that_is_said(root: Path) -> None:
    found = issue(root).manifest
    assert found is not None
    forge(root, program="0.0.1")
    assert [(one.file, one.failed) for one in told(root)] == [(f"{EDITION}/manifest.toml", False)]
    forge(root, program="0.0.1", figures=tuple(replace(c, late=7) for c in found.figures))
    assert len(failures(root)) == len(found.figures)


def test_plans_that_this_program_cannot_read_are_said(root: Path) -> None:
    found = issue(root).manifest
    assert found is not None
    forge(root, input=tuple(one for one in found.input if not one.path.endswith("programme.toml")))
    assert "不能重算" in failures(root)[0][1]


def test_a_manifest_of_another_month_or_with_paths_outside_is_no_proof(root: Path) -> None:
    issue(root)
    good = (root / EDITION / "manifest.toml").read_bytes()
    forge(root, month="2026-08")
    assert "这份清单是 city 2026-08 的" in failures(root)[0][1]
    for path in ("../../etc/x", "/etc/x", "C:/x", "a\\b", "a//b"):
        (root / EDITION / "manifest.toml").write_bytes(good)
        forge(root, input=(Listed(path, "0" * 64),))
        assert "不在工作区里" in failures(root)[0][1]
        assert sealed(Workspace(root), "city") == []
    (root / EDITION / "manifest.toml").write_bytes(manifest.write(_odd(good)))
    assert failures(root)


def _odd(content: bytes) -> Manifest:
    """A manifest with a key that no manifest has."""
    found, _wrong = manifest.read(content, "")
    assert found is not None
    return replace(found, programme=3)  # type: ignore[arg-type]


@pytest.mark.needs_program
def test_a_signature_that_is_gone_another_keys_or_another_persons_is_found(
    two: Path, keys: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = two / EDITION / "manifest.toml"
    file, good = signatures.beside(path), signatures.beside(path).read_bytes()
    shown = f"{EDITION}/manifest.toml.sig"
    signers = two / "status/city/allowed_signers"
    lines = signers.read_text(encoding="utf-8")
    file.write_bytes(signatures.sign(path.read_bytes(), keys["west"], signatures.EDITION))
    assert failures(two, "2026-09")[0][0] == shown
    # The person may sign with either key now, but the manifest names the other one.
    west = f"刘某 {keys['west'].with_suffix('.pub').read_text()}"
    signers.write_text(lines + west, encoding="utf-8")
    assert failures(two, "2026-09") == [(shown, "签名用的不是清单里写的那把钥匙。")]
    file.write_bytes(good)
    signers.unlink()
    assert [(one.file, one.failed) for one in told(two, "2026-09")] == [
        (shown, False),
        ("status/city/allowed_signers", False),
    ]
    monkeypatch.setenv("PATH", "")
    assert "签名没有核对" in told(two, "2026-09")[0].what
