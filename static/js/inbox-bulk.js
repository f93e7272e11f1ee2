// Many conversations at once: rows are chosen by X, by their picture or in a range with Shift, then something is done.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const MOST = 200;
  const chosen = new Set();
  let last = null; // where a range begins
  let working = false;

  const bar = () => document.getElementById("queue-bulk");
  const rows = () => [...document.querySelectorAll("#queue-rows .queue-row")];
  const idOf = (row) => row.dataset.id;

  function show() {
    for (const row of rows()) row.toggleAttribute("data-picked", chosen.has(idOf(row)));
    const place = bar();
    if (!place) return;
    const count = place.querySelector("[data-chosen]");
    const words = !chosen.size ? "" : chosen.size === 1 ? count.dataset.one : count.dataset.many.replace("{n}", String(chosen.size));
    if (count.textContent !== words) count.textContent = words;
    const told = document.getElementById("bulk-result").childElementCount > 0;
    place.hidden = !chosen.size && !told;
    inbox.toggleAttribute("data-choosing", chosen.size > 0);
  }

  function toggle(row, range) {
    const all = rows();
    const from = all.findIndex((one) => idOf(one) === last);
    const to = all.indexOf(row);
    if (range && from >= 0) {
      for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) if (chosen.size < MOST) chosen.add(idOf(one));
    } else if (chosen.has(idOf(row))) chosen.delete(idOf(row));
    else if (chosen.size < MOST) chosen.add(idOf(row));
    last = idOf(row);
    document.getElementById("bulk-result").replaceChildren();
    show();
  }

  function none() {
    chosen.clear();
    document.getElementById("bulk-result")?.replaceChildren();
    show();
  }

  async function ask(act) {
    const response = await balie.request(`${bar().dataset.url}?act=${act}`);
    if (!response?.ok) return balie.composer.toast(balie.composer.text("refused"));
    const dialog = document.getElementById("bulk-ask");
    dialog.replaceChildren(balie.thread.parse(await response.text()));
    dialog.showModal();
  }

  // a second press while the first is on its way does nothing
  function busy(on) {
    working = on;
    for (const part of [bar(), document.getElementById("bulk-ask")]) {
      part?.setAttribute("aria-busy", String(on));
      for (const button of part?.querySelectorAll("button:not([data-closes-dialog])") ?? []) button.disabled = on;
    }
  }

  async function carryOut(data, ids = [...chosen]) {
    if (working) return;
    data.set("ids", ids.join(","));
    busy(true);
    let response = null;
    try { response = await balie.request(bar().dataset.url, { method: "POST", body: data }); } finally { busy(false); }
    if (!response) return balie.composer.toast(balie.composer.text("offline"));
    if (response.status === 403) return balie.composer.toast(balie.composer.text("forbidden"));
    document.getElementById("bulk-result").replaceChildren(balie.thread.parse(await response.text()));
    if (response.ok) {
      document.getElementById("bulk-ask").close();
      chosen.clear();
      for (const id of ids) balie.live.touch(id);
      balie.thread.refresh();
    }
    show();
  }

  function plain(act, more = {}) {
    const data = new FormData();
    data.set("act", act);
    for (const [name, value] of Object.entries(more)) data.set(name, value);
    return data;
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    const row = on(".queue-row");
    if (row && (on("[data-pick]") || event.shiftKey || (chosen.size && matchMedia("(hover: none)").matches))) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return toggle(row, event.shiftKey);
    }
    const act = on("[data-bulk]");
    if (act) return "bulkAsks" in act.dataset ? balie.ahead.hold(ask(act.dataset.bulk)) : carryOut(plain(act.dataset.bulk));
    const undo = on("[data-bulk-undo]");
    if (undo) carryOut(plain(undo.dataset.bulkUndo, { label: undo.dataset.label }), undo.dataset.ids.split(","));
    const over = on("[data-bulk-over]");
    if (over) {
      const { bulkOver, reason = "", intent = "", ids } = over.dataset;
      carryOut(plain(bulkOver, { reason, intent, over: "1" }), ids.split(","));
    }
    if (on("[data-pick-none]")) none();
    if (on("[data-pick-all]")) {
      for (const one of rows().slice(0, MOST)) chosen.add(idOf(one));
      show();
    }
  }, true);

  document.addEventListener("submit", (event) => {
    if (!("bulkForm" in event.target.dataset)) return;
    event.preventDefault();
    const data = new FormData(event.target);
    if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
    carryOut(data);
  });

  document.body.addEventListener("htmx:afterSwap", show);
  new MutationObserver(show).observe(document.getElementById("queue-pane"), { childList: true, subtree: true });

  balie.bulk = {
    // X: the row that has the focus, else the open one
    pick(range) {
      const row = document.activeElement?.closest?.(".queue-row") ?? document.querySelector(".queue-row[aria-current]") ?? rows()[0];
      if (row) toggle(row, range);
    },
    none,
    get size() { return chosen.size; },
  };
})();
