"""Whoever asks too often is told to wait, and nobody else is made to."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import httpx
import pytest

from gateway import limits
from gateway.limits import DEFAULTS, Budget, Limiter, Limits, Rate, address_of, read_limits
from gateway.problems import Problem
from tests.gateway.running import (
    RESPONSE_ANSWERS,
    System,
    by_other_settings,
    code,
    wait_until,
)

MINUTE = Limits(rates={Budget.READ: Rate(times=3, seconds=60)})
TIGHT = "write=2/600, anonymous=2/600, login=2/600, refused=2/600, public=3/600, streams=2"


class Seconds:
    """A clock to set."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def wait(limiter: Limiter, whose: str = "anna") -> int:
    """How long somebody is told to wait, 0 when they are let through."""
    try:
        limiter.spend(Budget.READ, whose)
    except Problem as problem:
        return int(problem.headers["Retry-After"])
    return 0


def test_a_budget_is_spent_at_once_and_comes_back_evenly() -> None:
    seconds = Seconds()
    limiter = Limiter(MINUTE, now=seconds)
    assert [wait(limiter) for _ in range(5)] == [0, 0, 0, 20, 20]
    assert wait(limiter, "bo") == 0
    seconds.now += 19
    assert wait(limiter) == 1
    seconds.now += 1
    assert [wait(limiter), wait(limiter)] == [0, 20]
    seconds.now += 3_600
    assert [wait(limiter) for _ in range(4)] == [0, 0, 0, 20]


def test_whoever_waits_as_long_as_they_are_told_is_let_through() -> None:
    seconds = Seconds()
    limiter = Limiter(Limits(rates={Budget.READ: Rate(times=7, seconds=11)}), now=seconds)
    passed = 0
    for _ in range(1_000):
        told = wait(limiter)
        seconds.now += told
        passed += not told or not wait(limiter)
    assert passed == 1_000


def test_as_many_pass_as_the_budget_says_however_fast_they_come() -> None:
    seconds = Seconds()
    limiter = Limiter(MINUTE, now=seconds)
    passed = 0
    for _ in range(64_001):
        passed += not wait(limiter)
        seconds.now += 1 / 64
    assert passed == 3 + 1_000 * 3 // 60


def test_no_more_is_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_AT_MOST", 10)
    seconds = Seconds()
    limiter = Limiter(MINUTE, now=seconds)
    for number in range(1_000):
        wait(limiter, str(number))
        assert len(limiter._full_at) <= 10  # noqa: SLF001 - what is held is the point
    # Who came last is still known, by whom the others were pushed out.
    assert [wait(limiter, "999") for _ in range(3)] == [0, 0, 20]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", DEFAULTS),
        ("off", Limits()),
        (
            "streams=5, write=10/60",
            Limits(
                rates={**DEFAULTS.rates, Budget.WRITE: Rate(times=10, seconds=60)},
                streams=5,
            ),
        ),
    ],
)
def test_the_setting_says_what_is_not_as_by_default(text: str, expected: Limits) -> None:
    assert read_limits(text) == expected
    assert set(DEFAULTS.rates) == set(Budget)


@pytest.mark.parametrize("part", ["writes=1/2", "write=1", "write=0/2", "write=1/0", "streams=1/2"])
def test_a_limit_that_is_none_is_named(part: str) -> None:
    with pytest.raises(ValueError, match=f"'{part}' is no limit"):
        read_limits(f"read=1/2, {part}")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
        (None, ""),
    ],
)
def test_a_network_of_64_bits_is_one_address(given: str | None, expected: str) -> None:
    assert address_of(given) == expected


@contextmanager
def tight(system: System, proxies: Sequence[str] = ()) -> Iterator[System]:
    config = replace(system.config, limits=TIGHT, proxies=tuple(proxies))
    with by_other_settings(system, config) as found:
        wait_until(lambda: found.client.get(f"{found.address}/health/ready").status_code == 200)
        yield found


def codes(answers: Sequence[httpx.Response]) -> list[str]:
    return [code(answer) if answer.is_error else "" for answer in answers]


def test_each_person_has_a_budget_of_their_own(system: System) -> None:
    case, other = system.case("anna"), system.case("bo")
    with tight(system) as found:
        words = {"text": "Hej"}
        said = [found.post("anna", f"/cases/{case}/messages", words) for _ in range(3)]
        assert codes(said) == ["", "", "too-many-requests"]
        assert said[2].status_code == 429
        assert int(said[2].headers["Retry-After"]) == 300
        assert found.post("bo", f"/cases/{other}/messages", words).status_code == 201
        assert found.get("anna", f"/cases/{case}").status_code == 200
        told = found.client.get(f"{found.address}/metrics").text
        assert 'julelys_limited_total{budget="write"} 1.0' in told


def test_who_is_not_known_shares_the_budget_of_their_address(system: System) -> None:
    hearing = system.open_hearing()
    body = {"answers": dict(RESPONSE_ANSWERS), "about": hearing}
    url = "/services/hearing-response/submissions"

    def from_(address: str) -> httpx.Response:
        return found.post(None, url, body, headers={"X-Forwarded-For": address})

    with tight(system, ["127.0.0.1"]) as found:
        first = [from_("192.0.2.7"), from_("10.9.8.7, 192.0.2.7"), from_("192.0.2.7")]
        # What somebody writes in front of their own address is not believed.
        assert codes(first) == ["", "", "too-many-requests"]
        assert codes([from_("192.0.2.8"), from_("10.9.8.7, 192.0.2.7")]) == [
            "",
            "too-many-requests",
        ]
        # Who is known is not held to what others at their address have done.
        headers = {"X-Forwarded-For": "192.0.2.7"}
        assert found.post("anna", url, body, headers=headers).status_code == 201
    with tight(system) as found:
        assert codes([from_(f"192.0.2.{number}") for number in range(3)])[2] == "too-many-requests"


def test_the_way_to_an_issuer_and_what_is_public_have_a_budget(system: System) -> None:
    with tight(system) as found:
        begun = [found.get(None, "/login/mitid") for _ in range(3)]
        assert codes(begun)[2] == "too-many-requests"
        assert codes([found.get(None, "/hearings") for _ in range(4)]) == [
            *[""] * 3,
            "too-many-requests",
        ]


def test_bad_tokens_run_out_and_good_ones_do_not(system: System) -> None:
    with tight(system) as found:
        bad = {"Authorization": "Bearer a.b.c"}
        tried = [found.get(None, "/cases", headers=bad) for _ in range(3)]
        assert codes(tried) == ["token-invalid", "token-invalid", "too-many-requests"]
        assert found.get("anna", "/cases").status_code == 200


def test_nobody_has_more_timelines_open_than_they_may(system: System) -> None:
    case = system.case("anna")
    with tight(system) as found, ExitStack() as opened:

        def open_one(stack: ExitStack) -> int:
            url = found.url(f"/cases/{case}/timeline/stream")
            asked = httpx.stream("GET", url, headers=found.headers("anna"), timeout=20)
            answer = stack.enter_context(asked)
            if answer.is_error:
                answer.read()
                assert code(answer) == "too-many-streams"
                assert answer.headers["Retry-After"]
            return answer.status_code

        with ExitStack() as first:
            assert [open_one(first), open_one(opened), open_one(opened)] == [200, 200, 429]

        def has_room() -> bool:
            with ExitStack() as tried:
                return open_one(tried) == 200

        wait_until(has_room)
