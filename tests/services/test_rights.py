"""Who may do what after any history, by the rules and by a model that says it in other words."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from events.case import CaseEvent
from events.case_assignment import CaseTransferred
from events.case_party import PartyLeft, RepresentationEnded
from events.ids import ActorId, PartyId, TeamId
from services.authorisation import ALLOWED, Action, Resource, may
from services.case_parties import Parties, parties_after
from services.identity import Actor, Role
from services.opened_cases import OpenedCase, read_on
from services.sight import sight_of
from tests.rights.histories import History, Rules
from tests.rights.model import DEEDS

HISTORIES = 1_000
SOON = 400
"""A rule that is wrong shows within so many."""

ULLA = Actor(
    id=ActorId("staff:ulla"),
    roles=frozenset(),
    organisation="hjorring",
    teams=frozenset({TeamId("byggeri")}),
    party=None,
    on_behalf_of=None,
    name="Ulla Ulriksen",
)

ELSEWHERE = {
    Action.READ_PUBLIC,
    Action.SUBMIT,
    Action.UPLOAD,
    Action.LOOK_UP_ADDRESS,
    Action.HOLD_SLOT,
    Action.LIST_OWN_CASES,
    Action.END_REPRESENTATION,
    Action.SEE_QUEUE,
    Action.RUN_HEARING,
    Action.RUN_TENDER,
    Action.BID,
    Action.SIT_ON_COMMITTEE,
    Action.OPEN_BIDS,
    Action.EVALUATE_BIDS,
    Action.PUBLISH_SLOTS,
    Action.RECORD_ABSENCE,
    Action.SEE_STATISTICS,
    Action.SEE_ALL_STATISTICS,
    Action.SET_PREFERENCES,
    Action.SEE_CATALOGUE,
    Action.SEE_RUNNING,
    Action.KEEP_DRAFT,
    Action.LOG_IN,
    Action.SEE_ONESELF,
}
"""What is not done to a case: the access matrix has those."""


def played(rules: Rules, seed: int) -> History:
    history = History(seed=seed, rules=rules)
    history.play()
    return history


def test_the_rules_and_the_model_agree_after_every_step() -> None:
    histories = [played(Rules(), seed) for seed in range(HISTORIES)]
    assert [(each.seed, each.wrong[0]) for each in histories if each.wrong] == []
    # Else only refusals would have been compared.
    assert sum(each.allowed for each in histories) > HISTORIES
    assert set(DEEDS) | ELSEWHERE == set(ALLOWED)


def _anywhere(actor: Actor | None, action: Action, about: Resource) -> bool:
    """Staff of one organisation are let in by another, whose teams are named alike."""
    if actor is not None and actor.organisation is not None:
        actor = replace(actor, organisation=about.organisation)
    return may(actor, action, about)


def _others_act(actor: Actor | None, action: Action, about: Resource) -> bool:
    """Whoever joined may take the matter back, too."""
    return may(actor, action, about) or (
        action is Action.ACT_AS_PARTY and actor is not None and actor.party in about.others
    )


def _reason_opens_notes(actor: Actor | None, action: Action, about: Resource) -> bool:
    look = Action.LOOK_AT_CASE if action is Action.READ_NOTES and about.has_reason else action
    return may(actor, look, about)


def _administrators_read(actor: Actor | None, action: Action, about: Resource) -> bool:
    is_there = actor is not None and actor.organisation == about.organisation
    admitted = is_there and actor is not None and Role.ADMINISTRATOR in actor.roles
    return may(actor, action, about) or (action is Action.AUDIT and admitted)


def _leaving_is_forgotten(parties: Parties, history: Sequence[CaseEvent]) -> Parties:
    return parties_after(parties, [each for each in history if not isinstance(each, PartyLeft)])


def _ending_is_forgotten(parties: Parties, history: Sequence[CaseEvent]) -> Parties:
    kept = [each for each in history if not isinstance(each, RepresentationEnded)]
    return parties_after(parties, kept)


def _proposed_is_appointed(parties: Parties, history: Sequence[CaseEvent]) -> Parties:
    after = parties_after(parties, history)
    appointed = (replace(each, is_appointed=True) for each in after.representations)
    return replace(after, representations=tuple(appointed))


def _moving_is_forgotten(known: OpenedCase, new: Sequence[CaseEvent]) -> OpenedCase:
    return read_on(known, [each for each in new if not isinstance(each, CaseTransferred)])


def _unknown_is_shown(parties: Parties, who: PartyId, other: PartyId) -> bool:
    return not sight_of(who, parties).hides(other) or other not in parties.everybody()


WRONG: dict[str, Callable[[], Rules]] = {
    "another organisation's staff": lambda: Rules(may=_anywhere),
    "a further party withdraws": lambda: Rules(may=_others_act),
    "a reason opens notes": lambda: Rules(may=_reason_opens_notes),
    "administrators audit": lambda: Rules(may=_administrators_read),
    "who left sees on": lambda: Rules(parties_after=_leaving_is_forgotten),
    "who was dismissed acts on": lambda: Rules(parties_after=_ending_is_forgotten),
    "a proposal is enough": lambda: Rules(parties_after=_proposed_is_appointed),
    "the old team keeps its case": lambda: Rules(read_on=_moving_is_forgotten),
    "strangers are named": lambda: Rules(is_shown=_unknown_is_shown),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_rule_that_is_wrong_is_found_out(wrong: str) -> None:
    rules = WRONG[wrong]()
    assert any(played(rules, seed).wrong for seed in range(SOON))


def test_committee_members_and_administrators_have_nothing_of_a_case() -> None:
    """Not even where no team, party or case is named."""
    for role in (Role.COMMITTEE_MEMBER, Role.ADMINISTRATOR):
        actor = replace(ULLA, roles=frozenset({role}))
        about = Resource(organisation="hjorring", has_reason=True)
        allowed = {action for action in Action if may(actor, action, about)}
        runs = {Action.SEE_CATALOGUE, Action.SEE_RUNNING}
        opens = {Action.SIT_ON_COMMITTEE, Action.OPEN_BIDS, Action.EVALUATE_BIDS}
        own = runs if role is Role.ADMINISTRATOR else opens
        assert allowed == {Action.READ_PUBLIC, Action.LOG_IN, Action.SEE_ONESELF} | own
