// The panes: one at a time on a phone, where the gesture back leads from the contact to the thread and on to the queue.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const THREAD = /\/inbox\/[0-9a-f-]{36}\/$/;
  const thread = () => document.getElementById("thread");
  const narrow = () => matchMedia("(width < 760px)").matches;
  const folded = () => matchMedia("(width <= 1024px)").matches;
  const place = () => location.pathname + location.search;
  const base = inbox.dataset.queueUrl.replace(/queue\/$/, "");
  let queueAt = THREAD.test(location.pathname) ? base : place(); // the address of the queue that is shown

  function toggleContact() {
    const contact = document.getElementById("contact-pane");
    if (narrow()) {
      if (inbox.dataset.pane === "contact") return back();
      inbox.dataset.pane = "contact";
      history.pushState({ balie: true, pane: "contact" }, "", location.href);
    } else if (folded()) {
      contact.dataset.drawer = contact.dataset.drawer === "shown" ? "" : "shown";
    } else {
      inbox.dataset.contact = inbox.dataset.contact === "open" ? "closed" : "open";
      inbox.dataset.contactKept = "yes";
    }
  }

  const focusRow = () => document.querySelector(".queue-row[aria-current]")?.focus();

  function back() {
    if (!narrow()) return focusRow();
    if (history.state?.balie) return history.back();
    history.replaceState(null, "", queueAt); // the page began with the thread: nothing lies behind it
    showQueue();
  }

  // nobody looks at the thread any more, and nobody else is told so
  function showQueue() {
    document.dispatchEvent(new CustomEvent("balie:leaving"));
    inbox.dataset.pane = "queue";
    focusRow();
    document.getElementById("thread-pane").replaceChildren();
  }

  window.addEventListener("popstate", (event) => {
    if (THREAD.test(location.pathname)) {
      const here = thread() && location.pathname.includes(thread().dataset.id);
      if (!here) balie.open(location.href, { push: false });
      else if (narrow()) inbox.dataset.pane = event.state?.pane ?? "thread";
    } else if (narrow() && place() === queueAt) {
      showQueue();
    } else {
      location.reload();
    }
  });

  document.addEventListener("htmx:pushedIntoHistory", () => { if (!THREAD.test(location.pathname)) queueAt = place(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toggle-contact]")) toggleContact();
    if (!event.target.closest("[data-back]")) return;
    event.preventDefault();
    back();
  });

  // where the keyboard lies over the page instead of making it smaller, the composer stays above it
  function aboveKeyboard() {
    const seen = window.visualViewport;
    const covered = narrow() && seen.scale === 1 ? Math.max(0, window.innerHeight - seen.height) : 0;
    document.documentElement.style.setProperty("--keyboard", `${Math.round(covered)}px`);
    if (covered) window.scrollTo(0, 0);
  }
  window.visualViewport?.addEventListener("resize", aboveKeyboard);

  balie.panes = { toggleContact, back };
})();
