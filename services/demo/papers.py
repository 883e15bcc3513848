"""The papers of the demo's matters, taken in by the document store as any upload is."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from events.document import Document
from events.ids import DocumentId, PartyId
from services.core import Core
from services.demo.ids import demo_id
from services.documents.store import DocumentStore
from services.privacy.opening import reading_pool

DRAWING: Final = Path(__file__).with_name("situationsplan.pdf")
"""A site plan of nowhere. Papers of any name are copies of it."""

_BOUNDARY: Final = "demo"
_FORM: Final = f"multipart/form-data; boundary={_BOUNDARY}"


class Papers:
    """One organisation's, kept under `folder`; the same again is the same document."""

    def __init__(self, core: Core, folder: Path, now: datetime) -> None:
        self._core, self._folder, self._now = core, folder, now

    def of(self, owner: PartyId, *names: str) -> list[Document]:
        """Papers of these names, which are `owner`'s.

        Raises:
            DocumentRefused: the drawing is none that an upload might be.
        """
        return asyncio.run(self._kept(owner, names))

    async def _kept(self, owner: PartyId, names: Sequence[str]) -> list[Document]:
        core = self._core
        async with reading_pool(core.conninfo, core.name, core.keys) as pool:
            store = DocumentStore(self._folder, pool, core.keys)
            return await asyncio.gather(*(self._keep(store, owner, name) for name in names))

    async def _keep(self, store: DocumentStore, owner: PartyId, name: str) -> Document:
        document_id = DocumentId(demo_id(self._core.name, f"paper {name} {owner}"))
        upload = await store.find(document_id, owner=owner, now=self._now)
        if upload is None:
            upload = await store.receive(
                _FORM, _upload(name), document_id=document_id, owner=owner, now=self._now
            )
        return upload.document()


async def _upload(name: str) -> AsyncIterator[bytes]:
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    yield f"--{_BOUNDARY}\r\n{head}".encode()
    yield DRAWING.read_bytes()
    yield f"\r\n--{_BOUNDARY}--\r\n".encode()
