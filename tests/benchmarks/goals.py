"""What we have promised ourselves, and whether it was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from tests.benchmarks.measurement import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """`ours` is to reach `factor` times the first metric of `against`."""

    section: str
    work: str
    ours: str
    against: str
    factor: float
    where_time_goes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The `metric` of `ours` is to stay at or below `at_most`."""

    section: str
    work: str
    ours: str
    metric: str
    at_most: float
    where_time_goes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`goal` and `reached` in words; `is_met` is None when a side was not measured."""

    work: str
    goal: str
    reached: str
    is_met: bool | None
    where_time_goes: str


_APPEND: Final = (
    "Round trips: one costs 0.15 ms of these processors whatever it carries, and a command makes"
    " three, the load, the append and the NOTIFY that follows each append on another connection."
    " The append function itself takes 0.09 ms, 0.03 of them the two rows. With the NOTIFY left"
    " out, eight writers reached 1.3 times as much. Next: a NOTIFY only when a reader sleeps."
)
_HTTP: Final = (
    "FastAPI's own way to a command takes 0.3 ms of the one interpreter that the writer needs too,"
    " and a case that the process has not met yet costs two reads, one after another for all that"
    " have gathered. Next: load the streams of a gathered batch in one round trip."
)
_PAGES: Final = (
    "Four routes of the API in one process, one after another: each asks whose session it is, what"
    " the case is, and whether its reader may. Next: one question for all four of a page."
)
_LIVE: Final = (
    "A third is the POST's own answer. The rest is a chain of about ten round trips of 0.15 to"
    " 0.2 ms and six changes of thread: NOTIFY, the safe position, the facts, the projection's"
    " transaction, its NOTIFY, and the gateway's read. Next: the projection's transaction in one"
    " pipeline, and one transaction for the views that are urgent."
)
_LOG: Final = (
    "A third is decoding the events and an eighth their envelopes, one for each command, which the"
    " stock log does not have; the rest is building the facts and waiting for the rows."
)
_RELAY: Final = (
    "The client needs about 0.1 ms of the one interpreter for every message, and the relay 0.04 ms"
    " more: to read the rows, to make facts of them, and to make messages of the facts. The next"
    " page is read while a batch is under way. Next: a process that only makes messages."
)
_SYNC: Final = (
    "Beside the upload a document costs a claim, two reads, and four commits one after the other:"
    " the intent, that it lies there, the event that tells the case, and that all is done. Commits"
    " of several lanes share a call, and while some lanes wait for them, others ask. Next: less of"
    " the one interpreter for each document, of which the upload itself takes a third."
)

_SEALING: Final = (
    "A fact of one text is opened in about 15 microseconds of a processor, of which the cipher"
    " takes one and the walk through its JSON most, and sealed anew for its view in 12. A case's"
    " first fact takes 90, for each of its answers is sealed and each beginning of a word hashed,"
    " by which the queue is searched."
)

_BIDS: Final = (
    "Beside the encryption the bytes are copied four times: into contents, padding,"
    " nonce and file. Next: one buffer for all of it, and encryption by pieces."
)

GOALS: Final[tuple[Ratio | Limit, ...]] = (
    *(
        Ratio(
            section="append",
            work=work,
            ours="Julelys",
            against=against,
            factor=factor,
            where_time_goes=_APPEND,
        )
        for work in ("append, 1 writer", "append, 8 writers")
        for against, factor in (
            ("eventsourcing", 4),
            ("Emmett", 2),
            ("Message DB, a category each", 1.3),
        )
    ),
    Ratio(
        section="append",
        work="append, 8 writers",
        ours="Julelys",
        against="raw INSERT",
        factor=0.5,
        where_time_goes=_APPEND,
    ),
    *(
        Ratio(
            section="http",
            work=f"POST a message, {connections} connections",
            ours="Julelys",
            against="FastAPI with eventsourcing",
            factor=3,
            where_time_goes=_HTTP,
        )
        for connections in (8, 32)
    ),
    Ratio(
        section="replay",
        work="replay a stream of 1,000",
        ours="Julelys",
        against="eventsourcing",
        factor=3,
    ),
    Ratio(
        section="replay",
        work="read the log",
        ours="Julelys",
        against="eventsourcing",
        factor=3,
        where_time_goes=_LOG,
    ),
    Ratio(
        section="rebuild",
        work="rebuild the timeline",
        ours="Julelys",
        against="eventsourcing ProjectionRunner",
        factor=25,
    ),
    Ratio(
        section="rebuild",
        work="rebuild the timeline",
        ours="Julelys",
        against="hand-written COPY",
        factor=0.6,
    ),
    *(
        Ratio(
            section="sealing",
            work=work,
            ours="Julelys",
            against="in the clear",
            factor=factor,
            where_time_goes=_SEALING,
        )
        for work, factor in (
            ("append an event of 1 KB", 0.9),
            ("read the log, sealed", 0.5),
            ("rebuild the timeline, sealed", 0.6),
        )
    ),
    Ratio(
        section="bids",
        work="seal a bid of 100 MiB in a browser",
        ours="Julelys",
        against="plain AES-GCM",
        factor=0.5,
        where_time_goes=_BIDS,
    ),
    Limit(
        section="bids",
        work="seal a bid of 100 MiB in a browser",
        ours="Julelys",
        metric="ms",
        at_most=5_000,
        where_time_goes=_BIDS,
    ),
    *(
        Limit(
            section="live",
            work="POST to own line, idle",
            ours="Julelys",
            metric=metric,
            at_most=limit,
            where_time_goes=_LIVE,
        )
        for metric, limit in (("p50 ms", 6), ("p99 ms", 15))
    ),
    Limit(
        section="pages",
        work="the page of a case with 50 events",
        ours="Julelys",
        metric="p95 ms",
        at_most=30,
        where_time_goes=_PAGES,
    ),
    Limit(
        section="memory",
        work="1,000 idle readers",
        ours="Julelys",
        metric="KB per reader",
        at_most=20,
    ),
    Ratio(
        section="relay",
        work="relay the log",
        ours="Julelys",
        against="plain produce loop",
        factor=0.8,
        where_time_goes=_RELAY,
    ),
    *(
        Ratio(
            section="sync",
            work=f"file uploaded documents, {connections} connections",
            ours="Julelys",
            against="plain POST loop",
            factor=0.7,
            where_time_goes=_SYNC,
        )
        for connections in (8, 16)
    ),
    Limit(
        section="sync",
        work="from commit to journalised, 20 submissions/s",
        ours="Julelys",
        metric="p99 ms",
        at_most=2_000,
    ),
)


def verdicts(section: str, tables: Sequence[Table]) -> list[Verdict]:
    measured = {each.work: each for each in tables}
    return [_judge(goal, measured) for goal in GOALS if goal.section == section]


def _judge(goal: Ratio | Limit, measured: Mapping[str, Table]) -> Verdict:
    rows = measured[goal.work].rows if goal.work in measured else {}
    match goal:
        case Ratio():
            wanted = f"at least {goal.factor:g} times {goal.against}"
            if goal.ours not in rows or goal.against not in rows:
                return _verdict(goal, wanted, "-", is_met=None)
            ratio = _first(rows[goal.ours]) / _first(rows[goal.against])
            return _verdict(goal, wanted, f"{ratio:.2f} times", is_met=ratio >= goal.factor)
        case Limit():
            wanted = f"{goal.metric} at most {goal.at_most:g}"
            if goal.ours not in rows:
                return _verdict(goal, wanted, "-", is_met=None)
            found = rows[goal.ours][goal.metric]
            return _verdict(goal, wanted, f"{found:.1f}", is_met=found <= goal.at_most)
        case _:
            assert_never(goal)


def _verdict(goal: Ratio | Limit, wanted: str, reached: str, *, is_met: bool | None) -> Verdict:
    return Verdict(
        work=goal.work,
        goal=wanted,
        reached=reached,
        is_met=is_met,
        where_time_goes=goal.where_time_goes if is_met is False else "",
    )


def _first(sample: Mapping[str, float]) -> float:
    return next(iter(sample.values()))
