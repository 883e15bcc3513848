"""What a consumer has fetched, given, and been told is taken in, partition by partition."""

import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from services.feed.port import FactRef


class Intake:
    """Shared by the thread that polls, the one on which partitions come and go, and the reader.

    A partition's offsets here are those of the next record, as Kafka commits them. `Partition`s
    are whatever tells partitions apart. What belongs to a partition that is taken away is
    forgotten: its new owner gets it again.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._owned: set[object] = set()
        self._waiting: deque[tuple[object, int, FactRef | None]] = deque()
        self._given: dict[object, int] = {}
        self._taken_in: dict[object, int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def assigned(self, partitions: Iterable[object]) -> None:
        with self._changing:
            self._owned |= set(partitions)

    def taken_away(self, partitions: Iterable[object]) -> Mapping[object, int]:
        """Forget these partitions; give what was taken in of them and is not committed yet."""
        with self._changing:
            gone = set(partitions)
            self._owned -= gone
            self._waiting = deque(each for each in self._waiting if each[0] not in gone)
            unsaved = {each: offset for each, offset in self._taken_in.items() if each in gone}
            for partition in gone:
                self._given.pop(partition, None)
                self._taken_in.pop(partition, None)
            return unsaved

    def forget_all(self) -> None:
        self.taken_away(set(self._owned))

    def put(self, partition: object, records: Sequence[tuple[int, FactRef | None]]) -> None:
        """Records by the offset of the next; None for one that nobody here wants to read."""
        with self._changing:
            if partition in self._owned:
                self._waiting.extend((partition, offset, ref) for offset, ref in records)

    def give(self, limit: int) -> list[FactRef]:
        """The next facts, at most `limit`; with them whatever of no interest lay between."""
        facts: list[FactRef] = []
        with self._changing:
            while self._waiting and len(facts) < limit:
                partition, offset, ref = self._waiting.popleft()
                self._given[partition] = offset
                if ref is not None:
                    facts.append(ref)
        return facts

    def take_in(self) -> Mapping[object, int]:
        """All that was given is taken in now; give every offset that is not committed yet."""
        with self._changing:
            self._taken_in.update(self._given)
            self._given.clear()
            return dict(self._taken_in)

    def committed(self, offsets: Mapping[object, int]) -> None:
        with self._changing:
            for partition, offset in offsets.items():
                if self._taken_in.get(partition) == offset:
                    del self._taken_in[partition]
