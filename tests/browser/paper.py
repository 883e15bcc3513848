"""What is wrong with a page on paper, where nothing is pressed, opened or moved."""

from typing import Final

from playwright.sync_api import Page

A4: Final = {"width": 718, "height": 1010}
"""CSS pixels within margins of a centimetre."""

_SAID: Final = """() => {
    window.said = [...document.querySelectorAll(
            "main :is(h1, table, dl, .prose, .timeline > li, textarea)")]
        .filter(each => each.checkVisibility()
            && !each.closest("form:not(.on-paper), .bulk, .choose"));
}"""
_FOUND: Final = """(width) => {
    const seen = each => each.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const all = [...document.querySelectorAll("body *")].filter(seen);
    const found = [];
    const tell = (what, each) => found.push(what + ": " + each.outerHTML.slice(0, 120));
    for (const each of said) if (!seen(each)) tell("is not on it", each);
    for (const each of all) {
        const style = getComputedStyle(each), box = each.getBoundingClientRect();
        if (each.matches("nav, button, .button, .skipnav, iframe")
            || each.matches("[type=file], [type=search], [type=range]"))
            tell("makes no sense on paper", each);
        if (box.width <= 1 || box.right < 0) continue;
        if (box.right > width + 1) tell("beyond the edge", each);
        const hides = value => value !== "visible";
        if (hides(style.overflowX) && each.scrollWidth > each.clientWidth + 1
            || hides(style.overflowY) && each.scrollHeight > each.clientHeight + 1)
            if (!each.matches("input, select")) tell("cut off", each);
        if (each.matches("main a[href^=http]")
            && !getComputedStyle(each, "::after").content.includes(each.getAttribute("href")))
            tell("leads nobody knows where", each);
    }
    for (const each of document.querySelectorAll("details:not([open])"))
        if (seen(each) && ![...each.children].slice(1).some(seen)) tell("folded", each);
    return found;
}"""


def troubles_on_paper(page: Page) -> list[str]:
    """Controls, what is cut off or folded, and links elsewhere without their address."""
    page.evaluate(_SAID)
    page.emulate_media(media="print", color_scheme="light")
    page.set_viewport_size({"width": A4["width"], "height": A4["height"]})
    found = page.evaluate(_FOUND, A4["width"])
    page.emulate_media(media="screen")
    assert isinstance(found, list)
    return found
