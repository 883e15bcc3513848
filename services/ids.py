"""The only place that makes ids: UUIDv7 (RFC 9562), so that rows lie in the order of time."""

from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

__all__ = ["derived_id", "new_id"]


def new_id() -> UUID:
    return uuid7()


def derived_id(cause: UUID, name: str) -> UUID:
    """The same id for the same cause, so that a reaction repeated is one command."""
    return uuid5(cause, name)


def derived_uuid4(cause: UUID, name: str) -> UUID:
    """Likewise, in the form of a random one (UUIDv4), for those who take no other."""
    return UUID(bytes=derived_id(cause, name).bytes, version=4)
