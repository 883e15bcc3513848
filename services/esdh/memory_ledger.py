"""What lies in a records system that is only memory, and what people do there by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from uuid import UUID

from events.journal import EsdhCase
from services.esdh.port import (
    CaseStanding,
    CaseStatus,
    EsdhParty,
    NewDocument,
    NewNote,
    NewReminder,
)

Item: TypeAlias = NewDocument | NewNote | NewReminder


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCase:
    """`reference` is None for a case that somebody opened there by hand."""

    standing: CaseStanding
    template: str
    reference: str | None
    parties: tuple[EsdhParty, ...] = ()
    handler: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerItem:
    esdh_id: str
    receipt: str
    item: Item


@dataclass(slots=True)
class Ledger:
    """All that was ever filed, in order. A deleted case is gone from `cases` only."""

    cases: dict[str, LedgerCase] = field(default_factory=dict)
    items: list[LedgerItem] = field(default_factory=list)
    finished: set[str] = field(default_factory=set)
    opened: int = 0

    @property
    def documents(self) -> list[NewDocument]:
        return [each.item for each in self.items if isinstance(each.item, NewDocument)]

    @property
    def notes(self) -> list[NewNote]:
        return [each.item for each in self.items if isinstance(each.item, NewNote)]

    @property
    def reminders(self) -> list[NewReminder]:
        return [each.item for each in self.items if isinstance(each.item, NewReminder)]

    def open(
        self,
        template: str,
        title: str,
        *,
        reference: str | None = None,
        kle: tuple[str, str] = ("00.00.00", "A00"),
        parties: Sequence[EsdhParty] = (),
    ) -> EsdhCase:
        self.opened += 1
        number = f"{kle[0]}-{kle[1]}-{self.opened}-26"
        esdh_case = EsdhCase(id=str(UUID(int=self.opened)), number=number)
        standing = CaseStanding(esdh_case=esdh_case, title=title, status=CaseStatus.OPEN)
        self.cases[esdh_case.id] = LedgerCase(
            standing=standing, template=template, reference=reference, parties=tuple(parties)
        )
        return esdh_case

    def file(self, esdh_id: str, item: Item) -> str:
        receipt = str(len(self.items) + 1)
        self.items.append(LedgerItem(esdh_id=esdh_id, receipt=receipt, item=item))
        return receipt

    def finish(self, esdh_id: str, reference: str) -> None:
        if reference in self.references_on(esdh_id):
            self.finished.add(reference)

    def references_on(self, esdh_id: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for each in self.items:
            if each.esdh_id == esdh_id:
                reference = each.item.reference
                found[reference] = f"{found.get(reference, '')} {each.receipt}".lstrip()
        return found

    def set_status(self, esdh_id: str, status: CaseStatus) -> None:
        case = self.cases[esdh_id]
        self.cases[esdh_id] = replace(case, standing=replace(case.standing, status=status))

    def renumber(self, esdh_id: str, number: str) -> EsdhCase:
        case = self.cases[esdh_id]
        esdh_case = EsdhCase(id=esdh_id, number=number)
        standing = replace(case.standing, esdh_case=esdh_case)
        self.cases[esdh_id] = replace(case, standing=standing)
        return esdh_case

    def set_handler(self, esdh_id: str, user: str) -> None:
        self.cases[esdh_id] = replace(self.cases[esdh_id], handler=user)

    def add_party(self, esdh_id: str, party: EsdhParty) -> None:
        case = self.cases[esdh_id]
        if party not in case.parties:
            self.cases[esdh_id] = replace(case, parties=(*case.parties, party))

    def delete(self, esdh_id: str) -> None:
        del self.cases[esdh_id]
