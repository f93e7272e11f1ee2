// Says new messages, and what became of a conversation, to screen readers, each once and politely. The list itself is
// silent: every tick replaces a line of it.
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

  // whose it is and whether it rests, when a key or a colleague changed it
  const STANDING = [".thread-facts > .chip:not([data-group])", ".thread-hold > p > span"];
  const standing = (head) => STANDING.map((part) => head.querySelector(part)?.textContent.replace(/\s+/g, " ").trim() ?? "");

  document.addEventListener("balie:head", ({ detail: { old, fresh } }) => {
    const before = standing(old);
    const changed = standing(fresh).filter((words, index) => words && words !== before[index]);
    if (changed.length) say(changed.join(". "));
  });

  // a bar that was hidden says nothing by itself when it appears
  document.addEventListener("balie:live", ({ detail }) => {
    if (detail !== "offline" && detail !== "signed-out") return;
    const words = document.querySelector(`#live-bar [data-say="${detail}"]`)?.textContent;
    if (words) say(words.replace(/\s+/g, " ").trim());
  });

  document.addEventListener("balie:added", (event) => {
    const came = event.detail.items.filter((item) => item.dataset.direction === "in");
    if (!came.length) return;
    say(came.length > MOST ? line.dataset.many.replace("{n}", came.length) : `${line.dataset.one} ${came.map(words).join(". ")}`);
  });

  balie.say = say;
})();
