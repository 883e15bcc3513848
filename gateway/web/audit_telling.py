"""An event's contents or a case's state as lines that people read, each with what it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.language import Language, in_language, in_words
from gateway.web.audit_fields import FIELDS
from gateway.web.audit_values import VALUES
from gateway.web.words import translations
from services.catalogue.organisation import Organisation

SHORT: Final = 8
"""So much of an id tells it from others on the same page."""
TEAMS: Final = frozenset({"team", "to_team", "from_team"})
CHOSEN: Final = frozenset(
    {"basis", "because", "by", "channel", "deadline", "difference", "ground", "kind", "outcome"}
    | {"outstanding", "reason", "reassessed", "register", "role", "roles", "status", "unit"}
)
"""Where a word of the log's own may stand; elsewhere it is what somebody wrote."""
WRITTEN: Final = frozenset(
    {"text", "subject", "grounds", "reason", "remarks", "name", "value", "title", "detail"}
)
"""What people wrote, which is told as they wrote it."""
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`what` is where it stands, in words; `words` what stands there."""

    what: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """`was` and `now` are empty for nothing; of a list, what went and what came."""

    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """`names` are what people are called, by the ids that stand in the log."""

    language: Language
    names: Mapping[str, str]
    organisation: Organisation

    def lines(self, value: object, place: Sequence[str] = ()) -> Iterator[Line]:
        """All that says something: what is empty or not so is left out."""
        if isinstance(value, Mapping) and not _is_text(value):
            for name, each in value.items():
                yield from self.lines(each, (*place, name))
        elif value not in (None, "", [], {}, False):
            yield Line(what=self.what(place), words=self.words(value, _field(place)))

    def changed(self, place: Sequence[str], was: object, now: object) -> Changed:
        name = _field(place)
        return Changed(what=self.what(place), was=self.words(was, name), now=self.words(now, name))

    def what(self, place: Sequence[str]) -> str:
        """`decision: sent on`; where ids stand among the names, their beginnings."""
        return ": ".join(map(self._place, place))

    def words(self, value: object, name: str) -> str:
        _ = translations(self.language).gettext
        match value:
            case None | "" | []:
                return ""
            case bool():
                return _("yes") if value else _("no")
            case list():
                return self._listed(value, name)
            case Mapping() if _is_text(value):
                return str(value[self.language.value])
            case Mapping():
                return ", ".join(f"{each.what}: {each.words}" for each in self.lines(value))
            case _:
                return self._word(str(value), name)

    def _listed(self, values: Sequence[object], name: str) -> str:
        told = [self.words(each, name) for each in values]
        joint = "\n" if any(isinstance(each, Mapping) for each in values) else ", "
        return joint.join(filter(None, told))

    def _place(self, name: str) -> str:
        known = FIELDS.get(name) or VALUES.get(name)
        if known is not None:
            return translations(self.language).gettext(known)
        return self._word(name, "")

    def _word(self, value: str, name: str) -> str:
        if name in CHOSEN and value in VALUES:
            return translations(self.language).gettext(VALUES[value])
        if name in WRITTEN:
            return value
        if name in TEAMS:
            return self._team(value)
        if name == "service" and value in self.organisation.services:
            return self.organisation.services[value].title.read_in(self.language.value)
        if value in self.names:
            return f"{self.names[value]} ({value})"
        return value[:SHORT] + "…" if _ID.fullmatch(value) else in_words(value, self.language)

    def _team(self, team: str) -> str:
        known = {str(each.id): each.name for each in self.organisation.teams.values()}
        return in_language(known[team], self.language) if team in known else team


def _field(place: Sequence[str]) -> str:
    """The field that something stands in, not whose or which it is there."""
    return next((each for each in reversed(place) if each in FIELDS), "")


def _is_text(value: Mapping[str, object]) -> bool:
    """Whether it is the same said in both languages."""
    return value.keys() == {"da", "en"}
