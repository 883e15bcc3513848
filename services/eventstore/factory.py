"""Makes recorder, mapper and datastore, from settings the library's way or from ours.

The library finds it as `PERSISTENCE_MODULE=services.eventstore.factory`.
"""

from typing import Final, NoReturn

from eventsourcing import postgres
from eventsourcing.utils import Environment
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from services.database import schema_name
from services.eventstore.datastore import Datastore
from services.eventstore.recorder import Recorder

CONNINFO: Final = "POSTGRES_CONNINFO"
"""A whole libpq string, for the library has no settings for TLS and the like."""


class UnsafeSetting(Exception):
    """The library was asked to write in a way that loses facts for readers."""


def settings(conninfo: str, organisation: str) -> dict[str, str]:
    """The environment that the library wants for one organisation."""
    given = {name: str(value) for name, value in conninfo_to_dict(conninfo).items()}
    return {
        "PERSISTENCE_MODULE": "services.eventstore.factory",
        CONNINFO: conninfo,
        "POSTGRES_DBNAME": given.get("dbname", ""),
        "POSTGRES_HOST": given.get("host", ""),
        "POSTGRES_PORT": given.get("port", ""),
        "POSTGRES_USER": given.get("user", ""),
        "POSTGRES_PASSWORD": given.get("password", ""),
        "POSTGRES_SCHEMA": schema_name(organisation),
        "ORIGINATOR_ID_TYPE": "text",
        "CREATE_TABLE": "n",
        "MAPPER_TOPIC": "services.eventstore.mapper:Mapper",
    }


class Factory(postgres.PostgresFactory):
    datastore: Datastore

    def __init__(self, env: Environment | dict[str, str]) -> None:
        """Check the settings before anything is connected.

        Raises:
            UnsafeSetting: database functions or tables of the library's making, which bypass
                our append and our migrations, or ids that are not text.
        """
        super().__init__(env)
        stock: postgres.PostgresDatastore = self.datastore
        if stock.enable_db_functions:
            raise UnsafeSetting("POSTGRES_ENABLE_DB_FUNCTIONS loses events for readers.")
        if self.env_create_table():
            raise UnsafeSetting("CREATE_TABLE must be n: tables are made by services.migrating.")
        if stock.originator_id_type != "text":
            raise UnsafeSetting("ORIGINATOR_ID_TYPE must be text: our streams have names.")
        conninfo = self.env.get(CONNINFO) or make_conninfo(
            dbname=self.env.get(self.POSTGRES_DBNAME),
            host=self.env.get(self.POSTGRES_HOST),
            port=self.env.get(self.POSTGRES_PORT),
            user=self.env.get(self.POSTGRES_USER),
            password=self.env.get(self.POSTGRES_PASSWORD),
        )
        self.datastore = Datastore(conninfo, stock.schema)

    def application_recorder(self) -> Recorder:
        return Recorder(self.datastore)

    def aggregate_recorder(self, purpose: str = "events") -> NoReturn:
        """Refused: it would write without a position.

        Raises:
            UnsafeSetting: always.
        """
        raise UnsafeSetting(f"Nothing but the append writes {purpose}.")

    def process_recorder(self) -> NoReturn:
        """Refused: it would write past the append; projections keep their own checkpoints.

        Raises:
            UnsafeSetting: always.
        """
        raise UnsafeSetting("Nothing but the append writes events.")
