"""Words that people look for among titles and descriptions."""

import unicodedata


def matches(sought: str, *texts: str) -> bool:
    """Whether each word sought is somewhere in the texts, whatever its case and accents."""
    within = _plain(" ".join(texts))
    return all(word in within for word in _plain(sought).split())


def _plain(text: str) -> str:
    # æ, ø and å are letters of their own and stay, but for å as it may come in two parts.
    return unicodedata.normalize("NFC", text).casefold()
