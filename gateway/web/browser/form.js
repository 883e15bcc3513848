// A form as it is filled in: questions that come and go with the answers, files that are sent as
// they are chosen, addresses to choose from, and what is typed kept. It can all be done without.
const form = document.querySelector("form[data-form]");
const token = () => document.querySelector('input[name="csrf"]')?.value ?? "";

// --- Which questions are asked, as services/catalogue/condition.py says it.

function given(id) {
  const own = form.querySelector(`[data-field="${id}"]`);
  if (own?.hidden) return [];
  const data = new FormData(form), name = `a.${id}`;
  if (data.has(`${name}.year`)) {
    const [year, month, day] = ["year", "month", "day"].map((part) => String(data.get(`${name}.${part}`)).trim());
    return year && month && day ? [`${year.padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`] : [];
  }
  return data.getAll(name).filter((value) => typeof value === "string" && value !== "");
}

function holds(when) {
  if (when.all) return when.all.every(holds);
  if (when.any) return when.any.some(holds);
  if (when.not) return !holds(when.not);
  const values = given(when.field);
  if (when.is) return values.some((value) => when.is.includes(value) || (value === "yes" && when.is.includes(true)) || (value === "no" && when.is.includes(false)));
  return values.length > 0 && !precedes(values[0], when.at_least) && !precedes(when.at_most, values[0]);
}

// Whether the first of a number or day and a bound lies below the second; no bound, no limit.
function precedes(first, second) {
  if (first == null || second == null) return false;
  const [one, other] = [measure(first), measure(second)];
  return one < other;
}

function measure(value) {
  if (typeof value === "object") {
    const day = new Date(`${form.dataset.today}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + value.days_from_today);
    return day.toISOString().slice(0, 10);
  }
  const text = String(value).trim();
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text : Number(text.replace(/[\s\u00a0]/g, "").replace(",", "."));
}

function ask() {
  for (const field of form.querySelectorAll("[data-when]")) {
    field.hidden = !holds(JSON.parse(field.dataset.when));
    field.querySelector('input[name="shown"]').disabled = field.hidden;
  }
}

// --- What is typed is kept for whoever has logged in.

const kept = document.querySelector("#kept");
let waiting = null, sending = null;

function keepSoon() {
  if (!kept) return;
  clearTimeout(waiting);
  waiting = setTimeout(keep, 1200);
}

async function keep() {
  const inputs = new Map(), documents = [];
  for (const [name, value] of new FormData(form)) {
    if (!name.startsWith("a.") || typeof value !== "string") continue;
    inputs.set(name, [...(inputs.get(name) ?? []), value]);
  }
  for (const name of form.dataset.documents.split(" ")) documents.push(...(inputs.get(name) ?? []).map((value) => value.split(" ")[0]));
  const body = { step: Number(form.dataset.step), inputs: [...inputs].map(([name, values]) => ({ name, values })), documents };
  sending = new AbortController();
  try {
    const answer = await fetch(kept.dataset.draft, { method: "PUT", signal: sending.signal, headers: { "Content-Type": "application/json", "Julelys-CSRF": token() }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(String(answer.status));
    const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    kept.textContent = `${kept.dataset.saved} ${now}.`;
    kept.dataset.state = "kept";
  } catch (error) {
    if (error.name !== "AbortError") kept.textContent = kept.dataset.unsaved;
  }
}

// --- How much of a long text is left.

function count(area) {
  const line = form.querySelector(`.counted[data-for="${area.name}"]`), left = Number(area.dataset.atMost) - [...area.value].length;
  if (!line) return;
  line.hidden = left > Number(area.dataset.atMost) / 4;
  line.textContent = (left < 0 ? line.dataset.over : line.dataset.left).replace("%n", String(Math.abs(left)));
  line.classList.toggle("is-over", left < 0);
}

// --- Addresses that what is typed may stand for.

function suggest(input) {
  let asked = 0;
  input.addEventListener("input", async () => {
    const turn = ++asked, typed = input.value.trim();
    await new Promise((done) => setTimeout(done, 250));
    if (turn !== asked || typed.length < 3) return;
    const answer = await fetch(`${input.dataset.addresses}?q=${encodeURIComponent(typed.slice(0, 200))}`).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    const { suggestions } = await answer.json();
    input.list?.replaceChildren(...suggestions.map((each) => Object.assign(document.createElement("option"), { value: each.text })));
  });
}

// --- Files, sent as they are chosen.

function uploads(box) {
  const list = box.querySelector(".uploaded"), state = box.querySelector(".upload-state");
  const input = box.querySelector('input[type="file"]'), more = box.querySelector(".upload-more");
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=drop]");
    if (!button || !more) return;
    event.preventDefault();
    button.closest("li").remove();
    settle();
    keepSoon();
    input.focus();
  });
  if (!input) return;
  more.querySelector("button").hidden = true;
  input.addEventListener("change", async () => {
    for (const file of [...input.files].slice(0, Number(box.dataset.atMost) - list.children.length)) await send(file);
    input.value = "";
    settle();
    keepSoon();
  });
  function settle() {
    more.hidden = list.children.length >= Number(box.dataset.atMost);
  }
  function send(file) {
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    bar.setAttribute("aria-label", `${box.dataset.sending} ${file.name}`);
    state.replaceChildren(`${box.dataset.sending} ${file.name} `, bar);
    return new Promise((done) => {
      const request = new XMLHttpRequest(), body = new FormData();
      body.append("file", file, file.name);
      request.open("POST", box.dataset.to);
      request.setRequestHeader("Idempotency-Key", crypto.randomUUID());
      request.setRequestHeader("Julelys-CSRF", token());
      request.upload.addEventListener("progress", (event) => { bar.value = (100 * event.loaded) / event.total; });
      request.addEventListener("loadend", () => {
        state.replaceChildren();
        let told = null;
        try { told = JSON.parse(request.responseText); } catch { /* nothing was answered */ }
        if (request.status === 201) list.append(row(told));
        else state.append(Object.assign(document.createElement("span"), { className: "form-error-message", textContent: told ? `${file.name}: ${told.title}. ${told.detail}` : `${file.name}: ${box.dataset.failed}` }));
        done();
      });
      request.send(body);
    });
  }
  function row(told) {
    const made = document.createElement("li"), name = document.createElement("span"), drop = document.createElement("button");
    const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: box.dataset.uploads, value: `${told.id} ${told.name}` });
    name.textContent = told.name;
    Object.assign(drop, { type: "submit", className: "function-link", name: "drop", value: told.id, textContent: box.dataset.remove });
    drop.setAttribute("aria-label", `${box.dataset.remove} ${told.name}`);
    made.append(hidden, name, " ", drop);
    return made;
  }
}

if (form) {
  form.addEventListener("input", () => { ask(); keepSoon(); });
  form.addEventListener("submit", () => { clearTimeout(waiting); sending?.abort(); });
  for (const area of form.querySelectorAll("textarea[data-at-most]")) {
    area.addEventListener("input", () => count(area));
    count(area);
  }
  form.querySelectorAll("input[data-addresses]").forEach(suggest);
  form.querySelectorAll("[data-uploads]").forEach(uploads);
  ask();
}

// --- A time that is held for so long.

const held = document.querySelector("[data-held-seconds]");
if (held) {
  const until = performance.now() + 1000 * Number(held.dataset.heldSeconds), tick = setInterval(show, 1000);
  function show() {
    const left = Math.round((until - performance.now()) / 1000);
    if (left > 0) held.textContent = `${held.dataset.words} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    else { held.textContent = held.dataset.over; clearInterval(tick); }
  }
  show();
}
