// Says once a minute that a page is open and somebody sits at it, and changes one's presence without leaving the page.
"use strict";

(() => {
  const switched = () => document.getElementById("presence");
  if (!switched()) return;

  const EVERY_MS = 60_000;
  const JITTER_MS = 5_000;
  const UNTOUCHED_MS = 3_600_000; // a page that nobody has touched for an hour is one nobody sits at
  let beatAt = 0;
  let touchedAt = Date.now();
  let timer = 0;

  const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}"), "HX-Request": "true" });

  function show(presence) {
    for (const dot of document.querySelectorAll("[data-own-presence]")) dot.dataset.presence = presence;
    for (const word of document.querySelectorAll("[data-presence-word]")) word.hidden = word.dataset.presenceWord !== presence;
  }

  async function beat() {
    clearTimeout(timer);
    timer = setTimeout(beat, EVERY_MS + Math.random() * JITTER_MS);
    if (Date.now() - beatAt < EVERY_MS / 2 || Date.now() - touchedAt > UNTOUCHED_MS) return;
    beatAt = Date.now();
    try {
      const response = await fetch(switched().dataset.beatUrl, { method: "POST", credentials: "same-origin", headers: headers() });
      if (response.status === 401 || response.redirected) return clearTimeout(timer);
      if (response.ok) show((await response.json()).presence);
    } catch { /* offline: the next beat says it */ }
  }

  function say(words) {
    const toast = Object.assign(document.createElement("div"), { className: "toast", textContent: words });
    document.getElementById("toasts")?.append(toast);
  }

  function touched() {
    const away = Date.now() - touchedAt > UNTOUCHED_MS;
    touchedAt = Date.now();
    if (away) beat();
  }

  async function choose(form, button) {
    const data = new FormData(form);
    if (button?.name) data.set(button.name, button.value);
    const response = await fetch(form.action, { method: "POST", credentials: "same-origin", headers: headers(), body: data }).catch(() => null);
    if (!response || (!response.ok && response.status !== 422)) return form.submit();
    const holder = document.createElement("template");
    holder.innerHTML = await response.text();
    const fresh = holder.content.querySelector("#presence");
    if (!fresh) return location.reload();
    switched().replaceWith(fresh);
    show(fresh.dataset.presence);
    if (fresh.dataset.said) say(fresh.dataset.said);
    const menu = fresh.closest("details");
    if (response.ok && menu) { menu.open = false; menu.querySelector("summary")?.focus(); }
    document.dispatchEvent(new CustomEvent("balie:presence", { detail: fresh.dataset.presence }));
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.closest("#presence")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    choose(event.target, event.submitter);
  }, true);

  for (const name of ["pointerdown", "pointermove", "keydown", "wheel"]) document.addEventListener(name, touched, { capture: true, passive: true });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { touched(); beat(); } });
  beat();
})();
