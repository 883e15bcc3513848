"""Style sheets, scripts, icons and letters, under names that follow from their content.

What is at such an address never changes, so browsers may keep it for ever (RFC 8246).
"""

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.web import modules
from gateway.web.packages import HERE, fetched

PREFIX: Final = "/assets/"
FOR_EVER: Final = "public, max-age=31536000, immutable"

OWN: Final = HERE / "browser"
DESIGN: Final = Path("dkfds/dist")
LETTERS: Final = Path("@fontsource/ibm-plex-sans/files")
WEIGHTS: Final = (400, 600, 700)
"""Of IBM Plex Sans; browsers take the nearest for the few words that want another."""

MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
}
_PACKED_ALREADY: Final = frozenset({".woff2", ".png"})

_FACE: Final = re.compile(r"@font-face\{[^}]*\}")
_IMPORTED: Final = re.compile(r'from "\./([a-z-]+\.js)"')
_ADDRESS: Final = re.compile(r"url\((?!data:)[\"']?([^)\"']+)[\"']?\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    address: str
    media_type: str
    content: bytes
    gzipped: bytes | None


class Assets:
    """All there are, in memory: less than a megabyte.

    `imports` is where the modules of packages lie, by the names that ours import them by.
    """

    def __init__(self) -> None:
        self._by_name: dict[str, Asset] = {}
        self._by_address: dict[str, Asset] = {}
        self.imports: dict[str, str] = {}

    def add_own(self) -> None:
        for path in sorted(OWN.iterdir()):
            self._own(path.name)

    def _own(self, name: str) -> Asset:
        """One of ours, with the addresses of the modules of ours that it imports."""
        if name not in self:
            content = (OWN / name).read_bytes()
            if name.endswith(".js"):
                content = _IMPORTED.sub(self._imported, content.decode()).encode()
            self.add(name, content)
        return self._by_name[name]

    def _imported(self, found: re.Match[str]) -> str:
        return f'from "{self._own(found[1]).address}"'

    def address(self, name: str) -> str:
        """Where a browser gets it.

        Raises:
            KeyError: there is none of that name.
        """
        return self._by_name[name].address

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Asset]:
        return iter(self._by_address.values())

    def answer(self, request: Request) -> Response | None:
        """What lies at the address asked for, packed where the browser can unpack it."""
        asset = self._by_address.get(request.url.path)
        if asset is None:
            return None
        headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
        if asset.gzipped is None or not takes_gzip(request):
            return Response(asset.content, media_type=asset.media_type, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(asset.gzipped, media_type=asset.media_type, headers=headers)

    def add(self, name: str, content: bytes) -> Asset:
        """A file, under the name by which templates ask for it."""
        stem, dot, ending = name.rpartition(".")
        kind = dot + ending
        address = f"{PREFIX}{stem}.{sha256(content).hexdigest()[:16]}{kind}"
        asset = self._by_name[name] = self._put(address, kind, content)
        return asset

    def _put(self, address: str, kind: str, content: bytes) -> Asset:
        packed = None if kind in _PACKED_ALREADY else gzip.compress(content, 9, mtime=0)
        asset = Asset(
            address=address, media_type=MEDIA_TYPES[kind], content=content, gzipped=packed
        )
        self._by_address[address] = asset
        return asset

    def add_design(self, packages: Path) -> None:
        self.add("dkfds.js", _without_map((packages / DESIGN / "js/dkfds.min.js").read_text()))
        sheet = (packages / DESIGN / "css/dkfds.min.css").read_text()
        faces = "".join(self._face(packages / LETTERS, weight) for weight in WEIGHTS)
        folder = packages / DESIGN / "css"

        def by_content(found: re.Match[str]) -> str:
            path = (folder / found[1]).resolve()
            return f"url({self.add(path.name, path.read_bytes()).address})"

        # Its own letters are those of all the world's languages, four times as large.
        plain = _ADDRESS.sub(by_content, _FACE.sub("", sheet))
        self.add("dkfds.css", _without_map(faces + plain))

    def add_modules(self, packages: Path) -> None:
        """The modules of packages, in folders as they are, for they import each other by path.

        Their addresses have the lock's hash, so that they, too, never change.
        """
        at = f"{PREFIX}modules/{packages.parent.name}/"
        for path, content in modules.files(packages):
            self._put(at + path, ".js", content)
        for name, content in modules.entries(at):
            self.imports[name] = self.add(name.replace("/", "-") + ".js", content).address

    def _face(self, letters: Path, weight: int) -> str:
        name = f"ibm-plex-sans-latin-{weight}-normal.woff2"
        asset = self.add(name, (letters / name).read_bytes())
        return (
            "@font-face{font-family:IBM Plex Sans;font-style:normal;font-display:swap;"
            f"font-weight:{weight};src:url({asset.address}) format('woff2')}}"
        )


def takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


@cache
def gathered() -> Assets:
    """Our own and, if they have been fetched, those of the design system."""
    assets = Assets()
    packages = fetched()
    if packages is not None:
        assets.add_design(packages)
        assets.add_modules(packages)
    assets.add_own()
    return assets


def _without_map(text: str) -> bytes:
    return re.sub(r"(?://|/\*)# sourceMappingURL=\S+?(?:\*/)?\s*$", "", text).encode()
