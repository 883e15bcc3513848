"""How we speak to Kafka: settings that every client of ours shares, and the topics' names."""

from dataclasses import dataclass
from typing import Final, TypeAlias

Options: TypeAlias = dict[str, object]

LINGER_MILLISECONDS: Final = 5
BATCH_BYTES: Final = 262_144
REQUEST_BYTES: Final = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSettings:
    """`bootstrap` is one or more `host:port`, with commas between.

    The number of partitions is settled when a topic is made: another would move keys, and with
    them every stream's order. `publish_seconds` is how long a batch of the relay may take,
    `request_seconds` one answer of a broker; `session_seconds` is how long a reader of a group may
    be silent before the others have its partitions. `ssl_cafile` is a PEM file; without it the
    system's authorities count. `sasl_*` are as Kafka names them.
    """

    bootstrap: str
    partitions: int = 12
    replication: int = 3
    min_in_sync: int = 2
    retention_hours: int = 168
    publish_seconds: float = 30.0
    request_seconds: float = 15.0
    session_seconds: float = 45.0
    security_protocol: str = "PLAINTEXT"
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = None

    def __repr__(self) -> str:
        """Without the password, for settings end up in logs."""
        return f"KafkaSettings({self.bootstrap!r}, {self.security_protocol!r})"


def topic_of(organisation: str) -> str:
    return f"julelys.{organisation}.events.v1"


def client_options(settings: KafkaSettings, client_id: str) -> Options:
    """What a producer, a consumer and an administrator have in common."""
    return {
        "bootstrap_servers": settings.bootstrap.split(","),
        "client_id": client_id,
        "request_timeout_ms": _milliseconds(settings.request_seconds),
        "retry_backoff_ms": 100,
        # The library would wait up to half a minute before it looks for a broker that was away.
        "reconnect_backoff_max_ms": 1000,
        "bootstrap_timeout_ms": _milliseconds(min(settings.request_seconds, 5.0)),
        "security_protocol": settings.security_protocol,
        "ssl_cafile": settings.ssl_cafile,
        "ssl_certfile": settings.ssl_certfile,
        "ssl_keyfile": settings.ssl_keyfile,
        "sasl_mechanism": settings.sasl_mechanism,
        "sasl_plain_username": settings.sasl_username,
        "sasl_plain_password": settings.sasl_password,
    }


def producer_options(settings: KafkaSettings, client_id: str) -> Options:
    """Acknowledged by every replica in sync, and each partition in order over retries.

    No batch expires within the library before the relay itself has given up on it: an expired
    one would let the next of its partition pass.
    """
    patience = settings.publish_seconds + settings.request_seconds
    return {
        **client_options(settings, client_id),
        "metrics_enabled": False,
        "acks": "all",
        # Said aloud, so that a setting which does not go with it is an error and does not
        # quietly switch it off.
        "enable_idempotence": True,
        "compression_type": "gzip",
        "linger_ms": LINGER_MILLISECONDS,
        "batch_size": BATCH_BYTES,
        "max_request_size": REQUEST_BYTES,
        "max_in_flight_requests_per_connection": 5,
        "max_block_ms": _milliseconds(settings.request_seconds),
        "delivery_timeout_ms": _milliseconds(2 * patience),
        "allow_auto_create_topics": False,
    }


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
