// Small things on bubbles and lines of a thread: their times, copying, words that are put into the composer.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const LONG_PRESS_MS = 500;
  const COPIED_MS = 1500;
  let pressed = null;

  function times(bubble, shown) {
    const box = bubble.querySelector("[data-times-of]");
    if (!box) return;
    const opens = shown ?? box.hidden;
    for (const other of document.querySelectorAll("[data-times-of]:not([hidden])")) {
      other.hidden = true;
      other.closest(".bubble").querySelector("[data-times]").setAttribute("aria-expanded", "false");
    }
    box.hidden = !opens;
    bubble.querySelector("[data-times]").setAttribute("aria-expanded", String(opens));
    if (opens) box.scrollIntoView({ block: "nearest" });
  }

  async function copy(button, words = button.dataset.copies) {
    await balie.toClipboard(words, button);
    button.dataset.copied = balie.composer.text("copied");
    setTimeout(() => delete button.dataset.copied, COPIED_MS);
  }

  // one bubble with who wrote it and when, as it goes into a mail or a file
  function told(bubble) {
    const pieces = [...bubble.querySelectorAll(".bubble-body > .tile-media .tile-media-name, .bubble-text")].map((part) => part.innerText.trim());
    if (!pieces.length) pieces.push(bubble.querySelector(".bubble-body img")?.alt ?? bubble.querySelector(".bubble-body")?.innerText.trim() ?? "");
    return `[${bubble.dataset.when}] ${bubble.dataset.sender}: ${pieces.filter(Boolean).join("\n")}`;
  }

  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    const list = document.getElementById("thread-list");
    if (!list || selection.isCollapsed || !selection.rangeCount || event.target.closest?.("input, textarea")) return;
    const range = selection.getRangeAt(0);
    const bubbles = [...list.querySelectorAll(".bubble[data-when]")].filter((each) => range.intersectsNode(each.querySelector(".bubble-body")));
    if (bubbles.length < 2) return; // a part of one message is copied as it is
    event.clipboardData.setData("text/plain", bubbles.map(told).join("\n"));
    event.preventDefault();
  });

  function insert(words) {
    balie.composer.write("reply");
    const field = balie.composer.field();
    if (!field) return balie.composer.toast(balie.composer.text("noComposer"));
    if (!field.value.includes(words)) field.value = [field.value.trim(), words].filter(Boolean).join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-times]")) times(on(".bubble"));
    if (on("[data-copies]")) copy(on("[data-copies]"));
    if (on("[data-copy-bubble]")) copy(on("[data-copy-bubble]"), told(on(".bubble")));
    if (on("[data-insert]")) insert(on("[data-insert]").dataset.insert);
  });

  // a finger that rests on a bubble asks for its times; one that moves scrolls
  document.addEventListener("pointerdown", (event) => {
    const bubble = event.pointerType === "touch" && event.target.closest("#thread-list .bubble");
    if (bubble) pressed = setTimeout(() => times(bubble, true), LONG_PRESS_MS);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove", "scroll"]) {
    document.addEventListener(name, () => clearTimeout(pressed), true);
  }
})();
