"""What import-linter and ruff cannot say: folders, pure imports, sizes, and literal codes."""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = ("aggregates", "commands", "events", "gateway", "projections", "services")
OURS = {*CODE, "tests"}
PURE = ("aggregates", "commands", "events")
PURE_IMPORTS = {
    *PURE,
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "fractions",
    "enum",
    "functools",
    "itertools",
    "typing",
    "uuid",
}
LONGEST_MODULE = 250
LONGEST_FUNCTION = 40

REFUSED = {"Refused", "RefusedThere", "LoginRefused"}

# A refusal that was kept with its command is given again with the code it had.
RESTORES_REFUSALS = "services/answers.py"


def modules(*folders: str) -> list[str]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def nodes(module: str) -> Iterator[ast.AST]:
    return ast.walk(ast.parse((ROOT / module).read_text()))


def test_the_folders_are_the_six_and_the_tests() -> None:
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == OURS


@pytest.mark.parametrize("name", sorted(OURS))
def test_no_dependency_brings_a_package_of_our_name(name: str) -> None:
    assert name not in packages_distributions()


@pytest.mark.parametrize("module", modules(*PURE))
def test_pure_code_imports_only_plain_python(module: str) -> None:
    imported = set[str]()
    for node in nodes(module):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported <= PURE_IMPORTS


@pytest.mark.parametrize("module", modules(*CODE))
def test_a_module_is_read_in_one_go(module: str) -> None:
    text = (ROOT / module).read_text()
    assert len(text.splitlines()) <= LONGEST_MODULE
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("module", modules(*CODE))
def test_a_function_is_seen_at_a_glance(module: str) -> None:
    lines = {
        f"{node.name}:{node.lineno}": (node.end_lineno or 0) - node.lineno + 1
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lines.items() if length > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("module", [m for m in modules(*CODE) if m.endswith("/__init__.py")])
def test_a_package_says_what_it_is_and_exports_nothing(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text())
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


def refusal_codes(module: str) -> Iterator[ast.expr]:
    for node in nodes(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in REFUSED:
            named = [given.value for given in node.keywords if given.arg == "code"]
            yield (*named, *node.args)[0]


@pytest.mark.parametrize("module", [m for m in modules(*CODE) if m != RESTORES_REFUSALS])
def test_a_refusals_code_is_a_literal_that_can_be_searched_for(module: str) -> None:
    for code in refusal_codes(module):
        assert isinstance(code, ast.Constant), ast.unparse(code)
        assert re.fullmatch(r"[a-z][a-z-]*", str(code.value)), code.value


def test_the_search_for_codes_finds_them() -> None:
    closing = {ast.unparse(code) for code in refusal_codes("aggregates/case_closing.py")}
    assert {"'response-not-answered'", "'meeting-not-held'", "'still-waiting'"} <= closing


MAKES_ACTORS = re.compile(
    r"services/identity\.py|services/people\.py|services/login/|services/demo/|gateway/issuer/"
    r"|gateway/me\.py|gateway/names\.py"
)
"""Who reads from a token or a group what somebody is, keeps it or tells them; what they may is not
asked there."""


@pytest.mark.parametrize("module", modules("gateway", "services"))
def test_what_a_role_may_is_said_in_one_place(module: str) -> None:
    if module == "services/authorisation.py" or MAKES_ACTORS.match(module):
        return
    for node in nodes(module):
        if isinstance(node, ast.ImportFrom) and node.module == "services.identity":
            assert "Role" not in {alias.name for alias in node.names}
        if isinstance(node, ast.Attribute) and node.attr == "roles":
            assert ast.unparse(node.value).rpartition(".")[2] not in {"who", "actor", "person"}
