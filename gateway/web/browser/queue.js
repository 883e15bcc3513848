// A queue that changes while one looks at it, and keys to go through it.
import { follow, page } from "./live.js";

const rows = document.getElementById("rows");
const told = document.getElementById("told");

if (rows) follow(rows.dataset.live, Number(rows.dataset.position), () => true, again);

async function again(position) {
  const fresh = (await page(position)).getElementById("rows");
  if (!fresh) return;
  const chosen = new Set([...rows.querySelectorAll("input[name=case]:checked")].map((each) => each.value));
  const before = new Map([...rows.querySelectorAll("tr[data-case]")].map((row) => [row.id, plain(row)]));
  const focus = document.activeElement && rows.contains(document.activeElement) ? document.activeElement : null;
  // Somebody who is filling in what is done to many goes on with that; only the rows change.
  const [old, now] = [rows.querySelector("tbody"), fresh.querySelector("tbody")];
  if (old && now) old.replaceWith(now);
  else rows.replaceChildren(...fresh.childNodes);
  let changes = 0;
  for (const row of rows.querySelectorAll("tr[data-case]")) {
    if (before.get(row.id) !== plain(row)) {
      row.classList.add("is-new");
      changes += 1;
    }
    const box = row.querySelector("input[name=case]");
    box.checked = chosen.has(box.value);
  }
  if (focus && focus.id) document.getElementById(focus.id)?.focus();
  else if (focus && focus.closest) rows.querySelector(`[href="${CSS.escape(focus.getAttribute("href") ?? "")}"]`)?.focus();
  if (changes || before.size !== rows.querySelectorAll("tr[data-case]").length) told.textContent = told.dataset.words;
  count();
}

function plain(row) {
  return row.textContent.replace(/\s+/g, " ");
}

function count() {
  const shown = document.querySelector("[data-count]");
  const chosen = rows.querySelectorAll("input[name=case]:checked").length;
  if (shown) shown.textContent = chosen ? `${shown.dataset.count} ${chosen}` : "";
}
rows?.addEventListener("change", count);

// Keys of one sign can be turned off (WCAG 2.1.4), and are never taken from a field.
const keys = document.querySelector(".keys");
const on = document.getElementById("keys-on");
if (keys && on) {
  keys.hidden = false;
  on.checked = localStorage.getItem("julelys-keys") !== "off";
  on.addEventListener("change", () => localStorage.setItem("julelys-keys", on.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (!on.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const links = [...rows.querySelectorAll("tbody th a")];
    const row = document.activeElement?.closest("tr[data-case]");
    const at = links.findIndex((link) => link.closest("tr") === row);
    if (event.key === "j") links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === "k") links[Math.max(at - 1, 0)]?.focus();
    else if (event.key === "x" && row) row.querySelector("input[name=case]").click();
    else if (event.key === "/") {
      const asked = document.querySelector(".asked");
      asked.open = true;
      document.getElementById("f-q").focus();
    } else return;
    event.preventDefault();
  });
}
