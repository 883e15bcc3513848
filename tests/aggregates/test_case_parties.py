from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.case import Case, decider
from aggregates.case_parties_state import Parties
from commands.case import CaseCommand
from commands.case_party import (
    Acting,
    AppointRepresentative,
    DeclineRepresentative,
    EndRepresentation,
    JoinParty,
    PartyCommand,
    ProposeRepresentative,
    RecordProtection,
    RemoveParty,
)
from commands.refusal import Refused
from events.case import CaseKind
from events.case_party import Basis, PartyRole, RepresentativeAppointed
from events.ids import ActorId, DocumentId, PartyId, anonymous_party, is_anonymous
from tests import procedure_examples as procedure
from tests.examples import (
    ANNA,
    BO,
    MEETING_CASE,
    RESPONSE_CASE,
    TOMRER,
    appoint_representative,
    case_closed,
    case_withdrawn,
    decline_representative,
    drawing,
    end_representation,
    join_party,
    meeting_case_opened,
    open_meeting_case,
    party_joined,
    party_left,
    power_of_attorney,
    power_of_attorney_added,
    propose_representative,
    protection_recorded,
    record_protection,
    remove_party,
    representation_ended,
    representative_appointed,
    representative_declined,
    representative_proposed,
    write_to_party,
)
from tests.spec import Given

opened = Given(decider).given(meeting_case_opened)
joined = opened.given(party_joined)
proposed = joined.given(power_of_attorney_added, representative_proposed)
appointed = proposed.given(representative_appointed)
OTHER = PartyId("person:nina")
NOBODY_KNOWN = anonymous_party(MEETING_CASE)


submitted = replace(
    open_meeting_case,
    documents=(power_of_attorney,),
    acting=Acting(representative=TOMRER, document=power_of_attorney.document_id, protected=False),
)


def test_who_submits_for_another_acts_for_them_from_the_beginning() -> None:
    decided = decider.decide(submitted, Case())
    assert [each for each in decided if isinstance(each, RepresentativeAppointed)] == [
        RepresentativeAppointed(
            case_id=MEETING_CASE,
            party=ANNA,
            representative=TOMRER,
            basis=Basis.POWER_OF_ATTORNEY,
            document=power_of_attorney.document_id,
            protected=False,
        )
    ]
    assert decider.replay(decided).parties.represented_by(TOMRER) == (ANNA,)


@pytest.mark.parametrize(
    ("representative", "document", "code"),
    [
        (ANNA, power_of_attorney.document_id, "representative-is-party"),
        (TOMRER, None, "power-of-attorney-missing"),
        (TOMRER, drawing.document_id, "document-not-found"),
    ],
)
def test_nobody_submits_for_another_without_their_paper(
    representative: PartyId, document: DocumentId | None, code: str
) -> None:
    acting = Acting(representative=representative, document=document, protected=True)
    Given(decider).when(replace(submitted, acting=acting)).refused(code)


@pytest.mark.parametrize(
    "reaching",
    [
        write_to_party,
        replace(procedure.request_information, case_id=MEETING_CASE),
        replace(procedure.open_party_hearing, case_id=MEETING_CASE),
        replace(propose_representative, party=NOBODY_KNOWN, representative=ANNA),
        replace(appoint_representative, party=NOBODY_KNOWN, representative=ANNA),
    ],
)
def test_nothing_is_asked_or_told_where_nobody_is_reached(reaching: CaseCommand) -> None:
    """One kind of case hears its party and the other is written on, so it is asked of both."""
    anonymous = replace(meeting_case_opened, party=NOBODY_KNOWN, kind=CaseKind.APPLICATION)
    Given(decider).given(anonymous).when(reaching).refused("party-anonymous")


def test_nobody_acts_for_whom_nobody_knows() -> None:
    Given(decider).when(replace(submitted, party=NOBODY_KNOWN)).refused("party-anonymous")


def test_who_is_anonymous_is_nobody_else() -> None:
    assert is_anonymous(NOBODY_KNOWN)
    assert anonymous_party(RESPONSE_CASE) != NOBODY_KNOWN
    assert not any(is_anonymous(somebody) for somebody in (ANNA, TOMRER, ActorId("staff:karen")))


def test_somebody_joins_a_case_once_and_in_one_role() -> None:
    opened.when(join_party).then(party_joined)
    joined.when(join_party).then()
    joined.when(replace(join_party, role=PartyRole.OWNER)).refused("party-already-joined")
    opened.when(replace(join_party, party=ANNA)).refused("party-already-joined")
    joined.given(party_left).when(replace(join_party, role=PartyRole.OWNER)).then(
        replace(party_joined, role=PartyRole.OWNER)
    )


def test_who_joins_learns_of_the_first_party_what_the_register_says() -> None:
    opened.when(replace(join_party, first_protected=False)).then(protection_recorded, party_joined)
    opened.given(protection_recorded).when(replace(join_party, first_protected=True)).then(
        replace(protection_recorded, protected=True), party_joined
    )


def test_only_an_open_case_gets_another_party() -> None:
    opened.given(case_closed).when(join_party).refused("case-not-open")
    Given(decider).when(join_party).refused("case-not-found")


def test_whoever_leaves_takes_those_who_act_for_them_along() -> None:
    joined.when(remove_party).then(party_left)
    appointed.when(remove_party).then(representation_ended, party_left)
    appointed.given(case_closed).when(remove_party).then(representation_ended, party_left)
    opened.when(remove_party).then()
    opened.when(replace(remove_party, party=ANNA)).refused("party-is-first")


def test_protection_is_recorded_of_whoever_is_on_the_case() -> None:
    opened.when(record_protection).then(protection_recorded)
    opened.given(protection_recorded).when(record_protection).then()
    opened.when(replace(record_protection, protected=True)).then()
    opened.given(protection_recorded).when(replace(record_protection, protected=True)).then(
        replace(protection_recorded, protected=True)
    )
    opened.when(replace(record_protection, party=OTHER)).refused("party-not-found")
    appointed.when(replace(record_protection, party=TOMRER, protected=True)).then(
        replace(protection_recorded, party=TOMRER, protected=True)
    )


def test_a_power_of_attorney_comes_to_the_case_with_the_proposal() -> None:
    joined.when(propose_representative).then(power_of_attorney_added, representative_proposed)
    proposed.when(propose_representative).then()
    joined.when(replace(propose_representative, document=None)).refused("power-of-attorney-missing")
    guardian = replace(propose_representative, basis=Basis.GUARDIANSHIP, document=None)
    joined.when(guardian).then(
        replace(representative_proposed, basis=Basis.GUARDIANSHIP, document=None)
    )
    proposed.when(
        replace(propose_representative, representative=OTHER, document=power_of_attorney)
    ).refused("document-already-added")


def test_a_caseworker_confirms_and_the_document_is_the_one_proposed() -> None:
    proposed.when(appoint_representative).then(representative_appointed)
    appointed.when(appoint_representative).then()
    joined.when(appoint_representative).refused("power-of-attorney-missing")
    joined.given(power_of_attorney_added).when(
        replace(appoint_representative, document=power_of_attorney.document_id)
    ).then(representative_appointed)
    joined.when(replace(appoint_representative, document=drawing.document_id)).refused(
        "document-not-found"
    )
    proposed.given(case_closed).when(appoint_representative).then(representative_appointed)
    proposed.given(case_withdrawn).when(appoint_representative).refused("case-withdrawn")


@pytest.mark.parametrize("command", [propose_representative, appoint_representative])
def test_one_acts_for_a_party_and_not_for_oneself(
    command: ProposeRepresentative | AppointRepresentative,
) -> None:
    joined.when(replace(command, representative=BO)).refused("representative-is-party")
    opened.when(command).refused("party-not-found")


def test_a_proposal_is_declined_with_a_reason() -> None:
    proposed.when(decline_representative).then(representative_declined)
    proposed.when(replace(decline_representative, reason=" ")).refused("reason-missing")
    joined.when(decline_representative).refused("representation-not-proposed")
    appointed.when(decline_representative).refused("representation-not-proposed")


def test_a_representation_ends_whenever_somebody_says_so() -> None:
    for history in (proposed, appointed, appointed.given(case_closed)):
        history.when(end_representation).then(representation_ended)
    joined.when(end_representation).then()


PEOPLE = st.sampled_from([ANNA, BO, TOMRER, OTHER])
COMMANDS: st.SearchStrategy[PartyCommand] = st.one_of(
    st.builds(
        JoinParty,
        case_id=st.just(MEETING_CASE),
        party=PEOPLE,
        role=st.sampled_from(PartyRole),
        protected=st.booleans(),
        first_protected=st.just(value=True),
    ),
    st.builds(RemoveParty, case_id=st.just(MEETING_CASE), party=PEOPLE),
    st.builds(
        RecordProtection, case_id=st.just(MEETING_CASE), party=PEOPLE, protected=st.booleans()
    ),
    st.builds(
        ProposeRepresentative,
        case_id=st.just(MEETING_CASE),
        party=PEOPLE,
        representative=PEOPLE,
        basis=st.just(Basis.CUSTODY),
        document=st.none(),
    ),
    st.builds(
        AppointRepresentative,
        case_id=st.just(MEETING_CASE),
        party=PEOPLE,
        representative=PEOPLE,
        basis=st.just(Basis.CUSTODY),
        document=st.none(),
        protected=st.booleans(),
    ),
    st.builds(
        DeclineRepresentative,
        case_id=st.just(MEETING_CASE),
        party=PEOPLE,
        representative=PEOPLE,
        reason=st.just("Nej"),
    ),
    st.builds(
        EndRepresentation, case_id=st.just(MEETING_CASE), party=PEOPLE, representative=PEOPLE
    ),
)


@settings(max_examples=300)
@given(st.lists(COMMANDS, max_size=30))
def test_nobody_acts_but_for_a_party_and_the_same_said_twice_is_said_once(
    commands: list[PartyCommand],
) -> None:
    state = decider.replay([meeting_case_opened])
    for command in commands:
        try:
            decided = decider.decide(command, state)
        except Refused:
            continue
        for event in decided:
            state = decider.evolve(state, event)
        if not isinstance(command, DeclineRepresentative):
            assert decider.decide(command, state) == []
        _holds(state)


def _holds(state: Case) -> None:
    parties: Parties = state.parties
    assert parties.first == ANNA
    assert parties.first not in parties.roles
    assert parties.shown <= {ANNA, BO, TOMRER, OTHER}
    pairs = [(each.party, each.representative) for each in parties.representations]
    assert len(pairs) == len(set(pairs))
    for party, representative in pairs:
        assert parties.has(party)
        assert party != representative
    for who in (ANNA, BO, TOMRER, OTHER):
        assert set(parties.represented_by(who)) <= {party for party, _ in pairs}


def test_an_actor_is_no_party_of_a_case_nobody_opened() -> None:
    assert not Parties().has(PartyId(""))
    assert not Parties().has(PartyId(ActorId("person:anna")))
