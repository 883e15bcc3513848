"""What has changed from one form to another, field by field."""

from collections.abc import Iterator
from typing import TypeAlias

from services.catalogue.condition import Condition
from services.catalogue.described import condition_words, rules_words
from services.catalogue.form import ChoiceField, ChoicesField, Form, FormField, Option
from services.catalogue.words import Words

Lines: TypeAlias = Iterator[tuple[str, str]]


def form_changes(old: Form, new: Form) -> Lines:
    before, after = ({field.id: field for field in form.fields()} for form in (old, new))
    for name, field in after.items():
        if name not in before:
            yield "+", _asked(field)
    for name, field in before.items():
        if name not in after:
            yield "-", f"{_named(field)} is no longer asked."
    for name, field in after.items():
        if name in before:
            yield from _field(before[name], field)
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield "~", "The fields come in another order."
    yield from _sections(old, new)


def text_changes(what: str, before: Words | None, after: Words | None) -> Lines:
    """Each language whose text is another one."""
    for language in ("da", "en"):
        old = None if before is None else getattr(before, language)
        new = None if after is None else getattr(after, language)
        if old != new:
            yield "~", f"{what} ({language}): {_quoted(old)} → {_quoted(new)}"


def _field(old: FormField, new: FormField) -> Lines:
    name = _named(new)
    if old.required != new.required:
        yield "~", f"{name} is {'now required' if new.required else 'no longer required'}."
    if rules_words(old) != rules_words(new):
        yield "~", f"{name} takes {rules_words(new)}; it took {rules_words(old)}."
    if old.shown_when != new.shown_when:
        yield "~", f"{name} is asked {_when(new.shown_when)}; it was {_when(old.shown_when)}."
    yield from text_changes(f"{new.id}: label", old.label, new.label)
    yield from text_changes(f"{new.id}: help", old.help, new.help)
    yield from text_changes(f"{new.id}: remedy", old.remedy, new.remedy)
    yield from _options(name, _offered(old), _offered(new))


def _options(name: str, before: dict[str, Option], after: dict[str, Option]) -> Lines:
    for value, option in after.items():
        if value not in before:
            yield "+", f"{name} has the option '{option.label.en}' ({value})."
        else:
            yield from text_changes(f"{value}: label", before[value].label, option.label)
    for value, option in before.items():
        if value not in after:
            yield "-", f"{name} no longer has the option '{option.label.en}' ({value})."
    if before.keys() == after.keys() and list(before) != list(after):
        yield "~", f"{name} has its options in another order."


def _sections(old: Form, new: Form) -> Lines:
    """Told by their place, for a section has no id; whole fields were told above."""
    for number in range(max(len(old.sections), len(new.sections))):
        if number >= len(old.sections):
            yield "+", f"section '{new.sections[number].title.en}'"
        elif number >= len(new.sections):
            yield "-", f"section '{old.sections[number].title.en}'"
        else:
            before, after = old.sections[number], new.sections[number]
            yield from text_changes(f"section {number + 1}: title", before.title, after.title)
            yield from text_changes(f"section {number + 1}: help", before.help, after.help)
            if before.shown_when != after.shown_when:
                told = f"is shown {_when(after.shown_when)}; it was {_when(before.shown_when)}."
                yield "~", f"section '{after.title.en}' {told}"
            ids = [field.id for field in before.fields], [field.id for field in after.fields]
            if set(ids[0]) & _ids(new) != set(ids[1]) & _ids(old):
                yield "~", f"section '{after.title.en}' has other fields than before."


def _ids(form: Form) -> set[str]:
    return {field.id for field in form.fields()}


def _asked(field: FormField) -> str:
    required = "required" if field.required else "not required"
    told = f"{_named(field)} is asked {_when(field.shown_when)}: {rules_words(field)}, {required}."
    options = ", ".join(option.label.en for option in _offered(field).values())
    return f"{told} Options: {options}." if options else told


def _offered(field: FormField) -> dict[str, Option]:
    if isinstance(field, ChoiceField | ChoicesField):
        return {option.value: option for option in field.options}
    return {}


def _named(field: FormField) -> str:
    return f"'{field.label.en}' ({field.id})"


def _when(condition: Condition | None) -> str:
    return "always" if condition is None else f"if {condition_words(condition)}"


def _quoted(text: str | None) -> str:
    return "nothing" if text is None else f"“{text}”"
