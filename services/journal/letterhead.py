"""What stands around every letter of an organisation: its mark, its colour, how to reach it."""

from dataclasses import dataclass
from typing import Final

from services.catalogue.organisation import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """`lines` follow the organisation's name at the foot of each page.

    `logo` is SVG of shapes only, `colour` is `#rrggbb`; without them the name stands in black.
    """

    logo: str | None = None
    colour: str | None = None
    lines: tuple[str, ...] = ()


PLAIN: Final = Letterhead()


def letterhead_of(organisation: Organisation) -> Letterhead:
    contact, look = organisation.contact, organisation.look
    reached = (contact.phone, contact.email, contact.website.removeprefix("https://"))
    if look is None:
        return Letterhead(lines=reached)
    return Letterhead(logo=look.logo, colour=look.colour, lines=(*look.address, *reached))
