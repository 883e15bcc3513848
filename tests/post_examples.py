"""One named example of everything in outgoing post: Anna is told of her building meeting."""

from datetime import date

from commands.contact import SetContactPreferences
from commands.post import (
    GiveToPaper,
    QueueNotification,
    RecordBounced,
    RecordDelivered,
    RecordFailed,
    RecordInDoubt,
    RecordPosted,
    RecordSent,
    RetryNotification,
)
from events.contact import ContactLanguage, ContactPreferencesSet, Frequency
from events.ids import NotificationId
from events.journal import Matter, MatterKind
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
    PaperReason,
)
from tests.examples import ANNA, MEETING_CASE, at, numbered

MATTER = Matter(kind=MatterKind.CASE, id=MEETING_CASE)
NEWS = NotificationId(numbered(71))
WROTE = numbered(72)
RECEIPT = "<019a0000-0000-7000-8000-000000000073@hjorring>"

queue_notification = QueueNotification(
    matter=MATTER,
    notification=NEWS,
    fact="case.caseworker-wrote.v1",
    about=WROTE,
    party=ANNA,
    channel=Channel.EMAIL,
)
notification_queued = NotificationQueued(
    matter=MATTER,
    notification=NEWS,
    fact="case.caseworker-wrote.v1",
    about=WROTE,
    party=ANNA,
    channel=Channel.EMAIL,
)
record_sent = RecordSent(
    matter=MATTER, notification=NEWS, channel=Channel.EMAIL, receipt=RECEIPT, attempt=1
)
notification_sent = NotificationSent(
    matter=MATTER,
    notification=NEWS,
    party=ANNA,
    channel=Channel.EMAIL,
    receipt=RECEIPT,
    attempt=1,
    in_doubt=0,
)
record_in_doubt = RecordInDoubt(matter=MATTER, notification=NEWS, channel=Channel.EMAIL, attempt=1)
notification_in_doubt = NotificationInDoubt(
    matter=MATTER, notification=NEWS, party=ANNA, channel=Channel.EMAIL, attempt=1
)
record_delivered = RecordDelivered(matter=MATTER, notification=NEWS, delivered_at=at(12, 2, 10))
notification_delivered = NotificationDelivered(
    matter=MATTER, notification=NEWS, party=ANNA, delivered_at=at(12, 2, 10)
)
record_bounced = RecordBounced(matter=MATTER, notification=NEWS, attempt=1, status="5.1.1")
notification_bounced = NotificationBounced(
    matter=MATTER, notification=NEWS, party=ANNA, attempt=1, status="5.1.1"
)
record_failed = RecordFailed(matter=MATTER, notification=NEWS, attempt=1, code="mail-rejected")
notification_failed = NotificationFailed(
    matter=MATTER, notification=NEWS, party=ANNA, attempt=1, code="mail-rejected"
)
retry_notification = RetryNotification(matter=MATTER, notification=NEWS)
notification_retried = NotificationRetried(matter=MATTER, notification=NEWS, party=ANNA)
give_to_paper = GiveToPaper(matter=MATTER, notification=NEWS, reason=PaperReason.EXEMPT)
notification_given_to_paper = NotificationGivenToPaper(
    matter=MATTER, notification=NEWS, party=ANNA, reason=PaperReason.EXEMPT
)
record_posted = RecordPosted(matter=MATTER, notification=NEWS, posted_on=date(2026, 12, 3))
notification_posted = NotificationPosted(
    matter=MATTER, notification=NEWS, party=ANNA, posted_on=date(2026, 12, 3)
)

set_preferences = SetContactPreferences(
    party=ANNA,
    email="anna@example.dk",
    language=ContactLanguage.ENGLISH,
    frequency=Frequency.DAILY,
)
preferences_set = ContactPreferencesSet(
    party=ANNA,
    email="anna@example.dk",
    language=ContactLanguage.ENGLISH,
    frequency=Frequency.DAILY,
)
