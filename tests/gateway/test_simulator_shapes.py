"""The simulator answers with the members that real responses were recorded to have."""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import TypeAlias

import pytest

from tests.gateway.simulating import ANNA, BUILDING, HEARING, NOW, PDF, Sbsys, simulating

Shape: TypeAlias = "type | UnionType | dict[str, Shape] | list[Shape]"

TEXT: Shape = str | NoneType
NUMBER: Shape = int | NoneType

USER: Shape = {"LogonId": str, "Uuid": str, "Id": int, "Navn": str}
NAMED: Shape = {"Uuid": str, "Id": int, "Navn": str}
ADDRESS: Shape = {
    **{f"Adresse{number}": TEXT for number in range(1, 6)},
    "HusNummer": TEXT,
    "Etage": TEXT,
    "DoerBetegnelse": TEXT,
    "PostNummer": NUMBER,
    "PostDistrikt": TEXT,
    "Bynavn": TEXT,
    "LandeKode": TEXT,
    "ErBeskyttet": bool,
}
PERSON: Shape = {
    "FoedeDato": str,
    "Initialer": TEXT,
    "Titel": TEXT,
    "Koen": str,
    "CprNummer": str,
    "Adresse": ADDRESS,
    "CivilstandId": NUMBER,
    "TilmeldtDigitalPost": bool,
    "Uuid": str,
    "Id": int,
    "Navn": TEXT,
}
FIRM: Shape = {
    "CvrNummer": str,
    "SENummer": TEXT,
    "EanNummer": TEXT,
    "Pnummer": TEXT,
    "ErJuridiskEnhed": bool,
    "TilmeldtDigitalPost": bool,
    "Reklamebeskyttelse": bool,
    "Branche": TEXT,
    "Adresse": ADDRESS,
    "Uuid": str,
    "Id": int,
    "Navn": str,
}
STATUS: Shape = {
    "Id": int,
    "Navn": str,
    "Orden": int,
    "SagsTilstand": str,
    "RequireComments": bool,
    "KraeverKommentarer": bool,
}
SUBJECT: Shape = {
    "Id": int,
    "EmneplanID": int,
    "Nummer": str,
    "Navn": str,
    "Beskrivelse": TEXT,
    "Niveau": int,
    "Oprettet": TEXT,
    "Rettet": TEXT,
    "ErUdgaaet": bool,
    "AfloserNumre": list,
}
FACET: Shape = {
    "ID": int,
    "FacetTypeID": int,
    "Nummer": str,
    "Navn": str,
    "Beskrivelse": TEXT,
    "BevaringID": NUMBER,
}
CASE: Shape = {
    "SagsTyper": [{"Id": int, "Navn": str}],
    "SagsTitel": str,
    "Personer": [PERSON],
    "Firmaer": [FIRM],
    "PrimaryPart": {"PartId": int, "PartType": str},
    "Id": int,
    "SagIdentity": str,
    "Opstaaet": TEXT,
    "Nummer": str,
    "Fagomraade": NAMED,
    "Kommentar": TEXT,
    "BevaringId": NUMBER,
    "KommuneId": NUMBER,
    "ErSamlesag": bool,
    "SenesteStatusAendring": TEXT,
    "SenesteStatusAendringKommentar": TEXT,
    "KassationsDato": TEXT,
    "SletningsDato": TEXT,
    "ArkivNote": TEXT,
    "ArkivAfklaringStatusId": NUMBER,
    "YderligereMaterialeFindes": bool,
    "YderligereMaterialeBeskrivelse": TEXT,
    "Oprettet": str,
    "SenestAendret": str,
    "OprettetAf": USER,
    "SenestAendretAf": USER,
    "ErBeskyttet": bool,
    "ErBesluttet": bool,
    "Besluttet": TEXT,
    "BeslutningNotat": TEXT,
    "BeslutningHarDeadline": bool,
    "BeslutningDeadline": TEXT,
    "BeslutningsTypeId": NUMBER,
    "SagsNummerId": int,
    "Ansaettelsessted": NoneType,
    "Behandler": USER,
    "SagsStatus": STATUS,
    "StyringsreolHylde": NoneType,
    "SecuritySetId": NUMBER,
    "SagSkabelon": NAMED,
    "SagsNummer": {
        "EmneplanNummer": SUBJECT,
        "Facet": FACET,
        "Aarstal": int,
        "SekvensNummer": int,
    },
}
DOCUMENT: Shape = {
    "EksternId": TEXT,
    "SagID": int,
    "DokumentID": int,
    "Id": int,
    "DokumentIdentity": str,
    "DokumentRegistreringIdentity": str,
    "RegistreringsDato": str,
    "DokumentNavn": str,
    "Navn": str,
    "Beskrivelse": TEXT,
    "SagsPart": NoneType,
    "Behandler": USER,
    "SagsNummer": str,
    "PaaPostliste": bool,
    "PostlisteTitel": TEXT,
    "PostlisteBeskrivelse": TEXT,
    "DokumentArt": NAMED,
    "Filer": [
        {"Id": str, "Filnavn": str, "Filendelse": str, "ErPrimaerFil": bool, "MimeType": str}
    ],
    "Mail": NoneType,
    "OmfattetAfAktindsigt": bool,
    "AktindsigtKommentar": TEXT,
    "DeletedState": str,
    "DeletedReason": TEXT,
}
FOLDER: dict[str, Shape] = {"ID": int, "SagID": int, "Titel": str}
NOTE: Shape = {"Uuid": str, "Overskrift": str, "Note": str, "Oprettet": str, "OprettetAf": USER}
REMINDER: Shape = {
    "Id": int,
    "SagId": int,
    "Navn": str,
    "Beskrivelse": TEXT,
    "HarDeadline": bool,
    "Deadline": TEXT,
    "DeadlineStatus": TEXT,
    "SynligFra": TEXT,
    "ErAfsluttet": bool,
    "ErindringType": {"Id": int, "Navn": str},
    "Ansvarlig": USER,
    "Opretter": USER,
}
TEMPLATE: Shape = {
    "Id": int,
    "Navn": str,
    "Aktiv": bool,
    "Beskrivelse": TEXT,
    "DisplayName": str,
    "Sti": str,
    "SagsTitel": str,
    "SagSkabelonIdentity": str,
    "Fagomraade": NAMED,
    "Bruger": NoneType,
    "ErBeskyttet": bool,
    "PartAnvendIkke": bool,
    "PartForlangAltid": bool,
    "PartForlangAltidPrimaer": bool,
}
PARTY: Shape = {"Id": int, "PartType": str, "CPRnummer": TEXT, "CVRnummer": TEXT, "Navn": TEXT}


def mismatches(value: object, shape: Shape, at: str = "") -> list[str]:
    """Where a value is not of a shape. Lists must have something in them."""
    match shape:
        case dict():
            if not isinstance(value, dict) or value.keys() != shape.keys():
                return [f"{at}: {value}"]
            return [
                each
                for name, part in shape.items()
                for each in mismatches(value[name], part, f"{at}.{name}")
            ]
        case list():
            if not isinstance(value, list) or not value:
                return [f"{at}: {value}"]
            return [each for item in value for each in mismatches(item, shape[0], f"{at}[]")]
        case _:
            if isinstance(value, bool) and shape in (int, NUMBER):
                return [f"{at}: {value}"]
            return [] if isinstance(value, shape) else [f"{at}: {value}"]


@pytest.fixture(scope="module")
def sbsys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sbsys]:
    with simulating(tmp_path_factory.mktemp("sbsys")) as simulator:
        yield simulator.hjorring


@pytest.fixture(scope="module")
def case(sbsys: Sbsys) -> dict[str, object]:
    """A case with all that can lie on one."""
    [person] = sbsys.post("person/search", {"CprNummer": ANNA}).json()
    [firm] = sbsys.post("firma/search", {"CvrNummer": "99999991"}).json()
    case = sbsys.case(
        HEARING,
        PrimaryPart={"PartId": person["Id"], "PartType": "Person"},
        Parts=[{"PartId": firm["Id"], "PartType": "Firma"}],
    )
    art = {"Id": 1, "Navn": "Indgående"}
    told = {"SagID": case["Id"], "DokumentNavn": "Svar", "DokumentArt": art}
    [folder, *_] = sbsys.get(f"delforloeb/sag/{case['Id']}").json()
    assert sbsys.journalise(told, folder=folder["ID"]).status_code == 200
    note = {"SagID": case["Id"], "Overskrift": "Notat", "Note": "<p>Ja</p>"}
    note["KontaktTidspunkt"] = NOW.isoformat()
    assert sbsys.post("journalarknote/create", note).status_code == 200
    reminder = {
        "SagId": case["Id"],
        "Navn": "Svar senest",
        "HarDeadline": True,
        "Deadline": "2026-12-01T00:00:00",
        "ErindringType": {"Id": 1},
        "Ansvarlig": {"Id": 7},
        "Opretter": {"Id": 7},
    }
    assert sbsys.post("erindring", reminder).status_code == 200
    return case


def test_a_case_has_the_members_of_sagdto(sbsys: Sbsys, case: dict[str, object]) -> None:
    assert mismatches(case, CASE) == []
    assert mismatches(sbsys.get(f"sag/{case['Id']}").json(), CASE) == []


def test_a_number_is_written_as_real_ones_are(case: dict[str, object]) -> None:
    assert case["Nummer"] == "01.02.05-G01-1-26"


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("info/heartbeat/authorized", bool),
        ("sag/sagStatusList", [STATUS]),
        ("sag/{sag}/part", [PARTY]),
        ("sag/{sag}/dokumenter", [DOCUMENT]),
        ("sag/{sag}/delforloeb", [FOLDER]),
        ("delforloeb/sag/{sag}", [FOLDER]),
        ("sag/{sag}/journalarknotes", [NOTE]),
        ("erindring/sag/{sag}", [REMINDER]),
        ("erindring/typer", [{"Id": int, "Navn": str}]),
        ("sagsskabelon", [TEMPLATE]),
        (f"sagsskabelon/{BUILDING}", TEMPLATE),
        ("bruger/me", USER),
        ("ansaettelsessted/alle", [NAMED]),
    ],
)
def test_a_question_is_answered_in_its_shape(
    sbsys: Sbsys, case: dict[str, object], path: str, shape: Shape
) -> None:
    for key in ("Id", "SagIdentity"):
        answer = sbsys.get(path.replace("{sag}", str(case[key])))

        assert answer.status_code == 200
        assert mismatches(answer.json(), shape) == []


@pytest.mark.parametrize(
    ("path", "body", "shape"),
    [
        ("person/search", {"CprNummer": ANNA}, [PERSON]),
        ("firma/search", {"CvrNummer": "99999991"}, [FIRM]),
        ("bruger/search", {"LogonId": "kar"}, [USER]),
        ("bruger/search", {"Navn": "niels"}, [USER]),
        ("person", {"CprNummer": "630170-0004"}, PERSON),
        (
            "sag/search?InkluderParterIResultat=true",
            {"Nummer": "01.02.05-G01-1-26"},
            {"TotalNumberOfResults": int, "Results": [CASE]},
        ),
    ],
)
def test_a_search_is_answered_in_its_shape(
    sbsys: Sbsys, case: dict[str, object], path: str, body: object, shape: Shape
) -> None:
    del case
    answer = sbsys.post(path, body)

    assert answer.status_code == 200
    assert mismatches(answer.json(), shape) == []


def test_a_document_is_read_with_its_file(sbsys: Sbsys, case: dict[str, object]) -> None:
    [listed] = sbsys.get(f"sag/{case['Id']}/dokumenter").json()

    read = sbsys.get(f"dokument/{listed['DokumentID']}").json()
    file = sbsys.get(f"fil/{read['Filer'][0]['Id']}")

    assert read == listed
    assert file.content == PDF
    assert file.headers["Content-Type"] == "application/pdf"


def test_a_sub_folder_is_read_with_its_documents(sbsys: Sbsys, case: dict[str, object]) -> None:
    [folder, *_] = sbsys.get(f"delforloeb/sag/{case['Id']}").json()

    read = sbsys.get(f"delforloeb/{folder['ID']}").json()

    assert mismatches(read, {**FOLDER, "Dokumenter": [DOCUMENT]}) == []


def test_a_reminder_is_read_by_its_id(sbsys: Sbsys, case: dict[str, object]) -> None:
    [listed] = sbsys.get(f"erindring/sag/{case['Id']}").json()

    assert sbsys.get(f"erindring/{listed['Id']}").json() == listed


def test_a_person_is_read_by_id(sbsys: Sbsys) -> None:
    [person] = sbsys.post("person/search", {"CprNummer": ANNA}).json()

    assert sbsys.get("part/person", id=str(person["Id"])).json() == person


def test_a_user_is_read_by_guid_with_the_members_selected(sbsys: Sbsys) -> None:
    me = sbsys.get("bruger/me").json()

    assert sbsys.get(f"bruger/{me['Uuid']}").json() == me
    selected = sbsys.get(f"bruger/{me['Uuid']}", **{"model.select": "{Id,Navn}"}).json()
    assert selected == {"Id": me["Id"], "Navn": me["Navn"]}
