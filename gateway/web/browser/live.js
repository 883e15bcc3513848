// What changes while one looks at it is asked for again, and put in the place of what stood there.

// A stream is open while the page is looked at: a browser has few connections, and many tabs.
export function follow(address, position, concerns, again) {
  let seen = position;
  let wanted = position;
  let isAsking = false;
  let stream = null;

  async function refresh() {
    if (isAsking) return;
    isAsking = true;
    while (wanted > seen) {
      const upTo = wanted;
      try {
        await again(upTo);
        seen = Math.max(seen, upTo);
      } catch {
        break; // The next change asks again, and so does the next time that the stream is opened.
      }
    }
    isAsking = false;
  }

  function open() {
    if (stream || document.hidden) return;
    let isFirst = true;
    stream = new EventSource(address);
    stream.addEventListener("open", () => { isFirst = true; });
    stream.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      // What nobody listened to is not named: look again if the log has moved on meanwhile.
      if (isFirst ? told.position > seen : told.cases.some(concerns)) {
        wanted = Math.max(wanted, told.position);
        refresh();
      }
      isFirst = false;
    });
  }

  function close() {
    if (stream) stream.close();
    stream = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
}

// This very page as it is once all up to a position is shown.
export async function page(position) {
  const address = new URL(location.href);
  address.searchParams.set("position", position);
  address.hash = "";
  const answer = await fetch(address, { headers: { accept: "text/html" }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
