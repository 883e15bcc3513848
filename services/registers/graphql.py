"""Questions to Datafordeler's GraphQL: what is of a kind and has a value in one of its fields.

Every list comes as `nodes`, and every question is of a moment: when it was in force, and, for all
but CVR, when it was registered. An answer that is an error comes with status 200.
"""

from dataclasses import dataclass
from datetime import UTC
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from services.ports import Clock
from services.registers.calls import Calls
from services.registers.ports import RegisterUnavailable

N = TypeVar("N", bound=BaseModel)

AT_MOST: Final = 100
LONG: Final = "Long!"
TEXT: Final = "String!"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[N]):
    """`by` is the field that is asked by, of type `of`; `fields` are those that `shape` reads."""

    register: str
    name: str
    by: str
    of: str
    fields: str
    shape: type[N]
    is_registered: bool = True


class _Nodes(BaseModel):
    nodes: list[dict[str, object]]


class _Answer(BaseModel):
    data: dict[str, _Nodes | None] | None = None
    errors: list[dict[str, object]] = []


class GraphQl:
    def __init__(self, calls: Calls, clock: Clock) -> None:
        self._calls, self._clock = calls, clock

    async def find(self, kind: Kind[N], value: str | int) -> list[N]:
        """All that there are now, at most a hundred.

        Raises:
            RegisterUnavailable: ask again later.
        """
        moments = "virkningstid: $now"
        if kind.is_registered:
            moments += ", registreringstid: $now"
        query = (
            f"query ($value: {kind.of}, $now: DafDateTime!) {{ {kind.name}(first: {AT_MOST},"
            f" {moments}, where: {{ {kind.by}: {{ eq: $value }} }})"
            f" {{ nodes {{ {kind.fields} }} }} }}"
        )
        now = self._clock.now().astimezone(UTC).isoformat(timespec="milliseconds")
        variables = {"value": value, "now": now.replace("+00:00", "Z")}
        asked = {"query": query, "variables": variables}
        answer = await self._calls.post(kind.register, asked, _Answer)
        found = None if answer.data is None else answer.data.get(kind.name)
        if answer.errors or found is None:
            raise RegisterUnavailable("graphql-error")
        try:
            return [kind.shape.model_validate(node) for node in found.nodes]
        except ValidationError:
            # Its text would quote the answer.
            raise RegisterUnavailable("bad-answer") from None

    async def first(self, kind: Kind[N], value: str | int) -> N | None:
        """Raises:
        RegisterUnavailable: ask again later.
        """
        found = await self.find(kind, value)
        return found[0] if found else None
