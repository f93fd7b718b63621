"""Signatures by OpenSSH's ``ssh-keygen -Y``: who vouches for some bytes, with a key they have already.

``allowed_signers`` is OpenSSH's own file: on each line a name, options (``valid-after``, ``namespaces``) and a public
key. The names are the ids of units and, for editions, the names of the city's people.
"""

import base64
import binascii
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker.language import _

SUBMISSION = "tracker-submission"
"""What a county's signature is for: one made for anything else does not count."""

EDITION = "tracker-edition"

ENDING = ".sig"
"""A signature lies beside its file, under its name and this."""

PROGRAM = "ssh-keygen"

_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_LINE = 70
"""Characters of a line of a signature, as OpenSSH writes it."""

_LONGEST = 20_000
"""Bytes; a signature by the longest key there is has a tenth of that."""


class UnableError(Exception):
    """Nothing could be signed or judged: the program or the key is missing, or refuses. Says so in words."""


@dataclass(frozen=True)
class Verdict:
    """What a signature is worth: the key it was made with, or why it does not count."""

    key: str = ""
    """The key's fingerprint, as ``SHA256:…``."""
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Whether the signature counts."""
        return not self.reason


def is_signature(content: bytes) -> bool:
    """Whether bytes are a signature as OpenSSH writes it, to the last one."""
    try:
        lines = content.decode("ascii").replace("\r\n", "\n").split("\n")
        packed = base64.b64decode("".join(lines[1:-2]), validate=True)
    except (UnicodeDecodeError, binascii.Error):
        return False
    text = base64.b64encode(packed).decode()
    broken = [text[n : n + _LINE] for n in range(0, len(text), _LINE)]
    return len(content) <= _LONGEST and packed.startswith(b"SSHSIG") and lines == [_BEGIN, *broken, _END, ""]


def fingerprint(key: Path) -> str:
    """The fingerprint of a key, as ``SHA256:…``. Raises UnableError."""
    ended = _run(["-l", "-f", str(key)])
    found = re.search(r"SHA256:\S+", ended.stdout.decode(errors="replace"))
    if ended.returncode != 0 or found is None:
        raise UnableError(_("钥匙 {key} 用不了：{why}", key=key, why=_said(ended)))
    return found[0]


def sign(content: bytes, key: Path, namespace: str) -> bytes:
    """The signature of some bytes by a private key, or by the agent that holds it. Raises UnableError."""
    ended = _run(["-Y", "sign", "-f", str(key), "-n", namespace], content)
    if ended.returncode != 0:
        raise UnableError(_("钥匙 {key} 用不了：{why}", key=key, why=_said(ended)))
    return ended.stdout


def verify(content: bytes, signature: bytes, signers: Path, name: str, namespace: str, at: datetime) -> Verdict:
    """Whether ``name`` signed these bytes with a key that ``signers`` allowed at that moment. Raises UnableError."""
    if not is_signature(signature):
        return _no_signature()
    with _as_file(signature) as file:
        # The system's own zone: what the file's dates are in, and what every version of OpenSSH understands.
        moment = f"-Overify-time={at.astimezone():%Y%m%d%H%M%S}"
        given = ["-s", str(file), "-f", str(signers), moment]
        ended = _run(["-Y", "verify", "-n", namespace, "-I", name, *given], content)
        if ended.returncode == 0:
            return Verdict(_key(ended))
        found = _intact(content, file, namespace)
        if not found.holds:
            return found
        named = _run(["-Y", "find-principals", *given])
        others = [line for line in named.stdout.decode(errors="replace").splitlines() if line not in ("", name)]
    if others:
        return Verdict(found.key, _("这是 {others} 的签名，不是 {name} 的。", others=_("、").join(others), name=name))
    return Verdict(
        found.key, _("签名所用的钥匙不在 allowed_signers 里 {name} 的名下，或者当时不在有效期内。", name=name)
    )


def beside(path: Path) -> Path:
    """Where a file's signature lies."""
    return path.with_name(f"{path.name}{ENDING}")


def is_beside(path: Path) -> bool:
    """Whether a file is the signature of one beside it."""
    return path.name.endswith(ENDING) and path.with_name(path.name.removesuffix(ENDING)).is_file()


def submitted(path: Path, content: bytes, signers: Path, unit: str, at: datetime) -> Verdict:
    """Whether a unit signed its file, by the signature beside it. Raises UnableError."""
    file = beside(path)
    if not file.is_file():
        return Verdict("", _("没有签名：旁边没有 {file}。", file=file.name))
    return verify(content, file.read_bytes(), signers, unit, SUBMISSION, at)


def intact(content: bytes, signature: bytes, namespace: str) -> Verdict:
    """Whether a signature is of these bytes, by whatever key. Raises UnableError."""
    if not is_signature(signature):
        return _no_signature()
    with _as_file(signature) as file:
        return _intact(content, file, namespace)


def _no_signature() -> Verdict:
    return Verdict("", _("签名文件不完整，不是 ssh-keygen 写出的样子。"))


def _intact(content: bytes, file: Path, namespace: str) -> Verdict:
    ended = _run(["-Y", "check-novalidate", "-n", namespace, "-s", str(file)], content)
    if ended.returncode == 0:
        return Verdict(_key(ended))
    if b"namespace" in ended.stderr:
        return Verdict("", _("签名的用途不对：签名时要写 -n {namespace}。", namespace=namespace))
    return Verdict("", _("内容和签名对不上：签名以后改动过。"))


def _key(ended: subprocess.CompletedProcess[bytes]) -> str:
    found = re.search(r"SHA256:\S+", ended.stdout.decode(errors="replace"))
    return found[0] if found is not None else ""


@contextmanager
def _as_file(signature: bytes) -> Iterator[Path]:
    """A signature as a file, which the program wants."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "signature"
        file.write_bytes(signature)
        yield file


def _run(arguments: Sequence[str], content: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    program = shutil.which(PROGRAM)
    if program is None:
        raise UnableError(_("没有找到 {program}：请先安装 OpenSSH 客户端。", program=PROGRAM))
    return subprocess.run(  # noqa: S603 - a list of arguments, no shell
        [program, *arguments], input=content, capture_output=True, check=False
    )


def _said(ended: subprocess.CompletedProcess[bytes]) -> str:
    """The program's own last words."""
    return next(reversed(ended.stderr.decode(errors="replace").split("\n")[:-1]), "").strip()
