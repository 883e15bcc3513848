"""May this actor do this to that? The one place that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from events.ids import ActorId, PartyId, TeamId
from services.actions import Action
from services.identity import Actor, Role
from services.workers import ENTRUSTED, Worker

__all__ = [
    "ALLOWED",
    "CASEWORK",
    "Action",
    "Capacity",
    "Resource",
    "depends_on_team",
    "does_casework",
    "is_foreign",
    "may",
    "needs_reason",
]

CASEWORK: Final = frozenset({Role.CASEWORKER, Role.TEAM_LEADER})


class Capacity(StrEnum):
    """As what someone comes to a matter; staff only within their own organisation.

    Unknown is who has not logged in, where that is not asked; known who has, as whatever. Its
    party is the one whose matter a case is; other parties are those who joined it. Who acts for
    one of them comes as that one's representative (forvaltningsloven § 8).

    Committee members open and judge the bids of the tenders they are appointed to. Administrators
    see what is offered and how the system runs; for neither is anything of a case needed.
    """

    ANYONE = "anyone"
    KNOWN = "known"
    UNKNOWN = "unknown"
    SOME_PARTY = "some-party"
    ITS_PARTY = "its-party"
    ITS_REPRESENTATIVE = "its-representative"
    OTHER_PARTY = "other-party"
    OTHER_REPRESENTATIVE = "other-representative"
    CASEWORKER = "caseworker"
    WITH_REASON = "with-reason"
    ITS_TEAM = "its-team"
    ITS_TEAM_LEADER = "its-team-leader"
    ONESELF = "oneself"
    AUDITOR = "auditor"
    COMMITTEE_MEMBER = "committee-member"
    ADMINISTRATOR = "administrator"


ANY_PARTY: Final = frozenset(
    {
        Capacity.ITS_PARTY,
        Capacity.ITS_REPRESENTATIVE,
        Capacity.OTHER_PARTY,
        Capacity.OTHER_REPRESENTATIVE,
    }
)

NOBODY: Final = frozenset[Capacity]()

ALLOWED: Final[Mapping[Action, frozenset[Capacity]]] = {
    Action.READ_PUBLIC: frozenset({Capacity.ANYONE}),
    Action.SUBMIT: frozenset({Capacity.SOME_PARTY, Capacity.UNKNOWN}),
    Action.UPLOAD: frozenset({Capacity.SOME_PARTY, Capacity.CASEWORKER}),
    Action.LOOK_UP_ADDRESS: frozenset({Capacity.SOME_PARTY, Capacity.CASEWORKER}),
    Action.HOLD_SLOT: frozenset({Capacity.SOME_PARTY}),
    Action.LIST_OWN_CASES: frozenset({Capacity.SOME_PARTY}),
    # Who needs it not for their work must say what for (GDPR article 5(1)(b) and (f)).
    Action.LOOK_AT_CASE: ANY_PARTY | {Capacity.ITS_TEAM, Capacity.WITH_REASON},
    Action.SAY_WHY: frozenset({Capacity.CASEWORKER}),
    Action.SEE_LOOKUPS: ANY_PARTY,
    Action.WRITE_ON_CASE: ANY_PARTY | {Capacity.ITS_TEAM},
    # To move a meeting or take the matter back is for the one whose matter it is.
    Action.ACT_AS_PARTY: frozenset({Capacity.ITS_PARTY, Capacity.ITS_REPRESENTATIVE}),
    # Each party is heard (forvaltningsloven § 19), and answers for itself or by who acts for it.
    Action.ANSWER_AS_PARTY: ANY_PARTY,
    # Nobody passes on what was entrusted to them.
    Action.NAME_REPRESENTATIVE: frozenset({Capacity.ITS_PARTY, Capacity.OTHER_PARTY}),
    # Its party is here the one represented.
    Action.END_REPRESENTATION: frozenset(
        {Capacity.ITS_PARTY, Capacity.ITS_REPRESENTATIVE, Capacity.ITS_TEAM}
    ),
    # Messages of the authority are for the one whose matter it is.
    Action.CONFIRM_READING: frozenset(
        {Capacity.ITS_PARTY, Capacity.ITS_REPRESENTATIVE, Capacity.ITS_TEAM}
    ),
    Action.WORK_ON_CASE: frozenset({Capacity.ITS_TEAM}),
    # What colleagues write to each other is no party's to read (forvaltningsloven § 12), nor is it
    # another team's, whatever reason it has given to look at the case.
    Action.READ_NOTES: frozenset({Capacity.ITS_TEAM}),
    Action.WRITE_NOTE: frozenset({Capacity.ITS_TEAM}),
    Action.SEND_DECISION: frozenset({Capacity.ITS_TEAM}),
    Action.SEE_QUEUE: frozenset({Capacity.ITS_TEAM}),
    Action.JOURNAL: frozenset({Capacity.ITS_TEAM}),
    Action.RUN_HEARING: frozenset({Capacity.ITS_TEAM}),
    Action.RUN_TENDER: frozenset({Capacity.ITS_TEAM}),
    Action.BID: frozenset({Capacity.SOME_PARTY}),
    # Which members, the tender's own rules say; nobody opens by a role alone.
    Action.SIT_ON_COMMITTEE: frozenset({Capacity.COMMITTEE_MEMBER}),
    Action.OPEN_BIDS: frozenset({Capacity.COMMITTEE_MEMBER}),
    Action.EVALUATE_BIDS: frozenset({Capacity.COMMITTEE_MEMBER, Capacity.ITS_TEAM}),
    Action.PUBLISH_SLOTS: frozenset({Capacity.ITS_TEAM}),
    Action.RECORD_ABSENCE: frozenset({Capacity.ONESELF, Capacity.ITS_TEAM_LEADER}),
    Action.SEE_STATISTICS: frozenset({Capacity.ITS_TEAM_LEADER, Capacity.AUDITOR}),
    # Of teams that are no more, too.
    Action.SEE_ALL_STATISTICS: frozenset({Capacity.AUDITOR}),
    Action.SEND_POST: frozenset({Capacity.ITS_TEAM}),
    Action.SET_PREFERENCES: frozenset({Capacity.SOME_PARTY}),
    # What is not sent yet is nobody else's, and no authority's.
    Action.KEEP_DRAFT: frozenset({Capacity.SOME_PARTY}),
    Action.AUDIT: frozenset({Capacity.AUDITOR}),
    # Drafts of services, figures and states: nothing of a case or of a person.
    Action.SEE_CATALOGUE: frozenset({Capacity.ADMINISTRATOR}),
    Action.SEE_RUNNING: frozenset({Capacity.ADMINISTRATOR}),
    # And out again; whose session it is, its cookie says.
    Action.LOG_IN: frozenset({Capacity.ANYONE}),
    Action.SEE_ONESELF: frozenset({Capacity.KNOWN}),
}


def depends_on_team(action: Action) -> bool:
    """Whether it matters which team a thing belongs to, which for a case may change."""
    return Capacity.ITS_TEAM in ALLOWED[action]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What an action is about; `team` and `party` are those of the case, hearing or calendar.

    `others` are the further parties of a case, `represented` those whom the actor acts for;
    `colleague` is the member of staff that it is about. `takes_anonymous`: a service that is for
    those as well who do not say who they are. `has_reason`: whoever asks has lately said why they
    look at it, though it may be another team's.
    """

    organisation: str
    team: TeamId | None = None
    party: PartyId | None = None
    colleague: ActorId | None = None
    others: frozenset[PartyId] = field(default_factory=frozenset)
    represented: frozenset[PartyId] = field(default_factory=frozenset)
    takes_anonymous: bool = False
    has_reason: bool = False


def is_foreign(actor: Actor, organisation: str) -> bool:
    """Staff of one organisation are strangers in every other; citizens may use them all."""
    return actor.organisation is not None and actor.organisation != organisation


def does_casework(person: Actor, organisation: str) -> bool:
    """Whether somebody is of those whom an organisation's cases are given to."""
    return person.organisation == organisation and bool(person.roles & CASEWORK)


def may(actor: Actor | Worker | None, action: Action, resource: Resource) -> bool:
    """Whether `actor`, None being anyone at all, may do `action` to `resource`.

    A `resource` without a team, party or colleague stands for some team's, party's or
    colleague's: the answer is then whether the actor could do it to any of theirs. Who runs by
    itself may what stands in its row of `ENTRUSTED`, in its own organisation, and nothing else.
    """
    if isinstance(actor, Worker):
        return actor.organisation == resource.organisation and action in ENTRUSTED[actor.job]
    return not ALLOWED.get(action, NOBODY).isdisjoint(_capacities(actor, resource))


def needs_reason(actor: Actor | None, action: Action, resource: Resource) -> bool:
    """Whether the actor may do it once they have said why."""
    return may(actor, action, replace(resource, has_reason=True)) and not may(
        actor, action, resource
    )


def _capacities(actor: Actor | None, resource: Resource) -> set[Capacity]:
    found = {Capacity.ANYONE}
    if actor is None and resource.takes_anonymous:
        found.add(Capacity.UNKNOWN)
    if actor is None or is_foreign(actor, resource.organisation):
        return found
    found.add(Capacity.KNOWN)
    if actor.party is not None:
        found |= _as_party(actor.party, resource)
    if actor.roles & CASEWORK:
        found.add(Capacity.CASEWORKER)
        if resource.has_reason:
            found.add(Capacity.WITH_REASON)
        if resource.colleague in (None, actor.id):
            found.add(Capacity.ONESELF)
        if resource.team is None or resource.team in actor.teams:
            found.add(Capacity.ITS_TEAM)
            if Role.TEAM_LEADER in actor.roles:
                found.add(Capacity.ITS_TEAM_LEADER)
    return found | {_BY_ROLE[role] for role in actor.roles & _BY_ROLE.keys()}


_BY_ROLE: Final = {
    Role.AUDITOR: Capacity.AUDITOR,
    Role.COMMITTEE_MEMBER: Capacity.COMMITTEE_MEMBER,
    Role.ADMINISTRATOR: Capacity.ADMINISTRATOR,
}
"""As what somebody comes to anything, whichever team or party it is of."""


def _as_party(party: PartyId, resource: Resource) -> set[Capacity]:
    found = {Capacity.SOME_PARTY}
    if resource.party in (None, party):
        found.add(Capacity.ITS_PARTY)
    if party in resource.others:
        found.add(Capacity.OTHER_PARTY)
    if resource.party in resource.represented:
        found.add(Capacity.ITS_REPRESENTATIVE)
    if resource.others & resource.represented:
        found.add(Capacity.OTHER_REPRESENTATIVE)
    return found
