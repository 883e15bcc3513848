"""From claims to who it is. A CPR number is never what somebody is known by: that is its pseudonym.

The number itself goes along once, to be kept sealed by the person's own key (`services.people`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from events.ids import ActorId, TeamId
from services.identity import Role
from services.login.description import Group, Issuer
from services.login.presets import ClaimNames
from services.login.pseudonyms import Pseudonyms
from services.login.refusal import LoginRefused
from services.registers.formats import FormatInvalid, cpr_number, cvr_number

LONGEST_NAME: Final = 200
MOST_GROUPS: Final = 1_000

_STAFF: Final = re.compile(r"[A-Za-z0-9._-]{1,90}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """`pseudonyms` are what the person is called by each key, by the current one first."""

    pseudonyms: tuple[str, ...]
    name: str
    cpr: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """The person behind a company, by CPR number or by what the company's own eID calls them."""

    cvr: str
    company: str
    pseudonyms: tuple[str, ...]
    name: str
    cpr: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """Somebody who works here. Roles and teams are those of the groups they are in now."""

    id: ActorId
    name: str
    roles: frozenset[Role]
    teams: frozenset[TeamId]


Person: TypeAlias = Citizen | Representative | Employee


def identify(
    claims: Mapping[str, object], names: ClaimNames, issuer: Issuer, pseudonyms: Pseudonyms
) -> Person:
    """Who the claims are about.

    Raises:
        LoginRefused: they do not say, or say it of somebody whom this issuer may not log in.
    """
    name = _first(claims, names.name)
    if name is not None and len(name) > LONGEST_NAME:
        raise LoginRefused("login-claim-malformed", claim="name")
    staff = _first(claims, names.staff)
    if staff is not None:
        _require_admitted(issuer, "staff")
        return _employee(claims, names, issuer, staff, name or "")
    cpr, cvr = _cpr(claims, names), _first(claims, names.cvr)
    if cvr is not None:
        _require_admitted(issuer, "companies")
        return Representative(
            cvr=_cvr(cvr),
            company=_first(claims, names.company_name) or "",
            pseudonyms=_behind(claims, names, issuer, pseudonyms, cpr),
            name=name or "",
            cpr=cpr,
        )
    if cpr is None:
        raise LoginRefused("login-person-unknown")
    _require_admitted(issuer, "citizens")
    return Citizen(pseudonyms=pseudonyms.of("cpr", cpr), name=name or "", cpr=cpr)


def _employee(
    claims: Mapping[str, object], names: ClaimNames, issuer: Issuer, staff: str, name: str
) -> Employee:
    if _STAFF.fullmatch(staff) is None:
        raise LoginRefused("login-claim-malformed", claim=names.staff[0])
    if any(claims.get(each) for each in names.elsewhere):
        # Too many to fit into a token: whoever has roles by some of them would come without.
        raise LoginRefused("login-groups-elsewhere")
    who = ActorId(f"staff:{staff}")
    found = _groups(_listed(claims, names.groups), issuer.groups)
    if not found:
        raise LoginRefused("login-no-role", nobody_now=who)
    return Employee(
        id=who,
        name=name,
        roles=frozenset(role for group in found for role in group.roles),
        teams=frozenset(TeamId(team) for group in found for team in group.teams),
    )


def _groups(named: Iterable[str], known: Mapping[str, Group]) -> list[Group]:
    """Exactly those of the settings: a group whose name only looks like one gives nothing."""
    return [known[name] for name in named if name in known]


def _behind(
    claims: Mapping[str, object],
    names: ClaimNames,
    issuer: Issuer,
    pseudonyms: Pseudonyms,
    cpr: str | None,
) -> tuple[str, ...]:
    """Who acts for a company is one and the same person as in matters of their own, if we know."""
    if cpr is not None:
        return pseudonyms.of("cpr", cpr)
    professional = _first(claims, names.professional)
    if professional is None:
        raise LoginRefused("login-person-unknown")
    return pseudonyms.of("professional", issuer.issuer, professional)


def _require_admitted(issuer: Issuer, kind: str) -> None:
    if kind not in issuer.admits:
        raise LoginRefused("login-kind-not-admitted")


def _cpr(claims: Mapping[str, object], names: ClaimNames) -> str | None:
    written = _first(claims, names.cpr)
    try:
        return None if written is None else cpr_number(written)
    except FormatInvalid:
        raise LoginRefused("login-cpr-invalid") from None


def _cvr(written: str) -> str:
    try:
        return cvr_number(written)
    except FormatInvalid:
        raise LoginRefused("login-cvr-invalid") from None


def _first(claims: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    """The first that is there, and not empty.

    Raises:
        LoginRefused: it is no text.
    """
    for name in names:
        match claims.get(name):
            case None | "":
                continue
            case str(text) if text.isprintable():
                return text
            case _:
                raise LoginRefused("login-claim-malformed", claim=name)
    return None


def _listed(claims: Mapping[str, object], names: tuple[str, ...]) -> list[str]:
    for name in names:
        match claims.get(name):
            case None:
                continue
            case [*listed] if len(listed) <= MOST_GROUPS:
                texts = [each for each in listed if isinstance(each, str)]
                if len(texts) == len(listed):
                    return texts
                raise LoginRefused("login-claim-malformed", claim=name)
            case _:
                raise LoginRefused("login-claim-malformed", claim=name)
    return []
