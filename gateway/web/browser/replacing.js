// Giving a new member a share of a key that nobody puts together for it: as
// services/bidding/replacing.py does it, byte by byte.
const logarithms = new Uint8Array(256), powers = new Uint8Array(255);
for (let exponent = 0, number = 1; exponent < 255; exponent++) {
  powers[exponent] = number;
  logarithms[number] = exponent;
  const doubled = (number << 1) ^ (number & 0x80 ? 0x11b : 0);
  number = doubled ^ number;
}

function times(one, other) {
  return one && other ? powers[(logarithms[one] + logarithms[other]) % 255] : 0;
}

function inverse(number) {
  return powers[(255 - logarithms[number]) % 255];
}

/** What a share's values are multiplied by to give the polynomial's value at `target`. */
function weightAt(target, place, places) {
  const others = places.filter((each) => each !== place);
  const above = others.reduce((product, each) => times(product, target ^ each), 1);
  const below = others.reduce((product, each) => times(product, place ^ each), 1);
  return times(above, inverse(below));
}

/** What a helper adds to the new member's share, without the place. */
export function contribution(share, helpers, newPlace) {
  const place = share[share.length - 1];
  const places = new Set([...helpers, newPlace]);
  if (places.size !== helpers.length + 1 || !helpers.includes(place) || places.has(0)) {
    throw new Error("share-malformed");
  }
  const weight = weightAt(newPlace, place, helpers);
  return share.slice(0, -1).map((value) => times(weight, value));
}

/** So many random pieces whose sum is the value; any fewer of them tell nothing. */
export function cut(value, count) {
  const pieces = [];
  for (let number = 1; number < count; number++) {
    pieces.push(crypto.getRandomValues(new Uint8Array(value.length)));
  }
  return [...pieces, added([value, ...pieces])];
}

/** The sum: in this field, the exclusive or. */
export function added(pieces) {
  return pieces[0].map((_, at) => pieces.reduce((sum, piece) => sum ^ piece[at], 0));
}

export function newShare(sums, newPlace) {
  const values = added(sums);
  const share = new Uint8Array(values.length + 1);
  share.set(values);
  share[values.length] = newPlace;
  return share;
}
