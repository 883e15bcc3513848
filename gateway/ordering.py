"""What a request that asks for a command says of it in its headers."""

import re
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends

from gateway.fields import UUID_FORM
from gateway.parameters import IF_MATCH, KEY
from gateway.problems import Problem
from gateway.strict import StrictRequest
from services.ids import new_id

_VERSION: Final = re.compile(r'"(0|[1-9][0-9]{0,17})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request that asks for a command; what its headers say is read when it is wanted."""

    request: StrictRequest
    has_key: bool
    takes_if_match: bool

    @property
    def command_id(self) -> UUID:
        """From `Idempotency-Key`.

        Raises:
            Problem: `idempotency-key-missing`, `idempotency-key-invalid`.
        """
        if not self.has_key:
            # A PUT is idempotent by itself (RFC 9110 § 9.2.2), so it comes without a key.
            return new_id()
        given = self.request.headers.get("idempotency-key")
        if given is None:
            raise Problem("idempotency-key-missing")
        if UUID_FORM.fullmatch(given) is None:
            raise Problem("idempotency-key-invalid")
        return UUID(given)

    @property
    def expected_version(self) -> int | None:
        """From `If-Match`.

        Raises:
            Problem: `if-match-invalid`.
        """
        given = self.request.headers.get("if-match") if self.takes_if_match else None
        if given is None:
            return None
        if _VERSION.fullmatch(given) is None:
            raise Problem("if-match-invalid")
        return int(given[1:-1])

    @property
    def status(self) -> int:
        """What its route answers with when the command is done."""
        return int(self.request.scope["route"].status_code)


class Ordering:
    """The dependency of a route that asks for a command; see `gateway.door` for `reads`."""

    def __init__(self, *, has_key: bool, takes_if_match: bool) -> None:
        self._has_key = has_key
        self._takes_if_match = takes_if_match
        self.reads = (*((KEY,) if has_key else ()), *((IF_MATCH,) if takes_if_match else ()))

    async def __call__(self, request: StrictRequest) -> Order:
        return self.of(request)

    def of(self, request: StrictRequest) -> Order:
        return Order(request=request, has_key=self._has_key, takes_if_match=self._takes_if_match)


CHANGE: Final = Ordering(has_key=True, takes_if_match=True)

Making: TypeAlias = Annotated[Order, Depends(Ordering(has_key=True, takes_if_match=False))]
Changing: TypeAlias = Annotated[Order, Depends(CHANGE)]
Replacing: TypeAlias = Annotated[Order, Depends(Ordering(has_key=False, takes_if_match=True))]
