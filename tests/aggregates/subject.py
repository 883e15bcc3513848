"""An aggregate under random commands: what it has done so far, checked at every step."""

from typing import Final, Generic, TypeVar, cast

from hypothesis import settings

from aggregates.decider import Decider
from commands.refusal import Refused
from events.catalogue import Event
from services.codec import decode, encode

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=Event)

MACHINE: Final = settings(max_examples=200, stateful_step_count=40, derandomize=True, database=None)


class Subject(Generic[C, S, E]):
    """`state` grows event by event; the history is what a fresh start is replayed from."""

    def __init__(self, decider: Decider[C, S, E]) -> None:
        self.decider = decider
        self.history: list[E] = []
        self.state = decider.initial

    def ask(self, command: C) -> str | list[E]:
        """The code of the refusal, or what was decided, which then has happened."""
        before = self.decider.replay(self.history)
        try:
            decided = self.decider.decide(command, self.state)
        except Refused as refusal:
            return refusal.code
        finally:
            assert self.state == before, "deciding has changed the state"
        for event in decided:
            self.state = self.decider.evolve(self.state, event)
        self.history += decided
        return decided

    def check(self) -> None:
        assert self.decider.replay(self.history) == self.state
        stored = [encode(event) for event in self.history]
        read = cast("list[E]", [decode(*form) for form in stored])
        assert read == self.history
        assert self.decider.replay(read) == self.state


def names(outcome: str | list[E]) -> str | list[str]:
    return outcome if isinstance(outcome, str) else [type(event).__name__ for event in outcome]
