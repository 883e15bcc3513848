"""One organisation's facts, desk and people, opened.

Who runs by itself never has it, but what `services/entrusting.py` hands over of it.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from services.catalogue.organisation import Organisation as Described
from services.desk import Desk
from services.eventstore.store import PostgresEventStore
from services.migrating import require_current
from services.people import People
from services.privacy.key_ring import KeyRing
from services.privacy.person_keys import PersonKeys, require_ring


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """What every process needs of an organisation: its facts, the one way to add to them, and who
    people are.
    """

    name: str
    conninfo: str
    store: PostgresEventStore
    keys: PersonKeys
    people: People
    desk: Desk
    catalogue: Described


@contextmanager
def open_core(conninfo: str, described: Described, ring: KeyRing) -> Iterator[Core]:
    """One organisation, ready to take commands; what is queued at the end is still carried out.

    Raises:
        WrongSchema: the database and this code do not belong together; says what to do.
        KekMissing: the database has keys that those of the ring do not open; likewise.
    """
    require_current(conninfo, described.id)
    require_ring(conninfo, described.id, ring)
    keys = PersonKeys(described.id, ring)
    people = People(conninfo, described.id, keys)
    with PostgresEventStore(conninfo, described.id, ring) as store, closing(people):
        desk = Desk(store)
        desk.start()
        try:
            yield Core(
                name=described.id,
                conninfo=conninfo,
                store=store,
                keys=keys,
                people=people,
                desk=desk,
                catalogue=described,
            )
        finally:
            desk.stop()
