"""The schema of a submission: up to date, of the door's own keys, and true of every file that was shipped."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tiny import head, see

from tracker.deadlines import month_end
from tracker.forms import as_toml, form
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.schema import SENTENCES, TABLES, submission_schema, write_schema
from tracker.submissions import EventEntry, ExtensionRequest, Head, Update
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent
SHIPPED = Workspace(ROOT)
PROGRAMMES = SHIPPED.programmes
UPDATE = '[[update]]\nitem = "mine-1"\nstate = "推进中"\n'
EVENT = '[[event]]\nkind = "试生产开始"\nref = "A厂-1"\nname = "装置"\nplanned = 2026-10-12\n'


@cache
def shipped(name: str) -> Programme:
    programme, problems = load(SHIPPED.plans, name)
    assert problems == []
    assert programme is not None
    return programme


def validator(programme: Programme) -> Draft202012Validator:
    schema = submission_schema(programme)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def as_json(value: Any) -> Any:
    """TOML as editors hand it to a schema: days are texts."""
    match value:
        case dict():
            return {key: as_json(inner) for key, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case date() | datetime():
            return value.isoformat()
    return value


def wrong(by: Draft202012Validator, text: str) -> list[str]:
    """Where a submission's text is not what the schema says."""
    found = by.iter_errors(as_json(tomllib.loads(text)))
    return sorted("/".join(str(step) for step in error.absolute_path) for error in found)


# --- the files kept with the sample ---


@pytest.mark.parametrize("name", PROGRAMMES)
def test_the_shipped_schema_is_up_to_date(name: str, tmp_path: Path) -> None:
    kept = SHIPPED.schema(name).read_bytes()
    assert write_schema(tmp_path, shipped(name)).read_bytes() == kept, "run: tracker form, or write_schema"


def shipped_submissions() -> Iterator[tuple[str, Path]]:
    for name in PROGRAMMES:
        yield from ((name, path) for path in (*SHIPPED.openings(name), *SHIPPED.submissions(name)))


def test_every_shipped_submission_is_what_the_schema_says() -> None:
    submissions = list(shipped_submissions())
    assert len(submissions) > 100
    by = {name: validator(shipped(name)) for name in PROGRAMMES}
    found = {path.name: wrong(by[name], path.read_text(encoding="utf-8")) for name, path in submissions}
    assert {name: where for name, where in found.items() if where} == {}


def test_the_example_of_the_guide_is_what_the_schema_says() -> None:
    guide = (ROOT / "status" / "README.md").read_text(encoding="utf-8")
    example = guide.split("```toml\n")[1].split("```")[0]
    assert 'unit = "chiping"' in example
    assert wrong(validator(shipped("liaocheng")), example) == []


# --- what it is made of ---


def test_every_key_of_the_door_has_its_sentence_and_no_other(programme: Programme) -> None:
    written = {f.name for kind in (Head, Update, EventEntry, ExtensionRequest) for f in fields(kind)} - {"place"}
    assert set(SENTENCES) == written | set(TABLES)
    schema = submission_schema(programme)
    tables = [schema, *(schema["properties"][name]["items"] for name in TABLES)]
    assert all(table["additionalProperties"] is False for table in tables)
    assert all(value["description"] == SENTENCES[key] for table in tables for key, value in table["properties"].items())


def test_types_and_what_is_required_are_those_of_the_dataclasses(programme: Programme) -> None:
    schema = submission_schema(programme)
    assert schema["required"] == ["unit", "month", "prepared_by", "checked_by", "approved_by"]
    update, event = (schema["properties"][name]["items"] for name in TABLES)
    assert (update["required"], event["required"]) == (["item", "state"], ["kind", "ref", "name"])
    properties = update["properties"]
    assert "place" not in properties
    assert properties["done"]["type"] == "number"
    assert (properties["done_on"]["type"], properties["done_on"]["format"]) == ("string", "date")
    assert properties["evidence"]["items"] == {"type": "string"}
    assert properties["request_extension"]["required"] == ["until", "reason", "progress"]
    assert schema["properties"]["opening"]["type"] == "boolean"
    assert schema["properties"]["rest"]["enum"] == ["unchanged"]


def test_units_plans_states_and_kinds_of_events_are_listed(programme: Programme) -> None:
    schema = submission_schema(programme)
    update, event = (schema["properties"][name]["items"]["properties"] for name in TABLES)
    assert schema["properties"]["unit"]["enum"] == ["east", "west", "bureau"]
    assert schema["properties"]["part"]["items"]["enum"] == ["mine", "chem"]
    assert event["kind"]["enum"] == ["试生产开始", "trial"]
    assert update["state"]["enum"][:2] == ["未启动", "推进中"]
    assert update["state"]["enum"][5:7] == ["not-started", "in-progress"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (head() + UPDATE + EVENT, []),
        (head(more='rest = "unchanged"\npart = ["mine"]'), []),
        (head("nowhere"), ["unit"]),
        (head(month="2026-13"), ["month"]),
        (head().replace("王某", " "), ["prepared_by"]),
        (head().replace('checked_by = "李某"\n', ""), [""]),
        (head(more='rest = "same"'), ["rest"]),
        (head(more='part = ["water"]'), ["part/0"]),
        (head(more='colour = "red"'), [""]),
        (head() + UPDATE.replace("mine-1", "water-1"), ["update/0/item"]),
        (head() + UPDATE.replace("推进中", "差不多"), ["update/0/state"]),
        (head() + UPDATE + 'done = "9"\n', ["update/0/done"]),
        (head() + UPDATE + 'done_on = "十月"\n', ["update/0/done_on"]),
        (head() + UPDATE + "request_extension = { until = 2027-01-31 }\n", ["update/0/request_extension"] * 2),
        (head() + EVENT.replace("试生产开始", "开业"), ["event/0/kind"]),
    ],
)
def test_a_mistake_is_found_at_its_key(programme: Programme, text: str, where: list[str]) -> None:
    assert wrong(validator(programme), text) == where


def test_a_form_is_what_its_schema_says_but_for_the_names(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    for unit in ("east", "bureau"):
        text = as_toml(snapshot, form(snapshot, unit, snapshot.clocks.month))
        assert wrong(validator(snapshot.programme), text) == ["approved_by", "checked_by", "prepared_by"]


def test_the_line_in_a_stored_form_leads_to_the_schema(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    assert snapshot.clocks.as_of == month_end(snapshot.clocks.month)
    first, _rest = as_toml(snapshot, form(snapshot, "east", snapshot.clocks.month)).split("\n", 1)
    stored = Workspace(tmp_path).status("city") / "2026-10" / "east.toml"
    assert first.startswith("#:schema ")
    named = (stored.parent / first.removeprefix("#:schema ")).resolve()
    assert named == write_schema(tmp_path, snapshot.programme).resolve()


# --- writing ---


def test_a_schema_is_written_once_and_again_only_when_it_has_changed(tmp_path: Path, programme: Programme) -> None:
    path = write_schema(tmp_path, programme)
    assert path == tmp_path / "status" / "city" / "submission.schema.json"
    written = path.stat().st_mtime_ns
    assert json.loads(path.read_text(encoding="utf-8")) == submission_schema(programme)
    assert write_schema(tmp_path, programme).stat().st_mtime_ns == written
    path.write_text("{}", encoding="utf-8")
    write_schema(tmp_path, programme)
    assert json.loads(path.read_text(encoding="utf-8")) == submission_schema(programme)
    assert b"\r" not in path.read_bytes()
