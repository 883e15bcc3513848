"""Finding the version of a service that somebody means on the command line."""

from pathlib import Path

from services.catalogue.loading import Home, read_home
from services.catalogue.service_file import ServiceFile, Surroundings, misnamed, read_service


class NotFound(Exception):
    """In words what there is instead."""


def find_version(folder: Path, organisation: str, name: str) -> ServiceFile:
    """A version by its file, as `service.v2`, or the newest of `service`, be it a draft.

    Raises:
        NotFound: there is none.
    """
    path = Path(name)
    if path.suffix == ".yaml":
        if not path.is_file():
            raise NotFound(f"There is no file '{name}'.")
        if (mistake := misnamed(path)) is not None:
            raise NotFound(str(mistake))
        # What the file names outside itself is judged where the organisation is checked.
        return read_service(path, Surroundings(teams=None, appeals=None))
    home = find_home(folder, organisation)
    found = [each for each in home.services if name in _names(each)]
    if not found:
        known = ", ".join(sorted({each.key[0] for each in home.services})) or "none"
        raise NotFound(f"{organisation} has no service '{name}'. There are: {known}.")
    return max(found, key=lambda each: each.key[1])


def find_home(folder: Path, organisation: str) -> Home:
    """An organisation's folder.

    Raises:
        NotFound: there is no such organisation.
    """
    if not (folder / organisation / "organisation.yaml").is_file():
        known = ", ".join(sorted(path.parent.name for path in folder.glob("*/organisation.yaml")))
        raise NotFound(f"There is no organisation '{organisation}'. There are: {known}.")
    return read_home(folder / organisation)


def _names(read: ServiceFile) -> tuple[str, str]:
    service, version = read.key
    return service, f"{service}.v{version}"
