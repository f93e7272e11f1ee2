// The message that is chosen by keys: it has the focus, and single keys quote it, react, copy, open or remove it.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const bubbles = () => [...document.querySelectorAll("#thread-list > .bubble[data-key]")];
  const chosen = () => document.activeElement?.closest?.("#thread-list > .bubble[data-key]");

  // without one: the last that can be seen
  function step(by) {
    const all = bubbles();
    const view = balie.thread.scroller().getBoundingClientRect();
    const here = all.indexOf(chosen());
    const to = here >= 0 ? here + by : all.findLastIndex((each) => each.getBoundingClientRect().top < view.bottom);
    const next = all[Math.min(Math.max(to, 0), all.length - 1)];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  const press = (bubble, ...selectors) => {
    const button = selectors.map((selector) => bubble.querySelector(selector)).find(Boolean);
    button?.click();
    return Boolean(button);
  };

  // gives whether the key was one of the chosen message's own
  function key(event) {
    const bubble = chosen();
    if (!bubble) return false;
    const control = event.ctrlKey || event.metaKey;
    const name = event.key.toLowerCase();
    if (control && name === "c" && getSelection().isCollapsed) return press(bubble, "[data-copy-bubble]");
    if (control || (inbox.dataset.letterKeys === "off" && name.length === 1)) return false;
    if (event.key === "Enter" && event.target === bubble) {
      return press(bubble, "[data-again]", "[data-open-picture]", ".bubble-body a[href]", "[data-unfold]", "[data-times]");
    }
    if (event.key === "Delete") return press(bubble, "[data-remove]");
    if (name === "r" && !event.shiftKey) return press(bubble, "[data-quote]");
    if (name === "y") return press(bubble, "[data-react]");
    return false;
  }

  balie.message = { step, key };
})();
