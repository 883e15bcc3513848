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
    "sealing": About(
        module="sealing",
        title="Sealing",
        what="""\
What it costs that personal data is sealed by its person's key. *In the clear* are the same facts
as they lay there before anything was sealed, which is still read; for the append, which has no way
to store personal data in the clear, a fact of the same size without any. A rebuild opens what lies
in the log and seals it anew for the view. To bytes and back is processor time of one thread.""",
    ),
    "bids": About(
        module="bids",
        title="Sealing a bid in the bidder's browser",
        what="""\
One file of so many random bytes, chosen in a page of headless Chromium, for a committee of three of
whom two open. *Julelys* is what the page of a tender does before it sends anything: the file is
read, padded and encrypted, its key is split and each share sealed to its member, and all of it is
put into one file. *Plain AES-GCM* reads the same file and encrypts it by a new key (Web
Cryptography), and makes nothing else of it.""",
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
    "pages": About(
        module="pages",
        title="The page of a case",
        what="""\
A citizen's browser asks for the page of a case with 50 events, over one kept-alive connection.
*Julelys* is the whole way: who asks, four routes of the API, each with its rights and its reading,
and the template. *The bare template render* makes the same page, packed, from the same answers in
this process.""",
    ),
    "memory": About(
        module="memory",
        title="Memory of idle readers",
        what="""\
What the gateway process grows by (unique set size) for 1,000 timelines left open.""",
    ),
    "relay": About(
        module="relay",
        title="From the log to Kafka",
        what="""\
10,000 events of 1,000 cases, from the first to the last. *The plain produce loop* sends messages
that were made before, by the same client with the same settings to a topic with as many
partitions, and waits for all acknowledgements after every 500. *Julelys* is the relay: it reads
the log, makes the messages, sends them the same way, and writes down how far it has come. Against
one node of Apache Kafka on the same machine.""",
    ),
    "sync": About(
        module="sync",
        title="Into the records system",
        what="""\
The SBSYS simulator is a process of its own, answers nothing sooner than after 20 ms, and has each
document on disk before it answers. One uploaded document of 48 KB on each of 500 cases that were
linked before, taken in beforehand. *The plain POST loop* keeps 8, or 16, connections of the same
HTTP client busy with like documents and remembers nothing. *Julelys* is the sync with as many
connections and, as in earnest, twice as many lanes: it claims the case, reads its facts, writes
its intent down, uploads, tells the case's journal, and is done with it, each of these durable
before the next. *First look at each case* is
the same in a session that has not seen the cases yet, as after a start or every hour: what lies on
the case is looked up before anything is added, which takes four questions more. A hearing response
is found its case and filed as a PDF that is typeset on the way.

The lag is the whole system's: commands at an even pace of 20 a second for half a minute, each a
hearing response with a deadline, with the worker and the sync as processes and the log as their
feed. It is counted for every fact, from when it was recorded to when it was recorded as
journalised, by the database's clock.""",
    ),
}
