// The form of a message template: counts, keeps what is typed, shows what does not fit, and asks for the preview anew.
"use strict";

(() => {
  const WAIT_MS = 450;
  let timer = 0;
  let dirty = false;
  let handedIn = false;

  const form = () => document.querySelector("[data-template-form]");

  function say(state) {
    const line = document.querySelector("[data-saved]");
    if (!line) return;
    const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    const words = line.dataset[`words${state}`];
    line.textContent = state === "Saved" ? `${words} ${now}` : words;
    line.dataset.state = state === "Offline" ? "broken" : "";
  }

  function count(field) {
    const limit = Number(field.dataset.limit);
    if (!limit || (limit > 200 && field.value.length < limit * 0.5)) {
      field.parentElement.querySelector(".counter")?.remove();
      return;
    }
    let counter = field.parentElement.querySelector(".counter");
    if (!counter) {
      counter = document.createElement("span");
      counter.className = "counter";
      field.after(counter);
    }
    counter.textContent = `${field.value.length} / ${limit}`;
    counter.dataset.state = field.value.length > limit ? "broken" : "";
  }

  function showProblems() {
    const box = document.getElementById("problem-box");
    const said = new Map([...(box?.children ?? [])].map((line) => [line.dataset.field, line.textContent]));
    for (const slot of document.querySelectorAll("#template-form .problem")) {
      const words = said.get(slot.id.replace("problem-", ""));
      const shown = slot.textContent.trim();
      if (words === shown || (!words && !shown)) continue;
      slot.replaceChildren();
      if (!words) continue;
      const line = document.createElement("p");
      line.className = "field-error";
      line.setAttribute("role", "alert");
      line.textContent = words;
      slot.append(line);
    }
  }

  function later() {
    dirty = true;
    say("Saving");
    clearTimeout(timer);
    timer = setTimeout(now, WAIT_MS);
  }

  function now() {
    clearTimeout(timer);
    const keeper = document.querySelector("[data-typed]");
    if (keeper) htmx.trigger(keeper, "typed");
  }

  function reshape() {
    clearTimeout(timer);
    form().querySelector('[name="act"][value="show"]').click(); // htmx sends a button along only when it was clicked
  }

  function addVariable(field) {
    const found = [...field.value.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((each) => each[1]);
    const named = found.some((name) => !/^\d+$/.test(name));
    const next = Math.max(0, ...found.filter((name) => /^\d+$/.test(name)).map(Number)) + 1;
    const word = named ? `variable_${found.length + 1}` : String(next);
    field.setRangeText(`{{${word}}}`, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function linkSamples() {
    for (const part of document.querySelectorAll("[data-when-variable]")) {
      const url = part.parentElement.querySelector('[name$=".url"]');
      part.hidden = !url?.value.includes("{{");
    }
  }

  function ready() {
    document.querySelectorAll("#template-form [data-limit]").forEach(count);
    linkSamples();
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-template-name]")) {
      const at = event.target.selectionStart;
      event.target.value = event.target.value.toLowerCase().replace(/[\s-]/g, "_");
      event.target.setSelectionRange(at, at);
    }
    if (!event.target.closest("[data-template-form]") || event.target.type === "file") return;
    if (event.target.matches("[data-limit]")) count(event.target);
    linkSamples();
    if (!event.target.matches("[data-reshapes]")) later();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-reshapes]")) reshape();
    if (event.target.matches("[data-uploads]") && event.target.files.length) reshape();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest('#template-form [name="act"][value="submit"]')) handedIn = true;
    const button = event.target.closest("[data-variable]");
    if (button) addVariable(document.getElementById(button.dataset.variable));
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "template-preview" || event.target.closest?.("#template-editor")) {
      ready();
      showProblemsAfter(event);
      if (handedIn) toFirstProblem();
      handedIn = false;
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.target.closest?.("#template-editor") || event.detail.requestConfig?.verb !== "post") return;
    if (event.detail.successful || event.detail.xhr?.status === 422) {
      dirty = false;
      say("Saved");
    } else {
      say("Offline");
      timer = setTimeout(now, 5000);
    }
  });
  function toFirstProblem() {
    const first = document.querySelector("#template-form .field-error");
    const asked = document.querySelector('#template-form [name="tried"]')?.value === "yes";
    if (!first || !asked) return;
    first.closest(".field, .samples, .button-row, .card")?.scrollIntoView({ block: "center" });
  }

  function showProblemsAfter(event) {
    if (event.target.id === "template-preview") showProblems();
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !dirty || !form()) return;
    const body = new FormData(form());
    fetch(form().action, { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } });
    dirty = false;
  });
  ready();
})();
