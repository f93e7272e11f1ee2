// Danger and sensitive data: an alert on every open inbox of whoever leads, and the notice above the composer.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const alert = document.getElementById("danger-alert");

  document.body.addEventListener("balie:danger", ({ detail: ids }) => {
    if (!alert || !ids.length) return;
    const link = alert.querySelector("a");
    link.href = `${alert.dataset.base}${ids[0]}/`;
    alert.hidden = false;
  });

  alert?.querySelector("a").addEventListener("click", () => { alert.hidden = true; });

  // what is written in a field of the notice is not taken away by news
  async function renew(ids) {
    const shown = document.getElementById("guard-notice");
    if (!shown || (ids && !ids.includes(shown.dataset.id)) || shown.contains(document.activeElement)) return;
    const response = await balie.request(shown.dataset.url);
    const now = document.getElementById("guard-notice");
    if (!response?.ok || now !== shown) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("guard-notice");
    if (!fresh || fresh.innerHTML === shown.innerHTML) return;
    shown.replaceWith(fresh);
    htmx.process(fresh);
  }

  balie.live?.on(renew);
})();
