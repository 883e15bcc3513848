"""How the services turn down what never becomes a command."""


class DocumentRefused(Exception):
    """An upload or a reference to one is turned down; `code` is public and permanent.

    Codes: `document-too-large`, `document-empty`, `document-name-missing`,
    `document-type-refused`, `document-type-mismatch`, `document-unknown`, `multipart-malformed`.
    """

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
