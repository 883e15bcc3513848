// A case that changes while one works on it, and words that are kept while one writes them.
import { follow, page } from "./live.js";

const live = document.getElementById("live");
const status = live?.querySelector("[role=status]");

if (live?.dataset.live) {
  const own = live.dataset.case;
  follow(live.dataset.live, Number(live.dataset.position), (each) => each === own, again);
}

// What can be told by itself; a form that somebody writes in is left alone.
const PARTS = ["case-head", "entries", "notes-list", "may-be-decided", "papers", "parties", "heard", "rounds", "requests-list", "inspections-list", "limits", "lacks", "filed", "sent", "property", "decision"];

async function again(position) {
  const fresh = await page(position);
  let changed = false;
  for (const id of PARTS) {
    const [old, now] = [document.getElementById(id), fresh.getElementById(id)];
    if (!old || !now || plain(old) === plain(now) || isBusy(old)) continue;
    const known = new Set([...old.querySelectorAll("[id^=entry-]")].map((each) => each.id));
    old.replaceWith(now);
    if (known.size) for (const each of now.querySelectorAll("[id^=entry-]")) if (!known.has(each.id)) each.classList.add("is-new");
    changed = true;
  }
  if (changed && status) status.textContent = status.dataset.told;
}

function plain(part) {
  return part.textContent.replace(/\s+/g, " ");
}

function isBusy(part) {
  return part.contains(document.activeElement) || [...part.querySelectorAll("textarea")].some((each) => each.value !== each.defaultValue);
}

// Kept in this tab only, until it is sent: a login that ends does not take half a decision with it.
const PREFIX = `julelys-kept ${location.pathname} `;

// What came back without a mistake has been done.
const sent = sessionStorage.getItem(`${PREFIX}sent`);
if (sent !== null) {
  sessionStorage.removeItem(`${PREFIX}sent`);
  if (new URL(location.href).searchParams.has("position") && !document.querySelector(".alert-error")) {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(`${PREFIX}${sent} `)) sessionStorage.removeItem(key);
  }
}

for (const form of document.querySelectorAll("form[data-keep]")) {
  const fields = [...form.elements].filter((each) => each.matches("textarea, input[type=text], input:not([type])") && each.name);
  for (const field of fields) {
    const key = `${PREFIX}${form.dataset.keep} ${field.name}`;
    const kept = sessionStorage.getItem(key);
    if (kept !== null && field.value === field.defaultValue && !field.value.trim()) field.value = kept;
    field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  }
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formtarget")) return;
    sessionStorage.setItem(`${PREFIX}sent`, form.dataset.keep);
  });
}
