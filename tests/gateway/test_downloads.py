"""Documents on their way out: saved and never shown within our pages; and how an upload stands."""

import pytest

from gateway.documents import disposition
from tests.files import PDF, pdf
from tests.gateway.running import System, code, key, wait_until

SCRIPT = pdf(catalog="/OpenAction<</S/JavaScript/JS(a)>>")
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "Accept-Ranges": "none",
}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Skitse æøå.pdf", PDF, "application/pdf"),
        ("Note.txt", "Rødgrød < fløde".encode(), "text/plain; charset=utf-8"),
    ],
)
def test_a_download_is_guarded_and_head_tells_the_same(
    system: System, name: str, content: bytes, kind: str
) -> None:
    case = system.case("anna")
    document = system.upload("anna", name, content)
    added = system.post("anna", f"/cases/{case}/documents", {"documents": [document]})
    path = f"/cases/{case}/documents/{document}"
    file = system.get("anna", path, after=added)
    assert file.content == content
    head = system.client.head(system.url(path), headers=system.headers("anna"))
    assert (head.status_code, head.content) == (200, b"")
    for answer in (file, head):
        assert {header: answer.headers[header] for header in GUARDS} == GUARDS
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Length"] == str(len(content))
        assert answer.headers["Content-Disposition"] == disposition(name)
    ranged = system.get("anna", path, headers={"Range": "bytes=0-3"})
    assert (ranged.status_code, ranged.content) == (200, content)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"),
        ("æ.pdf", "attachment; filename=\"_.pdf\"; filename*=UTF-8''%C3%A6.pdf"),
        (
            'a"; x=y.pdf',
            "attachment; filename=\"a_; x=y.pdf\"; filename*=UTF-8''a%22%3B%20x%3Dy.pdf",
        ),
        ("50%\\.pdf", "attachment; filename=\"50__.pdf\"; filename*=UTF-8''50%25%5C.pdf"),
        ("a\r\nb.pdf", "attachment; filename=\"a__b.pdf\"; filename*=UTF-8''a%0D%0Ab.pdf"),
    ],
)
def test_a_name_says_nothing_but_a_name(name: str, told: str) -> None:
    assert disposition(name) == told


def test_an_upload_that_is_ready_says_so_to_its_sender_alone(system: System) -> None:
    document = system.upload("anna", "a.pdf", PDF)
    told = system.get("anna", f"/documents/{document}").json()
    assert (told["state"], told["reason"], told["name"]) == ("ready", None, "a.pdf")
    for person in ("bo", "karen"):
        answer = system.get(person, f"/documents/{document}")
        assert (answer.status_code, code(answer)) == (404, "document-not-found")


def test_what_is_set_aside_is_told_with_what_to_do_and_cannot_be_used(system: System) -> None:
    def held() -> str:
        lines = system.client.get(f"{system.address}/metrics").text.splitlines()
        named = 'julelys_documents_held{organisation="hjorring",state="quarantined"} '
        return next(line.removeprefix(named) for line in lines if line.startswith(named))

    before = float(held())
    again = {"Idempotency-Key": key()}
    first, second = (
        system.client.post(
            system.url("/documents"),
            files={"file": ("Formular.pdf", SCRIPT)},
            headers=system.headers("anna") | again | {"Accept-Language": language},
        )
        for language in ("da", "en")
    )
    assert (first.status_code, code(first)) == (422, "document-active-content")
    document = first.json()["document"]
    assert second.json()["document"] == document
    assert "send det igen" in first.json()["detail"]
    assert "send it again" in second.json()["detail"]
    told = system.get("anna", f"/documents/{document}").json()
    assert (told["state"], told["reason"]["code"]) == ("quarantined", "document-active-content")
    case = system.case("anna")
    for path, body in {
        f"/cases/{case}/documents": {"documents": [document]},
        f"/cases/{case}/messages": {"text": "Se her", "documents": [document]},
    }.items():
        refused = system.post("anna", path, body)
        assert (refused.status_code, code(refused)) == (422, "document-active-content")
        assert refused.json()["document"] == document
    for person in ("anna", "karen"):
        answer = system.get(person, f"/cases/{case}/documents/{document}")
        assert code(answer) == "document-not-found"
    wait_until(lambda: float(held()) == before + 1)
