// One key for everything the inbox can do; reactions, removal.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
  const press = (selector) => document.querySelector(`#thread ${selector}`)?.click();

  // --- reactions ---------------------------------------------------------------------------------------------------------
  function offerReactions(button) {
    closeReactions();
    const holder = document.createElement("div");
    holder.className = "reaction-picker";
    holder.setAttribute("role", "menu");
    const mine = button.closest(".bubble").querySelector(".reaction[data-mine]")?.textContent;
    for (const emoji of EMOJI) {
      const one = Object.assign(document.createElement("button"), { type: "button", className: "reaction-choice", textContent: emoji });
      one.setAttribute("role", "menuitem");
      one.dataset.emoji = emoji === mine ? "" : emoji;
      one.setAttribute("aria-pressed", String(emoji === mine));
      holder.append(one);
    }
    button.after(holder);
    button.setAttribute("aria-expanded", "true");
    holder.firstElementChild.focus();
  }

  function closeReactions() {
    for (const open of document.querySelectorAll(".reaction-picker")) {
      open.previousElementSibling?.setAttribute("aria-expanded", "false");
      open.remove();
    }
  }

  async function post(bubble, path, data = new FormData()) {
    const current = balie.thread.thread();
    const response = await balie.request(`${current.dataset.url}messages/${bubble.dataset.id}/${path}/`, { method: "POST", body: data });
    if (!response) return balie.composer.toast(balie.composer.text("offline"));
    if (!response.ok) {
      const told = await response.json().catch(() => ({}));
      return balie.composer.toast(told.problem ?? balie.composer.text("refused"));
    }
    const fresh = balie.thread.parse(await response.text());
    if (current === balie.thread.thread()) balie.thread.put([...fresh.querySelectorAll("li[data-key]")]);
    balie.live.touch(current.dataset.id);
  }

  function react(choice) {
    const bubble = choice.closest(".bubble");
    const data = new FormData();
    data.set("emoji", choice.dataset.emoji);
    closeReactions();
    post(bubble, "reaction", data);
  }

  // --- removal -------------------------------------------------------------------------------------------------------------
  async function askRemoval(bubble) {
    const response = await balie.request(`${balie.thread.thread().dataset.url}messages/${bubble.dataset.id}/removal/`);
    if (!response?.ok) return balie.composer.toast(balie.composer.text("refused"));
    const dialog = document.getElementById("removal");
    dialog.replaceChildren(balie.thread.parse(await response.text()));
    dialog.showModal();
  }

  async function remove(form) {
    const current = balie.thread.thread();
    const response = await balie.request(form.action, { method: "POST", body: new FormData(form) });
    if (!response) return balie.composer.toast(balie.composer.text("offline"));
    const fresh = balie.thread.parse(await response.text());
    if (response.ok) {
      form.closest("dialog").close();
      if (current === balie.thread.thread()) balie.thread.put([...fresh.querySelectorAll("li[data-key]")]);
    } else {
      form.replaceWith(fresh);
    }
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-again]")) post(on(".bubble"), "again");
    if (on("[data-emoji]")) return react(on("[data-emoji]"));
    const opens = on("[data-react]");
    const wasOpen = opens?.getAttribute("aria-expanded") === "true";
    closeReactions();
    if (opens && !wasOpen) offerReactions(opens);
    if (on("[data-remove]")) askRemoval(on(".bubble"));
  });

  document.addEventListener("submit", (event) => {
    if (!("removal" in event.target.dataset)) return;
    event.preventDefault();
    remove(event.target);
  });

  // --- keys ------------------------------------------------------------------------------------------------------------------
  const KEYS = {
    j: () => balie.queue.step(1),
    k: () => balie.queue.step(-1),
    t: () => press('[data-act="take"]'),
    u: () => press('[data-act="release"]'),
    e: (event) => press(event.shiftKey ? '[data-act="close"][data-next]' : '[data-act="close"]:not([data-next])'),
    n: () => balie.handling.next(),
    o: () => press('[data-act="reopen"]'),
    v: () => press('[data-asks="transfer"]'),
    s: () => press('[data-asks="snooze"]'),
    c: () => press('[data-act="wait"]'),
    h: () => press('[data-act="wake"]'),
    q: () => press('[data-asks="ask"]'),
    p: () => press('[data-asks="intent"]'),
    w: () => press('[data-act="follow"], #thread [data-act="unfollow"]'),
    g: () => { jumping = Date.now(); },
    r: () => balie.composer.write("reply"),
    m: () => balie.composer.write("note"),
    b: () => balie.knowledge.open(),
    a: () => document.querySelector("[data-file]")?.click(),
    z: () => balie.sending.undo(),
    i: () => balie.panes.toggleContact(),
    x: (event) => balie.bulk.pick(event.shiftKey),
    f: () => document.querySelector("[data-open-filters]")?.click(),
    l: () => document.querySelector("[data-labels] > summary")?.click(),
    "/": () => document.getElementById("queue-search")?.focus(),
    "?": () => document.getElementById("keys").showModal(),
  };

  // G and then a letter: a view of the queue
  const VIEWS = { w: "waiting", m: "mine", u: "unassigned", t: "team", s: "snoozed", a: "open", d: "closed" };
  const AT_THE_DESK = { s: "held", a: "all" };
  const JUMP_MS = 1500;
  let jumping = 0;

  function jump(key) {
    const link = document.querySelector(`[data-view="${VIEWS[key]}"], [data-view="${AT_THE_DESK[key]}"]`);
    jumping = 0;
    if (link) link.click();
    return Boolean(link);
  }

  function inField(event) {
    const area = event.target.closest("textarea.composer-field");
    if (event.key === "Escape") event.target.blur();
    if (!area || event.key !== "Enter" || event.isComposing || area.readOnly) return;
    const withControl = event.ctrlKey || event.metaKey;
    const kind = area.form.dataset.compose;
    const plain = !event.shiftKey && !event.altKey && kind === "reply" && "enterSends" in area.closest("#composer").dataset && matchMedia("(pointer: fine)").matches;
    if (!withControl && !plain && !(event.altKey && kind === "reply")) return;
    event.preventDefault();
    const closes = withControl && event.shiftKey && kind === "reply";
    const snoozes = event.altKey && kind === "reply";
    area.form.requestSubmit(area.form.querySelector(closes ? "[data-send-close]" : snoozes ? "[data-send-snooze]" : "[type=submit]:not([data-send-close], [data-send-snooze])"));
  }

  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return inField(event);
    if (event.key === "Escape") {
      if (document.querySelector(".reaction-picker")) closeReactions();
      else if (!document.querySelector("dialog[open]")) balie.panes.back();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const does = /^[1-9]$/.test(key) ? () => balie.together.own(Number(key)) : KEYS[key];
    if (Date.now() - jumping < JUMP_MS && jump(key)) return event.preventDefault();
    if (!does) return;
    event.preventDefault();
    does(event);
  });
})();
