// A small picker of emoji: found by name, those used last first, walked through by arrow keys.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const MOST_RECENT = 16;
  const RECENT = "balie.emoji";
  let picker = null;
  let button = null;

  const field = () => button?.closest("form")?.querySelector("textarea.composer-field");
  const shown = () => [...picker.querySelectorAll(".emoji")].filter((each) => each.checkVisibility());

  function recent() {
    try {
      return JSON.parse(localStorage.getItem(RECENT)) ?? [];
    } catch {
      return [];
    }
  }

  function keep(sign) {
    try {
      localStorage.setItem(RECENT, JSON.stringify([sign, ...recent().filter((each) => each !== sign)].slice(0, MOST_RECENT)));
    } catch {
      // no room or not allowed: the order stays as it is
    }
  }

  async function open(by) {
    if (picker) return close();
    button = by;
    const response = await balie.request(balie.composer.node().dataset.emojiUrl);
    if (!response?.ok || !by.isConnected) return balie.composer.toast(balie.composer.text(response ? "refused" : "offline"));
    picker = document.createElement("div");
    picker.className = "emoji-picker";
    picker.setAttribute("role", "dialog");
    picker.setAttribute("aria-label", by.title);
    picker.append(balie.thread.parse(await response.text()));
    by.closest(".composer-box").append(picker);
    by.setAttribute("aria-expanded", "true");
    lately();
    picker.querySelector("[data-emoji-search]").focus();
  }

  function lately() {
    const section = picker.querySelector("[data-emoji-recent]");
    const copies = recent().map((sign) => picker.querySelector(`.emoji[data-sign="${CSS.escape(sign)}"]`)?.cloneNode(true)).filter(Boolean);
    section.querySelector(".emoji-grid").replaceChildren(...copies);
    section.hidden = !copies.length;
  }

  function close({ focus = true } = {}) {
    picker?.remove();
    picker = null;
    button?.setAttribute("aria-expanded", "false");
    if (focus) field()?.focus();
  }

  function filter(words) {
    const wanted = words.toLowerCase().trim().split(/\s+/).filter(Boolean);
    for (const section of picker.querySelectorAll("section")) {
      let any = false;
      for (const each of section.querySelectorAll(".emoji")) {
        each.hidden = !wanted.every((word) => each.dataset.names.includes(word));
        any ||= !each.hidden;
      }
      section.hidden = !any || ("emojiRecent" in section.dataset && wanted.length > 0);
    }
    picker.querySelector("[data-emoji-none]").hidden = shown().length > 0;
  }

  function put(sign) {
    const area = field();
    keep(sign);
    close();
    if (!area) return;
    area.setRangeText(sign, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // the signs stand in rows: up and down go to the nearest one of the next row
  function walk(event) {
    const listed = shown();
    const here = document.activeElement;
    const at = listed.indexOf(here);
    if (at < 0) {
      if (event.key !== "ArrowDown" || !listed.length) return;
      event.preventDefault();
      return listed[0].focus();
    }
    const box = here.getBoundingClientRect();
    const row = (down) => listed
      .filter((each) => (down ? each.getBoundingClientRect().top > box.top + 2 : each.getBoundingClientRect().top < box.top - 2))
      .sort((a, b) => distance(a, box) - distance(b, box))[0];
    const to = { ArrowRight: listed[at + 1], ArrowLeft: listed[at - 1], ArrowDown: row(true), ArrowUp: row(false) ?? picker.querySelector("[data-emoji-search]") }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
  }

  const distance = (each, box) => {
    const there = each.getBoundingClientRect();
    return Math.abs(there.top - box.top) * 10 + Math.abs(there.left - box.left);
  };

  document.addEventListener("click", (event) => {
    const opens = event.target.closest("[data-emoji-open]");
    if (opens) return open(opens);
    const sign = event.target.closest(".emoji-picker .emoji");
    if (sign) return put(sign.dataset.sign);
    if (picker && !event.target.closest(".emoji-picker")) close({ focus: false });
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-emoji-search]")) filter(event.target.value);
  });
  document.addEventListener("keydown", (event) => {
    if (!picker?.contains(event.target)) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      return close();
    }
    if (event.key === "Enter" && event.target.matches("[data-emoji-search]")) {
      event.preventDefault();
      const [first] = shown();
      if (first) put(first.dataset.sign);
      return;
    }
    walk(event);
  }, true);
  document.addEventListener("balie:leaving", () => close({ focus: false }));
})();
