"""Words sealed outside the log: the same each time, opened in their own row, found by words."""

from collections import Counter
from random import Random
from typing import Final

import pytest

from events.catalogue import Event
from events.personal import FORGOTTEN
from services.privacy import words
from services.privacy.blind_index import BlindIndex
from services.privacy.keeping import has_words, kept_event
from services.privacy.person_keys import ORGANISATION
from services.privacy.sealed import SealBroken
from services.privacy.sealer import PersonKey, Sealer, Unusable
from services.privacy.words import opened, sealed_words
from tests.events import leaves
from tests.events.test_catalogue import GOLDEN

TEXT: Final = "Naboens hund gør hele natten"
PERSONS: Final = ("person:anna", "person:bo", "company:12345678", ORGANISATION)
CASES: Final = ("0193c0de-0000-7000-8000-00000000000a", "0193c0de-0000-7000-8000-00000000000b")


def sealer_of(organisation: str = "hjorring") -> Sealer:
    """Keys that are the same in every organisation, so that only its name tells them apart."""
    keys = [
        PersonKey.made_of(organisation, number, person, bytes([number]) * 32)
        for number, person in enumerate(PERSONS, start=1)
    ]
    return Sealer({key.key_id: key for key in keys})


def place(case: str = CASES[0], position: int = 17, path: str = "text") -> str:
    return f"case_id={case}/{position}/{path}"


SEALER: Final = sealer_of()
SEALED: Final = sealed_words(SEALER, "person:anna", place(), TEXT)
ROW: Final = {"case_id": CASES[0]}


@pytest.mark.parametrize("value", [TEXT, "", True, 4711, ["a", "b"], {"q": "Anna", "limit": 50}])
def test_what_was_sealed_comes_back_and_is_the_same_each_time(value: object) -> None:
    sealed = sealed_words(SEALER, "person:bo", place(), value)
    assert sealed == sealed_words(SEALER, "person:bo", place(), value)
    assert opened({"facts": [sealed, "Bo"]}, SEALER, ROW) == {"facts": [value, "Bo"]}
    assert words.key_ids(f'{{"facts": ["{sealed}", "Bo"]}}'.encode()) == {2}


def test_words_look_different_at_each_place_and_of_each_person() -> None:
    found = {
        sealed_words(SEALER, person, place(case, position, path), "nej").split(":")[1]
        for person in PERSONS
        for case in CASES
        for position in (1, 2)
        for path in ("text", "documents.0.name")
    }
    assert len(found) == 32
    assert len({len(sealed_words(SEALER, "person:bo", place(), x)) for x in (True, False, 7)}) == 1


def test_words_that_were_moved_are_opened_nowhere() -> None:
    """1,000 of 1,000: to another's row, field, fact, person or organisation, or changed."""
    chance, refused = Random(24), Counter[str]()
    for _ in range(200):
        text, (mine, others) = str(chance.random()), chance.sample(CASES, 2)
        at = place(mine, chance.randrange(1, 100))
        sealed = sealed_words(SEALER, "person:anna", at, text)
        box = sealed.split(":")[1]
        moved = {
            "row": (sealed, others, SEALER),
            "row and place": (f"sealed:{box}:{place(others, 7)}", others, SEALER),
            "field": (f"sealed:{box}:{at}.0.name", mine, SEALER),
            "person": (sealed, mine, Sealer({1: _other_person()})),
            "organisation": (sealed, mine, sealer_of("vejle")),
        }
        assert opened(sealed, SEALER, {"case_id": mine}) == text
        for kind, (where, row, keys) in moved.items():
            with pytest.raises(SealBroken):
                opened(where, keys, {"case_id": row})
            refused[kind] += 1
    assert (len(refused), refused.total()) == (5, 1_000)


def _other_person() -> PersonKey:
    return PersonKey.made_of("hjorring", 1, "person:bo", bytes([1]) * 32)


def test_each_changed_letter_is_noticed() -> None:
    box = SEALED.split(":")[1]
    for number in range(11, len(box) - 1):
        other = "A" if box[number] != "A" else "B"
        changed = f"sealed:{box[:number]}{other}{box[number + 1 :]}:{place()}"
        with pytest.raises(SealBroken):
            opened(changed, SEALER, ROW)


def test_a_row_that_does_not_say_whose_it_is_opens_nothing() -> None:
    with pytest.raises(SealBroken, match="another row"):
        opened(SEALED, SEALER, {"team": "byggeri-natur"})


def test_what_a_destroyed_key_has_sealed_is_an_omission() -> None:
    assert opened([SEALED], Sealer({1: Unusable.DESTROYED}), ROW) == [FORGOTTEN]
    with pytest.raises(SealBroken, match="unknown"):
        opened(SEALED, Sealer({1: Unusable.UNKNOWN}), ROW)


@pytest.mark.parametrize(
    "text", ["sealed:", "sealed: by hand", "sealed:abc:case_id=1/2", ":sealed"]
)
def test_what_only_begins_like_it_is_text(text: str) -> None:
    assert opened(text, SEALER, ROW) == text
    assert words.key_ids(text.encode()) == set()


@pytest.mark.parametrize("event", [event for *_, event in GOLDEN], ids=lambda e: type(e).__name__)
def test_a_fact_that_is_kept_has_none_of_its_words(event: Event) -> None:
    """And gives all of them back, each from its own place."""
    told: dict[str, object] = {}

    def seal(path: str, value: object) -> str:
        told[path] = value
        return f"<{path}>"

    kept = kept_event(event, seal)
    assert type(kept) is type(event)
    assert not leaves.words(kept)
    assert has_words(event) is bool(told)
    assert leaves.words(event) <= {text for value in told.values() for text in leaves.texts(value)}


INDEX: Final = BlindIndex(SEALER)


@pytest.mark.parametrize(
    ("subject", "sought"),
    [
        ("Carport på Nørregade 1", "carp"),
        ("Carport på Nørregade 1", "NØRREGADE 1"),
        ("Carport på Nørregade 1", "1 car"),
        ("Klage: Åbyvej", "aaby"),
        ("Klage: Aabyvej", "åbyvej"),
        ("Støjgener fra Ærøvej", "ærø støj"),
        ("Bygningsfredningsforeningens sag", "bygningsfredningsforening"),
        ("Café Sødmælk", "café"),
        ("Cafe\u0301 Sødmælk", "caf\u00e9"),
    ],
)
def test_a_subject_is_found_by_how_its_words_begin(subject: str, sought: str) -> None:
    assert set(INDEX.wanted(sought)) <= INDEX.beginnings(subject)


@pytest.mark.parametrize("sought", ["arport", "nørregade 2", "o", "carport klage", "noerregade"])
def test_it_is_found_by_nothing_else(sought: str) -> None:
    assert not set(INDEX.wanted(sought)) <= INDEX.beginnings("Carport på Nørregade 1")


def test_each_organisation_has_hashes_of_its_own() -> None:
    other = PersonKey.made_of("vejle", 9, ORGANISATION, bytes([99]) * 32)
    assert not INDEX.beginnings(TEXT) & BlindIndex(Sealer({9: other})).beginnings(TEXT)


def test_marks_are_no_words() -> None:
    assert INDEX.wanted(" -/%_ ") == []
