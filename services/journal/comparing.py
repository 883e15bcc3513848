"""Do our journal and the records system say the same? Pure: two lists in, differences out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from events.ids import EntryId
from events.journal import DifferenceKind, Matter
from services.journal.references import reference_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledEntry:
    """An entry that our journal says lies on a case there, by the case's lasting id."""

    entry: EntryId
    matter: Matter
    esdh_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`matter` is the one that a person looks at; `reference` as it is written there."""

    matter: Matter
    kind: DifferenceKind
    reference: str
    esdh_id: str


def differences(
    esdh_id: str,
    theirs: Mapping[str, str],
    ours: Iterable[FiledEntry],
    known: Mapping[str, FiledEntry | None],
    matter: Matter,
) -> list[Difference]:
    """What does not agree about one case.

    `theirs` is every reference found there with its receipts, two of them where something lies
    there twice. `ours` are the entries that should lie there. `known` tells of each reference
    found there whether we have such an entry, None for one that is not filed yet or may be under
    way; `matter` is whose case it is, for what belongs to nobody.
    """
    found: list[Difference] = []
    expected = {reference_of(each.entry): each for each in ours}
    for reference, filed in expected.items():
        if reference not in theirs:
            found.append(_about(filed.matter, DifferenceKind.MISSING_THERE, reference, esdh_id))
    for reference, receipts in theirs.items():
        if reference not in known:
            found.append(_about(matter, DifferenceKind.UNKNOWN_HERE, reference, esdh_id))
            continue
        filed_as = known[reference]
        owner = matter if filed_as is None else filed_as.matter
        if filed_as is not None and filed_as.esdh_id != esdh_id:
            found.append(_about(owner, DifferenceKind.OTHER_CASE, reference, esdh_id))
        if len(receipts.split()) > 1:
            found.append(_about(owner, DifferenceKind.FILED_TWICE, reference, esdh_id))
    return found


def _about(matter: Matter, kind: DifferenceKind, reference: str, esdh_id: str) -> Difference:
    return Difference(matter=matter, kind=kind, reference=reference, esdh_id=esdh_id)
