"""Adressevælger and Datafordeler as far as they are documented, with the demo's data in them.

It answers in the shapes that were seen of the real ones: hits of several types, entities that name
each other by local ids, lists as `nodes`, errors with status 200, and the key in the query.
"""

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

from services.registers.demo import DemoData

KEY: Final = "hemmelig-noegle"
FLAT_BFE: Final = 900000099
"""An owner's flat on the land of the first property."""

_QUERY: Final = re.compile(
    r"query \(\$value: (?P<type>\w+)!, \$now: DafDateTime!\) \{ (?P<kind>\w+)\(first: \d+,"
    r" virkningstid: \$now(?P<registered>, registreringstid: \$now)?,"
    r" where: \{ (?P<by>\w+): \{ eq: \$value \} \}\) \{ nodes \{ (?P<fields>[\w ]+) \} \} \}"
)
Row = dict[str, object]


@dataclass
class Fault:
    """What is wrong with the server just now."""

    status: int = 200
    body: bytes | None = None
    seconds: float = 0.0


@dataclass
class RegisterServer:
    data: DemoData
    url: str = ""
    fault: Fault = field(default_factory=Fault)
    asked: list[str] = field(default_factory=list)

    def get(self, path: str, query: Mapping[str, str]) -> Row | None:
        if path == "/adresser/soeg":
            return self._search(query["tekst"], int(query["maksimum"]), query.get("kommuneKode"))
        wanted = path.removeprefix("/adresser/")
        for each in self.data.addresses:
            if str(each.id) == wanted:
                municipality = self._municipality(each.bfe)
                house: Row = {
                    "id_lokalid": f"house-{each.bfe}",
                    "husnummertekst": "1",
                    "navngivenvejkommunedel": {"kommune": municipality, "vejkode": "0001"},
                    "postnummer": {"postnr": "9800", "navn": "Hjørring"},
                }
                address: Row = {"id_lokalid": wanted, "adressebetegnelse": each.text}
                return {"adresse": {**address, "husnummer": house}}
        return None

    def _search(self, text: str, at_most: int, municipality: str | None) -> Row:
        typed = text.casefold().replace(",", " ").split()
        found: list[Row] = [{"type": "vejnavn", "titel": text, "vejnavn": text}]
        for each in self.data.addresses:
            own = each.text.casefold().replace(",", " ").split()
            if municipality not in {None, self._municipality(each.bfe)}:
                continue
            if all(any(word.startswith(part) for word in own) for part in typed):
                hit = {"type": "adresse", "id": str(each.id), "titel": each.text}
                found.append({**hit, "husnummerId": f"house-{each.bfe}"})
        return {"status": "ok", "beskrivelse": "", "fund": found[: at_most + 1]}

    def _municipality(self, bfe: int) -> str:
        return next(each.municipality for each in self.data.properties if each.bfe == bfe)

    def post(self, path: str, body: Mapping[str, object]) -> Row:
        asked = _QUERY.fullmatch(str(body["query"]))
        variables = body["variables"]
        assert isinstance(variables, dict)
        if asked is None or not re.fullmatch(r"[\d-]+T[\d:]+\.\d{3}Z", str(variables["now"])):
            return {"errors": [{"message": "DAF-GQL-0009", "extensions": {"code": "HC0011"}}]}
        kind, by, value = asked["kind"], asked["by"], variables["value"]
        assert (asked["type"] == "Long") is isinstance(value, int)
        assert path == f"/{_REGISTER[kind.split('_')[0]]}"
        assert (asked["registered"] is None) is (kind.startswith("CVR_"))
        rows = [row for row in self._rows(kind) if row[by] == value]
        fields = asked["fields"].split()
        nodes = [{name: row[name] for name in fields} for row in rows]
        return {"data": {kind: {"nodes": nodes}}}

    def _rows(self, kind: str) -> list[Row]:
        """All entities of a kind, each with the fields that were seen on it."""
        match kind:
            case "DAR_Husnummer":
                return [
                    {"id_lokalId": f"house-{each.bfe}", "jordstykke": f"piece-{each.bfe}-0"}
                    for each in self.data.properties
                ]
            case "MAT_Jordstykke":
                return [
                    {
                        "id_lokalId": f"piece-{each.bfe}-{number}",
                        "matrikelnummer": piece.number,
                        "ejerlavLokalId": f"district-{piece.district}",
                        "samletFastEjendomLokalId": f"estate-{each.bfe}",
                    }
                    for each in self.data.properties
                    for number, piece in enumerate(each.parcels)
                ]
            case "MAT_Ejerlav":
                codes = {piece.district for each in self.data.properties for piece in each.parcels}
                return [{"id_lokalId": f"district-{code}", "ejerlavskode": code} for code in codes]
            case "MAT_SamletFastEjendom":
                return [
                    {"id_lokalId": f"estate-{each.bfe}", "BFEnummer": each.bfe}
                    for each in self.data.properties
                ]
            case "MAT_Ejerlejlighed":
                estate = f"estate-{self.data.properties[0].bfe}"
                return [{"BFEnummer": FLAT_BFE, "samletFastEjendomLokalId": estate}]
            case _:
                return self._companies(kind)

    def _companies(self, kind: str) -> list[Row]:
        rows: list[Row] = []
        for each in self.data.companies:
            road, number = each.address[0].rsplit(" ", 1)
            postcode, town = each.address[1].split(" ", 1)
            unit = f"unit-{each.cvr}"
            elsewhere: Row = {
                "CVREnhedsId": unit,
                "AdresseringAnvendelse": "postadresse",
                "CVRAdresse_vejnavn": "Postboks",
                "CVRAdresse_husnummerFra": None,
                "CVRAdresse_postnummer": 9000,
                "CVRAdresse_postdistrikt": "Aalborg",
            }
            seat = elsewhere | {
                "AdresseringAnvendelse": "beliggenhedsadresse",
                "CVRAdresse_vejnavn": road,
                "CVRAdresse_husnummerFra": int(number),
                "CVRAdresse_postnummer": int(postcode),
                "CVRAdresse_postdistrikt": town,
            }
            own: dict[str, list[Row]] = {
                "CVR_Virksomhed": [{"CVRNummer": int(each.cvr), "id": unit}],
                "CVR_Navn": [{"CVREnhedsId": unit, "vaerdi": each.name}],
                "CVR_Adressering": [elsewhere, seat],
                "CVR_Produktionsenhed": [
                    {"tilknyttetVirksomhedsCVRNummer": int(each.cvr), "pNummer": int(number)}
                    for number in each.p_numbers
                ],
            }
            rows += own[kind]
        return rows


_REGISTER: Final = {"DAR": "DAR/v1", "MAT": "MAT/v1", "CVR": "flexibleCurrent/v1"}


class _Server(ThreadingHTTPServer):
    registers: RegisterServer


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        url, query = self._read("token")
        if query is not None:
            self._answer(self.server.registers.get(url, query))

    def do_POST(self) -> None:
        url, query = self._read("apiKey")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if query is not None:
            self._answer(self.server.registers.post(url, json.loads(body)))

    def log_message(self, *_: object) -> None:
        pass

    def _read(self, key: str) -> tuple[str, dict[str, str] | None]:
        self.server.registers.asked.append(self.path)
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if query.pop(key, None) != KEY:
            self._send(401, b"{}")
            return url.path, None
        time.sleep(self.server.registers.fault.seconds)
        if (
            self.server.registers.fault.status != 200
            or self.server.registers.fault.body is not None
        ):
            self._send(
                self.server.registers.fault.status, self.server.registers.fault.body or b"{}"
            )
            return url.path, None
        return url.path, query

    def _answer(self, found: Row | None) -> None:
        body = b"" if found is None else json.dumps(found, ensure_ascii=False).encode()
        self._send(404 if found is None else 200, body)

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # Whoever did not wait for the answer has gone.
        with suppress(ConnectionError):
            self.wfile.write(body)


@contextmanager
def serving(data: DemoData) -> Iterator[RegisterServer]:
    registers = RegisterServer(data)

    server = _Server(("127.0.0.1", 0), _Handler)
    server.registers = registers
    registers.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield registers
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
