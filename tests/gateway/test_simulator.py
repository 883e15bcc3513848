"""How the simulator behaves, as far as it is known of SBSYS (see docs/simulator.md)."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import yaml

from gateway.simulator.installation import (
    DOCUMENT_KINDS,
    INSTALLATIONS,
    REMINDER_KINDS,
    SECRET,
    Installation,
)
from gateway.simulator.operations import OPERATIONS
from services.config import ROOT
from tests.gateway.simulating import (
    ANNA,
    BO,
    BUILDING,
    BY_CLIENT,
    BY_PASSWORD,
    HEARING,
    NOW,
    PDF,
    PROXY,
    TOKEN,
    UNKNOWN,
    Sbsys,
    Simulator,
    simulating,
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with simulating(tmp_path_factory.mktemp("sbsys")) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """The simulator with its clock back at the start, and new tokens."""
    running.clock.set(NOW)
    running.hjorring.log_in()
    running.vejle.log_in()
    return running


@pytest.fixture
def sbsys(simulator: Simulator) -> Sbsys:
    return simulator.hjorring


@pytest.mark.parametrize("form", [BY_CLIENT, BY_PASSWORD], ids=["client", "password"])
def test_both_grants_give_a_token_that_opens_the_api(sbsys: Sbsys, form: dict[str, str]) -> None:
    answer = sbsys.log_in(form)

    assert answer.json()["expires_in"] == 300
    assert sbsys.get("info/heartbeat/authorized").json() is True


def test_a_client_may_say_who_it_is_by_basic(simulator: Simulator) -> None:
    told = base64.b64encode(f"julelys:{SECRET}".encode()).decode()

    answer = simulator.client.post(
        TOKEN,
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {told}"},
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "somebody"}, 401, "invalid_client"),
        ({"password": "wrong"}, 401, "invalid_grant"),
        ({"username": "somebody"}, 401, "invalid_grant"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_wrong_login_gets_no_token(
    simulator: Simulator, changed: dict[str, str], status: int, error: str
) -> None:
    answer = simulator.client.post(TOKEN, data=BY_PASSWORD | changed)

    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_without_a_good_token_nothing_is_answered(simulator: Simulator) -> None:
    stranger = Sbsys(simulator.client, token=UNKNOWN)

    for operation in OPERATIONS:
        url = f"{PROXY}/api/{operation.path}"
        for headers in ({}, {"Authorization": f"Bearer {stranger.token}"}):
            answer = simulator.client.request(operation.method, url, headers=headers)
            assert answer.status_code == 401, operation.name


def test_a_token_expires(simulator: Simulator, sbsys: Sbsys) -> None:
    simulator.clock.set(NOW + timedelta(seconds=299))
    assert sbsys.get("bruger/me").status_code == 200
    simulator.clock.set(NOW + timedelta(seconds=300))
    assert sbsys.get("bruger/me").status_code == 401


def test_forgotten_tokens_are_unknown(simulator: Simulator, sbsys: Sbsys) -> None:
    simulator.client.post("/simulator/tokens/forget")

    assert sbsys.get("bruger/me").status_code == 401


def test_a_token_is_good_in_its_own_municipality_only(simulator: Simulator) -> None:
    abroad = Sbsys(simulator.client, "/vejle", token=simulator.hjorring.token)

    assert abroad.get("bruger/me").status_code == 401


def test_each_municipality_has_a_ledger_of_its_own(simulator: Simulator) -> None:
    case = simulator.vejle.case(312)

    found = simulator.hjorring.post("sag/search", {"Titel": case["SagsTitel"]}).json()
    assert found["TotalNumberOfResults"] == 0
    kept = [
        case["SagIdentity"] in [each["identity"] for each in sbsys.ledger()["cases"]]
        for sbsys in (simulator.vejle, simulator.hjorring)
    ]
    assert kept == [True, False]


@pytest.mark.parametrize(
    ("base", "status"),
    [
        (f"{PROXY}/api/", 200),
        (f"{PROXY}/api/v1/", 200),
        (f"{PROXY}/api/v31/", 200),
        (f"{PROXY}/api/V10/", 200),
        (f"{PROXY}/api/v32/", 404),
        ("/api/", 200),
        ("/api/v10/", 200),
    ],
)
def test_a_version_may_stand_in_the_path(simulator: Simulator, base: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {simulator.hjorring.token}"}

    assert simulator.client.get(f"{base}bruger/me", headers=headers).status_code == status


def test_what_is_not_there_is_told_in_text(sbsys: Sbsys) -> None:
    identity = UUID(int=1)
    paths = ("sag/999999", f"sag/{identity}", "dokument/1", "fil/x", "sagsskabelon/1")

    for path in (*paths, "erindring/9999", "delforloeb/9999", "no/such/path", "sag/x"):
        answer = sbsys.get(path)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert "findes ikke" in answer.text


def test_numbers_follow_one_another_in_subject_facet_and_year(simulator: Simulator) -> None:
    sbsys = simulator.hjorring

    first, second, other = (
        sbsys.case(EmneplanNummer="02.34.02", Facet=facet) for facet in ("P19", "P19", "P20")
    )
    simulator.clock.set(NOW + timedelta(days=60))
    sbsys.log_in()
    next_year = sbsys.case(EmneplanNummer="02.34.02", Facet="P19")

    numbers = [case["Nummer"] for case in (first, second, other, next_year)]
    assert numbers == [
        "02.34.02-P19-1-26",
        "02.34.02-P19-2-26",
        "02.34.02-P20-1-26",
        "02.34.02-P19-1-27",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"SkabelonId": 1},
        {"SkabelonId": 1500},
        {"SkabelonId": None},
        {"SagsBehandlerID": 999},
        {"SagsTitel": "x" * 451},
        {"SagsTitel": 5},
        {"EmneplanNummer": "2.34.2"},
        {"Facet": "G1"},
        {"PrimaryPart": {"PartId": 999, "PartType": "Person"}},
        {"PrimaryPart": {"PartId": 1, "PartType": "Dyr"}},
        {"Parts": {"PartId": 1}},
    ],
)
def test_a_case_that_cannot_be_made_leaves_nothing(sbsys: Sbsys, wrong: dict[str, object]) -> None:
    before = sbsys.ledger()

    answer = sbsys.post("sag/template", {"SagsTitel": "Sag", "SkabelonId": BUILDING, **wrong})

    assert answer.status_code == 400
    assert sbsys.ledger() == before


def test_members_are_read_whatever_their_case(sbsys: Sbsys) -> None:
    answer = sbsys.post("sag/template", {"sagstitel": "Små", "SKABELONID": "1737"})

    assert answer.json()["SagsTitel"] == "Små"


def test_what_put_leaves_out_is_nulled(sbsys: Sbsys) -> None:
    case = sbsys.case()
    kept = {"SagsTitel": "Ny titel", "ErBeskyttet": True, "Behandler": {"LogonId": "karen"}}
    whole = sbsys.put(f"sag/{case['SagIdentity']}", {**case, **kept}).json()
    assert whole["Behandler"]["Navn"] == "Karen Kristensen"
    assert whole["ErBeskyttet"] is True
    assert whole["Opstaaet"] == case["Opstaaet"]

    partly = sbsys.put(f"sag/{case['SagIdentity']}", {"Behandler": {"Id": 22}}).json()

    assert partly["Behandler"]["LogonId"] == "niels"
    assert partly["SagsTitel"] is None
    assert partly["Opstaaet"] is None
    assert partly["Fagomraade"] is None
    assert partly["ErBeskyttet"] is False
    same = ("Id", "SagIdentity", "Nummer", "Oprettet", "SagsStatus", "SagSkabelon")
    assert {name: partly[name] for name in same} == {name: case[name] for name in same}
    assert sbsys.get(f"sag/{case['Id']}").json() == partly
    found = sbsys.post("sag/search", {"Titel": "Ny titel"}).json()
    assert found["TotalNumberOfResults"] == 0


def test_a_status_is_set_by_id_with_a_comment(sbsys: Sbsys) -> None:
    case = sbsys.case()

    answer = sbsys.put(f"sag/{case['Id']}/status", {"SagsStatusID": 8, "Kommentar": "Færdig"})

    assert answer.json()["SagsStatus"]["SagsTilstand"] == "Afsluttet"
    assert answer.json()["SenesteStatusAendringKommentar"] == "Færdig"
    unknown = sbsys.put(f"sag/{case['Id']}/status", {"SagsStatusID": 99})
    assert unknown.status_code == 400


def test_a_party_is_added_once_and_answered_with_true(sbsys: Sbsys) -> None:
    case = sbsys.case()
    [person] = sbsys.post("person/search", {"CprNummer": ANNA}).json()
    party = {"PartId": person["Id"], "PartType": "Person", "Navn": "x", "CPRnummer": ANNA}

    answers = [sbsys.post(f"sag/{case['Id']}/part", party).text for _ in range(2)]

    assert answers == ["true", "true"]
    [listed] = sbsys.get(f"sag/{case['Id']}/part").json()
    assert (listed["Id"], listed["CPRnummer"]) == (person["Id"], ANNA)


def test_an_unknown_person_is_no_error(sbsys: Sbsys) -> None:
    assert sbsys.post("person/search", {"CprNummer": "640170-0006"}).json() == []
    assert sbsys.post("firma/search", {"CvrNummer": "11111111"}).json() == []


def test_a_new_persons_name_comes_later(simulator: Simulator, sbsys: Sbsys) -> None:
    cpr = {"CprNummer": "650170-0008"}

    made = sbsys.post("person", cpr).json()
    again = sbsys.post("person", cpr).json()
    simulator.clock.set(NOW + timedelta(seconds=60))
    [later] = sbsys.post("person/search", cpr).json()

    assert made["Navn"] is None
    assert again == made
    assert later["Id"] == made["Id"]
    assert later["Navn"]


def test_a_persons_number_is_written_with_its_hyphen(sbsys: Sbsys) -> None:
    assert sbsys.post("person", {"CprNummer": "6501700008"}).status_code == 400
    assert sbsys.post("person/search", {"CprNummer": ANNA.replace("-", "")}).json() == []


def test_one_of_the_demo_persons_has_a_protected_address(sbsys: Sbsys) -> None:
    protected = {
        cpr: sbsys.post("person/search", {"CprNummer": cpr}).json()[0]["Adresse"]
        for cpr in (ANNA, BO)
    }

    assert protected[ANNA]["ErBeskyttet"] is False
    assert protected[BO]["ErBeskyttet"] is True
    assert protected[BO]["Adresse1"] is None


def test_an_unknown_member_of_json_breaks_the_upload(sbsys: Sbsys) -> None:
    case = sbsys.case()
    told = {"SagID": case["Id"], "DokumentNavn": "Svar", "MinReference": "JL-1"}

    assert sbsys.journalise(told).status_code == 400
    assert sbsys.get(f"sag/{case['Id']}/dokumenter").json() == []


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"SagID": None}, 400),
        ({"SagID": 999_999}, 404),
        ({"DokumentNavn": ""}, 400),
        ({"DokumentNavn": "x" * 451}, 400),
        ({"DokumentArt": {"Id": 9}}, 400),
        ({"OmfattetAfAktindsigt": "ja"}, 400),
    ],
)
def test_a_document_that_cannot_be_filed_leaves_nothing(
    sbsys: Sbsys, changed: dict[str, object], status: int
) -> None:
    case = sbsys.case()
    before = sbsys.ledger()["counts"]

    told = {"SagID": case["Id"], "DokumentNavn": "Svar", **changed}
    assert sbsys.journalise(told).status_code == status
    assert sbsys.ledger()["counts"] == before


def test_an_upload_without_a_file_is_refused(simulator: Simulator, sbsys: Sbsys) -> None:
    case = sbsys.case()

    answer = simulator.client.post(
        f"{PROXY}/api/dokument/journaliser",
        files={"json": (None, f'{{"SagID": {case["Id"]}, "DokumentNavn": "Svar"}}')},
        headers={"Authorization": f"Bearer {sbsys.token}"},
    )

    assert (answer.status_code, answer.text) == (400, "file mangler.")


def test_a_document_is_laid_in_a_sub_folder_of_its_own_case(sbsys: Sbsys) -> None:
    case, other = sbsys.case(HEARING), sbsys.case(HEARING)
    folders = {
        each["Titel"]: each["ID"] for each in sbsys.get(f"delforloeb/sag/{case['Id']}").json()
    }
    assert list(folders) == ["Høringstekst", "Høringssvar", "Konklusion"]
    [foreign, *_] = sbsys.get(f"delforloeb/sag/{other['Id']}").json()
    told = {"SagID": case["Id"], "DokumentNavn": "Svar"}

    assert sbsys.journalise(told, folder=foreign["ID"]).status_code == 400
    filed = sbsys.journalise(told).json()
    registration = {"DokumentRegistreringId": filed["Id"]}
    elsewhere = sbsys.post(f"delforloeb/{foreign['ID']}/dokument", registration)
    assert elsewhere.status_code == 400
    moved = sbsys.post(f"delforloeb/{folders['Høringssvar']}/dokument", registration)
    assert moved.json()["Id"] == filed["Id"]

    inside = sbsys.get(f"delforloeb/{folders['Høringssvar']}").json()["Dokumenter"]
    assert [each["Id"] for each in inside] == [filed["Id"]]


def test_nothing_is_written_on_a_closed_case(sbsys: Sbsys) -> None:
    case = sbsys.case(HEARING)
    told = {"SagID": case["Id"], "DokumentNavn": "Svar"}
    registration = {"DokumentRegistreringId": sbsys.journalise(told).json()["Id"]}
    [folder, *_] = sbsys.get(f"delforloeb/sag/{case['Id']}").json()
    sbsys.put(f"sag/{case['Id']}/status", {"SagsStatusID": 8})
    before = sbsys.ledger()
    note = {"SagID": case["Id"], "Overskrift": "Notat", "Note": ""}

    answers = [
        sbsys.journalise(told),
        sbsys.journalise(told, folder=folder["ID"]),
        sbsys.post(f"delforloeb/{folder['ID']}/dokument", registration),
        sbsys.post("journalarknote/create", note),
    ]

    assert [answer.status_code for answer in answers] == [409] * 4
    assert {answer.text for answer in answers} == {"Sagen er afsluttet."}
    assert sbsys.ledger() == before


def test_a_reminder_is_replaced_whole(sbsys: Sbsys) -> None:
    case = sbsys.case()
    made = sbsys.post(
        "erindring",
        {
            "SagId": case["Id"],
            "Navn": "Svar senest",
            "Beskrivelse": "JL-1",
            "HarDeadline": True,
            "Deadline": "2026-11-20T00:00:00",
            "ErindringType": {"Id": 1},
        },
    ).json()
    assert made["DeadlineStatus"] == "Overskredet"

    whole = sbsys.put(f"erindring/{made['Id']}", {**made, "ErAfsluttet": True}).json()
    assert whole == made | {"ErAfsluttet": True}
    partly = sbsys.put(
        f"erindring/{made['Id']}", {"Navn": "Svar", "ErindringType": {"Id": 2}}
    ).json()
    assert (partly["Beskrivelse"], partly["Deadline"], partly["HarDeadline"]) == (None, None, False)


def test_a_bad_reminder_or_note_is_refused(sbsys: Sbsys) -> None:
    case = sbsys.case()["Id"]
    reminder = {"SagId": case, "Navn": "x", "ErindringType": {"Id": 1}}
    note = {"SagID": case, "Overskrift": "x", "Note": ""}

    for changed in ({"Navn": None}, {"ErindringType": {"Id": 9}}, {"Deadline": "i morgen"}):
        assert sbsys.post("erindring", {**reminder, **changed}).status_code == 400
    assert sbsys.post("erindring", {**reminder, "Ansvarlig": {"Id": 99}}).status_code == 400
    for changed in ({"Overskrift": ""}, {"KontaktTidspunkt": "i går"}, {"SagID": None}):
        assert sbsys.post("journalarknote/create", {**note, **changed}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[1]",
        "{",
        "3",
        '{"SagsTitel": "\\ud800", "SkabelonId": 1737}',
        '{"Ansaettelsessted": NaN, "SkabelonId": 1737}',
        '{"SkabelonId": 1737, "SagsBehandlerID": 99999999999999999999}',
    ],
)
def test_a_body_that_is_no_good_object_is_refused(simulator: Simulator, body: str) -> None:
    headers = {
        "Authorization": f"Bearer {simulator.hjorring.token}",
        "Content-Type": "application/json",
    }

    answer = simulator.client.post(f"{PROXY}/api/sag/template", content=body, headers=headers)

    assert answer.status_code == 400


def test_a_search_finds_by_every_criterion(sbsys: Sbsys) -> None:
    [anna] = sbsys.post("person/search", {"CprNummer": ANNA}).json()
    party = {"PartId": anna["Id"], "PartType": "Person"}
    case = sbsys.case(HEARING, SagsTitel="Åvej 7 [JL-ABC]", PrimaryPart=party)
    closed = sbsys.case(HEARING, SagsTitel="Åvej 8 [JL-DEF]")
    sbsys.put(f"sag/{closed['Id']}/status", {"SagsStatusID": 8})

    def found(**criteria: object) -> list[object]:
        body = {"Titel": "åvej", **criteria}
        answer = sbsys.post("sag/search?InkluderParterIResultat=true", body).json()
        assert answer["TotalNumberOfResults"] == len(answer["Results"])
        return [each["Id"] for each in answer["Results"]]

    both, first, second = [case["Id"], closed["Id"]], [case["Id"]], [closed["Id"]]
    assert found() == both
    assert found(Titel="[JL-ABC]") == first
    assert found(Titel="%") == []
    assert found(Nummer=closed["Nummer"]) == second
    assert found(SagsStatus={"SagsTilstand": "Afsluttet"}) == second
    assert found(SagsStatusIds=[5, 6]) == first
    assert found(SagsSkabeloner=[HEARING]) == both
    assert found(SagsSkabeloner=[BUILDING]) == []
    assert found(PrimaerPerson={"CprNummer": ANNA}) == first
    assert found(PrimaerPerson={"PersonNavn": "Anna Andersen"}) == first
    assert found(PrimaerPerson={"CprNummer": BO}) == []
    assert found(SagsTyper=[{"Navn": "EmneSag"}]) == both
    assert found(SagsTyper=[{"Navn": "PersonaleSag"}]) == []


def test_parties_are_told_only_to_those_who_ask(sbsys: Sbsys) -> None:
    [anna] = sbsys.post("person/search", {"CprNummer": ANNA}).json()
    party = {"PartId": anna["Id"], "PartType": "Person"}
    case = sbsys.case(PrimaryPart=party)

    def parties(path: str) -> tuple[object, object]:
        [result] = sbsys.post(path, {"Nummer": case["Nummer"]}).json()["Results"]
        return result["PrimaryPart"], len(result["Personer"])

    assert parties("sag/search?InkluderParterIResultat=true") == (party, 1)
    assert parties("sag/search") == (None, 0)


@pytest.mark.parametrize(
    ("second", "rest"),
    [
        ({"Limit": 2, "Skip": 2}, {"Limit": 2, "Skip": 4}),
        ({"PageSize": 2, "PageNumber": 2}, {"PageSize": 2, "PageNumber": 3}),
    ],
    ids=["limit and skip", "page number and size"],
)
def test_results_are_paged_both_ways(
    simulator: Simulator, second: dict[str, int], rest: dict[str, int]
) -> None:
    sbsys = simulator.hjorring
    title = f"Side {sorted(second)}"
    ids = [sbsys.case(SagsTitel=title)["Id"] for _ in range(5)]

    pages = [sbsys.post("sag/search", {"Titel": title, **page}).json() for page in (second, rest)]

    assert [page["TotalNumberOfResults"] for page in pages] == [5, 5]
    assert [[each["Id"] for each in page["Results"]] for page in pages] == [ids[2:4], ids[4:]]


def test_a_page_that_cannot_be_is_refused(sbsys: Sbsys) -> None:
    for paging in ({"Limit": 0}, {"Limit": 1001}, {"Skip": -1}, {"PageNumber": 0}, {"Limit": "x"}):
        assert sbsys.post("sag/search", paging).status_code == 400


def test_a_caseworker_may_move_a_case_to_another_number(simulator: Simulator, sbsys: Sbsys) -> None:
    case = sbsys.case()

    moved = simulator.client.post(
        f"/simulator/cases/{case['Nummer']}/renumber", json={"number": "02.34.30-G01-77-26"}
    )

    assert moved.json()["number"] == "02.34.30-G01-77-26"
    now = sbsys.get(f"sag/{case['SagIdentity']}").json()
    assert now["Nummer"] == "02.34.30-G01-77-26"
    assert now["SagsNummer"]["SekvensNummer"] == 77
    assert now["Id"] == case["Id"]
    again = simulator.client.post("/simulator/cases/02.34.30-G01-77-26/renumber")
    assert again.json()["number"] == "02.34.30-G01-78-26"
    taken = simulator.client.post(
        "/simulator/cases/02.34.30-G01-78-26/renumber",
        json={"number": str(sbsys.case()["Nummer"])},
    )
    assert taken.status_code == 409


def test_a_caseworker_may_close_and_reopen_a_case(simulator: Simulator, sbsys: Sbsys) -> None:
    case = sbsys.case()
    path = f"/simulator/cases/{case['Nummer']}"

    assert simulator.client.post(f"{path}/close").json()["state"] == "Afsluttet"
    told = {"SagID": case["Id"], "DokumentNavn": "Svar"}
    assert sbsys.journalise(told).status_code == 409
    assert simulator.client.post(f"{path}/reopen").json()["state"] == "Aktiv"
    assert sbsys.journalise(told).status_code == 200


def test_a_case_that_is_gone_is_not_found_but_stays_in_the_ledger(
    simulator: Simulator, sbsys: Sbsys
) -> None:
    case = sbsys.case()
    told = {"SagID": case["Id"], "DokumentNavn": "Svar"}
    document = sbsys.journalise(told).json()

    simulator.client.post(f"/simulator/cases/{case['Nummer']}/delete")

    assert sbsys.get(f"sag/{case['SagIdentity']}").status_code == 404
    assert sbsys.get(f"dokument/{document['DokumentID']}").status_code == 404
    assert sbsys.get(f"fil/{document['Filer'][0]['Id']}").status_code == 404
    assert sbsys.journalise(told).status_code == 404
    found = sbsys.post("sag/search", {"Titel": case["SagsTitel"]}).json()
    assert found["TotalNumberOfResults"] == 0
    [kept] = [each for each in sbsys.ledger()["cases"] if each["identity"] == case["SagIdentity"]]
    assert kept["deleted_at"] is not None
    assert len(kept["documents"]) == 1
    assert simulator.client.post(f"/simulator/cases/{case['Nummer']}/close").status_code == 404


def test_a_caseworkers_deed_names_its_municipality_where_a_number_is_in_both(
    simulator: Simulator,
) -> None:
    subject = "09.18.14"
    here = simulator.hjorring.case(EmneplanNummer=subject, Facet="G01")
    there = simulator.vejle.case(312, EmneplanNummer=subject, Facet="G01")
    assert here["Nummer"] == there["Nummer"]

    path = f"/simulator/cases/{here['Nummer']}/close?organisation=vejle"
    assert simulator.client.post(path).json()["organisation"] == "vejle"

    assert "Afsluttet" in simulator.vejle.get(f"sag/{there['Id']}").text
    assert "Afsluttet" not in simulator.hjorring.get(f"sag/{here['Id']}").text


def test_the_ledger_tells_all_that_was_filed_in_order(tmp_path: Path) -> None:
    with simulating(tmp_path) as simulator:
        sbsys = simulator.hjorring
        case = sbsys.case()
        told = {"SagID": case["Id"], "DokumentNavn": "Svar", "Beskrivelse": "JL-1"}
        sbsys.journalise(told)
        note = {"SagID": case["Id"], "Overskrift": "JL-2", "Note": "ja"}
        sbsys.post("journalarknote/create", note)

        ledger = sbsys.ledger()

    assert ledger["tokens_issued"] == 1
    assert ledger["counts"] == {
        "cases": 1,
        "documents": 1,
        "notes": 1,
        "reminders": 0,
        "parties": 0,
        "persons": 2,
    }
    [kept] = ledger["cases"]
    [document] = kept["documents"]
    assert (document["name"], document["description"]) == ("Svar", "JL-1")
    assert document["size"] == len(PDF)
    assert document["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert [each["what"] for each in ledger["entries"]] == ["case", "document", "note"]


def test_every_version_publishes_a_swagger_document(simulator: Simulator) -> None:
    for version in ("default", "v1", "v31"):
        document = simulator.client.get(f"{PROXY}/docs/{version}").json()
        assert document["swagger"] == "2.0"
        paths = {
            f"{method.upper()} {path.removeprefix('/').removeprefix(version + '/')}"
            for path, methods in document["paths"].items()
            for method in methods
        }
        assert paths == {operation.name for operation in OPERATIONS}
    assert simulator.client.get(f"{PROXY}/docs/v32").status_code == 404


@pytest.mark.parametrize("installation", INSTALLATIONS, ids=lambda each: each.name)
def test_the_demos_settings_fit_the_simulator(
    simulator: Simulator, installation: Installation
) -> None:
    text = (ROOT / "organisations" / installation.name / "esdh.yaml").read_text(encoding="utf-8")
    settings = yaml.safe_load(text)
    client = Sbsys(simulator.client, installation.prefix)

    for template in settings["templates"].values():
        found = installation.template(template["id"])
        assert found is not None
        assert found.active
        assert set(template.get("sub_folders", [])) <= set(found.folders)
    states = {each.name: each.state for each in installation.statuses}
    assert [states[settings["statuses"][each]] for each in ("open", "dormant", "closed")] == [
        "Aktiv",
        "Hvilende",
        "Afsluttet",
    ]
    assert installation.user(settings["handler"]) is not None
    assert set(settings["users"].values()) <= {each.log_on for each in installation.users}
    assert set(settings["document_kinds"].values()) <= {each.id for each in DOCUMENT_KINDS}
    assert settings["reminders"]["type"] in {each.id for each in REMINDER_KINDS}
    assert settings["token"]["client_id"] == installation.account.client_id
    assert settings["token"].get("username", "julelys-service") == installation.account.username
    assert urlsplit(settings["token"]["url"]).path == installation.prefix + TOKEN
    assert urlsplit(settings["base_url"]).path == f"{client.prefix}{PROXY}/api"
