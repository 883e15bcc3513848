"""A tender over HTTP: its team, its bidders and its committee, each with what they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import httpx
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from events.ids import ActorId, KeyId
from events.tender_bid import SealedShare
from gateway.bidding_shapes import BiddingShape, ReceiptShape
from gateway.evaluation_shapes import EvaluationShape
from services.bidding.bid_file import written
from services.bidding.contents import BidFile, Contents
from services.bidding.envelope import Binding, Committee, opened_share, seal
from tests.files import PDF
from tests.gateway.running import TEAM, Json, System

MEMBERS: Final = ("ulla", "omar", "per")
MANAGER: Final = "karen"
OCTETS: Final = {"Content-Type": "application/octet-stream"}
DAYS_OPEN: Final = 40


def done(answer: httpx.Response) -> httpx.Response:
    assert answer.is_success, answer.text
    return answer


@dataclass(slots=True)
class Tendering:
    """`keys` are what the members' own files would hold; `last` is the answer that came last."""

    system: System
    tender: str
    closes_at: datetime
    keys: dict[str, X25519PrivateKey] = field(default_factory=dict)
    last: httpx.Response | None = None

    def path(self, below: str = "") -> str:
        return f"/tenders/{self.tender}{below}"

    def does(self, person: str, below: str, body: object = None) -> httpx.Response:
        self.last = done(self.system.post(person, self.path(below), body))
        return self.last

    def register(self, member: str, key: X25519PrivateKey | None = None) -> None:
        """A key of the member's own, and a trial opened with it."""
        self.keys[member] = key or X25519PrivateKey.generate()
        public = self.keys[member].public_key().public_bytes_raw().hex()
        self.does(member, "/committee/key", {"public_key": public})
        self.rehearse(member)

    def rehearse(self, member: str) -> None:
        trial = done(self.system.get(member, f"/committees/{self.tender}/trial")).json()
        opened = self.open_share(member, trial)
        self.does(
            member, "/committee/rehearsals", {"trial": trial["trial"], "opened": opened.hex()}
        )

    def open_share(self, member: str, told: Mapping[str, Mapping[str, object]]) -> bytes:
        return opened_share(
            share_of(told["share"]),
            self.keys[member].private_bytes_raw(),
            binding_of(told["binding"]),
        )

    def bidding(self, bidder: str) -> BiddingShape:
        answer = done(self.system.get(bidder, f"/bidding/{self.tender}"))
        return BiddingShape.model_validate_json(answer.content)

    def sealed(self, bidder: str, contents: Contents, lot: str = "1") -> bytes:
        """As the bidder's browser seals it, to the keys that the API tells."""
        told = self.bidding(bidder)
        assert told.committee is not None
        keys = {
            ActorId(each.member): bytes.fromhex(each.public_key) for each in told.committee.members
        }
        committee = Committee(threshold=told.committee.threshold, keys=keys)
        assert committee.digest == told.committee.digest
        binding = Binding(
            tender=self.tender,
            lot=lot,
            bidder=told.bidder,
            version=next(each.next_version for each in told.lots if each.lot == lot),
            committee=committee.digest,
        )
        return written(binding, seal(contents, binding, committee))

    def send(self, bidder: str, content: bytes, *, keyed: str = "") -> httpx.Response:
        headers = OCTETS | ({"Idempotency-Key": keyed} if keyed else {})
        return self.system.post_raw(bidder, self.path("/bids"), content, headers=headers)

    def bid(
        self, bidder: str, price: int, lot: str = "1", text: str = "Vi gør det."
    ) -> ReceiptShape:
        answer = done(self.send(bidder, self.sealed(bidder, a_bid(price, text), lot)))
        return ReceiptShape.model_validate_json(answer.content)

    def listed(self, path: str, person: str) -> Json:
        """The tender's row in one of a person's lists."""
        rows = done(self.system.get(person, path, after=self.last)).json()["tenders"]
        return next(each for each in rows if each["tender"] == self.tender)

    def close(self) -> None:
        """Let time pass to the very deadline."""
        self.system.clock.set(self.closes_at)

    def sit(self, member: str) -> str:
        return str(self.does(member, "/sittings").json()["sitting"])

    def shares(self, member: str) -> list[Json]:
        told = done(self.system.get(member, f"/committees/{self.tender}")).json()
        return [
            {"bid": each["bid"], "share": self.open_share(member, each).hex()}
            for each in told["shares"]
        ]

    def give(
        self, member: str, sitting: str, shares: Sequence[Json] | None = None
    ) -> httpx.Response:
        given = self.shares(member) if shares is None else list(shares)
        return self.system.post(member, self.path(f"/sittings/{sitting}/shares"), {"shares": given})

    def open(self, *members: str) -> None:
        sitting = self.sit(members[0])
        answers = [done(self.give(each, sitting)).json() for each in members]
        assert [each["is_opened"] for each in answers] == [False] * (len(members) - 1) + [True]

    def evaluation(self, person: str = MANAGER) -> EvaluationShape:
        answer = done(self.system.get(person, self.path("/evaluation")))
        return EvaluationShape.model_validate_json(answer.content)

    def score_all(self, evaluator: str, points: Mapping[str, int]) -> None:
        """By bidder, hundredths of a point."""
        self.does(evaluator, "/interests", {"has_conflict": False})
        for bid in self.evaluation(evaluator).bids:
            scored = {
                "bid": str(bid.bid),
                "criterion": "Kvalitet",
                "points": points[bid.bidder],
                "reason": "Planen er klar.",
            }
            self.does(evaluator, "/scores", scored)


def a_bid(price: int | None, text: str = "Vi gør det.") -> Contents:
    files = (
        BidFile(name="tilbud.pdf", media_type="application/pdf", content=PDF),
        BidFile(name="tilbud.txt", media_type="text/plain", content=text.encode()),
    )
    return Contents(price_minor=price, files=files)


def share_of(told: Mapping[str, object]) -> SealedShare:
    return SealedShare(
        member=ActorId(str(told["member"])),
        key_id=KeyId(str(told["key_id"])),
        place=int(str(told["place"])),
        commitment=str(told["commitment"]),
        sealed=str(told["sealed"]),
    )


def binding_of(told: Mapping[str, object]) -> Binding:
    return Binding(
        tender=str(told["tender"]),
        lot=str(told["lot"]),
        bidder=str(told["bidder"]),
        version=int(str(told["version"])),
        committee=str(told["committee"]),
    )


def drafted(
    system: System,
    procedure: str = "open",
    members: Sequence[str] = MEMBERS,
    threshold: int = 2,
) -> Tendering:
    """With material and a committee that has not rehearsed."""
    body = {
        "procedure": procedure,
        "title": "Vintervedligehold",
        "description": "Snerydning af kommunens veje.",
        "team": TEAM,
        "lots": [{"title": "Nord"}, {"title": "Syd"}],
        "criteria": [
            {"name": "Kvalitet", "weight": 60},
            {"name": "Pris", "weight": 40, "is_price": True},
        ],
    }
    tender = done(system.post(MANAGER, "/tenders", body)).json()["tender"]
    made = Tendering(system, tender, system.clock.now() + timedelta(days=DAYS_OPEN))
    document = system.upload(MANAGER, "betingelser.pdf", PDF)
    made.does(MANAGER, "/material", {"documents": [document]})
    named = [f"staff:{each}" for each in members]
    made.does(MANAGER, "/committee", {"members": named, "threshold": threshold})
    return made


def published(system: System, procedure: str = "open") -> Tendering:
    """With a committee whose keys are at hand."""
    made = drafted(system, procedure)
    for member in MEMBERS:
        made.register(member)
    made.does(MANAGER, "/publish", {"closes_at": made.closes_at.isoformat()})
    return made
