"""Signatures by the real ssh-keygen: what counts, and in which words what does not is refused."""

import os
import subprocess
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from arrivals import EAST, NOW, WEST, desk, form_of, month_files, receipts, see
from tiny import CHINA, build, head

from tracker import signatures
from tracker.checking import check_files
from tracker.cli import main
from tracker.inbox.received import Received
from tracker.inbox.receiving import receive
from tracker.signatures import EDITION, SUBMISSION, UnableError, beside, is_signature, sign, submitted, verify
from tracker.workspace import Workspace

pytestmark = pytest.mark.needs_program


def allowed(keys: Mapping[str, Path], options: str = "") -> str:
    """``allowed_signers`` with the keys of the two units."""
    lines = [f"{name} {options} {keys[name].with_suffix('.pub').read_text()}" for name in ("east", "west")]
    return "# 报送单位的钥匙\n" + "".join(line.replace("  ", " ") for line in lines)


@pytest.fixture
def signers(tmp_path: Path, keys: Mapping[str, Path]) -> Path:
    path = tmp_path / "allowed_signers"
    path.write_text(allowed(keys), encoding="utf-8")
    return path


@pytest.fixture
def root(tmp_path: Path, keys: Mapping[str, Path]) -> Path:
    """A workspace that takes signed files only."""
    return build(tmp_path / "w", {"allowed_signers": allowed(keys)})


def signed(folder: Path, content: bytes, key: Path, name: str = "x.toml") -> Path:
    """A file with its signature beside it."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    beside(folder / name).write_bytes(sign(content, key, SUBMISSION))
    return folder / name


# --- what a signature is worth ---


def test_a_signature_counts_for_its_bytes_its_name_and_its_purpose(keys: Mapping[str, Path], signers: Path) -> None:
    signature = sign(b"hello", keys["east"], SUBMISSION)
    good = verify(b"hello", signature, signers, "east", SUBMISSION, NOW)
    assert good.holds
    assert good.key == signatures.fingerprint(keys["east"])
    reasons = {
        "changed": verify(b"hellO", signature, signers, "east", SUBMISSION, NOW).reason,
        "other": verify(b"hello", signature, signers, "west", SUBMISSION, NOW).reason,
        "purpose": verify(b"hello", signature, signers, "east", EDITION, NOW).reason,
        "stranger": verify(
            b"hello", sign(b"hello", keys["stranger"], SUBMISSION), signers, "east", SUBMISSION, NOW
        ).reason,
        "no signature": verify(b"hello", b"hello", signers, "east", SUBMISSION, NOW).reason,
    }
    assert reasons == {
        "changed": "内容和签名对不上：签名以后改动过。",
        "other": "这是 east 的签名，不是 west 的。",
        "purpose": "签名的用途不对：签名时要写 -n tracker-edition。",
        "stranger": "签名所用的钥匙不在 allowed_signers 里 east 的名下，或者当时不在有效期内。",
        "no signature": "签名文件不完整，不是 ssh-keygen 写出的样子。",
    }


def test_a_key_counts_from_its_day_on(keys: Mapping[str, Path], signers: Path) -> None:
    signers.write_text(allowed(keys, 'valid-after="20261101",valid-before="20261201"'), encoding="utf-8")
    signature = sign(b"hello", keys["east"], SUBMISSION)
    days = [datetime(2026, month, day, 12, tzinfo=CHINA) for month, day in ((10, 30), (11, 2), (12, 3))]
    assert [verify(b"hello", signature, signers, "east", SUBMISSION, day).holds for day in days] == [False, True, False]


def test_intact_asks_for_no_name(keys: Mapping[str, Path]) -> None:
    signature = sign(b"hello", keys["stranger"], EDITION)
    assert signatures.intact(b"hello", signature, EDITION).key == signatures.fingerprint(keys["stranger"])
    assert not signatures.intact(b"hellO", signature, EDITION).holds
    assert not signatures.intact(b"hello", b"", EDITION).holds


def test_no_byte_of_a_signature_can_change_unseen(keys: Mapping[str, Path]) -> None:
    signature = sign(b"hello", keys["east"], SUBMISSION)
    assert is_signature(signature)
    assert is_signature(signature.replace(b"\n", b"\r\n"))
    unseen = []
    for n in range(len(signature)):
        changed = signature[:n] + bytes([signature[n] ^ 1]) + signature[n + 1 :]
        if is_signature(changed) and changed.splitlines()[0] == signature.splitlines()[0]:
            unseen.append(changed)
    # What still looks like a signature is one of other bytes.
    assert len(unseen) < len(signature)
    assert not any(signatures.intact(b"hello", changed, SUBMISSION).holds for changed in unseen[::10])


def test_a_key_that_cannot_sign_is_said_in_words(tmp_path: Path) -> None:
    for act in (lambda: sign(b"x", tmp_path / "none", EDITION), lambda: signatures.fingerprint(tmp_path / "none")):
        with pytest.raises(UnableError, match=r"钥匙 .*none 用不了：.*No such file"):
            act()


def test_without_the_program_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnableError, match="没有找到 ssh-keygen：请先安装 OpenSSH 客户端。"):
        sign(b"x", tmp_path / "key", EDITION)


# --- receiving only for itself ---


def take(root: Path, *paths: Path, now: datetime = NOW) -> list[Received]:
    return receive(desk(root, now), paths)


def test_a_file_signed_by_its_unit_is_received_and_its_signature_kept(
    root: Path, tmp_path: Path, keys: Mapping[str, Path]
) -> None:
    path = signed(tmp_path / "in", EAST.encode(), keys["east"])
    [one] = take(root, path.parent)
    assert one.outcome == "received"
    [receipt] = receipts(root)
    assert receipt.signed_by == f"east {signatures.fingerprint(keys['east'])}"
    kept = root / "status/city/2026-10/attachments" / f"{receipt.sha256}.toml.sig"
    assert kept.read_bytes() == beside(path).read_bytes()
    # What is kept proves the file as long as it is kept.
    stored = root / one.stored
    assert verify(
        stored.read_bytes(), kept.read_bytes(), Workspace(root).signers("city"), "east", SUBMISSION, NOW
    ).holds
    assert {f.submission.unit for f in see(root).filed} == {"east"}
    assert [again.outcome for again in take(root, path, beside(path))] == ["same"]


def test_a_workbook_is_signed_as_it_is(root: Path, tmp_path: Path, keys: Mapping[str, Path]) -> None:
    content = form_of(build(tmp_path / "plain"))
    path = signed(tmp_path / "in", content, keys["east"], "表.xlsx")
    [one] = take(root, path)
    assert one.outcome == "received"
    [receipt] = receipts(root)
    assert (root / "status/city/2026-10/attachments" / f"{receipt.origin}.xlsx.sig").exists()


def test_what_its_unit_did_not_sign_is_held_with_the_reason(
    root: Path, tmp_path: Path, keys: Mapping[str, Path]
) -> None:
    folder = tmp_path / "in"
    signed(folder, EAST.encode(), keys["west"], "other.toml")
    changed = signed(folder, EAST.encode(), keys["east"], "changed.toml")
    changed.write_bytes(EAST.replace("推进中", "未启动").encode())
    (folder / "unsigned.toml").write_text(WEST, encoding="utf-8")
    signed(folder, WEST.encode() + b"\n", keys["stranger"], "stranger.toml")
    found = {Path(one.given).name: one for one in take(root, folder)}
    assert {name: (one.outcome, one.reason) for name, one in found.items()} == {
        "other.toml": ("held", "这是 west 的签名，不是 east 的。"),
        "changed.toml": ("held", "内容和签名对不上：签名以后改动过。"),
        "unsigned.toml": ("held", "没有签名：旁边没有 unsigned.toml.sig。"),
        "stranger.toml": ("held", "签名所用的钥匙不在 allowed_signers 里 west 的名下，或者当时不在有效期内。"),
    }
    assert month_files(root) == []
    held = sorted(p.name for p in (root / "status/city/2026-10/held").iterdir())
    assert sum(name.endswith("other.toml.sig") for name in held) == 1
    assert see(root).filed == ()
    # Held before for want of a signature: with one it is received, and held files are found again as such.
    assert [one.reason for one in take(root, folder / "unsigned.toml")] == [
        "没有签名：旁边没有 unsigned.toml.sig。（此前已暂存）"
    ]
    assert [one.outcome for one in take(root, signed(folder, WEST.encode(), keys["west"], "unsigned.toml"))] == [
        "received"
    ]


def test_a_file_put_into_its_month_by_hand_does_not_count_until_its_signature_was_looked_at(
    root: Path, keys: Mapping[str, Path]
) -> None:
    month = root / "status/city/2026-10"
    path = signed(month, EAST.encode(), keys["east"], "east.toml")
    snapshot = see(root)
    assert snapshot.filed == ()
    assert [(p.code, p.message) for p in snapshot.problems] == [("E20", "还没有接收，签名没有核对，暂不计入。")]
    assert [one.outcome for one in take(root, month)] == ["received"]
    assert month_files(root) == ["east.toml"]
    assert see(root).problems == ()
    assert path.read_bytes() == EAST.encode()


def test_where_nobodys_signature_is_asked_for_nothing_changes(tmp_path: Path, keys: Mapping[str, Path]) -> None:
    root = build(tmp_path / "free")
    path = signed(tmp_path / "in", EAST.encode(), keys["stranger"])
    assert [one.outcome for one in take(root, path)] == ["received"]
    assert receipts(root)[0].signed_by == ""
    assert "signed_by" not in (root / "status/city/2026-10/receipts.toml").read_text(encoding="utf-8")


def test_without_the_program_signed_files_are_left_where_they_are(
    root: Path, tmp_path: Path, keys: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = signed(tmp_path / "in", EAST.encode(), keys["east"])
    monkeypatch.setenv("PATH", str(tmp_path))
    [one] = take(root, path)
    assert (one.outcome, one.reason) == (
        "left",
        "签名没有核对：没有找到 ssh-keygen：请先安装 OpenSSH 客户端。",
    )
    assert not (root / "status/city/2026-10").exists()
    problems = check_files(Workspace(root), ["city"], [path], NOW)
    assert [p.message for p in problems] == ["签名没有核对：没有找到 ssh-keygen：请先安装 OpenSSH 客户端。"]


def test_check_looks_at_a_signature_beside_the_file(
    root: Path, tmp_path: Path, keys: Mapping[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = signed(tmp_path / "in", EAST.encode(), keys["west"])
    assert main(["check", "-C", str(root), str(path)], NOW, tmp_path) == 1
    said = capsys.readouterr().out
    assert "E20 这是 west 的签名，不是 east 的。" in said
    assert "x.toml.sig" in said
    beside(path).write_bytes(sign(EAST.encode(), keys["east"], SUBMISSION))
    assert main(["check", "-C", str(root), str(path)], NOW, tmp_path) == 0
    # Whose it is cannot be told: that is said, and nothing of the signature.
    (tmp_path / "in/x.toml").write_text(head("nobody"), encoding="utf-8")
    assert [p.code for p in check_files(Workspace(root), ["city"], [path], NOW)] == ["E08"]
    # Where no signature is asked for, none is looked at.
    free = build(tmp_path / "free")
    assert check_files(Workspace(free), ["city"], [signed(tmp_path / "in", EAST.encode(), keys["west"])], NOW) == []


def test_a_signature_is_judged_at_the_moment_its_file_comes(
    root: Path, tmp_path: Path, keys: Mapping[str, Path]
) -> None:
    (root / "status/city/allowed_signers").write_text(allowed(keys, 'valid-before="20261103"'), encoding="utf-8")
    path = signed(tmp_path / "in", EAST.encode(), keys["east"])
    assert [one.outcome for one in take(root, path, now=NOW + timedelta(days=5))] == ["held"]
    assert [one.outcome for one in take(root, path)] == ["received"]


def test_the_documented_command_makes_the_signature(root: Path, tmp_path: Path, keys: Mapping[str, Path]) -> None:
    (tmp_path / "chiping.toml").write_text(EAST, encoding="utf-8")
    guide = (Path(__file__).parent.parent / "status/README.md").read_text(encoding="utf-8")
    [line] = [line for line in guide.splitlines() if line.startswith("ssh-keygen -Y sign")]
    command = line.replace("~/.ssh/id_ed25519", str(keys["east"])).split()
    subprocess.run(command, cwd=tmp_path, check=True, env=dict(os.environ), capture_output=True)
    assert submitted(tmp_path / "chiping.toml", EAST.encode(), Workspace(root).signers("city"), "east", NOW).holds
