"""The protocol of a tender: all that was done, by whom and when (directive 2014/24/EU, article 84).

From the facts alone, so that anybody who has them can write it again and find the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from events.envelope import Recorded
from events.ids import BidId
from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    Procedure,
    TenderCancelled,
    TenderDrafted,
    TenderEvent,
    TenderPublished,
)
from events.tender_award import ContractConcluded
from events.tender_bid import BidOpened, BidReceived, BidUnreadable, BidWithdrawn, OpeningEnded
from events.tender_committee import (
    CommitteeAppointed,
    MemberKeyLost,
    MemberRehearsed,
    MemberReplaced,
)
from services.catalogue.organisation import Organisation
from services.deadlines import local_date
from services.esdh.port import Direction
from services.journal import letter_texts as texts
from services.journal.letter import Letter, Part, Passage, Section, Table, details
from services.journal.tender_course import course
from services.journal.tender_judged import judged
from services.journal.tender_told import told_sections
from services.journal.tender_words import PROCEDURES, UNREADABLE

Name: TypeAlias = Callable[[str], str]
"""What somebody is called."""


PROTOCOLLED: Final = (ContractConcluded, TenderCancelled)
"""What the protocol is filed with, as it stood then."""


def protocol(
    facts: Sequence[TenderEvent],
    organisation: Organisation,
    name: Name,
    at: datetime,
    post: Sequence[Recorded] = (),
) -> Letter:
    """As far as it has come; `post` are the facts of its outgoing post, where it is to tell them.

    Raises ValueError: there is no draft among the facts.
    """
    drafted = next((each for each in facts if isinstance(each, TenderDrafted)), None)
    if drafted is None:
        raise ValueError("The tender's history has no draft.")
    day = local_date(at)
    sections = (
        Section(heading="Udbuddet", parts=(_about(drafted, facts, organisation),)),
        Section(heading="Udvalget", parts=tuple(_committee(facts, name))),
        Section(heading="Tilbud", parts=_bids(facts, name)),
        Section(heading="Bedømmelse og tildeling", parts=judged(facts, name)),
        *told_sections(post, name),
        Section(heading="Forløb", parts=course(facts, name)),
    )
    return Letter(
        organisation=organisation.name.da,
        title=texts.title("Protokol: ", drafted.title, texts.short_date(day)),
        file_name=texts.file_name("protokol", day.isoformat(), drafted.title),
        date=day,
        direction=Direction.INTERNAL,
        sections=sections,
    )


def _about(
    drafted: TenderDrafted, facts: Sequence[TenderEvent], organisation: Organisation
) -> Table:
    published = next((each for each in facts if isinstance(each, TenderPublished)), None)
    criteria = "\n".join(f"{each.name}: {each.weight} %" for each in drafted.criteria)
    return details(
        ("Myndighed", texts.authority(organisation, drafted.team)),
        ("Titel", drafted.title),
        ("Udbudsform", PROCEDURES[drafted.procedure]),
        ("Delaftaler", "\n".join(f"{each.lot}: {each.title}" for each in drafted.lots)),
        ("Tildelingskriterier", criteria),
        ("Offentliggjort", None if published is None else texts.moment(published.published_at)),
        *_deadlines(drafted.procedure, facts),
    )


def _deadlines(
    procedure: Procedure, facts: Sequence[TenderEvent]
) -> Iterator[tuple[str, str | None]]:
    """As they were moved last; in a restricted procedure bids have one of their own (§ 59)."""
    applications, bids = "Frist for ansøgning", "Frist for tilbud"
    now = bids if procedure is Procedure.OPEN else applications
    closes: dict[str, datetime] = {}
    for fact in facts:
        if isinstance(fact, BiddersInvited):
            now = bids
        if isinstance(fact, TenderPublished | DeadlineMoved | BiddersInvited):
            closes[now] = fact.closes_at
    yield from ((what, texts.moment(at)) for what, at in closes.items())


def _committee(facts: Sequence[TenderEvent], name: Name) -> Iterator[Part]:
    """Each appointment, of which the last counts, and what has become of the members' keys."""
    rows: list[tuple[str, str]] = []
    for fact in facts:
        match fact:
            case CommitteeAppointed():
                members = ", ".join(map(name, fact.members))
                opens = f"mindst {fact.threshold} af de {len(fact.members)} medlemmer i fællesskab"
                yield Passage(text=f"Udpeget: {members}. Tilbud kan kun åbnes af {opens}.")
            case MemberRehearsed():
                said = f"{name(fact.member)} har ved en prøve vist, at nøglen kan bruges"
                rows.append((texts.moment(fact.rehearsed_at), said))
            case MemberKeyLost():
                said = f"{name(fact.member)} har meldt sin nøgle tabt"
                rows.append((texts.moment(fact.lost_at), said))
            case MemberReplaced():
                said = f"{name(fact.new_member)} er indtrådt i stedet for {name(fact.member)}"
                rows.append((texts.moment(fact.replaced_at), said))
            case _:
                pass
    yield (
        Table(header=("Tidspunkt", "Hændelse"), rows=tuple(rows))
        if rows
        else Passage(text="Ingen nøgler er prøvet.")
    )


def _bids(facts: Sequence[TenderEvent], name: Name) -> tuple[Passage, ...]:
    """Who has bid is not told of a tender whose bids nobody has opened."""
    if not any(isinstance(each, OpeningEnded) for each in facts):
        unsaid = "Tilbud er ikke åbnet. Om nogen har afgivet tilbud, fremgår derfor ikke her."
        return (Passage(text=unsaid),)
    received = [each for each in facts if isinstance(each, BidReceived)]
    became = dict(_became(facts))
    return tuple(
        Passage(
            heading=f"{name(bid.bidder)}: delaftale {bid.lot}, version {bid.version}",
            text=(
                f"Modtaget {texts.to_the_millisecond(bid.received_at)} efter databasens ur.\n"
                f"Den forseglede fil: {texts.size(bid.envelope.size)}. "
                f"Kontrolsum (SHA-256): {bid.envelope.sha256}\n"
                f"Binding til tilbuddets nøgle (SHA-256): {bid.envelope.commitment}\n"
                f"{became.get(bid.bid_id) or _replaced(bid, received)}"
            ),
        )
        for bid in received
    ) or (Passage(text="Der er ikke modtaget tilbud."),)


def _became(facts: Sequence[TenderEvent]) -> Iterator[tuple[BidId, str]]:
    for fact in facts:
        match fact:
            case BidWithdrawn():
                when = texts.moment(fact.withdrawn_at)
                yield fact.bid_id, f"Trukket tilbage {when} og derfor ikke åbnet."
            case BidOpened():
                yield fact.bid_id, _opened(fact)
            case BidUnreadable():
                reason = UNREADABLE.get(fact.code, fact.code)
                yield fact.bid_id, f"Kunne ikke åbnes {texts.moment(fact.opened_at)}: {reason}."
            case _:
                pass


def _opened(fact: BidOpened) -> str:
    files = ", ".join(each.name for each in fact.documents) or "ingen"
    price = (
        "oplyser ingen pris"
        if fact.price_minor is None
        else f"pris {texts.kroner(fact.price_minor)} uden moms"
    )
    return f"Åbnet {texts.moment(fact.opened_at)}: {price}. Filer: {files}."


def _replaced(bid: BidReceived, received: Sequence[BidReceived]) -> str:
    """Every bid that stood was opened or could not be, so another has come after this one."""
    versions = _versions(received)
    later = versions[bid.bidder, bid.lot]
    return f"Erstattet af tilbudsgiverens version {later} og derfor ikke åbnet."


def _versions(received: Sequence[BidReceived]) -> Mapping[tuple[str, str], int]:
    """The last of each bidder for each lot."""
    return {(each.bidder, each.lot): each.version for each in received}
