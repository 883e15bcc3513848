"""The modules that browsers seal bids with, as npm's packages have them.

Ours import them by name (`@hpke/core`), which a page's import map turns into an address. Of each
package only those parts are had that sealing needs: the rest would be half the weight of the page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

_CORE: Final = "@hpke/core/esm"
_COMMON: Final = "@hpke/common/esm"
_SHARES: Final = "shamir-secret-sharing/esm"

PARTS: Final[Mapping[str, Sequence[str]]] = {
    "@hpke/core": (
        f"{_CORE}/src/aeads/aesGcm.js",
        f"{_CORE}/src/native.js",
        f"{_CORE}/src/kems/dhkemX25519.js",
    ),
    "@hpke/common": (
        f"{_COMMON}/src/errors.js",
        f"{_COMMON}/src/algorithm.js",
        f"{_COMMON}/src/identifiers.js",
        f"{_COMMON}/src/kems/dhkem.js",
        f"{_COMMON}/src/kems/dhkemPrimitives/ec.js",
        f"{_COMMON}/src/xCryptoKey.js",
        f"{_COMMON}/src/kdfs/hkdf.js",
        f"{_COMMON}/src/interfaces/aeadEncryptionContext.js",
        f"{_COMMON}/src/interfaces/dhkemPrimitives.js",
        f"{_COMMON}/src/interfaces/kemInterface.js",
        f"{_COMMON}/src/consts.js",
        f"{_COMMON}/src/utils/misc.js",
    ),
    "shamir-secret-sharing": (f"{_SHARES}/index.js",),
    "shamir-secret-sharing/csprng": (f"{_SHARES}/csprng.js",),
}
"""What each name stands for; a part that is missing fails where the page is looked at."""

_SAID: Final = re.compile(
    r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.DOTALL | re.MULTILINE
)


def files(packages: Path) -> Iterator[tuple[str, bytes]]:
    """Each file by its path in the packages, without what is said in it to people."""
    for folder in (_CORE, _COMMON, _SHARES):
        for path in sorted((packages / folder).rglob("*.js")):
            text = _SAID.sub("", path.read_text() + "\n")
            yield path.relative_to(packages).as_posix(), text.encode()


def entries(at: str) -> Iterator[tuple[str, bytes]]:
    """For each name a module that has the exports of its parts, which lie below an address."""
    for name, parts in PARTS.items():
        yield name, "".join(f'export * from "{at}{part}";\n' for part in parts).encode()
