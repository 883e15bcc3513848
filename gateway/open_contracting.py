"""A tender as open data: the Open Contracting Data Standard 1.1, worked out from its facts.

Each release tells all there is to tell by then (an »easy release«), so the last one is the record.
Nothing is told here that the public pages do not show: of bids nothing before they are opened, and
who bid only of those who won (https://standard.open-contracting.org/1.1/).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from events.ids import TenderId
from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    QuestionAnswered,
    TenderAmended,
    TenderCancelled,
    TenderEvent,
    TenderPublished,
)
from events.tender_award import AwardAnnulled, ContractConcluded, LotAwarded
from events.tender_bid import OpeningEnded
from gateway.open_contracting_parts import Json, Telling

VERSION: Final = "1.1"
EXTENSIONS: Final = (
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_lots_extension/v1.1.5/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_enquiry_extension/v1.1.5/extension.json",
)
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"

_TAGS: Final[dict[type, str]] = {
    TenderPublished: "tender",
    BiddersInvited: "tenderUpdate",
    QuestionAnswered: "tenderUpdate",
    DeadlineMoved: "tenderUpdate",
    OpeningEnded: "tenderUpdate",
    TenderAmended: "tenderAmendment",
    TenderCancelled: "tenderCancellation",
    LotAwarded: "award",
    AwardAnnulled: "awardCancellation",
    ContractConcluded: "contract",
}
"""What each fact that the public is told of is in the standard's words; others make no release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """`prefix` is the authority's own with the Open Contracting Partnership; `site` our address."""

    organisation: str
    name: str
    prefix: str
    site: str

    def ocid(self, tender: TenderId) -> str:
        return f"{self.prefix}-{tender}"


Release: TypeAlias = Json


def releases(
    publisher: Publisher, facts: Sequence[TenderEvent], names: Mapping[str, str]
) -> Iterator[Release]:
    """Those of one published tender, in order; none of a draft. `names` are the companies'."""
    telling = Telling(publisher.organisation, publisher.name, publisher.site, names)
    number = 0
    for fact in facts:
        telling.hear(fact)
        tag = _TAGS.get(type(fact))
        if tag is None or not telling.is_published:
            continue
        number += 1
        ocid = publisher.ocid(fact.tender_id)
        yield {
            "ocid": ocid,
            "id": f"{ocid}-{number}",
            "date": telling.changed_at.isoformat(),
            "tag": [tag],
            "initiationType": "tender",
            "language": "da",
            **telling.told(),
        }


def package(publisher: Publisher, found: Sequence[Release], uri: str, now: datetime) -> Json:
    """Releases as they are sent."""
    return {**_head(publisher, uri, now), "releases": list(found)}


def record_package(publisher: Publisher, found: Sequence[Release], uri: str, now: datetime) -> Json:
    """The record of one tender: its releases, and what they come to."""
    compiled = {**found[-1], "tag": ["compiled"]}
    record = {"ocid": compiled["ocid"], "releases": list(found), "compiledRelease": compiled}
    return {**_head(publisher, uri, now), "records": [record]}


def _head(publisher: Publisher, uri: str, now: datetime) -> Json:
    return {
        "uri": uri,
        "version": VERSION,
        "extensions": list(EXTENSIONS),
        "publishedDate": now.isoformat(),
        "publisher": {"name": publisher.name, "uri": f"{publisher.site}/{publisher.organisation}"},
        "license": LICENCE,
    }
