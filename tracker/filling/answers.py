"""An answer as typed texts and as an update of a file: each as the other."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import tomli_w

from tracker.filling.questions import FIELDS
from tracker.submissions import STATES, ExtensionRequest, Update
from tracker.typed import Answer

ANSWERED = {*(f.key for f in FIELDS), "state", "extension", "more"}
"""What a draft keeps of an answer."""


def block(title: str, answer: dict[str, Any]) -> str:
    """One update as it stands in a submission."""
    asked = answer.pop("request_extension", None)
    above = f"# {title}\n" if title else ""
    below = f"[update.request_extension]\n{tomli_w.dumps(asked)}" if asked else ""
    return f"\n{above}[[update]]\n{tomli_w.dumps(answer)}{below}"


def texts_of(u: Update) -> Answer:
    """An update as texts that could have been typed."""
    said = {key: value for key, value in said_by(u).items() if key not in ("item", "request_extension")}
    texts = {key: "、".join(value) if isinstance(value, list) else str(value) for key, value in said.items()}
    if u.request_extension is not None:
        asked = u.request_extension
        texts |= {"extension": "yes", "until": str(asked.until), "reason": asked.reason, "progress": asked.progress}
    return texts | {"more": " ".join(key for key in said if key != "state")}


def said_by(entry: Update | ExtensionRequest) -> dict[str, Any]:
    """An entry's values as a file writes them; nothing for what is not said."""
    values = {f.name: getattr(entry, f.name) for f in fields(entry) if f.name != "place"}
    return {
        key: said_by(value)
        if isinstance(value, ExtensionRequest)
        else list(value)
        if isinstance(value, tuple)
        else value
        for key, value in values.items()
        if value not in (None, ())
    }


def texts_only(said: Mapping[str, Any], known: set[str]) -> Answer:
    """What a draft file may hold: texts under known names, and a state that there is."""
    kept = {key: value for key, value in said.items() if key in known and isinstance(value, str)}
    return {key: value for key, value in kept.items() if key != "state" or value in STATES}
