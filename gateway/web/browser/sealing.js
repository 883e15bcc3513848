// Sealing a bid in its bidder's browser, and opening shares in a member's: as services/bidding does
// it, byte by byte. Neither a bid nor a whole key ever leaves a browser before the opening.
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { split } from "shamir-secret-sharing";

const FORM = "julelys.bid.v1";
const SMALLEST = 64 * 1024;
const NONCE_BYTES = 12;
const KEY_BYTES = 32;
const PASSWORD_ROUNDS = 1_000_000;
const KEY_FILE = "julelys.key.v1";

const text = new TextEncoder();
const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm(),
});

/** What cannot be opened; `code` is as the server names it. */
export class CannotOpen extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** `committee` is {threshold, keys: {member: hex}}; binding {tender, lot, bidder, version}. */
export async function seal(contents, binding, committee) {
  const bound = { ...binding, committee: await committeeDigest(committee) };
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const how = { name: "AES-GCM", iv: nonce, additionalData: data(bound, "contents") };
  const sealed = await crypto.subtle.encrypt(how, aes, packed(contents));
  const members = Object.keys(committee.keys).sort();
  const parts = await split(key, members.length, committee.threshold);
  const shares = [];
  for (const [place, member] of members.entries()) {
    shares.push(await sealedShare(parts[place], member, committee.keys[member], bound));
  }
  const commitment = await commitmentTo("key", key, bound);
  parts.forEach((part) => part.fill(0));
  key.fill(0);
  return { sealed: joined(nonce, new Uint8Array(sealed)), commitment, shares };
}

/** A share that its member alone can read. */
export async function sealedShare(share, member, publicKey, bound) {
  const raw = bytes(publicKey);
  const recipientPublicKey = await suite.kem.deserializePublicKey(raw);
  const info = data(bound, `share of ${member}`);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, share);
  return {
    member,
    key_id: (await digest(raw)).slice(0, 16),
    place: share[share.length - 1],
    commitment: await commitmentTo(`share of ${member}`, share, bound),
    sealed: hex(joined(new Uint8Array(enc), new Uint8Array(ct))),
  };
}

/** As a member does it; `keys` is what `readKeyFile` or `makeKeys` gives. */
export async function openShare(share, keys, bound) {
  const sealed = bytes(share.sealed);
  const info = data(bound, `share of ${share.member}`);
  let opened;
  try {
    const with_ = { recipientKey: keys.privateKey, enc: sealed.slice(0, KEY_BYTES), info };
    opened = new Uint8Array(await suite.open(with_, sealed.slice(KEY_BYTES)));
  } catch {
    throw new CannotOpen("share-foreign");
  }
  if (await commitmentTo(`share of ${share.member}`, opened, bound) !== share.commitment) {
    throw new CannotOpen("share-corrupted");
  }
  return opened;
}

/** Anything for one member's eyes, bound to a bid and to what it is for; hexadecimal. */
export async function sealTo(content, publicKey, bound, purpose) {
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(publicKey));
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: data(bound, purpose) }, content);
  return hex(joined(new Uint8Array(enc), new Uint8Array(ct)));
}

/** What `sealTo` has sealed to whoever has these keys. */
export async function openFrom(written, keys, bound, purpose) {
  const sealed = bytes(written);
  const how = { recipientKey: keys.privateKey, enc: sealed.slice(0, KEY_BYTES), info: data(bound, purpose) };
  try {
    return new Uint8Array(await suite.open(how, sealed.slice(KEY_BYTES)));
  } catch {
    throw new CannotOpen("share-foreign");
  }
}

export async function committeeDigest(committee) {
  const members = Object.keys(committee.keys).sort();
  const lines = [`${FORM} committee`, String(committee.threshold)];
  return digest(text.encode(
    [...lines, ...members.map((member) => `${member} ${committee.keys[member]}`)].join("\n"),
  ));
}

/** A new key pair, and the file that a member keeps: useless without the password. */
export async function makeKeys(password) {
  const pair = await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"]);
  const publicKey = hex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  const secret = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await passwordKey(password, salt, PASSWORD_ROUNDS);
  const how = { name: "AES-GCM", iv: nonce, additionalData: text.encode(`${KEY_FILE} ${publicKey}`) };
  const sealed = hex(new Uint8Array(await crypto.subtle.encrypt(how, key, secret)));
  const file = {
    form: KEY_FILE, public_key: publicKey, rounds: PASSWORD_ROUNDS,
    salt: hex(salt), nonce: hex(nonce), sealed,
  };
  return { publicKey, privateKey: pair.privateKey, file: JSON.stringify(file, null, 2) };
}

/** The keys in a member's file; refused with a code of its own where file or password is wrong. */
export async function readKeyFile(content, password) {
  let file;
  try {
    file = JSON.parse(content);
  } catch {
    throw new CannotOpen("key-file-unreadable");
  }
  if (file?.form !== KEY_FILE) throw new CannotOpen("key-file-unreadable");
  const key = await passwordKey(password, bytes(file.salt), file.rounds);
  const additionalData = text.encode(`${KEY_FILE} ${file.public_key}`);
  let secret;
  try {
    const how = { name: "AES-GCM", iv: bytes(file.nonce), additionalData };
    secret = await crypto.subtle.decrypt(how, key, bytes(file.sealed));
  } catch {
    throw new CannotOpen("password-wrong");
  }
  const privateKey = await crypto.subtle.importKey(
    "pkcs8", secret, { name: "X25519" }, false, ["deriveBits"],
  );
  return { publicKey: file.public_key, privateKey };
}

async function passwordKey(password, salt, iterations) {
  const from = await crypto.subtle.importKey(
    "raw", text.encode(password.normalize("NFC")), "PBKDF2", false, ["deriveKey"],
  );
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(
    how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"],
  );
}

/** `contents` is {price_minor, files: [{name, type, content: Uint8Array}]}. */
export function packed(contents) {
  const files = contents.files.map(({ name, type, content }) => ({ name, type, size: content.length }));
  const list = text.encode(JSON.stringify({ price_minor: contents.price_minor, files }));
  const head = new Uint8Array(8);
  head.set(text.encode("JLB1"));
  new DataView(head.buffer).setUint32(4, list.length);
  const plain = joined(head, list, ...contents.files.map((each) => each.content));
  return joined(plain, new Uint8Array(paddedSize(plain.length) - plain.length));
}

export function paddedSize(size) {
  if (size <= SMALLEST) return SMALLEST;
  const exponent = Math.floor(Math.log2(size));
  const kept = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(size / step) * step;
}

function data(bound, purpose) {
  const { tender, lot, bidder, version, committee } = bound;
  return text.encode([FORM, purpose, tender, lot, bidder, String(version), committee].join("\n"));
}

function commitmentTo(what, secret, bound) {
  return digest(joined(data(bound, `commitment to ${what}`), text.encode("\n"), secret));
}

async function digest(content) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", content)));
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function hex(content) {
  return Array.from(content, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function bytes(written) {
  return Uint8Array.from(written.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The file of a sealed bid, to be sent or kept: as services/bidding/bid_file.py writes it. */
export async function bidFile(binding, committee, made) {
  const { tender, lot, bidder, version } = binding;
  const { commitment, shares } = made;
  const digestOf = await committeeDigest(committee);
  const text_ = text.encode(JSON.stringify(
    { tender, lot, bidder, version, committee: digestOf, commitment, shares },
  ));
  const head = new Uint8Array(8);
  head.set(text.encode("JLSB"));
  new DataView(head.buffer).setUint32(4, text_.length);
  return joined(head, text_, made.sealed);
}
