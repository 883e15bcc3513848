"""How the services turn down what never becomes a command."""


class DocumentRefused(Exception):
    """An upload or a reference to one is turned down; `code` is public and permanent.

    Codes: those of docs/documents.md, `document-unknown` and `multipart-malformed`.
    """

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
