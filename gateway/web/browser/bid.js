// Sealing a bid on its bidder's own computer, and sending what nobody else can open.
import { bidFile, seal } from "./sealing.js";

const FILES_AT_MOST = 50;
const room = document.getElementById("bidding");
const form = document.getElementById("bid-form");

// Gone back to, the page would seal as a version that has been received.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
if (room && form && await canSeal()) begin(room, form);

/** Whether this browser has the curve that keys are made on (Web Cryptography, X25519). */
async function canSeal() {
  try {
    await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}

function begin(room, form) {
  const told = JSON.parse(document.getElementById("sealing").textContent);
  const state = document.getElementById("bid-state");
  const buttons = form.querySelectorAll("button");
  // Sealed once, so that a file that was saved is the one that is sent, and one that is sent again
  // after a lost answer is known by the server.
  let made = null;
  document.getElementById("cannot-seal").hidden = true;
  for (const button of buttons) button.disabled = false;
  form.addEventListener("input", () => { made = null; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    alone(async () => send(await sealedOnce()));
  });
  document.getElementById("save-sealed").addEventListener("click", () => alone(async () => {
    const { content, binding } = await sealedOnce();
    save(content, `bud-${binding.tender}-${binding.lot}-${binding.version}.jlsb`);
    state.textContent = "";
  }));

  /** One thing at a time; what keeps it is said. */
  async function alone(act) {
    for (const button of buttons) button.disabled = true;
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    try {
      await act();
    } catch (error) {
      say(error instanceof Wrong ? error.message : room.dataset.unsealed);
      error.field?.setAttribute("aria-invalid", "true");
      error.field?.focus();
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  async function sealedOnce() {
    if (made) return made;
    const price = priceOf(form.price);
    const chosen = chosenFiles(price);
    state.textContent = room.dataset.sealing;
    const files = [];
    for (const file of chosen) {
      files.push({ name: file.name, type: file.type, content: new Uint8Array(await file.arrayBuffer()) });
    }
    const lot = told.lots.find((each) => each.lot === form.lot.value);
    const binding = { tender: room.dataset.tender, lot: lot.lot, bidder: told.bidder, version: lot.next_version };
    const keys = Object.fromEntries(told.committee.members.map((each) => [each.member, each.public_key]));
    const committee = { threshold: told.committee.threshold, keys };
    const sealed = await seal({ price_minor: price, files }, binding, committee);
    const content = await bidFile(binding, committee, sealed);
    made = { content, binding, key: crypto.randomUUID() };
    return made;
  }

  function chosenFiles(price) {
    const chosen = [...form.files.files];
    if (chosen.length === 0 && price === null) throw new Wrong(room.dataset.empty, form.price);
    if (chosen.length > FILES_AT_MOST) throw new Wrong(room.dataset.tooMany, form.files);
    if (chosen.reduce((sum, file) => sum + file.size, 0) > Number(room.dataset.atMost)) {
      throw new Wrong(room.dataset.tooLarge, form.files);
    }
    return chosen;
  }

  function send({ content, key }) {
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    bar.setAttribute("aria-label", room.dataset.sending);
    state.replaceChildren(`${room.dataset.sending} `, bar);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", room.dataset.to);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.setRequestHeader("Idempotency-Key", key);
      request.setRequestHeader("Julelys-CSRF", form.csrf.value);
      request.upload.addEventListener("progress", (event) => { bar.value = (100 * event.loaded) / event.total; });
      request.addEventListener("loadend", () => {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { /* nothing was answered */ }
        if (request.status === 201) {
          location.assign(`${room.dataset.after}?position=${answer.position}#receipt-${answer.bid}`);
        } else {
          say(answer ? `${answer.title}. ${answer.detail}` : room.dataset.failed);
          done();
        }
      });
      request.send(content);
    });
  }

  function say(words) {
    state.replaceChildren(Object.assign(document.createElement("span"), { className: "form-error-message", textContent: words }));
  }

  /** Øre, of kroner as people write them: 1.250.000,50. */
  function priceOf(field) {
    const plain = field.value.replace(/[\s.\u00a0]/g, "").replace(",", ".");
    if (!plain) return null;
    if (!/^\d{1,13}(\.\d{1,2})?$/.test(plain)) throw new Wrong(room.dataset.price, field);
    const [kroner, oere = ""] = plain.split(".");
    return Number(kroner) * 100 + Number(oere.padEnd(2, "0"));
  }
}

/** What the bidder can mend; the words are the page's. */
class Wrong extends Error {
  constructor(words, field) {
    super(words);
    this.field = field;
  }
}

function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
