// The agency's desk: the open conversation takes its client's colour, and filters act as soon as they are chosen.
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

  document.addEventListener("balie:opened", dye);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
})();
