"""The library's subscription, in a form that loses no wake-up and survives its connections."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from eventsourcing.persistence import ApplicationRecorder, Subscription

from services.eventstore.mapper import RecordedFact
from services.eventstore.wakeups import Wakeups
from services.ports import StoreUnavailable

log = structlog.get_logger()

PAGE: Final = 500


class LogSubscription(Subscription[ApplicationRecorder]):
    """Every fact above `gt`, in order and once, for ever; blocks while there is none.

    `read` gives facts after a position and the position reached. Leave the block, or call `stop`
    from another thread, to end it.
    """

    def __init__(
        self,
        recorder: ApplicationRecorder,
        read: Callable[[int, int], tuple[list[RecordedFact], int]],
        wakeups: Wakeups,
        gt: int | None = None,
        topics: Sequence[str] = (),
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._read = read
        self._wakeups = wakeups
        self._reached = gt or 0
        self._facts: deque[RecordedFact] = deque()

    def __next__(self) -> RecordedFact:
        while not self._has_been_stopped:
            if self._facts:
                fact = self._facts.popleft()
                self._last_notification_id = fact.id
                return fact
            self._wakeups.wait()
            try:
                facts, self._reached = self._read(self._reached, PAGE)
            except StoreUnavailable:
                log.warning("subscription_waits_for_store", position=self._reached)
            else:
                self._facts.extend(facts)
        raise StopIteration

    def stop(self) -> None:
        super().stop()
        self._wakeups.close()
