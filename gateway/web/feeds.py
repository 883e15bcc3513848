"""What anybody may show elsewhere: hearings, tenders and services, in whatever format."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID

from gateway.hearing_shapes import HearingRowShape, HearingsShape
from gateway.language import Language, in_language
from gateway.offer_shapes import ServiceRowShape, ServicesShape
from gateway.tender_shapes import TenderRowShape, TendersShape
from gateway.web.asking import Api
from gateway.web.hearing_words import deadline_words, kind_words
from gateway.web.tender_words import procedures, state_words
from gateway.web.words import translations
from services.catalogue.organisation import Organisation
from services.deadlines import last_day_before, start_of_day
from services.ids import derived_id

ENTRIES_AT_MOST: Final = 100
"""Those that changed last; readers keep what they have seen."""
HEARINGS: Final = "hearings"
SERVICES: Final = "services"
TENDERS: Final = "tenders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`below` is the path of its page in the organisation, and `id` never changes.

    `last_day` is the one on which something can still be done, None where there is no such day.
    """

    id: UUID
    title: str
    below: str
    summary: str
    text: str
    category: str
    published_at: datetime
    changed_at: datetime
    last_day: date | None = None
    is_open: bool = True
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """`site` is our own address without a path; `below` the page that shows the same."""

    name: str
    title: str
    about: str
    below: str
    site: str
    organisation: Organisation
    language: Language
    entries: Sequence[Entry]

    @property
    def id(self) -> UUID:
        """Of the feed in one language, wherever it lies."""
        return _named(self.organisation.id, f"feed {self.name} {self.language}")

    @property
    def publisher(self) -> str:
        return in_language(self.organisation.name, self.language)

    @property
    def changed_at(self) -> datetime:
        """When anything in it changed last; an empty one is as old as what is offered."""
        oldest = min(self.organisation.published_on.values())
        return max((each.changed_at for each in self.entries), default=start_of_day(oldest))

    def address(self, ending: str, language: Language | None = None) -> str:
        """Where it is had in a format."""
        told = language or self.language
        return self.page(f"/feeds/{told}/{self.name}.{ending}")

    def page(self, below: str) -> str:
        return f"{self.site}/{self.organisation.id}{below}"


async def feed_of(
    name: str, api: Api, organisation: Organisation, site: str, now: datetime
) -> Feed:
    """One of the lists, those that changed last first."""
    title, about = _told_of(name, api.language)
    entries = [each async for each in _entries(name, api, organisation, now)]
    entries.sort(key=lambda each: (each.changed_at, each.title), reverse=True)
    return Feed(
        name=name,
        title=title % {"name": in_language(organisation.name, api.language)},
        about=about,
        below="" if name == SERVICES else f"/{name}",
        site=site,
        organisation=organisation,
        language=api.language,
        entries=entries[:ENTRIES_AT_MOST],
    )


def _told_of(name: str, language: Language) -> tuple[str, str]:
    """Its title, without whose it is yet, and what stands in it."""
    _ = translations(language).gettext
    return {
        HEARINGS: (
            _("Hearings at %(name)s"),
            _("What is heard in public, by when it is answered, and what came of it."),
        ),
        TENDERS: (
            _("Tenders at %(name)s"),
            _("What is to be bought, until when one can bid, and what came of it."),
        ),
        SERVICES: (
            _("Self-service at %(name)s"),
            _("What can be done online, each service with its own page."),
        ),
    }[name]


async def _entries(
    name: str, api: Api, organisation: Organisation, now: datetime
) -> AsyncIterator[Entry]:
    if name == HEARINGS:
        for hearing in (await api.read("/hearings", HearingsShape)).hearings:
            yield _of_hearing(hearing, api.language, now)
    elif name == TENDERS:
        for tender in (await api.read("/tenders", TendersShape)).tenders:
            for entry in _of_tender(tender, api.language, now):
                yield entry
    else:
        for service in (await api.read("/services", ServicesShape)).services:
            yield _of_service(service, organisation)


def _of_hearing(row: HearingRowShape, language: Language, now: datetime) -> Entry:
    said = [row.description, row.summary or "", row.reason or ""]
    return Entry(
        id=row.hearing,
        title=row.title,
        below=f"/hearings/{row.hearing}",
        summary=deadline_words(row, language),
        text="\n\n".join(part for part in said if part),
        category=kind_words(row.kind, language),
        published_at=row.published_at,
        changed_at=_changed_at(row.changed_at, row.closes_at, row.state, now),
        last_day=last_day_before(row.closes_at),
        is_open=row.state == "open",
        is_cancelled=row.state == "cancelled",
    )


def _of_tender(row: TenderRowShape, language: Language, now: datetime) -> Iterator[Entry]:
    if row.published_at is None or row.closes_at is None:
        return
    yield Entry(
        id=row.tender,
        title=row.title,
        below=f"/tenders/{row.tender}",
        summary=state_words(row, language),
        text=row.description,
        category=procedures(language)[row.procedure],
        published_at=row.published_at,
        changed_at=_changed_at(row.changed_at or row.published_at, row.closes_at, row.state, now),
        # A deadline at noon is that day's, one at midnight the day's before.
        last_day=last_day_before(row.closes_at),
        is_open=row.state == "open",
        is_cancelled=row.state == "cancelled",
    )


def _changed_at(changed_at: datetime, closes_at: datetime, state: str, now: datetime) -> datetime:
    """That nothing more is taken is news as well, though nobody did anything."""
    has_closed = closes_at <= now and state != "cancelled"
    return max(changed_at, closes_at) if has_closed else changed_at


def _of_service(row: ServiceRowShape, organisation: Organisation) -> Entry:
    days = [on for (name, _), on in organisation.published_on.items() if name == row.id]
    return Entry(
        id=_named(organisation.id, f"service {row.id}"),
        title=row.title,
        below=f"/services/{row.id}",
        summary=row.description,
        text=row.description,
        category=row.kind,
        published_at=start_of_day(min(days)),
        changed_at=start_of_day(row.published_on),
    )


def _named(organisation: str, name: str) -> UUID:
    return derived_id(NAMESPACE_URL, f"urn:julelys:{organisation}:{name}")
