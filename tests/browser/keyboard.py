"""What is wrong with a page for those who have a keyboard and nothing else."""

from typing import Final

from playwright.sync_api import Page

ROUNDS_AT_MOST: Final = 4
"""A date is typed into as day, month and year, and opened: four stops of one field."""
PASSED_ON: Final = 100
"""Milliseconds until a frame has the focus, or has given it back."""

_WATCH: Final = """() => {
    document.querySelectorAll("details").forEach(each => { each.open = true; });
    const groups = new Map();
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]),"
            + "select, textarea, summary, iframe, [tabindex]")]
        .filter(each => each.checkVisibility({visibilityProperty: true})
            && !each.matches(":disabled, [inert] *") && each.tabIndex >= 0);
    const stops = all.filter(each => {
        if (each.type !== "radio") return true;
        const group = (each.form?.id ?? "") + [...document.forms].indexOf(each.form) + each.name;
        const before = groups.get(group);
        groups.set(group, before ?? each);
        return !before;
    });
    const drawn = each => each.matches(".form-radio, .form-checkbox") && each.labels.length
        ? [getComputedStyle(each.labels[0], "::before"), getComputedStyle(each.labels[0])]
        : [getComputedStyle(each)];
    const channel = each => (each /= 255) <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4;
    const light = colour => {
        const [red, green, blue] = colour.match(/[\\d.]+/g).map(Number).map(channel);
        return .2126 * red + .7152 * green + .0722 * blue;
    };
    const ground = each => {
        for (let at = each.parentElement; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (!/, 0\\)$/.test(colour)) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const stands_out = (style, each) => {
        const [one, other] = [light(style.outlineColor), light(ground(each))];
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
            && (Math.max(one, other) + .05) / (Math.min(one, other) + .05) >= 3;
    };
    window.walk = {stops, seen: [], unseen: [], sent: new Set()};
    addEventListener("focusin", ({target}) => {
        walk.seen.push(target);
        if (!drawn(target).some(style => stands_out(style, target))) walk.unseen.push(target);
    }, true);
    for (const kind of ["submit", "invalid"]) addEventListener(kind, event => {
        event.preventDefault();
        event.stopImmediatePropagation();
        walk.sent.add(event.target.form ?? event.target);
    }, true);
    addEventListener("blur", () => {
        if (document.activeElement.matches("iframe")) walk.seen.push(document.activeElement);
    });
    const before = document.createElement("i");
    before.tabIndex = 0;
    document.body.prepend(before);
    before.focus();
    before.remove();
    walk.seen.length = walk.unseen.length = 0;
    return stops.length;
}"""
_IN_A_FRAME: Final = "() => document.activeElement.matches('iframe')"
_GONE_ROUND: Final = "() => walk.seen.indexOf(walk.seen[0], 1) > 0"
_FOUND: Final = """() => {
    const round = walk.seen.slice(0, walk.seen.indexOf(walk.seen[0], 1));
    const told = (what, each) => what + ": " + each.outerHTML.slice(0, 120);
    const found = walk.unseen.map(each => told("does not show that it has the focus", each));
    const reached = new Set(round);
    const group = each => each.type === "radio"
        ? [...document.querySelectorAll(`[name="${CSS.escape(each.name)}"]`)] : [each];
    for (const each of walk.stops)
        if (!group(each).some(one => reached.has(one))) found.push(told("not reached", each));
    for (const form of document.querySelectorAll("main form"))
        if (form.checkVisibility() && ![...form.elements].some(one => one.type === "submit"
                && (reached.has(one) || one.closest("[data-without-script]"))))
            found.push(told("has no button that is reached", form));
    // That a frame got the focus is heard of late, after what came next.
    const told_at_once = round.filter(each => !each.matches("iframe"));
    told_at_once.forEach((each, place) => {
        const next = told_at_once[place + 1];
        // Pressed while a frame takes the focus, the key may be answered by what had it before.
        const is_given_back = next === each && round[round.indexOf(each) + 1].matches("iframe");
        if (next && !is_given_back
                && !(each.compareDocumentPosition(next) & Node.DOCUMENT_POSITION_FOLLOWING))
            found.push(told("comes after what follows it", next));
    });
    return [...new Set(found)];
}"""
_TO_MAIN_BUTTON: Final = """() => {
    const button = walk.seen.find(each => each.type === "submit" && each.closest("main"));
    button?.focus();
    return Boolean(button);
}"""
_TO_FIRST_STOP: Final = """() => {
    walk.seen[0].focus();
    return walk.seen[0].matches(".skipnav");
}"""
_AFTER_THE_MENU: Final = """() =>
    document.activeElement.matches("main")
        ? [] : ["the way past the menu does not lead to what is after it"]"""


def troubles_by_keyboard(page: Page) -> list[str]:
    """Whatever the tabulator leaves out, hides, misplaces or cannot leave, with all that is folded
    unfolded; forms without a button that is reached, or whose first is not sent by it. Nothing is
    really sent.
    """
    stops = page.evaluate(_WATCH)
    for _ in range(stops + 1):
        _tab(page)
    for _ in range(stops * (ROUNDS_AT_MOST - 1)):
        if page.evaluate(_GONE_ROUND):
            break
        _tab(page)
    else:
        last = page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")
        return [f"no way out: {last}"]
    page.keyboard.up("Tab")
    return [*page.evaluate(_FOUND), *_unsent(page), *_not_past_the_menu(page)]


def _tab(page: Page) -> None:
    """Go on to the next stop. The processes of a page and of a paper in its frame pass the focus
    on in their own time, and what is pressed meanwhile is taken back.
    """
    page.keyboard.down("Tab")
    if len(page.frames) > 1 and page.evaluate(_IN_A_FRAME):
        page.wait_for_timeout(PASSED_ON)


def _unsent(page: Page) -> list[str]:
    """The page's main form, if Enter on its button does not send it."""
    if not page.evaluate(_TO_MAIN_BUTTON):
        return []
    page.keyboard.press("Enter")
    sent = page.evaluate("() => walk.sent.size")
    return [] if sent else ["Enter does not send the form"]


def _not_past_the_menu(page: Page) -> list[str]:
    if not page.locator("header").count():
        return []  # a list within somebody else's page
    if not page.evaluate(_TO_FIRST_STOP):
        return ["the first stop is not the way past the menu"]
    page.keyboard.press("Enter")
    found = page.evaluate(_AFTER_THE_MENU)
    assert isinstance(found, list)
    return found
