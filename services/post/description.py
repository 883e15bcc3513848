"""What `post.yaml` says of how an organisation tells its parties of news (docs/post.md)."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from services.catalogue.words import Line, Part
from services.esdh.description import Address, Smtp

HttpsUrl: TypeAlias = Annotated[str, Field(pattern=r"^https://[^\s/?#]+[^\s?#]*$", max_length=200)]
Mailbox: TypeAlias = Annotated[str, Field(pattern=r"^[^@\r\n]+@[^@\s]+$", max_length=254)]


class Sender(Part):
    """Who we are in Digital Post: a company number and the name that recipients see."""

    cvr: Annotated[str, Field(pattern=r"^[0-9]{8}$")]
    label: Annotated[str, Field(pattern=r"\S", max_length=256)]


class PostFolder(Part):
    """Messages are written as files, for another program to send.

    `kle_version` is that of the KLE which the services' numbers are from (»November 2026«);
    without it no subject goes with a message, as the format wants both.
    """

    kind: Literal["folder"]
    sender: Sender
    kle_version: Line | None = None


class PostEndpoint(Part):
    """Serviceplatformen's `KombiPostAfsend_1/memos` (SF1601), or whatever speaks like it.

    `certificate` is a PEM file of the organisation's folder with key and certificate (OCES3);
    `token_variable` names the environment's variable with the value of `authorization`.
    """

    kind: Literal["https"]
    sender: Sender
    url: HttpsUrl
    kle_version: Line | None = None
    certificate: Line
    ca_bundle: Line | None = None
    token_variable: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=100)] | None = (
        None
    )
    request_seconds: Annotated[int, Field(ge=1, le=600)] = 60


DigitalPost: TypeAlias = Annotated[PostFolder | PostEndpoint, Field(discriminator="kind")]


class PostDescription(Part):
    """`site` is where people log in, without a slash at its end; `sender` is seen in e-mails.

    What cannot be delivered comes back to `bounces_to`. Without `digital_post` whatever has legal
    effect goes on paper.
    """

    site: HttpsUrl
    sender: Mailbox
    bounces_to: Address
    smtp: Smtp
    digest_hour: Annotated[int, Field(ge=0, le=23)] = 7
    digital_post: DigitalPost | None = None
