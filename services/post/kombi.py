"""How a MeMo leaves the house: Serviceplatformen's KombiPostAfsend (SF1601), or a folder.

Delivery is not known then: it comes later, as a PKO_PostStatus (`services.post.receipts`).
"""

import asyncio
import os
import ssl
from datetime import UTC
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID
from xml.etree import ElementTree as ET

import httpx

from services.ids import derived_id
from services.ports import Clock
from services.post.memo import in_bytes
from services.post.ports import Accepted, Answer, NotNow, Refused, Unknown

DIGITAL_POST: Final = "Digital Post"
"""KombiValgKode: no fallback to paper over there, for we keep the paper path ourselves."""

TOO_MANY: Final = 429
BAD_REQUEST: Final = 400
SERVER_ERROR: Final = 500
_UNAUTHORISED: Final = frozenset({401, 403})
_AGAIN: Final = frozenset({408, 425, TOO_MANY, 503})


class Transport(Protocol):
    async def send(self, message: UUID, memo: ET.Element) -> Answer:
        """One try; `message` is the MeMo's own id, by which a repetition is recognised."""
        ...


def kombi_request(memo: ET.Element) -> bytes:
    """The body of `POST …/service/KombiPostAfsend_1/memos`."""
    request = ET.Element("kombi_request")
    ET.SubElement(request, "KombiValgKode").text = DIGITAL_POST
    request.append(memo)
    return in_bytes(request)


class FolderTransport:
    """A file for each message, there whole or not at all; the same message is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: UUID, memo: ET.Element) -> Answer:
        try:
            await asyncio.to_thread(self._write, message, kombi_request(memo))
        except OSError:
            return NotNow(reason="folder-unwritable", is_down=True)
        return Accepted(receipt=str(message))

    def _write(self, message: UUID, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f".{message}.tmp"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._folder / f"{message}.xml")


class EndpointTransport:
    """Over https with our certificate, which tells who we are."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        *,
        token: str | None,
        clock: Clock,
    ) -> None:
        self._http, self._url, self._token, self._clock = http, url, token, clock

    async def send(self, message: UUID, memo: ET.Element) -> Answer:
        """Doubt counts as done: only what cannot have reached the other side is called so."""
        # Follows from the message, so that a repetition is the same transaction.
        transaction = str(derived_id(message, "kombi transaction"))
        at = self._clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = {
            "X-TransaktionsId": transaction,
            "X-TransaktionsTid": at,
            "Content-Type": "application/xml",
        }
        if self._token is not None:
            headers["authorization"] = self._token
        try:
            answer = await self._http.post(self._url, content=kombi_request(memo), headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return NotNow(reason="unreachable", is_down=True)
        except httpx.HTTPError:
            return Unknown(reason="connection-lost")
        return _answer(answer.status_code, transaction)


def client(certificate: Path, ca_bundle: Path | None, seconds: float) -> httpx.AsyncClient:
    """Proxies and certificates come from our settings, never from the environment.

    Raises:
        ssl.SSLError: the certificate or the bundle is none.
    """
    context = ssl.create_default_context(cafile=ca_bundle)
    context.load_cert_chain(certificate)
    return httpx.AsyncClient(verify=context, timeout=seconds, trust_env=False)


def _answer(status: int, transaction: str) -> Answer:
    if httpx.codes.is_success(status):
        return Accepted(receipt=transaction)
    if status in _UNAUTHORISED:
        return NotNow(reason="unauthorised", is_down=True)
    if status in _AGAIN:
        return NotNow(reason="busy", is_down=True)
    if BAD_REQUEST <= status < SERVER_ERROR:
        return Refused(code="digital-post-rejected")
    # A proxy may say it of a system that has done its work.
    return Unknown(reason="server-error")
