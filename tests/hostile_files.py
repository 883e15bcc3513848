"""Files that somebody might send to do harm, and what each is to be answered with."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from tests import files
from tests import hostile_archives as archives
from tests.files import chunk, docx, docx_parts, jpeg, odt, pdf, png, relations, stream, tiff, xlsx
from tests.hostile_archives import MIB, Raw, plain, written

ACTIVE, EMBEDDED, UNSEEN = (
    "document-active-content",
    "document-embedded-file",
    "document-not-inspected",
)
MISMATCH, REFUSED, BROKEN = (
    "document-type-mismatch",
    "document-type-refused",
    "document-unreadable",
)
EXPANDS, UNSAFE, INSIDE = (
    "document-expands",
    "document-archive-unsafe",
    "document-archive-inside",
)
DOUBLE, LOCKED = "document-two-in-one", "document-encrypted"
HTML: Final = b"<html><script>alert(1)</script></html>"
SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ZIP: Final = files.archive({"evil.txt": "a"})
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITY: Final = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
)
LAUGHS: Final = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>'


@dataclass(frozen=True, slots=True)
class Hostile:
    """`content` is made when it is sent; `kind` is the declared media type."""

    what: str
    code: str
    name: str
    content: Callable[[], bytes]
    kind: str | None = None


def hostile(
    what: str, code: str, name: str, content: bytes | Callable[[], bytes], kind: str | None = None
) -> Hostile:
    made = content if callable(content) else partial(bytes, content)
    return Hostile(what, code, name, made, kind)


GOOD: Final = {
    "a.pdf": files.PDF,
    "a.png": files.PNG,
    "a.jpg": files.JPEG,
    "a.tif": files.TIFF,
    "a.docx": files.DOCX,
    "a.xlsx": files.XLSX,
    "a.odt": files.ODT,
    "a.txt": b"Carport",
}

NEVER: Final = {
    "a Windows program": b"MZ\x90\x00" + bytes(99),
    "an ELF program": b"\x7fELF\x02\x01\x01" + bytes(99),
    "a Mach-O program": b"\xcf\xfa\xed\xfe" + bytes(99),
    "a Java class": b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + bytes(99),
    "WebAssembly": b"\x00asm\x01\x00\x00\x00",
    "a shell script": b"#!/bin/sh\nrm -rf ~\n",
    "a Windows link": b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(99),
    "a web page": HTML,
    "a web page after blanks": b" \n\t\n" + HTML,
    "a web page after its mark": b"\xef\xbb\xbf<!DOCTYPE html>" + HTML,
    "a web page below a text": b"Hej\n" + HTML,
    "an SVG with a script": SVG,
    "an SVG behind a declaration": b'<?xml version="1.0"?>' + SVG,
    "XML with an entity": ENTITY.encode(),
    "PHP": b"<?php system($_GET['a']); ?>",
    "an HTML application": b"<hta:application/><script language=vbscript></script>",
    "RTF": b"{\\rtf1\\ansi {\\object\\objdata 01050000}}",
    "PostScript": b"%!PS-Adobe-3.0\n(a) run\n",
    "an e-mail": b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + HTML,
    "an old Word file": OLE + bytes(600),
    "a GIF": b"GIF89a" + bytes(99),
    "a bitmap": b"BM" + bytes(99),
    "a WebP": b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(50),
    "a film": b"\x00\x00\x00\x18ftypmp42" + bytes(99),
    "a RAR archive": b"Rar!\x1a\x07\x01\x00" + bytes(99),
    "a 7z archive": b"7z\xbc\xaf\x27\x1c" + bytes(99),
    "gzip": b"\x1f\x8b\x08\x00" + bytes(99),
    "a tape archive": b"a".ljust(257, b"\0") + b"ustar\x0000" + bytes(200),
    "a cabinet": b"MSCF\x00\x00\x00\x00" + bytes(99),
    "compiled help": b"ITSF\x03\x00\x00\x00" + bytes(99),
    "BigTIFF": b"II+\x00\x08\x00\x00\x00" + bytes(99),
    "text in UTF-16": "Hej".encode("utf-16"),
    "text in Latin-1": b"bl\xe5b\xe6r",
    "text with escapes for a terminal": b"\x1b]0;a\x07\x1b[2J",
}


def lying() -> Iterator[Hostile]:
    for number, (what, content) in enumerate(NEVER.items()):
        name = ("a.pdf", "a.txt", "a.jpg", "a.docx")[number % 4]
        yield hostile(f"{what} as {name}", REFUSED, name, content)
    for (name, content), other in zip(GOOD.items(), [*list(GOOD)[1:], "a.pdf"], strict=True):
        yield hostile(f"{name} as {other}", MISMATCH, other, content)
        yield hostile(f"{name} as an executable", MISMATCH, name + ".exe", content)
        kind = "text/html" if name != "a.txt" else "image/svg+xml"
        yield hostile(f"{name} declared {kind}", MISMATCH, name, content, kind)


def named() -> Iterator[Hostile]:
    names = {
        "without an end": "a",
        "reversed": "faktura\u202efdp.exe",
        "reversed within": "a\u202epdf.docm",
        "up and away": "../../../../etc/passwd",
        "up and away, Windows": "..\\..\\Windows\\System32\\drivers\\etc\\hosts",
        "a device": "CON",
        "hidden": ".pdf",
        "a second end": "a.pdf.js",
        "a stream": "a.pdf::$DATA",
        "a dot after": "a.pdf.",
        "a null within": "a.exe\x01.pdf.scr",
    }
    for what, name in names.items():
        yield hostile(f"a name {what}", MISMATCH, name, files.PDF)


def zipped() -> Iterator[Hostile]:
    tricks = {
        "up": "../evil.xml",
        "far up": "word/../../../evil.xml",
        "absolute": "/etc/cron.d/evil",
        "Windows": "word\\..\\..\\evil.xml",
        "a drive": "C:/evil.xml",
        "doubled": "word//evil.xml",
        "here": "./evil.xml",
        "a control sign": "word/a\x07.xml",
        "reversed": "word/\u202egpj.exe",
        "too long": "word/" + "a" * 300,
    }
    for what, name in tricks.items():
        yield hostile(f"an entry's name: {what}", UNSAFE, "a.docx", docx({name: "x"}))
    twice = [*archives.parts(), plain("WORD/document.xml", "y")]
    other = [Raw(name="[Content_Types].xml", packed=b"x", local_name="evil.exe")]
    link = Raw(name="word/media/a", packed=b"/etc/passwd", mode=0o120777)
    letter = archives.parts()
    yield hostile("a name twice", UNSAFE, "a.docx", written(twice))
    yield hostile("two names for one entry", UNSAFE, "a.docx", written(other))
    yield hostile("a link", UNSAFE, "a.docx", written([*letter, link]))
    yield hostile("entries that overlap", UNSAFE, "a.docx", archives.over_itself())
    yield hostile("many entries that overlap", UNSAFE, "a.docx", lambda: archives.overlapping(900))
    for flags in (1, 0x41, 0x2001):
        raw = Raw(name="word/a.xml", packed=b"x", flags=flags)
        yield hostile(f"encrypted, {flags:#x}", LOCKED, "a.docx", written([*letter, raw]))
    for method in (9, 12, 14, 93, 99):
        raw = Raw(name="word/a.xml", packed=b"x", method=method)
        yield hostile(f"packed by method {method}", BROKEN, "a.docx", written([*letter, raw]))
    yield hostile("unpacked over 400 MiB", EXPANDS, "a.docx", lambda: archives.bomb(420))
    yield hostile("a thousand to one", EXPANDS, "a.docx", lambda: archives.bomb(60))
    yield hostile("one that hides its size", BROKEN, "a.docx", lambda: archives.bomb(60, says=9))
    twice_over = lambda: docx({"word/a.docx": archives.bomb(60)})  # noqa: E731
    yield hostile("a bomb in a letter", EXPANDS, "a.docx", twice_over)
    claims = Raw(name="a", packed=b"\x03\x00", method=8, size=0xFFFFFFF0)
    yield hostile("one that promises 4 GiB", EXPANDS, "a.docx", written([*letter, claims]))
    yield hostile("too many entries", EXPANDS, "a.docx", lambda: written(_many(5_001)))
    yield hostile("too many, not owned up to", EXPANDS, "a.docx", partial(_uncounted, 6_000))
    yield hostile("something before it", BROKEN, "a.docx", files.DOCX.replace(b"PK\5\6", b"PK\5\7"))
    yield hostile("something after it", DOUBLE, "a.docx", files.DOCX + HTML)
    hole = written(letter, between=HTML * 200)
    yield hostile("something between", DOUBLE, "a.docx", hole)
    wrong = [*letter, Raw(name="word/a.xml", packed=b"x", crc=1)]
    yield hostile("a wrong sum", BROKEN, "a.docx", written(wrong))
    rest = [*letter, Raw(name="a", packed=zlib.compress(b"x")[2:-4] + b"more", method=8, size=1)]
    yield hostile("more than was packed", BROKEN, "a.docx", written(rest))
    yield hostile("cut off", BROKEN, "a.docx", files.DOCX[:-30])
    yield hostile("cut in half", BROKEN, "a.docx", files.DOCX[: len(files.DOCX) // 2])
    yield hostile("an empty archive", REFUSED, "a.docx", b"PK\x05\x06" + bytes(18))
    yield hostile("any archive", REFUSED, "a.docx", ZIP)
    yield hostile("an archive under its name", REFUSED, "a.zip", ZIP)
    yield hostile("a JAR", REFUSED, "a.docx", files.archive({"META-INF/MANIFEST.MF": "Main: a"}))


def _many(number: int) -> list[Raw]:
    return [plain(f"word/{n}", b"") for n in range(number)]


def _uncounted(number: int) -> bytes:
    return written(_many(number), claimed=3)


def office() -> Iterator[Hostile]:
    inside = {
        "an archive": ZIP,
        "a RAR archive": NEVER["a RAR archive"],
        "a 7z archive": NEVER["a 7z archive"],
        "gzip": NEVER["gzip"],
        "a cabinet": NEVER["a cabinet"],
        "compiled help": NEVER["compiled help"],
        "a program": NEVER["a Windows program"],
        "an ELF program": NEVER["an ELF program"],
        "a script": b"#!/bin/sh\nrm -rf ~",
        "a sheet in a sheet": archives.nested(1),
        "a sheet in a sheet in a sheet": archives.nested(3),
        "a PDF": files.PDF,
    }
    for what, content in inside.items():
        yield hostile(f"{what} within", INSIDE, "a.docx", docx({"word/embeddings/a.bin": content}))
    yield hostile("an OLE object within", EMBEDDED, "a.docx", docx({"word/a.bin": OLE + bytes(99)}))
    sheet = xlsx({"xl/embeddings/o.bin": OLE + bytes(99)})
    yield hostile("an OLE object deeper", EMBEDDED, "a.docx", docx({"word/a.xlsx": sheet}))
    for name in ("word/vbaProject.bin", "word/vbaData.xml", "customUI/vbaA.bin"):
        yield hostile(f"a macro, {name}", REFUSED, "a.docx", docx({name: "x"}))
    macro = docx_parts()["[Content_Types].xml"]
    enabled = str(macro).replace(
        files.WORD, "application/vnd.ms-word.document.macroEnabled.main+xml"
    )
    yield hostile("macros by their type", REFUSED, "a.docx", docx({"[Content_Types].xml": enabled}))
    for name in ("Basic/Standard/Module1.xml", "Scripts/python/a.py"):
        yield hostile(f"a macro, {name}", REFUSED, "a.odt", odt({name: "x"}))
    for kind in ("attachedTemplate", "oleObject", "frame", "subDocument"):
        rels = relations(kind, "https://example.org/evil.dotm")
        yield hostile(f"{kind} from elsewhere", ACTIVE, "a.docx", docx({"word/_rels/a.rels": rels}))
    active: dict[str, tuple[str, bytes | str]] = {
        "DDE in a letter": ("word/a.xml", "<w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText>"),
        "a script in a picture": ("word/media/a.svg", SVG),
        "an event in a picture": ("word/media/b.svg", "<svg onload='a()'/>"),
        "a link that is a script": ("word/c.xml", "<a href='javascript:a()'/>"),
    }
    for what, (name, part) in active.items():
        yield hostile(what, ACTIVE, "a.docx", docx({name: part}))
    dde = {"xl/externalLinks/a.xml": "<ddeLink ddeService='cmd'/>"}
    yield hostile("DDE in a sheet", ACTIVE, "a.xlsx", xlsx(dde))
    event = {"content.xml": "<office:event-listeners><script:event-listener/>"}
    yield hostile("an event in a text", ACTIVE, "a.odt", odt(event))
    entities: dict[str, bytes | str] = {
        "an entity": ENTITY,
        "entities of entities": LAUGHS,
        "an entity in UTF-16": ENTITY.encode("utf-16"),
    }
    for what, text in entities.items():
        for name in ("word/document.xml", "[Content_Types].xml", "word/_rels/a.rels"):
            yield hostile(f"{what} in {name}", BROKEN, "a.docx", docx({name: text}))
    doctype = {"[Content_Types].xml": '<!DOCTYPE a SYSTEM "http://example.org/a"><a/>'}
    yield hostile("a document type", BROKEN, "a.docx", docx(doctype))
    yield hostile("no main part", REFUSED, "a.docx", files.archive({"[Content_Types].xml": "<a/>"}))
    yield hostile("not XML", BROKEN, "a.docx", docx({"[Content_Types].xml": "x"}))
    endless = {"word/_rels/a.rels": "<a>" * 2_000}
    yield hostile("XML without an end", BROKEN, "a.docx", docx(endless))
    deep = {"word/_rels/a.rels": "<a>" * 340_000}
    yield hostile("XML without a bottom", EXPANDS, "a.docx", docx(deep))
    large = {"word/_rels/a.rels": "<a>" + " " * MIB + "</a>"}
    yield hostile("a list of parts too long", EXPANDS, "a.docx", docx(large))
    locked = {"META-INF/manifest.xml": "<a><manifest:encryption-data/></a>"}
    yield hostile("a locked text", LOCKED, "a.odt", odt(locked))
    package = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    yield hostile("a locked letter", LOCKED, "a.docx", package)


def pdfs() -> Iterator[Hostile]:
    js = "/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
    active = {
        "a script": pdf(catalog=js),
        "a script, spelt in hexadecimal": pdf(catalog="/OpenAction<</S/J#61vaScript/#4AS(a)>>"),
        "a script by its name": pdf(
            "<</S/JavaScript/JS(a)>>",
            catalog="/Names<</JavaScript<</Names[(a)4 0 R]>>>>",
        ),
        "a script when a page opens": pdf(page="/AA<</O<</S/JavaScript/JS(a)>>>>"),
        "a script behind a link": pdf("<</A<</S/JavaScript/JS(a)>>>>", page="/Annots[4 0 R]"),
        "a script nobody refers to": pdf("<</S/JavaScript/JS(a)>>"),
        "a script in a stream of objects": archives.packed_objects("<</S/JavaScript/JS(a)>>"),
        "a program to start": pdf(catalog="/OpenAction<</S/Launch/F(cmd.exe)>>"),
        "a form that sends itself": pdf("<</S/SubmitForm/F(http://example.org)>>"),
        "a form that fetches": pdf("<</S/ImportData/F(a.fdf)>>"),
        "a form of its own kind": pdf(catalog="/AcroForm<</XFA[]>>"),
        "a film": pdf("<</Type/Annot/Subtype/RichMedia>>"),
        "a rendition": pdf("<</S/Rendition>>"),
        "a file within to go to": pdf("<</S/GoToE/T<<>>>>"),
        "a file on another machine": pdf(r"<</S/GoToR/F(\\\\evil\\share)>>"),
        "an address that is a script": pdf("<</S/URI/URI(javascript:a)>>"),
        "an address that is a file": pdf("<</S/URI/URI(file:///etc/passwd)>>"),
    }
    for what, content in active.items():
        yield hostile(f"pdf: {what}", ACTIVE, "a.pdf", content)
    for what, content in {
        "a program": b"MZ\x90\x00",
        "an archive": ZIP,
        "a web page": HTML,
    }.items():
        file = stream(zlib.compress(content), "/Filter/FlateDecode")
        attached = pdf("<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>", file)
        yield hostile(f"pdf: {what} attached", EMBEDDED, "a.pdf", attached)
    apart = pdf("<</Type/Filespec/EF 5 0 R>>", "<</F 6 0 R>>", stream(b"MZ"))
    yield hostile("pdf: something attached, somewhere", EMBEDDED, "a.pdf", apart)
    kept = archives.packed_objects("<</S/JavaScript/JS(a)>>")
    lost = kept[: kept.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n"
    yield hostile("pdf: a script in a stream, its table lost", ACTIVE, "a.pdf", lost)
    hidden = kept.replace(b"/Filter /FlateDecode", b"/Filter /FlatDecode ", 1)
    yield hostile("pdf: a root that cannot be unpacked", BROKEN, "a.pdf", hidden)
    flate = "/Filter[/FlateDecode/FlateDecode]"
    twice = pdf(stream(zlib.compress(zlib.compress(bytes(9 * MIB))), flate))
    yield hostile("pdf: packed twice", EXPANDS, "a.pdf", twice)
    yield hostile("pdf: over 512 MiB", EXPANDS, "a.pdf", lambda: pdf(_swollen(540)))
    image = "/Type/XObject/Subtype/Image/Width 99999/Height 99999/BitsPerComponent 8"
    yield hostile("pdf: a picture too large", EXPANDS, "a.pdf", pdf(stream(b"", image)))
    bomb = partial(archives.object_bomb, 300)
    yield hostile("pdf: objects that become too large", UNSEEN, "a.pdf", bomb)
    yield hostile("pdf: too many objects", UNSEEN, "a.pdf", lambda: pdf(*["<</A/B>>"] * 150_000))
    yield hostile("pdf: locked", LOCKED, "a.pdf", archives.locked_pdf())
    yield hostile("pdf: no more than its first line", BROKEN, "a.pdf", b"%PDF-1.7\n")
    yield hostile("pdf: cut off", BROKEN, "a.pdf", files.PDF[:60])
    pageless = files.PDF.replace(b"/Kids[3 0 R]", b"/Kids[]")
    yield hostile("pdf: no pages", BROKEN, "a.pdf", pageless)
    rootless = files.PDF.replace(b"/Root 1 0 R", b"").replace(b"/Type/Catalog", b"")
    yield hostile("pdf: no root", BROKEN, "a.pdf", rootless)
    yield hostile("pdf: an archive after it", DOUBLE, "a.pdf", files.PDF + ZIP)
    yield hostile("pdf: a web page after it", DOUBLE, "a.pdf", files.PDF + HTML)
    page = files.PDF.replace(b"\n1 0 obj", b"\n%" + HTML + b"\n1 0 obj")
    yield hostile("pdf: a web page at its beginning", DOUBLE, "a.pdf", page)
    tape = (b"%PDF-1.7\n%" + b"a" * 247 + b"ustar\n" + files.PDF[9:]).ljust(600)
    yield hostile("pdf: a tape archive", DOUBLE, "a.pdf", tape)
    yield hostile("pdf: behind a web page", REFUSED, "a.pdf", HTML + files.PDF)
    yield hostile("pdf: behind a picture", MISMATCH, "a.pdf", png())


def _swollen(mebibytes: int) -> str:
    packer = zlib.compressobj(9)
    once = packer.compress(b" " * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    more = zlib.compressobj(9, zlib.DEFLATED, -15)
    again = more.compress(b" " * MIB) + more.flush(zlib.Z_FULL_FLUSH)
    return stream(once + again * (mebibytes - 1), "/Filter/FlateDecode")


def pictures() -> Iterator[Hostile]:
    hidden = {
        "an archive": ZIP,
        "a PDF": files.PDF,
        "a RAR archive": NEVER["a RAR archive"],
        "a 7z archive": NEVER["a 7z archive"],
        "a web page": HTML,
        "PHP": NEVER["PHP"],
        "a PHP archive": b"__HALT_COMPILER(); ?>",
        "an SVG": SVG,
        "a program": b"MZ\x90\x00!This program cannot be run in DOS mode.\r\n",
    }
    for what, content in hidden.items():
        for kind, name in ((files.PNG, "a.png"), (files.JPEG, "a.jpg"), (files.TIFF, "a.tif")):
            yield hostile(f"{name}: {what} after it", DOUBLE, name, kind + content)
    yield hostile("a web page in a comment", DOUBLE, "a.jpg", jpeg(comment=HTML))
    yield hostile("PHP in a comment", DOUBLE, "a.jpg", jpeg(comment=NEVER["PHP"]))
    text = chunk(b"tEXt", b"Comment\0" + HTML)
    yield hostile("a web page in a note", DOUBLE, "a.png", png(more=text))
    yield hostile("png: a pixel bomb", EXPANDS, "a.png", png(60_000, 60_000))
    yield hostile("png: the largest there is", EXPANDS, "a.png", png(2**31 - 1, 2**31 - 1))
    colours = png(40_000, 20_000, colours=2)
    yield hostile("png: a pixel bomb in colour", EXPANDS, "a.png", colours)
    yield hostile("png: no width", BROKEN, "a.png", png(0, 1))
    yield hostile("png: no more than its mark", BROKEN, "a.png", files.PNG[:8])
    yield hostile("png: an unknown kind", BROKEN, "a.png", png(depth=77))
    yield hostile("jpeg: a pixel bomb", EXPANDS, "a.jpg", jpeg(65_000, 65_000))
    yield hostile("jpeg: no frame", BROKEN, "a.jpg", b"\xff\xd8\xff\xd9" + bytes(50))
    yield hostile("jpeg: cut off", BROKEN, "a.jpg", files.JPEG[:24])
    yield hostile("tiff: a pixel bomb", EXPANDS, "a.tif", tiff(2**20, 2**20))
    yield hostile("tiff: no header", BROKEN, "a.tif", b"II*\x00" + b"\xff" * 40)
    yield hostile("tiff: nothing", BROKEN, "a.tif", b"MM\x00*" + bytes(40))
    yield hostile("tiff: no size", BROKEN, "a.tif", tiff(0, 0))


HOSTILE: Final = [
    each for group in (lying, named, zipped, office, pdfs, pictures) for each in group()
]
