"""What is shipped, read once in a process: nobody changes it."""

from typing import Final

from services.catalogue.loading import load
from services.config import ROOT

CATALOGUE: Final = load(ROOT / "organisations")
ORGANISATIONS: Final = CATALOGUE.organisations
HJORRING: Final = ORGANISATIONS["hjorring"]
