"""What was answered to a command, in the form it is kept in beside its events.

The same command id gets the same answer for ever, whether the command was carried out or refused.
"""

import json
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from commands.refusal import Refused
from services.request import Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """`body` is JSON as it was sent; `version` that of the command's own stream afterwards."""

    status: int
    location: str | None
    version: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedDown:
    code: str
    detail: str
    facts: dict[str, str]

    @classmethod
    def of(cls, refusal: Refused) -> "TurnedDown":
        return cls(code=refusal.code, detail=refusal.detail, facts=refusal.facts)

    def refusal(self) -> Refused:
        return Refused(self.code, self.detail, **self.facts)


Kept: TypeAlias = Accepted | TurnedDown


def answered(kept: Kept, position: int) -> Answered:
    """The answer as it is given.

    Raises:
        Refused: that is the answer.
    """
    match kept:
        case TurnedDown():
            raise kept.refusal()
        case Accepted():
            return Answered(
                status=kept.status,
                location=kept.location,
                version=kept.version,
                position=position,
                body=kept.body,
            )
        case _:
            assert_never(kept)


def encode(answer: Kept) -> bytes:
    match answer:
        case Accepted():
            kept: dict[str, object] = {
                "status": answer.status,
                "location": answer.location,
                "version": answer.version,
                "body": answer.body.decode(),
            }
        case TurnedDown():
            kept = {"refused": answer.code, "detail": answer.detail, "facts": answer.facts}
        case _:
            assert_never(answer)
    return json.dumps(kept, ensure_ascii=False).encode()


def decode(kept: bytes) -> Kept:
    found = json.loads(kept)
    if "refused" in found:
        return TurnedDown(code=found["refused"], detail=found["detail"], facts=found["facts"])
    return Accepted(
        status=found["status"],
        location=found["location"],
        version=found["version"],
        body=found["body"].encode(),
    )
