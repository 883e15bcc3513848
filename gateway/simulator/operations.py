"""The contract: every operation's method and path, and who answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from gateway.simulator import cases, documents, lists, notes, parties, searching
from gateway.simulator.call import Answer, Call

Handler: TypeAlias = Callable[[Call], Answer]


class Effect(StrEnum):
    """Whether it may change the ledger; what only asks does not wait for a commit."""

    READS = "reads"
    WRITES = "writes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`definition` is its answer's name in the Swagger document."""

    method: str
    path: str
    handler: Handler
    effect: Effect
    definition: str

    @property
    def name(self) -> str:
        """What patterns of faults are compared with."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The operation of a request, with what stood in its path's braces."""

    operation: Operation
    path: Mapping[str, str]


def _asks(path: str, handler: Handler, definition: str, *, method: str = "GET") -> Operation:
    return Operation(
        method=method, path=path, handler=handler, effect=Effect.READS, definition=definition
    )


def _adds(path: str, handler: Handler, definition: str, *, method: str = "POST") -> Operation:
    return Operation(
        method=method, path=path, handler=handler, effect=Effect.WRITES, definition=definition
    )


OPERATIONS: Final = (
    _asks("info/heartbeat/authorized", lists.heartbeat, "boolean"),
    _adds("sag/template", cases.make_from_template, "Dto.Sag.SagDto"),
    _asks("sag/search", searching.search_cases, "Dto.Sag.SagSearchResultDto", method="POST"),
    _asks("sag/sagStatusList", cases.list_statuses, "Dto.Sag.SagsStatusDto[]"),
    _asks("sag/{sag}", cases.read_case, "Dto.Sag.SagDto"),
    _adds("sag/{sag}", cases.replace_case, "Dto.Sag.SagDto", method="PUT"),
    _adds("sag/{sag}/status", cases.set_status, "Dto.Sag.SagDto", method="PUT"),
    _asks("sag/{sag}/part", cases.list_parties, "Dto.Part.PartDto[]"),
    _adds("sag/{sag}/part", cases.add_party, "boolean"),
    _asks("sag/{sag}/dokumenter", documents.list_documents, "Dto.Dokument.DokumentMetadataDto[]"),
    _asks("sag/{sag}/delforloeb", documents.list_folders, "Dto.Delforloeb.DelforloebDto[]"),
    _asks("sag/{sag}/journalarknotes", notes.list_notes, "Dto.Journalark.JournalarkNoteDto[]"),
    _adds("journalarknote/create", notes.add_note, "Dto.Journalark.JournalarkNoteDto"),
    _asks("person/search", parties.search_persons, "Dto.Part.PersonDto[]", method="POST"),
    _adds("person", parties.make_person, "Dto.Part.PersonDto"),
    _asks("firma/search", parties.search_firms, "Dto.Part.FirmaDto[]", method="POST"),
    _asks("part/person", parties.person_by_id, "Dto.Part.PersonDto"),
    _asks("bruger/search", lists.search_users, "Dto.Bruger.BrugerDto[]", method="POST"),
    _asks("bruger/me", lists.read_me, "Dto.Bruger.BrugerDto"),
    _asks("bruger/{uuid}", lists.read_user, "Dto.Bruger.BrugerDto"),
    _asks("sagsskabelon", lists.list_templates, "Dto.Sag.SagSkabelonDto[]"),
    _asks("sagsskabelon/{id}", lists.read_template, "Dto.Sag.SagSkabelonDto"),
    _adds("dokument/journaliser", documents.journalise, "Dto.Dokument.DokumentMetadataDto"),
    _adds(
        "dokument/journaliser/{delforloebId}",
        documents.journalise,
        "Dto.Dokument.DokumentMetadataDto",
    ),
    _asks("dokument/{id}", documents.read_document, "Dto.Dokument.DokumentMetadataDto"),
    _asks("fil/{id}", documents.read_file, "file"),
    _asks("delforloeb/sag/{sag}", documents.list_folders, "Dto.Delforloeb.DelforloebDto[]"),
    _asks("delforloeb/{delforloebId}", documents.read_folder, "Dto.Delforloeb.DelforloebDto"),
    _adds(
        "delforloeb/{delforloebId}/dokument",
        documents.put_in_folder,
        "Dto.Dokument.DokumentMetadataDto",
    ),
    _asks("erindring/sag/{sag}", notes.list_reminders, "Dto.Erindring.ErindringDto[]"),
    _asks("erindring/typer", notes.list_reminder_kinds, "Dto.Erindring.ErindringTypeDto[]"),
    _asks("erindring/{id}", notes.read_reminder, "Dto.Erindring.ErindringDto"),
    _adds("erindring", notes.make_reminder, "Dto.Erindring.ErindringDto"),
    _adds("erindring/{id}", notes.replace_reminder, "Dto.Erindring.ErindringDto", method="PUT"),
    _asks("ansaettelsessted/alle", lists.list_units, "Dto.Ansaettelsessted[]"),
)


def find(method: str, path: str) -> Found | None:
    """The operation of a path, whose own words go before what stands in braces."""
    segments = path.strip("/").split("/")
    for operation in _BY_LENGTH.get((method, len(segments)), ()):
        matched = _match(operation.path, segments)
        if matched is not None:
            return Found(operation=operation, path=matched)
    return None


def _match(pattern: str, segments: list[str]) -> Mapping[str, str] | None:
    found: dict[str, str] = {}
    for wanted, segment in zip(pattern.split("/"), segments, strict=True):
        if wanted.startswith("{"):
            found[wanted.strip("{}")] = segment
        elif wanted.casefold() != segment.casefold():
            return None
    return found


def _by_length() -> Mapping[tuple[str, int], list[Operation]]:
    sorted_in: dict[tuple[str, int], list[Operation]] = {}
    for each in sorted(OPERATIONS, key=lambda operation: operation.path.count("{")):
        sorted_in.setdefault((each.method, each.path.count("/") + 1), []).append(each)
    return sorted_in


_BY_LENGTH: Final = _by_length()
