"""The JSON Schemas of the catalogue's files, for editors that help while one is written.

`python -m services.catalogue.published_schema FOLDER` writes them into the folder of organisations.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.catalogue.appeal import Appeals
from services.catalogue.form_schema import DIALECT
from services.catalogue.service import Service
from services.catalogue.words import Part

PUBLISHED: Final[Mapping[str, tuple[type[Part], str]]] = {
    "service.schema.json": (Service, "A service of Julelys"),
    "appeals.schema.json": (Appeals, "Appeal guidance of Julelys"),
}
"""The published files by name: the model and the schema's title."""


def file_schema(name: str) -> str:
    """The schema as it is published, ending in a newline."""
    model, title = PUBLISHED[name]
    schema = {"$schema": DIALECT} | model.model_json_schema(by_alias=True) | {"title": title}
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def publish_schemas(folder: Path) -> None:
    for name in PUBLISHED:
        (folder / name).write_text(file_schema(name), encoding="utf-8")


if __name__ == "__main__":
    publish_schemas(Path(sys.argv[1]))
