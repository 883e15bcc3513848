"""A broker elsewhere is not spoken with in the clear because nobody said anything."""

import pytest

from services.config import from_environment
from services.relay.configuring import KafkaInTheClear, KafkaMissing, kafka_settings

PROTOCOL = "JULELYS_KAFKA_SECURITY_PROTOCOL"


@pytest.mark.parametrize("brokers", ["kafka:9092", "127.0.0.1:9092,10.0.0.7:9092", "[::2]:9092"])
def test_how_to_speak_with_a_broker_elsewhere_must_be_said(brokers: str) -> None:
    with pytest.raises(KafkaInTheClear, match="SSL or SASL_SSL, or to PLAINTEXT"):
        kafka_settings(from_environment({"JULELYS_KAFKA": brokers}))
    for said in ("SSL", "PLAINTEXT"):
        found = kafka_settings(from_environment({"JULELYS_KAFKA": brokers, PROTOCOL: said}))
        assert found.security_protocol == said


@pytest.mark.parametrize("brokers", ["127.0.0.1:9092", "localhost:1, [::1]:2"])
def test_this_machine_may_be_spoken_with_in_the_clear(brokers: str) -> None:
    found = kafka_settings(from_environment({"JULELYS_KAFKA": brokers}))
    assert found.security_protocol == "PLAINTEXT"


def test_without_a_broker_it_is_said_how_to_name_one() -> None:
    with pytest.raises(KafkaMissing, match="JULELYS_KAFKA"):
        kafka_settings(from_environment({}))
