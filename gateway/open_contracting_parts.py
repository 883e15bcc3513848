"""The parts of a release, as far as the facts have come."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias

from events.document import Document
from events.ids import PartyId
from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    Procedure,
    QuestionAnswered,
    TenderAmended,
    TenderCancelled,
    TenderDrafted,
    TenderEvent,
    TenderMaterialAdded,
    TenderPublished,
)
from events.tender_award import AwardAnnulled, ContractConcluded, LotAwarded
from events.tender_bid import BidOpened, BidUnreadable, OpeningEnded

Json: TypeAlias = dict[str, object]

METHODS: Final = {Procedure.OPEN: "open", Procedure.RESTRICTED: "selective"}
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_CVR: Final = "DK-CVR"
"""The company register's scheme (org-id.guide)."""


class Telling:
    """Hears facts in order, and tells what is public of them."""

    def __init__(self, organisation: str, name: str, site: str, names: Mapping[str, str]) -> None:
        self.changed_at = _NEVER
        self._buyer: Json = {"id": f"DK-{organisation}", "name": name}
        self._pages = f"{site}/{organisation}/tenders"
        self._files = f"{site}/api/v1/{organisation}/tenders"
        self._names = names
        self._bidders: dict[object, PartyId] = {}
        self._tender: Json = {}
        self._documents: list[Json] = []
        self._enquiries: list[Json] = []
        self._amendments: list[Json] = []
        self._awards: dict[str, Json] = {}
        self._contracts: list[Json] = []
        self._bids = 0

    @property
    def is_published(self) -> bool:
        return self.changed_at != _NEVER

    def hear(self, fact: TenderEvent) -> None:
        match fact:
            case TenderDrafted():
                self._drafted(fact)
            case TenderMaterialAdded() | TenderAmended():
                self._documents += [self._document(fact, each) for each in fact.material]
            case BidOpened():
                self._bids += 1
                self._bidders[fact.bid_id] = fact.bidder
            case BidUnreadable():
                self._bids += 1
            case LotAwarded() | AwardAnnulled() | ContractConcluded():
                self._judged(fact)
            case _:
                pass
        self._dated(fact)

    def told(self) -> Json:
        """All of it, as a release has it."""
        suppliers = {
            str(each["id"]): each
            for award in self._awards.values()
            for each in _listed(award["suppliers"])
        }
        parties = [
            {**self._buyer, "roles": ["buyer", "procuringEntity"]},
            *({**each, "roles": ["supplier", "tenderer"]} for each in suppliers.values()),
        ]
        tender = {
            **self._tender,
            "documents": [*self._documents],
            "enquiries": [*self._enquiries],
            "hasEnquiries": bool(self._enquiries),
            "amendments": [*self._amendments],
        }
        awards = [{**each, "suppliers": _referred(each)} for each in self._awards.values()]
        found: Json = {"parties": parties, "buyer": self._buyer, "tender": tender}
        if awards:
            found["awards"] = awards
        if self._contracts:
            found["contracts"] = [*self._contracts]
        return found

    def _drafted(self, fact: TenderDrafted) -> None:
        weights = "; ".join(f"{each.name}: {each.weight} %" for each in fact.criteria)
        self._tender = {
            "id": str(fact.tender_id),
            "title": fact.title,
            "description": fact.description,
            "status": "planned",
            "procuringEntity": self._buyer,
            "procurementMethod": METHODS[fact.procedure],
            "awardCriteria": "ratedCriteria",
            "awardCriteriaDetails": weights,
            "submissionMethod": ["electronicSubmission"],
            "submissionMethodDetails": f"{self._pages}/{fact.tender_id}/bid",
            "lots": [
                {"id": each.lot, "title": each.title, "status": "active"} for each in fact.lots
            ],
        }

    def _dated(self, fact: TenderEvent) -> None:
        """Facts of the procedure, each with its moment."""
        match fact:
            case TenderPublished():
                self._open(fact.published_at, fact.closes_at)
            case BiddersInvited():
                self._open(fact.invited_at, fact.closes_at)
            case DeadlineMoved():
                self._change(fact.moved_at, fact.reason)
                self._period("tenderPeriod")["endDate"] = fact.closes_at.isoformat()
                self._period("enquiryPeriod")["endDate"] = fact.closes_at.isoformat()
            case QuestionAnswered():
                self.changed_at = fact.answered_at
                self._enquiries.append(
                    {
                        "id": str(fact.question_id),
                        "description": fact.text,
                        "answer": fact.answer,
                        "dateAnswered": fact.answered_at.isoformat(),
                    }
                )
            case TenderAmended():
                self._change(fact.amended_at, fact.text)
            case OpeningEnded():
                self.changed_at = fact.ended_at
                self._tender["numberOfTenderers"] = self._bids
                self._tender["status"] = "complete"
                self._tender["awardPeriod"] = {"startDate": fact.ended_at.isoformat()}
            case TenderCancelled() if self.is_published:
                self.changed_at = fact.cancelled_at
                self._tender["status"] = "cancelled"
                self._tender["statusDetails"] = fact.reason
            case _:
                pass

    def _open(self, begins: datetime, closes: datetime) -> None:
        self.changed_at = begins
        period = {"startDate": begins.isoformat(), "endDate": closes.isoformat()}
        self._tender["status"] = "active"
        self._tender["tenderPeriod"] = {**period}
        self._tender["enquiryPeriod"] = {**period}

    def _change(self, at: datetime, said: str) -> None:
        self.changed_at = at
        number = len(self._amendments) + 1
        self._amendments.append({"id": str(number), "date": at.isoformat(), "description": said})

    def _judged(self, fact: LotAwarded | AwardAnnulled | ContractConcluded) -> None:
        match fact:
            case LotAwarded():
                self.changed_at = fact.awarded_at
                winner = self._bidders[fact.winner]
                self._awards[fact.lot] = {
                    "id": f"{fact.lot}-{fact.winner}",
                    "status": "active",
                    "date": fact.awarded_at.isoformat(),
                    "description": fact.reasons,
                    "suppliers": [self._company(winner)],
                    "relatedLots": [fact.lot],
                }
            case AwardAnnulled():
                self.changed_at = fact.annulled_at
                self._awards[fact.lot]["status"] = "cancelled"
            case ContractConcluded():
                signed = datetime.combine(fact.concluded_on, datetime.min.time(), UTC)
                self.changed_at = max(self.changed_at, signed)
                award = self._awards[fact.lot]
                self._contracts.append(
                    {
                        "id": f"{fact.lot}-contract",
                        "awardID": award["id"],
                        "status": "active",
                        "dateSigned": signed.isoformat(),
                    }
                )

    def _document(self, fact: TenderMaterialAdded | TenderAmended, document: Document) -> Json:
        return {
            "id": str(document.document_id),
            "documentType": "biddingDocuments",
            "title": document.name,
            "url": f"{self._files}/{fact.tender_id}/documents/{document.document_id}",
            "format": document.media_type,
        }

    def _company(self, party: PartyId) -> Json:
        kind, _, number = party.partition(":")
        name = self._names.get(party, party)
        if kind != "company":
            # A person's pseudonym is nobody's business.
            return {"id": "person", "name": name}
        identifier = {"scheme": _CVR, "id": number, "legalName": name}
        return {"id": f"{_CVR}-{number}", "name": name, "identifier": identifier}

    def _period(self, name: str) -> Json:
        found = self._tender.setdefault(name, {})
        if not isinstance(found, dict):
            raise TypeError(name)
        return found


def _listed(value: object) -> list[Json]:
    return value if isinstance(value, list) else []


def _referred(award: Json) -> list[Json]:
    return [{"id": each["id"], "name": each["name"]} for each in _listed(award["suppliers"])]
