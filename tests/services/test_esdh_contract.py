"""What we ask of every records system: the one in memory, and SBSYS as the simulator plays it.

SBSYS is tried as Hjørring and as Vejle have it, so both grants, both ways of paging, a version in
the path and none are run through all of it.
"""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from events.journal import EsdhCase
from services.esdh.port import (
    CaseStatus,
    Done,
    EsdhUnavailable,
    Opened,
    Outcome,
    Refused,
    Retry,
)
from tests.services.esdh_systems import (
    ANNA,
    BO,
    BUILDING,
    HANDLER,
    NEWCOMER,
    Scenario,
    System,
    document,
    note,
    reference,
    reminder,
    system,
)

EVERY_SYSTEM = pytest.mark.parametrize("kind", ["memory", "hjorring", "vejle"])


def run(kind: str, folder: Path, scenario: Scenario) -> None:
    async def whole() -> None:
        async with system(kind, folder) as one:
            await scenario(one)

    asyncio.run(whole())


async def opened(one: System, name: str = "case", title: str = "Høring om Strandvejen") -> EsdhCase:
    outcome = await one.esdh.open_case(one.case(name, title))
    assert isinstance(outcome, Opened)
    return outcome.esdh_case


def receipt(outcome: Outcome) -> str:
    assert isinstance(outcome, Done)
    return outcome.receipt


def code(outcome: object) -> str:
    assert isinstance(outcome, Refused)
    return outcome.code


@EVERY_SYSTEM
def test_what_the_settings_name_exists(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        assert list(await one.esdh.check()) == []

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_case_is_found_by_its_own_reference_and_by_no_other(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        first, second = await opened(one, "first"), await opened(one, "second")
        found = await one.esdh.find_case(reference("second"))
        assert found is not None
        assert (found.esdh_case, found.title, found.status) == (
            second,
            "Høring om Strandvejen",
            CaseStatus.OPEN,
        )
        assert first != second
        assert await one.esdh.find_case(reference("third")) is None

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_title_longer_than_any_system_takes_still_bears_the_reference(
    kind: str, tmp_path: Path
) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one, "long", "Ø" * 600)
        found = await one.esdh.find_case(reference("long"))
        assert found is not None
        assert found.esdh_case == case

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_case_from_no_template_of_ours_is_refused(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        new = replace(one.case(), template="no-such-template")
        assert code(await one.esdh.open_case(new)) == "esdh-setting-missing"

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_cases_about_something_are_those_of_the_template_closed_ones_too(
    kind: str, tmp_path: Path
) -> None:
    async def scenario(one: System) -> None:
        near = await opened(one, "a", "Høring om BFE 100063828, Strandvejen")
        closed = await opened(one, "b", "høring om bfe 100063828")
        await opened(one, "c", "Høring om BFE 5")
        other = replace(one.case("d", "Byggesag BFE 100063828"), template=BUILDING[kind])
        await one.esdh.open_case(other)
        await one.people.close(closed.number)
        found = await one.esdh.cases_about("BFE 100063828", one.case().template)
        assert {(each.esdh_case, each.status) for each in found} == {
            (near, CaseStatus.OPEN),
            (closed, CaseStatus.CLOSED),
        }

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_case_keeps_its_id_under_another_number(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one)
        await one.people.renumber(case.number, "02.34.02-P19-99-26")
        now = await one.esdh.case(case.id)
        assert now is not None
        assert now.esdh_case == EsdhCase(id=case.id, number="02.34.02-P19-99-26")
        receipt(await one.esdh.file_document(case.id, document()))

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_deleted_case_is_gone_and_takes_nothing(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one)
        receipt(await one.esdh.file_document(case.id, document("before")))
        await one.people.delete(case.number)
        assert await one.esdh.case(case.id) is None
        assert code(await one.esdh.file_document(case.id, document())) == "case-gone"
        assert code(await one.esdh.add_note(case.id, note())) == "case-gone"
        assert code(await one.esdh.set_status(case.id, CaseStatus.CLOSED, "")) == "case-gone"
        assert code(await one.esdh.change_handler(case.id, HANDLER[kind])) == "case-gone"
        assert code(await one.esdh.add_party(case.id, BO)) == "case-gone"

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_what_is_filed_is_found_by_reference_with_its_receipt(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        case, other = await opened(one, "case"), await opened(one, "other")
        receipts = {
            reference("document"): receipt(await one.esdh.file_document(case.id, document())),
            reference("note"): receipt(await one.esdh.add_note(case.id, note())),
            reference("reminder"): receipt(await one.esdh.add_reminder(case.id, reminder())),
        }
        assert await one.esdh.references_on(case.id) == receipts
        assert await one.esdh.references_on(other.id) == {}

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_what_is_filed_twice_is_seen_to_be_there_twice(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one)
        first = receipt(await one.esdh.file_document(case.id, document()))
        second = receipt(await one.esdh.file_document(case.id, document()))
        assert first != second
        assert await one.esdh.references_on(case.id) == {reference("document"): f"{first} {second}"}

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_closed_case_takes_no_document(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one)
        await one.people.close(case.number)
        assert code(await one.esdh.file_document(case.id, document())) == "case-closed"
        assert await one.esdh.references_on(case.id) == {}

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_status_may_be_set_again_and_a_case_reopened(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one)
        for status in (CaseStatus.DORMANT, CaseStatus.CLOSED, CaseStatus.CLOSED, CaseStatus.OPEN):
            receipt(await one.esdh.set_status(case.id, status, "Afsluttet i Julelys"))
            now = await one.esdh.case(case.id)
            assert now is not None
            assert now.status is status
        receipt(await one.esdh.file_document(case.id, document()))

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_another_handler_changes_nothing_else(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one)
        before = await one.esdh.case(case.id)
        for _ in range(2):
            receipt(await one.esdh.change_handler(case.id, HANDLER[kind]))
        assert await one.people.handler(case.number) == HANDLER[kind]
        assert await one.esdh.case(case.id) == before
        assert await one.people.parties(case.number) == 1

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_party_added_again_is_there_once(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one)
        for party in (ANNA, BO, BO, NEWCOMER, NEWCOMER):
            receipt(await one.esdh.add_party(case.id, party))
        assert await one.people.parties(case.number) == 3

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_case_may_have_no_party_or_several(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        for name, parties in (("none", ()), ("two", (ANNA, BO))):
            outcome = await one.esdh.open_case(replace(one.case(name), parties=parties))
            assert isinstance(outcome, Opened)
            assert await one.people.parties(outcome.esdh_case.number) == len(parties)

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_reminder_is_finished_once_and_one_that_is_not_there_is_no_trouble(
    kind: str, tmp_path: Path
) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one)
        receipt(await one.esdh.add_reminder(case.id, reminder("kept")))
        receipt(await one.esdh.add_reminder(case.id, reminder()))
        for _ in range(2):
            receipt(await one.esdh.finish_reminder(case.id, reference("reminder")))
        other = await opened(one, "other")
        receipt(await one.esdh.finish_reminder(other.id, reference("kept")))
        assert await one.people.finished_reminders() == 1

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_protection_is_known(kind: str, tmp_path: Path) -> None:
    async def scenario(one: System) -> None:
        assert await one.esdh.is_protected(BO)
        assert not await one.esdh.is_protected(ANNA)

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_a_system_that_is_down_answers_no_question_and_changes_say_try_again(
    kind: str, tmp_path: Path
) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one)
        await one.people.go_down()
        with pytest.raises(EsdhUnavailable):
            await one.esdh.case(case.id)
        with pytest.raises(EsdhUnavailable):
            await one.esdh.find_case(reference("case"))
        with pytest.raises(EsdhUnavailable):
            await one.esdh.references_on(case.id)
        with pytest.raises(EsdhUnavailable):
            await one.esdh.check()
        assert isinstance(await one.esdh.file_document(case.id, document()), Retry)
        assert isinstance(await one.esdh.open_case(one.case("other")), Retry)

    run(kind, tmp_path, scenario)


@EVERY_SYSTEM
def test_what_was_done_without_an_answer_may_have_happened_and_is_found(
    kind: str, tmp_path: Path
) -> None:
    async def scenario(one: System) -> None:
        case = await opened(one)
        await one.people.lose_answers()
        for lost in (
            await one.esdh.file_document(case.id, document()),
            await one.esdh.open_case(one.case("other")),
        ):
            assert isinstance(lost, Retry)
            assert lost.may_have_happened
        assert set(await one.esdh.references_on(case.id)) == {reference("document")}
        assert await one.esdh.find_case(reference("other")) is not None

    run(kind, tmp_path, scenario)
