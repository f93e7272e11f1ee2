// Keeps a page up to date. The stream brings names and ids, never content; pages fetch what they show.
// balie.live.on(fn): fn(ids) for changed conversations, fn(null) when everything visible has to be fetched again.
"use strict";

window.balie = window.balie ?? {};

(() => {
  const root = document.querySelector("[data-live-url]");
  if (!root) return;

  const TOKEN_MS = 8 * 60_000; // tokens live ten minutes
  const OPEN_MS = 8_000;
  const EVERY_MS = 1_000;
  const HIDDEN_MS = 15_000;
  const POLL_MS = 5_000;
  const MAX_WAIT_MS = 15_000;

  const listeners = [];
  let started = !("liveWaits" in root.dataset); // else only in the tab that tells for all
  let source = null;
  let token = null;
  let tokenAt = 0;
  let waitMs = 500;
  let state = "starting"; // live, slow (no stream), offline, signed-out
  let retry = 0;
  let opening = 0;
  let changed = new Set();
  let everything = false;
  let flushAt = 0;
  let flushing = 0;

  const jitter = (ms) => Math.random() * ms;

  function show(next) {
    if (state === "signed-out") return;
    const before = state;
    state = next;
    const bar = document.getElementById("live-bar");
    if (bar) {
      bar.hidden = next === "live" || next === "starting";
      for (const text of bar.querySelectorAll("[data-say]")) text.hidden = text.dataset.say !== next;
      for (const link of bar.querySelectorAll("[data-sign-in]")) link.search = new URLSearchParams({ next: location.pathname + location.search });
      bar.dataset.state = next === "slow" ? "waiting" : "broken";
    }
    document.documentElement.dataset.live = next;
    if (before !== next) document.dispatchEvent(new CustomEvent("balie:live", { detail: next }));
  }

  function headers(more) {
    const csrf = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    return { ...csrf, "HX-Request": "true", ...more };
  }

  // another person signed in from this browser: nothing leaves in her name, and nothing of the first one stays
  function someoneElse({ person }) {
    const other = Boolean(root.dataset.person && person && person !== root.dataset.person);
    if (other) location.reload();
    return other;
  }

  // Somebody who signed in anew in another tab has another proof against forged requests than this page was made with.
  async function renewProof(body) {
    const response = await request(root.dataset.tokenUrl).catch(() => null);
    const told = response?.ok ? await response.json().catch(() => null) : null;
    if (!told?.csrf || someoneElse(told)) return false;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": told.csrf }));
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = told.csrf;
    if (body instanceof FormData && body.has("csrfmiddlewaretoken")) body.set("csrfmiddlewaretoken", told.csrf);
    return true;
  }

  // A request of ours: says signed-out and offline on the bar, gives null when there is no answer at all.
  async function request(url, options = {}) {
    let response;
    try {
      response = await fetch(url, { credentials: "same-origin", ...options, headers: headers(options.headers) });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      if (state !== "live" || !navigator.onLine) show("offline");
      return null;
    }
    if (response.status === 401 || (response.redirected && response.url.includes("/accounts/"))) {
      show("signed-out");
      stop();
      return null;
    }
    if (state === "offline") show("slow");
    if (state === "signed-out" && response.ok) { // signed in again, in another tab
      state = "slow";
      retry = setTimeout(connect);
    }
    if (response.status !== 403 || options.method !== "POST" || options.renewed) return response;
    if (await renewProof(options.body)) return request(url, { ...options, renewed: true });
    return state === "signed-out" ? null : response;
  }

  async function freshToken() {
    if (token && Date.now() - tokenAt < TOKEN_MS) return token;
    const response = await request(root.dataset.tokenUrl);
    if (!response?.ok) return null;
    const told = await response.json();
    if (someoneElse(told)) return null;
    token = told.token;
    tokenAt = Date.now();
    return token;
  }

  function stop() {
    clearTimeout(retry);
    clearTimeout(opening);
    source?.close();
    source = null;
  }

  async function connect() {
    stop();
    const current = await freshToken();
    if (!current) return later();
    source = new EventSource(`${root.dataset.liveUrl}/stream?token=${encodeURIComponent(current)}`);
    opening = setTimeout(later, OPEN_MS);
    source.addEventListener("ready", (event) => {
      clearTimeout(opening);
      waitMs = 500;
      const away = JSON.parse(event.data).away;
      show(away ? "slow" : "live");
      refreshAll();
    });
    source.addEventListener("hint", (event) => hint(JSON.parse(event.data)));
    source.addEventListener("away", () => show("slow"));
    source.addEventListener("back", () => { show("live"); refreshAll(); });
    source.addEventListener("renew", () => { token = null; connect(); });
    source.onerror = later;
  }

  function later() {
    stop();
    if (state === "signed-out") return;
    if (state !== "offline") show(navigator.onLine ? "slow" : "offline");
    if (waitMs > 2_000) token = null; // perhaps the token is what was refused
    retry = setTimeout(connect, waitMs / 2 + jitter(waitMs));
    waitMs = Math.min(waitMs * 2, MAX_WAIT_MS);
  }

  function hint(data) {
    for (const { name, ids, more } of data) {
      if (name !== "conversations") {
        document.body.dispatchEvent(new CustomEvent(`balie:${name}`, { detail: ids })); // parts of a page may listen
        continue;
      }
      if (more) everything = true;
      for (const id of ids) changed.add(id);
    }
    schedule();
  }

  function refreshAll() {
    everything = true;
    schedule();
  }

  // at most once a second, a little apart from all other browsers; seldom while nobody looks
  function schedule() {
    if (flushing) return;
    const gap = document.hidden ? HIDDEN_MS : EVERY_MS;
    flushing = setTimeout(flush, Math.max(0, flushAt + gap - Date.now()) + jitter(80));
  }

  async function flush() {
    flushing = 0;
    flushAt = Date.now();
    const ids = everything ? null : [...changed];
    everything = false;
    changed = new Set();
    if (ids && !ids.length) return;
    await Promise.allSettled(listeners.map((listener) => listener(ids)));
  }

  setInterval(() => {
    if (started && state !== "live" && state !== "signed-out" && !document.hidden) refreshAll();
  }, POLL_MS);

  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !started) return;
    clearTimeout(flushing);
    flushing = 0;
    if (source) refreshAll(); else connect();
  });
  window.addEventListener("online", () => { waitMs = 500; if (started) connect(); });
  window.addEventListener("offline", () => show("offline"));
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => { if (event.persisted && started) connect(); });

  balie.request = request;
  balie.live = {
    on: (listener) => listeners.push(listener),
    refresh: refreshAll,
    touch: (id) => { changed.add(id); schedule(); },
    start: () => { if (!started) { started = true; connect(); } },
    get state() { return state; },
  };
  if (started) connect();
})();
