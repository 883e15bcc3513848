// A case while one looks at it: what happens stands there at once, and what was read is told.
const happened = document.querySelector("#happened");
const words = happened?.dataset;
const parser = new DOMParser();

if (happened) {
  const stream = new EventSource(`${words.stream}?after=${words.after}`);
  stream.addEventListener("message", (event) => {
    const entry = JSON.parse(event.data);
    if (document.getElementById(`entry-${entry.position}`)) return;
    if (words.said.split(" ").includes(entry.kind)) say(entry);
    else tell(entry);
    refreshSoon();
  });
}

// What was said goes to the end of the dialogue; as by whom, so on which side.
function say(entry) {
  const made = item(entry);
  made.classList.add(entry.kind === "party-wrote" ? "from-party" : "from-us");
  document.querySelector("#said").append(made);
}

// What has happened goes to the top; what is dull, with its like.
function tell(entry) {
  const made = item(entry), first = happened.firstElementChild;
  if (!words.dull.split(" ").includes(entry.kind)) return happened.prepend(made);
  const list = first?.classList.contains("is-dull") ? first.querySelector("ol") : null;
  if (list) list.prepend(made);
  else refreshSoon();
}

function item(entry) {
  const made = element("li", { id: `entry-${entry.position}`, className: "is-new" });
  const head = element("p", { className: "entry-head" });
  const exact = new Date(entry.at).toLocaleString(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" });
  head.append(element("strong", { textContent: entry.by }), " ", element("time", { dateTime: entry.at, title: exact, textContent: words.justNow }));
  made.append(head, element("p", { className: "prose", textContent: entry.text }));
  if (entry.documents.length) {
    const list = element("ul", { className: "papers" });
    for (const each of entry.documents) {
      const row = element("li", {});
      row.append(element("a", { href: words.documents + each.id, textContent: each.name, download: "" }));
      list.append(row);
    }
    made.append(list);
  }
  return made;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

// What follows from the news (whose turn it is, a decision, another time) is asked for once, and
// never while somebody is filling in what would be replaced.
let soon = null;
function refreshSoon() {
  clearTimeout(soon);
  soon = setTimeout(refresh, 400);
}

async function refresh() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = parser.parseFromString(await answer.text(), "text/html");
  for (const id of ["now", "said", "happened"]) {
    const old = document.getElementById(id), latest = fresh.getElementById(id);
    if (!old || !latest || isInUse(old)) continue;
    const open = new Set([...old.querySelectorAll("details[open]")].map((each) => each.querySelector("summary").textContent));
    for (const each of latest.querySelectorAll("details")) each.open ||= open.has(each.querySelector("summary").textContent);
    for (const each of latest.querySelectorAll("[id^=entry-]")) if (!old.querySelector(`#${each.id}`) || old.querySelector(`#${each.id}.is-new`)) each.classList.add("is-new");
    if (id === "now") old.replaceChildren(...latest.childNodes);
    else old.replaceChildren(...latest.children);
  }
  watchUnread();
}

function isInUse(part) {
  if (part.contains(document.activeElement) && document.activeElement !== document.body) return true;
  return [...part.querySelectorAll("textarea, input[type=file], input[type=text]")].some((each) => each.value !== each.defaultValue);
}

// A message of ours that has been in view for a while has been opened.
function watchUnread() {
  for (const form of document.querySelectorAll("form[data-read]")) {
    if (form.dataset.watched) continue;
    form.dataset.watched = "yes";
    let seen = null;
    new IntersectionObserver(([at], observer) => {
      clearTimeout(seen);
      if (!at.isIntersecting) return;
      seen = setTimeout(() => { observer.disconnect(); read(form); }, 2500);
    }, { threshold: 1 }).observe(form);
  }
}

async function read(form) {
  if (!form.isConnected) return;
  const headers = { "Content-Type": "application/json", "Idempotency-Key": form.elements.key.value, "Julelys-CSRF": form.elements.csrf.value };
  await fetch(form.dataset.read, { method: "POST", headers, body: "{}" }).catch(() => null);
}

watchUnread();
