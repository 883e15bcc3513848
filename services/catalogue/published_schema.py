"""The JSON Schema of a service's file, for editors that help while one is written.

`python -m services.catalogue.published_schema > organisations/service.schema.json` publishes it.
"""

import json
import sys

from services.catalogue.form_schema import DIALECT
from services.catalogue.service import Service


def service_file_schema() -> str:
    """The schema as it is published, ending in a newline."""
    described = Service.model_json_schema(by_alias=True)
    schema = {"$schema": DIALECT} | described | {"title": "A service of Julelys"}
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(service_file_schema())
