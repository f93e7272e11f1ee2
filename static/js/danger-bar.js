// Danger at the clients, over every page of the agency: looked for when the stream tells, and twice a minute anyway.
// What stands there is left alone until something else is in danger, so that a reader's voice does not say it twice.
"use strict";

(() => {
  const bar = document.getElementById("danger-bar");
  if (!bar) return;

  const EVERY_MS = 30_000;
  let asking = false;
  let again = false;

  const named = (place) => [...place.querySelectorAll("[data-danger-of]")].map((one) => one.dataset.dangerOf).join(" ");

  async function ask() {
    const response = await fetch(bar.dataset.url, { credentials: "same-origin", headers: { "HX-Request": "true" } });
    if (!response.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").body;
    if (named(fresh) !== named(bar)) bar.replaceChildren(...fresh.childNodes);
  }

  async function look() {
    again = true;
    if (asking) return;
    asking = true;
    while (again) {
      again = false;
      await ask().catch(() => {}); // no connection: the next look will tell
    }
    asking = false;
  }

  document.body.addEventListener("balie:dangers", look);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  setInterval(() => { if (!document.hidden) look(); }, EVERY_MS);
  look();
})();
