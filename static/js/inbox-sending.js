// Answers leave once and in order, wait visibly while there is no connection, and can be taken back for a moment.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const RETRY_MS = 4_000;
  const { text, why, toast, form, field, current } = balie.composer;
  const composer = balie.composer.node;
  const waiting = []; // answers that have not reached the server, oldest first
  let sending = false;

  function compose(submitter) {
    const sent = form();
    const body = field().value;
    const files = balie.composer.files();
    const close = submitter?.name === "close";
    if (!body.trim() && !files.length) return why(text("empty"));
    if ([...body].length > 4096) return why(text("long", { n: [...body].length }));
    const parts = partsOf(body, files);
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
    balie.composer.clear();
    balie.thread.toNewest();
    pump();
  }

  // a file on its own: a voice note that was recorded here, a sticker
  function sendFile(file, marks) {
    const data = new FormData();
    data.set("token", crypto.randomUUID());
    data.set("body", "");
    data.set("file", file, file.name);
    data.set("quoting", form().elements.quoting.value);
    for (const [name, value] of Object.entries(marks)) data.set(name, value);
    enqueue({ url: form().action, id: current(), data, body: "", file });
    balie.composer.unquote();
    why("");
    balie.thread.toNewest();
    pump();
  }

  // one message per file; the text goes along with the first, unless it cannot carry one
  function partsOf(body, files) {
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
    accept(one.id, fresh);
    if (one.id === current() && one.undo) takeBack();
  }

  // what the server queued: its bubbles, and the bar that takes the last one back
  function accept(id, fresh) {
    if (id !== current()) return;
    const items = [...fresh.querySelectorAll("li[data-key]")];
    const undo = items.find((item) => item.dataset.undoMs);
    balie.thread.put(items);
    balie.thread.toNewest();
    if (undo) offerUndo(undo);
    balie.live.touch(id);
  }

  // the words come back, with the reason, to where they were written
  function refused(one, fresh) {
    const reason = fresh?.querySelector("[data-why]")?.textContent.trim() || text("refused");
    const offered = fresh?.querySelector("#composer");
    const here = one.id === current();
    if (here && offered && offered.dataset.offers !== composer().dataset.offers) balie.composer.replace(offered);
    balie.composer.giveBack(one.id, one.body, one.file ? [one.file] : []);
    if (here) why(reason); else toast(reason);
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
    balie.composer.giveBack(current(), told.body);
    if (!field()) balie.composer.reload();
    balie.live.touch(current());
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-undo]")) undo();
  });
  document.addEventListener("balie:opened", () => {
    for (const one of waiting) if (one.id === current()) balie.thread.list().append(one.item);
  });
  document.addEventListener("balie:live", (event) => { if (event.detail === "live") pump(); });
  window.addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });

  balie.sending = { compose, undo, sendFile, accept };
})();
