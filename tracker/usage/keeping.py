"""The house itself: issued months, the workspace."""

from collections.abc import Mapping
from pathlib import Path

from tracker.language import _
from tracker.usage.base import Adder, Declare, Parents
from tracker.usage.kinds import day, moment, month


def _seal(add: Adder, _of: Parents) -> None:
    seal = add(
        "archive.seal",
        _("定稿：一个月的通报和报告，连同全部依据存档"),
        "tracker seal 2026-10 --by 刘某 --number 〔2026〕12号 --issued 印发稿.docx",
    )
    seal.set_defaults(as_of=None)
    seal.add_argument("month", type=month, metavar=_("月份"))
    seal.add_argument("--by", metavar=_("姓名"), help=_("谁定的稿；也可以用环境变量 TRACKER_USER"))
    seal.add_argument("--number", metavar=_("文号"), help=_("不写时从印发稿里找"))
    seal.add_argument("--signer", metavar=_("签发人"), help=_("不写时从印发稿里找"))
    seal.add_argument("--on", type=day, metavar=_("日期"), help=_("印发日期，不写时从印发稿里找"))
    seal.add_argument("--issued", type=Path, metavar=_("文件"), help=_("印发的 Word 文件：核对其中的数字，一并存档"))
    seal.add_argument("--known-by", type=moment, metavar=_("时刻"), help=_("按这一时刻所知定稿，默认现在"))
    seal.add_argument("--despite", metavar=_("理由"), help=_("印发稿的数字和系统不一致，仍然定稿的理由"))
    seal.add_argument("--reason", metavar=_("文字"), help=_("需要记下的说明"))
    seal.add_argument(
        "--key", type=Path, metavar=_("钥匙"), help=_("用这把 SSH 私钥签名；也可以用 TRACKER_SIGNING_KEY")
    )


def _audit(add: Adder, of: Parents) -> None:
    audit = add("archive.audit", _("核验定稿：文件、依据、数字、次序，一个字节都不能变"), "tracker audit", of.as_json)
    audit.add_argument("month", nargs="?", type=month, metavar=_("月份"), help=_("不写时核验全部"))


def _restate(add: Adder, of: Parents) -> None:
    restate = add(
        "archive.restate",
        _("更正说明：定稿以后变了的每个数、每一项，和变的原因"),
        "tracker restate 2026-09 --output 更正说明.docx",
        of.as_json,
    )
    restate.set_defaults(as_of=None)
    restate.add_argument("month", type=month, metavar=_("月份"))
    restate.add_argument("--known-by", type=moment, metavar=_("时刻"), help=_("只算这一时刻之前知道的，默认现在"))
    restate.add_argument("--format", choices=["md", "txt", "docx"], help=_("格式，默认看文件名，否则 md"))
    restate.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("写到文件，默认打印出来"))


def _index(add: Adder, _of: Parents) -> None:
    index = add("index.index", _("索引：更新、重建或核对 .tracker 里的读取记录"), "tracker index --check")
    how = index.add_mutually_exclusive_group()
    how.add_argument("--rebuild", action="store_true", help=_("删去索引，重新读取全部文件"))
    how.add_argument("--check", action="store_true", help=_("把索引和文件重新读取的结果逐项核对"))


def _init(add: Adder, _of: Parents) -> None:
    init = add("start.init", _("新建工作区"), "tracker init 我的工作区 --sample")
    init.add_argument("folder", type=Path, metavar=_("文件夹"))
    init.add_argument("--sample", action="store_true", help=_("带上示例数据"))


COMMANDS: Mapping[str, Declare] = {
    "seal": _seal,
    "audit": _audit,
    "restate": _restate,
    "index": _index,
    "init": _init,
}
"""In the order of the help page."""
