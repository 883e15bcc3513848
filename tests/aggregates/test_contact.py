"""How a party wants to be told: the last word counts."""

from dataclasses import replace

from aggregates import contact
from events.contact import Frequency
from events.personal import FORGOTTEN
from tests.post_examples import preferences_set, set_preferences
from tests.spec import Given

given = Given(contact.decider).given


def test_what_a_party_wants_is_written_down_when_it_is_new() -> None:
    given().when(set_preferences).then(preferences_set)
    given(preferences_set).when(set_preferences).then()


def test_the_last_word_counts() -> None:
    off = replace(set_preferences, frequency=Frequency.NONE)
    turned_off = replace(preferences_set, frequency=Frequency.NONE)
    given(preferences_set).when(off).then(turned_off)
    given(preferences_set, turned_off).when(set_preferences).then(preferences_set)


def test_whoever_was_forgotten_has_no_address() -> None:
    forgotten = replace(preferences_set, email=FORGOTTEN)
    preferences = contact.decider.replay([forgotten]).preferences
    assert preferences is not None
    assert preferences.email is None
    assert preferences.frequency is forgotten.frequency
