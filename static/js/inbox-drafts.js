// Unsent text: kept on the server a moment after the last key, and in this browser until the server has it.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const SAVE_MS = 600;
  const LATEST_MS = 5_000; // whoever types without a pause is saved all the same
  const MOST_MS = 30_000;
  const MODES = ["reply", "note"];
  const { text, field, form, current } = balie.composer;
  const composer = balie.composer.node;
  let timer = 0;
  let latest = 0; // when what is typed now has to be saved
  let backoff = 0;
  let under = Promise.resolve(); // the save that is on its way

  // --- this browser, in case it crashes before the server has the text -------------------------------------------------
  const key = (id, mode) => `balie.draft.${inbox.dataset.person}.${id}.${mode}`;

  function local(id, mode) {
    try {
      return JSON.parse(localStorage.getItem(key(id, mode)));
    } catch {
      return null;
    }
  }

  function keepLocal(id, mode, kept) {
    try {
      if (kept) localStorage.setItem(key(id, mode), JSON.stringify(kept));
      else localStorage.removeItem(key(id, mode));
    } catch {
      // no room or not allowed: the server's copy has to do
    }
  }

  // --- the server ------------------------------------------------------------------------------------------------------
  const area = (mode) => {
    const found = field(mode);
    return found && !found.readOnly ? found : null;
  };
  const quoting = (mode) => (mode === "reply" ? (form()?.elements.quoting?.value ?? "") : "");
  const asItIs = (mode) => `${quoting(mode)}\n${area(mode).value}`;
  const changed = (mode) => area(mode) && !area(mode).dataset.leaving && asItIs(mode) !== (area(mode).dataset.kept ?? "\n");

  function dataOf(mode) {
    const data = new FormData();
    data.set("mode", mode);
    data.set("body", area(mode).value);
    data.set("quoting", quoting(mode));
    data.set("known_at", area(mode).dataset.draftAt ?? "");
    data.set("age", Math.max(0, Date.now() - Number(area(mode).dataset.typed || Date.now())));
    return data;
  }

  function save(mode, { keepalive = false } = {}) {
    if (!changed(mode)) return under;
    const data = dataOf(mode);
    const where = { area: area(mode), id: current(), url: `${composer().dataset.url}draft/` };
    where.kept = where.area.dataset.kept = asItIs(mode);
    latest = 0;
    under = under.then(() => post(mode, where, data, keepalive));
    return under;
  }

  async function post(mode, where, data, keepalive) {
    data.set("known_at", where.area.dataset.draftAt ?? "");
    const response = await balie.request(where.url, { method: "POST", body: data, keepalive });
    const body = data.get("body");
    if (!response || response.status >= 500 || response.status === 403) {
      if (where.area.dataset.kept === where.kept) delete where.area.dataset.kept;
      backoff = Math.min(backoff * 2 || 1_000, MOST_MS);
      return later(backoff);
    }
    backoff = 0;
    const told = await response.json().catch(() => ({}));
    if (response.status === 422) return; // too long to keep there; it stays in this browser
    where.area.dataset.draftAt = told.known_at ?? "";
    if (response.status === 409) return yielded(mode, where, body, told.body);
    if (where.area.value === body || !where.area.isConnected) keepLocal(where.id, mode, null);
    if (told.replaced) say(text("draftReplaced"), where);
  }

  // another device was typed on later: its text is the one that stays
  function yielded(mode, where, sent, theirs) {
    if (where.area.value !== sent) return; // somebody goes on typing here: the next save is the newest
    keepLocal(where.id, mode, null);
    put(where.area, theirs);
    say(text("draftNewer"), where);
  }

  function say(words, where) {
    const line = composer()?.querySelector("[data-draft-line]");
    if (!line || where.id !== current()) return;
    line.textContent = words;
    line.hidden = false;
    setTimeout(() => { line.hidden = true; }, 8_000);
  }

  function later(ms = SAVE_MS) {
    clearTimeout(timer);
    latest ||= Date.now() + LATEST_MS;
    timer = setTimeout(() => {
      latest = 0;
      MODES.forEach((mode) => save(mode));
    }, backoff ? ms : Math.min(ms, Math.max(0, latest - Date.now())));
  }

  // --- what is in the fields ---------------------------------------------------------------------------------------------
  function put(target, words) {
    target.value = words;
    target.dataset.kept = asItIs(target.form.dataset.compose);
    target.dispatchEvent(new CustomEvent("balie:filled", { bubbles: true }));
    marks();
  }

  function marks() {
    for (const mode of MODES) {
      const button = composer()?.querySelector(`[data-write="${mode}"]`);
      button?.toggleAttribute("data-draft", Boolean(field(mode)?.value.trim()) && composer().dataset.mode !== mode);
    }
  }

  function typed(target, mode) {
    target.dataset.typed = Date.now();
    keepLocal(current(), mode, { body: target.value, at: Date.now() });
    marks();
    later(backoff || SAVE_MS);
  }

  // the server's text stands in the fields already; what this browser alone has goes over it
  function restore() {
    for (const mode of MODES) {
      const target = area(mode);
      if (!target) continue;
      target.dataset.kept = asItIs(mode);
      target.setSelectionRange(target.value.length, target.value.length);
      const mine = local(current(), mode);
      if (!mine) continue;
      if (mine.body === target.value || !mine.body.trim()) keepLocal(current(), mode, null);
      else {
        const { kept } = target.dataset;
        put(target, mine.aside ? [mine.body, target.value].filter(Boolean).join("\n") : mine.body);
        target.dataset.kept = kept;
        target.dataset.typed = mine.at;
        say(text("draftRestored"), { id: current() });
        later();
      }
    }
    marks();
  }

  // it is on its way: what was typed before is not kept once more behind it
  function leaves(id, mode) {
    clearTimeout(timer);
    if (id === current() && area(mode)) area(mode).dataset.leaving = "yes";
    return under;
  }

  function stays(mode) {
    if (!area(mode)) return;
    delete area(mode).dataset.leaving;
    later();
  }

  // it has been sent: nothing is left to keep, here or there, nor in another tab that shows the same words
  function forget(id, mode, body = null) {
    clearTimeout(timer);
    latest = 0;
    keepLocal(id, mode, null);
    if (body) tabs?.postMessage({ person: inbox.dataset.person, id, mode, body });
    const target = id === current() ? area(mode) : null;
    if (!target) return;
    delete target.dataset.leaving;
    target.dataset.kept = "\n";
    marks();
  }

  const tabs = window.BroadcastChannel ? new BroadcastChannel("balie.drafts") : null;
  tabs?.addEventListener("message", ({ data: { person, id, mode, body } }) => {
    const target = person === inbox.dataset.person && id === current() ? area(mode) : null;
    if (!target?.value.trim()) return;
    if (target.value.trim() !== body.trim()) { // it is another text, and now the only one there is
      delete target.dataset.kept;
      return later();
    }
    if (mode === "reply") balie.composer.unquote();
    put(target, "");
    keepLocal(id, mode, null);
    say(text("draftSent"), { id });
  });

  // words of a conversation that is not open now; they stand in its field when it is opened
  function putAside(id, words) {
    const there = local(id, "reply");
    keepLocal(id, "reply", { body: [words, there?.body].filter(Boolean).join("\n"), at: Date.now(), aside: true });
  }

  function beacon() {
    for (const mode of MODES) {
      if (!changed(mode)) continue;
      const data = dataOf(mode);
      data.set("csrfmiddlewaretoken", form(mode).elements.csrfmiddlewaretoken.value);
      if (navigator.sendBeacon(`${composer().dataset.url}draft/`, data)) area(mode).dataset.kept = asItIs(mode);
    }
  }

  document.addEventListener("input", (event) => {
    const mode = event.target.form?.dataset.compose;
    if (event.target.matches(".composer-field") && MODES.includes(mode)) typed(event.target, mode);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.(".composer-field")) MODES.forEach((mode) => save(mode));
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-write]")) marks(); });
  document.addEventListener("balie:leaving", () => MODES.forEach((mode) => save(mode, { keepalive: true })));
  document.addEventListener("balie:opened", restore);
  document.addEventListener("visibilitychange", () => { if (document.hidden) beacon(); });
  window.addEventListener("pagehide", beacon);

  balie.drafts = { forget, leaves, stays, later, putAside, put, settled: () => under, restore, marks };
})();
