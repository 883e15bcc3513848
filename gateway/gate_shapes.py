"""What is answered about what a case still lacks."""

from gateway.shapes import Shape


class RequirementShape(Shape):
    """`text` says what is so or is not; `todo` what to do next, null when it is met; `law` where it
    comes from, null where it follows from the matter itself.
    """

    code: str
    is_met: bool
    text: str
    todo: str | None
    law: str | None


class GateShape(Shape):
    """`is_open` when all is met."""

    is_open: bool
    requirements: list[RequirementShape]


class OutcomeGateShape(GateShape):
    outcome: str


class GatesShape(Shape):
    """`closing` is null when the case is not open; `deciding` has each outcome that the case may
    have, and is empty where it is decided or never is.
    """

    closing: GateShape | None
    deciding: list[OutcomeGateShape]
