// Whoever signs out leaves nothing in this browser: what is typed goes to the server first, then its copies here go.
"use strict";

(() => {
  const WAIT_MS = 2_000; // for a server that is slow; the copy here goes all the same
  const KEPT = ["balie.draft.", "balie.unsent."];

  function forget() {
    try {
      for (const name of Object.keys(localStorage)) {
        if (KEPT.some((beginning) => name.startsWith(beginning))) localStorage.removeItem(name);
      }
    } catch {
      // nothing is kept here
    }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const address = new URL(form.getAttribute("action") ?? "", location.href);
    if (event.defaultPrevented || address.pathname !== "/accounts/logout/") return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("balie:leaving"));
    await Promise.race([window.balie?.drafts?.settled(), new Promise((over) => { setTimeout(over, WAIT_MS); })]);
    forget();
    form.submit();
  });
})();
