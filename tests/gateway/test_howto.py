"""`docs/howto-new-service.md`, followed to the letter by somebody who knows nothing else.

Files are written, copied and changed as the text says, what stands after `$` is done, and each line
below it must be in the answer, `…` standing for anything.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from typer.testing import CliRunner

from gateway.cli import app
from services.config import ROOT
from tests.gateway.running import System
from tests.gateway.towns import Town

STEP = re.compile(
    r"""
    ^```(?P<language>\w+)\n(?P<block>.*?)^```$
    | [Ww]rite\ `(?P<written>[^`]+)`:
    | Copy\ `(?P<source>[^`]+)`\ to\ `(?P<target>[^`]+)`
    | Change\ `(?P<old>[^`]+)`\ to\ `(?P<new>[^`]+)`\ in\ `(?P<changed>[^`]+)`
    | (?P<restart>Restart\ the\ gateway)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


@dataclass(slots=True)
class Clerk:
    """Works in a folder of its own; `followed` counts what was done, by kind."""

    folder: Path
    town: Town
    stack: ExitStack
    system: System | None = None
    writing: str | None = None
    followed: dict[str, int] = field(default_factory=dict)

    def follow(self, step: re.Match[str]) -> None:
        match step.lastgroup:
            case "written":
                self.writing = step["written"]
            case "target":
                shutil.copyfile(self.folder / step["source"], self.folder / step["target"])
            case "changed":
                self.change(self.folder / step["changed"], step["old"], step["new"])
            case "restart":
                self.stack.close()
                self.system = self.stack.enter_context(self.town.running())
            case _ if step["language"] == "console":
                for command, expected in commands(step["block"]):
                    self.see(command, expected)
            case _:
                assert self.writing is not None, "A block belongs to a file."
                (self.folder / self.writing).write_text(step["block"], encoding="utf-8")
                self.writing = None
        kind = str(step.lastgroup)
        self.followed[kind] = self.followed.get(kind, 0) + 1

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"'{old}' stands {text.count(old)} times in {path.name}."
        path.write_text(text.replace(old, new), encoding="utf-8")

    def see(self, command: str, expected: list[str]) -> None:
        answer = self.ask(command) if command.startswith("curl") else self.run(command)
        for line in expected:
            parts = [re.escape(part) for part in line.strip().split("…")]
            assert re.search(".*?".join(parts), answer), f"{command}\n{line}\nnot in\n{answer}"

    def run(self, command: str) -> str:
        python, module, package, *arguments = shlex.split(command)
        assert (python, module, package) == ("python", "-m", "gateway")
        given = [str(self.folder / each) if each.endswith(".json") else each for each in arguments]
        environment = {"JULELYS_ORGANISATIONS": str(self.town.folder)}
        result = CliRunner().invoke(app, given, env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.output

    def ask(self, command: str) -> str:
        assert self.system is not None
        path = re.search(r'"\$site([^"]*)"', command)
        assert path is not None
        sent = re.search(r"\$\(cat ([\w.]+)\)", command)
        if sent is None:
            return self.system.get(None, path[1]).text
        person = re.search(r"token (\w+)", command)
        assert person is not None
        answers = (self.folder / sent[1]).read_text(encoding="utf-8")
        headers = {"Content-Type": "application/json"}
        return self.system.post_raw(
            person[1], path[1], f'{{"answers": {answers}}}'.encode(), headers=headers
        ).text


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command with the lines that must be in its answer."""
    whole = block.replace("\\\n", " ")
    for part in whole.split("$ ", 1)[1].split("\n$ "):
        command, *expected = part.strip("\n").split("\n")
        yield command, expected


def test_a_new_clerk_offers_a_service_from_the_document_alone(
    tmp_path: Path, database: str
) -> None:
    shutil.copytree(ROOT / "organisations", tmp_path / "organisations")
    town = Town(folder=tmp_path / "organisations", data=tmp_path / "data", conninfo=database)
    text = (ROOT / "docs" / "howto-new-service.md").read_text(encoding="utf-8")
    with ExitStack() as stack:
        clerk = Clerk(tmp_path, town, stack)
        for step in STEP.finditer(text):
            clerk.follow(step)
    assert clerk.writing is None
    assert clerk.followed == {"block": 13, "written": 2, "target": 1, "changed": 7, "restart": 2}
