// The composer: what it offers, what is being written, files and quotes. Sending is in inbox-sending.js.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const MOST_CHARS = 4096;
  const MANY_CHARS = 3500;
  const TYPING_MS = 25_000;
  const typed = new Map(); // conversation -> when its customer was last told that we type

  const composer = () => document.getElementById("composer");
  const form = (kind = "reply") => composer()?.querySelector(`form[data-compose="${kind}"]`);
  const field = (kind = "reply") => form(kind)?.querySelector("textarea");
  const current = () => balie.thread.thread()?.dataset.id;
  const text = (name, values = {}) => {
    const words = document.getElementById("inbox-words").content.querySelector(`[data-word="${name}"]`).textContent;
    return words.replace(/\{(\w+)\}/g, (_whole, key) => values[key]);
  };

  function why(message, kind = "reply") {
    if (balie.live.state === "signed-out" && message === text("offline")) message = text("signed-out");
    const line = form(kind)?.querySelector("[data-why]") ?? composer()?.querySelector("[data-why]");
    if (!line) return;
    line.textContent = message;
    line.hidden = !message;
    line.dataset.state = "error";
    line.setAttribute("role", "alert");
  }

  function toast(message, state = "error") {
    if (balie.live.state === "signed-out" && message === text("offline")) return; // the bar says why, and leads back in
    const place = document.getElementById("toasts");
    for (const said of place.querySelectorAll(".toast")) if (said.textContent === message) said.remove(); // once is enough
    const line = document.createElement("div");
    line.className = "toast";
    line.dataset.state = state;
    line.append(Object.assign(document.createElement("p"), { textContent: message }));
    place.append(line);
    setTimeout(() => line.remove(), 12_000);
  }

  // --- notes and templates -----------------------------------------------------------------------------------------
  async function submit(sent, kind) {
    if (sent.dataset.busy) return;
    const [id, data] = [current(), new FormData(sent)];
    if (kind === "note" && !data.get("body").trim()) return why(text("empty"), kind);
    sent.dataset.busy = "yes";
    if (kind === "note") await balie.drafts.leaves(id, kind);
    const response = await balie.request(sent.action, { method: "POST", body: data });
    const html = await response?.text().catch(() => null);
    delete sent.dataset.busy;
    if (kind === "note" && !response?.ok) balie.drafts.stays(kind);
    if (html == null) return sent.isConnected ? why(text("offline"), kind) : toast(text("offline")); // its token stays
    const fresh = balie.thread.parse(html);
    if (response.ok && kind === "note") settled(sent, { id, body: data.get("body") });
    if (!sent.isConnected) return response.ok ? balie.thread.refresh() : toast(text("refused")); // somebody went on
    if (response.ok) {
      balie.thread.put([...fresh.querySelectorAll("li[data-key]")]);
      balie.thread.toNewest();
      why("", kind);
      if (kind === "template") reload();
      balie.live.touch(id);
    } else if (kind === "template" && response.status === 422) {
      const form = fresh.querySelector("form");
      sent.replaceWith(form);
      htmx.process(form);
    } else {
      why(fresh.querySelector("[data-state='error']")?.textContent.trim() || text("refused"), kind);
    }
    grow();
  }

  // the field is ready for the next note; what was typed meanwhile is its beginning
  function settled(sent, { id, body }) {
    const [area, plain] = [sent.elements.body, (words) => words.replace(/\r\n/g, "\n")];
    const rest = plain(area.value).startsWith(plain(body)) ? plain(area.value).slice(plain(body).length).trimStart() : area.value;
    area.value = rest;
    sent.elements.token.value = crypto.randomUUID();
    balie.drafts.forget(id, "note", body);
    if (rest && sent.isConnected) type(rest, "note");
  }

  // --- what the composer looks like --------------------------------------------------------------------------------
  function replace(fresh) {
    if (fresh?.dataset.url !== composer()?.dataset.url) return; // that of the conversation before
    const written = new Map(["reply", "note"].map((kind) => [kind, field(kind)]));
    const quoted = quoting();
    for (const slot of ["[data-undo-slot]", "[data-ask-slot]"]) { // what can still be taken back stays so
      fresh.querySelector(slot)?.replaceChildren(...composer().querySelector(slot)?.childNodes ?? []);
    }
    fresh.querySelector("[data-newest]").hidden = composer().querySelector("[data-newest]").hidden;
    const [focus, { mode }] = [balie.focus.hold({ same: true }), composer().dataset];
    composer().replaceWith(fresh);
    htmx.process(fresh);
    if (mode === "note") show("note"); // what is meant for colleagues stays among them
    if (quoted && form() && !quoting()) quote({ dataset: quoted }, { focus: false });
    balie.files.show();
    if (!written.get("reply") && field()) balie.drafts.restore();
    for (const [kind, old] of written) {
      const now = field(kind);
      if (!now || !old || old.value === now.value) continue; // an empty field too: its words have left
      Object.assign(now.dataset, old.dataset);
      now.value = old.value;
    }
    if (!field()) keepInSight(written.get("reply"));
    focus();
    balie.drafts.marks();
    grow();
  }

  // no answer can be written now: what was begun can still be read, and comes back with the field
  function keepInSight(old) {
    const place = composer().querySelector('[data-part="reply"]');
    if (!old?.value.trim() || !place || place.querySelector(".composer-kept")) return;
    const kept = old.cloneNode();
    for (const name of ["name", "placeholder", "aria-autocomplete", "data-draft-at"]) kept.removeAttribute(name);
    kept.classList.add("composer-kept");
    kept.readOnly = true;
    kept.value = old.value;
    place.append(kept);
  }

  async function reload() {
    const response = await balie.request(`${composer().dataset.url}composer/`);
    if (response?.ok) replace(balie.thread.parse(await response.text()).querySelector("#composer"));
  }

  // the thread's news tell what may be written now
  function follow(told) {
    const here = composer();
    if (!here) return;
    if (here.dataset.offers !== told.offers || here.dataset.tongue !== told.tongue) return reload();
    here.dataset.closesAt = told.closesAt;
    windowLine();
  }

  function write(mode) {
    if (!show(mode)) return;
    const part = composer().querySelector(`[data-part="${mode}"]`);
    const area = part.querySelector("textarea:not([readonly])");
    (area ?? part.querySelector("input:not([type=hidden]), a[href], button"))?.focus();
    if (!area) balie.ahead.noField();
  }

  function show(mode) {
    const here = composer();
    if (!here?.querySelector(`[data-part="${mode}"]`)) return false;
    here.dataset.mode = mode;
    for (const part of here.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== mode;
    for (const button of here.querySelectorAll("[data-write]")) {
      button.setAttribute("aria-pressed", String(button.dataset.write === mode));
    }
    return true;
  }

  function grow() {
    for (const area of composer()?.querySelectorAll(".composer-field") ?? []) {
      if (!CSS.supports("field-sizing", "content")) area.rows = Math.min(8, area.value.split("\n").length);
    }
    for (const kind of ["reply", "note"]) {
      const count = form(kind)?.querySelector("[data-count]");
      if (!count) continue;
      const length = lengthOf(field(kind)?.value ?? "", kind);
      count.hidden = length < MANY_CHARS;
      count.textContent = `${length} / ${MOST_CHARS}`;
      count.toggleAttribute("data-over", length > MOST_CHARS);
    }
  }

  // as the platform counts it, with what stands below every answer
  function lengthOf(words, kind = "reply") {
    const signature = form(kind)?.querySelector("[data-signature]")?.dataset.signature;
    return [...words].length + (signature ? [...signature].length + 2 : 0);
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

  function quote(button, { focus = true } = {}) {
    const sent = form();
    if (!sent) return;
    sent.elements.quoting.value = button.dataset.quote;
    sent.querySelector("[data-quoting]").hidden = false;
    sent.querySelector("[data-quoting-from]").textContent = button.dataset.quoteFrom;
    sent.querySelector("[data-quoting-text]").textContent = button.dataset.quoteText;
    if (focus) write("reply");
    balie.drafts.later();
  }

  // what is quoted now, as the button that quotes it says it
  function quoting() {
    const sent = form();
    if (!sent?.elements.quoting?.value) return null;
    const told = (name) => sent.querySelector(`[data-quoting-${name}]`).textContent;
    return { quote: sent.elements.quoting.value, quoteFrom: told("from"), quoteText: told("text") };
  }

  function unquote() {
    if (!form()) return;
    form().elements.quoting.value = "";
    form().querySelector("[data-quoting]").hidden = true;
    balie.drafts.later();
  }

  // the customer sees that the holder writes; the server knows who holds and how often
  function typing() {
    const now = Date.now();
    if (now - (typed.get(current()) ?? 0) < TYPING_MS) return;
    typed.set(current(), now);
    balie.request(`${composer().dataset.url}typing/`, { method: "POST" });
  }

  // after sending: an empty field, no quote, no files
  function clear() {
    const body = field().value;
    field().value = "";
    unquote();
    balie.drafts.forget(current(), "reply", body);
    balie.files.take();
    why("");
    grow();
  }

  // words that could not leave come back in front of what was written since
  function giveBack(id, body, { files: returned = [], quoted = null } = {}) {
    const here = id === current();
    balie.files.giveBack(id, returned);
    if (!here || !field()) {
      if (body) balie.drafts.putAside(id, body);
      return;
    }
    if (quoted && !quoting()) quote({ dataset: quoted }, { focus: false });
    if (body && field().value.trim() !== body.trim()) type([body, field().value].filter(Boolean).join("\n"));
    grow();
    field().focus();
  }

  // as if somebody had typed it
  function type(words, kind = "reply") {
    field(kind).value = words;
    field(kind).dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- events ------------------------------------------------------------------------------------------------------
  document.addEventListener("submit", (event) => {
    const kind = event.target.dataset.compose;
    if (!kind) return;
    event.preventDefault();
    if (kind === "reply") balie.sending.compose(event.submitter);
    else submit(event.target, kind);
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches(".composer-field")) return;
    grow();
    if (event.target === field() && event.isTrusted && event.target.value.trim()) typing();
  });
  document.addEventListener("balie:filled", grow);
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-write]")) write(on("[data-write]").dataset.write);
    if (on("[data-quote]")) quote(on("[data-quote]"));
    if (on("[data-unquote]")) unquote();
    if (on("[data-free-text]")) reload();
    if (on("[data-use-template]")) {
      htmx.ajax("GET", `${composer().dataset.url}templates/`, { target: '#composer [data-part="reply"] form', swap: "outerHTML" })
        .then(() => composer()?.querySelector('[data-part="reply"] :is(input, a[href], button)')?.focus());
    }
  });
  document.addEventListener("balie:opened", () => {
    grow();
    windowLine();
  });
  setInterval(windowLine, 20_000);

  balie.composer = {
    follow, write, quote, quoting, unquote, reload, replace, why, text, toast, form, field, clear, giveBack, type, lengthOf,
    node: composer,
    current,
  };
})();
