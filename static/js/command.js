// The command bar: Ctrl+K finds conversations, people, places and every action that has a key here.
"use strict";

(() => {
  const dialog = document.getElementById("command");
  if (!dialog) return;

  const input = dialog.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[role=status]");
  const DELAY_MS = 150;
  const acts = new WeakMap(); // row of the list to what it does
  let timer = 0;
  let asked = 0;

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const PRESSED = [
    ".rail-places a", ".rail-switcher a", ".rail-end .menu-items a", ".rail-end .menu-items button", "[data-command-place]",
    ".view-link", ".queue-title .menu-item", ".thread-head a.menu-item",
  ].join();

  // what can be done here and now: the lines of the list of keys, the places of the rail, views, menus
  function local() {
    const found = [];
    for (const line of document.querySelectorAll("#keys [data-press]")) {
      if (!balie.keys.can(line.dataset.press)) continue;
      const keys = [...line.querySelectorAll("kbd")].map((one) => one.textContent);
      found.push({ name: line.querySelector("dd").textContent.trim(), press: line.dataset.press, keys });
    }
    for (const one of document.querySelectorAll(PRESSED)) {
      const words = one.cloneNode(true);
      for (const aside of words.querySelectorAll(".view-count, .badge, .door-wait, time, kbd")) aside.remove();
      const under = one.closest(".presence-reasons")?.closest("details").querySelector("summary").textContent ?? "";
      found.push({ name: `${under} ${words.textContent}`.trim().replace(/\s+/g, " "), element: one });
    }
    return found.filter((one) => one.name);
  }

  function option(one, index) {
    const row = document.createElement("li");
    row.id = `command-l-${index}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    acts.set(row, one);
    const name = document.createElement("span");
    name.className = "cut";
    name.textContent = one.name;
    row.append(name);
    for (const key of one.keys ?? []) {
      const sign = document.createElement("kbd");
      sign.className = "kbd";
      sign.textContent = key;
      row.append(sign);
    }
    return row;
  }

  // 2 where every word begins one of the name, 1 where it stands in it, else 0
  function fit(name, words) {
    const parts = fold(name).split(/[^\p{L}\p{N}]+/u);
    if (words.every((word) => parts.some((part) => part.startsWith(word)))) return 2;
    return words.every((word) => fold(name).includes(word)) ? 1 : 0;
  }

  function fitting(words) {
    const seen = new Set();
    const fresh = ({ name, press }) => press || (!seen.has(name) && seen.add(name)); // a client stands in two places
    const ranked = local().map((one) => ({ one, rank: fit(one.name, words) })).filter(({ rank }) => rank);
    return ranked.sort((a, b) => b.rank - a.rank).map(({ one }) => one).filter(fresh);
  }

  function show() {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    const rows = fitting(words).slice(0, 30).map(option);
    for (const old of list.querySelectorAll("[id^=command-l-]")) old.remove();
    list.append(...rows);
    select(list.firstElementChild);
    ask();
  }

  // at the desk: whose conversation is open
  const opened = () => document.getElementById("thread")?.dataset.url.match(/\/desk\/([0-9a-f-]{36})\//)?.[1] ?? "";

  function ask() {
    clearTimeout(timer);
    const query = input.value.trim();
    const url = dialog.dataset.url;
    if (!url || query.length < 2) {
      for (const old of [...list.children]) if (!old.id.startsWith("command-l-")) old.remove();
      return told();
    }
    timer = setTimeout(async () => {
      const mine = ++asked;
      const response = await fetch(`${url}?${new URLSearchParams({ q: query, client: opened() })}`, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (mine !== asked || !response?.ok) return;
      const holder = document.createElement("template");
      holder.innerHTML = await response.text();
      for (const old of [...list.children]) if (!old.id.startsWith("command-l-")) old.remove();
      list.append(...holder.content.querySelectorAll("[role=option]")); // below, so that nothing moves under a finger
      if (!selected()) select(list.firstElementChild);
      told();
    }, DELAY_MS);
    told();
  }

  function told() {
    status.textContent = list.childElementCount ? "" : status.dataset.none;
  }

  function select(row) {
    for (const one of list.querySelectorAll('[aria-selected="true"]')) one.setAttribute("aria-selected", "false");
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) input.setAttribute("aria-activedescendant", row.id);
    else input.removeAttribute("aria-activedescendant");
    told();
  }

  const selected = () => list.querySelector('[aria-selected="true"]');

  function carryOut(row) {
    if (!row || row.ariaDisabled === "true") return;
    dialog.close();
    if (row.dataset.href) {
      const inbox = /\/inbox\/[0-9a-f-]{36}\//.test(row.dataset.href) && window.balie?.open;
      return inbox ? balie.open(row.dataset.href) : location.assign(row.dataset.href);
    }
    const one = acts.get(row);
    if (one.element) one.element.click();
    else balie.keys.press(one.press);
  }

  function open() {
    if (dialog.open) return dialog.close();
    if (document.querySelector("dialog[open]")) return;
    input.value = "";
    dialog.showModal();
    show();
    input.focus();
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-command]")) open();
  });
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const rows = [...list.children];
    const at = rows.indexOf(selected());
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined && rows.length) {
      event.preventDefault();
      select(rows[(to + rows.length) % rows.length]);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      carryOut(selected());
    }
  });
  list.addEventListener("click", (event) => carryOut(event.target.closest("[role=option]")));
  list.addEventListener("pointermove", (event) => {
    const row = event.target.closest("[role=option]");
    if (row && row !== selected()) select(row);
  });
})();
