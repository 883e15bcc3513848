"""What a fact says, as a letter that can be read in the records system in many years."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from events.case import CaseOpened, CaseworkerWrote, HearingResponseAnswered, PartyWrote
from events.envelope import Recorded
from events.hearing import HearingAnswer, HearingConcluded, HearingPublished
from events.ids import is_anonymous
from events.tender import TenderCancelled, TenderPublished
from events.tender_award import ContractConcluded, LotAwarded
from services.catalogue.organisation import Organisation
from services.deadlines import local_date
from services.esdh.port import Direction, EsdhParty
from services.journal import letter_texts as texts
from services.journal.letter import NOBODY, Letter, Passage, Section, attached, details
from services.journal.on_case import OnCase
from services.journal.procedure_letters import Procedural, procedural
from services.journal.submission_letter import submission
from services.journal.tender_papers import tender_letter

_Later: TypeAlias = PartyWrote | CaseworkerWrote | HearingResponseAnswered


def letter_of(
    fact: Recorded,
    history: Sequence[Recorded],
    organisation: Organisation,
    party: EsdhParty | None,
    *,
    protected: bool = False,
    hearing_title: str | None = None,
    called: Mapping[str, str] = NOBODY,
    post: Sequence[Recorded] = (),
) -> Letter:
    """The letter of a fact that is filed as one; the same facts always make the same letter.

    `history` is the fact's whole stream, `party` the case's, None where it is not known;
    `protected` keeps a person's name out. `hearing_title` is that of the hearing which the case
    answers, `called` has whom else the letter names, `post` is a tender's outgoing post. No number
    or address of a person is written but what the submission itself says.

    Raises:
        ValueError: the fact has no letter, or its history lacks what it must begin with.
        KeyError: the organisation does not have the version of the service.
    """
    name = _name(party, history, protected=protected)
    match fact.event:
        case CaseOpened() as opened:
            return submission(
                (fact, opened), history, organisation, name=name, hearing_title=hearing_title
            )
        case PartyWrote() | CaseworkerWrote() | HearingResponseAnswered() as later:
            return _later(_on_case(fact, history, organisation, name), later, hearing_title)
        case HearingPublished() as published:
            return _published(published, organisation)
        case TenderPublished() | LotAwarded() | ContractConcluded() | TenderCancelled() as event:
            return tender_letter(event, fact, history, organisation, called, post)
        case HearingConcluded() as concluded:
            return _concluded(concluded, _heard(history), organisation)
        case other if isinstance(other, Procedural):
            return procedural(_on_case(fact, history, organisation, name), other)
        case other:
            raise ValueError(f"{type(other).__name__} has no letter.")


def _name(party: EsdhParty | None, history: Sequence[Recorded], *, protected: bool) -> str:
    """Who is anonymous is so on purpose; of others without a number it is we who do not know."""
    openings = (fact.event for fact in history if isinstance(fact.event, CaseOpened))
    if party is None and any(is_anonymous(opened.party) for opened in openings):
        return texts.ANONYMOUS
    return texts.name_of(party, protected=protected)


def _on_case(
    fact: Recorded, history: Sequence[Recorded], organisation: Organisation, name: str
) -> OnCase:
    return OnCase(
        fact=fact,
        opened=_opened(history),
        history=history,
        organisation=organisation,
        name=name,
    )


def _later(on: OnCase, event: _Later, hearing_title: str | None) -> Letter:
    match event:
        case PartyWrote():
            return _from_party(on, event)
        case CaseworkerWrote():
            return _to_party(on, event)
        case HearingResponseAnswered():
            return _answered(on, event, hearing_title)


def _from_party(on: OnCase, wrote: PartyWrote) -> Letter:
    represented = on.fact.envelope.on_behalf_of
    about = details(
        ("Fra", on.name),
        ("På vegne af", texts.acted_for(represented, on.opened.party)),
        ("Til", on.authority),
        ("Modtaget", texts.moment(on.fact.recorded_at)),
        ("Sagens nummer", on.opened.reference),
        ("Emne", on.opened.subject),
    )
    return Letter(
        organisation=on.organisation.name.da,
        title=on.title("Besked fra parten: ", "modtaget"),
        file_name=on.file_name("besked-fra-parten"),
        date=local_date(on.fact.recorded_at),
        direction=Direction.IN,
        sections=(
            Section(heading="Beskeden", parts=(about,)),
            Section(heading="Tekst", parts=(Passage(text=wrote.text),)),
            attached(wrote.documents),
        ),
    )


def _to_party(on: OnCase, wrote: CaseworkerWrote) -> Letter:
    about = details(
        ("Fra", f"En sagsbehandler, {on.authority}"),
        ("Til", on.name),
        ("Sendt", texts.moment(on.fact.recorded_at)),
        ("Sagens nummer", on.opened.reference),
        ("Emne", on.opened.subject),
    )
    return Letter(
        organisation=on.organisation.name.da,
        title=on.title("Besked til parten: ", "sendt"),
        file_name=on.file_name("besked-til-parten"),
        date=local_date(on.fact.recorded_at),
        direction=Direction.OUT,
        sections=(
            Section(heading="Beskeden", parts=(about,)),
            Section(heading="Tekst", parts=(Passage(text=wrote.text),)),
            attached(wrote.documents),
        ),
    )


def _answered(on: OnCase, answered: HearingResponseAnswered, hearing_title: str | None) -> Letter:
    about = details(
        ("Fra", on.authority),
        ("Til", on.name),
        ("Sendt", texts.moment(on.fact.recorded_at)),
        ("Høring", hearing_title),
        ("Sagens nummer", on.opened.reference),
        ("Emne", on.opened.subject),
    )
    several = len(answered.answers) > 1
    points = tuple(
        Passage(text=answer, heading=f"Svar {number}" if several else None)
        for number, answer in enumerate(answered.answers, start=1)
    )
    nothing = Passage(text="Konklusionen har intet særskilt svar på dette høringssvar.")
    return Letter(
        organisation=on.organisation.name.da,
        title=on.title("Svar til parten: ", "sendt"),
        file_name=on.file_name("svar-paa-hoeringssvar"),
        date=local_date(on.fact.recorded_at),
        direction=Direction.OUT,
        sections=(
            Section(heading="Svaret", parts=(about,)),
            Section(heading="Kommunens svar", parts=points or (nothing,)),
        ),
    )


def _published(published: HearingPublished, organisation: Organisation) -> Letter:
    day = local_date(published.published_at)
    about = details(
        ("Myndighed", texts.authority(organisation, published.team)),
        ("Titel", published.title),
        ("Slags", texts.HEARINGS[published.kind]),
        ("Offentliggjort", texts.moment(published.published_at)),
        ("Åben til", texts.moment(published.closes_at)),
    )
    return Letter(
        organisation=organisation.name.da,
        title=texts.title("Høring: ", published.title, f"sendt {texts.short_date(day)}"),
        file_name=texts.file_name("hoering", day.isoformat(), published.title),
        date=day,
        direction=Direction.OUT,
        sections=(
            Section(heading="Høringen", parts=(about,)),
            Section(heading="Høringstekst", parts=(Passage(text=published.description),)),
            attached(published.material),
        ),
    )


def _concluded(
    concluded: HearingConcluded, published: HearingPublished, organisation: Organisation
) -> Letter:
    day = local_date(concluded.concluded_at)
    about = details(
        ("Myndighed", texts.authority(organisation, published.team)),
        ("Høring", published.title),
        ("Slags", texts.HEARINGS[published.kind]),
        ("Offentliggjort", texts.moment(published.published_at)),
        ("Konkluderet", texts.moment(concluded.concluded_at)),
    )
    themes = tuple(
        _theme(number, answer) for number, answer in enumerate(concluded.answers, start=1)
    )
    return Letter(
        organisation=organisation.name.da,
        title=texts.title("Konklusion på høring: ", published.title, texts.short_date(day)),
        file_name=texts.file_name("konklusion", day.isoformat(), published.title),
        date=day,
        direction=Direction.OUT,
        sections=(
            Section(heading="Høringen", parts=(about,)),
            Section(heading="Sammenfatning", parts=(Passage(text=concluded.summary),)),
            *themes,
        ),
    )


def _theme(number: int, answer: HearingAnswer) -> Section:
    raised = len(answer.responses)
    by = "ét høringssvar" if raised == 1 else f"{raised} høringssvar"
    parts = (Passage(text=f"Rejst i {by}."),) if raised else ()
    return Section(
        heading=f"Tema {number}: {texts.one_line(answer.theme)}",
        parts=(*parts, Passage(text=answer.answer)),
    )


def _opened(history: Sequence[Recorded]) -> CaseOpened:
    for earlier in history:
        if isinstance(earlier.event, CaseOpened):
            return earlier.event
    raise ValueError("The case's history has no opening.")


def _heard(history: Sequence[Recorded]) -> HearingPublished:
    for earlier in history:
        if isinstance(earlier.event, HearingPublished):
            return earlier.event
    raise ValueError("The hearing's history has no publication.")
