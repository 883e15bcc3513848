"""Given some history, when a command comes, then these events follow, or this refusal."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import pytest

from aggregates.decider import Decider
from commands.refusal import Refused

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class When(Generic[C, S, E]):
    decider: Decider[C, S, E]
    history: tuple[E, ...]
    command: C

    def then(self, *expected: E) -> None:
        assert self._decided() == list(expected)

    def refused(self, code: str, **facts: str) -> None:
        with pytest.raises(Refused) as caught:
            self._decided()
        assert (caught.value.code, caught.value.facts) == (code, facts)
        assert caught.value.detail

    def _decided(self) -> list[E]:
        return self.decider.decide(self.command, self.decider.replay(self.history))


@dataclass(frozen=True, slots=True)
class Given(Generic[C, S, E]):
    decider: Decider[C, S, E]
    history: tuple[E, ...] = ()

    def given(self, *history: E) -> "Given[C, S, E]":
        return Given(self.decider, (*self.history, *history))

    def when(self, command: C) -> When[C, S, E]:
        return When(self.decider, self.history, command)
