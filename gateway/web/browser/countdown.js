// How long there is left of a deadline, by the server's clock: the visitor's may be wrong.
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = [["day", DAY], ["hour", HOUR], ["minute", MINUTE], ["second", SECOND]];

const loaded = Date.now();
for (const place of document.querySelectorAll("[data-closes]")) show(place);

function show(place) {
  const now = Date.parse(place.dataset.now) + (Date.now() - loaded);
  const left = Date.parse(place.dataset.closes) - now;
  if (left <= 0) {
    place.textContent = place.dataset.over;
    return;
  }
  place.textContent = place.dataset.left.replace("{left}", inWords(left));
  // Seconds are told in the last hour alone.
  setTimeout(show, left < HOUR + MINUTE ? SECOND : MINUTE, place);
}

/** The two largest units that there is a whole one of: 2 days 3 hours. */
function inWords(left) {
  const first = UNITS.findIndex(([, size]) => left >= size);
  if (first < 0) return said("second", 1);
  return UNITS.slice(first, first + 2).map(([unit, size], place) => {
    const whole = Math.floor((place ? left % UNITS[first][1] : left) / size);
    return whole ? said(unit, whole) : "";
  }).filter(Boolean).join(" ");
}

function said(unit, number) {
  const how = { style: "unit", unit, unitDisplay: "long" };
  return new Intl.NumberFormat(document.documentElement.lang, how).format(number);
}
