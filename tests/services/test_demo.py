"""The demo's data is made by real commands, and once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from aggregates import case
from events.case import CaseEvent, CaseKind, CaseOpened, PartyAddedDocument
from events.case_deadline import DeadlineKind
from events.case_decision import Outcome
from events.ids import ActorId, CaseId, PartyId, anonymous_party, is_anonymous
from services.catalogue.loading import load
from services.clock import COPENHAGEN
from services.core import Core, open_core
from services.demo.bidders import Places
from services.demo.seeding import seed
from services.documents.places import path_of
from services.migrating import migrate
from services.replay import cases, replay
from services.streams import case_stream
from tests.keys import RING

ORGANISATIONS = Path(__file__).parents[2] / "organisations"
# Weekends, Christmas and Easter within reach, and both changes of the clock.
DAYS = ["2026-11-23", "2026-12-19", "2027-03-20", "2027-10-23"]


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T15:00").replace(tzinfo=COPENHAGEN)


def places(folder: Path) -> Places:
    return Places(documents=folder, bids=folder / "bids", keys=folder / "keys")


@contextmanager
def seeded(database: str, name: str, now: datetime, documents: Path) -> Iterator[Core]:
    migrate(database, name)
    with open_core(database, load(ORGANISATIONS).organisations[name], RING) as core:
        seed(core, now, places(documents))
        yield core


@pytest.mark.parametrize("day", DAYS)
def test_the_demo_can_begin_on_any_day_and_is_seeded_once(
    database: str, day: str, tmp_path: Path
) -> None:
    now = noon(day)
    for name in load(ORGANISATIONS).organisations:
        with seeded(database, name, now, tmp_path) as core:
            first = core.store.safe_position()
            seed(core, now + timedelta(hours=1), places(tmp_path))

            assert first > 10
            assert core.store.safe_position() == first
            opened = [case_id for case_id, _ in cases(core.store)]
            assert all(replay(core.store, case_id) is not None for case_id in opened)


def test_the_matters_of_hjorring_stand_at_different_stages(database: str, tmp_path: Path) -> None:
    with seeded(database, "hjorring", noon("2026-11-26"), tmp_path) as core:
        now = by_service(core)
        soil = now["soil-transport"]
        assert soil.outstanding.keys() == {DeadlineKind.OBJECTION}
        works = now["temporary-environmental-activity"]
        assert (works.is_tacitly_accepted, works.status) == (True, case.Status.CLOSED)
        prohibited = now["demolition"].decision
        assert prohibited is not None
        assert (prohibited.outcome, prohibited.is_dispatched) == (Outcome.PROHIBITED, True)
        assert now["demolition"].heard == {now["demolition"].party}
        asked = now["access-request"]
        assert (asked.kind, asked.decision) == (CaseKind.ACCESS_REQUEST, None)
        assert DeadlineKind.PROCESSING in asked.outstanding
        granted = now["party-access"].decision
        assert granted is not None
        assert granted.outcome is Outcome.GRANTED
        require_papers(core, tmp_path)
        applications_and_complaints(core, now)


def test_some_responses_of_hjorring_are_signed_by_nobody(database: str, tmp_path: Path) -> None:
    with seeded(database, "hjorring", noon("2026-11-26"), tmp_path) as core:
        found = [each for each in openings(core) if is_anonymous(each.party)]
        assert len(found) == 2
        for response in found:
            assert response.party == anonymous_party(response.case_id)
            opened, *_ = core.store.read_recorded(case_stream(response.case_id))
            assert opened.envelope.actor == ActorId(response.party)
            assert opened.envelope.on_behalf_of is None


def applications_and_complaints(core: Core, now: Mapping[str, case.Case]) -> None:
    """A floor plan awaited, a permit to be inspected, a complaint reassessed; and three younger."""
    permits = {
        opened.party: state(core, opened.case_id)
        for opened in openings(core)
        if opened.service == "building-permit"
    }
    assert len(permits[PartyId("person:anna")].awaited) == 1
    built = permits[PartyId("company:99999991")]
    assert built.decision is not None
    assert (built.decision.needs_completion, built.decision.is_dispatched) == (True, True)
    assert list(built.works.inspections.values()) == [None]
    sent = permits[PartyId("person:bo")].dispatched
    assert sent is not None
    complaint = now["complaint-decision"]
    assert complaint.complaint.over == sent.decision
    assert (complaint.complaint.reassessed, complaint.complaint.is_forwarded) == (None, False)
    assert DeadlineKind.FORWARDING in complaint.outstanding
    assert now["road-use"].assigned_to is None
    assert DeadlineKind.PROCESSING in now["temporary-event"].outstanding
    assert not now["complaint-service"].complaint.is_answered


def test_the_agency_waits_for_one_and_has_answered_another(database: str, tmp_path: Path) -> None:
    with seeded(database, "sikkerhedsstyrelsen", noon("2026-11-26"), tmp_path) as core:
        now = by_service(core)
        assert len(now["company-authorisation"].awaited) == 1
        assert DeadlineKind.FIRST_REPLY not in now["dangerous-product"].outstanding
        require_papers(core, tmp_path)


def require_papers(core: Core, documents: Path) -> None:
    """What cases carry lies in the document store, whole."""
    added = [
        event.document
        for case_id, _ in cases(core.store)
        for event in core.store.read(case_stream(case_id)).events
        if isinstance(event, PartyAddedDocument)
    ]
    assert added
    assert all(path_of(documents, each.sha256).stat().st_size == each.size for each in added)


def openings(core: Core) -> list[CaseOpened]:
    events = [core.store.read(case_stream(case_id)).events[0] for case_id, _ in cases(core.store)]
    return [event for event in events if isinstance(event, CaseOpened)]


def by_service(core: Core) -> dict[str, case.Case]:
    return {opened.service: state(core, opened.case_id) for opened in openings(core)}


def state(core: Core, case_id: CaseId) -> case.Case:
    # The stream of a case holds nothing but case events.
    events = core.store.read(case_stream(case_id)).events
    return case.decider.replay(cast("CaseEvent", event) for event in events)
