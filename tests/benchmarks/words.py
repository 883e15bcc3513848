"""What the page says around the figures."""

from dataclasses import dataclass
from typing import Final

FOREWORD: Final = """\
# Benchmarks

Written by `python -m tests.benchmarks`; do not edit the figures by hand.

    python -m tests.benchmarks                    # everything, about half an hour
    python -m tests.benchmarks append http        # some of it; the rest as it was last measured
    python -m tests.benchmarks append --rounds 2 --seconds 1   # a quick look, page not rewritten
    python -m tests.benchmarks --page-only        # the page again, from what was last measured

It starts the embedded PostgreSQL under `.bench/` with the settings the application gives it, and
refuses to measure unless `fsync` and `synchronous_commit` are on. Contenders take turns (A B C
A B C …), after a first round that does not count, each in a database of its own on that one
server, with fresh statistics; a figure is the median of its rounds. **Absolute figures do not
travel to other machines; the ratios within one table do, roughly.** Everything runs on one
machine, load generator and database included, so no figure knows a network.

Emmett and Message DB are fetched by npm (`tests/benchmarks/package.json`) into `.bench/node`.
Where Node or npm cannot be had they are left out, and the page says so.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    module: str
    title: str
    what: str


SECTIONS: Final = {
    "append": About(
        module="append",
        title="Append",
        what="""\
A command loads its stream, replays it, decides and appends one event of about 1 KB under
optimistic concurrency; durable when the call returns. Streams have ten events, every writer its
own streams, so an average load reads four and a half. *raw INSERT* only inserts the row that
Julelys stores: it loads nothing, checks nothing and keeps no command. *Julelys* reads and replays
the stream for every command, as all the others do, and besides the event keeps the command id, its
fingerprint and its answer. *By the desk* is the path that every command takes in the application:
a queue to one writer thread, and the state of streams in use remembered. Message DB locks a
category while it writes, so it is measured at its best (a category for each writer) and as one
would name the streams (one category).""",
    ),
    "http": About(
        module="post",
        title="A durable command over HTTP",
        what="""\
`POST` of a 1 KB message to one of 2,000 cases in turn, over 8 and 32 kept-alive connections to one
server process, each waiting for its answer. *Julelys* is `python -m gateway serve` as it stands:
token, authorisation, idempotency key, decision, append. *FastAPI with eventsourcing* is a `def`
endpoint with a pydantic body that loads the aggregate, triggers the event and saves; no login, no
idempotency. *An empty answer* shows how much the load generator can ask for.""",
    ),
    "replay": About(
        module="replay",
        title="Replay and reading the log",
        what="""\
One stream of 1,000 events of 1 KB, from rows to state; and the log in pages of 1,000, decoded to
events. Both sides with what they ship: `repository.get` and `select_notifications` with the mapper;
`EventStore.read` with the decider, and `EventStore.read_log`.""",
    ),
    "rebuild": About(
        module="rebuild",
        title="Rebuilding a projection",
        what="""\
From the first event to the last into one table with a row per event. *ProjectionRunner* commits
for every event. *Hand-written COPY* is what one would write for this table alone: pages of 1,000
from the log, decoded with the standard library's `json`, COPY into a temporary table and one
INSERT from it, rows and checkpoint in one transaction. *COPY of ready rows* decodes nothing and is
the floor.""",
    ),
    "live": About(
        module="live",
        title="From the POST to the citizen's own timeline",
        what="""\
One citizen with an open timeline posts a message and waits for its line: from sending the request
to reading the line from the stream, through gateway, append, projection worker and back; an idle
system. Beside it how long the POST's own answer takes, and a bare NOTIFY from one connection to
another.""",
    ),
    "memory": About(
        module="memory",
        title="Memory of idle readers",
        what="""\
What the gateway process grows by (unique set size) for 1,000 timelines left open.""",
    ),
}
