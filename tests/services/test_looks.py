"""How an organisation looks on its letters: what may be said of it, and what it comes to."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from services.catalogue.loading import check, load
from services.catalogue.look import LARGEST_LOGO_BYTES, LEAST_CONTRAST, contrast_on_white
from services.journal.letterhead import Letterhead, letterhead_of
from services.journal.typesetting import pdf_of
from tests.services.test_catalogue_mistakes import SERVICE, only, put
from tests.services.test_letters import LETTERS, read, squeezed
from tests.shipped import ORGANISATIONS

LOOK = 'look: {logo: logo.svg, colour: "#14532d", address: [Torvet 1, 9800 Hjørring]}\n'
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}<path d="M0 0h9v9z"/></svg>'


def town_with(folder: Path, look: str, logo: str | None) -> None:
    put(folder, SERVICE)
    described = folder / "testby" / "organisation.yaml"
    described.write_text(described.read_text(encoding="utf-8") + look, encoding="utf-8")
    if logo is not None:
        (folder / "testby" / "logo.svg").write_text(logo, encoding="utf-8")


def test_a_look_is_read_with_its_logo(tmp_path: Path) -> None:
    town_with(tmp_path, LOOK, SQUARE.format(""))
    assert check(tmp_path) == []
    look = load(tmp_path).organisations["testby"].look
    assert look is not None
    assert (look.colour, look.logo) == ("#14532d", SQUARE.format(""))
    assert look.address == ("Torvet 1", "9800 Hjørring")


def test_an_organisation_may_have_none(tmp_path: Path) -> None:
    put(tmp_path, SERVICE)
    testby = load(tmp_path).organisations["testby"]
    head = letterhead_of(testby)
    assert (head.logo, head.colour) == (None, None)
    assert testby.contact.phone in head.lines


@pytest.mark.parametrize(
    ("logo", "said"),
    [
        ("<svg", "not XML"),
        ("<html/>", "not SVG"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + SQUARE.format(""), "DOCTYPE"),
        (SQUARE.format("<script>alert(1)</script>"), "<script>"),
        (SQUARE.format("<text>Kommune</text>"), "<text>"),
        (SQUARE.format('<image href="http://elsewhere.example/a.png"/>'), "<image>"),
        (SQUARE.format('<g onload="alert(1)"/>'), "beyond"),
        (SQUARE.format('<rect fill="url(http://elsewhere.example/a)"/>'), "beyond"),
        (SQUARE.format("<!--" + "a" * LARGEST_LOGO_BYTES + "-->"), "100 KB"),
    ],
)
def test_a_logo_is_a_drawing_and_nothing_else(tmp_path: Path, logo: str, said: str) -> None:
    town_with(tmp_path, LOOK, logo)
    mistake = only(check(tmp_path))
    assert mistake.file.name == "logo.svg"
    assert said in mistake.message.en
    assert mistake.remedy.da


@pytest.mark.parametrize(
    ("look", "path", "said"),
    [
        (LOOK, "look.logo", "no file 'logo.svg'"),
        (LOOK.replace("logo.svg", "../logo.svg"), "look.logo", ""),
        ('look: {colour: "#ffcc00", address: [Torvet 1]}\n', "look.colour", "contrast of 1.5 to 1"),
        ("look: {colour: green, address: [Torvet 1]}\n", "look.colour", ""),
        ('look: {colour: "#000000", address: []}\n', "look.address", ""),
    ],
)
def test_a_mistake_in_a_look_is_named(tmp_path: Path, look: str, path: str, said: str) -> None:
    town_with(tmp_path, look, None)
    mistake = only(check(tmp_path))
    assert (mistake.file.name, mistake.path) == ("organisation.yaml", path)
    assert said in mistake.message.en


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48)]
)
def test_contrast_is_that_of_the_guidelines(colour: str, ratio: float) -> None:
    assert contrast_on_white(colour) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_every_organisation_has_its_own_look_on_every_page(name: str) -> None:
    organisation = ORGANISATIONS[name]
    look, head = organisation.look, letterhead_of(organisation)
    assert look is not None
    assert contrast_on_white(look.colour) >= LEAST_CONTRAST
    assert head.logo is not None
    pdf = pdf_of(LETTERS["meeting"], head)
    for page in read(pdf).pages:
        shown = squeezed(page.extract_text())
        assert all(squeezed(line) in shown for line in head.lines)
    assert filled(pdf) > filled(pdf_of(LETTERS["meeting"], replace(head, logo=None)))


def test_no_two_look_alike() -> None:
    heads = {letterhead_of(organisation) for organisation in ORGANISATIONS.values()}
    assert len({(head.logo, head.colour) for head in heads}) == len(ORGANISATIONS)


@pytest.mark.parametrize(
    "change", [lambda: Letterhead(colour="#14532d"), lambda: Letterhead(logo=SQUARE.format(""))]
)
def test_the_head_is_part_of_the_bytes(change: Callable[[], Letterhead]) -> None:
    assert pdf_of(LETTERS["meeting"], change()) != pdf_of(LETTERS["meeting"])


def filled(pdf: bytes) -> int:
    """How many shapes are filled on the first page: only a logo has any."""
    contents = read(pdf).pages[0].get_contents()
    assert contents is not None
    return contents.get_data().count(b"\nf\n")
