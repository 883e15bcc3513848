// Moving through a case without loading the page anew: the moment is fetched as the page has it.
const form = document.querySelector("[data-replay]");
const slider = form.elements.event;
const WAIT_MILLISECONDS = 150;
let waiting, asked;

slider.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => show(slider.value), WAIT_MILLISECONDS);
});

document.addEventListener("click", (click) => {
  const link = click.target.closest("#moment a[href*='event=']");
  if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return;
  click.preventDefault();
  show(new URL(link.href).searchParams.get("event"));
});

async function show(number) {
  const address = `${form.getAttribute("action")}?event=${number}`;
  const moment = document.getElementById("moment");
  asked?.abort();
  asked = new AbortController();
  moment.classList.add("is-coming");
  try {
    const answer = await fetch(address, { signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("moment");
    // Whoever has to log in anew is told so by the page itself.
    if (!next) return location.assign(address);
    const open = [...moment.querySelectorAll("details")].map((each) => each.open);
    next.querySelectorAll("details").forEach((each, place) => { each.open = open[place]; });
    moment.replaceWith(document.adoptNode(next));
    slider.value = number;
    document.title = page.title;
    history.replaceState(null, "", address);
    document.querySelector(".moments [aria-current]")?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}
