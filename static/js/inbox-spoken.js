// Says new messages to screen readers, each once and politely. The list itself is silent: every tick replaces a line of it.
"use strict";

(() => {
  const line = document.getElementById("spoken");
  if (!line) return;

  const MOST = 3;
  const MAX_CHARS = 300;
  const KEEP_MS = 10_000;
  let clearing = 0;

  function words(item) {
    const text = item.querySelector(".bubble-text")?.textContent ?? item.querySelector(".bubble-body")?.textContent ?? "";
    return text.replace(/\s+/g, " ").trim().slice(0, MAX_CHARS);
  }

  function say(words) {
    line.textContent = words;
    clearTimeout(clearing);
    clearing = setTimeout(() => { line.textContent = ""; }, KEEP_MS);
  }

  // what opened by itself; who walks along the rows has heard the row
  document.addEventListener("balie:opened", () => {
    const title = document.getElementById("thread")?.dataset.title;
    if (title && !document.activeElement?.closest(".queue-row, .own-strip")) say(line.dataset.opened.replace("{name}", title));
  });

  document.addEventListener("balie:added", (event) => {
    const came = event.detail.items.filter((item) => item.dataset.direction === "in");
    if (!came.length) return;
    say(came.length > MOST ? line.dataset.many.replace("{n}", came.length) : `${line.dataset.one} ${came.map(words).join(". ")}`);
  });
})();
