"""The model: people, matters and plain sentences; nothing of it is shared with what it checks."""

from dataclasses import dataclass, field

HOUR = 60
"""So many minutes does a reason to look hold."""


@dataclass(slots=True)
class Person:
    """A citizen or company has a `party`, staff an `employer`."""

    name: str
    party: str | None = None
    employer: str | None = None
    roles: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Matter:
    """`entrusted` are pairs of a party and who acts for it; `unprotected` who may be named."""

    authority: str
    team: str
    owner: str
    joined: set[str] = field(default_factory=set)
    entrusted: set[tuple[str, str]] = field(default_factory=set)
    unprotected: set[str] = field(default_factory=set)
    reasons: dict[str, int] = field(default_factory=dict)
    """Until which minute each of the staff has said why."""

    def acts_for(self, person: Person) -> set[str]:
        return {party for party, other in self.entrusted if other == person.party}


DEEDS = (
    "look-at-case",
    "say-why",
    "see-lookups",
    "write-on-case",
    "act-as-party",
    "answer-as-party",
    "name-representative",
    "confirm-reading",
    "work-on-case",
    "read-notes",
    "write-note",
    "journal",
    "send-post",
    "send-decision",
    "audit",
)


def allows(  # noqa: PLR0911 - one sentence for each
    matter: Matter, person: Person | None, deed: str, now: int
) -> bool:
    """Whether somebody may do something to a matter."""
    if person is None:
        return False
    if person.party is not None:
        return _allows_party(matter, person, deed)
    if person.employer != matter.authority:
        return False
    works = bool({"caseworker", "team-leader"} & person.roles)
    has_it = works and matter.team in person.teams
    match deed:
        case "look-at-case":
            return has_it or (works and matter.reasons.get(person.name, 0) > now)
        case "say-why":
            return works
        case "audit":
            return "auditor" in person.roles
        case "see-lookups" | "act-as-party" | "answer-as-party" | "name-representative":
            return False
        case _:
            return has_it


def _allows_party(matter: Matter, person: Person, deed: str) -> bool:
    owns = person.party == matter.owner
    joined = person.party in matter.joined
    for_owner = matter.owner in matter.acts_for(person)
    for_joined = bool(matter.joined & matter.acts_for(person))
    match deed:
        case "look-at-case" | "see-lookups" | "write-on-case" | "answer-as-party":
            return owns or joined or for_owner or for_joined
        case "act-as-party" | "confirm-reading":
            return owns or for_owner
        case "name-representative":
            return owns or joined
        case _:
            return False


def names(matter: Matter, person: Person, other: str) -> bool:
    """Whether a party, or who acts for one, may be told who `other` is."""
    return other in {person.party, *matter.acts_for(person), *matter.unprotected}
