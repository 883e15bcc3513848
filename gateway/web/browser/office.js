// Keeps figures up to date while somebody looks at them, until they have left it alone for a while:
// a page that asks for ever would keep a session from ending by itself.
const SECONDS = 10;
const ALONE_MINUTES = 10;
const shown = document.querySelector("[data-refresh]");
let touched = Date.now();

for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { touched = Date.now(); });

const english = document.documentElement.lang === "en";
const box = Object.assign(document.createElement("input"), { type: "checkbox", id: "keep-up", className: "form-checkbox", checked: true });
const label = Object.assign(document.createElement("label"), { htmlFor: "keep-up", className: "form-label", textContent: english ? "Keep it up to date" : "Hold det opdateret" });
const group = Object.assign(document.createElement("div"), { className: "form-group-checkbox keep-up" });
group.append(box, label);
shown.before(group);
box.addEventListener("change", () => { touched = Date.now(); });

setInterval(refresh, SECONDS * 1000);

async function refresh() {
  if (Date.now() - touched > ALONE_MINUTES * 60_000) box.checked = false;
  if (!box.checked || document.hidden || shown.contains(document.activeElement)) return;
  if (!getSelection().isCollapsed) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector("[data-refresh]");
  if (!next) return;
  const open = [...shown.querySelectorAll("details")].map((each) => each.open);
  next.querySelectorAll("details").forEach((each, place) => { each.open = open[place] ?? each.open; });
  shown.replaceChildren(...document.adoptNode(next).childNodes);
}
