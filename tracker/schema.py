"""A submission's JSON Schema: editors complete and check by it while a clerk is typing.

Made from the dataclasses that the door holds files to, so that no key, type or default is
written down twice; of its own it has only a sentence for each key. Its texts are Chinese
whatever language is in use, because the file is kept. Editors hand a TOML date over as a
text, so a day is a string of the format ``date``; no word is used that draft 7 lacks,
which is as far as Taplo reads.
"""

import json
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tracker import writing
from tracker.plans import Programme
from tracker.submissions import STATES, EventEntry, Head, Update
from tracker.workspace import Workspace

DIALECT = "https://json-schema.org/draft/2020-12/schema"

TABLES: Mapping[str, type[Any]] = {"update": Update, "event": EventEntry}
"""What may stand in a submission many times, by its ``[[name]]``."""

SENTENCES: Mapping[str, str] = {
    "unit": "报送单位的编号。",
    "month": "所报月份，写成 2026-10 这样；建账文件写建账月份的前一个月。",
    "prepared_by": "填报人姓名。",
    "checked_by": "审核人姓名。",
    "approved_by": "负责人姓名。",
    "rest": "其余事项与上月一致；零报告只写到这一行。不是的话删去本行。",
    "part": "分科室报送时，写本文件所报的方案；不写就是全部方案。",
    "opening": "建账文件写 true，只放在 opening 文件夹里；月报不写。",
    "practices": "主要做法，可以不写。",
    "difficulties": "存在问题，可以不写。",
    "suggestions": "意见建议，可以不写。",
    "update": "有变化的事项，一件一条，每条以 [[update]] 单独起一行。",
    "item": "期次编号：节点编号，周期性的加 @ 和哪一期，例如 mine-5.1@2026-10。",
    "state": "办理状态，中英文都可以。",
    "done_on": "完成日期，不加引号；状态是已完成的必写，不能在所报月份之后。",
    "as_of": "数字截至哪一天，不加引号。",
    "done": "完成数；比例写整数。",
    "total": "总数；比例必写，写整数。",
    "evidence": "佐证材料的文件名或文号，写成方括号列表。",
    "cause": "原因；已逾期或受阻的必写。",
    "measure": "措施；已逾期或受阻的必写。",
    "promised_on": "预计完成日期，不加引号；已逾期或受阻的必写，不等于延期。",
    "waiting_on": "在等谁；受阻的必写。",
    "note": "补充说明，可以不写。不写身份证号和手机号。",
    "verified_on": "县级核实的日期，不加引号；只用于由县级销号的事项。",
    "request_extension": "申请延期，到期之前提出。",
    "until": "申请延到哪一天，不加引号。",
    "reason": "为什么要延期。",
    "progress": "已经做到哪一步。",
    "event": "期限从一件事起算的，在这里登记这件事，一件一条。",
    "kind": "事项种类，写方案里的名称或编号。",
    "ref": "事项编号，自定，不重复，例如 2026-01。",
    "name": "这件事的名称。",
    "planned": "计划日期，不加引号。",
    "actual": "实际日期，不加引号；有了实际日期，期限从它起算。",
}
"""Every key in one sentence."""

_PLAIN: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
}


def submission_schema(programme: Programme) -> dict[str, Any]:
    """What a submission to this programme may say, as a JSON Schema (draft 2020-12)."""
    known = _known(programme)
    schema = _table(Head, known)
    for name, kind in TABLES.items():
        schema["properties"][name] = {"description": SENTENCES[name], "type": "array", "items": _table(kind, known)}
    title = f"{programme.head.name}　月报"
    return {"$schema": DIALECT, "title": title, "description": "写法见 status/README.md。", **schema}


def write_schema(root: Path, programme: Programme) -> Path:
    """Keep the schema in the programme's status folder of the workspace at ``root``; equal programmes, equal bytes."""
    path = Workspace(root).schema(programme.id)
    content = (json.dumps(submission_schema(programme), ensure_ascii=False, indent=2) + "\n").encode()
    if not path.exists() or path.read_bytes() != content:
        writing.replace(path, content)
    return path


def _known(programme: Programme) -> Mapping[str, Mapping[str, Any]]:
    """What the programme itself narrows, by key."""
    stems = [plan.stem for plan in programme.plans]
    plans = "|".join(re.escape(stem).replace(r"\-", "-") for stem in stems)
    person = {"pattern": r"\S"}
    return {
        "unit": {"enum": [unit.id for unit in programme.units]},
        "month": {"pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"},
        "prepared_by": person,
        "checked_by": person,
        "approved_by": person,
        "part": {"items": {"type": "string", "enum": stems}},
        "item": {"pattern": f"^({plans})-[^ ]+$"},
        # The Chinese words first: they are what the list offers first.
        "state": {"enum": [*STATES.values(), *STATES]},
        "kind": {"enum": [word for plan in programme.plans for kind in plan.events for word in (kind.name, kind.id)]},
    }


def _table(kind: type[Any], known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A dataclass of the door as the table that it is in a file."""
    hints = get_type_hints(kind)
    written = [f for f in fields(kind) if not f.metadata.get("filled")]
    return {
        "type": "object",
        "properties": {
            f.name: {"description": SENTENCES[f.name], **_value(hints[f.name], known), **known.get(f.name, {})}
            for f in written
        },
        "required": [f.name for f in written if _is_required(f)],
        "additionalProperties": False,
    }


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _value(annotation: Any, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What may be written where the door expects a value of that type. TOML has no null: optional is not required."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        kinds = [k for k in inner if k is not types.NoneType]
        # Every whole number is a number.
        return _value(float if set(kinds) == {int, float} else kinds[0], known)
    if origin is tuple:
        return {"type": "array", "items": _value(inner[0], known)}
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    return dict(_PLAIN[annotation]) if annotation in _PLAIN else _table(annotation, known)
