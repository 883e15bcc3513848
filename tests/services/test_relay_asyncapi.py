"""The description of what we publish is what we publish, and never changes under a name."""

import json
import shutil
import subprocess
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.catalogue import CLASSES, WIRE_NAMES, Event
from gateway import cli_relay
from services.config import ROOT
from services.relay.asyncapi import (
    DOCUMENT,
    RELAYED,
    SCHEMAS,
    SchemaReleased,
    differing,
    files,
    write,
)
from services.relay.cloud_events import message
from services.relay.schemas import event_schemas
from services.relay.spreading import spread
from tests.broker import CACHE
from tests.events.generated import EVERY_CLASS, any_event_of
from tests.services.test_relay_spreading import personal_event, recorded

DOCS = ROOT / "docs"
SPECIFICATION = "@asyncapi/specs@6.11.1"

VALIDATORS = {
    WIRE_NAMES[cls]: jsonschema_rs.Draft202012Validator(
        event_schemas()[WIRE_NAMES[cls]], validate_formats=True
    )
    for cls in EVERY_CLASS
}


def test_the_committed_files_are_what_the_classes_say() -> None:
    assert differing(DOCS) == [], "python -m gateway asyncapi"


@pytest.mark.parametrize("cls", EVERY_CLASS)
@settings(max_examples=20)
@given(data=st.data())
def test_whatever_is_published_follows_its_committed_schema(
    cls: type[Event], data: st.DataObject
) -> None:
    VALIDATORS[WIRE_NAMES[cls]].validate(spread(data.draw(any_event_of(cls))))


@pytest.mark.parametrize("name", RELAYED)
def test_a_whole_event_follows_the_message_of_the_document(name: str) -> None:
    document = json.loads((DOCS / DOCUMENT).read_text())
    described = document["components"]["messages"][name]
    sent = message(recorded(personal_event(CLASSES[name])))

    jsonschema_rs.Draft7Validator(described["payload"], validate_formats=True).validate(
        json.loads(sent.value)
    )
    headers = {key: value.decode() for key, value in sent.headers}
    assert headers["content-type"] == described["contentType"]
    jsonschema_rs.Draft7Validator(
        document["components"]["schemas"]["headers"], validate_formats=True
    ).validate(headers)


@pytest.mark.parametrize("name", CLASSES)
def test_a_schema_knows_what_it_does_not_allow(name: str) -> None:
    good = spread(personal_event(CLASSES[name]))
    lacking = dict(list(good.items())[1:])

    assert VALIDATORS[name].is_valid(good)
    assert not VALIDATORS[name].is_valid(lacking)
    assert not VALIDATORS[name].is_valid({**good, "party": "person:anna"})


@pytest.mark.parametrize("path", [path for path in files() if path != DOCUMENT])
def test_a_schema_is_a_schema(path: Path) -> None:
    jsonschema_rs.meta.validate(json.loads((DOCS / path).read_text()))


def test_the_channel_and_the_operation_name_every_message_once() -> None:
    document = json.loads((DOCS / DOCUMENT).read_text())
    channel = document["channels"]["events"]

    assert channel["address"] == "julelys.{organisation}.events.v1"
    assert list(channel["messages"]) == RELAYED
    assert [each["$ref"] for each in document["operations"]["publishEvents"]["messages"]] == [
        f"#/channels/events/messages/{name}" for name in RELAYED
    ]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def test_writing_again_writes_nothing(docs: Path) -> None:
    assert differing(docs) == []
    assert write(docs) == []


def test_a_released_schema_is_never_written_over(docs: Path) -> None:
    released = docs / SCHEMAS / "case.opened.v1.schema.json"
    before = released.read_text().replace('"service_version"', '"version"')
    released.write_text(before)
    (docs / DOCUMENT).write_text("{}")

    with pytest.raises(SchemaReleased, match=r"case\.opened\.v1: .* new wire name"):
        write(docs)

    assert released.read_text() == before
    assert (docs / DOCUMENT).read_text() == "{}"


def test_a_field_may_gain_words_and_never_lose_one(docs: Path) -> None:
    released = docs / SCHEMAS / "case.opened.v1.schema.json"
    today = released.read_text()
    released.write_text(today.replace('        "notice",\n', ""))
    assert write(docs) == [SCHEMAS / "case.opened.v1.schema.json"]
    assert released.read_text() == today

    released.write_text(today.replace('        "notice",\n', '        "notice",\n"plea",\n'))
    with pytest.raises(SchemaReleased):
        write(docs)


def test_an_older_version_of_an_event_keeps_its_schema() -> None:
    assert (DOCS / SCHEMAS / "case.deadline-set.v1.schema.json").exists()
    assert differing(DOCS) == []


def test_the_schema_of_an_event_that_is_no_more_does_not_go_unseen(docs: Path) -> None:
    (docs / SCHEMAS / "case.forgotten.v1.schema.json").write_text("{}")

    assert differing(docs) == [SCHEMAS / "case.forgotten.v1.schema.json"]


def test_a_new_event_gets_its_schema(docs: Path) -> None:
    (docs / SCHEMAS / "case.opened.v1.schema.json").unlink()

    assert write(docs) == [SCHEMAS / "case.opened.v1.schema.json"]
    assert differing(docs) == []


def test_the_command_checks_what_is_committed(capsys: pytest.CaptureFixture[str]) -> None:
    cli_relay.asyncapi_command(check=True)

    assert capsys.readouterr().out == ""


@pytest.fixture(scope="session")
def official_schema() -> dict[str, object]:
    """AsyncAPI's own schema of its documents, resolved once for this machine."""
    there = CACHE / f"asyncapi-{SPECIFICATION.rpartition('@')[2]}.json"
    if not there.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm is not installed: the document was NOT held to AsyncAPI's own schema")
        CACHE.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(
            [npm, "pack", "--silent", SPECIFICATION, "--pack-destination", str(CACHE)],
            capture_output=True,
            check=False,
            timeout=120,
        )
        if packed.returncode != 0:
            pytest.skip(f"npm lacks {SPECIFICATION}: the document was NOT held to its schema")
        archive = CACHE / packed.stdout.decode().split()[-1]
        shutil.unpack_archive(archive, CACHE / "asyncapi", filter="data")
        (CACHE / "asyncapi" / "package" / "schemas" / "3.0.0.json").replace(there)
        shutil.rmtree(CACHE / "asyncapi")
        archive.unlink()
    found: dict[str, object] = json.loads(there.read_text())
    return found


def test_the_document_follows_asyncapis_own_schema(official_schema: dict[str, object]) -> None:
    document = json.loads((DOCS / DOCUMENT).read_text())
    validator = jsonschema_rs.validator_for(official_schema)

    validator.validate(document)

    assert not validator.is_valid({**document, "channels": {"events": {"adress": "x"}}})
    assert not validator.is_valid({**document, "asyncapi": "2.0.0"})
