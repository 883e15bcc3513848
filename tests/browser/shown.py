"""A page or a state of one, and how people come there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from playwright.sync_api import Page

ANNA: Final = "Anna Andersen"
BO: Final = "Bo Bertelsen"
TOVE: Final = "Tove Tømrer"
KAREN: Final = "Karen Kristensen"
LIS: Final = "Lis Larsen"
METTE: Final = "Mette Mortensen"
RIKKE: Final = "Rikke Rasmussen"
ASGER: Final = "Asger Admin"

Steps: TypeAlias = Callable[[Page], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`route` is that of the page, `who` has logged in if anybody, and `steps` lead on from `at`.

    Addresses are below the organisation; who comes by no other way comes to the route itself.
    """

    name: str
    route: str
    at: str | None = None
    who: str | None = None
    steps: Steps | None = None
    status: int = 200

    @property
    def begins_at(self) -> str:
        return self.route if self.at is None else self.at


def follow(*names: str) -> Steps:
    """Go on by links, one after another."""

    def steps(page: Page) -> None:
        for name in names:
            page.get_by_role("link", name=name).first.click()
            page.wait_for_load_state()

    return steps
