"""The doors of Apache Kafka that are guarded: by certificates, and by names and passwords."""

from dataclasses import dataclass
from pathlib import Path

from tests.services.certificates import certify

NAME = "julelys"
PASSWORD = "only for a test"  # noqa: S105  # as it says

_CONFIGURATION = """\
ssl.keystore.type=PEM
ssl.keystore.location={folder}/server.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
listener.name.tls.ssl.client.auth=required
listener.name.login.sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.login.scram-sha-512.sasl.jaas.config=\
  org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.login.plain.sasl.jaas.config=\
  org.apache.kafka.common.security.plain.PlainLoginModule required user_{name}="{password}";
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """`ca.pem` and `key.pem` in the folder are the server's, and a client's that it believes."""

    folder: Path
    tls: int
    login: int

    @property
    def listeners(self) -> str:
        return f"TLS://localhost:{self.tls},LOGIN://localhost:{self.login}"

    @property
    def configuration(self) -> str:
        return _CONFIGURATION.format(folder=self.folder, name=NAME, password=PASSWORD)

    @property
    def user(self) -> str:
        """As the storage tool adds one, before there is a broker to ask."""
        return f"SCRAM-SHA-512=[name={NAME},password={PASSWORD}]"


def guarded(folder: Path, tls: int, login: int) -> Guarded:
    certify(folder)
    both = (folder / name for name in ("key.pem", "ca.pem"))
    (folder / "server.pem").write_text("".join(each.read_text() for each in both))
    return Guarded(folder=folder, tls=tls, login=login)
