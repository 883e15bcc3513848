"""Tenders in words: by which procedure, how far they have come, and what is shown of a bid."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from events.catalogue import WIRE_NAMES
from events.tender import BiddersInvited, Procedure, TenderCancelled
from events.tender_award import (
    AwardAnnulled,
    ComplaintEnd,
    ContractConcluded,
    LotAwarded,
    Notice,
)
from gateway.language import Language
from gateway.tender_shapes import CommitteeTenderShape, RunningRowShape, TenderRowShape
from gateway.web.words import translations, until

STATES: Final = ("draft", "open", "closed", "opened", "awarded", "concluded", "cancelled")


def procedures(language: Language) -> dict[str, str]:
    _ = translations(language).gettext
    return {
        Procedure.OPEN: _("Open procedure: everybody may bid"),
        Procedure.RESTRICTED: _("Restricted procedure: those invited may bid"),
    }


def notices(language: Language) -> dict[str, str]:
    _ = translations(language).gettext
    return {
        Notice.ELECTRONIC: _("Online: the standstill period is 10 days"),
        Notice.LETTER: _("By letter: the standstill period is 15 days"),
    }


def complaint_ends(language: Language) -> dict[str, str]:
    _ = translations(language).gettext
    return {
        ComplaintEnd.WITHDRAWN: _("Withdrawn"),
        ComplaintEnd.DISMISSED: _("Dismissed"),
        ComplaintEnd.UPHELD: _("The board agreed with the complaint"),
    }


def bid_states(language: Language) -> dict[str, str]:
    _ = translations(language).gettext
    return {
        "received": _("Received; this is the one that counts"),
        "replaced": _("Replaced by a later one"),
        "withdrawn": _("Withdrawn"),
        "opened": _("Opened"),
        "unreadable": _("Could not be opened"),
    }


def told_kinds(language: Language) -> dict[str, str]:
    _ = translations(language).gettext
    return {
        "answer": _("Question and answer"),
        "amendment": _("Amendment"),
        "deadline": _("New deadline"),
    }


def own_tasks(tenders: Iterable[CommitteeTenderShape], language: Language) -> dict[UUID, str]:
    """What a member is waited for with, by tender."""
    _ = translations(language).gettext
    said = {
        "key": _("Make your key, and rehearse with it."),
        "rehearsal": _("Rehearse before the deadline: you have not since it was set."),
        "opening": _("Open the bids, together with the others."),
    }
    return {each.tender: said[each.to_do] for each in tenders if each.to_do in said}


def team_tasks(tenders: Iterable[RunningRowShape], language: Language) -> dict[UUID, str]:
    """What a team sees to, of tenders whose committee has not rehearsed for the deadline."""
    words = translations(language)
    return {
        each.tender: words.ngettext(
            "%(n)s member of the committee has not rehearsed before this deadline.",
            "%(n)s members of the committee have not rehearsed before this deadline.",
            each.to_rehearse,
        )
        % {"n": each.to_rehearse}
        for each in tenders
        if each.state == "open" and each.to_rehearse
    }


def told_by_post(language: Language) -> dict[str, str]:
    """What somebody is told of in a letter or an e-mail that staff may see, by its wire name."""
    _ = translations(language).gettext
    words = {
        LotAwarded: _("Letter about the award"),
        AwardAnnulled: _("The award is annulled"),
        ContractConcluded: _("The contract is concluded"),
        BiddersInvited: _("Those who may bid are invited"),
        TenderCancelled: _("The tender is cancelled"),
    }
    return {WIRE_NAMES[told]: said for told, said in words.items()}


def days_left(tender: TenderRowShape, now: datetime) -> int:
    """Whole days before the deadline; 0 on the last, and once it has passed."""
    return 0 if tender.closes_at is None else max(0, (tender.closes_at - now).days)


def state_words(tender: TenderRowShape, language: Language) -> str:
    """How far a tender has come, in one sentence."""
    _ = translations(language).gettext
    said = {
        "draft": _("A draft, which nobody else sees."),
        "opened": _("The bids are opened and are being judged."),
        "awarded": _("Awarded. The contract is not concluded yet."),
        "concluded": _("Concluded."),
        "cancelled": _("Cancelled."),
    }
    if tender.closes_at is None or tender.state in said:
        return said.get(tender.state, said["draft"])
    by_bids = {
        ("open", True): _("Bids are received until %(when)s."),
        ("open", False): _("Ask to be invited until %(when)s."),
        ("closed", True): _("Closed %(when)s. The committee opens the bids together."),
        ("closed", False): _("Closed %(when)s. Those who may bid are being chosen."),
    }
    when = until(tender.closes_at, language)
    return by_bids[tender.state, tender.takes_bids] % {"when": when}
