// Answers leave once and in order, wait visibly while there is no connection, and can be taken back for a moment.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const RETRY_MS = 4_000;
  const MOST_CHARS = 4096;
  const { text, why, toast, form, field, current } = balie.composer;
  const composer = balie.composer.node;
  const waiting = []; // answers that have not reached the server, oldest first
  const sending = new Set(); // conversations of which one is on its way

  function compose(submitter, { confirmed = [], closes = false, snoozes = false } = {}) {
    const sent = form();
    const body = field().value;
    const [files, quoted] = [balie.files.here(), balie.composer.quoting()];
    const close = closes || submitter?.name === "close";
    const snooze = snoozes || submitter?.name === "snooze";
    const past = snooze ? { ...form().querySelector("[data-send-snooze][data-past]")?.dataset } : {};
    const group = crypto.randomUUID();
    if (!body.trim() && !files.length) return why(text("empty"));
    const length = balie.composer.lengthOf(body);
    if (length > MOST_CHARS) return why(text("long", { n: length }));
    const parts = partsOf(body, files);
    parts.forEach((part, index) => {
      const data = new FormData();
      data.set("token", index ? crypto.randomUUID() : sent.elements.token.value);
      data.set("body", part.body);
      if (part.file) data.set("file", part.file, part.file.name);
      if (!index) data.set("quoting", sent.elements.quoting.value);
      if (close && index === parts.length - 1) data.set("close", "1");
      if (snooze && index === parts.length - 1) data.set("snooze", "1");
      for (const code of confirmed) data.append("confirmed", code);
      enqueue({ url: sent.action, id: current(), data, body: part.body, file: part.file, quoted: index ? null : quoted, group, confirmed, close, snooze, past });
    });
    sent.elements.token.value = crypto.randomUUID();
    balie.composer.clear();
    if (close || snooze) balie.thread.scroller().focus({ preventScroll: true }); // it is put away: the next key is no text
    balie.thread.toNewest();
    pump(current());
  }

  // a file on its own: a voice note that was recorded here, a sticker
  function sendFile(file, marks) {
    const data = new FormData();
    data.set("token", crypto.randomUUID());
    data.set("body", "");
    data.set("file", file, file.name);
    data.set("quoting", form().elements.quoting.value);
    for (const [name, value] of Object.entries(marks)) data.set(name, value);
    enqueue({ url: form().action, id: current(), data, body: "", file, quoted: balie.composer.quoting() });
    balie.composer.unquote();
    why("");
    balie.thread.toNewest();
    pump(current());
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
    one.pressed ??= Date.now();
    waiting.push(one);
    balie.unsent.keep(one);
    balie.thread.list().append(one.item);
  }

  function pendingBubble(one) {
    const item = document.getElementById("inbox-words").content.querySelector("[data-pending-bubble]").cloneNode(true);
    item.removeAttribute("data-pending-bubble");
    item.dataset.pending = one.data.get("token");
    item.querySelector(".bubble-text").textContent = [one.file?.name, one.body].filter(Boolean).join("\n");
    return item;
  }

  // the answers of one conversation leave in order, and a large file holds up no other one
  async function pump(id) {
    if (sending.has(id)) return;
    sending.add(id);
    try {
      for (let one = next(id); one && (await deliver(one)); one = next(id)) drop(one);
    } finally {
      sending.delete(id);
    }
  }

  const next = (id) => waiting.find((one) => one.id === id);
  const pumpAll = () => new Set(waiting.map((one) => one.id)).forEach(pump);

  function drop(one) {
    if (waiting.includes(one)) waiting.splice(waiting.indexOf(one), 1);
  }

  // true when this one is settled, whatever became of it; false when it has to wait for the connection
  async function deliver(one) {
    await balie.drafts.settled(); // or a late one would keep what leaves now
    one.data.set("age", Date.now() - one.pressed);
    const response = await balie.request(one.url, { method: "POST", body: one.data });
    const told = response && response.status < 500 ? await response.text().catch(() => null) : null;
    if (told === null) { // nobody knows whether it arrived: it goes again under its token
      one.item.querySelector("[data-waits]").hidden = false;
      setTimeout(() => pump(one.id), RETRY_MS);
      return false;
    }
    balie.unsent.forget(one);
    one.item.remove();
    if (response.headers.get("Content-Type")?.includes("json")) {
      asked(one, JSON.parse(told));
      return true;
    }
    const fresh = balie.thread.parse(told);
    if (response.ok) accepted(one, fresh, response.headers);
    else refused(one, response.status === 422 ? fresh : null);
    return true;
  }

  // of a page that crashed, with the token it had: what did arrive is not sent again
  function resend(kept, token) {
    const data = new FormData();
    for (const [name, value] of Object.entries({ token, body: kept.body, quoting: kept.quoting ?? "" })) data.set(name, value);
    for (const name of ["close", "snooze"]) if (kept[name]) data.set(name, "1");
    for (const code of kept.confirmed ?? []) data.append("confirmed", code);
    const one = { ...kept, data };
    one.item = pendingBubble(one);
    waiting.push(one);
    balie.unsent.keep(one);
    if (one.id === current() && balie.thread.complete()) balie.thread.list().append(one.item);
    pump(one.id);
  }

  // what cannot leave stands where it was written: words, files and what they answer
  function giveBack(one, parts = [one]) {
    const files = parts.map((each) => each.file).filter(Boolean);
    balie.composer.giveBack(one.id, parts.map((each) => each.body).filter(Boolean).join("\n"), { files, quoted: one.quoted });
  }

  // --- what the server asks before it leaves ---------------------------------------------------------------------------
  function asked(one, told) {
    const rest = waiting.filter((each) => each !== one && each.group && each.group === one.group);
    for (const each of rest) {
      drop(each);
      balie.unsent.forget(each);
      each.item.remove();
    }
    const parts = [one, ...rest];
    giveBack(one, parts);
    if (!told.asks) return one.id === current() ? why(told.problem ?? text("refused")) : toast(told.problem ?? text("refused"));
    if (one.id !== current()) return toast(told.words);
    const bar = document.getElementById("inbox-words").content.querySelector(".ask-bar").cloneNode(true);
    bar.querySelector("p").textContent = told.words;
    bar.querySelector("[data-ask-reason]").hidden = !told.reason;
    bar.querySelector("[data-send-anyway]").addEventListener("click", () => {
      const why = bar.querySelector("[data-ask-reason]");
      if (told.reason && !why.value.trim()) return why.focus();
      const answer = told.reason ? `${told.asks}:${why.value.trim()}` : told.asks;
      bar.remove();
      compose(null, { confirmed: [...(one.confirmed ?? []), answer], closes: parts.some((each) => each.close), snoozes: parts.some((each) => each.snooze) });
    });
    bar.querySelector("[data-send-not]").addEventListener("click", () => {
      bar.remove();
      field()?.focus();
    });
    composer().querySelector("[data-ask-slot]").replaceChildren(bar); // the field keeps the focus: Enter asks again
    if (told.reason) bar.querySelector("[data-ask-reason]").focus();
  }
  document.addEventListener("input", (event) => {
    if (event.isTrusted && event.target === field()) composer().querySelector(".ask-bar")?.remove();
  });

  function accepted(one, fresh, headers) {
    accept(one.id, fresh);
    if (one.id === current() && one.undo) return balie.undo.takeBack();
    if (one.past?.past && one.data.get("snooze")) tellPast(one.past);
    if (one.id === current() && headers.get("X-Ask")) balie.handling.ask(headers.get("X-Ask"));
    if (headers.get("X-Next")) goOn(one.id, headers.get("X-Next"));
    return undefined;
  }

  // it rests beyond the window: when that closes, and what writing first costs then
  async function tellPast({ past, estimate }) {
    const response = await balie.request(estimate);
    const costs = response?.ok ? balie.thread.parse(await response.text()).textContent.replace(/\s+/g, " ").trim() : "";
    toast(`${past} ${costs}`, "waiting");
  }

  // the next conversation opens when this answer can no longer be taken back, unless somebody does something else
  function goOn(id, address) {
    const elsewhere = () => document.activeElement?.matches("input, textarea, select") && document.activeElement !== field();
    const untouched = () => id === current() && !field()?.value && !elsewhere() && !document.querySelector("dialog[open]");
    const bar = composer()?.querySelector(".undo-bar");
    const ready = () => !bar?.isConnected;
    const wait = () => {
      if (!untouched() || !document.getElementById("thread")) return;
      if (!ready()) return setTimeout(wait, 200);
      if (!bar || !bar.dataset.takenBack) balie.handling.leaveTo(address, { still: untouched });
    };
    wait();
  }

  // what the server queued: its bubbles, and the bar that takes the last one back
  function accept(id, fresh) {
    if (id !== current()) return;
    const items = [...fresh.querySelectorAll("li[data-key]")];
    const undo = items.find((item) => item.dataset.undoMs);
    balie.thread.put(items);
    balie.thread.toNewest();
    if (undo) balie.undo.offer(undo);
    balie.live.touch(id);
  }

  // the words come back, with the reason, to where they were written
  function refused(one, fresh) {
    const reason = fresh?.querySelector("[data-why]")?.textContent.trim() || text("refused");
    const offered = fresh?.querySelector("#composer");
    const here = one.id === current();
    if (here && offered && offered.dataset.offers !== composer().dataset.offers) balie.composer.replace(offered);
    giveBack(one);
    if (here) why(reason); else toast(reason);
  }

  // sending by hand leaves the field in use: a phone keeps its keyboard, and the next words need no second tap
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-compose=reply] [data-send]") && document.activeElement === field()) event.preventDefault();
  });

  document.addEventListener("balie:opened", () => {
    for (const one of waiting) if (one.id === current()) balie.thread.list().append(one.item);
  });
  document.addEventListener("balie:paged", () => {
    if (!balie.thread.complete()) return;
    for (const one of waiting) if (one.id === current()) balie.thread.list().append(one.item);
  });
  document.addEventListener("balie:live", (event) => { if (event.detail === "live") pumpAll(); });
  window.addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });

  balie.sending = { compose, sendFile, accept, resend, waiting };
})();
