"""The sentence of each kind of timeline entry, with its facts in the words people use."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TypeAlias, cast

from events.ids import ActorId, CalendarDayId
from events.text import Text
from gateway import procedure_entries
from gateway.journal_entries import JOURNALISED, LIES_ON_CASE, SENT, journalised_variant
from gateway.language import Language, date_in_words, in_language, in_words
from gateway.wording import timeline_texts

Names: TypeAlias = Mapping[str, Text]
"""What people and teams are called, by actor and by `team:…`."""
Facts: TypeAlias = Mapping[str, object]


def text_of(kind: str, facts: Facts, language: Language, names: Names) -> str:
    """One sentence or more, in words a citizen uses."""
    texts = timeline_texts(language)
    given = {name: _FACTS[name](facts, language, names) for name in _NAMED.get(kind, ())}
    return texts[_variant(kind, facts)].format_map(given)


def _variant(kind: str, facts: Facts) -> str:
    """Which of a kind's sentences it is: what it is about follows the kind, after a full stop."""
    if kind in _WITH_REASON:
        return f"{kind}.with-reason" if facts.get("reason") else kind
    if kind == _CHOSEN:
        return f"{kind}.new" if facts["esdh_case"] is None else kind
    if kind in LIES_ON_CASE and not _nested(facts, "esdh_case", "number"):
        return f"{kind}.{SENT}"
    if kind in _CHOOSING:
        return _CHOOSING[kind](facts)
    field = _VARIED_BY.get(kind)
    return kind if field is None else f"{kind}.{facts[field]}"


def _by_protection(facts: Facts) -> str:
    return f"{_PROTECTION}.{'protected' if facts['protected'] else 'shown'}"


def name_of(actor: ActorId, language: Language, names: Names) -> str:
    if actor in names:
        return in_language(names[actor], language)
    return timeline_texts(language)[f"by.{actor.partition(':')[0]}"]


def _nested(facts: Facts, outer: str, inner: str) -> str:
    # The facts are the event's own fields as the projection wrote them.
    return str(cast("Facts", facts[outer])[inner])


def _steps(facts: Facts, language: Language, _: Names) -> str:
    lines = []
    for step in cast("list[Facts]", facts["steps"]):
        sentence = _in(step["text"], language)
        by = step["by"]
        lines.append(sentence if by is None else f"{sentence} ({in_words(str(by), language)})")
    return "\n".join(lines)


def _things(facts: Facts, language: Language, _: Names) -> str:
    return "\n".join(
        f"{_in(thing['what'], language)}: {_in(thing['why'], language)}"
        for thing in cast("list[Facts]", facts["things"])
    )


def _in(text: object, language: Language) -> str:
    return cast("Mapping[str, str]", text)[language]


def _answers(facts: Facts, _: Language, __: Names) -> str:
    return "\n\n".join(cast("list[str]", facts["answers"]))


def _waiting_day(facts: Facts, language: Language, _: Names) -> str:
    day = CalendarDayId(str(facts["day"])).rpartition(".")[2]
    return date_in_words(date.fromisoformat(day), language)


def _to(facts: Facts, language: Language, names: Names) -> str:
    return name_of(ActorId(str(facts["to"])), language, names)


def _person(field: str) -> Callable[[Facts, Language, Names], str]:
    """Their name; nothing where the fact names nobody, or the reader is not told whom."""
    return lambda facts, language, names: (
        name_of(ActorId(str(facts[field])), language, names) if facts.get(field) else ""
    )


def _estate(facts: Facts, _: Language, __: Names) -> str:
    found = cast("Facts", facts["property"])
    text, number = str(found["text"]), f"BFE {found['bfe']}"
    # Of one that was stated by its number nothing else is known yet.
    return text if found["bfe"] is None or text == number else f"{text} ({number})"


def _place(facts: Facts, _: Language, __: Names) -> str:
    """Where a meeting is held; an inspection has it as a fact of its own."""
    return _nested(facts, "meeting", "place") if "meeting" in facts else str(facts["place"])


def _to_team(facts: Facts, language: Language, names: Names) -> str:
    team = str(facts["to_team"])
    known = names.get(f"team:{team}")
    return team if known is None else in_language(known, language)


def _number(facts: Facts, _: Language, __: Names) -> str:
    return "" if facts["esdh_case"] is None else _nested(facts, "esdh_case", "number")


def _candidates(facts: Facts, _: Language, __: Names) -> str:
    return "\n".join(
        f"{_nested(candidate, 'esdh_case', 'number')}: {candidate['title']}"
        for candidate in cast("list[Facts]", facts["candidates"])
    )


def _plain(name: str) -> Callable[[Facts, Language, Names], str]:
    return lambda facts, language, _: in_words(str(facts[name]), language)


def _verbatim(name: str) -> Callable[[Facts, Language, Names], str]:
    return lambda facts, _, __: str(facts.get(name) or "")


_FACTS: Final[Mapping[str, Callable[[Facts, Language, Names], str]]] = {
    "subject": _verbatim("subject"),
    "reference": _verbatim("reference"),
    "text": _verbatim("text"),
    "reason": _verbatim("reason"),
    "due_on": _plain("due_on"),
    "steps": _steps,
    "things": _things,
    "answers": _answers,
    "day": _waiting_day,
    "to": _to,
    "to_team": _to_team,
    "starts_at": lambda facts, language, _: in_words(
        _nested(facts, "meeting", "starts_at"), language
    ),
    "place": _place,
    "name": lambda facts, _, __: _nested(facts, "document", "name"),
    "number": _number,
    "former_number": _verbatim("former_number"),
    "candidates": _candidates,
    "party": _person("party"),
    "representative": _person("representative"),
    "estate": _estate,
    "code": _verbatim("code"),
    "status": _verbatim("status"),
    "delivered_at": _plain("delivered_at"),
    "posted_on": _plain("posted_on"),
    "detail": _verbatim("detail"),
    "items": lambda facts, _, __: procedure_entries.items(facts),
    "delivered": lambda facts, _, __: procedure_entries.delivered(facts),
    **{name: _plain(name) for name in procedure_entries.DATES},
    **{name: _verbatim(name) for name in procedure_entries.VERBATIM},
}

_MEETING: Final = ("starts_at", "place")
_WITH_REASON: Final = frozenset({"withdrawn", "transferred"})
_CHOSEN: Final = "esdh-case-chosen"
_PROTECTION: Final = "protection-recorded"
_CHOOSING: Final[Mapping[str, Callable[[Facts], str]]] = {
    JOURNALISED: journalised_variant,
    _PROTECTION: _by_protection,
    **procedure_entries.CHOSEN,
}
_REPRESENTATION: Final = ("party", "representative")
_VARIED_BY: Final[Mapping[str, str]] = {
    "deadline-set": "deadline",
    "deadline-met": "deadline",
    "deadline-missed": "deadline",
    "esdh-case-linked": "by",
    "esdh-case-choice-requested": "reason",
    "difference-found": "difference",
    "difference-settled": "difference",
    "party-joined": "role",
    "property-not-identified": "reason",
    "notification-queued": "channel",
    "notification-sent": "channel",
    "notification-in-doubt": "channel",
    "notification-given-to-paper": "reason",
    **procedure_entries.VARIED_BY,
}
_NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "opened": ("reference", "subject"),
    "next-steps-announced": ("steps",),
    "things-to-bring-listed": ("things",),
    "assigned": ("to",),
    "transferred": ("to_team", "reason"),
    "party-wrote": ("text",),
    "caseworker-wrote": ("text",),
    "party-added-document": ("name",),
    "caseworker-added-document": ("name",),
    "meeting-booked": _MEETING,
    "meeting-moved": _MEETING,
    "meeting-missed": ("starts_at",),
    "meeting-given-from-waiting-list": _MEETING,
    "put-on-waiting-list": ("day",),
    "taken-off-waiting-list": ("day",),
    "hearing-response-answered": ("answers",),
    "deadline-set": ("due_on",),
    "deadline-missed": ("due_on",),
    "reopened": ("reason",),
    "withdrawn": ("reason",),
    "party-joined": ("party",),
    "party-left": ("party",),
    _PROTECTION: ("party",),
    "representative-proposed": _REPRESENTATION,
    "representative-appointed": _REPRESENTATION,
    "representative-declined": (*_REPRESENTATION, "reason"),
    "representation-ended": _REPRESENTATION,
    "property-identified": ("estate",),
    "property-stated": ("estate",),
    "esdh-case-linked": ("number",),
    "esdh-case-renumbered": ("number", "former_number"),
    "esdh-case-choice-requested": ("candidates",),
    _CHOSEN: ("number",),
    "journalised": ("number",),
    "journalising-refused": ("detail", "code"),
    "difference-found": ("reference", "number"),
    "difference-settled": ("reference",),
    "notification-delivered": ("delivered_at",),
    "notification-bounced": ("status",),
    "notification-failed": ("code",),
    "notification-posted": ("posted_on",),
    **procedure_entries.NAMED,
}
