"""What a matter costs by law. Fees are shown, never taken here."""

from typing import Annotated, TypeAlias

from pydantic import Field

from services.catalogue.condition import Condition
from services.catalogue.words import Line, Part, Words

Kroner: TypeAlias = (
    Annotated[int, Field(ge=0, le=9_999_999)]
    | Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,6})\.[0-9]{2}$")]
)


class Fee(Part):
    """`amount` in Danish kroner, perhaps `per` something; owed if every condition holds."""

    what: Words
    amount: Kroner
    per: Words | None = None
    basis: Line
    when: tuple[Condition, ...] = ()

    @property
    def kroner(self) -> str:
        """With two decimals, as money is written in JSON."""
        return f"{self.amount}.00" if isinstance(self.amount, int) else self.amount
