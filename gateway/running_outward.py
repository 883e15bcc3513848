"""Routes for administrators: how the system gets on with others, the records system, the post and
Kafka. Figures and states; of cases and people nothing, not even an id.
"""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from gateway.routers import router_of
from gateway.running import Watching
from gateway.running_shapes import (
    ChannelStandingShape,
    CountShape,
    JournalStandingShape,
    PostStandingShape,
    PulseShape,
    ReaderShape,
    RelayShape,
    UnfiledShape,
)
from gateway.shapes import shaped
from services.journal.listing import (
    JournalRow,
    differences_async,
    entries,
    oldest_unjournalised_async,
    unfinished_counts_async,
)
from services.journal.ports import EntryState
from services.post import counting as post_counting
from services.pulse import Pulse, felt
from services.relay.standing import reader_standings
from services.workers import Job

UNFILED_AT_MOST: Final = 50
FOR_PEOPLE: Final = (EntryState.CHOICE, EntryState.REFUSED)

router: Final = router_of("administration", "/administration")


@router.get(
    "/journal",
    summary="What does not lie in the records system yet, and why",
    response_model=JournalStandingShape,
)
async def journal(asked: Watching) -> Response:
    async with asked.organisation.reads.connection() as db:
        counts = await unfinished_counts_async(db)
        differing = await differences_async(db)
        oldest = await oldest_unjournalised_async(db)
        waiting = await entries(db, states=FOR_PEOPLE, limit=UNFILED_AT_MOST)
        pulses = await felt(db)
    shape = JournalStandingShape(
        counts=[CountShape(state=state, number=number) for state, number in counts.items()],
        differences=[CountShape(state=kind, number=number) for kind, number in differing.items()],
        oldest_at=oldest,
        waiting_for_people=[_unfiled(each) for each in waiting],
        processes=_pulses(pulses, Job.FILING),
    )
    return shaped(shape)


@router.get(
    "/post",
    summary="What is on its way to parties or was not delivered, by channel",
    response_model=PostStandingShape,
)
async def post(asked: Watching) -> Response:
    async with asked.organisation.reads.connection() as db:
        counts = await post_counting.counts_by_channel(db)
        since = await post_counting.failing_since(db)
        pulses = await felt(db)
    channels = [
        ChannelStandingShape(
            channel=each.channel, state=each.state, number=each.number, since=each.oldest
        )
        for each in counts
    ]
    processes = _pulses(pulses, Job.POST)
    return shaped(PostStandingShape(channels=channels, failing_since=since, processes=processes))


@router.get(
    "/relay",
    summary="How far those have come who read the log for others: Kafka, the sync, the post",
    response_model=RelayShape,
)
async def relay(asked: Watching) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await reader_standings(db)
        pulses = await felt(db)
    readers = [
        ReaderShape(
            name=each.name,
            position=each.position,
            epoch=each.epoch,
            lag_events=each.lag_facts,
            lag_seconds=each.lag_seconds,
        )
        for each in found
    ]
    return shaped(RelayShape(readers=readers, processes=_pulses(pulses, Job.RELAY)))


def _unfiled(each: JournalRow) -> UnfiledShape:
    return UnfiledShape(
        entry=each.entry,
        what=each.kind,
        about=each.matter_kind,
        state=each.state,
        since=each.changed_at,
        attempts=each.attempts,
        error=each.error,
    )


def _pulses(pulses: Sequence[Pulse], job: Job) -> list[PulseShape]:
    return [
        PulseShape(
            job=each.job,
            began_at=each.began_at,
            heard_at=each.beat_at,
            is_silent=each.is_silent,
            unanswering=each.unanswering,
        )
        for each in pulses
        if each.job == job
    ]
