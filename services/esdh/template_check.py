"""Whether the records system has the case templates that services name."""

from collections.abc import Iterator

from events.text import Text
from services.catalogue.loading import Home
from services.catalogue.mistakes import Mistake, suggestion
from services.esdh.description import Sbsys
from services.esdh.settings import FILE


def check_templates(home: Home) -> Iterator[Mistake]:
    """A mistake for each service whose template its organisation's `esdh.yaml` does not map."""
    system = FILE.described(home.path)
    if not isinstance(system, Sbsys):
        return
    for each in home.services:
        if each.service is not None and each.service.esdh.template not in system.templates:
            template = each.service.esdh.template
            message = Text(
                da=f"esdh.yaml har ingen sagsskabelon '{template}'.",
                en=f"esdh.yaml has no template '{template}'.",
            )
            names = ", ".join(system.templates)
            otherwise = Text(da=f"Den har {names}.", en=f"It has {names}.")
            remedy = suggestion(template, system.templates, otherwise)
            yield each.file.mistake(("esdh", "template"), message, remedy)
