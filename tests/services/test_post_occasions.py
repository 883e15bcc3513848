"""Who is told of what: pure, from the facts alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from aggregates.contact import Preferences
from events.case_party import (
    Basis,
    PartyJoined,
    PartyRole,
    RepresentativeAppointed,
    RepresentativeProposed,
)
from events.catalogue import Event
from events.contact import Frequency
from events.envelope import Recorded
from events.ids import PartyId, anonymous_party
from events.post import Channel, PaperReason
from services.clock import COPENHAGEN
from services.post.contact_points import ContactPoint, Way, way_to
from services.post.intake import next_digest
from services.post.notice import Weight
from services.post.occasions import OCCASIONS, Circle, Occasion, notices_of
from tests.examples import (
    ANNA,
    BO,
    MEETING_CASE,
    case_assigned,
    case_closed,
    caseworker_wrote,
    first_reply_met,
    meeting_booked,
    meeting_case_opened,
    numbered,
    party_wrote,
    representative_appointed,
    response_answered,
    response_case_opened,
    response_closed,
)
from tests.procedure_examples import (
    APPLICATION,
    CILLE,
    application_opened,
    co_applicant_joined,
    neighbour_joined,
    party_hearing_opened,
)
from tests.projections.views import recorded
from tests.services.filing_office import ANNA as ANNA_BY_NUMBER

OLA = PartyId("person:ola")


def told(history: Sequence[Recorded], place: int = -1) -> list[PartyId]:
    return [notice.party for notice in notices_of(history[place], history)]


def apart(*events: Event) -> list[Recorded]:
    """As many commands as events."""
    return [
        replace(fact, envelope=replace(fact.envelope, command_id=numbered(500 + number)))
        for number, fact in enumerate(recorded(*events))
    ]


def test_news_is_told_to_the_one_whose_matter_it_is() -> None:
    assert told(apart(meeting_case_opened)) == [ANNA]
    assert told(apart(meeting_case_opened, caseworker_wrote)) == [ANNA]


@pytest.mark.parametrize("internal", [case_assigned, first_reply_met, party_wrote])
def test_what_is_internal_or_ones_own_is_not_told(internal: Event) -> None:
    assert told(apart(meeting_case_opened, internal)) == []


def test_what_one_command_did_is_told_once() -> None:
    together = recorded(meeting_case_opened, meeting_booked)
    assert told(together, 0) == [ANNA]
    assert told(together, 1) == []


def test_what_has_legal_effect_is_told_whatever_came_with_it() -> None:
    together = recorded(response_case_opened, response_answered, case_closed)
    assert told(together, 0) == []
    assert told(together, 1) == [BO]
    assert told(together, 2) == []
    assert notices_of(together[1], together)[0].weight is Weight.LEGAL


def test_a_notification_follows_from_the_fact_and_the_person() -> None:
    facts = apart(meeting_case_opened)
    (first,), (second,) = (notices_of(facts[0], facts) for _ in range(2))
    assert first.notification == second.notification
    assert first.notification != facts[0].event_id


def test_whoever_was_confirmed_to_act_for_a_party_is_told_as_well() -> None:
    proposed = RepresentativeProposed(
        case_id=MEETING_CASE,
        party=ANNA,
        representative=OLA,
        basis=Basis.POWER_OF_ATTORNEY,
        document=None,
    )
    appointed = RepresentativeAppointed(
        case_id=MEETING_CASE,
        party=ANNA,
        representative=OLA,
        basis=Basis.POWER_OF_ATTORNEY,
        document=None,
        protected=False,
    )
    assert told(apart(meeting_case_opened, proposed, caseworker_wrote)) == [ANNA]
    assert told(apart(meeting_case_opened, proposed, appointed, caseworker_wrote)) == [ANNA, OLA]


@pytest.mark.parametrize(
    ("role", "of_news", "of_the_end"),
    [
        (PartyRole.CO_APPLICANT, [ANNA, BO], [ANNA, BO]),
        (PartyRole.NEIGHBOUR, [ANNA], [ANNA, BO]),
    ],
)
def test_other_parties_are_told_what_concerns_them(
    role: PartyRole, of_news: list[PartyId], of_the_end: list[PartyId]
) -> None:
    joined = PartyJoined(case_id=MEETING_CASE, party=BO, role=role, protected=False)
    facts = apart(meeting_case_opened, joined, caseworker_wrote, case_closed)
    assert told(facts, 2) == of_news
    assert told(facts, 3) == of_the_end


def test_who_joins_later_is_not_told_of_what_was_before() -> None:
    joined = PartyJoined(
        case_id=MEETING_CASE, party=BO, role=PartyRole.CO_APPLICANT, protected=False
    )
    assert told(apart(meeting_case_opened, joined), 0) == [ANNA]


def test_nobody_is_told_what_happens_to_a_response_that_nobody_signed() -> None:
    opened = replace(response_case_opened, party=anonymous_party(response_case_opened.case_id))
    history = apart(opened, response_answered, response_closed)
    assert [told(history, place) for place in range(3)] == [[], [], []]
    joined = PartyJoined(case_id=opened.case_id, party=BO, role=PartyRole.AFFECTED, protected=False)
    assert told(apart(opened, joined, response_closed)) == [BO]


def test_each_party_who_is_heard_gets_a_message_of_its_own() -> None:
    acts = replace(representative_appointed, case_id=APPLICATION, party=BO, representative=OLA)
    every = [replace(party_hearing_opened, party=party) for party in (None, BO, CILLE)]
    # One command heard them all: with legal effect, each is told nonetheless.
    history = recorded(application_opened, neighbour_joined, co_applicant_joined, acts, *every)
    assert [told(history, place) for place in (-3, -2, -1)] == [[ANNA], [BO, OLA], [CILLE]]
    asked = [notice.notification for fact in history[-3:] for notice in notices_of(fact, history)]
    assert len(set(asked)) == 4


def test_another_event_is_one_line_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OCCASIONS, type(case_assigned), Occasion(Weight.LEGAL, Circle.ALL))
    assert told(apart(meeting_case_opened, case_assigned)) == [ANNA]


KNOWN = ContactPoint(official=ANNA_BY_NUMBER, email="anna@example.dk")
EACH = Preferences()


@pytest.mark.parametrize(
    ("point", "weight", "has_digital_post", "expected"),
    [
        (KNOWN, Weight.COURTESY, True, Way(channel=Channel.EMAIL)),
        (KNOWN, Weight.LEGAL, True, Way(channel=Channel.DIGITAL_POST)),
        (
            KNOWN,
            Weight.LEGAL,
            False,
            Way(channel=Channel.PAPER, reason=PaperReason.NO_DIGITAL_POST),
        ),
        (
            replace(KNOWN, is_exempt=True),
            Weight.LEGAL,
            True,
            Way(channel=Channel.PAPER, reason=PaperReason.EXEMPT),
        ),
        (
            ContactPoint(),
            Weight.LEGAL,
            True,
            Way(channel=Channel.PAPER, reason=PaperReason.NO_DIGITAL_POST),
        ),
        (ContactPoint(), Weight.COURTESY, True, None),
    ],
)
def test_by_which_way(
    point: ContactPoint, weight: Weight, *, has_digital_post: bool, expected: Way | None
) -> None:
    assert way_to(point, EACH, weight, has_digital_post=has_digital_post) == expected


def test_a_courtesy_can_be_turned_off_and_an_address_given() -> None:
    off = Preferences(frequency=Frequency.NONE)
    assert way_to(KNOWN, off, Weight.COURTESY, has_digital_post=True) is None
    assert way_to(KNOWN, off, Weight.LEGAL, has_digital_post=True) is not None
    own = Preferences(email="anna@work.example")
    expected = Way(channel=Channel.EMAIL)
    assert way_to(ContactPoint(), own, Weight.COURTESY, has_digital_post=True) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-12-01T06:59:59+01:00", "2026-12-01T07:00:00+01:00"),
        ("2026-12-01T07:00:00+01:00", "2026-12-02T07:00:00+01:00"),
        ("2026-12-01T23:30:00+00:00", "2026-12-02T07:00:00+01:00"),
        # The clock goes forward in the night to 28 March 2027.
        ("2027-03-27T20:00:00+01:00", "2027-03-28T07:00:00+02:00"),
    ],
)
def test_a_digest_goes_out_when_the_clock_on_the_wall_says_so(after: str, expected: str) -> None:
    at = datetime(2026, 1, 1, 7, tzinfo=COPENHAGEN).time()
    assert next_digest(datetime.fromisoformat(after), at) == datetime.fromisoformat(expected)
