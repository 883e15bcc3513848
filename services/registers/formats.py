"""How the numbers of the public registers are written, and what is wrong with one that is not.

Where the form alone does not prove a number wrong, nothing is refused: CPR numbers without a
valid check digit have been given out since 2007, and a CVR number's is only worth a warning.
"""

import re
from typing import Final

from events.property import BfeNumber, Parcel

_BFE: Final = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
_MUNICIPALITY: Final = re.compile(r"0[0-9]{3}", re.ASCII)
_DISTRICT: Final = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
_PARCEL: Final = re.compile(r"[1-9][0-9]{0,3}[a-zæøå]{0,3}", re.IGNORECASE)
_FLOOR: Final = re.compile(r"st|kl|k[2-9]|[1-9][0-9]?", re.ASCII)
_DOOR: Final = re.compile(r"[1-9][0-9]{0,3}|[a-zæøå0-9/-]{1,4}")
_POSTCODE: Final = re.compile(r"[0-9]{4}", re.ASCII)
_CVR: Final = re.compile(r"[1-9][0-9]{7}", re.ASCII)
_P_NUMBER: Final = re.compile(r"[1-9][0-9]{9}", re.ASCII)
_CPR: Final = re.compile(r"([0-9]{6})-?([0-9]{4})", re.ASCII)
_CVR_WEIGHTS: Final = (2, 7, 6, 5, 4, 3, 2, 1)


class FormatInvalid(ValueError):
    """`code` is permanent and says which kind of number it should have been."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def bfe_number(text: str) -> BfeNumber:
    """`100063828`, also with `BFE` before it.

    Raises:
        FormatInvalid: `bfe-invalid`.
    """
    digits = text.strip().casefold().removeprefix("bfe").lstrip(" -:")
    return BfeNumber(int(_whole(_BFE, digits, "bfe-invalid")))


def municipality_code(text: str) -> str:
    """`0860`: four digits, the first of which is 0.

    Raises:
        FormatInvalid: `municipality-code-invalid`.
    """
    return _whole(_MUNICIPALITY, text.strip(), "municipality-code-invalid")


def parcel(district: str, number: str) -> Parcel:
    """Ejerlavskode and matrikelnummer; letters of the latter are small.

    Raises:
        FormatInvalid: `district-invalid` or `parcel-invalid`.
    """
    return Parcel(
        district=int(_whole(_DISTRICT, district.strip(), "district-invalid")),
        number=_whole(_PARCEL, number.strip(), "parcel-invalid").lower(),
    )


def floor(text: str) -> str:
    """`st`, `kl`, `k2` to `k9`, or 1 to 99.

    Raises:
        FormatInvalid: `floor-invalid`.
    """
    return _whole(_FLOOR, text.strip().rstrip(".").lower(), "floor-invalid")


def door(text: str) -> str:
    """1 to 9999, or up to four small letters, digits, `/` and `-`.

    Raises:
        FormatInvalid: `door-invalid`.
    """
    return _whole(_DOOR, text.strip().rstrip(".").lower(), "door-invalid")


def postcode(text: str) -> str:
    """Raises:
    FormatInvalid: `postcode-invalid`.
    """
    return _whole(_POSTCODE, text.strip(), "postcode-invalid")


def cvr_number(text: str) -> str:
    """Eight digits, whatever their check digit says; see `is_doubtful_cvr`.

    Raises:
        FormatInvalid: `cvr-invalid`.
    """
    digits = text.strip().upper().removeprefix("DK").replace(" ", "")
    return _whole(_CVR, digits, "cvr-invalid")


def is_doubtful_cvr(cvr: str) -> bool:
    """Whether the check digit is wrong (modulus 11), which is probably a slip of the finger."""
    total = sum(weight * int(d) for weight, d in zip(_CVR_WEIGHTS, cvr_number(cvr), strict=True))
    return total % 11 != 0


def p_number(text: str) -> str:
    """Raises:
    FormatInvalid: `p-number-invalid`.
    """
    return _whole(_P_NUMBER, text.strip(), "p-number-invalid")


def cpr_number(text: str) -> str:
    """Ten digits, also with a hyphen; neither the check digit nor the date decides.

    Raises:
        FormatInvalid: `cpr-invalid`.
    """
    found = _CPR.fullmatch(text.strip())
    if found is None:
        raise FormatInvalid("cpr-invalid")
    return f"{found[1]}{found[2]}"


def _whole(pattern: re.Pattern[str], text: str, code: str) -> str:
    if pattern.fullmatch(text) is None:
        raise FormatInvalid(code)
    return text
