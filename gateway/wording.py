"""The sentences people read, kept in `texts/` so that they can be mended without programming."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from gateway.language import Language, in_words

TEXTS: Final = Path(__file__).parent / "texts"


class ProblemText(BaseModel):
    """`detail` says what to do next."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    detail: str


class FieldText(BaseModel):
    """What is wrong with one field."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    message: str


class GateText(BaseModel):
    """`met` says what is so; what is missing is the problem's of the same code. `law` is where the
    requirement comes from, if from a paragraph.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    met: str
    law: str | None = None


@cache
def problem_texts(language: Language) -> Mapping[str, ProblemText]:
    return TypeAdapter(dict[str, ProblemText]).validate_python(_read(f"problems.{language}.yaml"))


@cache
def field_texts(language: Language) -> Mapping[str, FieldText]:
    return TypeAdapter(dict[str, FieldText]).validate_python(_read(f"fields.{language}.yaml"))


@cache
def timeline_texts(language: Language) -> Mapping[str, str]:
    return TypeAdapter(dict[str, str]).validate_python(_read(f"timeline.{language}.yaml"))


@cache
def lookup_texts(language: Language) -> Mapping[str, str]:
    """Who looked at a case, and what for."""
    return TypeAdapter(dict[str, str]).validate_python(_read(f"lookups.{language}.yaml"))


@cache
def gate_texts(language: Language) -> Mapping[str, GateText]:
    """Of each requirement that stands before a decision or the end of a case, by its code."""
    return TypeAdapter(dict[str, GateText]).validate_python(_read(f"gates.{language}.yaml"))


@cache
def headings(language: Language) -> Mapping[str, str]:
    """Those of columns in files for spreadsheets."""
    return TypeAdapter(dict[str, str]).validate_python(_read(f"headings.{language}.yaml"))


def fill(sentence: str, facts: Mapping[str, str], language: Language) -> str:
    """Put facts into a sentence, dates and times in words."""
    return sentence.format_map({name: in_words(fact, language) for name, fact in facts.items()})


def _read(name: str) -> object:
    return yaml.safe_load((TEXTS / name).read_text(encoding="utf-8"))
