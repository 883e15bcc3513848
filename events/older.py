"""Forms in which facts were once written: how each is brought to the next."""

from collections.abc import Callable
from typing import Final, TypeAlias

from events.day_unit import DayUnit
from events.journal import MatterKind

Payload: TypeAlias = dict[str, object]


def _deadline_with_unit(payload: Payload) -> tuple[str, Payload]:
    """Before a clock could stand still, nobody asked what a deadline was counted in."""
    return "case.deadline-set.v2", payload | {"unit": DayUnit.CALENDAR_DAYS.value}


def _decision_with_why_no_appeal_lies(payload: Payload) -> tuple[str, Payload]:
    """Before, that no appeal lay was said by having no guidance."""
    return "case.decision-recorded.v2", payload | {"no_appeal": None}


def _of_the_first(name: str) -> Callable[[Payload], tuple[str, Payload]]:
    """Before, only the one whose matter it is could be heard."""
    return lambda payload: (name, payload | {"party": None})


def _about_a_case(name: str) -> Callable[[Payload], tuple[str, Payload]]:
    """Before, nobody but the parties of cases was told of anything."""

    def upcast_post(payload: Payload) -> tuple[str, Payload]:
        matter = {"kind": MatterKind.CASE.value, "id": payload.get("case_id")}
        rest = {field: value for field, value in payload.items() if field != "case_id"}
        return name, rest | {"matter": matter}

    return upcast_post


_OF_POST: Final = tuple(
    f"post.notification-{fate}"
    for fate in (
        "queued",
        "sent",
        "in-doubt",
        "delivered",
        "bounced",
        "failed",
        "retried",
        "given-to-paper",
        "posted",
    )
)

UPCASTERS: Final[dict[str, Callable[[Payload], tuple[str, Payload]]]] = {
    "case.deadline-set.v1": _deadline_with_unit,
    "case.decision-recorded.v1": _decision_with_why_no_appeal_lies,
    "case.party-hearing-opened.v1": _of_the_first("case.party-hearing-opened.v2"),
    "case.party-hearing-answered.v1": _of_the_first("case.party-hearing-answered.v2"),
    "case.party-hearing-closed.v1": _of_the_first("case.party-hearing-closed.v2"),
    "case.party-hearing-exempted.v1": _of_the_first("case.party-hearing-exempted.v2"),
    **{f"{name}.v1": _about_a_case(f"{name}.v2") for name in _OF_POST},
}
