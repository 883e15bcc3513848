// What a member does with their own key, which leaves this browser in its sealed file alone.
import { added, contribution, cut, newShare } from "./replacing.js";
import { hex, makeKeys, openFrom, openShare, readKeyFile, sealTo, sealedShare } from "./sealing.js";

const room = document.getElementById("committee");
const LEAST_SIGNS = 12;
// Where the log stood after what was sent last: the page that is shown next waits for it.
let reached = null;

class Said extends Error {}

on("make-key", async (form) => {
  if (form.password.value.length < LEAST_SIGNS) throw new Said(room.dataset.short);
  if (form.password.value !== form.again.value) throw new Said(room.dataset.differ);
  const { file, publicKey } = await makeKeys(form.password.value);
  form.reset();
  save(file, `julelys-${room.dataset.tender.slice(0, 8)}-${publicKey.slice(0, 8)}.json`);
});

on("register-key", async (form) => {
  const keys = await keysOf(form);
  await send("/committee/key", { public_key: keys.publicKey });
  again();
});

on("rehearse", async (form) => {
  const keys = await keysOf(form);
  const answer = await fetch(`${room.dataset.api}/committees/${room.dataset.tender}/trial`);
  const trial = await answer.json();
  if (!answer.ok) throw new Said(`${trial.title}. ${trial.detail}`);
  const opened = await openShare(trial.share, keys, trial.binding);
  await send("/committee/rehearsals", { trial: trial.trial, opened: hex(opened) });
  again();
});

on("give", async (form) => {
  const keys = await keysOf(form);
  const { shares } = JSON.parse(form.querySelector(".shares").textContent);
  const given = [];
  for (const each of shares) {
    given.push({ bid: each.bid, share: hex(await openShare(each.share, keys, each.binding)) });
  }
  await send(`/sittings/${form.dataset.sitting}/shares`, { shares: given });
  again();
});

on("take-place", async (form) => {
  const keys = await keysOf(form);
  const helpers = [...form.querySelectorAll("[name=helper]:checked")].map((each) => each.value);
  if (helpers.length !== Number(form.dataset.threshold)) throw new Said(form.dataset.helpers);
  await send("/replacements", { member: form.member.value, public_key: keys.publicKey, helpers });
  again();
});

for (const form of document.querySelectorAll("form.replacement")) {
  listen(form, async () => {
    const keys = await keysOf(form);
    const told = JSON.parse(form.querySelector(".told").textContent);
    await replace(told, keys);
    again();
  });
}

async function replace({ replacement, shares, members }, keys) {
  const me = room.dataset.me, path = `/replacements/${replacement.replacement}`;
  const { helpers } = replacement;
  if (me === replacement.new_member) {
    const made = await together(replacement, shares, keys, me);
    return send(`${path}/complete`, { shares: made });
  }
  const keyOf = Object.fromEntries(members.map((each) => [each.member, each.public_key]));
  if (!helpers.every((each) => replacement.sent_by.includes(each)) || !replacement.pieces.length) {
    for (const [receiver, pieces] of await piecesFor(replacement, shares, keys, me, keyOf)) {
      await send(`${path}/pieces`, { receiver, pieces });
    }
    return null;
  }
  const sums = [];
  for (const { bid, binding } of shares) {
    const pieces = await received(replacement, bid, binding, keys, "piece");
    const purpose = `sum of ${replacement.replacement} from ${me}`;
    sums.push({ bid, sealed: await sealTo(added(pieces), replacement.public_key, binding, purpose) });
  }
  return send(`${path}/pieces`, { receiver: replacement.new_member, pieces: sums });
}

async function piecesFor(replacement, shares, keys, me, keyOf) {
  const { helpers } = replacement;
  const found = new Map(helpers.map((helper) => [helper, []]));
  for (const { bid, binding, places, new_place, share } of shares) {
    const own = await openShare(share, keys, binding);
    const value = contribution(own, helpers.map((each) => places[each]), new_place);
    const pieces = cut(value, helpers.length);
    for (const [at, helper] of helpers.entries()) {
      const purpose = `piece of ${replacement.replacement} from ${me}`;
      found.get(helper).push({ bid, sealed: await sealTo(pieces[at], keyOf[helper], binding, purpose) });
    }
  }
  return found;
}

async function together(replacement, shares, keys, me) {
  const made = [];
  for (const { bid, binding, new_place } of shares) {
    const sums = await received(replacement, bid, binding, keys, "sum");
    const share = await sealedShare(newShare(sums, new_place), me, keys.publicKey, binding);
    made.push({ bid, place: share.place, commitment: share.commitment, sealed: share.sealed });
  }
  return made;
}

async function received(replacement, bid, binding, keys, kind) {
  const found = [];
  for (const { helper, pieces } of replacement.pieces) {
    const piece = pieces.find((each) => each.bid === bid);
    found.push(await openFrom(piece.sealed, keys, binding, `${kind} of ${replacement.replacement} from ${helper}`));
  }
  return found;
}

async function keysOf(form) {
  const [file] = form.file.files, password = form.password.value;
  if (!file || !password) throw new Said(room.dataset.missing);
  const keys = await readKeyFile(await file.text(), password);
  form.password.value = "";
  return keys;
}

async function send(below, body) {
  const answer = await fetch(`${room.dataset.api}/tenders/${room.dataset.tender}${below}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID(), "Julelys-CSRF": room.dataset.csrf },
    body: JSON.stringify(body),
  });
  if (answer.ok) {
    reached = answer.headers.get("Julelys-Position") ?? reached;
    return answer;
  }
  const told = await answer.json();
  throw new Said(`${told.title}. ${told.detail}`);
}

function on(id, act) {
  const form = document.getElementById(id);
  if (form) listen(form, () => act(form));
}

function listen(form, act) {
  const state = form.querySelector(".act-state"), button = form.querySelector("button[type=submit]");
  // Before this, a form would be sent by the browser itself, with the password in its address.
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    state.textContent = room.dataset.working;
    button.disabled = true;
    try {
      await act();
      state.textContent = "";
    } catch (error) {
      const words = Object.assign(document.createElement("span"), { className: "form-error-message", textContent: wordsOf(error) });
      state.replaceChildren(words);
    }
    button.disabled = false;
  });
}

function wordsOf(error) {
  // A browser without the curve that keys are made on (Web Cryptography, X25519).
  if (error.name === "NotSupportedError") return room.dataset.unable;
  const known = { "password-wrong": room.dataset.wrong, "key-file-unreadable": room.dataset.unreadable, "share-foreign": room.dataset.foreign, "share-corrupted": room.dataset.foreign };
  return error instanceof Said ? error.message : known[error.code] ?? room.dataset.failed;
}

function again() {
  location.assign(reached ? `${room.dataset.here}?position=${reached}` : room.dataset.here);
}

function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
