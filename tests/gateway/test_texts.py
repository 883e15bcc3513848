"""Every code that can be answered has its words in both languages, with the same facts."""

import ast
import json
import re
import string
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import pytest

from events.case_complaint import BoardOutcome, Reassessment
from events.case_deadline import DeadlineKind
from events.case_decision import Outcome
from events.case_information import RequestEnd
from events.case_party import PartyRole
from events.case_party_hearing import HearingEnd
from events.case_property import NotIdentified
from events.catalogue import Event
from events.journal import (
    ChoiceReason,
    DifferenceKind,
    EsdhCase,
    JournalDifferenceSettled,
    JournalEvent,
    LinkedBy,
)
from events.post import Channel, PaperReason, PostEvent
from gateway import bodies
from gateway.journal_entries import SENT, TOLD_WHEN_JOURNALISED
from gateway.language import Language
from gateway.openapi import codes_of
from gateway.problems import STATUSES
from gateway.procedure_entries import JOINED
from gateway.sentences import text_of
from gateway.wording import TEXTS, field_texts, problem_texts, timeline_texts
from projections.plain import encode, values
from projections.timeline import KINDS
from services.catalogue.answer_mistakes import AnswerCode
from services.config import ROOT
from tests import examples, post_examples
from tests.gateway.routes import ROUTES

FOLDERS = ("aggregates", "commands", "services", "gateway")
RAISES = {
    "Refused",
    "Problem",
    "DocumentRefused",
    "LoginFailed",
    "LoginRefused",
    "CannotOpen",
    "SharesUnusable",
}
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


@pytest.mark.parametrize("file", sorted(TEXTS.glob("*.yaml")), ids=lambda file: file.name)
def test_no_text_is_written_twice(file: Path) -> None:
    """YAML would take the second and drop the first without a word."""
    keys = re.findall(r"^([^\s#][^:]*):", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert [key for key, times in Counter(keys).items() if times > 1] == []


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


ACTORS = ("person", "company", "anonymous", "staff", "system", "hidden")
VARIANTS: dict[str, type[StrEnum]] = {
    "deadline-set": DeadlineKind,
    "deadline-met": DeadlineKind,
    "deadline-missed": DeadlineKind,
    "deadline-suspended": DeadlineKind,
    "deadline-resumed": DeadlineKind,
    "deadline-extended": DeadlineKind,
    "information-request-ended": RequestEnd,
    "decision-recorded": Outcome,
    "decision-reassessed": Reassessment,
    "board-decided": BoardOutcome,
    "esdh-case-linked": LinkedBy,
    "esdh-case-choice-requested": ChoiceReason,
    "difference-found": DifferenceKind,
    "difference-settled": DifferenceKind,
    "party-joined": PartyRole,
    "property-not-identified": NotIdentified,
    "notification-queued": Channel,
    "notification-sent": Channel,
    "notification-in-doubt": Channel,
    "notification-given-to-paper": PaperReason,
}


def test_every_kind_of_entry_has_its_sentence_and_no_sentence_is_left_over() -> None:
    kinds = set(KINDS.values())
    wanted = {f"by.{actor}" for actor in ACTORS}
    wanted |= {"withdrawn.with-reason", "transferred.with-reason", "esdh-case-chosen.new"}
    wanted |= {"withheld"} | kinds - set(VARIANTS)
    wanted |= {f"protection-recorded.{state}" for state in ("protected", "shown")}
    wanted -= {"protection-recorded"}
    wanted |= {"decision-dispatched.with-appeal", "party-hearing-answered.nothing"}
    wanted |= {f"party-hearing-closed.{end}" for end in HearingEnd}
    # Of a party who joined; only such a one leaves.
    wanted |= {f"{each}.{JOINED}" for each in wanted if each.startswith("party-hearing-")}
    wanted -= {
        "party-hearing-closed",
        f"party-hearing-closed.{JOINED}",
    }
    wanted -= {"inspection-held", "complaint-over-decision"}
    wanted |= {"inspection-held.approved", "inspection-held.not-approved"}
    wanted |= {"complaint-over-decision.in-time", "complaint-over-decision.late"}
    wanted |= {f"{kind}.{each}" for kind, variants in VARIANTS.items() for each in variants}
    wanted |= {f"journalised.{kind}" for kind in (*TOLD_WHEN_JOURNALISED, SENT)}
    wanted |= {f"esdh-case-linked.{SENT}"}
    for language in Language:
        assert set(timeline_texts(language)) == wanted


def test_both_languages_tell_the_same_of_an_entry() -> None:
    danish, english = (timeline_texts(language) for language in Language)
    for kind, sentence in danish.items():
        assert placeholders(sentence) == placeholders(english[kind]), kind


def written(event: Event, language: Language) -> str:
    """The sentence of an entry whose facts are as the timeline keeps them."""
    facts = json.loads(encode(values(event)))
    return text_of(KINDS[type(event)], facts, language, {})


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "event",
    [
        *(replace(examples.case_linked, by=by) for by in LinkedBy),
        *(replace(examples.choice_requested, reason=reason) for reason in ChoiceReason),
        *(replace(examples.difference_found, difference=kind) for kind in DifferenceKind),
        *(replace(examples.difference_settled, difference=kind) for kind in DifferenceKind),
        examples.case_renumbered,
        examples.case_chosen,
        examples.new_case_chosen,
        examples.journalised,
        examples.journalising_refused,
        examples.journalising_retried,
    ],
    ids=repr,
)
def test_the_journal_is_told_in_words(event: JournalEvent, language: Language) -> None:
    told = written(event, language)
    number = getattr(getattr(event, "esdh_case", None), "number", "")
    assert number in told or isinstance(event, JournalDifferenceSettled)
    assert "{" not in told
    assert "_" not in told


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "event",
    [
        *(replace(post_examples.notification_queued, channel=each) for each in Channel),
        *(replace(post_examples.notification_sent, channel=each) for each in Channel),
        *(replace(post_examples.notification_in_doubt, channel=each) for each in Channel),
        *(replace(post_examples.notification_given_to_paper, reason=each) for each in PaperReason),
        post_examples.notification_delivered,
        post_examples.notification_bounced,
        post_examples.notification_failed,
        post_examples.notification_retried,
        post_examples.notification_posted,
    ],
    ids=repr,
)
def test_what_became_of_the_post_is_told_in_words(event: PostEvent, language: Language) -> None:
    told = written(event, language)
    assert told.endswith(".")
    assert "{" not in told
    assert "_" not in told


def test_a_journal_entry_says_where_it_lies() -> None:
    linked = "Journaliseres på sag 02.34.02-P19-12-26, som er oprettet til din henvendelse."
    assert written(examples.case_linked, Language.DANISH) == linked
    there = "journaliseret på sag 02.34.02-P19-12-26."
    assert written(examples.journalised, Language.DANISH) == f"Din henvendelse er {there}"
    bookkeeping = replace(examples.journalised, fact="case.deadline-set.v1")
    assert written(bookkeeping, Language.DANISH) == "Journaliseret på sag 02.34.02-P19-12-26."
    nameless = replace(examples.journalised, esdh_case=EsdhCase(id="<a@b>", number=""))
    assert written(nameless, Language.DANISH) == "Sendt til journalisering."
    asked = written(examples.choice_requested, Language.ENGLISH)
    assert asked.endswith("02.34.02-P19-7-25: Nørregade 1, carport")


def test_dates_on_the_timeline_are_written_out() -> None:
    meeting = {"starts_at": "2026-12-01T09:00:00+01:00", "place": "Rådhuset"}
    facts: dict[str, object] = {"meeting": meeting}
    danish = text_of("meeting-booked", facts, Language.DANISH, {})
    english = text_of("meeting-booked", facts, Language.ENGLISH, {})
    assert "tirsdag den 1. december 2026 kl. 9.00" in danish
    assert "Tuesday 1 December 2026 at 9:00" in english


def test_braces_in_what_people_write_are_only_braces() -> None:
    assert text_of("party-wrote", {"text": "{reason} {0}"}, Language.DANISH, {}) == "{reason} {0}"
