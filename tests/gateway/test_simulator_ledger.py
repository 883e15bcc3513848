"""What was answered is in the ledger: after a kill, beside failing jobs, and for people to see."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from sqlite3 import Connection, IntegrityError
from threading import Semaphore

import anyio
import httpx
import pytest
import typer
from typer.testing import CliRunner

from gateway.cli_simulator import simulator_command
from gateway.simulator.ledger import Ledger
from tests.gateway.simulating import ANNA, HEARING, PDF, Sbsys, Simulator, simulating

STARTED_BY = (
    "import typer; from gateway.cli_simulator import simulator_command;"
    " typer.run(simulator_command)"
)
CLIENTS = 4
ACKNOWLEDGED = 25


@contextmanager
def process(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The simulator as a process of its own, with its address."""
    command = [sys.executable, "-c", STARTED_BY, "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield running, running.stdout.readline().strip()
        finally:
            running.kill()


def logged_in(address: str) -> Sbsys:
    client = httpx.Client(base_url=address, timeout=20.0, transport=patient())
    sbsys = Sbsys(client)
    sbsys.log_in()
    return sbsys


def patient() -> httpx.HTTPTransport:
    """The address is said a moment before the server listens to it."""
    return httpx.HTTPTransport(retries=5)


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    numbers = count()
    acknowledged: list[str] = []
    asked: list[str] = []
    enough = Semaphore(0)

    with process("--data", str(tmp_path)) as (running, address):
        sbsys = logged_in(address)
        case = sbsys.case()

        def file_until_it_ends() -> None:
            while True:
                name = f"Brev {next(numbers)}"
                asked.append(name)
                try:
                    sbsys.journalise({"SagID": case["Id"], "DokumentNavn": name})
                except httpx.TransportError:
                    return
                acknowledged.append(name)
                enough.release()

        with ThreadPoolExecutor(CLIENTS) as clients:
            for _ in range(CLIENTS):
                clients.submit(file_until_it_ends)
            for _ in range(ACKNOWLEDGED):
                enough.acquire()
            running.send_signal(signal.SIGKILL)
        sbsys.client.close()

    with process("--data", str(tmp_path)) as (_, address):
        again = logged_in(address)
        listed = again.get(f"sag/{case['Id']}/dokumenter").json()
        kept = [each["DokumentNavn"] for each in listed]
        again.client.close()
    assert len(kept) == len(set(kept))
    assert set(acknowledged) <= set(kept) <= set(asked)
    assert len(acknowledged) >= ACKNOWLEDGED


def test_a_process_makes_the_faults_of_its_file(tmp_path: Path) -> None:
    plan = tmp_path / "faults.yaml"
    plan.write_text("faults: [{kind: '503', operation: 'GET bruger/me'}]")

    with process("--data", str(tmp_path), "--faults", str(plan), "--latency", "0.001") as (
        _,
        address,
    ):
        sbsys = logged_in(address)
        assert sbsys.get("bruger/me").status_code == 503
        sbsys.client.close()


def test_a_plan_that_is_none_is_told_before_anything_starts(tmp_path: Path) -> None:
    plan = tmp_path / "faults.yaml"
    plan.write_text("faults: [{kind: sometimes}]")
    command = typer.Typer()
    command.command()(simulator_command)

    ended = CliRunner().invoke(command, ["--data", str(tmp_path), "--faults", str(plan)])

    assert ended.exit_code == 1
    assert "kind" in ended.stdout
    assert list(tmp_path.iterdir()) == [plan]


def test_a_job_is_done_only_when_it_is_committed(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "one.sqlite3", begin=lambda _: None)

    def job(db: Connection) -> str:
        db.execute("PRAGMA defer_foreign_keys = ON")
        db.execute("INSERT INTO folders (case_id, title) VALUES (1, 'Of no case')")
        return "done"

    with pytest.raises(IntegrityError):
        anyio.run(ledger.write, job)
    kept = anyio.run(ledger.read, lambda db: db.execute("SELECT * FROM folders").fetchall())
    ledger.close()

    assert kept == []


def test_a_job_that_fails_takes_none_of_those_beside_it_along(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "one.sqlite3", begin=lambda _: None)

    def job(number: int, db: Connection) -> int:
        db.execute("INSERT INTO counts VALUES (?, 1)", (f"job {number}",))
        if number % 3 == 0:
            raise ValueError(number)
        return number

    async def all_at_once() -> Sequence[tuple[int, bool]]:
        done: list[tuple[int, bool]] = []

        async def one(number: int) -> None:
            try:
                done.append((await ledger.write(lambda db: job(number, db)), True))
            except ValueError:
                done.append((number, False))

        async with anyio.create_task_group() as group:
            for number in range(300):
                group.start_soon(one, number)
        return done

    done = anyio.run(all_at_once)
    kept = anyio.run(ledger.read, lambda db: db.execute("SELECT name FROM counts").fetchall())
    ledger.close()

    assert sorted(done) == [(number, number % 3 != 0) for number in range(300)]
    assert {row["name"] for row in kept} == {f"job {number}" for number, good in done if good}


class Page(HTMLParser):
    """What is wrong with a page, and what stands in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lang: str | None = None
        self.levels: list[int] = []
        self.links: list[str] = []
        self.counted: dict[str, int] = {}
        self.ids: set[str] = set()
        self.labelled: set[str] = set()
        self.inputs: set[str] = set()
        self.mistakes: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.counted[tag] = self.counted.get(tag, 0) + 1
        if "id" in given and given["id"] in self.ids:
            self.mistakes.append(f"two of {given['id']}")
        self.ids.add(given.get("id", ""))
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        match tag:
            case "html":
                self.lang = given.get("lang")
            case "h1" | "h2" | "h3":
                self.levels.append(int(tag[1]))
            case "th" if "scope" not in given:
                self.mistakes.append("th without scope")
            case "label":
                self.labelled.add(given["for"])
            case "input" | "select" if given.get("type") != "hidden":
                self.inputs.add(given["id"])
            case "script" | "img" | "link":
                self.mistakes.append(tag)
            case _:
                pass

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


def check_readable(text: str) -> Page:
    """A page that everyone can use, with a keyboard and a screen reader too."""
    page = Page(text)
    assert page.mistakes == []
    assert page.lang == "da"
    assert page.counted["title"] == page.counted["h1"] == page.counted["main"] == 1
    assert page.levels[0] == 1
    steps = zip(page.levels, page.levels[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert page.counted.get("table", 0) == page.counted.get("caption", 0)
    assert page.counted.get("table", 0) == page.counted.get("thead", 0)
    assert page.inputs <= page.labelled
    assert all(link.startswith(("/", "#")) for link in page.links)
    return page


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with simulating(tmp_path_factory.mktemp("sbsys")) as running:
        yield running


@pytest.fixture(scope="module")
def case(simulator: Simulator) -> dict[str, object]:
    sbsys = simulator.hjorring
    [anna] = sbsys.post("person/search", {"CprNummer": ANNA}).json()
    case = sbsys.case(
        HEARING,
        SagsTitel="Havnen <b>Nord</b>",
        PrimaryPart={"PartId": anna["Id"], "PartType": "Person"},
    )
    sbsys.journalise({"SagID": case["Id"], "DokumentNavn": "Svar fra Anna"})
    note = {"SagID": case["Id"], "Overskrift": "Opringning", "Note": "<p>Hun ringede.</p>"}
    sbsys.post("journalarknote/create", note)
    reminder = {
        "SagId": case["Id"],
        "Navn": "Svar senest",
        "Deadline": "2026-12-01T00:00:00+01:00",
        "ErindringType": {"Id": 1},
    }
    sbsys.post("erindring", reminder)
    return case


def test_an_empty_overview_is_readable(tmp_path: Path) -> None:
    with simulating(tmp_path) as empty:
        page = check_readable(empty.client.get("/").text)

    assert "Ingen sager." in page.words


def test_the_overview_shows_cases_and_what_arrived_last(
    simulator: Simulator, case: dict[str, object]
) -> None:
    page = check_readable(simulator.client.get("/").text)

    assert {"Havnen <b>Nord</b>", case["Nummer"], "Anna Andersen"} <= set(page.words)
    assert "Dokument journaliseret: Svar fra Anna" in page.words
    assert f"/sager/hjorring/{case['Id']}" in page.links


def test_a_case_shows_what_lies_on_it_and_its_documents_open(
    simulator: Simulator, case: dict[str, object]
) -> None:
    page = check_readable(simulator.client.get(f"/sager/hjorring/{case['Id']}").text)

    assert {"Svar fra Anna", "Opringning", "<p>Hun ringede.</p>"} <= set(page.words)
    [link] = [link for link in page.links if link.startswith("/filer/")]
    file = simulator.client.get(link)
    assert file.content == PDF
    assert file.headers["Content-Type"] == "application/pdf"
    assert "Content-Disposition" not in file.headers


def test_a_document_that_might_run_is_saved_instead_of_shown(simulator: Simulator) -> None:
    sbsys = simulator.hjorring
    case = sbsys.case()
    simulator.client.post(
        "/convergens-sbsip-sbsys-webapi-proxy/proxy/api/dokument/journaliser",
        data={"json": f'{{"SagID": {case["Id"]}, "DokumentNavn": "Side"}}'},
        files={"file": ("side.html", b"<script>alert(1)</script>", "text/html")},
        headers={"Authorization": f"Bearer {sbsys.token}"},
    )
    page = Page(simulator.client.get(f"/sager/hjorring/{case['Id']}").text)

    [link] = [link for link in page.links if link.startswith("/filer/")]
    headers = simulator.client.get(link).headers

    assert headers["Content-Disposition"] == "attachment"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_forms_do_what_they_say(simulator: Simulator) -> None:
    case = simulator.hjorring.case()
    path = f"/simulator/cases/{case['Nummer']}"
    form = {"organisation": "hjorring"}
    client = simulator.client

    closed = client.post(f"{path}/close", data=form, follow_redirects=True)
    assert "Genåbn sagen" in check_readable(closed.text).words
    client.post(f"{path}/renumber", data={**form, "number": "02.34.00-G01-500-26"})
    gone = client.post(
        "/simulator/cases/02.34.00-G01-500-26/delete", data=form, follow_redirects=True
    )
    assert "Sag 02.34.00-G01-500-26" in check_readable(gone.text).words
    assert "Luk sagen" not in gone.text

    fault = {"kind": "slow", "operation": "GET bruger/me", "times": "", "seconds": "0.5"}
    made = client.post("/simulator/faults", data=fault, follow_redirects=True)
    assert {"slow", "GET bruger/me", "0.5", "altid"} <= set(check_readable(made.text).words)
    assert client.post("/simulator/faults", data={"kind": "no"}).status_code == 400
    cleared = client.post("/simulator/faults/clear", follow_redirects=True)
    assert "Ingen fejl: alt går godt." in check_readable(cleared.text).words


def test_older_cases_are_on_the_next_page(simulator: Simulator) -> None:
    first = simulator.vejle.case(312)
    for _ in range(50):
        simulator.vejle.case(312)

    def row(path: str) -> bool:
        text = simulator.client.get(path).text
        return f'<th scope="row"><a href="/sager/vejle/{first["Id"]}">' in text

    assert [row(f"/?side={side}") for side in ("1", "2", "x", "0", "9" * 5000)] == [
        False,
        True,
        False,
        False,
        False,
    ]


def test_what_is_not_there_has_no_page(simulator: Simulator) -> None:
    for path in ("/sager/hjorring/9999", "/sager/x/1", "/filer/hjorring/x", "/filer/x/1", "/x"):
        assert simulator.client.get(path).status_code == 404
