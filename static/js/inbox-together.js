// Who else is here: says every ten seconds that one looks or types, shows the others; one's own conversations by number.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const BEAT_MS = 10_000;
  const TYPED_MS = 6_000; // so long after the last letter somebody still types
  const STRIP_MS = 10_000;
  let told = { id: "", state: "" };
  let typedAt = 0;
  let typedIn = "";
  let asked = 0;

  const thread = () => document.getElementById("thread");
  const strip = () => document.getElementById("own-strip");

  function state() {
    if (document.hidden || !document.hasFocus()) return "gone";
    return Date.now() - typedAt < TYPED_MS ? typedIn : "looking";
  }

  // --- looking and typing ----------------------------------------------------------------------------------------------
  async function say(now, current = thread()) {
    if (!current) return;
    if (now === "gone" && (told.state === "gone" || told.id !== current.dataset.id)) return;
    told = { id: current.dataset.id, state: now };
    const data = new FormData();
    data.set("state", now);
    const response = await balie.request(`${current.dataset.url}looking/`, { method: "POST", body: data, keepalive: now === "gone" });
    if (response?.ok && now !== "gone") show(current, await response.text());
  }

  function beat() {
    if (balie.live.state === "signed-out") return;
    const now = state();
    say(now);
    // in view without the focus: nobody says when a colleague's browser died
    if (now === "gone" && document.querySelector("#watching li")) look();
  }

  async function look() {
    const current = thread();
    if (!current || document.hidden) return;
    const response = await balie.request(`${current.dataset.url}looking/`);
    if (response?.ok) show(current, await response.text());
  }

  function show(current, html) {
    if (current !== thread()) return;
    const fresh = balie.thread.parse(html);
    const [here, typing] = [fresh.querySelector("#watching"), fresh.querySelector("#typing-line")];
    put(document.getElementById("watching"), here, () => document.getElementById("thread-scroll").before(here));
    put(document.getElementById("typing-line"), typing, () => document.getElementById("composer").before(typing));
  }

  function put(old, fresh, place) {
    if (!old) place();
    else if (old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches?.(".composer-field") || !event.target.value.trim()) return;
    const kind = event.target.form.dataset.compose === "note" ? "note" : "reply";
    const began = Date.now() - typedAt >= TYPED_MS || typedIn !== kind;
    [typedAt, typedIn] = [Date.now(), kind];
    if (began) say(kind);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.compose) return;
    typedAt = 0;
    say("looking");
  });
  document.addEventListener("balie:leaving", () => {
    typedAt = 0;
    say("gone");
  });
  document.addEventListener("balie:opened", () => {
    say(state());
    mark();
  });
  document.addEventListener("visibilitychange", beat);
  window.addEventListener("focus", beat);
  window.addEventListener("blur", beat);
  window.addEventListener("pagehide", () => say("gone"));
  document.body.addEventListener("balie:watching", (event) => {
    if (event.detail.includes(thread()?.dataset.id)) setTimeout(look, Math.random() * 300);
  });
  setInterval(beat, BEAT_MS);

  // --- one's own conversations -----------------------------------------------------------------------------------------
  const row = () => strip()?.querySelector(".own-list");
  let marked = null; // the one that was brought into sight last

  async function refreshStrip(ids) {
    if (!strip()) return; // the desk has none
    const known = ids?.some((id) => strip().querySelector(`[data-id="${CSS.escape(id)}"]`) || id === thread()?.dataset.id);
    if (ids && !known && Date.now() - asked < STRIP_MS) return;
    asked = Date.now();
    const response = await balie.request(strip().dataset.url);
    if (!response?.ok) return;
    const html = await response.text();
    if (strip().contains(document.activeElement)) return;
    const along = row()?.scrollLeft ?? 0;
    strip().replaceChildren(balie.thread.parse(html));
    htmx.process(strip());
    if (row()) row().scrollLeft = along;
    mark();
  }

  function mark() {
    if (!strip()) return;
    const open = thread()?.dataset.id;
    for (const one of strip().querySelectorAll("[data-own]")) {
      one.removeAttribute("aria-current");
      if (one.dataset.id !== open) continue;
      one.setAttribute("aria-current", "true");
      if (marked !== open) one.scrollIntoView({ block: "nearest", inline: "nearest" }); // where the row is wider than the page
    }
    marked = open;
  }

  function own(number) {
    const one = strip()?.querySelector(`[data-own="${number}"]`);
    if (one) balie.open(one.href);
  }

  // --- what concerns this person ---------------------------------------------------------------------------------------
  for (const name of ["mentioned", "assigned", "teamed", "woken", "answered", "unanswered", "followed"]) {
    document.body.addEventListener(`balie:${name}`, (event) => {
      refreshStrip(null);
      const id = event.detail.find((each) => each !== thread()?.dataset.id);
      if (id) tell(name, id);
    });
  }

  function tell(name, id) {
    const words = document.getElementById("inbox-words").content.querySelector(`[data-concerns="${name}"]`);
    if (!words) return;
    const line = words.cloneNode(true);
    line.querySelector("a").href = line.querySelector("a").href.replace("00000000-0000-0000-0000-000000000000", id);
    document.getElementById("toasts").append(line);
  }

  strip()?.addEventListener("htmx:afterSwap", () => {
    delete strip().dataset.expected;
    mark();
  });
  balie.live.on(refreshStrip);
  beat();
  balie.together = { own };
})();
