"""Known-bad ways to do it, each by replacing parts; a harness that lets one pass is no good."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.esdh.port import CaseStanding, Esdh
from services.journal.session import Session
from services.journal.timing import Timing
from services.relay.ports import Tenure
from tests.simulation.bad_feeds import CommitsFirst, CommitsOnATimer
from tests.simulation.bad_journals import (
    DueWithTheFirst,
    WaitsInMemory,
    WithoutIntents,
    WithoutLeases,
)
from tests.simulation.faults import TIMING
from tests.simulation.invariants import Wrong
from tests.simulation.loop import Process
from tests.simulation.owners import Ownership, Page
from tests.simulation.records import SimulatedEsdh
from tests.simulation.store import SimulatedStore
from tests.simulation.variants import Parts


class Blind(SimulatedEsdh):
    """Nothing filed before is found again."""

    def __init__(self, esdh: SimulatedEsdh) -> None:
        super().__init__(esdh.inner, esdh.passage)

    async def find_case(self, reference: str) -> CaseStanding | None:
        del reference
        return None

    async def references_on(self, esdh_id: str) -> Mapping[str, str]:
        del esdh_id
        return {}


class NeverAnew(Session):
    """What was seen of the records system once is believed for ever."""

    def begin_anew(self) -> None:
        pass


class Unlocked(Ownership):
    """Anybody may relay, and move the position anywhere."""

    def belongs_to_another(self, process: Process | None) -> bool:
        del process
        return False

    def take(self, process: Process | None) -> Tenure | None:
        del process
        return Tenure(epoch=1, position=self.position)

    def advance(self, tenure: Tenure, position: int) -> Tenure:
        self.move(position)
        return Tenure(epoch=tenure.epoch, position=position)


class SendsAnyTime(Timing):
    """An intent is as good as new however long its writer has slept since."""

    @property
    def stranger(self) -> float:
        return TIMING.stranger


class WaitsForNothing(Timing):
    """What may have happened is looked up and sent again at once."""

    @property
    def stranger(self) -> float:
        return 0.0


def _careless_page(store: SimulatedStore, after: int, limit: int) -> Page:
    return store.committed(after=after, limit=limit)


async def _begin_at_once() -> None:
    """Work on a restored database's rows, whatever they lack; it is mended a minute later."""


def _timing(of: type[Timing], *, longest_processing: float, send_window: float) -> Timing:
    return of(
        request=TIMING.request,
        longest_processing=longest_processing,
        send_window=send_window,
        lease=TIMING.lease,
        first_retry=TIMING.first_retry,
        longest_retry=TIMING.longest_retry,
        dependency=TIMING.dependency,
        lanes=TIMING.lanes,
        connections=TIMING.connections,
    )


def _blind(esdh: Esdh) -> Esdh:
    if not isinstance(esdh, SimulatedEsdh):
        raise TypeError(type(esdh).__name__)
    return Blind(esdh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """`scenarios` are where it must be caught, `as_` what for."""

    name: str
    parts: Parts
    scenarios: tuple[str, ...]
    as_: Wrong


IMPATIENT: Final = _timing(WaitsForNothing, longest_processing=0.0, send_window=1.0)
SLEEPY: Final = _timing(
    SendsAnyTime, longest_processing=TIMING.longest_processing, send_window=1_000.0
)

CANARIES: Final = {
    each.name: each
    for each in (
        Canary(
            name="post-then-record",
            parts=Parts(journal=WithoutIntents, esdh=_blind),
            scenarios=("crashes", "esdh"),
            as_=Wrong.TWICE,
        ),
        Canary(
            name="find-then-post",
            parts=Parts(journal=WithoutIntents),
            scenarios=("esdh",),
            as_=Wrong.TWICE,
        ),
        Canary(
            name="no-lease",
            parts=Parts(rows=WithoutLeases),
            scenarios=("kafka", "esdh"),
            as_=Wrong.TWICE,
        ),
        Canary(
            name="in-memory-wait",
            parts=Parts(journal=WaitsInMemory),
            scenarios=("crashes", "esdh"),
            as_=Wrong.TWICE,
        ),
        Canary(
            name="no-wait-out",
            parts=Parts(timing=IMPATIENT),
            scenarios=("esdh",),
            as_=Wrong.TWICE,
        ),
        Canary(
            name="no-send-window",
            parts=Parts(timing=SLEEPY),
            scenarios=("zombies",),
            as_=Wrong.TWICE,
        ),
        Canary(
            name="stale-session",
            parts=Parts(session=NeverAnew),
            scenarios=("warm-restore",),
            as_=Wrong.TWICE,
        ),
        Canary(
            name="mends-later",
            parts=Parts(catch_up=lambda _: _begin_at_once),
            scenarios=("warm-restore", "restore"),
            as_=Wrong.ORDER,
        ),
        Canary(
            name="offset-before-effect",
            parts=Parts(feed=CommitsFirst),
            scenarios=("crashes", "log"),
            as_=Wrong.LOST,
        ),
        Canary(
            name="auto-commit",
            parts=Parts(feed=CommitsOnATimer),
            scenarios=("crashes", "zombies"),
            as_=Wrong.LOST,
        ),
        Canary(
            name="naive-tailing",
            parts=Parts(page=_careless_page),
            scenarios=("kafka", "log"),
            as_=Wrong.LOST,
        ),
        Canary(
            name="unlocked-relay",
            parts=Parts(ownership=Unlocked),
            scenarios=("calm", "zombies"),
            as_=Wrong.RELAY,
        ),
        Canary(
            name="due-with-the-first",
            parts=Parts(rows=DueWithTheFirst),
            scenarios=("esdh",),
            as_=Wrong.BUSY,
        ),
    )
}
