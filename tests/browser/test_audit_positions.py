"""What an auditor is shown at each position is what replaying to it gives, for every demo case."""

from itertools import pairwise
from typing import cast

from aggregates import case as rules
from events.case import CaseEvent
from events.ids import CaseId
from gateway.language import Language
from gateway.web.audit_telling import Teller
from services.eventstore.store import PostgresEventStore
from services.replay import cases, replay
from services.streams import case_stream
from tests.browser.towns import Town
from tests.gateway.troubles import conninfo_of
from tests.keys import RING
from tests.shipped import HJORRING

FEWEST = 100
"""So many positions have the demo's cases at least; else little would be compared."""


def test_the_state_at_each_position_is_that_of_replaying_to_it(demo_town: Town) -> None:
    system = demo_town.system
    compared = 0
    with PostgresEventStore(conninfo_of(system), "hjorring", RING) as store:
        for case_id, _ in cases(store):
            path = f"/audit/cases/{case_id}"
            for event in system.get("rikke", f"{path}/events").json()["events"]:
                position = event["position"]
                told = system.get("rikke", f"{path}?position={position}").json()
                replayed = replay(store, case_id, position=position)
                assert replayed is not None
                assert (told["state"], told["version"]) == (replayed.state, replayed.version)
                compared += 1
            whole = replay(store, case_id)
            assert whole is not None
            assert system.get("rikke", path).json()["state"] == whole.state
            require_rules_own(store, case_id, str(whole.state["status"]))
    assert compared >= FEWEST


def require_rules_own(store: PostgresEventStore, case_id: CaseId, status: str) -> None:
    """The rules themselves, without anything of replaying, come to the same."""
    events = store.read(case_stream(case_id)).events
    state = rules.decider.replay(cast("CaseEvent", each) for each in events)
    assert state.status.name.lower() == status


def test_each_change_leads_from_one_state_to_the_next(demo_town: Town) -> None:
    """Of one case that was decided: what is told to have changed, and nothing else, is another."""
    system = demo_town.system
    found = system.get("rikke", "/audit/cases?q=hjo").json()["cases"]
    (case,) = [each["case"] for each in found if each["service"] == "demolition"]
    events = system.get("rikke", f"/audit/cases/{case}/events").json()["events"]
    teller = Teller(
        language=Language.ENGLISH,
        names={},
        organisation=HJORRING,
    )

    def state(position: int) -> dict[str, str]:
        told = system.get("rikke", f"/audit/cases/{case}?position={position}").json()["state"]
        return {line.what: line.words for line in teller.lines(told)}

    before = state(events[0]["position"])
    for was, event in pairwise(events):
        now = state(event["position"])
        path = f"/audit/cases/{case}/differences"
        query = f"earlier={was['position']}&later={event['position']}"
        told = system.get("rikke", f"{path}?{query}").json()["differences"]
        changed = {teller.what(each["place"]) for each in told}
        differing = {
            what for what in before.keys() | now.keys() if before.get(what) != now.get(what)
        }
        assert differing <= changed, event["name"]
        before = now
