"""What our OpenAPI document says of streams, which are no path operations of the framework."""

from gateway.openapi import EITHER, EVERYWHERE, LOGGED_IN, problems_of
from gateway.parameters import COUNT, LAST_EVENT_ID, TEXT, Json, Parameter, parameter


def codes_of_stream(*own: str) -> tuple[str, ...]:
    """Every problem that a stream may be answered with, in the place of its events."""
    ours = ("invalid-input", "view-behind", "too-many-streams")
    return (*EVERYWHERE, *LOGGED_IN, *ours, *own)


def stream_of(
    noun: str, name: str, summary: str, reads: tuple[Parameter, ...], codes: tuple[str, ...]
) -> Json:
    """The path item of a stream; `name` is its operation's."""
    responses: Json = {
        "200": {
            "description": "Events as they come",
            "content": {"text/event-stream": {"schema": TEXT}},
        }
    }
    for status, answer in problems_of(*codes).items():
        responses[str(status)] = answer
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": [noun],
            "security": EITHER,
            "parameters": [*reads, parameter("query", "after", COUNT), LAST_EVENT_ID],
            "responses": responses,
        }
    }
