"""How a command is turned down."""


class Refused(Exception):
    """A rule says no. `code` is public and never changes; `detail` is for people.

    `facts` are the values that the public text of the code names (RFC 9457 extension members).
    """

    def __init__(self, code: str, detail: str, **facts: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.facts = facts
