"""One reading of the log for many that follow it, which must say what the log itself says."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from events.case import CaseOpened, PartyWrote
from events.case_assignment import CaseAssigned
from events.catalogue import Event
from events.envelope import Recorded
from services.ports import StoreUnavailable, Undecodable
from services.projecting.shared_log import KEPT, PAGE, SharedLog
from tests.examples import case_assigned, meeting_case_opened, party_wrote
from tests.projections.views import recorded


class LogOf:
    """A log in a list, which counts how often it is read."""

    def __init__(self, facts: Sequence[Recorded]) -> None:
        self.facts = list(facts)
        self.reads = 0
        self.strange: int | None = None
        self.away = False

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        self.reads += 1
        if self.away:
            raise StoreUnavailable
        found = [
            fact
            for fact in self.facts
            if fact.position > after and (not only or type(fact.event) in only)
        ][:limit]
        if found and found[0].position == self.strange:
            raise Undecodable(name="", stream="", version=1, position=found[0].position)
        readable = [f for f in found if self.strange is None or f.position < self.strange]
        if len(found) == limit or len(readable) < len(found):
            return readable, readable[-1].position
        return found, max(after, self.facts[-1].position if self.facts else 0)


def facts(count: int, first: int = 1) -> list[Recorded]:
    kinds = (meeting_case_opened, party_wrote, case_assigned)
    return recorded(*(kinds[number % 3] for number in range(count)), first=first)


@pytest.mark.parametrize("seed", range(8))
def test_many_followers_see_what_the_log_says(seed: int) -> None:
    chance = Random(seed)
    log = LogOf([])
    shared = SharedLog(log)
    wants: list[tuple[type[Event], ...]] = [(), (CaseOpened,), (PartyWrote, CaseAssigned)]
    positions = [0, 0, 0]
    seen: list[list[int]] = [[], [], []]
    for _ in range(200):
        if chance.random() < 0.3:
            log.facts += facts(chance.choice([1, 7, PAGE, KEPT]), first=len(log.facts) + 1)
        who = chance.randrange(3)
        page, reached = shared.read_log(after=positions[who], limit=400, only=wants[who])
        assert len(page) <= 400
        seen[who] += [fact.position for fact in page]
        positions[who] = reached
    for who, only in enumerate(wants):
        wanted = [f.position for f in log.facts if not only or type(f.event) in only]
        assert seen[who] == [position for position in wanted if position <= positions[who]]


def test_what_one_has_read_the_others_need_not_read() -> None:
    log = LogOf(facts(30))
    shared = SharedLog(log)

    pages = [shared.read_log(after=0, limit=500)[0] for _ in range(8)]

    assert [len(page) for page in pages] == [30] * 8
    assert log.reads == 1


def test_whoever_asks_after_an_append_sees_it() -> None:
    log = LogOf(facts(3))
    shared = SharedLog(log)
    shared.read_log(after=0, limit=500)
    log.facts += facts(1, first=4)

    page, reached = shared.read_log(after=3, limit=500)

    assert ([fact.position for fact in page], reached) == ([4], 4)


def test_what_cannot_be_read_stops_only_those_who_want_it() -> None:
    log = LogOf(facts(6))
    log.strange = 2
    shared = SharedLog(log)

    assert shared.read_log(after=0, limit=1, only=(CaseOpened,))[1] == 1
    with pytest.raises(Undecodable):
        shared.read_log(after=1, limit=500, only=(PartyWrote,))
    log.strange = None
    assert shared.read_log(after=2, limit=500)[1] == 6


def test_a_log_that_is_away_is_away_for_everybody() -> None:
    log = LogOf(facts(6))
    log.away = True
    shared = SharedLog(log)

    with pytest.raises(StoreUnavailable):
        shared.read_log(after=0, limit=500)
    log.away = False
    assert shared.read_log(after=0, limit=500)[1] == 6


def test_threads_that_follow_together_miss_and_repeat_nothing() -> None:
    log = LogOf([])
    shared = SharedLog(log)
    end = 3000
    starts = threading.Barrier(5)

    def follow() -> list[int]:
        starts.wait()
        position, seen = 0, []
        while position < end:
            page, position = shared.read_log(after=position, limit=100)
            seen += [fact.position for fact in page]
        return seen

    with ThreadPoolExecutor() as pool:
        followers = [pool.submit(follow) for _ in range(4)]
        starts.wait()
        for fact in facts(end):
            log.facts.append(fact)
        for follower in followers:
            assert follower.result() == list(range(1, end + 1))
