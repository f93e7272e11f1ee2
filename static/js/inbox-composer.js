// The composer: what is written leaves once, in order, and waits visibly while there is no connection.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const RETRY_MS = 4_000;
  const waiting = []; // answers that have not reached the server, oldest first
  const drafts = new Map(); // conversation -> what was being written
  let sending = false;
  let files = [];

  const composer = () => document.getElementById("composer");
  const form = (kind = "reply") => composer()?.querySelector(`form[data-compose="${kind}"]`);
  const field = (kind = "reply") => form(kind)?.querySelector("textarea");
  const current = () => balie.thread.thread()?.dataset.id;
  const text = (name, values = {}) => {
    const words = document.getElementById("inbox-words").content.querySelector(`[data-word="${name}"]`).textContent;
    return words.replace(/\{(\w+)\}/g, (_whole, key) => values[key]);
  };

  function why(message, kind = "reply") {
    const line = form(kind)?.querySelector("[data-why]") ?? composer()?.querySelector("[data-why]");
    if (!line) return;
    line.textContent = message;
    line.hidden = !message;
    line.dataset.state = "error";
    line.setAttribute("role", "alert");
  }

  // --- sending -----------------------------------------------------------------------------------------------------
  function compose(submitter) {
    const sent = form();
    const body = field().value;
    const close = submitter?.name === "close";
    if (!body.trim() && !files.length) return why(text("empty"));
    if ([...body].length > 4096) return why(text("long", { n: [...body].length }));
    const parts = partsOf(body);
    parts.forEach((part, index) => {
      const data = new FormData();
      data.set("token", index ? crypto.randomUUID() : sent.elements.token.value);
      data.set("body", part.body);
      if (part.file) data.set("file", part.file, part.file.name);
      if (!index) data.set("quoting", sent.elements.quoting.value);
      if (close && index === parts.length - 1) data.set("close", "1");
      enqueue({ url: sent.action, id: current(), data, body: part.body, file: part.file });
    });
    sent.elements.token.value = crypto.randomUUID();
    field().value = "";
    unquote();
    attach([]);
    why("");
    grow();
    balie.thread.toNewest();
    pump();
  }

  // one message per file; the text goes along with the first, unless it cannot carry one
  function partsOf(body) {
    if (!files.length) return [{ body }];
    const mute = /^(audio\/|image\/webp)/.test(files[0].type);
    const parts = files.map((file, index) => ({ file, body: index || mute ? "" : body }));
    return mute && body.trim() ? [...parts, { body }] : parts;
  }

  function enqueue(one) {
    one.item = pendingBubble(one);
    waiting.push(one);
    balie.thread.list().append(one.item);
  }

  function pendingBubble(one) {
    const item = document.getElementById("inbox-words").content.querySelector("[data-pending-bubble]").cloneNode(true);
    item.removeAttribute("data-pending-bubble");
    item.dataset.pending = one.data.get("token");
    item.querySelector(".bubble-text").textContent = [one.file?.name, one.body].filter(Boolean).join("\n");
    return item;
  }

  async function pump() {
    if (sending) return;
    sending = true;
    while (waiting.length && (await deliver(waiting[0]))) waiting.shift();
    sending = false;
  }

  // true when this one is settled, whatever became of it; false when it has to wait for the connection
  async function deliver(one) {
    const response = await balie.request(one.url, { method: "POST", body: one.data });
    if (!response || response.status >= 500) {
      one.item.querySelector("[data-waits]").hidden = false;
      setTimeout(pump, RETRY_MS);
      return false;
    }
    const fresh = balie.thread.parse(await response.text());
    one.item.remove();
    if (response.ok) accepted(one, fresh);
    else refused(one, response.status === 422 ? fresh : null);
    return true;
  }

  function accepted(one, fresh) {
    if (one.id !== current()) return;
    const items = [...fresh.querySelectorAll("li[data-key]")];
    const undo = items.find((item) => item.dataset.undoMs);
    balie.thread.put(items);
    balie.thread.toNewest();
    if (undo) offerUndo(undo);
    if (one.undo) takeBack();
    balie.live.touch(one.id);
  }

  // the words come back, with the reason, to where they were written
  function refused(one, fresh) {
    const reason = fresh?.querySelector("[data-why]")?.textContent.trim() || text("refused");
    if (one.id !== current()) {
      drafts.set(one.id, [one.body, drafts.get(one.id)].filter(Boolean).join("\n"));
      return toast(reason);
    }
    const before = field()?.value ?? drafts.get(one.id) ?? "";
    const offered = fresh?.querySelector("#composer");
    if (offered && offered.dataset.offers !== composer().dataset.offers) replace(offered);
    const kept = [one.body, before].filter(Boolean).join("\n");
    if (field()) field().value = kept; else drafts.set(one.id, kept);
    if (one.file && field()) attach([one.file, ...files.filter((file) => file !== one.file)]);
    why(reason);
    grow();
    field()?.focus();
  }

  function toast(message) {
    const line = document.createElement("div");
    line.className = "toast";
    line.dataset.state = "error";
    line.append(Object.assign(document.createElement("p"), { textContent: message }));
    document.getElementById("toasts").append(line);
    setTimeout(() => line.remove(), 12_000);
  }

  // --- undo --------------------------------------------------------------------------------------------------------
  let undoTimer = 0;
  function offerUndo(item) {
    clearInterval(undoTimer);
    const slot = composer()?.querySelector("[data-undo-slot]");
    if (!slot) return;
    const bar = document.getElementById("inbox-words").content.querySelector(".undo-bar").cloneNode(true);
    const end = performance.now() + Number(item.dataset.undoMs);
    bar.dataset.item = item.id;
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      if (left <= 0) { clearInterval(undoTimer); bar.remove(); return; }
      bar.querySelector("span").textContent = text("leaves", { n: left });
    };
    slot.replaceChildren(bar);
    undoTimer = setInterval(tick, 200);
    tick();
  }

  function undo() {
    const bar = composer()?.querySelector(".undo-bar");
    const onTheWay = waiting.findLast((one) => one.id === current());
    if (onTheWay) onTheWay.undo = true; // as soon as the server has it
    if (!onTheWay && bar) takeBack();
  }

  async function takeBack() {
    const bar = composer()?.querySelector(".undo-bar");
    if (!bar) return;
    const item = document.getElementById(bar.dataset.item);
    clearInterval(undoTimer);
    bar.remove();
    if (!item) return;
    const response = await balie.request(`${composer().dataset.url}messages/${item.dataset.id}/undo/`, { method: "POST" });
    if (!response) return why(text("offline"));
    const told = await response.json().catch(() => ({}));
    if (!response.ok) return why(told.problem ?? text("refused"));
    item.remove();
    balie.thread.regroup();
    if (field()) {
      field().value = [told.body, field().value].filter(Boolean).join("\n");
      grow();
      field().focus();
    } else {
      drafts.set(current(), told.body);
      reload();
    }
    balie.live.touch(current());
  }

  // --- notes and templates -----------------------------------------------------------------------------------------
  async function submit(sent, kind) {
    if (sent.dataset.busy) return;
    sent.dataset.busy = "yes";
    const response = await balie.request(sent.action, { method: "POST", body: new FormData(sent) });
    delete sent.dataset.busy;
    if (!response) return why(text("offline"), kind);
    const fresh = balie.thread.parse(await response.text());
    if (response.ok) {
      sent.reset();
      balie.thread.put([...fresh.querySelectorAll("li[data-key]")]);
      balie.thread.toNewest();
      why("", kind);
      if (kind === "template") reload();
      balie.live.touch(current());
    } else if (kind === "template" && response.status === 422) {
      const form = fresh.querySelector("form");
      sent.replaceWith(form);
      htmx.process(form);
    } else {
      why(fresh.querySelector("[data-state='error']")?.textContent.trim() || text("refused"), kind);
    }
    grow();
  }

  // --- what the composer looks like --------------------------------------------------------------------------------
  function replace(fresh) {
    keep();
    composer().replaceWith(fresh);
    htmx.process(fresh);
    restore();
  }

  async function reload() {
    const response = await balie.request(`${composer().dataset.url}composer/`);
    if (response?.ok) replace(balie.thread.parse(await response.text()).querySelector("#composer"));
  }

  // the thread's news tell what may be written now
  function follow(told) {
    const here = composer();
    if (!here) return;
    if (here.dataset.offers !== told.offers) return reload();
    here.dataset.closesAt = told.closesAt;
    windowLine();
  }

  function keep() {
    const written = field()?.value ?? "";
    if (written && current()) drafts.set(current(), written);
  }

  function restore() {
    const draft = drafts.get(current());
    if (draft && field() && !field().value) {
      field().value = draft;
      drafts.delete(current());
    }
    grow();
  }

  function write(mode) {
    const here = composer();
    if (!here?.querySelector(`[data-part="${mode}"]`)) return;
    here.dataset.mode = mode;
    for (const part of here.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== mode;
    for (const button of here.querySelectorAll("[data-write]")) {
      button.setAttribute("aria-pressed", String(button.dataset.write === mode));
    }
    here.querySelector(`[data-part="${mode}"] textarea:not([readonly])`)?.focus();
  }

  function grow() {
    for (const area of composer()?.querySelectorAll(".composer-field") ?? []) {
      if (!CSS.supports("field-sizing", "content")) area.rows = Math.min(8, area.value.split("\n").length);
    }
    const count = composer()?.querySelector("[data-count]");
    const length = [...(field()?.value ?? "")].length;
    if (count) {
      count.hidden = length < 3500;
      count.textContent = `${length} / 4096`;
    }
  }

  function windowLine() {
    const here = composer();
    const line = here?.querySelector("[data-window]");
    if (!line || !here.dataset.closesAt) return;
    const minutes = Math.floor((Date.parse(here.dataset.closesAt) - Date.now()) / 60_000);
    if (minutes < 0) return reload();
    line.querySelector("meter").value = minutes;
    line.toggleAttribute("data-state", minutes < 120);
    if (minutes < 120) line.dataset.state = "closing";
    const [value, unit] = minutes < 60 ? [minutes, "minute"] : [Math.floor(minutes / 60), "hour"];
    line.querySelector("[data-left]").textContent = text("left", {
      time: new Intl.NumberFormat(document.documentElement.lang || "en", { style: "unit", unit, unitDisplay: "long" }).format(value),
    });
  }

  function quote(button) {
    const sent = form();
    if (!sent) return;
    sent.elements.quoting.value = button.dataset.quote;
    sent.querySelector("[data-quoting]").hidden = false;
    sent.querySelector("[data-quoting-from]").textContent = button.dataset.quoteFrom;
    sent.querySelector("[data-quoting-text]").textContent = button.dataset.quoteText;
    write("reply");
  }

  function unquote() {
    if (!form()) return;
    form().elements.quoting.value = "";
    form().querySelector("[data-quoting]").hidden = true;
  }

  function attach(chosen) {
    files = chosen;
    balie.attachments?.show(form()?.querySelector("[data-attachments]"), files, (file) => attach(files.filter((each) => each !== file)));
  }

  function add(chosen) {
    if (!form() || !chosen.length) return;
    write("reply");
    attach([...files, ...chosen].slice(0, 10));
    why(chosen.some((file) => !file.size) ? text("emptyFile") : "");
    attach(files.filter((file) => file.size));
    field().focus();
  }

  // --- events ------------------------------------------------------------------------------------------------------
  document.addEventListener("submit", (event) => {
    const kind = event.target.dataset.compose;
    if (!kind) return;
    event.preventDefault();
    if (kind === "reply") compose(event.submitter);
    else submit(event.target, kind);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches(".composer-field")) grow();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-file]")) return;
    add([...event.target.files]);
    event.target.value = "";
  });
  document.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (!pasted.length || !event.target.closest?.("#composer")) return;
    event.preventDefault();
    add(pasted);
  });
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-write]")) write(on("[data-write]").dataset.write);
    if (on("[data-quote]")) quote(on("[data-quote]"));
    if (on("[data-unquote]")) unquote();
    if (on("[data-undo]")) undo();
    if (on("[data-free-text]")) reload();
    if (on("[data-use-template]")) {
      keep();
      htmx.ajax("GET", `${composer().dataset.url}templates/`, { target: '#composer [data-part="reply"] form', swap: "outerHTML" });
    }
  });
  document.addEventListener("balie:leaving", keep);
  document.addEventListener("balie:opened", () => {
    files = [];
    restore();
    windowLine();
    for (const one of waiting) if (one.id === current()) balie.thread.list().append(one.item);
  });
  document.addEventListener("balie:live", (event) => { if (event.detail === "live") pump(); });
  window.addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });
  setInterval(windowLine, 20_000);

  balie.composer = { follow, write, undo, add, reload, why, text, toast, form, field };
})();
