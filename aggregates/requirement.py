"""What must be so before something may be done: what is checked is also what is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from commands.refusal import Refused


@dataclass(frozen=True, slots=True)
class Requirement:
    """`refusal` is what is answered while it is not met."""

    refusal: Refused
    is_met: bool

    @property
    def code(self) -> str:
        return self.refusal.code


def require(requirements: Iterable[Requirement]) -> None:
    """Refuse for the first that is not met.

    Raises:
        Refused: as it says.
    """
    for each in requirements:
        if not each.is_met:
            raise each.refusal
