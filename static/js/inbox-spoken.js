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

  document.addEventListener("balie:added", (event) => {
    const came = event.detail.items.filter((item) => item.dataset.direction === "in");
    if (!came.length) return;
    const told = came.length > MOST ? line.dataset.many.replace("{n}", came.length) : `${line.dataset.one} ${came.map(words).join(". ")}`;
    line.textContent = told;
    clearTimeout(clearing);
    clearing = setTimeout(() => { line.textContent = ""; }, KEEP_MS);
  });
})();
