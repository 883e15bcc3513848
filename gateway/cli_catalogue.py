"""The command line for those who describe services: check, compare, preview, publish."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from events.ids import CaseId
from gateway.language import Language, in_language
from gateway.wording import field_texts, fill
from services.catalogue.answer_mistakes import AnswersInvalid
from services.catalogue.changes import changes
from services.catalogue.finding import NotFound, find_home, find_version
from services.catalogue.loading import check, load, read_home
from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.catalogue.organisation import organise
from services.catalogue.preview import Preview, preview_lines
from services.catalogue.publishing import NothingToPublish, publish
from services.catalogue.sample import sample_answers
from services.catalogue.service import Service
from services.clock import SystemClock
from services.config import from_environment
from services.deadlines import local_date
from services.described_homes import mistakes_beside
from services.submissions import reference

app = typer.Typer(no_args_is_help=True, help="What the organisations offer.")
console = Console()

OrganisationOption = Annotated[str, typer.Option(help="Whose: the name of its folder.")]


@app.command("check")
def check_command() -> None:
    """Read every service description; say what is wrong, where, and how to mend it."""
    folder = from_environment().organisations
    _tell(sorted(_mistakes(folder), key=lambda each: (each.file, each.line)))
    organisations = load(folder).organisations.values()
    services = sum(len(organisation.versions) for organisation in organisations)
    _say(f"{services} services of {len(organisations)} organisations: no mistakes")
    for home in (read_home(folder / organisation.id) for organisation in organisations):
        for draft in home.drafts():
            service, version = draft.key
            how = f"python -m gateway catalogue publish {service} --organisation {home.path.name}"
            _say(f"{home.path.name}: {service}.v{version} is a draft. To offer it: {how}")


@app.command("publish")
def publish_command(
    service: Annotated[str, typer.Argument(help="The service's id.")],
    organisation: OrganisationOption = "hjorring",
) -> None:
    """Offer the newest version of a service from the next start on; it never changes again."""
    home = from_environment().organisations / organisation
    try:
        name, version = publish(home, service, local_date(SystemClock().now()))
    except CatalogueInvalid as invalid:
        _tell(invalid.mistakes)
    except NothingToPublish as reason:
        raise _refused(str(reason)) from reason
    else:
        _say(f"{organisation}: {name}.v{version} is published.")


@app.command("diff")
def diff_command(
    old: Annotated[str, typer.Argument(help="For instance building-meeting.v1, or a file.")],
    new: Annotated[str, typer.Argument(help="For instance building-meeting.v2, or a file.")],
    organisation: OrganisationOption = "hjorring",
) -> None:
    """Say in words what has changed from one version of a service to another."""
    folder = from_environment().organisations
    before, after = (_sound(folder, organisation, name) for name in (old, new))
    found = changes(before, after, "en")
    section = ""
    for change in found:
        if change.section != section:
            section = change.section
            _say(section)
        _say(f"  {change.sign} {change.words}")
    if not found:
        _say("They say the same.")
    elif before.id == after.id:
        _say(f"Cases that began under version {before.version} keep its form, texts and deadlines.")


@app.command("preview")
def preview_command(
    service: Annotated[str, typer.Argument(help="For instance building-meeting, or a file.")],
    organisation: OrganisationOption = "hjorring",
    language: Annotated[Language, typer.Option(help="da or en.")] = Language.DANISH,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="As if submitted that day, not today."),
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="A JSON file of answers; without it some are made up.")
    ] = None,
) -> None:
    """Show what a party will be asked and told, drafts too, for sample answers."""
    folder = from_environment().organisations
    described = _sound(folder, organisation, service)
    day = local_date(SystemClock().now()) if on is None else on.date()
    try:
        home = find_home(folder, organisation)
        given = sample_answers(described.form, day) if answers is None else _answers(answers)
        read = described.read_answers(given, day)
    except NotFound as reason:
        raise _refused(str(reason)) from reason
    except AnswersInvalid as invalid:
        raise _refused(*_wrong(invalid, language)) from invalid
    if home.about is None:
        _tell(home.mistakes)
        return
    whose = organise(home.about, home.versions(), home.published, home.appeals, home.look)
    preview = Preview(
        organisation=whose,
        service=described,
        answers=read,
        on=day,
        reference=reference(whose.reference_prefix, CaseId(UUID(int=0)), day),
        language=language.value,
    )
    for line in preview_lines(preview):
        _say(line)


def _sound(folder: Path, organisation: str, name: str) -> Service:
    try:
        found = find_version(folder, organisation, name)
    except NotFound as reason:
        raise _refused(str(reason)) from reason
    if found.service is None:
        raise _refused(*(str(mistake) for mistake in found.mistakes))
    return found.service


def _answers(path: Path) -> dict[str, object]:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as unreadable:
        raise _refused(f"{path} cannot be read as JSON: {unreadable}.") from unreadable
    if not isinstance(given, dict):
        raise _refused(f'{path} must hold answers by field: {{"name": "Anna"}}.')
    return given


def _wrong(invalid: AnswersInvalid, language: Language) -> Iterator[str]:
    for mistake in invalid.mistakes:
        message = fill(field_texts(language)[mistake.code].message, mistake.facts, language)
        remedy = "" if mistake.remedy is None else f" {in_language(mistake.remedy, language)}"
        yield f"{mistake.field}: {message}{remedy}"


def _refused(*reasons: str) -> typer.Exit:
    for reason in reasons:
        console.print(reason, style="red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(1)


def _say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _mistakes(folder: Path) -> Iterator[Mistake]:
    yield from check(folder)
    for home in sorted(path for path in folder.iterdir() if path.is_dir()):
        yield from mistakes_beside(read_home(home))


def _tell(mistakes: Sequence[Mistake]) -> None:
    if mistakes:
        raise _refused(*(str(mistake) for mistake in mistakes))
