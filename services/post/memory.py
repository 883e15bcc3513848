"""The outgoing post's rows in memory: a fake, held to the same contract tests as the real ones."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from events.ids import NotificationId
from events.post import Channel
from services.post.ports import Mail, MailFate, MailState, NewMail, Placing


class MemoryOutbox:
    """`services.post.ports.Outbox` for as long as the process lives.

    No call gives way to another task before it is done, so each is a transaction.
    """

    def __init__(self) -> None:
        self.mails: dict[UUID, Mail] = {}
        self._held_until: dict[UUID, datetime] = {}

    async def take_in(self, placings: Sequence[Placing], now: datetime) -> None:
        del now
        for placing in placings:
            if self._with(placing.new.notification) is None:
                self._place(placing)

    async def claim(
        self, now: datetime, lease_seconds: float, channels: Collection[Channel]
    ) -> Mail | None:
        due = sorted(
            (mail.due_at, mail.mail)
            for mail in self.mails.values()
            if mail.state is not MailState.DONE
            and mail.due_at <= now
            and mail.channel in channels
            and self._held_until.get(mail.mail, now) <= now
        )
        if not due:
            return None
        mail = self.mails[due[0][1]]
        self._held_until[mail.mail] = now + timedelta(seconds=lease_seconds)
        self.mails[mail.mail] = replace(mail, epoch=mail.epoch + 1)
        return self.mails[mail.mail]

    async def intend(self, mail: Mail, now: datetime) -> bool:
        del now
        held = self._held(mail)
        if held is None or held.state not in (MailState.WAITING, MailState.DOUBT):
            return False
        self.mails[mail.mail] = replace(held, state=MailState.INTENT, attempts=held.attempts + 1)
        return True

    async def put_off(
        self, mail: Mail, now: datetime, *, state: MailState, until: datetime, error: str
    ) -> bool:
        held = self._held(mail)
        if held is None:
            return False
        self._held_until.pop(mail.mail, None)
        since = held.failing_since or now
        self.mails[mail.mail] = replace(
            held, state=state, due_at=until, error=error, failing_since=since
        )
        return True

    async def conclude(
        self,
        mail: Mail,
        now: datetime,
        *,
        fate: MailFate,
        error: str | None = None,
        receipt: str | None = None,
    ) -> bool:
        del now
        held = self._held(mail)
        if held is None:
            return False
        self.mails[mail.mail] = replace(
            held,
            state=MailState.OUTCOME,
            fate=fate,
            error=error,
            receipt=held.receipt if receipt is None else receipt,
        )
        return True

    async def finish(self, mail: Mail, now: datetime) -> bool:
        del now
        held = self._held(mail)
        if held is None or held.state is not MailState.OUTCOME:
            return False
        self._held_until.pop(mail.mail, None)
        self.mails[mail.mail] = replace(held, state=MailState.DONE)
        return True

    async def find(self, mail: UUID) -> Mail | None:
        return self.mails.get(mail)

    async def of_notification(self, notification: NotificationId) -> Mail | None:
        return self._with(notification)

    async def note(self, mail: UUID, now: datetime, fate: MailFate, error: str | None) -> None:
        del now
        found = self.mails[mail]
        self._held_until.pop(mail, None)
        self.mails[mail] = replace(
            found, state=MailState.DONE, fate=fate, error=error, epoch=found.epoch + 1
        )

    async def reopen(self, notification: NotificationId, now: datetime) -> None:
        found = self._with(notification)
        if found is None or found.state is not MailState.DONE:
            return
        self.mails[found.mail] = replace(
            found,
            state=MailState.WAITING,
            fate=None,
            due_at=now,
            failing_since=None,
            error=None,
            epoch=found.epoch + 1,
        )

    def _with(self, notification: NotificationId) -> Mail | None:
        return next(
            (
                mail
                for mail in self.mails.values()
                if any(each.notification == notification for each in mail.notifications)
            ),
            None,
        )

    def _held(self, mail: Mail) -> Mail | None:
        found = self.mails[mail.mail]
        return found if found.epoch == mail.epoch else None

    def _place(self, placing: Placing) -> None:
        mail = self._open(placing.mails)
        together = sorted(
            (*mail.notifications, placing.new), key=lambda each: (each.position, each.notification)
        )
        self.mails[mail.mail] = replace(mail, notifications=together)

    def _open(self, mails: Iterable[NewMail]) -> Mail:
        for new in mails:
            found = self.mails.setdefault(new.mail, _fresh(new))
            if found.state is MailState.WAITING and found.epoch == 0:
                return found
        raise LookupError("No mail is open for a notification.")


def _fresh(new: NewMail) -> Mail:
    return Mail(
        mail=new.mail,
        channel=new.channel,
        party=new.party,
        state=MailState.WAITING,
        fate=None,
        attempts=0,
        due_at=new.due_at,
        failing_since=None,
        error=new.error,
        receipt=None,
        epoch=0,
        notifications=(),
    )
