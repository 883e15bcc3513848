"""Publishing a version: from then on it is offered, and never changes."""

from datetime import date
from pathlib import Path

from services.catalogue.loading import read_home
from services.catalogue.mistakes import CatalogueInvalid
from services.catalogue.published import VersionKey, add_to_lock


class NothingToPublish(Exception):
    """In words why there is no version of the service that can be published."""


def publish(home: Path, service: str, on: date) -> VersionKey:
    """Publish the newest version of a service in an organisation's folder.

    Raises:
        NothingToPublish: there is no such service, or its newest version is published already.
        CatalogueInvalid: that version has mistakes.
    """
    read = read_home(home)
    versions = sorted(each.key[1] for each in read.services if each.key[0] == service)
    if not versions:
        raise NothingToPublish(f"{home.name} has no file services/{service}.v1.yaml.")
    key = service, versions[-1]
    if key in read.published:
        raise NothingToPublish(
            f"{service}.v{key[1]} is published already. "
            f"To change the service, copy its file to {service}.v{key[1] + 1}.yaml."
        )
    found = next(each for each in read.services if each.key == key)
    if found.mistakes or read.mistakes:
        raise CatalogueInvalid([*read.mistakes, *found.mistakes])
    add_to_lock(home, key, found.file, on)
    return key
