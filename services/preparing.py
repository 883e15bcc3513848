"""Making an organisation's schema ready for this version of the code."""

from services.migrating import migrate
from services.projecting.generations import ensure


def prepare(conninfo: str, organisation: str) -> list[int]:
    """Migrate, and give every view its table; give the numbers of the migrations applied.

    Any number of processes may do it at once, and again at any time.

    Raises:
        WrongSchema: the database and this code do not belong together; says what to do.
    """
    applied = migrate(conninfo, organisation)
    ensure(conninfo, organisation)
    return applied
