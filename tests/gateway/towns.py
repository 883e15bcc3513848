"""A town of one's own: a copy of what we ship, to write services in and to run."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.catalogue.publishing import publish
from services.config import ROOT, Config
from tests.gateway.running import START, System, serving
from tests.keys import ENVIRONMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """`folder` holds the organisations, of which there is only one."""

    folder: Path
    data: Path
    conninfo: str

    def read(self, service: str, version: int) -> str:
        return self._path(service, version).read_text(encoding="utf-8")

    def write(self, service: str, version: int, text: str) -> None:
        """Write a version and publish it."""
        path = self._path(service, version)
        path.write_text(text, encoding="utf-8")
        publish(self.folder / "hjorring", service, START.date())

    @contextmanager
    def running(self) -> Iterator[System]:
        config = Config(
            data=self.data,
            database_url=self.conninfo,
            organisations=self.folder,
            host="127.0.0.1",
            port=0,
            demo=True,
            limits="off",
            secrets=ENVIRONMENT,
        )
        with serving(config, self.conninfo) as system:
            yield system

    def _path(self, service: str, version: int) -> Path:
        return self.folder / "hjorring" / "services" / f"{service}.v{version}.yaml"


def town(folder: Path, conninfo: str) -> Town:
    organisations = folder / "organisations"
    shutil.copytree(ROOT / "organisations", organisations)
    for other in organisations.glob("*/"):
        if other.name != "hjorring":
            shutil.rmtree(other)
    return Town(folder=organisations, data=folder / "data", conninfo=conninfo)
