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

  const contact = () => document.getElementById("contact-pane");
  const views = () => document.getElementById("views");

  // who came by keys goes along: into what opens, and back to the messages when it closes
  function toggleContact({ focus = false } = {}) {
    if (narrow()) {
      if (inbox.dataset.pane === "contact") return back();
      inbox.dataset.pane = "contact";
      history.pushState({ balie: true, pane: "contact" }, "", location.href);
    } else if (folded()) {
      contact().dataset.drawer = contact().dataset.drawer === "shown" ? "" : "shown";
    } else {
      inbox.dataset.contact = inbox.dataset.contact === "open" ? "closed" : "open";
      inbox.dataset.contactKept = "yes";
    }
    const shown = getComputedStyle(contact()).visibility === "visible";
    if (shown && focus) contact().focus({ preventScroll: true });
    if (!shown && contact().contains(document.activeElement)) document.getElementById("thread-scroll")?.focus({ preventScroll: true });
  }

  function toggleViews(shown = views().dataset.drawer !== "shown") {
    const button = document.querySelector("#queue-pane [data-toggle-views]");
    if (shown) views().dataset.drawer = "shown";
    else delete views().dataset.drawer;
    button?.setAttribute("aria-expanded", String(shown));
    if (shown) (views().querySelector("[aria-current]") ?? views().querySelector("a"))?.focus();
    else if (views().contains(document.activeElement)) button?.focus();
  }

  // gives whether there was anything to close
  function closeDrawers() {
    const before = views().dataset.drawer === "shown";
    if (before) toggleViews(false);
    const beside = folded() && !narrow() && contact().dataset.drawer === "shown";
    if (beside) toggleContact();
    return before || beside;
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

  // a form of the contact that was sent is drawn anew, and whoever was in it stays beside it; nobody else is called there
  let beside = false;
  document.body.addEventListener("htmx:beforeSwap", () => { beside = contact().contains(document.activeElement); });
  document.body.addEventListener("htmx:afterSettle", () => {
    if (beside && document.activeElement === document.body) contact().focus({ preventScroll: true });
  });

  // the row that a dialog was opened from may have been drawn anew under it
  document.addEventListener("close", (event) => {
    if (event.target.matches?.("dialog") && document.activeElement === document.body) focusRow();
  }, true);

  document.addEventListener("htmx:pushedIntoHistory", () => { if (!THREAD.test(location.pathname)) queueAt = place(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toggle-contact]")) toggleContact({ focus: event.detail === 0 });
    if (event.target.closest("[data-toggle-views]")) toggleViews();
    else if (views().dataset.drawer === "shown") toggleViews(false);
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

  balie.panes = { toggleContact, closeDrawers, back };
})();
