"""Kafka's settings from this process's own."""

from collections.abc import Callable, Mapping
from typing import Final

from services.config import Config
from services.hosts import is_this_machine
from services.relay.settings import KafkaSettings

PROTOCOL: Final = "JULELYS_KAFKA_SECURITY_PROTOCOL"

_SETTINGS: Final[Mapping[str, tuple[str, Callable[[str], object]]]] = {
    "JULELYS_KAFKA_PARTITIONS": ("partitions", int),
    "JULELYS_KAFKA_REPLICATION": ("replication", int),
    "JULELYS_KAFKA_MIN_IN_SYNC": ("min_in_sync", int),
    "JULELYS_KAFKA_RETENTION_HOURS": ("retention_hours", int),
    "JULELYS_KAFKA_SESSION_SECONDS": ("session_seconds", float),
    PROTOCOL: ("security_protocol", str),
    "JULELYS_KAFKA_CA_FILE": ("ssl_cafile", str),
    "JULELYS_KAFKA_CERTIFICATE_FILE": ("ssl_certfile", str),
    "JULELYS_KAFKA_KEY_FILE": ("ssl_keyfile", str),
    "JULELYS_KAFKA_SASL_MECHANISM": ("sasl_mechanism", str),
    "JULELYS_KAFKA_SASL_USERNAME": ("sasl_username", str),
    "JULELYS_KAFKA_SASL_PASSWORD": ("sasl_password", str),
}


class KafkaInTheClear(Exception):
    """A broker is not this machine, and nothing says how to speak with it: set
    JULELYS_KAFKA_SECURITY_PROTOCOL to SSL or SASL_SSL, or to PLAINTEXT on a network of its own.
    """

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


class KafkaMissing(Exception):
    """No broker is named: set JULELYS_KAFKA to host:port, or several with commas between."""

    def __str__(self) -> str:
        return self.__doc__ or ""


def kafka_settings(config: Config) -> KafkaSettings:
    """What the environment says of Kafka; docs/operations.md has each setting.

    Raises:
        KafkaMissing: JULELYS_KAFKA is not set.
        KafkaInTheClear: a broker elsewhere, and not a word of how to speak with it.
        ValueError: a number is none.
    """
    if config.kafka is None:
        raise KafkaMissing
    if not config.secrets.get(PROTOCOL) and not all(map(_is_here, config.kafka.split(","))):
        raise KafkaInTheClear
    given = {
        name: read(config.secrets[variable])
        for variable, (name, read) in _SETTINGS.items()
        if config.secrets.get(variable)
    }
    return KafkaSettings(bootstrap=config.kafka, **given)  # type: ignore[arg-type]  # by the table


def _is_here(broker: str) -> bool:
    return is_this_machine(broker.strip().rpartition(":")[0].strip("[]"))
