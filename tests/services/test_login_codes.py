"""A way to refuse a login that no test has come upon might refuse nobody."""

import ast
import re
from pathlib import Path

from services.config import ROOT

TESTS = ("tests/services/test_login_*.py", "tests/gateway/test_login.py")


def raised() -> set[str]:
    """The codes that logins and logouts are refused with, as the source has them."""
    found = set[str]()
    for path in (ROOT / "services" / "login").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "LoginRefused":
                found.add(str(ast.literal_eval(node.args[0])))
    return found


def expected() -> set[str]:
    """The codes that the tests of logins expect."""
    files = [path for each in TESTS for path in ROOT.glob(each) if path != Path(__file__)]
    return {
        code
        for path in files
        for code in re.findall(r'"(log(?:in|out)-[a-z-]+)"', path.read_text(encoding="utf-8"))
    }


def test_every_refusal_is_some_tests_outcome() -> None:
    assert len(raised()) > 60
    assert raised() <= expected()
