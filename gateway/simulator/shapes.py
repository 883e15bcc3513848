"""The answers' members, by the names and types that real responses have."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Final

from gateway.simulator.call import Call, Dto
from gateway.simulator.installation import (
    AREA,
    DOCUMENT_KINDS,
    Installation,
    Named,
    Status,
    Template,
    User,
)

CASE_FLAGS: Final = (
    "ErSamlesag",
    "YderligereMaterialeFindes",
    "ErBeskyttet",
    "ErBesluttet",
    "BeslutningHarDeadline",
)
CASE_VALUES: Final = (
    "Opstaaet",
    "Fagomraade",
    "BevaringId",
    "KommuneId",
    "KassationsDato",
    "SletningsDato",
    "ArkivNote",
    "ArkivAfklaringStatusId",
    "YderligereMaterialeBeskrivelse",
    "Besluttet",
    "BeslutningNotat",
    "BeslutningDeadline",
    "BeslutningsTypeId",
    "Ansaettelsessted",
    "StyringsreolHylde",
    "SecuritySetId",
)
"""With SagsTitel, Kommentar and Behandler, what PUT sag replaces: null when it is left out."""

_ADDRESS: Final = (
    "Adresse1",
    "Adresse2",
    "Adresse3",
    "Adresse4",
    "Adresse5",
    "HusNummer",
    "Etage",
    "DoerBetegnelse",
    "PostNummer",
    "PostDistrikt",
    "Bynavn",
    "LandeKode",
)
_REPLACEMENT_DAY: Final = 60
"""Numbers given to those without a birthday in CPR add it to the day."""


def user_dto(installation: Installation, user: User) -> Dto:
    return {
        "LogonId": user.log_on,
        "Uuid": installation.identity("user", user.id),
        "Id": user.id,
        "Navn": user.name,
    }


def named_dto(installation: Installation, kind: str, named: Named) -> Dto:
    identity = installation.identity(kind, named.id)
    return {"Uuid": identity, "Id": named.id, "Navn": named.name}


def status_dto(status: Status) -> Dto:
    return {
        "Id": status.id,
        "Navn": status.name,
        "Orden": status.id,
        "SagsTilstand": status.state,
        "RequireComments": False,
        "KraeverKommentarer": False,
    }


def template_dto(installation: Installation, template: Template) -> Dto:
    return {
        "Id": template.id,
        "Navn": template.name,
        "Aktiv": template.active,
        "Beskrivelse": None,
        "DisplayName": template.name,
        "Sti": f"Skabeloner/{template.name}",
        "SagsTitel": template.name,
        "SagSkabelonIdentity": installation.identity("template", template.id),
        "Fagomraade": named_dto(installation, "area", AREA),
        "Bruger": None,
        "ErBeskyttet": False,
        "PartAnvendIkke": False,
        "PartForlangAltid": False,
        "PartForlangAltidPrimaer": False,
    }


def person_dto(call: Call, row: sqlite3.Row) -> Dto:
    """Without a name until CPR has told it."""
    cpr = str(row["cpr"])
    day = int(cpr[:2])
    day -= _REPLACEMENT_DAY if day > _REPLACEMENT_DAY else 0
    return {
        "FoedeDato": f"19{cpr[4:6]}-{cpr[2:4]}-{day:02}T00:00:00",
        "Initialer": None,
        "Titel": None,
        "Koen": "Mand" if int(cpr[-1]) % 2 else "Kvinde",
        "CprNummer": cpr,
        "Adresse": _address(is_protected=bool(row["protected"])),
        "CivilstandId": None,
        "TilmeldtDigitalPost": True,
        "Uuid": row["identity"],
        "Id": row["id"],
        "Navn": row["name"] if call.now.timestamp() >= row["known_from"] else None,
    }


def firm_dto(row: sqlite3.Row) -> Dto:
    return {
        "CvrNummer": row["cvr"],
        "SENummer": None,
        "EanNummer": None,
        "Pnummer": None,
        "ErJuridiskEnhed": True,
        "TilmeldtDigitalPost": True,
        "Reklamebeskyttelse": False,
        "Branche": None,
        "Adresse": _address(is_protected=False),
        "Uuid": row["identity"],
        "Id": row["id"],
        "Navn": row["name"],
    }


def _address(*, is_protected: bool) -> Dto:
    empty: Dto = dict.fromkeys(_ADDRESS)
    if is_protected:
        return {**empty, "ErBeskyttet": True}
    place: Dto = {
        "Adresse1": "Bispensgade",
        "HusNummer": "1",
        "PostNummer": 9800,
        "PostDistrikt": "Hjørring",
        "LandeKode": "DK",
    }
    return {**empty, **place, "ErBeskyttet": False}


def case_dto(call: Call, row: sqlite3.Row, parties: Mapping[str, object]) -> Dto:
    """SagDto; `parties` are its members Personer, Firmaer and PrimaryPart."""
    installation = call.installation
    status = next(each for each in installation.statuses if each.id == row["status"])
    template = next(each for each in installation.templates if each.id == row["template"])
    service = user_dto(installation, call.user)
    return {
        "SagsTyper": [{"Id": 1, "Navn": "EmneSag"}],
        **parties,
        "Id": row["id"],
        "SagIdentity": row["identity"],
        "Nummer": row["number"],
        **json.loads(row["body"]),
        "SenesteStatusAendring": row["status_at"],
        "SenesteStatusAendringKommentar": row["status_comment"],
        "Oprettet": row["created_at"],
        "SenestAendret": row["changed_at"],
        "OprettetAf": service,
        "SenestAendretAf": service,
        "SagsNummerId": row["id"],
        "SagsStatus": status_dto(status),
        "SagSkabelon": {
            "Uuid": installation.identity("template", template.id),
            "Id": template.id,
            "Navn": template.name,
        },
        "SagsNummer": _number_dto(row),
    }


def _number_dto(row: sqlite3.Row) -> Dto:
    subject: Dto = {
        "Id": row["id"],
        "EmneplanID": 1,
        "Nummer": row["subject"],
        "Navn": row["subject"],
        "Beskrivelse": None,
        "Niveau": 3,
        "Oprettet": row["created_at"],
        "Rettet": None,
        "ErUdgaaet": False,
        "AfloserNumre": [],
    }
    facet: Dto = {
        "ID": row["id"],
        "FacetTypeID": 1,
        "Nummer": row["facet"],
        "Navn": row["facet"],
        "Beskrivelse": None,
        "BevaringID": None,
    }
    return {
        "EmneplanNummer": subject,
        "Facet": facet,
        "Aarstal": row["year"],
        "SekvensNummer": row["sequence"],
    }


def art_dto(installation: Installation, kind: int | None) -> Dto | None:
    found = next((each for each in DOCUMENT_KINDS if each.id == kind), None)
    return None if found is None else named_dto(installation, "art", found)
