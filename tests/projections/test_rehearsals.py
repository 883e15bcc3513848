from datetime import timedelta

import pytest

from commands.tender import AmendTender, ApproveDeadline, ProposeDeadline
from commands.tender_committee import AppointCommittee, RecordRehearsal, ReportKeyLost
from events.ids import ActorId
from projections import rehearsals
from projections.rehearsals import Rehearsals
from tests.projections.views import Views
from tests.tender_examples import (
    ADA,
    BOB,
    CAI,
    CLOSES_AT,
    COMPANY,
    MANAGER,
    MEMBERS,
    PUBLISHED_AT,
    TENDER,
    Running,
    invited,
    key_of,
    published,
    ready,
    told,
    unopened,
)

EVE = ActorId("staff:eve")


def moved() -> Running:
    """One has rehearsed again, one has lost their key, one has done nothing."""
    running = published()
    later = CLOSES_AT + timedelta(days=2)
    running.does(
        ProposeDeadline(
            tender_id=TENDER, closes_at=later, reason="Sne", by=MANAGER, now=PUBLISHED_AT
        ),
        ApproveDeadline(tender_id=TENDER, closes_at=later, by=ADA, now=PUBLISHED_AT),
        RecordRehearsal(tender_id=TENDER, member=ADA, key_id=key_of(ADA), now=PUBLISHED_AT),
        ReportKeyLost(tender_id=TENDER, member=CAI, now=PUBLISHED_AT),
    )
    return running


def shown(views: Views) -> Rehearsals:
    return views.ask(lambda db: rehearsals.of(db, [TENDER]))[TENDER]


def test_who_waits_to_be_rehearsed_is_told_by_tender(views: Views) -> None:
    views.show(rehearsals.projection, *moved().history)
    assert shown(views) == Rehearsals(
        holders=frozenset({ADA, BOB}), waiting=frozenset({BOB}), keyless=frozenset({CAI})
    )


def test_a_member_who_stays_keeps_the_key(views: Views) -> None:
    running = ready()
    running.does(AppointCommittee(tender_id=TENDER, members=(*MEMBERS[1:], EVE), threshold=2))
    views.show(rehearsals.projection, *running.history)
    assert shown(views) == Rehearsals(
        holders=frozenset({BOB, CAI}), waiting=frozenset(), keyless=frozenset({EVE})
    )


def amended() -> Running:
    running = published()
    running.does(
        AmendTender(
            tender_id=TENDER,
            text="Bilag 2 er rettet.",
            material=(),
            is_essential=True,
            now=CLOSES_AT - timedelta(days=1),
            days_off=frozenset(),
        )
    )
    return running


@pytest.mark.parametrize("running", [moved(), told(), amended(), invited(COMPANY), unopened()])
def test_the_view_says_what_the_rule_says_however_the_log_is_cut(
    views: Views, running: Running
) -> None:
    for event in running.history:
        views.show(rehearsals.projection, event)
    found = shown(views)
    assert found.waiting == running.state.to_rehearse
    assert found.keyless == {m for m, e in running.state.committee.items() if e.key_id is None}
