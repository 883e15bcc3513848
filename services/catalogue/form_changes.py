"""What has changed from one form to another, field by field."""

from collections.abc import Iterator
from typing import TypeAlias

from services.catalogue.condition import Condition
from services.catalogue.described import condition_words, rules_words
from services.catalogue.form import ChoiceField, ChoicesField, Form, FormField, Option
from services.catalogue.review_words import Telling
from services.catalogue.words import Words

Lines: TypeAlias = Iterator[tuple[str, str]]


def form_changes(tell: Telling, old: Form, new: Form) -> Lines:
    before, after = ({field.id: field for field in form.fields()} for form in (old, new))
    for name, field in after.items():
        if name not in before:
            yield "+", _asked(tell, field)
    for name, field in before.items():
        if name not in after:
            yield "-", tell.say("no longer asked", field=_named(tell, field))
    for name, field in after.items():
        if name in before:
            yield from _field(tell, before[name], field)
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield "~", tell.say("order of fields")
    yield from _sections(tell, old, new)


def text_changes(tell: Telling, what: str, before: Words | None, after: Words | None) -> Lines:
    """Each language whose text is another one."""
    for language in ("da", "en"):
        old = None if before is None else getattr(before, language)
        new = None if after is None else getattr(after, language)
        if old != new:
            yield "~", f"{what} ({language}): {_quoted(tell, old)} → {_quoted(tell, new)}"


def _field(tell: Telling, old: FormField, new: FormField) -> Lines:
    name = _named(tell, new)
    if old.required != new.required:
        yield "~", tell.say("now required" if new.required else "no longer required", field=name)
    rules = {"old": rules_words(tell, old), "new": rules_words(tell, new)}
    if rules["old"] != rules["new"]:
        yield "~", tell.say("rules", field=name, **rules)
    if old.shown_when != new.shown_when:
        whens = {"old": _when(tell, old.shown_when), "new": _when(tell, new.shown_when)}
        yield "~", tell.say("asked when", field=name, **whens)
    yield from text_changes(tell, f"{new.id}: {tell.say('label')}", old.label, new.label)
    yield from text_changes(tell, f"{new.id}: {tell.say('help')}", old.help, new.help)
    yield from text_changes(tell, f"{new.id}: {tell.say('remedy')}", old.remedy, new.remedy)
    yield from _options(tell, name, _offered(old), _offered(new))


def _options(
    tell: Telling, name: str, before: dict[str, Option], after: dict[str, Option]
) -> Lines:
    for value, option in after.items():
        if value not in before:
            yield "+", tell.say("option added", field=name, option=_option(tell, option))
        else:
            what = f"{value}: {tell.say('label')}"
            yield from text_changes(tell, what, before[value].label, option.label)
    for value, option in before.items():
        if value not in after:
            yield "-", tell.say("option removed", field=name, option=_option(tell, option))
    if before.keys() == after.keys() and list(before) != list(after):
        yield "~", tell.say("order of options", field=name)


def _sections(tell: Telling, old: Form, new: Form) -> Lines:
    """Told by their place, for a section has no id; whole fields were told above."""
    for number in range(max(len(old.sections), len(new.sections))):
        if number >= len(old.sections):
            yield "+", tell.say("section", title=tell.of(new.sections[number].title))
        elif number >= len(new.sections):
            yield "-", tell.say("section", title=tell.of(old.sections[number].title))
        else:
            yield from _section(tell, number, old, new)


def _section(tell: Telling, number: int, old: Form, new: Form) -> Lines:
    before, after = old.sections[number], new.sections[number]
    place, title = tell.say("section number", number=number + 1), tell.of(after.title)
    yield from text_changes(tell, f"{place}: {tell.say('title')}", before.title, after.title)
    yield from text_changes(tell, f"{place}: {tell.say('help')}", before.help, after.help)
    if before.shown_when != after.shown_when:
        whens = {"old": _when(tell, before.shown_when), "new": _when(tell, after.shown_when)}
        yield "~", tell.say("section shown", title=title, **whens)
    ids = [field.id for field in before.fields], [field.id for field in after.fields]
    if set(ids[0]) & _ids(new) != set(ids[1]) & _ids(old):
        yield "~", tell.say("section fields", title=title)


def _ids(form: Form) -> set[str]:
    return {field.id for field in form.fields()}


def _asked(tell: Telling, field: FormField) -> str:
    told = tell.say(
        "asked anew",
        field=_named(tell, field),
        when=_when(tell, field.shown_when),
        rules=rules_words(tell, field),
        required=tell.say("required" if field.required else "not required"),
    )
    options = ", ".join(tell.of(option.label) for option in _offered(field).values())
    return tell.say("options", told=told, options=options) if options else told


def _offered(field: FormField) -> dict[str, Option]:
    if isinstance(field, ChoiceField | ChoicesField):
        return {option.value: option for option in field.options}
    return {}


def _named(tell: Telling, field: FormField) -> str:
    return f"'{tell.of(field.label)}' ({field.id})"


def _option(tell: Telling, option: Option) -> str:
    return f"'{tell.of(option.label)}' ({option.value})"


def _when(tell: Telling, condition: Condition | None) -> str:
    if condition is None:
        return tell.say("always")
    return tell.say("if", words=condition_words(tell, condition))


def _quoted(tell: Telling, text: str | None) -> str:
    return tell.say("nothing") if text is None else f"“{text}”"
