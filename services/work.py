"""One command's view of the streams it touches, from loading them to what it will write."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Generic, TypeVar, cast

from aggregates.decider import Decider
from events.catalogue import Event
from services.ports import EventStore, StreamWrite

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=Event)


@dataclass(slots=True)
class Touched(Generic[S]):
    state: S
    loaded_version: int
    events: list[Event] = field(default_factory=list)

    @property
    def version(self) -> int:
        return self.loaded_version + len(self.events)


class States:
    """The last known state of the streams in use, least recently used first out.

    What it says may be stale; the expected version at the append proves it or refuses it.
    One thread uses it.
    """

    def __init__(self, store: EventStore, capacity: int) -> None:
        self._store = store
        self._capacity = capacity
        self._known: OrderedDict[str, tuple[object, int]] = OrderedDict()
        self._server: object = None

    def load(self, stream: str, decider: Decider[C, S, E]) -> tuple[S, int]:
        known = self._known.get(stream)
        if known is not None:
            self._known.move_to_end(stream)
            # A stream has one decider for ever, so what is kept under its name is its state.
            return cast("tuple[S, int]", known)
        found = self._store.read(stream)
        state = decider.replay(cast("Iterable[E]", found.events))  # by the same reasoning
        self.remember(stream, state, found.version)
        return state, found.version

    def remember(self, stream: str, state: object, version: int) -> None:
        self._known[stream] = (state, version)
        self._known.move_to_end(stream)
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)

    def require_server(self, server: object) -> None:
        """Forget everything when this is another server than before, or the same begun anew.

        The expected version alone would not do: a stream that lost two facts and got two others
        since stands where it stood.
        """
        if server != self._server:
            self._known.clear()
            self._server = server

    def forget(self, streams: Iterable[str]) -> None:
        for stream in streams:
            self._known.pop(stream, None)


class Work:
    """Collects what one command decides. The first stream it touches is the command's own."""

    def __init__(self, states: States, *, trust_new: bool) -> None:
        self._states = states
        self._trust_new = trust_new
        self._touched: dict[str, Touched[object]] = {}

    def run(
        self, stream: str, decider: Decider[C, S, E], command: C, *, new: bool = False
    ) -> list[E]:
        """Decide on the stream as it stands after what this work has already decided.

        `new` spares the load of a stream whose id was just made; the append proves it.
        """
        touched = self._touch(stream, decider, new=new)
        decided = decider.decide(command, touched.state)
        touched.state = reduce(decider.evolve, decided, touched.state)
        touched.events.extend(decided)
        return decided

    def look(self, stream: str, decider: Decider[C, S, E]) -> S:
        """The state of a stream, which must not change before this work is appended."""
        return self._touch(stream, decider, new=False).state

    def glance(self, stream: str, decider: Decider[C, S, E]) -> S:
        """The state of a stream, for facts that never change once they are true."""
        state, _ = self._states.load(stream, decider)
        return state

    def _touch(self, stream: str, decider: Decider[C, S, E], *, new: bool) -> Touched[S]:
        touched = self._touched.get(stream)
        if touched is None:
            if new and self._trust_new:
                touched = Touched[object](decider.initial, 0)
            else:
                touched = Touched[object](*self._states.load(stream, decider))
            self._touched[stream] = touched
        return cast("Touched[S]", touched)  # a stream has one decider for ever

    @property
    def streams(self) -> Sequence[str]:
        return tuple(self._touched)

    @property
    def own_version(self) -> int:
        """The version of the command's own stream, as it will be."""
        return next(iter(self._touched.values())).version

    @property
    def own_loaded_version(self) -> int:
        return next(iter(self._touched.values())).loaded_version

    def events(self) -> list[Event]:
        return [event for touched in self._touched.values() for event in touched.events]

    def writes(self, service_version: Callable[[object], str | None]) -> list[StreamWrite]:
        """`service_version` tells which version of a service a stream's state runs under."""
        return [
            StreamWrite(
                stream=stream,
                expected_version=touched.loaded_version,
                events=touched.events,
                service_version=service_version(touched.state),
            )
            for stream, touched in self._touched.items()
        ]

    def guards(self) -> list[StreamWrite]:
        """The same streams with nothing decided: what a refusal rests on."""
        return [
            StreamWrite(stream=stream, expected_version=touched.loaded_version, events=())
            for stream, touched in self._touched.items()
        ]

    def keep(self) -> None:
        """Let the next command build on this one before it is appended."""
        for stream, touched in self._touched.items():
            self._states.remember(stream, touched.state, touched.version)
