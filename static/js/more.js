// The end of a list fetches what follows. What did not come is asked for again: twice by itself, when the connection is
// back, and when somebody presses the button that then stands there.
"use strict";

(() => {
  const RETRY_MS = 2_000; // then twice as long
  const RETRIES = 2;

  function show(more, failed) {
    more.querySelector(".skeleton").hidden = failed;
    more.querySelector("[data-more-again]").hidden = !failed;
  }

  function again(more) {
    if (!more.isConnected || !("failed" in more.dataset)) return;
    delete more.dataset.failed;
    show(more, false);
    htmx.trigger(more, "again");
  }

  function failed(event) {
    const more = event.detail.elt;
    if (!more?.matches?.("[data-more]")) return;
    const tries = Number(more.dataset.tries ?? 0);
    more.dataset.tries = tries + 1;
    more.dataset.failed = "";
    if (tries < RETRIES) setTimeout(again, RETRY_MS * 2 ** tries, more);
    else show(more, true);
  }

  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.body.addEventListener(name, failed);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-more-again]");
    if (button) again(button.closest("[data-more]"));
  });
  document.addEventListener("balie:live", (event) => {
    if (event.detail === "live") document.querySelectorAll("[data-more][data-failed]").forEach(again);
  });
})();
