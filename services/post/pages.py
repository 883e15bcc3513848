"""Where the parties of a matter see it."""

from events.journal import Matter, MatterKind


def page_of(site: str, matter: Matter) -> str:
    """`site` is where people log in, without a slash at its end."""
    below = "tenders" if matter.kind is MatterKind.TENDER else "cases"
    return f"{site}/{below}/{matter.id}"
