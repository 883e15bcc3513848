"""What a party is shown of the others: never what gives a protected name or address away."""

import json
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.case import decider
from commands.case import AddPartyDocuments, CaseCommand, WriteToAuthority, WriteToParty
from commands.case_party import (
    AppointRepresentative,
    DeclineRepresentative,
    EndRepresentation,
    JoinParty,
    ProposeRepresentative,
    RecordProtection,
    RemoveParty,
)
from commands.refusal import Refused
from events.case import CaseEvent, CaseKind
from events.case_party import Basis, PartyRole
from events.case_party_hearing import (
    PartyHearingAnswered,
    PartyHearingEvent,
    PartyHearingOpened,
)
from events.document import Document
from events.envelope import Recorded
from events.ids import ActorId, DocumentId, MessageId, PartyId, RoundId
from events.text import Text
from gateway.entries import Audience, told
from gateway.language import Language
from gateway.party_shapes import parties_shape
from gateway.procedure_view import procedure_shape
from gateway.withholding import case_seen, documents_seen
from projections.caseload import CaseloadEntry
from projections.documents import CaseDocument
from projections.plain import encode
from projections.procedure import Procedure, not_begun
from projections.procedure_hearing import hear
from projections.procedure_parts import untouched
from projections.timeline import Entry, entry_of
from services.case_parties import Parties, parties_after
from services.sight import sight_of, withheld_documents
from tests.examples import (
    MEETING_CASE,
    at,
    drawing,
    envelope,
    estate,
    identify_property,
    numbered,
    open_meeting_case,
)
from tests.procedure_examples import (
    answer_party_hearing,
    exempt_from_hearing,
    open_party_hearing,
)

NAMES: Final = ("anna", "bo", "cille", "dan")
PEOPLE: Final = {name: PartyId(f"person:{name}") for name in NAMES}
SHOWN_NAMES: Final = {
    f"person:{name}": Text(da=f"Navn-{name}", en=f"Navn-{name}") for name in NAMES
}
STAFF: Final = ActorId("staff:karen")
DAY: Final = open_meeting_case.received_on


def markers(name: str) -> tuple[str, ...]:
    """What gives somebody away: who they are, what they are called and where they live."""
    return (f"person:{name}", f"Navn-{name}", f"Adresse-{name}")


def words(*names: str) -> str:
    return " ".join(marker for name in names for marker in markers(name))


@dataclass
class File:
    """A case as it grows, and a plain list of what was said of everybody."""

    facts: list[Recorded] = field(default_factory=list)
    history: list[CaseEvent] = field(default_factory=list)
    protected: dict[str, bool] = field(default_factory=dict)
    acts_for: set[tuple[str, str]] = field(default_factory=set)
    ever_chosen: set[tuple[str, str]] = field(default_factory=set)
    number: int = 100
    said_to: dict[str, set[str]] = field(default_factory=dict)
    """What each hearing and each answer to one says, and those it is for."""

    def ask(self, command: CaseCommand, actor: ActorId, party: PartyId | None = None) -> bool:
        try:
            decided = decider.decide(command, decider.replay(self.history))
        except Refused:
            return False
        for event in decided:
            self.history.append(event)
            if isinstance(event, PartyHearingOpened | PartyHearingAnswered):
                to = (event.party or PEOPLE["anna"]).removeprefix("person:")
                self.said_to.setdefault(event.text, set()).add(to)
            position = len(self.facts) + 1
            self.facts.append(
                Recorded(
                    event=event,
                    stream="case",
                    version=position,
                    position=position,
                    event_id=numbered(1000 + position),
                    recorded_at=at(12, 1),
                    envelope=replace(envelope, actor=actor, on_behalf_of=party),
                )
            )
        return bool(decided)

    def document(self, *names: str) -> Document:
        self.number += 1
        return replace(
            drawing, document_id=DocumentId(numbered(self.number)), name=f"{words(*names)}.pdf"
        )

    @property
    def entries(self) -> list[Entry]:
        return [entry_of(fact, MEETING_CASE) for fact in self.facts]

    @property
    def parties(self) -> Parties:
        return parties_after(Parties(), self.history)

    def hidden_from(self, viewer: str) -> set[str]:
        """By the plain list: not the viewer, not theirs, and nobody has said they may be shown."""
        own = {viewer} | {party for who, party in self.acts_for if who == viewer}
        chosen = {who for who, party in self.ever_chosen if party in own}
        return {n for n in NAMES if self.protected.get(n, True)} - own - chosen


def opened() -> File:
    case = File()
    answers = tuple(replace(each, value=words("anna")) for each in open_meeting_case.answers)
    case.ask(
        replace(
            open_meeting_case,
            kind=CaseKind.APPLICATION,
            party=PEOPLE["anna"],
            subject=words("anna"),
            answers=answers,
            documents=(case.document("anna"),),
        ),
        ActorId("person:anna"),
    )
    return case


name = st.sampled_from(NAMES)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), name, st.booleans(), st.booleans()),
        st.tuples(st.just("leave"), name),
        st.tuples(st.just("protect"), name, st.booleans()),
        st.tuples(st.just("propose"), name, name),
        st.tuples(st.just("appoint"), name, name, st.booleans()),
        st.tuples(st.just("decline"), name, name),
        st.tuples(st.just("end"), name, name),
        st.tuples(st.just("write"), name, name),
        st.tuples(st.just("add"), name, name),
        st.tuples(st.just("hear"), name, st.booleans()),
        st.tuples(st.just("answer"), name, name),
        st.tuples(st.just("exempt"), name),
        st.tuples(st.just("reply")),
        st.tuples(st.just("identify")),
    ),
    max_size=30,
)


def take(case: File, step: tuple[object, ...]) -> None:
    match step:
        case ("join", str(who), bool(protected), bool(first)):
            _join(case, who, protected=protected, first=first)
        case ("leave", str(who)):
            leaving = RemoveParty(case_id=MEETING_CASE, party=PEOPLE[who], removed_on=DAY)
            if case.ask(leaving, STAFF):
                case.acts_for = {pair for pair in case.acts_for if pair[1] != who}
        case ("protect", str(who), bool(protected)):
            command = RecordProtection(case_id=MEETING_CASE, party=PEOPLE[who], protected=protected)
            if case.ask(command, STAFF):
                case.protected[who] = protected
        case ("write" | "add" as act, str(who), str(party)):
            _act(case, act, who, party)
        case ("reply" | "identify" as act,):
            _go_on(case, act)
        case ("hear" | "exempt" | "answer" as act, str(who), *rest):
            _hear(case, act, who, *rest)
        case (str(act), str(who), str(party), *rest):
            _represent(case, act, who, party, protected=True not in rest)
        case _:
            raise AssertionError(step)


def _go_on(case: File, act: str) -> None:
    """What the authority says, and what a register finds."""
    if act == "reply":
        reply = WriteToParty(
            case_id=MEETING_CASE,
            message=MessageId(numbered(9)),
            text="Tak.",
            documents=(),
            written_on=DAY,
        )
        case.ask(reply, STAFF)
    else:
        found = replace(estate, text=words("anna"))
        case.ask(replace(identify_property, property=found), ActorId("system:registers"))


def _join(case: File, who: str, *, protected: bool, first: bool) -> None:
    command = JoinParty(
        case_id=MEETING_CASE,
        party=PEOPLE[who],
        role=PartyRole.NEIGHBOUR,
        protected=protected,
        first_protected=first,
    )
    if case.ask(command, STAFF):
        case.protected[who] = protected
        case.protected["anna"] = first


def _act(case: File, act: str, who: str, party: str) -> None:
    """Somebody writes or sends a document, for themselves or for whom they act."""
    is_own = who == party and case.parties.has(PEOPLE[who])
    if not is_own and (who, party) not in case.acts_for:
        return
    command: CaseCommand
    if act == "write":
        command = WriteToAuthority(
            case_id=MEETING_CASE,
            message=MessageId(numbered(8)),
            text=words(who, party),
            documents=(case.document(who, party),),
        )
    else:
        command = AddPartyDocuments(case_id=MEETING_CASE, documents=(case.document(who, party),))
    case.ask(command, ActorId(PEOPLE[who]), None if is_own else PEOPLE[party])


def _hear(case: File, act: str, who: str, *rest: object) -> None:
    """Of one or of everybody; or somebody answers, for themselves or for whom they act."""
    match act, rest:
        case "exempt", ():
            exemption = replace(exempt_from_hearing, case_id=MEETING_CASE, parties=(PEOPLE[who],))
            case.ask(replace(exemption, reason=words(who)), STAFF)
        case "hear", (bool(every),):
            case.number += 1
            parties = () if every else (PEOPLE[who],)
            hearing = replace(open_party_hearing, case_id=MEETING_CASE, parties=parties)
            hearing = replace(hearing, material=_material(case, parties or case.parties.in_order))
            round_ = RoundId(numbered(case.number))
            case.ask(replace(hearing, round=round_, text=f"Høring-{case.number}-"), STAFF)
        case "answer", (str(party),):
            _answer(case, who, party)
        case _:
            raise AssertionError(act, rest)


def _material(case: File, parties: tuple[PartyId, ...]) -> tuple[DocumentId, ...]:
    """All that may be put before every one of them."""
    sights = [sight_of(party, case.parties) for party in parties]
    withheld = {each for sight in sights for each in withheld_documents(case.facts, sight)}
    return tuple(decider.replay(case.history).documents - withheld)


def _answer(case: File, who: str, party: str) -> None:
    if who != party and (who, party) not in case.acts_for:
        return
    running = decider.replay(case.history).being_heard.get(PEOPLE[party])
    if running is None:
        return
    case.number += 1
    text, papers = f"Svar-{case.number}-", (case.document(who, party),)
    answer = replace(answer_party_hearing, case_id=MEETING_CASE, text=text, documents=papers)
    mine = replace(answer, round=running.round, party=PEOPLE[party])
    acts_for = None if who == party else PEOPLE[party]
    case.ask(
        replace(mine, message=MessageId(numbered(case.number))), ActorId(PEOPLE[who]), acts_for
    )


def _represent(case: File, act: str, who: str, party: str, *, protected: bool) -> None:
    actor = ActorId(PEOPLE[party])
    match act:
        case "propose":
            proposal = ProposeRepresentative(
                case_id=MEETING_CASE,
                party=PEOPLE[party],
                representative=PEOPLE[who],
                basis=Basis.POWER_OF_ATTORNEY,
                document=case.document(who, party),
            )
            if case.ask(proposal, actor):
                case.ever_chosen.add((who, party))
        case "appoint":
            appointment = AppointRepresentative(
                case_id=MEETING_CASE,
                party=PEOPLE[party],
                representative=PEOPLE[who],
                basis=Basis.CUSTODY,
                document=None,
                protected=protected,
            )
            if case.ask(appointment, STAFF):
                case.ever_chosen.add((who, party))
                case.acts_for.add((who, party))
                if not protected:
                    case.protected[who] = False
        case "decline":
            refusal = DeclineRepresentative(
                case_id=MEETING_CASE,
                party=PEOPLE[party],
                representative=PEOPLE[who],
                reason=words(who, party),
            )
            case.ask(refusal, STAFF)
        case "end":
            ending = EndRepresentation(
                case_id=MEETING_CASE, party=PEOPLE[party], representative=PEOPLE[who]
            )
            if case.ask(ending, actor):
                case.acts_for.discard((who, party))
        case _:
            raise AssertionError(act)


def shown_to(case: File, viewer: str, language: Language) -> str:
    """Everything that a party can be answered about the case, as text."""
    parties = case.parties
    sight = sight_of(PEOPLE[viewer], parties)
    audience = Audience(language, sight)
    entries = case.entries
    answered: list[object] = [told(entry, audience, SHOWN_NAMES) for entry in entries]
    seen = documents_seen(_documents(entries), entries, sight)
    withheld = withheld_documents(case.facts, sight)
    shown = {each.document_id for each in seen}
    # What another answered when heard may yet be put before this one; nothing else is undecided.
    assert withheld.isdisjoint(shown)
    assert _sent_outside_hearings(entries) <= shown | withheld
    answered += [each.name for each in seen]
    answered.append(encode(case_seen(_row(), "Byggemøde", sight)))
    answered.append(parties_shape(parties, sight, SHOWN_NAMES, language).model_dump_json())
    course, first = _course(case), PEOPLE["anna"]
    answered.append(procedure_shape(course, (), entries, sight, (), first).model_dump_json())
    return json.dumps(answered, ensure_ascii=False)


def _sent_outside_hearings(entries: list[Entry]) -> set[DocumentId]:
    return {
        DocumentId(UUID(document["document_id"]))
        for entry in entries
        for document in entry.documents
        if entry.kind != "party-hearing-answered"
    }


def _course(case: File) -> Procedure:
    row = untouched(str(MEETING_CASE))
    for fact in case.facts:
        if isinstance(fact.event, PartyHearingEvent):
            hear(row, fact, fact.event)
    begun = not_begun(MEETING_CASE)
    return replace(begun, rounds=row["rounds"], exemptions=row["exemptions"])


def _documents(entries: list[Entry]) -> list[CaseDocument]:
    return [
        CaseDocument(
            document_id=DocumentId(UUID(document["document_id"])),
            case_id=MEETING_CASE,
            hearing_id=None,
            tender_id=None,
            name=document["name"],
            media_type=document["media_type"],
            size=document["size"],
            sha256=document["sha256"],
            direction="in",
            position=entry.position,
            added_by=entry.actor,
            added_at=entry.at,
            redacts=None,
            reason=None,
        )
        for entry in entries
        for document in entry.documents
    ]


def _row() -> CaseloadEntry:
    opening = open_meeting_case
    said = {"da": words("anna"), "en": words("anna")}
    return CaseloadEntry(
        case_id=opening.case_id,
        reference=opening.reference,
        kind=opening.kind.value,
        service=opening.service,
        service_version=opening.service_version,
        team=opening.team,
        party=PEOPLE["anna"],
        subject=words("anna"),
        received_on=opening.received_on,
        due_on=None,
        deadlines=[],
        status="open",
        assigned_to=None,
        waiting_for="caseworker",
        hearing_of={},
        hearing=None,
        meeting=None,
        waiting_day=None,
        next_steps=[{"text": {"da": said["da"], "en": said["en"]}, "by": None}],
        esdh_number=None,
        journal="on-its-way",
        is_journalised=False,
        post_failed=0,
        version=1,
        position=1,
    )


@settings(max_examples=400)
@given(steps=STEPS)
def test_nobody_is_shown_what_gives_a_protected_party_away(
    steps: list[tuple[object, ...]],
) -> None:
    case = opened()
    for step in steps:
        take(case, step)
    for viewer in NAMES:
        shown = shown_to(case, viewer, Language.DANISH)
        for hidden in case.hidden_from(viewer):
            for marker in markers(hidden):
                assert marker not in shown, (viewer, hidden)
        own = {viewer} | {party for who, party in case.acts_for if who == viewer}
        for said, to in case.said_to.items():
            # Whether they are protected or not: each party is heard for itself.
            assert bool(own & to) or said not in shown, (viewer, said)


def test_a_party_sees_all_of_itself_and_of_those_who_are_shown() -> None:
    """So that the property above does not hold because nothing is shown at all."""
    case = opened()
    take(case, ("join", "bo", False, False))
    take(case, ("write", "bo", "bo"))
    for viewer in ("anna", "bo"):
        shown = shown_to(case, viewer, Language.DANISH)
        assert all(marker in shown for each in ("anna", "bo") for marker in markers(each))


def test_a_party_that_left_while_it_was_heard_and_came_back_is_told_so() -> None:
    case = opened()
    for step in (("join", "bo", True, True), ("hear", "bo", True), ("leave", "bo")):
        take(case, step)
    take(case, ("join", "bo", True, True))
    assert "fordi du ikke længere var part" in shown_to(case, "bo", Language.DANISH)


def test_a_party_sees_its_own_hearing_and_answer_whoever_is_hidden_from_it() -> None:
    case = opened()
    take(case, ("join", "bo", True, True))
    take(case, ("hear", "anna", True))
    take(case, ("answer", "bo", "bo"))
    (asked, answer) = case.said_to
    for viewer in ("anna", "bo"):
        shown = shown_to(case, viewer, Language.DANISH)
        assert shown.count(asked) == 2  # on the timeline and in the procedure
        assert shown.count(answer) == (2 if viewer == "bo" else 0)


def test_what_is_not_known_is_hidden_and_said_to_be() -> None:
    case = opened()
    take(case, ("join", "bo", True, True))
    take(case, ("write", "bo", "bo"))
    anna = shown_to(case, "anna", Language.DANISH)
    assert "Navn-bo" not in anna
    assert "En anden part er nu part i sagen som nabo." in anna
    assert "navn og adresse er beskyttet" in anna
    bo = shown_to(case, "bo", Language.ENGLISH)
    assert "Another party has written, sent or done something" in bo
    assert "Byggemøde" in bo


def test_a_representative_is_shown_what_the_party_is() -> None:
    case = opened()
    take(case, ("join", "bo", True, True))
    take(case, ("appoint", "cille", "bo", False))
    take(case, ("write", "cille", "bo"))
    for viewer in ("bo", "cille"):
        assert "Adresse-bo" in shown_to(case, viewer, Language.DANISH)
    assert "Adresse-bo" not in shown_to(case, "anna", Language.DANISH)
    take(case, ("end", "cille", "bo"))
    assert "Adresse-bo" not in shown_to(case, "cille", Language.DANISH)
