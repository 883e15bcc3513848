"""What is told of cryptography, of whom we speak with and of what is logged is all there is."""

import ast
import re
from functools import cache
from typing import Final

import pytest

from services.config import ROOT

CODE: Final = ("aggregates", "commands", "events", "gateway", "projections", "services")
CRYPTOGRAPHY: Final = {"cryptography", "hashlib", "hmac", "joserfc", "secrets", "ssl"}
SPEAKING: Final = {
    "AsyncClient",
    "AsyncConnectionPool",
    "Client",
    "KafkaAdminClient",
    "KafkaConsumer",
    "KafkaProducer",
    "SMTP",
    "create_connection",
    "open_connection",
    "urlopen",
}
CONNECTING: Final = re.compile(r"(Async)?Connection\[Row\]\.connect")
STARTING: Final = {"create_subprocess_exec", "Popen"}
NEVER: Final = {
    "eval",
    "exec",
    "compile",
    "os.system",
    "os.popen",
    "asyncio.create_subprocess_shell",
    "pickle.loads",
    "pickle.load",
    "marshal.loads",
    "yaml.load",
    "yaml.unsafe_load",
    "hashlib.md5",
    "hashlib.sha1",
}
NEVER_IMPORTED: Final = {"dill", "marshal", "pickle", "requests", "shelve", "telnetlib", "xmlrpc"}
# The faults that the demo's records system makes on demand are to be the same again.
REPEATABLE: Final = {"gateway/simulator/faults.py"}

LEVELS: Final = {"debug", "info", "warning", "error", "exception", "critical"}

OPERATIONS: Final = (ROOT / "docs" / "operations.md").read_text("utf-8")
TEXT: Final = (ROOT / "docs" / "security-inventory.md").read_text("utf-8")


def modules() -> list[str]:
    found = (path for folder in CODE for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


@cache
def nodes(module: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse((ROOT / module).read_text("utf-8"))))


@cache
def imported(module: str) -> set[str]:
    names = set[str]()
    for node in nodes(module):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


@cache
def calls(module: str) -> list[ast.Call]:
    return [node for node in nodes(module) if isinstance(node, ast.Call)]


@cache
def called(module: str) -> set[str]:
    return {ast.unparse(call.func) for call in calls(module)}


def listed(heading: str) -> list[str]:
    """The modules, and folders, that the first column of a section's table names."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    first = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return [name for cell in first for name in re.findall(r"`([^`]+)`", cell)]


def covers(heading: str, module: str) -> bool:
    return any(
        module.startswith(name) if name.endswith("/") else module == name
        for name in listed(heading)
    )


def has_cryptography(module: str) -> bool:
    return bool(imported(module) & CRYPTOGRAPHY)


def speaks(module: str) -> bool:
    return any(
        name.rpartition(".")[2] in SPEAKING or CONNECTING.fullmatch(name) for name in called(module)
    ) and bool(
        imported(module)
        & {"aiosmtplib", "httpx", "kafka", "psycopg", "psycopg_pool", "socket", "urllib"}
    )


def starts(module: str) -> bool:
    return any(name.rpartition(".")[2] in STARTING for name in called(module))


FOUND: Final = {
    "Cryptography": has_cryptography,
    "Whom we speak with": speaks,
    "Dangerous and dear": starts,
}


@pytest.mark.parametrize("heading", FOUND)
def test_every_module_that_does_is_in_its_table(heading: str) -> None:
    doing = [module for module in modules() if FOUND[heading](module)]
    assert doing
    assert [module for module in doing if not covers(heading, module)] == []


@pytest.mark.parametrize("heading", FOUND)
def test_every_module_in_a_table_is_there(heading: str) -> None:
    assert listed(heading)
    for name in listed(heading):
        assert (ROOT / name).exists(), name
    if heading != "Dangerous and dear":
        for name in listed(heading):
            within = [module for module in modules() if module.startswith(name)]
            assert any(FOUND[heading](module) for module in within), name


def test_nothing_is_run_that_came_as_data() -> None:
    for module in modules():
        assert not called(module) & NEVER, module
        assert not imported(module) & NEVER_IMPORTED, module
        for call in calls(module):
            assert _said(call).get("shell", "False") == "False", (module, ast.unparse(call))


def test_chance_is_that_of_the_operating_system() -> None:
    assert {module for module in modules() if "random" in imported(module)} == REPEATABLE


def test_no_client_follows_a_redirect_or_believes_any_certificate() -> None:
    asking = [module for module in modules() if "httpx" in imported(module)]
    assert len(asking) > 4
    for call in (call for module in asking for call in calls(module)):
        assert _said(call).get("follow_redirects", "False") == "False", ast.unparse(call)
        assert _said(call).get("verify", "True") != "False", ast.unparse(call)


def _said(call: ast.Call) -> dict[str | None, str]:
    return {given.arg: ast.unparse(given.value) for given in call.keywords}


def logged() -> list[ast.Call]:
    return [
        call
        for module in modules()
        if "structlog" in imported(module)
        for call in calls(module)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in LEVELS | {"bind"}
        and re.search(r"log$|words$|get_logger\(\)$", ast.unparse(call.func.value))
    ]


def test_every_log_line_is_described_and_no_other() -> None:
    named = [call.args for call in logged() if not ast.unparse(call.func).endswith(".bind")]
    for args in named:
        assert len(args) == 1, "A name and fields; no sentence is put together."
    events = {ast.literal_eval(name) for (name,) in named}
    table = OPERATIONS.partition("\n| `event` |")[2].partition("\n\n")[0]
    first = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    told = {name for cell in first for name in re.findall(r"`([a-z_]+)`", cell)}
    assert events == told


def test_log_lines_have_no_fields_but_those_that_are_described() -> None:
    told = TEXT.partition("The fields of log lines are these and no others: ")[2].partition(". ")[0]
    fields = {given.arg for call in logged() for given in call.keywords if given.arg is not None}
    assert fields == set(re.findall(r"`([a-z_]+)`", told))


def test_the_search_finds_what_it_looks_for() -> None:
    assert has_cryptography("services/login/sealing.py")
    assert speaks("services/login/calls.py")
    assert speaks("services/database.py")
    assert starts("services/documents/sandbox.py")
    assert "re.compile" in called("gateway/fields.py")
    assert not has_cryptography("aggregates/case.py")
