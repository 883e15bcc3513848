"""Who may do what after random histories, as it is answered over HTTP and as the model has it."""

from collections.abc import Mapping
from random import Random

import httpx

from tests.gateway.crowd import Crowd
from tests.gateway.running import code, key
from tests.gateway.test_access import STOPS
from tests.rights.model import HOUR, Matter, Person, allows

SEED = 20261126
CASES = 5
STEPS = 14
QUESTIONS = 5

PEOPLE = [
    Person(name="anna", party="person:anna"),
    Person(name="bo", party="person:bo"),
    Person(name="cecilie", party="person:cecilie"),
    Person(name="ruth", party="person:ruth"),
    Person(name="tomrer", party="company:99999991"),
    Person(name="karen", employer="hjorring", roles={"caseworker"}, teams={"byggeri-natur"}),
    Person(name="erik", employer="hjorring", roles={"caseworker"}, teams={"ejendomsdata"}),
    Person(name="mette", employer="hjorring", roles={"caseworker"}, teams={"vej-trafik"}),
    Person(name="vera", employer="vejle", roles={"caseworker"}, teams={"byggeri"}),
    Person(name="rikke", employer="hjorring", roles={"auditor"}),
    Person(name="ulla", employer="hjorring", roles={"committee-member"}),
    Person(name="admin", employer="hjorring", roles={"administrator"}),
]
LEADER = "lis"
"""Of every team, so that there is somebody to do what is done next."""
TEAMS = ("byggeri-natur", "ejendomsdata", "vej-trafik")

ASKED: Mapping[str, str] = {
    "look-at-case": "GET /cases/{case_id}/parties",
    "say-why": "PUT /cases/{case_id}/lookup-reason",
    "see-lookups": "GET /cases/{case_id}/reads",
    "write-on-case": "POST /cases/{case_id}/messages",
    "act-as-party": "POST /cases/{case_id}/withdraw",
    "answer-as-party": "POST /cases/{case_id}/party-hearing/{round_id}/answer",
    "name-representative": "POST /cases/{case_id}/representatives",
    "confirm-reading": "POST /cases/{case_id}/messages/{message_id}/read",
    "work-on-case": "POST /cases/{case_id}/claim",
    "read-notes": "GET /cases/{case_id}/notes",
    "journal": "GET /journal/{case_id}/choice",
    "audit": "GET /audit/cases/{case_id}/events",
}


def test_what_is_answered_is_what_the_model_says(crowd: Crowd) -> None:
    chance = Random(SEED)
    wrong: list[str] = []
    allowed = 0
    for _ in range(CASES):
        owner = chance.choice([each for each in PEOPLE if each.party is not None])
        case = crowd.system.case(owner.name)
        matter = Matter(authority="hjorring", team=TEAMS[0], owner=owner.party or "")
        for _ in range(STEPS):
            step(chance, crowd, case, matter)
            for _ in range(QUESTIONS):
                person, deed = chance.choice(PEOPLE), chance.choice(list(ASKED))
                answer = ask(crowd, person, ASKED[deed], case)
                told = code(answer) if answer.is_error else ""
                if told == "on-behalf-of-missing":
                    # They are asked for whom before they are told whether.
                    assert len(matter.acts_for(person)) > 1
                    continue
                expected = allows(matter, person, deed, 0)
                allowed += expected
                if (told not in STOPS) != expected:
                    wrong.append(f"{person.name} {deed} {matter}: {told or 'allowed'}")
    assert wrong == []
    assert allowed > CASES * STEPS * QUESTIONS // 10


def ask(crowd: Crowd, person: Person, route: str, case: str) -> httpx.Response:
    method, path = route.split(" ")
    url = crowd.system.url(path.format_map({**crowd.places, "case_id": case}))
    headers = crowd.system.headers(person.name) | {"Idempotency-Key": key()}
    if method != "GET":
        # Whoever gets past the door is told that this is no body.
        headers["Content-Type"] = "text/plain"
    return crowd.system.client.request(method, url, headers=headers)


def step(chance: Random, crowd: Crowd, case: str, matter: Matter) -> None:
    """Something happens to the case, and the model is told when it really did."""
    system = crowd.system
    party = chance.choice([matter.owner, *sorted(matter.joined)])
    other = chance.choice([each.party for each in PEOPLE if each.party is not None])
    about = f"/cases/{case}"
    match chance.randrange(7):
        case 0 | 1:
            answer = system.post(
                LEADER, f"{about}/parties", {"party": other, "role": "co-applicant"}
            )
            if answer.is_success:
                matter.joined.add(other)
        case 2:
            answer = system.post(LEADER, f"{about}/parties/remove", {"party": party})
            if answer.is_success:
                matter.joined.discard(party)
                matter.entrusted = {each for each in matter.entrusted if each[0] != party}
        case 3 | 4:
            named = {"party": party, "representative": other, "basis": "guardianship"}
            answer = system.post(LEADER, f"{about}/representatives/appoint", named)
            if answer.is_success:
                matter.entrusted.add((party, other))
        case 5:
            if matter.entrusted and chance.random() < 0.5:
                ending = chance.choice(sorted(matter.entrusted))
                body = {"party": ending[0], "representative": ending[1]}
                answer = system.post(LEADER, f"{about}/representatives/end", body)
                assert answer.is_success, answer.text
                matter.entrusted.discard(ending)
            else:
                why = {"purpose": "covering", "reason": "Karen er syg."}
                url = system.url(f"{about}/lookup-reason")
                assert system.client.put(url, json=why, headers=system.headers("mette")).is_success
                matter.reasons["mette"] = HOUR
        case _:
            to_team = chance.choice([each for each in TEAMS if each != matter.team])
            moving = {"team": to_team, "reason": "Deres felt."}
            answer = system.post(LEADER, f"{about}/transfer", moving)
            assert answer.is_success, answer.text
            matter.team = to_team
