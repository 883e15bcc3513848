"""`POST sag/search`: any of its criteria, and both ways of paging that clients use."""

from typing import Final

from gateway.simulator.call import Answer, Call, told
from gateway.simulator.given import Given, Wrong
from gateway.simulator.parties import NO_PARTIES, party_members
from gateway.simulator.shapes import case_dto

PAGE: Final = 50
PAGE_AT_MOST: Final = 1000


def search_cases(call: Call) -> Answer:
    given = call.sent.given
    where, values = _criteria(call, given)
    limit, skip = _paging(given)
    found = f"FROM cases WHERE {where}"
    counted = call.row(f"SELECT count(*) AS total {found}", *values)
    rows = call.rows(
        f"SELECT * {found} ORDER BY id LIMIT ? OFFSET ?",
        *values,
        limit,
        skip,
    )
    with_parties = str(call.sent.query.value("InkluderParterIResultat")).casefold() == "true"
    results = [
        case_dto(call, row, party_members(call, row["id"]) if with_parties else NO_PARTIES)
        for row in rows
    ]
    return told({"TotalNumberOfResults": counted["total"] if counted else 0, "Results": results})


def _criteria(call: Call, given: Given) -> tuple[str, list[object]]:
    """All that are given must hold; those of one list are alternatives."""
    where, values = ["deleted_at IS NULL"], list[object]()
    number, title = given.text("Nummer"), given.text("Titel")
    if number is not None:
        where.append("number = ?")
        values.append(number)
    if title is not None:
        where.append("instr(title, ?)")
        values.append(title.casefold())
    for column, wanted in _lists(call, given):
        where.append(f"{column} IN ({', '.join('?' * len(wanted))})")
        values += wanted
    person = given.part("PrimaerPerson")
    if person is not None:
        holds, names = _primary(call, person)
        where.append(f"id IN ({holds})")
        values += names
    if not _is_of_a_kind(given.parts("SagsTyper")):
        where.append("0")
    return " AND ".join(where), values


def _lists(call: Call, given: Given) -> list[tuple[str, list[int]]]:
    """Columns with the values that are wanted in them."""
    wanted = [("status", given.numbers("SagsStatusIds"))]
    wanted.append(("template", given.numbers("SagsSkabeloner")))
    status = given.part("SagsStatus")
    state = None if status is None else status.text("SagsTilstand")
    kept = [(column, numbers) for column, numbers in wanted if numbers]
    if state is not None:
        statuses = call.installation.statuses
        kept.append(("status", [each.id for each in statuses if each.state == state]))
    return kept


def _primary(call: Call, person: Given) -> tuple[str, list[object]]:
    """The cases whose primary party is a person with that number or name."""
    values: list[object] = []
    holds = "SELECT case_id FROM parties JOIN persons ON party_id = persons.id"
    holds += " WHERE kind = 'Person' AND is_primary"
    cpr, name = person.text("CprNummer"), person.text("PersonNavn")
    if cpr is not None:
        holds += " AND cpr = ?"
        values.append(cpr)
    if name is not None:
        holds += " AND name = ? AND known_from <= ?"
        values += [name, call.now.timestamp()]
    return holds, values


def _is_of_a_kind(kinds: list[Given]) -> bool:
    """Every case here is of one kind."""
    return not kinds or any(
        each.number("Id") == 1 or each.text("Navn") == "EmneSag" for each in kinds
    )


def _paging(given: Given) -> tuple[int, int]:
    """`Limit` and `Skip`, or `PageSize` and `PageNumber`, which counts from 1."""
    limit = given.number("Limit")
    size = given.number("PageSize") if limit is None else limit
    size = PAGE if size is None else size
    skip = given.number("Skip")
    if skip is None:
        page = given.number("PageNumber")
        skip = 0 if page is None else (page - 1) * size
    if not 1 <= size <= PAGE_AT_MOST or skip < 0:
        raise Wrong(400, "Siden findes ikke.")
    return size, skip
