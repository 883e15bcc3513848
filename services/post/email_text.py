"""The e-mail that there is news: it says nothing else, for others may read it on the way."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict

from events.contact import ContactLanguage
from events.journal import Matter, MatterKind
from events.text import Text
from services.post.pages import page_of

TEXTS: Final = Path(__file__).parent / "texts"


class EmailWords(BaseModel):
    """The sentences of an e-mail in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    tender_subject: str
    digest_subject: str
    news: str
    tender_news: str
    digest_news: str
    unanswered: str
    preferences: str

    def of(self, matters: Sequence[Matter]) -> tuple[str, str]:
        """Its subject, and what it says first."""
        if len(matters) > 1:
            return self.digest_subject, self.digest_news
        if matters[0].kind is MatterKind.TENDER:
            return self.tender_subject, self.tender_news
        return self.subject, self.news


@cache
def email_words(language: ContactLanguage) -> EmailWords:
    path = TEXTS / f"email.{language}.yaml"
    return EmailWords.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def message_id(mail: UUID, organisation: str) -> str:
    """The same for every try, so that whoever gets two can tell (RFC 5322 § 3.6.4)."""
    return f"<{mail}@{organisation}>"


def email_of(
    *,
    mail: UUID,
    organisation: str,
    name: Text,
    sender: str,
    to: str,
    site: str,
    matters: Sequence[Matter],
    language: ContactLanguage,
    at: datetime,
) -> EmailMessage:
    """News of one case or tender, or of several in one."""
    words = email_words(language)
    called = name.da if language is ContactLanguage.DANISH else name.en
    # Seven bits everywhere: not every server on the way takes more.
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = sender
    message["To"] = to
    subject, news = words.of(matters)
    message["Subject"] = subject.format(organisation=called)
    message["Date"] = at
    message["Message-ID"] = message_id(mail, organisation)
    # RFC 3834: no out-of-office replies, please.
    message["Auto-Submitted"] = "auto-generated"
    links = "\n".join(page_of(site, each) for each in matters)
    paragraphs = [
        news.format(organisation=called).strip(),
        links,
        words.unanswered.strip(),
        f"{words.preferences.strip()}\n{site}/me/notifications",
    ]
    message.set_content("\n\n".join(paragraphs) + "\n")
    # After the content, which would take it away.
    message["Content-Language"] = language.value
    return message
