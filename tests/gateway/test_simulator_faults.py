"""Every fault over a real connection: what the client sees, and whether it happened after all."""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from gateway.simulator.faults import (
    BadFault,
    Fault,
    FaultKind,
    FaultPlan,
    FaultRule,
    Faults,
    asked_for,
)
from tests.gateway.running import wait_until
from tests.gateway.simulating import PROXY, UNKNOWN, Sbsys, Simulator, simulating

ANSWERED = {
    "401": (401, 0),
    "404": (404, 0),
    "409": (409, 0),
    "429": (429, 0),
    "503": (503, 0),
    "500-before": (500, 0),
    "500-after": (500, 1),
    "slow;seconds=0": (200, 1),
    "late;seconds=3600": (504, 0),
    "timeout-before;seconds=0": (504, 0),
    "timeout-after;seconds=0": (504, 1),
}
"""The status that a client is given, and how many documents lie there then."""
UNANSWERED = {
    "timeout-before": 0,
    "timeout-after": 1,
    "late-hang;seconds=0": 1,
    "late-hang;seconds=3600": 0,
    "reset-before": 0,
    "reset-after": 1,
}
"""How many documents lie there in the end, where no answer comes."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with simulating(tmp_path_factory.mktemp("sbsys")) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Iterator[Simulator]:
    yield running
    running.client.post("/simulator/faults/clear")


@pytest.fixture
def sbsys(simulator: Simulator) -> Sbsys:
    return simulator.hjorring


def plan(simulator: Simulator, *rules: dict[str, object]) -> None:
    answer = simulator.client.put("/simulator/faults", json={"faults": list(rules)})
    assert answer.status_code == 200, answer.text


def struck(simulator: Simulator) -> list[int]:
    told = simulator.client.get("/simulator/faults").json()["faults"]
    return [each["struck"] for each in told]


def documents(sbsys: Sbsys, case: dict[str, object]) -> int:
    return len(sbsys.get(f"sag/{case['Id']}/dokumenter").json())


def letter(case: dict[str, object]) -> dict[str, object]:
    return {"SagID": case["Id"], "DokumentNavn": "Svar"}


def test_every_kind_of_fault_is_tried_here() -> None:
    tried = {each.partition(";")[0] for each in (*ANSWERED, *UNANSWERED)}

    assert tried == set(FaultKind)


@pytest.mark.parametrize("fault", ANSWERED)
def test_a_fault_that_answers_has_its_status_and_effect(sbsys: Sbsys, fault: str) -> None:
    case = sbsys.case()
    status, filed = ANSWERED[fault]

    assert sbsys.journalise(letter(case), fault=fault).status_code == status
    assert documents(sbsys, case) == filed


@pytest.mark.parametrize("fault", UNANSWERED)
def test_a_fault_that_does_not_answer_has_its_effect_or_none(
    simulator: Simulator, sbsys: Sbsys, fault: str
) -> None:
    case = sbsys.case()
    kind, _, seconds = fault.partition(";seconds=")
    rule = {"kind": kind, "operation": "POST dokument/journaliser"}
    plan(simulator, rule | ({"seconds": float(seconds)} if seconds else {}))

    with httpx.Client(base_url=simulator.address, timeout=0.5) as impatient:
        client = Sbsys(impatient, token=sbsys.token)
        with pytest.raises((httpx.ReadTimeout, httpx.ReadError)) as error:
            client.journalise(letter(case))

    assert isinstance(error.value, httpx.ReadError) is fault.startswith("reset")
    wait_until(lambda: struck(simulator) == [1])
    wait_until(lambda: documents(sbsys, case) == UNANSWERED[fault])


def test_a_late_effect_comes_when_the_client_was_told_otherwise(sbsys: Sbsys) -> None:
    case = sbsys.case()

    assert sbsys.journalise(letter(case), fault="late;seconds=0.05").status_code == 504

    wait_until(lambda: documents(sbsys, case) == 1)


@pytest.mark.parametrize("fault", ["reset-before", "reset-after"])
def test_a_reset_is_a_real_one(simulator: Simulator, sbsys: Sbsys, fault: str) -> None:
    with socket.create_connection(simulator.host_and_port(), timeout=20) as connection:
        connection.sendall(
            f"GET {PROXY}/api/bruger/me HTTP/1.1\r\nHost: sbsys\r\n"
            f"Authorization: Bearer {sbsys.token}\r\nX-Simulate-Fault: {fault}\r\n\r\n".encode()
        )
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_a_busy_server_says_when_to_come_again(sbsys: Sbsys) -> None:
    answer = sbsys.journalise(letter(sbsys.case()), fault="429; seconds=2.5")

    assert answer.headers["Retry-After"] == "3"


def test_a_login_may_fail_too(simulator: Simulator, sbsys: Sbsys) -> None:
    plan(simulator, {"kind": "503", "operation": "POST token", "times": 1})

    assert [sbsys.log_in().status_code for _ in range(2)] == [503, 200]


def test_a_fault_strikes_what_its_pattern_fits_as_often_as_it_says(simulator: Simulator) -> None:
    plan(
        simulator,
        {"kind": "500-before", "operation": "get SAG/*", "organisation": "vejle", "times": 2},
        {"kind": "409", "operation": "PUT *"},
    )
    here, there = simulator.hjorring, simulator.vejle
    case = there.case(312)

    assert [there.get(f"sag/{case['Id']}").status_code for _ in range(3)] == [500, 500, 200]
    assert here.get("sag/sagStatusList").status_code == 200
    assert there.put(f"sag/{case['Id']}", case).status_code == 409
    assert there.get("bruger/me").status_code == 200
    assert struck(simulator) == [2, 1]


def test_nobody_without_a_token_uses_up_a_fault(simulator: Simulator) -> None:
    plan(simulator, {"kind": "500-before", "times": 1})

    assert Sbsys(simulator.client, token=UNKNOWN).get("bruger/me").status_code == 401
    assert struck(simulator) == [0]


@pytest.mark.parametrize("header", ["", "nonsense", "slow;seconds=x", "slow;minutes=1", "late;"])
def test_a_fault_that_is_none_is_told(sbsys: Sbsys, header: str) -> None:
    case = sbsys.case()

    answer = sbsys.journalise(letter(case), fault=header)

    assert (answer.status_code, documents(sbsys, case)) == (400, 0)
    assert "timeout-before" in answer.text


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"kind": "other"},
        {"kind": "slow", "times": 0},
        {"kind": "slow", "probability": 1.5},
        {"kind": "slow", "seconds": -1},
        {"kind": "slow", "often": True},
    ],
)
def test_a_plan_that_is_none_changes_nothing(simulator: Simulator, rule: dict[str, object]) -> None:
    plan(simulator, {"kind": "slow", "seconds": 0})

    answer = simulator.client.put("/simulator/faults", json={"faults": [rule]})

    assert answer.status_code == 400
    [kept] = simulator.client.get("/simulator/faults").json()["faults"]
    assert kept["kind"] == "slow"


def test_other_sites_cannot_make_faults(simulator: Simulator) -> None:
    answer = simulator.client.post(
        "/simulator/faults", data={"kind": "503"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    assert struck(simulator) == []


def strikes(seed: int) -> list[bool]:
    rule = FaultRule(kind=FaultKind.SLOW, probability=0.3, seed=seed)
    faults = Faults(FaultPlan(faults=(rule,)))
    return [faults.strike("hjorring", "POST person") is not None for _ in range(1000)]


def test_a_seed_strikes_the_same_requests_again() -> None:
    assert strikes(1) == strikes(1)
    assert strikes(1) != strikes(2)
    assert 200 < Counter(strikes(1))[True] < 400


def test_a_rule_that_does_not_strike_leaves_it_to_the_next() -> None:
    never = FaultRule(kind=FaultKind.SLOW, probability=0)
    always = FaultRule(kind=FaultKind.BUSY, seconds=7)

    struck_by = Faults(FaultPlan(faults=(never, always))).strike("hjorring", "POST person")

    assert struck_by == Fault(FaultKind.BUSY, 7.0)


def test_a_header_names_kind_and_seconds() -> None:
    assert asked_for("late; seconds=2.5") == Fault(FaultKind.LATE, 2.5)
    assert asked_for("reset-after") == Fault(FaultKind.RESET_AFTER, 0.0)
    with pytest.raises(BadFault):
        asked_for("slow;seconds=inf")


def test_a_plan_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("faults:\n- {kind: '401', operation: 'GET *', times: 3}\n")
    assert FaultPlan.read(file).faults == (
        FaultRule(kind=FaultKind.UNAUTHORISED, operation="GET *", times=3),
    )
    for bad in ("faults: 3", "[", "faults: [{kind: x}]"):
        file.write_text(bad)
        with pytest.raises(ValueError, match=r"\w"):
            FaultPlan.read(file)


def test_a_server_that_stops_ends_what_hangs_and_what_is_late(tmp_path: Path) -> None:
    with simulating(tmp_path) as simulator:
        sbsys = simulator.hjorring
        case = sbsys.case()
        sbsys.journalise(letter(case), fault="late;seconds=3600")
        with (
            httpx.Client(base_url=simulator.address, timeout=0.2) as impatient,
            suppress(httpx.ReadTimeout),
        ):
            Sbsys(impatient, token=sbsys.token).journalise(letter(case), fault="timeout-before")
    with simulating(tmp_path) as again:
        assert documents(again.hjorring, case) == 0
