"""What is said of a service to those who describe and review it, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from events.day_unit import DayUnit
from events.text import Text
from services.catalogue.words import Language, Words

SAID: Final[Mapping[str, Text]] = {
    "type text": Text(da="én linje", en="one line"),
    "type long-text": Text(da="flere linjer", en="lines of text"),
    "type integer": Text(da="et helt tal", en="a whole number"),
    "type decimal": Text(da="et tal med decimaler", en="a number with decimals"),
    "type amount": Text(da="et beløb i kroner", en="an amount in kroner"),
    "type yes-no": Text(da="ja eller nej", en="yes or no"),
    "type date": Text(da="en dag", en="a day"),
    "type choice": Text(da="én mulighed", en="one option"),
    "type choices": Text(da="en eller flere muligheder", en="one or more options"),
    "type email": Text(da="en e-mailadresse", en="an e-mail address"),
    "type phone": Text(da="et telefonnummer", en="a telephone number"),
    "type address": Text(da="en adresse", en="an address"),
    "type property": Text(da="et BFE-nummer", en="a BFE number"),
    "type cadastre": Text(da="et matrikelnummer", en="a cadastral number"),
    "type cvr": Text(da="et CVR-nummer", en="a CVR number"),
    "type documents": Text(da="dokumenter, der lægges op", en="uploaded documents"),
    "rule min_length": Text(da="mindst {limit} tegn", en="at least {limit} characters"),
    "rule max_length": Text(da="højst {limit} tegn", en="at most {limit} characters"),
    "rule pattern": Text(da="skrevet som {limit}", en="written as {limit}"),
    "rule decimals": Text(da="højst {limit} decimaler", en="at most {limit} decimals"),
    "rule min": Text(da="mindst {limit}", en="at least {limit}"),
    "rule max": Text(da="højst {limit}", en="at most {limit}"),
    "rule at_most": Text(da="højst {limit} dokumenter", en="at most {limit} documents"),
    "after received": Text(da="modtagelsen", en="it is received"),
    "after hearing-closes": Text(da="at høringen lukker", en="the hearing closes"),
    "after meeting": Text(da="mødet", en="the meeting"),
    "after complete": Text(da="at ansøgningen er fuldt oplyst", en="the application is complete"),
    "day received": Text(da="dagen for modtagelsen", en="the day it is received"),
    "day hearing-closes": Text(da="den dag høringen lukker", en="the day the hearing closes"),
    "day meeting": Text(da="dagen for mødet", en="the day of the meeting"),
    "day complete": Text(
        da="den dag ansøgningen er fuldt oplyst", en="the day the application is complete"
    ),
    "no day": Text(da="ingen dag", en="no day"),
    "span": Text(da="{days} {unit} efter {event}", en="{days} {unit} after {event}"),
    "rolls": Text(da=", rykket forbi fridage", en=", rolling past days off"),
    "is": Text(da="{field} er {values}", en="{field} is {values}"),
    "and": Text(da=" og ", en=" and "),
    "or": Text(da=" eller ", en=" or "),
    "not": Text(da="ikke ({words})", en="not ({words})"),
    "always": Text(da="altid", en="always"),
    "if": Text(da="hvis {words}", en="if {words}"),
    "yes": Text(da="ja", en="yes"),
    "no": Text(da="nej", en="no"),
    "nothing": Text(da="intet", en="nothing"),
    "today": Text(da="i dag", en="today"),
    "days ahead": Text(da="om {days} dage", en="{days} days from now"),
    "days ago": Text(da="for {days} dage siden", en="{days} days ago"),
    "per": Text(da=" pr. {unit}", en=" per {unit}"),
    "asked anew": Text(
        da="{field} stilles {when}: {rules}, {required}.",
        en="{field} is asked {when}: {rules}, {required}.",
    ),
    "required": Text(da="skal besvares", en="required"),
    "not required": Text(da="kan springes over", en="not required"),
    "options": Text(da="{told} Muligheder: {options}.", en="{told} Options: {options}."),
    "no longer asked": Text(da="{field} stilles ikke længere.", en="{field} is no longer asked."),
    "order of fields": Text(
        da="Felterne står i en anden rækkefølge.", en="The fields come in another order."
    ),
    "now required": Text(da="{field} skal nu besvares.", en="{field} is now required."),
    "no longer required": Text(
        da="{field} behøver ikke længere at blive besvaret.",
        en="{field} is no longer required.",
    ),
    "rules": Text(
        da="{field} tager imod {new}; før {old}.", en="{field} takes {new}; it took {old}."
    ),
    "asked when": Text(
        da="{field} stilles {new}; før {old}.", en="{field} is asked {new}; it was {old}."
    ),
    "option added": Text(
        da="{field} har muligheden {option}.", en="{field} has the option {option}."
    ),
    "option removed": Text(
        da="{field} har ikke længere muligheden {option}.",
        en="{field} no longer has the option {option}.",
    ),
    "order of options": Text(
        da="{field} har sine muligheder i en anden rækkefølge.",
        en="{field} has its options in another order.",
    ),
    "label": Text(da="ledetekst", en="label"),
    "help": Text(da="hjælp", en="help"),
    "remedy": Text(da="hvad man gør ved det", en="remedy"),
    "title": Text(da="titel", en="title"),
    "section": Text(da="afsnittet '{title}'", en="section '{title}'"),
    "section number": Text(da="afsnit {number}", en="section {number}"),
    "section shown": Text(
        da="afsnittet '{title}' vises {new}; før {old}.",
        en="section '{title}' is shown {new}; it was {old}.",
    ),
    "section fields": Text(
        da="afsnittet '{title}' har andre felter end før.",
        en="section '{title}' has other fields than before.",
    ),
    "bring": Text(da="medbringes: '{name}'", en="to bring '{name}'"),
    "bring because": Text(
        da="“{what}”, fordi “{why_da}” / “{why_en}”, {when}",
        en="“{what}”, because “{why_da}” / “{why_en}”, {when}",
    ),
    "fee": Text(da="gebyret '{name}'", en="fee '{name}'"),
    "deadline": Text(da="fristen '{name}'", en="deadline '{name}'"),
    "number looked at": Text(
        da="nummer {number}, der ses på", en="number {number} to be looked at"
    ),
    "next step": Text(da="næste skridt '{name}'", en="next step '{name}'"),
    "by": Text(
        da="“{text_da}” / “{text_en}”, senest {day}", en="“{text_da}” / “{text_en}”, by {day}"
    ),
}
_UNITS: Final[Mapping[DayUnit, tuple[Text, Text]]] = {
    DayUnit.CALENDAR_DAYS: (
        Text(da="kalenderdag", en="calendar day"),
        Text(da="kalenderdage", en="calendar days"),
    ),
    DayUnit.WORKING_DAYS: (
        Text(da="arbejdsdag", en="working day"),
        Text(da="arbejdsdage", en="working days"),
    ),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """To somebody who reads one of the languages."""

    language: Language

    def say(self, key: str, **parts: object) -> str:
        return self._read(SAID[key]).format(**parts)

    def of(self, words: Words) -> str:
        """What a file says in both."""
        return words.read_in(self.language)

    def unit(self, days: int, unit: DayUnit) -> str:
        """`working days`, as so many of them are called."""
        one, several = _UNITS[unit]
        return self._read(one if days == 1 else several)

    def _read(self, text: Text) -> str:
        return text.da if self.language == "da" else text.en
