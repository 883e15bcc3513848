"""A tender as it is typed before it is drafted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from starlette.datastructures import FormData

from gateway.language import Language
from gateway.web.forms_sent import text
from gateway.web.words import translations

LOTS_SHOWN: Final = 3
CRITERIA_SHOWN: Final = 4
ALL: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionTyped:
    name: str
    weight: str
    is_price: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderForm:
    """`lots` and `criteria` have empty ones at the end, to be filled in."""

    procedure: str
    title: str
    description: str
    team: str
    lots: Sequence[str]
    criteria: Sequence[CriterionTyped]

    @classmethod
    def of(cls, form: FormData, teams: Sequence[str]) -> Self:
        lots = [each.strip() for each in form.getlist("lot") if isinstance(each, str)]
        names = [each.strip() for each in form.getlist("criterion") if isinstance(each, str)]
        weights = [each.strip() for each in form.getlist("weight") if isinstance(each, str)]
        price = text(form, "price")
        criteria = [
            CriterionTyped(name=name, weight=weight, is_price=str(number) == price)
            for number, (name, weight) in enumerate(zip(names, weights, strict=False))
        ]
        empty = CriterionTyped(name="", weight="", is_price=False)
        return cls(
            procedure=text(form, "procedure"),
            title=text(form, "title").strip(),
            description=text(form, "description").strip(),
            team=text(form, "team") or (teams[0] if teams else ""),
            lots=[*lots, *[""] * (LOTS_SHOWN - len(lots))],
            criteria=[*criteria, *[empty] * (CRITERIA_SHOWN - len(criteria))],
        )

    def wrong(self, language: Language) -> Mapping[str, str]:
        """What must be mended, by field, in the order of the page."""
        _ = translations(language).gettext
        found: dict[str, str] = {}
        if not self.procedure:
            found["procedure"] = _("Choose who may bid.")
        if not self.title:
            found["title"] = _("Write a title.")
        if not self.description:
            found["description"] = _("Write what is wanted.")
        if not any(self.lots):
            found["lots"] = _("Name one lot at least; a tender in one piece is one lot.")
        weights = [each.weight for each in self.criteria if each.name]
        if not all(each.isdecimal() for each in weights) or sum(map(_number, weights)) != ALL:
            found["criteria"] = _("Give each criterion a weight; all weights together make 100.")
        return found

    def body(self) -> dict[str, object]:
        return {
            "procedure": self.procedure,
            "title": self.title,
            "description": self.description,
            "team": self.team,
            "lots": [{"title": each} for each in self.lots if each],
            "criteria": [
                {"name": each.name, "weight": _number(each.weight), "is_price": each.is_price}
                for each in self.criteria
                if each.name
            ],
        }


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) <= len(str(ALL)) else 0
