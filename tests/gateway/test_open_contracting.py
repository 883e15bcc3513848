"""Tenders as open data: valid by the standard's schema, and silent about bids until the opening."""

import json
from collections.abc import Sequence

import jsonschema_rs
import pytest

from events.tender import DeadlineMoved, TenderEvent
from gateway.open_contracting import Publisher, package, record_package, releases
from gateway.open_contracting_parts import Json
from tests import tender_examples as examples
from tests.gateway.ocds_schema import release_schema
from tests.gateway.running import START, System, code, wait_until
from tests.gateway.tendering import published

HJORRING = Publisher(
    organisation="hjorring", name="Hjørring", prefix="ocds-xxxxxx", site="https://udbud.example"
)
NAMES: dict[str, str] = {examples.COMPANY: "Nord ApS", examples.OTHER: "Syd ApS"}


def told(history: Sequence[TenderEvent]) -> list[Json]:
    return list(releases(HJORRING, history, NAMES))


@pytest.fixture(scope="module")
def validator() -> jsonschema_rs.Draft4Validator:
    return jsonschema_rs.Draft4Validator(release_schema(), validate_formats=True)


def histories() -> list[Sequence[TenderEvent]]:
    """Each begun, opened, awarded, annulled, concluded, and one that is cancelled."""
    whole = examples.complained()
    restricted = examples.invited(examples.COMPANY)
    return [whole.history, examples.told().history, restricted.history]


@pytest.mark.parametrize("history", histories(), ids=["whole", "cancelled", "restricted"])
def test_every_release_is_valid(
    history: Sequence[TenderEvent], validator: jsonschema_rs.Draft4Validator
) -> None:
    found = told(history)
    assert found
    for each in found:
        errors = [str(error) for error in validator.iter_errors(each)]
        assert errors == []
    spoilt = {**found[0], "tender": {"id": 7, "status": "nearly"}}
    assert not validator.is_valid(spoilt)


def test_tags_follow_the_procedure() -> None:
    tags = [str(each["tag"]) for each in told(examples.complained().history)]
    assert tags == [
        "['tender']",
        "['tenderUpdate']",
        "['award']",
        "['awardCancellation']",
        "['award']",
        "['contract']",
    ]


def test_nothing_of_a_bid_is_told_before_the_opening() -> None:
    running = examples.published()
    before = json.dumps(told(running.history))
    running.does(examples.bid(), examples.bid(examples.OTHER))
    assert json.dumps(told(running.history)) == before
    assert "company:1" not in before


def test_a_draft_has_no_release_and_a_moved_deadline_is_told() -> None:
    assert told(examples.drafted().history) == []
    running = examples.published()
    moved = DeadlineMoved(
        tender_id=examples.TENDER,
        closes_at=examples.CLOSES_AT,
        reason="Flere har bedt om mere tid.",
        by_law=False,
        moved_at=examples.PUBLISHED_AT,
    )
    last = told([*running.history, moved])[-1]
    assert "Flere har bedt om mere tid." in json.dumps(last)


def test_a_record_is_the_last_release() -> None:
    found = told(examples.complained().history)
    record = record_package(HJORRING, found, "https://udbud.example/r", examples.CLOSES_AT)
    one = json.loads(json.dumps(record))["records"][0]
    assert one["compiledRelease"]["tag"] == ["compiled"]
    assert one["compiledRelease"]["awards"][0]["suppliers"][0]["name"] == "Nord ApS"
    whole = package(HJORRING, found, "https://udbud.example/p", examples.CLOSES_AT)
    assert whole["releases"] == found


def test_anybody_gets_it(system: System) -> None:
    system.clock.set(START)
    running = published(system)
    wait_until(lambda: system.get(None, running.path("/ocds")).is_success)
    answer = system.get(None, running.path("/ocds"))
    record = answer.json()["records"][0]
    assert record["ocid"] == f"ocds-xxxxxx-{running.tender}"
    assert record["compiledRelease"]["tender"]["procurementMethod"] == "open"
    listed = system.get(None, "/ocds/releases").json()
    assert record["ocid"] in {each["ocid"] for each in listed["releases"]}
    assert code(system.get(None, "/tenders/none/ocds")) == "tender-not-found"
