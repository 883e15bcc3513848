"""Fixtures that every test may use."""

import gc
from collections import Counter
from collections.abc import Generator, Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.broker import apache_broker, broker, forgotten_sockets, summary, tansu_broker, used
from tests.keys import ENVIRONMENT
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


# Nothing is timed by a test of the rules: the machine has other work, and less of it another day.
settings.register_profile("julelys", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("julelys")

# What every variable held, of which the framework's hold the whole application, takes a minute to
# write down.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)


@pytest.fixture(autouse=True)
def _logs_go_where_they_went() -> Iterator[None]:
    """A command that was run in a test must not leave its own, closed output to log to."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def pytest_configure() -> None:
    """Processes that tests start seal with the key that the tests themselves have."""
    for variable, value in ENVIRONMENT.items():
        pytest.MonkeyPatch().setenv(variable, value)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end; to look for garbage in it takes a tenth of our time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers must agree on what there is, so no test may be named after where an object lies; and
    of those that have one name they run the first and leave out the rest.
    """
    names = Counter(item.nodeid for item in items)
    unclear = [name for name, count in names.items() if count > 1 or " at 0x" in name]
    if unclear:
        raise pytest.UsageError(f"Give these cases ids of their own: {unclear}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands over which Kafka its tests ran against."""
    handed_over: dict[str, object] | None = getattr(session.config, "workeroutput", None)
    if handed_over is not None:
        handed_over["kafka"] = used


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    # A worker that crashed has handed nothing over.
    used.update(getattr(node, "workeroutput", {}).get("kafka", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which Kafka the tests ran against, and which could not be had."""
    for line in summary():
        terminalreporter.write_line(f"kafka {line}")
