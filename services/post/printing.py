"""A notification as whoever prints it gets it."""

import asyncio

from services.bootstrap import Organisation
from services.config import Config
from services.journal.facts import StoreFacts
from services.journal.writing import FolderContents, LetterWriter
from services.post.contact_points import known_contact_points
from services.post.letter import PostLetter
from services.post.letters import PostLetters
from services.post.listing import PostRow
from services.post.tender_letters import TenderLetters


async def printed(organisation: Organisation, config: Config, row: PostRow) -> PostLetter:
    """Raises:
    Unsendable: there is nothing to print that a person could read.
    """
    facts = StoreFacts(organisation.store)
    letters = PostLetters(
        organisation.catalogue,
        facts,
        LetterWriter(organisation.catalogue, facts),
        FolderContents(config.data / "documents" / organisation.name),
        TenderLetters(organisation.catalogue, facts, organisation.known),
    )
    points = known_contact_points(config, organisation.known)
    found = await asyncio.to_thread(points.of, row.party)
    return await letters.of(row.notified, row.party, found.official)
