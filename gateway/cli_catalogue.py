"""The command line for those who describe services: check, compare, preview, publish."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.catalogue.loading import check, load, read_home
from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.catalogue.publishing import NothingToPublish, publish
from services.config import from_environment
from services.esdh.settings import check_settings
from services.esdh.template_check import check_templates
from services.post.settings import check_post_settings

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
    console.print(f"{services} services of {len(organisations)} organisations: no mistakes")
    for home in (read_home(folder / organisation.id) for organisation in organisations):
        for draft in home.drafts():
            service, version = draft.key
            how = f"python -m gateway catalogue publish {service} --organisation {home.path.name}"
            console.print(f"{home.path.name}: {service}.v{version} is a draft. To offer it: {how}")


@app.command("publish")
def publish_command(
    service: Annotated[str, typer.Argument(help="The service's id.")],
    organisation: OrganisationOption = "hjorring",
) -> None:
    """Offer the newest version of a service from the next start on; it never changes again."""
    home = from_environment().organisations / organisation
    try:
        name, version = publish(home, service)
    except CatalogueInvalid as invalid:
        _tell(invalid.mistakes)
    except NothingToPublish as reason:
        console.print(str(reason), style="red", markup=False)
        raise typer.Exit(1) from reason
    else:
        console.print(f"{organisation}: {name}.v{version} is published.")


def _mistakes(folder: Path) -> Iterator[Mistake]:
    yield from check(folder)
    for home in sorted(path for path in folder.iterdir() if path.is_dir()):
        yield from check_settings(home)
        yield from check_post_settings(home)
        yield from check_templates(read_home(home))


def _tell(mistakes: list[Mistake] | tuple[Mistake, ...]) -> None:
    for mistake in mistakes:
        console.print(str(mistake), style="red", markup=False)
    if mistakes:
        raise typer.Exit(1)
