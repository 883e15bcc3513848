"""What is handed to the desk, and what comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from events.catalogue import Event
from events.envelope import Envelope
from events.ids import ActorId, PartyId
from services.command_handling import Command


class VersionStale(Exception):
    """The caller said which version it had seen, and the stream has moved on."""

    def __init__(self, actual: int) -> None:
        super().__init__(f"The stream is at version {actual}.")
        self.actual = actual


class KeyReused(Exception):
    """The command id belongs to another request."""


class TooBusy(Exception):
    """Too much is waiting, or too many write to one stream; send the same request again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One command and how to answer it.

    `expected_version` is that of the command's own stream, the first it touches. `render` makes
    the JSON body from the events decided; it runs on the writer's thread, so it must be quick.
    """

    command: Command
    envelope: Envelope
    fingerprint: bytes
    expected_version: int | None
    status: int
    location: str | None
    render: Callable[[Sequence[Event]], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """`position` is that of the command's last event, 0 if it had none."""

    status: int
    location: str | None
    version: int
    position: int
    body: bytes


def unattended(
    command: Command,
    *,
    command_id: UUID,
    organisation: str,
    actor: ActorId,
    on_behalf_of: PartyId | None = None,
) -> Request:
    """A request that nobody waits at a browser for; its id alone says what it is about."""
    return Request(
        command=command,
        envelope=Envelope(
            organisation=organisation,
            actor=actor,
            on_behalf_of=on_behalf_of,
            command_id=command_id,
            correlation_id=command_id,
            causation_id=None,
            service_version=None,
            traceparent=None,
        ),
        fingerprint=command_id.bytes,
        expected_version=None,
        status=204,
        location=None,
        render=lambda _: b"",
    )
