// The agency's desk: the open conversation takes its client's colour, filters act as soon as they are chosen, and when
// a client lets somebody in or out, the open page follows at once.
"use strict";

(() => {
  const inbox = document.querySelector("#inbox.desk");
  if (!inbox) return;

  const HUE = /^hue-\d+$/;

  function hueOf(company) {
    return document.querySelector(`[data-client="${CSS.escape(company)}"]`)?.dataset.hue;
  }

  // whose conversation is open, from the address of its thread
  function dye() {
    const url = document.getElementById("thread")?.dataset.url ?? "";
    const hue = hueOf(url.match(/\/desk\/([0-9a-f-]{36})\//)?.[1] ?? "none");
    for (const pane of [document.getElementById("thread-pane"), document.getElementById("contact-pane")]) {
      for (const name of [...pane.classList]) if (HUE.test(name)) pane.classList.remove(name);
      if (hue) pane.classList.add(`hue-${hue}`);
    }
  }

  // the clients of the page as they are now; a conversation that is no longer hers leaves the screen
  async function follow() {
    const thread = document.getElementById("thread")?.dataset.url;
    const there = thread && (await balie.request(`${thread}news/?since=now`));
    if (there && (there.status === 404 || there.status === 403)) return location.replace(inbox.dataset.deskUrl);
    const response = await fetch(inbox.dataset.deskUrl + location.search, { credentials: "same-origin" }).catch(() => null);
    if (!response || response.redirected) return;
    if (!response.ok) return location.replace(inbox.dataset.deskUrl);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const place of ["#views", ".desk-filters"]) {
      const [now, next] = [document.querySelector(place), fresh.querySelector(place)];
      if (now && next) now.replaceChildren(...next.childNodes);
    }
    balie.live.refresh();
  }

  document.body.addEventListener("balie:access", follow);
  document.addEventListener("balie:opened", dye);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
})();
