"""Kafka's settings from this process's own."""

from collections.abc import Callable, Mapping
from typing import Final

from services.config import Config
from services.relay.settings import KafkaSettings

_SETTINGS: Final[Mapping[str, tuple[str, Callable[[str], object]]]] = {
    "JULELYS_KAFKA_PARTITIONS": ("partitions", int),
    "JULELYS_KAFKA_REPLICATION": ("replication", int),
    "JULELYS_KAFKA_MIN_IN_SYNC": ("min_in_sync", int),
    "JULELYS_KAFKA_RETENTION_HOURS": ("retention_hours", int),
    "JULELYS_KAFKA_SESSION_SECONDS": ("session_seconds", float),
    "JULELYS_KAFKA_SECURITY_PROTOCOL": ("security_protocol", str),
    "JULELYS_KAFKA_CA_FILE": ("ssl_cafile", str),
    "JULELYS_KAFKA_CERTIFICATE_FILE": ("ssl_certfile", str),
    "JULELYS_KAFKA_KEY_FILE": ("ssl_keyfile", str),
    "JULELYS_KAFKA_SASL_MECHANISM": ("sasl_mechanism", str),
    "JULELYS_KAFKA_SASL_USERNAME": ("sasl_username", str),
    "JULELYS_KAFKA_SASL_PASSWORD": ("sasl_password", str),
}


class KafkaMissing(Exception):
    """No broker is named: set JULELYS_KAFKA to host:port, or several with commas between."""

    def __str__(self) -> str:
        return self.__doc__ or ""


def kafka_settings(config: Config) -> KafkaSettings:
    """What the environment says of Kafka; docs/operations.md has each setting.

    Raises:
        KafkaMissing: JULELYS_KAFKA is not set.
        ValueError: a number is none.
    """
    if config.kafka is None:
        raise KafkaMissing
    given = {
        name: read(config.secrets[variable])
        for variable, (name, read) in _SETTINGS.items()
        if config.secrets.get(variable)
    }
    return KafkaSettings(bootstrap=config.kafka, **given)  # type: ignore[arg-type]  # by the table
