"""A hearing as it is typed before it is published: nothing is kept of it until then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from starlette.datastructures import FormData

from gateway.hearing_shapes import HearingKindShape
from gateway.language import Language
from gateway.shapes import UploadShape
from gateway.web.forms_sent import text
from gateway.web.words import translations, when
from services.deadlines import start_of_day


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTyped:
    day: str
    month: str
    year: str

    @classmethod
    def of(cls, form: FormData, name: str) -> Self:
        day, month, year = (text(form, f"{name}.{part}").strip() for part in _PARTS)
        return cls(day=day, month=month, year=year)

    @property
    def read(self) -> date | None:
        """The day; None where there is no such one."""
        try:
            return date(int(self.year), int(self.month), int(self.day))
        except ValueError:
            return None

    def hidden(self, name: str) -> list[tuple[str, str]]:
        parts = (self.day, self.month, self.year)
        return [(f"{name}.{part}", typed) for part, typed in zip(_PARTS, parts, strict=True)]


_PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingForm:
    """`material` are the uploaded files, by id and name."""

    kind: str
    title: str
    description: str
    team: str
    last_day: DateTyped
    material: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, form: FormData, teams: Sequence[str], uploaded: Sequence[UploadShape] = ()) -> Self:
        """`teams` are those one may choose among; `uploaded` came with the form just now."""
        carried = [each for each in form.getlist("material") if isinstance(each, str)]
        dropped = form.getlist("drop")
        known = [(each.partition(" ")[0], each.partition(" ")[2]) for each in carried]
        return cls(
            kind=text(form, "kind"),
            title=text(form, "title").strip(),
            description=text(form, "description").strip(),
            team=text(form, "team") or (teams[0] if teams else ""),
            last_day=DateTyped.of(form, "last_day"),
            material=[
                *(each for each in known if each[0] not in dropped),
                *((str(each.id), each.name) for each in uploaded),
            ],
        )

    def hidden(self) -> list[tuple[str, str]]:
        """All of it, for a page that shows it and lets it be sent again."""
        return [
            ("kind", self.kind),
            ("title", self.title),
            ("description", self.description),
            ("team", self.team),
            *self.last_day.hidden("last_day"),
            *(("material", f"{found} {name}") for found, name in self.material),
        ]

    def wrong(self, kinds: Sequence[HearingKindShape], language: Language) -> Mapping[str, str]:
        """What must be mended, by field, in the order of the page."""
        _ = translations(language).gettext
        found: dict[str, str] = {}
        kind = next((each for each in kinds if each.kind == self.kind), None)
        if kind is None:
            found["kind"] = _("Choose what the hearing is about.")
        if not self.title:
            found["title"] = _("Write a title.")
        if not self.description:
            found["description"] = _("Write what the hearing is about.")
        day = self.last_day.read
        if day is None:
            found["last_day"] = _("Write the last day to answer as day, month and year.")
        elif kind is not None and day < kind.earliest:
            found["last_day"] = _("By law the last day is %(when)s at the earliest.") % {
                "when": when(kind.earliest, language)
            }
        return found

    def body(self) -> dict[str, object]:
        """What the API is asked; the whole of the last day is still open."""
        return {
            "kind": self.kind,
            "title": self.title,
            "description": self.description,
            "team": self.team,
            "closes_at": closing(self.last_day),
            "material": [found for found, _ in self.material],
        }


def closing(last_day: DateTyped) -> str:
    """The moment after a last day; what is no day is left for the API to refuse."""
    read = last_day.read
    return "" if read is None else start_of_day(read + timedelta(days=1)).isoformat()
