"""Adding an organisation: its files are looked at first, and then all that it needs is made."""

from pathlib import Path

from events.text import Text
from services.catalogue.loading import check_one, homes, load_sound, read_home
from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.database import BadSchemaName, schema_name, shared
from services.esdh import settings as esdh
from services.esdh.template_check import check_templates
from services.login import settings as login
from services.migrating import added
from services.post import settings as post
from services.preparing import prepare


def mistakes_in(home: Path) -> list[Mistake]:
    """Everything that is wrong with the files of one organisation, by file and line."""
    found = [
        *check_one(home),
        *esdh.FILE.check(home),
        *post.FILE.check(home),
        *login.FILE.check(home),
        *check_templates(read_home(home)),
    ]
    return sorted(found, key=lambda each: (each.file, each.line))


def add(conninfo: str, folder: Path, organisation: str) -> list[int]:
    """Make its schema and views, and let running processes take it up; give what was migrated.

    The relay makes its topic, and whoever keeps a file its folder. Safe to repeat, to interrupt
    and to do twice at once.

    Raises:
        CatalogueInvalid: its files have mistakes; nothing is made.
        WrongSchema: the database and this code do not belong together; says what to do.
    """
    home = folder / organisation
    try:
        schema_name(organisation)
    except BadSchemaName as bad:
        message = Text(
            da=f"'{organisation}' kan ikke være navnet på et skema i databasen.",
            en=f"'{organisation}' cannot be the name of a schema in the database.",
        )
        remedy = Text(
            da="Vælg et andet: 1 til 40 af a-z, 0-9 og '-', et bogstav først og intet ord fra SQL.",
            en="Choose another: 1 to 40 of a-z, 0-9 and '-', a letter first, and no word of SQL.",
        )
        raise CatalogueInvalid(
            [Mistake(file=home, line=1, path="", message=message, remedy=remedy)]
        ) from bad
    mistakes = mistakes_in(home)
    if mistakes:
        raise CatalogueInvalid(mistakes)
    return prepare(conninfo, organisation)


def to_migrate(conninfo: str, folder: Path) -> tuple[list[str], list[Mistake]]:
    """Those of the folder that are sound or were added before, and what is wrong with others.

    A mistake in the files of one is no reason to keep the schemas of the others behind the code.
    """
    with shared(conninfo, application_name="julelys") as db:
        there = added(db)
    sound, mistakes = load_sound(folder, there)
    kept = {path.name for path in homes(folder)}.intersection(there)
    return sorted(kept | {organisation.id for organisation in sound}), mistakes
