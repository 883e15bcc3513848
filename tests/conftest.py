"""Fixtures that every test may use."""

import pytest

from tests.broker import apache_broker, broker, forgotten_sockets, summary, tansu_broker
from tests.postgres import database, organisation, postgres

__all__ = [
    "apache_broker",
    "broker",
    "database",
    "forgotten_sockets",
    "organisation",
    "postgres",
    "tansu_broker",
]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which Kafka the tests ran against, and which could not be had."""
    for line in summary():
        terminalreporter.write_line(f"kafka {line}")
