"""What the rules of outgoing post remember of its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from events.ids import NotificationId, PartyId
from events.post import (
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

_Concluded: TypeAlias = (
    NotificationSent | NotificationInDoubt | NotificationBounced | NotificationFailed
)
_Later: TypeAlias = (
    _Concluded
    | NotificationDelivered
    | NotificationRetried
    | NotificationGivenToPaper
    | NotificationPosted
)


class Standing(StrEnum):
    QUEUED = "queued"
    IN_DOUBT = "in-doubt"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    PAPER = "paper"
    POSTED = "posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """`attempt` is the last whose outcome is known; `doubts` how many of them are in doubt."""

    party: PartyId
    standing: Standing = Standing.QUEUED
    attempt: int = 0
    doubts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """`told` are the facts and the persons to whom they are told."""

    fates: Mapping[NotificationId, Fate] = field(default_factory=dict)
    told: frozenset[tuple[UUID, PartyId]] = frozenset()


def evolve(post: Post, event: PostEvent) -> Post:
    if isinstance(event, NotificationQueued):
        told = post.told | {(event.about, event.party)}
        return Post(fates={**post.fates, event.notification: Fate(party=event.party)}, told=told)
    fate = _after(post.fates.get(event.notification, Fate(party=event.party)), event)
    return replace(post, fates={**post.fates, event.notification: fate})


def _after(fate: Fate, event: _Later) -> Fate:
    if isinstance(event, _Concluded):
        doubts = fate.doubts + isinstance(event, NotificationInDoubt)
        return replace(fate, standing=_standing(event), attempt=event.attempt, doubts=doubts)
    return replace(fate, standing=_standing(event))


def _standing(event: _Later) -> Standing:  # noqa: PLR0911  # one for each kind
    match event:
        case NotificationSent():
            return Standing.SENT
        case NotificationInDoubt():
            return Standing.IN_DOUBT
        case NotificationDelivered():
            return Standing.DELIVERED
        case NotificationBounced():
            return Standing.BOUNCED
        case NotificationFailed():
            return Standing.FAILED
        case NotificationRetried():
            return Standing.QUEUED
        case NotificationGivenToPaper():
            return Standing.PAPER
        case NotificationPosted():
            return Standing.POSTED
        case _:
            assert_never(event)
