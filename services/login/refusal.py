"""Why a login, or a logout that another asks for, comes to nothing."""

from dataclasses import dataclass

from events.ids import ActorId


class LoginRefused(Exception):
    """`code` is public and permanent; `facts` go into its text and hold nothing about a person.

    `nobody_now` is a member of staff whose issuer says that they are one no longer.
    """

    def __init__(self, code: str, *, nobody_now: ActorId | None = None, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.nobody_now = nobody_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """At which issuer of which organisation something is tried, for the log."""

    organisation: str
    issuer: str
