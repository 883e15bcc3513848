"""What of a tender was told outside the platform, and whether it arrived, for its protocol."""

from collections.abc import Callable, Iterator, Sequence

from events.envelope import Recorded
from events.post import (
    Channel,
    NotificationBounced,
    NotificationDelivered,
    NotificationFailed,
    NotificationGivenToPaper,
    NotificationInDoubt,
    NotificationPosted,
    NotificationQueued,
    NotificationRetried,
    NotificationSent,
    PostEvent,
)
from services.journal import letter_texts as texts
from services.journal.letter import Section, Table

CHANNELS = {
    Channel.EMAIL: "e-mail",
    Channel.DIGITAL_POST: "Digital Post",
    Channel.PAPER: "brev på papir",
}


def until(fact: Recorded, post: Sequence[Recorded]) -> list[Recorded]:
    """Of a tender's outgoing post what there was when the fact came, by their places in the log."""
    return [each for each in post if each.position < fact.position]


def addressees(post: Sequence[Recorded]) -> list[str]:
    """Whom `told_sections` names."""
    return [each.event.party for each in post if isinstance(each.event, PostEvent)]


def told_sections(post: Sequence[Recorded], name: Callable[[str], str]) -> Iterator[Section]:
    """`post` is the whole stream of the tender's outgoing post; nothing was told, nothing said."""
    rows = tuple(row for each in post if (row := _row(each, name)) is not None)
    if rows:
        table = Table(header=("Hvornår", "Til", "Hvad"), rows=rows)
        yield Section(heading="Meddelelser", parts=(table,))


def _row(recorded: Recorded, name: Callable[[str], str]) -> tuple[str, str, str] | None:
    event = recorded.event
    match event:
        case NotificationQueued():
            said = f"Skal meddeles med {CHANNELS[event.channel]}"
        case NotificationSent():
            said = f"Sendt med {CHANNELS[event.channel]}"
        case NotificationInDoubt():
            said = "Måske sendt; sendes igen"
        case NotificationDelivered():
            said = f"Fremme {texts.moment(event.delivered_at)}"
        case NotificationBounced():
            said = f"Kom retur ({event.status})"
        case NotificationFailed():
            said = f"Kunne ikke sendes ({event.code})"
        case NotificationRetried():
            said = "Sendes igen"
        case NotificationGivenToPaper():
            said = "Skal sendes på papir"
        case NotificationPosted():
            said = f"Lagt i posten {texts.short_date(event.posted_on)}"
        case _:
            return None
    return texts.moment(recorded.recorded_at), name(event.party), said
