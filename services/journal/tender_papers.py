"""What is written of a tender for the records system: its publication, awards, and protocol."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from events.envelope import Recorded
from events.tender import TenderCancelled, TenderDrafted, TenderEvent, TenderPublished
from events.tender_award import ContractConcluded, LotAwarded
from services.catalogue.organisation import Organisation
from services.deadlines import local_date
from services.esdh.port import Direction
from services.journal import letter_texts as texts
from services.journal.letter import Letter, Passage, Section, Table, details
from services.journal.tender_notes import bidders_in
from services.journal.tender_protocol import protocol
from services.journal.tender_told import until
from services.journal.tender_words import NOTICES, PROCEDURES


def tender_letter(
    event: TenderPublished | LotAwarded | ContractConcluded | TenderCancelled,
    fact: Recorded,
    history: Sequence[Recorded],
    organisation: Organisation,
    called: Mapping[str, str],
    post: Sequence[Recorded] = (),
) -> Letter:
    """`called` has each bidder whom an award names, and everybody whom the protocol does; `post` is
    the tender's outgoing post, perhaps with what came later.

    Raises:
        ValueError: the history has no draft.
        KeyError: somebody is not in `called`.
    """
    match event:
        case TenderPublished():
            return _published(event, history, organisation)
        case LotAwarded():
            return _award(event, history, organisation, called)
        case ContractConcluded() | TenderCancelled():
            # As it stood then, whatever has come since.
            facts = facts_until(fact, history)
            name = called.__getitem__
            return protocol(facts, organisation, name, fact.recorded_at, until(fact, post))
        case _:
            assert_never(event)


def facts_until(fact: Recorded, history: Sequence[Recorded]) -> list[TenderEvent]:
    until = (each.event for each in history if each.version <= fact.version)
    return [each for each in until if isinstance(each, TenderEvent)]


def _published(
    published: TenderPublished, history: Sequence[Recorded], organisation: Organisation
) -> Letter:
    drafted = _drafted(history)
    day = local_date(published.published_at)
    about = details(
        ("Myndighed", texts.authority(organisation, drafted.team)),
        ("Titel", drafted.title),
        ("Udbudsform", PROCEDURES[drafted.procedure]),
        ("Offentliggjort", texts.moment(published.published_at)),
        ("Frist", texts.moment(published.closes_at)),
    )
    lots = Table(
        header=("Delaftale", "Titel"), rows=tuple((each.lot, each.title) for each in drafted.lots)
    )
    criteria = Table(
        header=("Kriterium", "Vægt"),
        rows=tuple((each.name, f"{each.weight} %") for each in drafted.criteria),
    )
    return Letter(
        organisation=organisation.name.da,
        title=texts.title("Udbud: ", drafted.title, f"offentliggjort {texts.short_date(day)}"),
        file_name=texts.file_name("udbud", day.isoformat(), drafted.title),
        date=day,
        direction=Direction.OUT,
        sections=(
            Section(heading="Udbuddet", parts=(about,)),
            Section(heading="Hvad der ønskes", parts=(Passage(text=drafted.description),)),
            Section(heading="Delaftaler", parts=(lots,)),
            Section(heading="Tildelingskriterier", parts=(criteria,)),
        ),
    )


def _award(
    awarded: LotAwarded,
    history: Sequence[Recorded],
    organisation: Organisation,
    called: Mapping[str, str],
) -> Letter:
    drafted = _drafted(history)
    day = local_date(awarded.awarded_at)
    title = next(each.title for each in drafted.lots if each.lot == awarded.lot)
    bidders = bidders_in(history)
    about = details(
        ("Myndighed", texts.authority(organisation, drafted.team)),
        ("Udbud", drafted.title),
        ("Delaftale", title),
        ("Tildelt", called[bidders[awarded.winner]]),
        ("Tildelingen er truffet", texts.moment(awarded.awarded_at)),
        ("Meddelt", NOTICES[awarded.notice]),
        ("Standstill til og med", texts.long_date(awarded.standstill_until)),
    )
    ranked = ((called[bidders[each.bid_id]], each.total / 100) for each in awarded.ranking)
    ranking = Table(
        header=("Tilbudsgiver", "Point i alt"),
        rows=tuple((name, texts.points(total)) for name, total in ranked),
    )
    return Letter(
        organisation=organisation.name.da,
        title=texts.title("Tildeling: ", f"{drafted.title}, {title}", texts.short_date(day)),
        file_name=texts.file_name("tildeling", day.isoformat(), drafted.title, awarded.lot),
        date=day,
        direction=Direction.OUT,
        sections=(
            Section(heading="Tildelingen", parts=(about,)),
            Section(heading="Begrundelse", parts=(Passage(text=awarded.reasons),)),
            Section(heading="Rangfølge", parts=(ranking,)),
        ),
    )


def _drafted(history: Sequence[Recorded]) -> TenderDrafted:
    for earlier in history:
        if isinstance(earlier.event, TenderDrafted):
            return earlier.event
    raise ValueError("The tender's history has no draft.")
