"""The outgoing post's rows in PostgreSQL: each call is one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self, cast
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row

from events.ids import NotificationId, PartyId
from events.post import Channel
from services.database import Row, async_pool
from services.ports import StoreUnavailable
from services.post.notification_row import NotificationRow
from services.post.ports import Mail, MailFate, MailState, NewMail, NewNotification, Placing

_NOTIFICATIONS: Final = """
    SELECT notification, kind, case_id AS matter_id, event_id, stream, version, position, fact,
        recorded_at, is_secret
    FROM post_notification WHERE mail = %s ORDER BY position, notification"""
_ADD_MAIL: Final = """
    INSERT INTO post_mail (mail, channel, party, due_at, error, changed_at)
    VALUES (%(mail)s, %(channel)s, %(party)s, %(due_at)s, %(error)s, %(now)s)
    ON CONFLICT DO NOTHING"""
# Locked until the notification is in it, so that nobody begins on it meanwhile.
_OPEN: Final = """
    SELECT mail FROM post_mail WHERE mail = %(mail)s AND state = 'waiting' AND epoch = 0
    FOR UPDATE"""
_ADD_NOTIFICATION: Final = """
    INSERT INTO post_notification (notification, mail, kind, case_id, event_id, stream, version,
        position, fact, recorded_at, is_secret)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_CLAIM: Final = """
    UPDATE post_mail SET epoch = epoch + 1, held_until = %(until)s WHERE mail = (
        SELECT mail FROM post_mail
        WHERE state <> 'done' AND due_at <= %(now)s AND channel = ANY (%(channels)s)
            AND (held_until IS NULL OR held_until <= %(now)s)
        ORDER BY due_at, mail LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING *"""
_INTEND: Final = """
    UPDATE post_mail SET state = 'intent', attempts = attempts + 1, changed_at = %(now)s
    WHERE mail = %(mail)s AND epoch = %(epoch)s AND state IN ('waiting', 'doubt')"""
_PUT_OFF: Final = """
    UPDATE post_mail SET state = %(state)s, due_at = %(until)s, error = %(error)s,
        failing_since = coalesce(failing_since, %(now)s), held_until = NULL, changed_at = %(now)s
    WHERE mail = %(mail)s AND epoch = %(epoch)s"""
_CONCLUDE: Final = """
    UPDATE post_mail SET state = 'outcome', fate = %(fate)s, error = %(error)s,
        receipt = coalesce(%(receipt)s, receipt), changed_at = %(now)s
    WHERE mail = %(mail)s AND epoch = %(epoch)s"""
_FINISH: Final = """
    UPDATE post_mail SET state = 'done', held_until = NULL, changed_at = %(now)s
    WHERE mail = %(mail)s AND epoch = %(epoch)s AND state = 'outcome'"""
# What is learned later ends a doubt, too; whoever holds the mail then can change it no more.
_NOTE: Final = """
    UPDATE post_mail SET state = 'done', fate = %(fate)s, error = %(error)s, held_until = NULL,
        epoch = epoch + 1, changed_at = %(now)s
    WHERE mail = %(mail)s"""
_REOPEN: Final = """
    UPDATE post_mail SET state = 'waiting', fate = NULL, due_at = %(now)s, failing_since = NULL,
        error = NULL, epoch = epoch + 1, changed_at = %(now)s
    WHERE state = 'done'
        AND mail = (SELECT mail FROM post_notification WHERE notification = %(notification)s)"""

_OF_NOTIFICATION: Final = """
    SELECT m.* FROM post_mail AS m JOIN post_notification AS n USING (mail)
    WHERE n.notification = %(notification)s"""

_PASSING: Final = (
    TimeoutError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
)


class PostgresOutbox:
    """`services.post.ports.Outbox` of one migrated organisation, open while its block lasts."""

    def __init__(self, conninfo: str, organisation: str, *, size: int = 4) -> None:
        self._pool = async_pool(conninfo, organisation, size=size, application_name="post")

    async def __aenter__(self) -> Self:
        await self._pool.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._pool.close()

    async def take_in(self, placings: Sequence[Placing], now: datetime) -> None:
        try:
            async with self._pool.connection() as db, db.transaction():
                for placing in placings:
                    await _place(db, placing, now)
        except _PASSING as error:
            raise StoreUnavailable(f"post: {type(error).__name__}") from error

    async def claim(
        self, now: datetime, lease_seconds: float, channels: Collection[Channel]
    ) -> Mail | None:
        until = now + timedelta(seconds=lease_seconds)
        of = [channel.value for channel in channels]
        return await self._mail(_CLAIM, {"now": now, "until": until, "channels": of})

    async def intend(self, mail: Mail, now: datetime) -> bool:
        return await self._change(_INTEND, mail, now)

    async def put_off(
        self, mail: Mail, now: datetime, *, state: MailState, until: datetime, error: str
    ) -> bool:
        return await self._change(_PUT_OFF, mail, now, state=state, until=until, error=error)

    async def conclude(
        self,
        mail: Mail,
        now: datetime,
        *,
        fate: MailFate,
        error: str | None = None,
        receipt: str | None = None,
    ) -> bool:
        return await self._change(_CONCLUDE, mail, now, fate=fate, error=error, receipt=receipt)

    async def finish(self, mail: Mail, now: datetime) -> bool:
        return await self._change(_FINISH, mail, now)

    async def find(self, mail: UUID) -> Mail | None:
        return await self._mail("SELECT * FROM post_mail WHERE mail = %(mail)s", {"mail": mail})

    async def of_notification(self, notification: NotificationId) -> Mail | None:
        return await self._mail(_OF_NOTIFICATION, {"notification": notification})

    async def note(self, mail: UUID, now: datetime, fate: MailFate, error: str | None) -> None:
        await self._run(_NOTE, {"mail": mail, "now": now, "fate": fate, "error": error})

    async def reopen(self, notification: NotificationId, now: datetime) -> None:
        await self._run(_REOPEN, {"notification": notification, "now": now})

    async def _mail(self, query: str, given: Mapping[str, object]) -> Mail | None:
        try:
            async with (
                self._pool.connection() as db,
                db.transaction(),
                db.cursor(row_factory=dict_row) as cursor,
            ):
                await cursor.execute(query.encode(), given)
                row = await cursor.fetchone()
                return None if row is None else _mail_of(row, await _notifications(db, row["mail"]))
        except _PASSING as error:
            raise StoreUnavailable(f"post: {type(error).__name__}") from error

    async def _change(self, query: str, mail: Mail, now: datetime, **given: object) -> bool:
        wanted = {"mail": mail.mail, "epoch": mail.epoch, "now": now, **given}
        return await self._run(query, wanted) == 1

    async def _run(self, query: str, given: Mapping[str, object]) -> int:
        try:
            async with self._pool.connection() as db:
                return (await db.execute(query.encode(), given)).rowcount
        except _PASSING as error:
            raise StoreUnavailable(f"post: {type(error).__name__}") from error


async def _place(db: AsyncConnection[Row], placing: Placing, now: datetime) -> None:
    new = placing.new
    known = await db.execute(
        "SELECT 1 FROM post_notification WHERE notification = %s", [new.notification]
    )
    if await known.fetchone() is not None:
        return
    mail = await _open_mail(db, placing.mails, now)
    await db.execute(
        _ADD_NOTIFICATION,
        [
            new.notification,
            mail,
            new.matter.kind,
            new.matter.id,
            new.event_id,
            new.stream,
            new.version,
            new.position,
            new.fact,
            new.recorded_at,
            new.is_secret,
        ],
    )


async def _open_mail(db: AsyncConnection[Row], mails: Sequence[NewMail], now: datetime) -> UUID:
    """The first of the mails that nobody has begun on.

    Raises:
        LookupError: all have been begun on, which cannot be where the last is a day away.
    """
    for mail in mails:
        wanted = {
            "mail": mail.mail,
            "channel": mail.channel,
            "party": mail.party,
            "due_at": mail.due_at,
            "error": mail.error,
            "now": now,
        }
        await db.execute(_ADD_MAIL, wanted)
        if await (await db.execute(_OPEN, wanted)).fetchone() is not None:
            return mail.mail
    raise LookupError("No mail is open for a notification.")


async def _notifications(db: AsyncConnection[Row], mail: UUID) -> list[NewNotification]:
    async with db.cursor(row_factory=class_row(NotificationRow)) as cursor:
        await cursor.execute(_NOTIFICATIONS, [mail])
        return [row.notified for row in await cursor.fetchall()]


def _mail_of(row: Mapping[str, object], notifications: Sequence[NewNotification]) -> Mail:
    fate = cast("str | None", row["fate"])  # the columns' types, here and below
    return Mail(
        mail=cast("UUID", row["mail"]),
        channel=Channel(cast("str", row["channel"])),
        party=PartyId(cast("str", row["party"])),
        state=MailState(cast("str", row["state"])),
        fate=None if fate is None else MailFate(fate),
        attempts=cast("int", row["attempts"]),
        due_at=cast("datetime", row["due_at"]),
        failing_since=cast("datetime | None", row["failing_since"]),
        error=cast("str | None", row["error"]),
        receipt=cast("str | None", row["receipt"]),
        epoch=cast("int", row["epoch"]),
        notifications=notifications,
    )
