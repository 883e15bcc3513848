"""A fact of a case that was opened before it, with all that its letter is made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.case import CaseOpened
from events.envelope import Recorded
from services.catalogue.organisation import Organisation
from services.deadlines import local_date
from services.esdh.port import Direction
from services.journal import letter_texts as texts
from services.journal.letter import Letter, Section, Table, details


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCase:
    """`name` is the party's, as it may be read; `history` is the case's whole stream."""

    fact: Recorded
    opened: CaseOpened
    history: Sequence[Recorded]
    organisation: Organisation
    name: str

    def title(self, beginning: str, ending: str) -> str:
        day = texts.short_date(local_date(self.fact.recorded_at))
        return texts.title(beginning, self.opened.subject, f"{ending} {day}")

    def file_name(self, what: str) -> str:
        # A case may have many of a kind; its version tells them apart for ever.
        return texts.file_name(what, self.opened.reference, str(self.fact.version))

    @property
    def authority(self) -> str:
        return texts.authority(self.organisation, self.opened.team)

    def received(self, *rows: tuple[str, str | None]) -> Table:
        """Who sent it, for whom, to whom and when."""
        represented = self.fact.envelope.on_behalf_of
        return details(
            ("Fra", self.name),
            ("På vegne af", texts.acted_for(represented, self.opened.party)),
            ("Til", self.authority),
            ("Modtaget", texts.moment(self.fact.recorded_at)),
            *self._about(),
            *rows,
        )

    def sent(self, *rows: tuple[str, str | None], to: str | None = None) -> Table:
        """From whom, to whom and when; to the party unless somebody else is named."""
        return details(
            ("Fra", self.authority),
            ("Til", to or self.name),
            ("Sendt", texts.moment(self.fact.recorded_at)),
            *self._about(),
            *rows,
        )

    def letter(
        self, title: str, file_name: str, direction: Direction, *sections: Section
    ) -> Letter:
        return Letter(
            organisation=self.organisation.name.da,
            title=title,
            file_name=file_name,
            date=local_date(self.fact.recorded_at),
            direction=direction,
            sections=sections,
        )

    def _about(self) -> tuple[tuple[str, str | None], ...]:
        return (("Sagens nummer", self.opened.reference), ("Emne", self.opened.subject))
