"""Hearings in words: of what kind, how far they have come, and how long the law keeps them open."""

from typing import Final

from events.hearing import HearingKind
from gateway.hearing_shapes import HearingRowShape
from gateway.language import Language
from gateway.web.words import translations, until


def kinds(language: Language) -> dict[str, str]:
    _ = translations(language).gettext
    return {
        HearingKind.MUNICIPAL_PLAN: _("Municipal plan"),
        HearingKind.MUNICIPAL_PLAN_MINOR: _("Minor change of the municipal plan"),
        HearingKind.LOCAL_PLAN: _("Local plan"),
        HearingKind.LOCAL_PLAN_MINOR: _("Local plan of minor importance"),
        HearingKind.NEIGHBOUR_NOTICE: _("Notice to neighbours"),
    }


LAW: Final = {
    HearingKind.MUNICIPAL_PLAN: "planloven § 24, stk. 3",
    HearingKind.MUNICIPAL_PLAN_MINOR: "planloven § 24, stk. 4",
    HearingKind.LOCAL_PLAN: "planloven § 24, stk. 5",
    HearingKind.LOCAL_PLAN_MINOR: "planloven § 24, stk. 6",
    HearingKind.NEIGHBOUR_NOTICE: "planloven § 20",
}


def kind_words(kind: str, language: Language) -> str:
    return kinds(language).get(kind, kind)


def deadline_words(hearing: HearingRowShape, language: Language) -> str:
    """How far a hearing has come, in one sentence."""
    _ = translations(language).gettext
    when = {"when": until(hearing.closes_at, language)}
    match hearing.state:
        case "open":
            return _("Answer by %(when)s.") % when
        case "closed":
            return _("Closed %(when)s. The answers are being gone through.") % when
        case "cancelled":
            return _("The hearing was called off.")
        case _:
            return _("Concluded, with answers to what was said.")
