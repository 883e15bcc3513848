"""The Danish words of letters and notes: dates, sizes, answers and names of things."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from events.case import AnswerValue, Meeting
from events.case_deadline import DeadlineKind
from events.hearing import HearingKind
from events.ids import ActorId, CalendarDayId, PartyId, SlotId, TeamId
from services.catalogue.form import FormField
from services.catalogue.organisation import Organisation
from services.catalogue.spoken import MONTHS, YES_NO, amount_words, answer_words
from services.clock import COPENHAGEN
from services.esdh.port import Company, EsdhParty, Person

PROTECTED: Final = "Navne- og adressebeskyttet"
PROTECTED_PERSON: Final = "En person med navne- og adressebeskyttelse"
UNKNOWN_PARTY: Final = "Ikke oplyst"
ANONYMOUS: Final = "Anonym"
UNANSWERED: Final = "Ikke besvaret"

EN_DASH: Final = "\N{EN DASH}"
TITLE_AT_MOST: Final = 200
SLUG_AT_MOST: Final = 100

DEADLINES: Final = {
    DeadlineKind.FIRST_REPLY: "Frist for første svar",
    DeadlineKind.PROCESSING: "Frist for sagens behandling",
    DeadlineKind.FORWARDING: "Frist for at sende klagen videre",
    DeadlineKind.OBJECTION: "Frist for indsigelse",
}
HEARINGS: Final = {
    HearingKind.MUNICIPAL_PLAN: "Forslag til kommuneplan (planloven § 24)",
    HearingKind.MUNICIPAL_PLAN_MINOR: "Mindre ændring af kommuneplanen (planloven § 24)",
    HearingKind.LOCAL_PLAN: "Forslag til lokalplan (planloven § 24)",
    HearingKind.LOCAL_PLAN_MINOR: "Forslag til lokalplan af mindre betydning (planloven § 24)",
    HearingKind.NEIGHBOUR_NOTICE: "Naboorientering (planloven § 20)",
}
_WEEKDAYS: Final = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_ASCII: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "ð": "d", "þ": "th"})
_CVR: Final = re.compile(r"company:([0-9]{8})")
_DAY: Final = re.compile(r".*\.([0-9]{4}-[0-9]{2}-[0-9]{2})")
_SLOT: Final = re.compile(r".*\.([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{2})([0-9]{2})-[0-9]+")


def short_date(day: date) -> str:
    """`2. november 2026`."""
    return f"{day.day}. {MONTHS['da'][day.month - 1]} {day.year}"


def long_date(day: date) -> str:
    """`mandag den 2. november 2026`."""
    return f"{_WEEKDAYS[day.weekday()]} den {short_date(day)}"


def moment(at: datetime) -> str:
    """In Danish local time: `mandag den 2. november 2026 kl. 9.05`."""
    local = at.astimezone(COPENHAGEN)
    return f"{long_date(local.date())} kl. {local.hour}.{local.minute:02}"


def to_the_millisecond(at: datetime) -> str:
    """As `moment`, where a moment decides: `… kl. 11.59.59,999`."""
    local = at.astimezone(COPENHAGEN)
    return f"{moment(at)}.{local.second:02},{local.microsecond // 1000:03}"


def time_and_place(meeting: Meeting) -> str:
    """`mandag den 2. november 2026 kl. 9.00 til 10.00, Rådhuset`."""
    ends = meeting.ends_at.astimezone(COPENHAGEN)
    return f"{moment(meeting.starts_at)} til {ends.hour}.{ends.minute:02}, {meeting.place}"


def slot_time(slot: SlotId) -> str | None:
    """When a slot begins, as its name says; None for a name of another form."""
    found = _SLOT.fullmatch(slot)
    if found is None:
        return None
    day, hour, minute = found.groups()
    return f"{long_date(date.fromisoformat(day))} kl. {int(hour)}.{minute}"


def day_of(day: CalendarDayId) -> str:
    """The date of a meeting day, as its name says, or else the name."""
    found = _DAY.fullmatch(day)
    return day if found is None else long_date(date.fromisoformat(found[1]))


def size(size_in_bytes: int) -> str:
    """Thousands parted as in Danish: `48.213 byte`."""
    return f"{size_in_bytes:,} byte".replace(",", ".")


def kroner(minor: int) -> str:
    """An amount in øre: `1.250,50 kr.`."""
    return amount_words(str(Decimal(minor).scaleb(-2)), "da")


def points(number: float) -> str:
    """Of a bid, from 0 to 10, to the hundredth: `8,25`, `8,2`, `8`."""
    return f"{number:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def answer(asked: FormField, value: AnswerValue) -> str:
    """An answer as its form words it: labels for options, dates written out."""
    return plain(value) if isinstance(value, bool) else answer_words(asked, value, "da")


def plain(value: AnswerValue) -> str:
    """An answer without its form."""
    match value:
        case bool():
            yes, no = YES_NO["da"]
            return (yes if value else no).capitalize()
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


def name_of(party: EsdhParty | None, *, protected: bool) -> str:
    """A name that may be read by whoever reads the case; never a number or an address of a person.

    Navne- og adressebeskyttelse: CPR-loven § 28. Companies have none.
    """
    match party:
        case Person() if protected:
            return PROTECTED
        case Person():
            return party.name
        case Company():
            return f"{party.name} (CVR {party.cvr})"
        case None:
            return UNKNOWN_PARTY


def authority(organisation: Organisation, team: TeamId) -> str:
    """`Hjørring Kommune, Byggeri & Natur`."""
    return f"{organisation.name.da}, {team_name(organisation, team)}"


def team_name(organisation: Organisation, team: TeamId) -> str:
    """A team that is no more is named by its id."""
    known = organisation.teams.get(team)
    return team if known is None else known.name.da


def acted_for(represented: PartyId | None, party: PartyId) -> str | None:
    """Whom someone acted for when it was not the party itself, as far as an id may tell.

    A company's number is public; of a person nothing is told.
    """
    if represented is None or represented == party:
        return None
    return another(represented)


def another(party: PartyId) -> str:
    company = _CVR.fullmatch(party)
    if company is not None:
        return f"Virksomheden med CVR {company[1]}"
    return "En virksomhed" if party.startswith("company:") else "En anden person"


def doer(actor: ActorId, organisation: str) -> str:
    """Who did it, by what kind of actor it was and never by name."""
    match actor.partition(":")[0]:
        case "staff":
            return f"{organisation} ved en sagsbehandler"
        case "system":
            return organisation
        case _:
            return "Parten"


def one_line(text: str) -> str:
    """Without line ends, doubled spaces and signs that nobody sees."""
    return " ".join("".join(_in_line(sign) for sign in unicodedata.normalize("NFC", text)).split())


def _in_line(sign: str) -> str:
    match unicodedata.category(sign):
        case "Cc" | "Zs" | "Zl" | "Zp":
            return " "
        case "Cf" | "Cs":
            return ""
        case _:
            return sign


def title(beginning: str, subject: str, ending: str) -> str:
    """All three in one line; the subject is cut to keep within 200 characters."""
    tail = f" {EN_DASH} {ending}"
    room = TITLE_AT_MOST - len(beginning) - len(tail)
    line = one_line(subject)
    cut = line if len(line) <= room else line[: room - 1].rstrip() + "…"
    return f"{beginning}{cut}{tail}"


def file_name(*words: str) -> str:
    """Small letters a to z, digits and hyphens, as every records system takes them."""
    lowered = " ".join(words).lower().translate(_ASCII)
    plain_letters = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain_letters)[:SLUG_AT_MOST].strip("-")
    return f"{slug}.pdf"
