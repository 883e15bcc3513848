"""`eventsourcing` 9.5 as it ships: its aggregate, its JSON transcoder, its PostgreSQL recorder."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from services.ids import new_id
from tests.benchmarks.messages import TEXT


class CaseIsClosed(Exception):
    """The rule that every contender checks before it writes."""


class Case(Aggregate):
    @event("Opened")
    def __init__(self, *, reference: str, subject: str) -> None:
        self.reference = reference
        self.subject = subject
        self.is_open = True
        self.messages = 0

    def write(self, message: UUID, text: str) -> None:
        if not self.is_open:
            raise CaseIsClosed
        self._record_message(message=message, text=text)

    @event("PartyWrote")
    def _record_message(self, message: UUID, text: str) -> None:  # noqa: ARG002 - the event's fields
        self.messages += 1


class Cases(Application[UUID]):
    name = "cases"


def environment(conninfo: str, *, create: bool) -> dict[str, str]:
    """The library's settings: all as they ship, but who creates the tables."""
    given = conninfo_to_dict(conninfo)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(given["dbname"]),
        "POSTGRES_HOST": str(given["host"]),
        "POSTGRES_PORT": str(given["port"]),
        "POSTGRES_USER": str(given["user"]),
        "POSTGRES_PASSWORD": str(given.get("password") or "none"),
        "CREATE_TABLE": "y" if create else "n",
    }


def install(conninfo: str) -> None:
    """Create the tables once; processes that do it at the same time disturb each other."""
    with closing(Cases(env=environment(conninfo, create=True))):
        pass


def new_case(length: int = 1) -> Case:
    """A case of so many events, not yet saved."""
    found = Case(reference="HJ-2026-000001", subject=TEXT)
    for _ in range(length - 1):
        found.write(message=new_id(), text=TEXT)
    return found


def open_case(app: Cases) -> UUID:
    found = new_case()
    app.save(found)
    return found.id


def write_to(app: Cases, case_id: UUID, text: str) -> int:
    """Load, decide, append; give the new version."""
    found: Case = app.repository.get(case_id)
    found.write(message=new_id(), text=text)
    app.save(found)
    return found.version


@contextmanager
def writer(conninfo: str, _number: int) -> Iterator[Callable[[UUID, int], None]]:
    with closing(Cases(env=environment(conninfo, create=False))) as app:
        ids: dict[UUID, UUID] = {}

        def write(stream: UUID, step: int) -> None:
            # The library makes the ids of its aggregates itself.
            if step == 0:
                ids.clear()
                ids[stream] = open_case(app)
            else:
                write_to(app, ids[stream], TEXT)

        yield write
