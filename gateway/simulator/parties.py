"""Persons and companies, and whose case it is."""

import re
import sqlite3
from typing import Final

from gateway.simulator.call import Answer, Call, Dto, gone, told
from gateway.simulator.given import Given, Wrong, missing
from gateway.simulator.installation import Installation
from gateway.simulator.shapes import firm_dto, person_dto
from services.ids import new_id

PERSON: Final = "Person"
FIRM: Final = "Firma"
_CPR: Final = re.compile(r"[0-9]{6}-[0-9]{4}")
_FIRST: Final = ("Alma", "Birk", "Clara", "Ditlev", "Ellen", "Folke", "Gerda", "Holger")
_LAST: Final = ("Dam", "Eng", "Fjord", "Holm", "Krat", "Lund", "Mose", "Skov")


def register(db: sqlite3.Connection, installation: Installation) -> None:
    """Those whom the installation knows from the beginning. Repeating it adds nobody."""
    db.executemany(
        "INSERT OR IGNORE INTO persons (identity, cpr, name, protected, known_from)"
        " VALUES (?, ?, ?, ?, 0)",
        [
            (installation.identity("person", number), each.cpr, each.name, each.protected)
            for number, each in enumerate(installation.residents)
        ],
    )
    db.executemany(
        "INSERT OR IGNORE INTO firms (identity, cvr, name) VALUES (?, ?, ?)",
        [
            (installation.identity("firm", number), each.cvr, each.name)
            for number, each in enumerate(installation.firms)
        ],
    )


def search_persons(call: Call) -> Answer:
    cpr = call.sent.given.text("CprNummer")
    if cpr is None:
        raise missing("CprNummer")
    return told([person_dto(call, each) for each in _persons(call, cpr)])


def make_person(call: Call) -> Answer:
    """The name comes from CPR later. A number that is there already gives the person it has."""
    cpr = call.sent.given.text("CprNummer")
    if cpr is None or _CPR.fullmatch(cpr) is None:
        raise Wrong(400, "CprNummer skal skrives som DDMMÅÅ-NNNN.")
    if not _persons(call, cpr):
        number = call.insert(
            "persons",
            identity=str(new_id()),
            cpr=cpr,
            name=_name(cpr),
            protected=0,
            known_from=call.now.timestamp() + call.installation.known_after,
        )
        call.enter("person", number)
    return told(person_dto(call, _persons(call, cpr)[0]))


def person_by_id(call: Call) -> Answer:
    number = call.sent.query.number("id")
    found = call.row("SELECT * FROM persons WHERE id = ?", number)
    if found is None:
        raise gone(PERSON)
    return told(person_dto(call, found))


def search_firms(call: Call) -> Answer:
    cvr = call.sent.given.text("CvrNummer")
    if cvr is None:
        raise missing("CvrNummer")
    return told([firm_dto(each) for each in call.rows("SELECT * FROM firms WHERE cvr = ?", cvr)])


def join(call: Call, case_id: int, party: Given, *, is_primary: bool = False) -> None:
    """Make someone a party; one who is it already stays it once.

    Raises:
        Wrong: 400, there is nobody of that kind and id.
    """
    kind, number = party.text("PartType"), party.number("PartId")
    if kind is None or number is None or _register(call, kind, number) is None:
        raise Wrong(400, "Der findes ingen part med den PartType og PartId.")
    call.db.execute(
        "INSERT INTO parties (case_id, kind, party_id, is_primary) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (case_id, kind, number, is_primary),
    )


def parties(call: Call, case_id: int) -> list[Dto]:
    """As `GET sag/{sag}/part` lists them, the primary one first."""
    listed: list[Dto] = []
    for kind, row in _of_case(call, case_id):
        dto = person_dto(call, row) if kind == PERSON else firm_dto(row)
        listed.append(
            {
                "Id": row["id"],
                "PartType": kind,
                "CPRnummer": dto.get("CprNummer"),
                "CVRnummer": dto.get("CvrNummer"),
                "Navn": dto["Navn"],
            }
        )
    return listed


def party_members(call: Call, case_id: int) -> Dto:
    """What a SagDto says of them."""
    found = _of_case(call, case_id)
    primary = call.row("SELECT * FROM parties WHERE case_id = ? AND is_primary", case_id)
    return {
        "Personer": [person_dto(call, row) for kind, row in found if kind == PERSON],
        "Firmaer": [firm_dto(row) for kind, row in found if kind == FIRM],
        "PrimaryPart": primary and {"PartId": primary["party_id"], "PartType": primary["kind"]},
    }


NO_PARTIES: Final[Dto] = {"Personer": [], "Firmaer": [], "PrimaryPart": None}
"""The members of a SagDto in a result that was asked for without them."""


def _of_case(call: Call, case_id: int) -> list[tuple[str, sqlite3.Row]]:
    joined = call.rows(
        "SELECT * FROM parties WHERE case_id = ? ORDER BY is_primary DESC, rowid", case_id
    )
    found: list[tuple[str, sqlite3.Row]] = []
    for each in joined:
        row = _register(call, each["kind"], each["party_id"])
        if row is not None:
            found.append((each["kind"], row))
    return found


def _register(call: Call, kind: str, number: int) -> sqlite3.Row | None:
    match kind:
        case "Person":
            return call.row("SELECT * FROM persons WHERE id = ?", number)
        case "Firma":
            return call.row("SELECT * FROM firms WHERE id = ?", number)
        case _:
            return None


def _persons(call: Call, cpr: str) -> list[sqlite3.Row]:
    return call.rows("SELECT * FROM persons WHERE cpr = ?", cpr)


def _name(cpr: str) -> str:
    """Somebody's invented name: the same for the same number."""
    digits = int(cpr.replace("-", ""))
    return f"{_FIRST[digits % 8]} {_LAST[digits // 8 % 8]}"
