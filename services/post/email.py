"""The way by e-mail: to where the party wants it now, in the language it wants."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from typing import Protocol

from events.text import Text
from services.journal.ports import Facts
from services.ports import Clock
from services.post.contact_points import ContactPoints, address_of
from services.post.email_text import email_of
from services.post.office import Unsendable
from services.post.ports import Answer, Mail
from services.post.preferences import preferences_of


class MailServer(Protocol):
    async def send(self, message: EmailMessage, *, envelope_from: str, envid: str) -> Answer:
        """As `services.post.smtp.SmtpPost.send`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailMailer:
    """`services.post.office.Mailer`. `site` is where people log in, without a slash at its end."""

    organisation: str
    name: Text
    sender: str
    bounces_to: str
    site: str
    server: MailServer
    facts: Facts
    contact_points: ContactPoints
    clock: Clock

    async def prepare(self, mail: Mail) -> Callable[[], Awaitable[Answer]]:
        """Raises:
        Unsendable: the party has no address any longer.
        """
        preferences = await preferences_of(self.facts, mail.party)
        address = address_of(self.contact_points.of(mail.party), preferences)
        if address is None:
            raise Unsendable("address-missing")
        matters = list(dict.fromkeys(each.matter for each in mail.notifications))
        try:
            message = email_of(
                mail=mail.mail,
                organisation=self.organisation,
                name=self.name,
                sender=self.sender,
                to=address,
                site=self.site,
                matters=matters,
                language=preferences.language,
                at=self.clock.now(),
            )
        except ValueError as strange:
            raise Unsendable("address-invalid") from strange
        return partial(
            self.server.send, message, envelope_from=self.bounces_to, envid=str(mail.mail)
        )
