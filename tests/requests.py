"""Requests at the desk for the named examples, each with a command id of its own."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from uuid import UUID

from events.catalogue import Event
from services.codec import encode
from services.command_handling import Command
from services.request import Request
from tests.examples import envelope

_numbers = count(1_000_000)


def names_of(decided: Sequence[Event]) -> bytes:
    """A body that tells what was decided."""
    return json.dumps([encode(event)[0] for event in decided]).encode()


def request(
    command: Command,
    *,
    command_id: UUID | None = None,
    fingerprint: bytes = b"the same request",
    expected_version: int | None = None,
) -> Request:
    command_id = command_id or UUID(int=next(_numbers))
    return Request(
        command=command,
        envelope=replace(envelope, command_id=command_id),
        fingerprint=fingerprint,
        expected_version=expected_version,
        status=200,
        location=None,
        render=names_of,
    )
