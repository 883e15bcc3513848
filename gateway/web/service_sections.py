"""What the parts of a service's description are called, by their keys in its file."""

from collections.abc import Mapping
from typing import Final


def _(words: str) -> str:
    """Marks what is to be translated; that is done where it is told."""
    return words


SECTIONS: Final[Mapping[str, str]] = {
    "id": _("Id"),
    "version": _("Version"),
    "kind": _("Kind of case"),
    "complaint_over": _("What a complaint is over"),
    "team": _("Team"),
    "title": _("Title"),
    "description": _("Description"),
    "login_level": _("How surely one must log in"),
    "who": _("Who may send it"),
    "kle": _("Subject and facet of KL's list"),
    "subject": _("The case's subject"),
    "form": _("The form"),
    "documents": _("Attachments"),
    "bring": _("What to bring"),
    "receipt": _("The receipt"),
    "next_steps": _("What happens next"),
    "deadlines": _("Time limits"),
    "fees": _("What it costs"),
    "appeals": _("If you disagree"),
    "retention": _("How long it is kept"),
    "esdh": _("Records system"),
}
