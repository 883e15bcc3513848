"""Why a login, or a logout that another asks for, comes to nothing."""

from dataclasses import dataclass


class LoginRefused(Exception):
    """`code` is public and permanent; `facts` go into its text and hold nothing about a person."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """At which issuer of which organisation something is tried, for the log."""

    organisation: str
    issuer: str
