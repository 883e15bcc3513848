"""Whose files are wrong is named by the health page and the figures until they are mended."""

import shutil
from pathlib import Path

from services.config import ROOT, Config
from services.preparing import prepare
from tests.gateway.running import System, serving, wait_until
from tests.keys import ENVIRONMENT


def figures(system: System) -> list[str]:
    text = system.client.get(f"{system.address}/metrics").text
    return [line for line in text.splitlines() if line.startswith("julelys_organisation_left_out{")]


def figure(organisation: str, value: float) -> str:
    return f'julelys_organisation_left_out{{organisation="{organisation}"}} {value}'


def test_who_is_left_out_is_named_until_its_files_are_mended(database: str, tmp_path: Path) -> None:
    shipped, folder = ROOT / "organisations", tmp_path / "organisations"
    shutil.copytree(shipped / "hjorring", folder / "hjorring")
    for shared in shipped.glob("*.*"):
        shutil.copy(shared, folder)
    config = Config(
        data=tmp_path / "data",
        database_url=database,
        organisations=folder,
        host="127.0.0.1",
        port=0,
        demo=True,
        secrets=ENVIRONMENT,
    )
    with serving(config, database) as system:
        shutil.copytree(shipped / "vejle", folder / "vejle")
        described = folder / "vejle" / "organisation.yaml"
        described.write_text(described.read_text(encoding="utf-8") + "colour: blue\n")
        prepare(database, "vejle")
        wait_until(lambda: figure("vejle", 1.0) in figures(system))
        assert figure("hjorring", 0.0) in figures(system)
        assert "left-out" in system.client.get(f"{system.address}/health/ready").text
        assert system.get("anna", "/cases").status_code == 200

        shutil.copy(shipped / "vejle" / "organisation.yaml", described)
        wait_until(lambda: figure("vejle", 0.0) in figures(system))
        assert system.get("anna", "/services", organisation="vejle").status_code == 200
