"""SBSYS over its Web API, as a records system of ours.

SBSYS has no idempotency key. Our reference goes into texts that it gives back: the end of a
case's title, the description of documents and reminders, the heading of notes. A case whose
title has been rewritten by hand is therefore not found by reference again.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from services.esdh.description import Sbsys
from services.esdh.port import (
    CaseOutcome,
    CaseStanding,
    CaseStatus,
    Company,
    Done,
    EsdhParty,
    EsdhUnavailable,
    NewCase,
    NewDocument,
    NewNote,
    NewReminder,
    Opened,
    Outcome,
)
from services.esdh.sbsys_bodies import (
    COMMENT_AT_MOST,
    case_body,
    cut,
    document_upload,
    note_body,
    reminder_body,
)
from services.esdh.sbsys_calls import Exchange, SbsysCalls
from services.esdh.sbsys_cases import CONFLICTS, GONE, SbsysCases, path_of
from services.esdh.sbsys_check import check_settings_exist
from services.esdh.sbsys_outcomes import (
    CASE_CLOSED,
    TEMPLATE_UNKNOWN,
    Failed,
    Negative,
    not_sent,
)
from services.esdh.sbsys_parties import (
    is_part,
    part,
    part_id,
    part_with_number,
    registered,
    user_of,
)
from services.esdh.sbsys_references import own_reminders, references_of
from services.esdh.sbsys_shapes import (
    read_case,
    read_document,
    read_note,
    read_nothing,
    read_reminder,
    read_whole,
)
from services.journal.references import references_in

A = TypeVar("A")


class SbsysEsdh:
    """`file` is the one the settings come from, to be named by the start-up check."""

    can_look_up = True

    def __init__(self, calls: SbsysCalls, settings: Sbsys, file: Path) -> None:
        self._calls, self._settings, self._file = calls, settings, file
        self._cases = SbsysCases(settings)

    async def check(self) -> Sequence[str]:
        async with self._calls.question(patience=10) as exchange:
            return await check_settings_exist(exchange, self._settings, self._file)

    async def find_case(self, reference: str) -> CaseStanding | None:
        async with self._calls.question() as exchange:
            for case in await self._cases.search(exchange, {"Titel": reference}):
                if reference in references_in(case.titel or ""):
                    return case.standing
            return None

    async def cases_about(self, words: str, template: str) -> Sequence[CaseStanding]:
        described = self._settings.templates.get(template)
        if described is None:
            raise EsdhUnavailable("template-not-in-settings")
        async with self._calls.question() as exchange:
            wanted = {"Titel": words, "SagsSkabeloner": [described.id]}
            return [
                case.standing
                for case in await self._cases.search(exchange, wanted)
                if words.casefold() in (case.titel or "").casefold()
                and (case.skabelon is None or case.skabelon.id in {None, described.id})
            ]

    async def case(self, esdh_id: str) -> CaseStanding | None:
        async with self._calls.question() as exchange:
            case = await self._cases.case(exchange, esdh_id)
            return None if case is None else case.standing

    async def references_on(self, esdh_id: str) -> Mapping[str, str]:
        async with self._calls.question() as exchange:
            place = await self._cases.place(exchange, esdh_id)
            return await references_of(exchange, esdh_id, place.id)

    async def is_protected(self, party: EsdhParty) -> bool | None:
        """None also while SBSYS has not heard of the person from CPR, within a day."""
        if isinstance(party, Company):
            return False
        async with self._calls.question() as exchange:
            person = await registered(exchange, party)
            if person is None or person.adresse is None or not person.navn:
                return None
            return person.adresse.protected

    async def open_case(self, new: NewCase) -> CaseOutcome:
        try:
            async with self._calls.change() as exchange:
                return await self._open(exchange, new)
        except Failed as failed:
            return failed.outcome

    async def _open(self, exchange: Exchange, new: NewCase) -> Opened:
        template = self._settings.templates.get(new.template)
        if template is None:
            raise Failed(TEMPLATE_UNKNOWN)
        body = dict(case_body(new, self._settings, template.id))
        parts = [part(party, await part_id(exchange, party)) for party in new.parties]
        if parts:
            body["PrimaryPart"], *others = parts
            if others:
                body["Parts"] = others
        case = await exchange.do(read_case, "POST", "sag/template", json=body)
        return Opened(esdh_case=case.esdh_case)

    async def file_document(self, esdh_id: str, new: NewDocument) -> Outcome:
        async def change(exchange: Exchange) -> Done:
            place = await self._cases.place(exchange, esdh_id)
            folder = await self._cases.sub_folder(exchange, esdh_id, new.category)
            path = "dokument/journaliser" if folder is None else f"dokument/journaliser/{folder}"
            upload = document_upload(new, self._settings, place.id)
            document = await exchange.do(read_document, "POST", path, upload=upload)
            return Done(receipt=str(document.id))

        return await self._changed(esdh_id, change)

    async def add_note(self, esdh_id: str, new: NewNote) -> Outcome:
        async def change(exchange: Exchange) -> Done:
            place = await self._cases.place(exchange, esdh_id)
            body = note_body(new, place.id)
            note = await exchange.do(read_note, "POST", "journalarknote/create", json=body)
            return Done(receipt=note.id)

        return await self._changed(esdh_id, change)

    async def add_reminder(self, esdh_id: str, new: NewReminder) -> Outcome:
        """For the case's handler, who may have been changed there."""

        async def change(exchange: Exchange) -> Done:
            case = await self._cases.there(exchange, esdh_id)
            handler = None if case.behandler is None else case.behandler.id
            body = reminder_body(
                new, self._settings, case.id, self._settings.handler if handler is None else handler
            )
            reminder = await exchange.do(read_reminder, "POST", "erindring", json=body)
            return Done(receipt=str(reminder.id))

        return await self._changed(esdh_id, change)

    async def finish_reminder(self, esdh_id: str, reference: str) -> Outcome:
        async def change(exchange: Exchange) -> Done:
            place = await self._cases.place(exchange, esdh_id)
            reminders = await own_reminders(exchange, place.id, reference)
            for reminder in reminders:
                if not reminder.done:
                    path = f"erindring/{reminder.id}"
                    whole = await exchange.ask(read_whole, "GET", path)
                    json = whole | {"ErAfsluttet": True}
                    await exchange.do(read_nothing, "PUT", path, json=json)
            return Done(receipt=" ".join(str(reminder.id) for reminder in reminders))

        return await self._changed(esdh_id, change)

    async def set_status(self, esdh_id: str, status: CaseStatus, comment: str) -> Outcome:
        async def change(exchange: Exchange) -> Done:
            if (await self._cases.there(exchange, esdh_id)).standing.status is status:
                return Done(receipt=esdh_id)
            wanted = await self._cases.status_id(exchange, status)
            json = {"SagsStatusID": wanted, "Kommentar": cut(comment, COMMENT_AT_MOST)}
            await exchange.do(read_nothing, "PUT", path_of(esdh_id, "status"), json=json)
            return Done(receipt=esdh_id)

        outcome = await self._changed(esdh_id, change)
        if outcome == CASE_CLOSED and status is CaseStatus.CLOSED:
            # Somebody closed it there in the same moment.
            return Done(receipt=esdh_id)
        return outcome

    async def change_handler(self, esdh_id: str, user: str) -> Outcome:
        """Reads the whole case and writes it back: SBSYS empties every field that is left out.

        What a person changes there between the two, some milliseconds, is lost; SBSYS offers no
        condition to put on a change.
        """

        async def change(exchange: Exchange) -> Done:
            handler = await user_of(exchange, user)
            whole = await exchange.ask(read_whole, "GET", path_of(esdh_id))
            behandler = handler.model_dump(by_alias=True)
            await exchange.do(
                read_nothing, "PUT", path_of(esdh_id), json=whole | {"Behandler": behandler}
            )
            return Done(receipt=esdh_id)

        return await self._changed(esdh_id, change)

    async def add_party(self, esdh_id: str, party: EsdhParty) -> Outcome:
        async def change(exchange: Exchange) -> Done:
            number = await part_id(exchange, party)
            if not await is_part(exchange, esdh_id, party):
                json = part_with_number(party, number)
                await exchange.do(read_nothing, "POST", path_of(esdh_id, "part"), json=json)
            return Done(receipt=str(number))

        return await self._changed(esdh_id, change)

    async def _changed(
        self, esdh_id: str, change: Callable[[Exchange], Awaitable[Done]]
    ) -> Outcome:
        try:
            async with self._calls.change() as exchange:
                return await change(exchange)
        except Failed as failed:
            return await self._explained(esdh_id, failed)

    async def _explained(self, esdh_id: str, failed: Failed) -> Negative:
        if failed.status not in GONE | CONFLICTS:
            return failed.outcome
        try:
            async with self._calls.question() as exchange:
                return await self._cases.explained(exchange, esdh_id, failed)
        except EsdhUnavailable:
            # Why it was not done cannot be asked now; that it was not done has been answered.
            return not_sent("unexplained")
