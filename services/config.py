"""Settings, read from the environment once, in `main`, and passed on."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parent.parent

OURS: Final = "JULELYS_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`data` holds everything the embedded default keeps: database, documents, demo key.

    `database_url` names a PostgreSQL server (libpq connection string or URL); without it an
    embedded one is started under `data`. `organisations` is the folder of what is offered by whom.
    `kafka` names brokers as host:port, separated by commas; `feed` is where the ESDH sync hears of
    facts, `log` or `kafka`. `clamav` is the virus scanner, `host:port` or the path of a socket. An
    upload is cut after `upload_idle_seconds` without a byte, and after `upload_seconds` in all.
    `limits` say how often somebody may ask, where that is not the default (`gateway/limits.py`).
    `proxies` are the addresses and networks of what stands before the gateway, and is believed when
    it says who asks and whether by https. `tls` are the files (PEM) of the certificate and the key
    that the gateway shows itself; without them it answers http. `secrets` are passwords by the
    names that settings files give them, as they were when the process started; those in
    `secrets_folder`, a file for each, may come later.
    """

    data: Path
    database_url: str | None
    organisations: Path
    host: str
    port: int
    demo: bool
    kafka: str | None = None
    feed: str = "log"
    clamav: str | None = None
    upload_idle_seconds: float = 30.0
    upload_seconds: float = 1_800.0
    proxies: tuple[str, ...] = ()
    limits: str = ""
    tls: tuple[Path, Path] | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets_folder: Path | None = None


def from_environment(environment: Mapping[str, str] | None = None) -> Config:
    given = os.environ if environment is None else environment
    folder = given.get("JULELYS_SECRETS")
    return Config(
        data=Path(given.get("JULELYS_DATA", str(ROOT / ".data"))).absolute(),
        database_url=given.get("JULELYS_DATABASE_URL") or None,
        organisations=Path(
            given.get("JULELYS_ORGANISATIONS", str(ROOT / "organisations"))
        ).absolute(),
        host=given.get("JULELYS_HOST", "127.0.0.1"),
        port=int(given.get("JULELYS_PORT", "8000")),
        demo=given.get("JULELYS_DEMO", "") == "1",
        kafka=given.get("JULELYS_KAFKA") or None,
        feed=given.get("JULELYS_FEED", "log"),
        clamav=given.get("JULELYS_CLAMAV") or None,
        upload_idle_seconds=float(given.get("JULELYS_UPLOAD_IDLE_SECONDS", "30")),
        upload_seconds=float(given.get("JULELYS_UPLOAD_SECONDS", "1800")),
        limits=given.get("JULELYS_LIMITS", ""),
        proxies=_networks(given.get("JULELYS_PROXIES", "")),
        tls=_pair(given, "JULELYS_TLS_CERTIFICATE", "JULELYS_TLS_KEY"),
        secrets={name: value for name, value in given.items() if name.startswith(OURS)},
        secrets_folder=Path(folder).absolute() if folder else None,
    )


def _networks(text: str) -> tuple[str, ...]:
    """Addresses and networks with commas between.

    Raises:
        ValueError: one is none; to believe just anybody is not to be had.
    """
    found = tuple(text.replace(",", " ").split())
    for each in found:
        ip_network(each)
    return found


def _pair(given: Mapping[str, str], one: str, other: str) -> tuple[Path, Path] | None:
    """Two files that are of use together.

    Raises:
        ValueError: only one is named.
    """
    if bool(given.get(one)) != bool(given.get(other)):
        raise ValueError(f"{one} and {other} go together; set both, or neither.")
    return (Path(given[one]).absolute(), Path(given[other]).absolute()) if given.get(one) else None


def secrets_now(config: Config) -> Mapping[str, str]:
    """All secrets; those of an organisation that was added after the start lie in the folder."""
    folder = config.secrets_folder
    if folder is None or not folder.is_dir():
        return config.secrets
    files = (path for path in folder.glob(f"{OURS}*") if path.is_file())
    return {**config.secrets, **{path.name: path.read_text("utf-8").strip() for path in files}}


def own_environment(**changes: str) -> dict[str, str]:
    """This process's environment with changes, for a process it starts."""
    return {**os.environ, **changes}
