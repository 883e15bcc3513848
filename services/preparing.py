"""Making an organisation's schema ready for this version of the code."""

from services.migrating import mark_added, migrate
from services.projecting.generations import ensure


def prepare(conninfo: str, organisation: str) -> list[int]:
    """Migrate, give every view its table, and then let every process know the organisation.

    Gives the numbers of the migrations applied. Interrupted, it is begun again at any time, and
    until it is done nobody takes the organisation up.

    Any number of processes may do it at once, and again at any time.

    Raises:
        WrongSchema: the database and this code do not belong together; says what to do.
    """
    applied = migrate(conninfo, organisation)
    ensure(conninfo, organisation)
    mark_added(conninfo, organisation)
    return applied
