"""What a caseworker's forms ask for, as the API takes it: a path below the case, and a body."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from starlette.datastructures import FormData

from gateway.web.forms_sent import text

Uploaded: TypeAlias = Sequence[str]
Body: TypeAlias = dict[str, object]
Asked: TypeAlias = tuple[str, Body]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`below` is where the API has it: a part of the path, before the case and after it."""

    asked: Callable[[FormData, Uploaded], Asked]
    below: str = "/cases"


def words(path: str, *names: str) -> Act:
    """A body of these fields as they were written; one that was left empty is left out."""
    return Act(asked=lambda form, _: (path, given(form, *names)))


def given(form: FormData, *names: str) -> Body:
    written = {name: typed(form, name) for name in names}
    return {name: value for name, value in written.items() if value}


def typed(form: FormData, name: str) -> str:
    """What stands in a field, as people mean it: browsers end lines with two signs."""
    return text(form, name).replace("\r\n", "\n").strip()


def several(form: FormData, name: str) -> list[str]:
    return [each for each in form.getlist(name) if isinstance(each, str) and each]


def lines(form: FormData, name: str) -> list[str]:
    return [line.strip() for line in text(form, name).splitlines() if line.strip()]


def _is_yes(form: FormData, name: str) -> bool:
    return text(form, name) == "yes"


def _message(form: FormData, uploaded: Uploaded) -> Asked:
    return "/messages", {"text": typed(form, "text"), "documents": list(uploaded)}


def _documents(_: FormData, uploaded: Uploaded) -> Asked:
    return "/documents", {"documents": list(uploaded)}


def _redact(form: FormData, uploaded: Uploaded) -> Asked:
    body = given(form, "reason") | ({"document": uploaded[0]} if uploaded else {})
    return f"/documents/{text(form, 'original')}/redacted", body


def _read(form: FormData, _: Uploaded) -> Asked:
    return f"/messages/{text(form, 'message')}/read", {}


def _extend(form: FormData, _: Uploaded) -> Asked:
    return f"/deadlines/{text(form, 'deadline')}/extend", given(form, "due_on", "reason")


def _property(form: FormData, _: Uploaded) -> Asked:
    bfe = typed(form, "bfe")
    number: Body = {"bfe": int(bfe) if bfe.isascii() and bfe.isdigit() else bfe} if bfe else {}
    return "/property", given(form, "text", "address") | number


def _ask(form: FormData, _: Uploaded) -> Asked:
    items = [{"text": line} for line in lines(form, "items")]
    return "/information-requests", {"items": items, **given(form, "due_on")}


def _do_without(form: FormData, _: Uploaded) -> Asked:
    return f"/information-requests/{text(form, 'request')}/withdraw", {}


def _hear(form: FormData, _: Uploaded) -> Asked:
    heard: Body = {"parties": several(form, "parties"), "material": several(form, "material")}
    return "/party-hearing", given(form, "text", "due_on", "planned") | heard


def _exempt(form: FormData, _: Uploaded) -> Asked:
    return "/party-hearing-exemption", {
        **given(form, "ground", "reason"),
        "parties": several(form, "parties"),
    }


def _held(form: FormData, _: Uploaded) -> Asked:
    body: Body = {"is_approved": _is_yes(form, "is_approved"), "remarks": typed(form, "remarks")}
    return f"/inspections/{text(form, 'inspection')}/held", body


def decision_of(form: FormData) -> Body:
    """A decision as it is typed."""
    body = given(form, "outcome", "legal_basis")
    body |= {
        "grounds": typed(form, "grounds"),
        "conditions": lines(form, "conditions"),
        "needs_completion": _is_yes(form, "needs_completion"),
    }
    appeal = _appeal(form)
    return body | ({"appeal": appeal} if appeal else {})


def _appeal(form: FormData) -> Body:
    match text(form, "appeal"):
        case "":
            return {}
        case "none":
            return {"none": typed(form, "no_appeal")}
        case "written":
            days = typed(form, "appeal_days")
            period: Body = {}
            if days:
                period = {"days": int(days) if days.isdecimal() else days, "unit": "calendar-days"}
            own = {name: typed(form, f"appeal_{name}") for name in ("basis", "body", "text")}
            return {**own, **period}
        case name:
            return {"name": name}


def _dispatch(form: FormData, _: Uploaded) -> Asked:
    return f"/decision/{text(form, 'decision')}/dispatch", given(form, "channel")


def _correct(form: FormData, _: Uploaded) -> Asked:
    body: Body = {"restarts_appeal": _is_yes(form, "restarts_appeal")}
    return f"/decision/{text(form, 'decision')}/correct", given(form, "correction") | body


def _join(form: FormData, _: Uploaded) -> Asked:
    number = typed(form, "party").replace(" ", "")
    # A company is known by its number; whoever types it need not know how we write that.
    party = f"company:{number}" if number.isascii() and number.isdigit() else number
    return "/parties", given(form, "role") | {"party": party}


def _protect(form: FormData, _: Uploaded) -> Asked:
    return "/parties/protection", given(form, "party") | {"protected": _is_yes(form, "protected")}


def _choose(form: FormData, _: Uploaded) -> Asked:
    number = text(form, "number")
    return "/choose-case", {"number": None if number == "new" else number}


WORK: Final[Mapping[str, Act]] = {
    "claim": words("/claim"),
    "release": words("/release"),
    "assign": words("/assign", "to"),
    "transfer": words("/transfer", "team", "reason"),
    "message": Act(asked=_message),
    "documents": Act(asked=_documents),
    "redact": Act(asked=_redact),
    "note": words("/notes", "text"),
    "read": Act(asked=_read),
    "extend": Act(asked=_extend),
    "property": Act(asked=_property),
    "ask": Act(asked=_ask),
    "do-without": Act(asked=_do_without),
    "hear": Act(asked=_hear),
    "exempt": Act(asked=_exempt),
    "complete": words("/complete"),
    "inspect": words("/inspections", "on", "place"),
    "held": Act(asked=_held),
    "accept": words("/completion/accept"),
    "decide": Act(asked=lambda form, _: ("/decision", decision_of(form))),
    "dispatch": Act(asked=_dispatch),
    "correct": Act(asked=_correct),
    "reassess": words("/reassess", "outcome", "text"),
    "forward": words("/forward", "board", "remarks"),
    "board": words("/board-decision", "outcome", "text", "decided_on"),
    "answer": words("/answer-complaint", "text"),
    "join": Act(asked=_join),
    "leave": words("/parties/remove", "party"),
    "protect": Act(asked=_protect),
    "appoint": words("/representatives/appoint", "party", "representative", "basis", "document"),
    "decline": words("/representatives/decline", "party", "representative", "reason"),
    "end": words("/representatives/end", "party", "representative"),
    "close": words("/close"),
    "missed": words("/missed"),
    "reopen": words("/reopen", "reason"),
    "choose": Act(asked=_choose, below="/journal"),
    "retry": Act(asked=words("/retry", "entry").asked, below="/journal"),
    "resend": Act(asked=words("/retry", "notification").asked, below="/post"),
    "paper": Act(asked=words("/paper", "notification").asked, below="/post"),
    "posted": Act(asked=words("/posted", "notification").asked, below="/post"),
}
"""By the name that the form sends as `act`."""
