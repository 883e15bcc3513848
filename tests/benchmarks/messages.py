"""The words every contender stores: events of about one kilobyte, ten to a stream."""

from typing import Final

EVENTS_PER_STREAM: Final = 10
"""A case is opened and then written to nine times, so a load reads four and a half on average."""

TEXT: Final = ("Jeg har et spørgsmål til byggesagen på vejen ved åen. " * 18)[:850]
"""What a citizen writes: 850 characters, about one kilobyte once stored."""
