"""Every code that can be answered has its words in both languages, with the same facts."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from events.case import CaseEvent, DeadlineKind
from gateway import bodies
from gateway.entries import text_of
from gateway.language import Language
from gateway.openapi import codes_of
from gateway.problems import STATUSES
from gateway.wording import field_texts, problem_texts, timeline_texts
from projections.timeline import KINDS
from services.catalogue.answers import AnswerCode
from services.config import ROOT
from tests.gateway.routes import ROUTES

FOLDERS = ("aggregates", "commands", "services", "gateway")
RAISES = {"Refused", "Problem", "DocumentRefused", "LoginFailed"}
CODES_OF_ERRORS = {
    "idempotency-key-reused",
    "busy",
    "store-unavailable",
    "view-behind",
    "position-unknown",
    "version-stale",
}


def raised() -> Iterator[tuple[Path, ast.Call, str]]:
    """Each place in the source that makes an error with a literal code."""
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                    first = node.args[0] if node.args else None
                    if (
                        name in RAISES
                        and isinstance(first, ast.Constant)
                        and isinstance(first.value, str)
                    ):
                        yield path, node, first.value


def facts_of(call: ast.Call) -> set[str]:
    """The facts given beside a code: keywords, or the keys of `facts`."""
    found = {each.arg for each in call.keywords if each.arg} - {"errors", "headers", "facts"}
    for each in call.keywords:
        if each.arg == "facts" and isinstance(each.value, ast.Dict):
            found |= {str(key.value) for key in each.value.keys if isinstance(key, ast.Constant)}
    return found


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def all_codes() -> set[str]:
    codes = {code for _, _, code in raised()} | set(STATUSES) | CODES_OF_ERRORS
    return codes | {code for route in ROUTES.values() for code in codes_of(route)}


def test_the_source_raises_what_we_think_it_does() -> None:
    found = {code for _, _, code in raised()}
    assert {"case-not-open", "slot-taken", "document-empty", "token-expired"} <= found


@pytest.mark.parametrize("language", Language)
def test_every_code_has_a_text(language: Language) -> None:
    assert all_codes() <= set(problem_texts(language))


def test_no_text_is_left_over() -> None:
    assert set(problem_texts(Language.DANISH)) <= all_codes()


def test_both_languages_name_the_same_facts() -> None:
    danish, english = (problem_texts(language) for language in Language)
    assert set(danish) == set(english)
    for code, text in danish.items():
        assert placeholders(text.detail) == placeholders(english[code].detail), code
        assert not placeholders(text.title + english[code].title), code
    fields, others = (field_texts(language) for language in Language)
    assert set(fields) == set(others)
    for code, field in fields.items():
        assert placeholders(field.message) == placeholders(others[code].message), code


def test_every_fact_that_a_text_names_is_given_where_its_code_is_raised() -> None:
    for path, call, code in raised():
        named = placeholders(problem_texts(Language.DANISH)[code].detail)
        assert named <= facts_of(call), f"{path}: {code} lacks {named - facts_of(call)}"


def test_every_field_code_has_a_text() -> None:
    literals = {
        node.value
        for path in (ROOT / "gateway").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("input-")
    }
    assert set(bodies._CODES.values()) <= literals  # noqa: SLF001 - the table is what is tested
    assert literals | set(AnswerCode) == set(field_texts(Language.DANISH))


def test_every_kind_of_entry_has_its_sentence() -> None:
    for language in Language:
        written = set(timeline_texts(language))
        for event in get_args(CaseEvent):
            kind = KINDS[event]
            wanted = (
                {f"{kind}.{deadline}" for deadline in DeadlineKind}
                if kind.startswith("deadline-")
                else {kind}
            )
            assert wanted <= written, (language, kind)
    assert set(timeline_texts(Language.DANISH)) == set(timeline_texts(Language.ENGLISH))


def test_dates_on_the_timeline_are_written_out() -> None:
    meeting = {"starts_at": "2026-12-01T09:00:00+01:00", "place": "Rådhuset"}
    facts: dict[str, object] = {"meeting": meeting}
    danish = text_of("meeting-booked", facts, Language.DANISH, {})
    english = text_of("meeting-booked", facts, Language.ENGLISH, {})
    assert "tirsdag den 1. december 2026 kl. 9.00" in danish
    assert "Tuesday 1 December 2026 at 9:00" in english


def test_braces_in_what_people_write_are_only_braces() -> None:
    assert text_of("party-wrote", {"text": "{reason} {0}"}, Language.DANISH, {}) == "{reason} {0}"
