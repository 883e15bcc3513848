"""What is sent to SBSYS: paths, fields, paging and tokens, as real clients of it send them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import httpx
import pytest

from services.esdh.port import CaseStatus, Company, Direction, Done, NewCase, Opened, Refused
from services.esdh.sbsys import SbsysEsdh
from services.esdh.sbsys_bodies import cut, with_reference
from services.journal.references import references_in
from tests.services.esdh_systems import (
    ANNA,
    BO,
    NEWCOMER,
    document,
    new_case,
    note,
    reference,
    reminder,
    settings_of,
)
from tests.services.sbsys_replies import (
    CASE,
    GUID,
    Replies,
    Reply,
    json_part,
    part_names,
    part_of,
    replying,
    says,
    status,
)

T = TypeVar("T")
REFERENCE = reference("case")


def asked(
    act: Callable[[SbsysEsdh], Awaitable[T]],
    by: Mapping[str, Reply] | None = None,
    organisation: str = "hjorring",
) -> tuple[T, Replies]:
    replies = Replies(by or {})

    async def run() -> T:
        async with replying(replies, settings_of(organisation)) as esdh:
            return await act(esdh)

    return asyncio.run(run()), replies


def test_a_case_is_made_from_its_template_with_parties_subject_and_our_reference() -> None:
    two = replace(new_case("1021"), parties=(ANNA, BO))
    people = says([{"Id": 6, "CprNummer": "6202700001"}, {"Id": 5, "CprNummer": "610170-0002"}])
    outcome, replies = asked(lambda esdh: esdh.open_case(two), {"POST person/search": people})
    assert isinstance(outcome, Opened)
    assert (outcome.esdh_case.id, outcome.esdh_case.number) == (GUID, CASE["Nummer"])
    assert replies.body("POST sag/template") == {
        "SagsTitel": f"Høring om Strandvejen [{REFERENCE}]",
        "SkabelonId": 1021,
        "SagsBehandlerID": 7,
        "EmneplanNummer": "01.02.05",
        "Facet": "P16",
        "PrimaryPart": {"PartId": 5, "PartType": "Person"},
        "Parts": [{"PartId": 6, "PartType": "Person"}],
    }
    assert replies.body("POST person/search") == {"CprNummer": "610170-0002"}


def test_subject_and_facet_are_left_to_the_template_where_the_settings_say_so() -> None:
    new = NewCase(
        reference=REFERENCE, template="310", title="Høring", kle=("01.02.05", "G01"), parties=()
    )
    _, replies = asked(lambda esdh: esdh.open_case(new), organisation="vejle")
    assert set(replies.body(replies.names()[-1])) == {"SagsTitel", "SkabelonId", "SagsBehandlerID"}
    path = "/vejle/convergens-sbsip-sbsys-webapi-proxy/proxy/api/v10/sag/template"
    assert replies.asked[-1][1].url.path == path


def test_a_person_who_is_not_registered_is_registered_first() -> None:
    by = {"POST person/search": says([]), "POST person": says({"Id": 77})}
    new = replace(new_case("1021"), parties=(NEWCOMER,))
    outcome, replies = asked(lambda esdh: esdh.open_case(new), by)
    assert isinstance(outcome, Opened)
    assert replies.body("POST person") == {"CprNummer": "630380-0003"}
    assert replies.body("POST sag/template")["PrimaryPart"] == {"PartId": 77, "PartType": "Person"}


@pytest.mark.parametrize("code", [400, 409])
def test_a_person_whom_somebody_else_registers_in_the_same_moment_is_found(code: int) -> None:
    found = iter([says([]), says([{"Id": 78, "CprNummer": "630380-0003"}])])

    def in_turn(request: httpx.Request) -> httpx.Response:
        return next(found)(request)

    by = {"POST person/search": in_turn, "POST person": status(code)}
    new = replace(new_case("1021"), parties=(NEWCOMER,))
    outcome, replies = asked(lambda esdh: esdh.open_case(new), by)
    assert isinstance(outcome, Opened)
    assert replies.body("POST sag/template")["PrimaryPart"] == {"PartId": 78, "PartType": "Person"}


def test_a_company_is_found_or_a_person_must_register_it() -> None:
    new = replace(new_case("1021"), parties=(Company(cvr="99999991", name="Tømrer ApS"),))
    by = {"POST firma/search": says([{"Id": 3, "CvrNummer": "99999991"}])}
    _, replies = asked(lambda esdh: esdh.open_case(new), by)
    assert replies.body("POST sag/template")["PrimaryPart"] == {"PartId": 3, "PartType": "Firma"}
    outcome, replies = asked(lambda esdh: esdh.open_case(new), {"POST firma/search": says([])})
    assert isinstance(outcome, Refused)
    assert outcome.code == "esdh-party-unknown"
    assert "POST sag/template" not in replies.names()


def test_a_case_is_filed_on_under_the_name_of_the_right_person_only() -> None:
    by = {
        "POST person/search": says([{"Id": 5, "CprNummer": "010101-0001"}]),
        "POST person": says({"Id": 77}),
    }
    _, replies = asked(lambda esdh: esdh.open_case(new_case("1021")), by)
    assert replies.body("POST sag/template")["PrimaryPart"] == {"PartId": 77, "PartType": "Person"}


@pytest.mark.parametrize("title", ["Ø" * 600, "🏠" * 600, "x" * 419 + "🏠 og mere", "kort", ""])
def test_a_title_is_cut_but_its_reference_never(title: str) -> None:
    written = with_reference(title, REFERENCE, 450)
    assert len(written.encode("utf-16-le")) <= 2 * 450
    assert references_in(written) == [REFERENCE]
    assert written.endswith(f"[{REFERENCE}]")
    assert title.startswith(written.removesuffix(f"[{REFERENCE}]").rstrip())


def test_a_text_of_several_lines_becomes_one() -> None:
    assert cut("  en\r\nto\tog  tre ", 100) == "en to og tre"


def test_a_document_is_sent_in_two_parts_with_the_allowed_fields_and_no_other() -> None:
    outcome, replies = asked(
        lambda esdh: esdh.file_document(GUID, document(category="Høringssvar"))
    )
    assert outcome == Done(receipt="21")
    request = dict(replies.asked)["POST dokument/journaliser/9"]
    assert part_names(request) == 2
    assert json_part(request) == {
        "SagID": 71,
        "DokumentNavn": "Høringssvar fra Anna",
        "Beskrivelse": f"Modtaget 02.11.2026 [{reference('document')}]",
        "OmfattetAfAktindsigt": True,
        "DokumentArt": {"Id": 1},
    }
    head, content = part_of(request, "file")
    assert content == b"%PDF-1.7 ..."
    assert 'filename="Høringssvar.pdf"' in head
    assert "Content-Type: application/pdf" in head


@pytest.mark.parametrize(
    ("direction", "kind", "word"),
    [
        (Direction.IN, 1, "Modtaget"),
        (Direction.OUT, 2, "Afsendt"),
        (Direction.INTERNAL, 3, "Dateret"),
    ],
)
def test_each_direction_has_its_kind(direction: Direction, kind: int, word: str) -> None:
    new = replace(document(), direction=direction, access=False)
    _, replies = asked(lambda esdh: esdh.file_document(GUID, new))
    sent = json_part(dict(replies.asked)["POST dokument/journaliser"])
    assert sent["DokumentArt"] == {"Id": kind}
    assert str(sent["Beskrivelse"]).startswith(word)
    assert sent["OmfattetAfAktindsigt"] is False


def test_a_category_that_nobody_promised_lies_on_the_case_itself() -> None:
    new = document(category="Tegninger")
    outcome, replies = asked(lambda esdh: esdh.file_document(GUID, new))
    assert outcome == Done(receipt="20")
    assert replies.names()[-1] == "POST dokument/journaliser"


def test_a_sub_folder_that_the_template_promised_must_be_there() -> None:
    by = {"GET delforloeb/sag/71": says([])}
    outcome, replies = asked(
        lambda esdh: esdh.file_document(GUID, document(category="Konklusion")), by
    )
    assert isinstance(outcome, Refused)
    assert outcome.code == "esdh-sub-folder-missing"
    assert not any(name.startswith("POST dokument") for name in replies.names())


def test_the_integer_id_and_the_sub_folders_of_a_case_are_asked_for_once() -> None:
    async def three(esdh: SbsysEsdh) -> None:
        for _ in range(3):
            await esdh.file_document(GUID, document(category="Høringssvar"))

    _, replies = asked(three)
    assert replies.names().count(f"GET sag/{GUID}") == 1
    assert replies.names().count("GET delforloeb/sag/71") == 1
    assert replies.names().count("TOKEN") == 1


def test_a_note_is_text_and_never_html() -> None:
    outcome, replies = asked(lambda esdh: esdh.add_note(GUID, note()))
    assert outcome == Done(receipt="n-1")
    assert replies.body("POST journalarknote/create") == {
        "SagID": 71,
        "Overskrift": f"Mødet er flyttet [{reference('note')}]",
        "Note": "Fra mandag<br>til &lt;tirsdag&gt;",
        "KontaktTidspunkt": "2026-11-02T09:30:00+00:00",
    }


def test_a_reminder_is_due_at_the_end_of_its_day_and_is_the_handlers() -> None:
    outcome, replies = asked(lambda esdh: esdh.add_reminder(GUID, reminder()))
    assert outcome == Done(receipt="31")
    assert replies.body("POST erindring") == {
        "SagId": 71,
        "Navn": "Første svar",
        "Beskrivelse": f"[{reference('reminder')}]",
        "HarDeadline": True,
        "Deadline": "2026-11-09T23:59:59+01:00",
        "SynligFra": "2026-10-26T00:00:00+01:00",
        "ErindringType": {"Id": 1},
        "Ansvarlig": {"Id": 22},
        "Opretter": {"Id": 7},
    }


def test_a_status_is_looked_up_by_its_name() -> None:
    outcome, replies = asked(lambda esdh: esdh.set_status(GUID, CaseStatus.CLOSED, "x" * 500))
    assert isinstance(outcome, Done)
    assert replies.body(f"PUT sag/{GUID}/status") == {"SagsStatusID": 8, "Kommentar": "x" * 400}


def test_a_status_that_the_case_has_is_not_set_again() -> None:
    """`Opstået` is open as well, and is not ours to change into `Aktiv`."""
    new = says({**CASE, "SagsStatus": {"Id": 5, "Navn": "Opstået", "SagsTilstand": "Aktiv"}})
    by = {f"GET sag/{GUID}": new}
    outcome, replies = asked(lambda esdh: esdh.set_status(GUID, CaseStatus.OPEN, ""), by)
    assert isinstance(outcome, Done)
    assert not any(name.startswith("PUT") for name in replies.names())


def test_the_whole_case_is_written_back_with_the_handler_changed() -> None:
    outcome, replies = asked(lambda esdh: esdh.change_handler(GUID, "karen"))
    assert isinstance(outcome, Done)
    handler = {"LogonId": "KAREN", "Uuid": "k", "Id": 21, "Navn": None}
    assert replies.body(f"PUT sag/{GUID}") == {**CASE, "Behandler": handler}


def test_a_user_whose_name_only_resembles_is_not_taken() -> None:
    outcome, replies = asked(lambda esdh: esdh.change_handler(GUID, "kar"))
    assert isinstance(outcome, Refused)
    assert outcome.code == "esdh-user-unknown"
    assert f"PUT sag/{GUID}" not in replies.names()


def test_a_party_is_added_with_its_number() -> None:
    _, replies = asked(lambda esdh: esdh.add_party(GUID, ANNA))
    assert replies.body(f"POST sag/{GUID}/part") == {
        "PartId": 5,
        "PartType": "Person",
        "Navn": "Anna Andersen",
        "CPRnummer": "610170-0002",
    }


@pytest.mark.parametrize(
    ("person", "protected"),
    [
        ([], None),
        ([{"Id": 5, "CprNummer": "610170-0002", "Navn": None}], None),
        ([{"Id": 5, "CprNummer": "610170-0002", "Navn": "A", "Adresse": None}], None),
        ([{"Id": 5, "CprNummer": "610170-0002", "Navn": "A", "Adresse": {}}], None),
        (
            [{"Id": 5, "CprNummer": "610170-0002", "Navn": "A", "Adresse": {"ErBeskyttet": True}}],
            True,
        ),
        (
            [{"Id": 5, "CprNummer": "610170-0002", "Navn": "A", "Adresse": {"ErBeskyttet": False}}],
            False,
        ),
    ],
)
def test_protection_is_what_the_register_says_and_else_unknown(
    person: list[object], *, protected: bool | None
) -> None:
    by = {"POST person/search": says(person)}
    assert asked(lambda esdh: esdh.is_protected(ANNA), by)[0] is protected


def page_of(cases: list[dict[str, object]], offset: str, size: str, first: int, step: int) -> Reply:
    """A search that pages by these names; `step` is how many cases one step of `offset` is."""

    def reply(request: httpx.Request) -> httpx.Response:
        wanted = httpx.Response(200, content=request.content).json()
        begin = (int(wanted[offset]) - first) * step
        rows = cases[begin : begin + int(wanted[size])]
        return httpx.Response(200, json={"TotalNumberOfResults": len(cases), "Results": rows})

    return reply


MANY = [
    {
        **CASE,
        "Id": number,
        "SagIdentity": f"id-{number}",
        "SagsTitel": f"Sag {number} [{REFERENCE}]",
    }
    for number in range(1, 251)
]


@pytest.mark.parametrize(
    ("organisation", "path", "paging"),
    [
        ("hjorring", "POST sag/search", ("Skip", "Limit", 0, 1)),
        ("vejle", "POST v10/sag/search", ("PageNumber", "PageSize", 1, 100)),
    ],
)
def test_all_pages_are_read(
    organisation: str, path: str, paging: tuple[str, str, int, int]
) -> None:
    last = [*MANY[:-1], {**MANY[-1], "SagsTitel": f"Den sidste [{reference('last')}]"}]
    found, replies = asked(
        lambda esdh: esdh.find_case(reference("last")),
        {path: page_of(last, *paging)},
        organisation,
    )
    assert found is not None
    assert (found.esdh_case.id, found.title) == ("id-250", "Den sidste")
    assert replies.names().count(path) == 3
    assert replies.asked[-1][1].url.query == b"InkluderParterIResultat=true"


def test_an_installation_without_paging_is_asked_no_more_than_twice() -> None:
    whole = says({"TotalNumberOfResults": 999, "Results": MANY[:3]})
    _, replies = asked(lambda esdh: esdh.find_case(reference("none")), {"POST sag/search": whole})
    assert replies.names().count("POST sag/search") == 2


def test_an_old_version_answers_with_a_bare_list() -> None:
    found, _ = asked(lambda esdh: esdh.find_case(REFERENCE), {"POST sag/search": says(MANY[:3])})
    assert found is not None
    assert found.esdh_case.id == "id-1"


def test_a_deleted_document_counts_unless_another_of_its_reference_is_left() -> None:
    def row(number: int, name: str, state: str) -> dict[str, object]:
        return {"Id": number, "Beskrivelse": f"[{reference(name)}]", "DeletedState": state}

    rows = [
        row(1, "a", "Deleted"),
        row(2, "b", "Deleted"),
        row(3, "b", "Active"),
        row(4, "c", "Pending"),
    ]
    by = {
        f"GET sag/{GUID}/dokumenter": says([*rows, {"Id": 5, "Beskrivelse": None}]),
        f"GET sag/{GUID}/journalarknotes": says([{"Uuid": "u", "Overskrift": None}]),
        "GET erindring/sag/71": says([{"Id": 8, "Beskrivelse": "Ring til Bo"}]),
    }
    found, _ = asked(lambda esdh: esdh.references_on(GUID), by)
    assert found == {reference("a"): "1", reference("b"): "3", reference("c"): "4"}


def test_a_finished_reminder_keeps_all_that_it_had() -> None:
    mine = {"Id": 31, "Beskrivelse": f"[{reference('reminder')}]", "ErAfsluttet": False}
    by = {
        "GET erindring/sag/71": says([mine, {"Id": 32, "Beskrivelse": "En andens"}]),
        "GET erindring/31": says({**mine, "Navn": "Svar", "Deadline": "2026-11-09T23:59:59"}),
        "PUT erindring/31": says(mine),
    }
    _, replies = asked(lambda esdh: esdh.finish_reminder(GUID, reference("reminder")), by)
    assert replies.body("PUT erindring/31") == {
        **mine,
        "Navn": "Svar",
        "Deadline": "2026-11-09T23:59:59",
        "ErAfsluttet": True,
    }
