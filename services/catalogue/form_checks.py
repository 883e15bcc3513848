"""Fields that cannot be told apart, and limits that cannot be met."""

from collections.abc import Mapping

from events.text import Text
from services.catalogue.condition import Bound
from services.catalogue.condition_checks import are_crossed, misfit
from services.catalogue.findings import Finding, Findings, placed_fields
from services.catalogue.form import (
    AmountField,
    ChoiceField,
    ChoicesField,
    DateField,
    DecimalField,
    FormField,
    IntegerField,
    LongTextField,
    TextField,
)
from services.catalogue.patterns import Unusable, require_usable
from services.catalogue.promises import TAKEN
from services.catalogue.service import Service
from services.catalogue.yaml_file import Place


def repeated_fields(service: Service) -> Findings:
    seen = set(TAKEN)
    for place, asked in placed_fields(service):
        if asked.id in seen:
            yield Finding(
                place=(*place, "id"),
                message=Text(
                    da=f"Navnet '{asked.id}' er optaget.", en=f"The name '{asked.id}' is taken."
                ),
                remedy=Text(
                    da="Giv hvert felt sit eget id, og ikke et, der selv udfyldes i tekster.",
                    en="Give each field its own id, and none that texts fill in by themselves.",
                ),
            )
        seen.add(asked.id)


def repeated_options(service: Service) -> Findings:
    for place, asked in placed_fields(service):
        if not isinstance(asked, ChoiceField | ChoicesField):
            continue
        values = [option.value for option in asked.options]
        for index, value in enumerate(values):
            if value in values[:index]:
                yield Finding(
                    place=(*place, "options", index, "value"),
                    message=Text(
                        da=f"En anden mulighed har også værdien '{value}'.",
                        en=f"Another option has the value '{value}' too.",
                    ),
                    remedy=Text(
                        da="Giv hver mulighed sin egen værdi.",
                        en="Give each option its own value.",
                    ),
                )


def impossible_limits(service: Service) -> Findings:
    for place, asked in placed_fields(service):
        yield from _limits(asked, place)
        if isinstance(asked, TextField | LongTextField) and asked.min_length > asked.max_length:
            yield Finding(
                place=(*place, "min_length"),
                message=Text(
                    da=f"Ingen tekst har {asked.min_length} til {asked.max_length} tegn.",
                    en=f"No text has {asked.min_length} to {asked.max_length} characters.",
                ),
                remedy=Text(
                    da="'min_length' må ikke være større end 'max_length'.",
                    en="Let 'min_length' be no larger than 'max_length'.",
                ),
            )
        if isinstance(asked, ChoicesField):
            most = len(asked.options) if asked.max is None else asked.max
            if asked.min > min(most, len(asked.options)):
                yield Finding(
                    place=(*place, "min"),
                    message=Text(
                        da=f"Ingen kan vælge {asked.min} eller flere af disse.",
                        en=f"Nobody can choose {asked.min} or more of these.",
                    ),
                    remedy=Text(
                        da="'min' må ikke være større end 'max' og antallet af muligheder.",
                        en="Let 'min' be no larger than 'max' and the number of options.",
                    ),
                )


def unusable_patterns(service: Service) -> Findings:
    for place, asked in placed_fields(service):
        if not isinstance(asked, TextField) or asked.pattern is None:
            continue
        try:
            require_usable(asked.pattern)
        except Unusable as unusable:
            yield Finding(
                place=(*place, "pattern"),
                message=Text(
                    da=f"Mønsteret kan ikke bruges: {unusable.reason.da}",
                    en=f"The pattern cannot be used: {unusable.reason.en}",
                ),
                remedy=Text(
                    da="Se 'Patterns' i docs/catalogue.md.",
                    en="See 'Patterns' in docs/catalogue.md.",
                ),
            )
        if asked.remedy is None:
            yield Finding(
                place=(*place, "remedy"),
                message=Text(
                    da="Den, der skriver noget andet, får ikke at vide, hvordan det skal skrives.",
                    en="Whoever writes it otherwise is not told how.",
                ),
                remedy=Text(
                    da="Tilføj 'remedy:', der med ord fortæller, hvad mønsteret kræver.",
                    en="Add 'remedy:' with what the pattern asks for, in words.",
                ),
            )


def _limits(asked: FormField, place: Place) -> Findings:
    limits: Mapping[str, Bound | None]
    match asked:
        case IntegerField() | DecimalField() | AmountField() | DateField():
            limits = {"min": asked.min, "max": asked.max}
        case _:
            return
    found = [
        finding
        for name, limit in limits.items()
        for finding in misfit(asked, limit, (*place, name))
    ]
    yield from found
    if not found and are_crossed(asked.min, asked.max):
        is_day = isinstance(asked, DateField)
        yield Finding(
            place=(*place, "min"),
            message=Text(
                da=f"{'Ingen dag' if is_day else 'Intet tal'} er mindst {asked.min}"
                f" og højst {asked.max}.",
                en=f"No {'day' if is_day else 'number'} is at least {asked.min}"
                f" and at most {asked.max}.",
            ),
            remedy=Text(
                da="'min' må ikke være større end 'max'.",
                en="Let 'min' be no larger than 'max'.",
            ),
        )
