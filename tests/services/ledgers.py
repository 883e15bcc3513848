"""What must lie in the simulator: the log says which references, people which documents where."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypedDict

import httpx

from events.catalogue import WIRE_NAMES
from events.envelope import Recorded
from events.journal import Journalised, Matter
from events.journal_worthy import JournalWorthy
from services.catalogue.organisation import Organisation
from services.journal.intake import TO_JOURNALISE
from services.journal.planning import entries_of
from services.journal.ports import EntryKind
from services.journal.references import reference_of, references_in
from tests.services.killing import TOWN, Town

ADDING: Final = {EntryKind.DOCUMENT, EntryKind.NOTE, EntryKind.REMINDER}
WORDS: Final = {"document": "description", "note": "heading", "reminder": "description"}
"""Where our reference stands on each kind of thing."""

UNFINISHED: Final = "SELECT count(*) FROM journal_entry WHERE NOT done"
OVERDUE: Final = """
    SELECT kind, state, attempts, error, due_at - clock_timestamp(), intended, matter
    FROM journal_entry WHERE NOT done ORDER BY due_at LIMIT 20"""
ON_ITS_WAY: Final = """
    SELECT count(*) FILTER (WHERE topic = ANY (%s)) - count(*) FILTER (WHERE topic = %s)
    FROM events"""


class Case(TypedDict):
    id: int
    identity: str
    title: str
    documents: list[dict[str, object]]
    notes: list[dict[str, object]]
    reminders: list[dict[str, object]]


class Happening(TypedDict):
    what: str
    case_id: int


class Ledger(TypedDict):
    cases: list[Case]
    entries: list[Happening]


def ledger_of(town: Town) -> Ledger:
    told = httpx.get(f"http://127.0.0.1:{town.port}/ledger.json", timeout=60).json()
    ledger: Ledger = told["municipalities"][TOWN]
    return ledger


def references_there(ledger: Ledger) -> list[tuple[str, str]]:
    """Every reference of ours with its case's lasting id, in the order in which it all came."""
    lasting = {case["id"]: case["identity"] for case in ledger["cases"]}
    lying = {
        (case["id"], what): iter(things)
        for case in ledger["cases"]
        for what, things in (
            ("document", case["documents"]),
            ("note", case["notes"]),
            ("reminder", case["reminders"]),
        )
    }
    return [
        (reference, lasting[entry["case_id"]])
        for entry in ledger["entries"]
        if (what := entry["what"]) in WORDS
        for thing in [next(lying[entry["case_id"], what])]
        for reference in references_in(str(thing[WORDS[what]]))
    ]


def log_of(town: Town) -> list[Recorded]:
    facts: list[Recorded] = []
    reached, end = 0, town.core.store.safe_position()
    while reached < end:
        page, reached = town.core.store.read_log(after=reached, limit=1000)
        facts += page
    return facts


def on_its_way(town: Town) -> int:
    """How many facts are to be journalised and are not."""
    told = WIRE_NAMES[Journalised]
    return town.count(ON_ITS_WAY, sorted(TO_JOURNALISE), told)


def wait_until_all_is_filed(town: Town) -> None:
    """Every fact is told as journalised, and every entry is done.

    Raises:
        AssertionError: minutes have passed; says what has not come about.
    """
    try:
        town.wait_for(
            "everything is filed", lambda: on_its_way(town) == 0 and town.count(UNFINISHED) == 0
        )
    except AssertionError as late:
        late.add_note(f"On their way: {on_its_way(town)} facts.")
        for row in town.rows(OVERDUE):
            late.add_note(str(row))
        raise


def assert_filed_exactly(town: Town, belongs: Mapping[str, str]) -> int:
    """The ledger has what it must have, each once, on the right case and in the log's order.

    `belongs` says of each uploaded document's hash what its case's title must have in it. Gives
    how many things lie there.
    """
    facts, ledger = log_of(town), ledger_of(town)
    found = references_there(ledger)
    expected = expected_of(facts, town.core.catalogue)
    _assert_each_once([reference for reference, _ in found], expected)
    _assert_right_cases(ledger, belongs)
    _assert_told_once(facts, dict(found), expected)
    return len(found)


def expected_of(facts: Sequence[Recorded], catalogue: Organisation) -> dict[str, Matter]:
    """Every reference that is to lie there, with its matter, in the order of the log."""
    return {
        reference_of(entry.entry): entry.matter
        for fact in facts
        for entry in entries_of(fact, catalogue)
        if entry.kind in ADDING
    }


def _assert_each_once(found: Sequence[str], expected: Mapping[str, Matter]) -> None:
    assert Counter(found) == Counter(list(expected)), "Lost, filed twice, or nobody's."
    assert _by_matter(found, expected) == _by_matter(expected, expected), "Not in the log's order."


def _by_matter(
    references: Iterable[str], expected: Mapping[str, Matter]
) -> dict[Matter, list[str]]:
    found: dict[Matter, list[str]] = defaultdict(list)
    for reference in references:
        found[expected[reference]].append(reference)
    return found


def _assert_right_cases(ledger: Ledger, belongs: Mapping[str, str]) -> None:
    lying = [
        (str(document["sha256"]), case["title"])
        for case in ledger["cases"]
        for document in case["documents"]
        if document["sha256"] in belongs
    ]
    assert Counter(digest for digest, _ in lying) == Counter(list(belongs))
    assert [title for digest, title in lying if belongs[digest] not in title] == []
    for about in set(belongs.values()):
        cases = [case["title"] for case in ledger["cases"] if about in case["title"]]
        assert len(cases) == 1, f"{about} has {cases}"


def _assert_told_once(
    facts: Sequence[Recorded], there: Mapping[str, str], expected: Mapping[str, Matter]
) -> None:
    told = [fact.event for fact in facts if isinstance(fact.event, Journalised)]
    worthy = [fact.event_id for fact in facts if isinstance(fact.event, JournalWorthy)]
    assert Counter(each.about for each in told) == Counter(worthy)
    cases = {(each.matter, each.esdh_case.id) for each in told}
    assert {(expected[reference], case) for reference, case in there.items()} <= cases
    assert len(cases) == len({matter for matter, _ in cases})
