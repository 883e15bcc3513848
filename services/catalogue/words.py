"""Words for people, in both languages, as a file gives them."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from events.text import Text

Language: TypeAlias = Literal["da", "en"]
Line: TypeAlias = Annotated[str, Field(pattern=r"\S", max_length=2000)]


class Part(BaseModel):
    """Any part of a file: nothing unknown, nothing converted, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Words(Part):
    da: Line
    en: Line

    def read_in(self, language: Language) -> str:
        return self.da if language == "da" else self.en

    def as_text(self) -> Text:
        return Text(da=self.da, en=self.en)
