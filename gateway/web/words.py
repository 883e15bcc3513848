"""What the pages say, in the two languages: templates hold the English, `da.po` the Danish."""

import gettext
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Final

from babel.messages.mofile import write_mo

from gateway.language import Language, date_in_words, time_in_words
from gateway.web.danish import catalogue
from services.clock import COPENHAGEN

KILO: Final = 1024
DAYS_OF_WEEK: Final = 7
LENGTH_OF_DAY: Final = len("2026-12-24")
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


@cache
def translations(language: Language) -> gettext.NullTranslations:
    if language is Language.ENGLISH:
        return gettext.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def when(moment: date | datetime, language: Language) -> str:
    """A day or a time written out, in Danish local time."""
    if isinstance(moment, datetime):
        return time_in_words(moment, language)
    return date_in_words(moment, language)


def until(moment: datetime, language: Language) -> str:
    """The last day of a time limit; midnight ends the day before."""
    local = moment.astimezone(COPENHAGEN)
    if local.timetz().replace(tzinfo=None) == time():
        return date_in_words(local.date() - timedelta(days=1), language)
    return time_in_words(local, language)


def money(amount: str | Decimal, language: Language) -> str:
    """An amount of Danish kroner: `1.250,50 kr.`, `700 kr.`, in English `DKK 1,250.50`."""
    given = Decimal(amount)
    told = f"{given:,.2f}".removesuffix(".00")
    if language is Language.ENGLISH:
        return f"DKK {told}"
    return told.translate(str.maketrans(",.", ".,")) + " kr."


def clock(moment: datetime) -> str:
    """The time of day in Denmark: `9.30`."""
    return f"{moment.astimezone(COPENHAGEN):%-H.%M}"


def ago(moment: datetime, now: datetime, language: Language) -> str:
    """When it was, as people say it: today, yesterday, a weekday of the last week, else the day."""
    _ = translations(language).gettext
    local, today = moment.astimezone(COPENHAGEN), now.astimezone(COPENHAGEN).date()
    days = (today - local.date()).days
    if days == 0:
        return _("today at %(clock)s") % {"clock": clock(local)}
    if days == 1:
        return _("yesterday at %(clock)s") % {"clock": clock(local)}
    day = date_in_words(local.date(), language)
    if 1 < days < DAYS_OF_WEEK:
        weekday = day.partition(" ")[0].rstrip(",")
        return _("%(weekday)s at %(clock)s") % {"weekday": weekday, "clock": clock(local)}
    return day


def clock_of(moment: str) -> str:
    """The same of a time as it stands in an address; nothing where it is none."""
    try:
        return clock(datetime.fromisoformat(moment))
    except ValueError:
        return ""


def when_of(moment: str, language: Language) -> str:
    """A day or a time written out as it stands in an address; nothing where it is none."""
    try:
        if len(moment) == LENGTH_OF_DAY:
            return when(date.fromisoformat(moment), language)
        return when(datetime.fromisoformat(moment), language)
    except ValueError:
        return ""


def how_large(size: int, language: Language) -> str:
    """`12 kB`, `3,4 MB`; sizes are told in powers of 1,024, as file managers do."""
    if size < KILO * KILO:
        return f"{max(1, round(size / KILO))} kB"
    told = f"{size / KILO / KILO:.1f} MB"
    return told.replace(".", ",") if language is Language.DANISH else told


def days(number: float, language: Language) -> str:
    """A number of days, with a half at most: `12 dage`, `12,5 dage`."""
    told = f"{number:.1f}".removesuffix(".0")
    if language is Language.DANISH:
        return f"{told.replace('.', ',')} {'dag' if told == '1' else 'dage'}"
    return f"{told} {'day' if told == '1' else 'days'}"


def points(number: float, language: Language) -> str:
    """`9,1`, `10`: with two decimals at most."""
    told = f"{number:.2f}".rstrip("0").rstrip(".")
    return told.replace(".", ",") if language is Language.DANISH else told


def month(first: date, language: Language, *, is_short: bool = False) -> str:
    """`november 2026`, for little room `nov 26`."""
    name, year = date_in_words(first, language).split()[-2:]
    return f"{name[:3]} {year[-2:]}" if is_short else f"{name} {year}"


def how_long(seconds: float, language: Language) -> str:
    """`12 seconds`, `3 minutes`, `2 days`: in the largest unit that there is a whole one of."""
    ngettext = translations(language).ngettext
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return ngettext("%(n)s second", "%(n)s seconds", whole) % {"n": whole}
    if whole < HOUR:
        minutes = whole // MINUTE
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if whole < DAY:
        hours = whole // HOUR
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = whole // DAY
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
