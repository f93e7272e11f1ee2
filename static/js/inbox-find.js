// Finds words in the open thread: the server looks through all of it, the page goes from hit to hit.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const WAIT_MS = 250;
  const bar = () => document.getElementById("thread-find");
  const field = () => bar()?.querySelector("input");
  let found = { ids: [], more: false };
  let at = -1;
  let asked = 0;
  let timer = 0;

  function open() {
    if (!bar()) return;
    bar().hidden = false;
    field().focus();
    field().select();
  }

  function close() {
    if (!bar() || bar().hidden) return;
    bar().hidden = true;
    found = { ids: [], more: false };
    at = -1;
    asked += 1;
    paint();
    balie.thread.scroller().focus({ preventScroll: true });
  }

  async function look() {
    const words = field().value.trim();
    const mine = ++asked;
    if (words.length < 2) {
      found = { ids: [], more: false };
      return tell();
    }
    const response = await balie.request(`${balie.thread.thread().dataset.url}find/?${new URLSearchParams({ q: words })}`);
    if (!response?.ok || mine !== asked) return;
    found = await response.json();
    at = -1;
    if (found.ids.length) await step(1);
    else tell();
  }

  async function step(by) {
    if (!found.ids.length) return look();
    at = (at + by + found.ids.length) % found.ids.length;
    tell();
    await balie.places.go(found.ids[at]);
    paint();
  }

  function tell() {
    const out = bar().querySelector("[data-find-count]");
    const words = field().value.trim();
    if (words.length < 2) out.textContent = "";
    else if (!found.ids.length) out.textContent = out.dataset.none;
    else {
      const line = found.more ? out.dataset.more : out.dataset.of;
      out.textContent = line.replace("{n}", String(at + 1)).replace("{all}", String(found.ids.length));
    }
    paint();
  }

  // marks the words where they stand, without touching what is shown
  function paint() {
    if (!window.Highlight || !CSS.highlights) return;
    CSS.highlights.delete("thread-find");
    const words = field()?.value.trim().toLowerCase();
    if (bar()?.hidden || !words || words.length < 2) return;
    const ranges = [];
    for (const id of found.ids) {
      const item = document.getElementById(`item-${id}`);
      if (!item) continue;
      const walker = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        if (!node.parentElement.closest(".bubble-text, .tile-media-name, .place")) continue;
        const text = node.data.toLowerCase();
        for (let from = text.indexOf(words); from >= 0; from = text.indexOf(words, from + words.length)) {
          if (from + words.length > node.length) break;
          const range = new Range();
          range.setStart(node, from);
          range.setEnd(node, from + words.length);
          ranges.push(range);
        }
      }
    }
    if (ranges.length) CSS.highlights.set("thread-find", new Highlight(...ranges));
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-find-open]")) open();
    if (on("[data-find-close]")) close();
    if (on("[data-find-step]")) step(Number(on("[data-find-step]").dataset.findStep));
  });
  document.addEventListener("input", (event) => {
    if (event.target !== field()) return;
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });
  document.addEventListener("submit", (event) => { if (event.target === bar()) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    const inBar = event.target === field();
    const wants = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "f";
    if (wants && bar() && !inBar && !document.querySelector("dialog[open]")) { // once more leads to the browser's own
      event.preventDefault();
      return open();
    }
    if (!inBar || event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key === "Enter" || event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const later = event.key === "ArrowDown" || (event.key === "Enter" && event.shiftKey);
      step(later ? -1 : 1);
    }
  }, true);
  document.addEventListener("balie:paged", paint);
  document.addEventListener("balie:added", paint);
  document.addEventListener("balie:leaving", () => { found = { ids: [], more: false }; at = -1; asked += 1; });
})();
