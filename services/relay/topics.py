"""Makes the topics, and says where one that is there already is not as it should be."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from services.relay.kafka_client import ALREADY_EXISTS, FAILURES, Admin, new_admin
from services.relay.settings import KafkaSettings, client_options, topic_of

log = structlog.get_logger()


class TopicsUnavailable(Exception):
    """Kafka does not answer, or does not let us make topics; try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPartitions:
    """A topic that was made with another number of partitions than the settings say.

    It is left as it is: more of them would move streams to other partitions, and what follows
    could be read before what went before.
    """

    topic: str
    wanted: int
    found: int


def ensure_topics(
    settings: KafkaSettings, organisations: Sequence[str]
) -> Sequence[OtherPartitions]:
    """Make the topics that are missing; any number of processes may call it at once.

    Raises:
        TopicsUnavailable: try again.
    """
    names = [topic_of(organisation) for organisation in organisations]
    try:
        admin = new_admin(client_options(settings, "julelys-topics"))
        try:
            return _ensure(admin, settings, names)
        finally:
            admin.close()
    except FAILURES as error:
        raise TopicsUnavailable from error


def _ensure(
    admin: Admin, settings: KafkaSettings, names: Sequence[str]
) -> Sequence[OtherPartitions]:
    there = set(admin.list_topics())
    missing = [name for name in names if name not in there]
    for name in missing:
        _create(admin, settings, name)
    # A broker accepts a topic before it knows anything of it.
    admin.wait_for_topics(missing)
    others = []
    for described in admin.describe_topics(list(names)):
        partitions = described["partitions"]
        found = len(partitions) if isinstance(partitions, list) else 0
        if found != settings.partitions:
            topic = str(described["name"])
            others.append(OtherPartitions(topic=topic, wanted=settings.partitions, found=found))
            log.error("topic_differs", topic=topic, wanted=settings.partitions, found=found)
    return others


def _create(admin: Admin, settings: KafkaSettings, name: str) -> None:
    configs = {
        "cleanup.policy": "delete",
        "retention.ms": str(settings.retention_hours * 3_600_000),
        "min.insync.replicas": str(settings.min_in_sync),
        "max.message.bytes": "1048588",
    }
    wanted = {
        "num_partitions": settings.partitions,
        "replication_factor": settings.replication,
        "configs": configs,
    }
    try:
        admin.create_topics({name: wanted})
    except ALREADY_EXISTS:
        # Another process was quicker.
        return
    log.info("topic_created", topic=name, partitions=settings.partitions)
