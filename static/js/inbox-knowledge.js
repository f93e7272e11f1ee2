// What the company knows: a dialog that finds articles while one types and puts one into the answer.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const TYPED_MS = 180;
  const MAX_CHARS = 4096;
  let later = 0;
  let asked = 0;

  const dialog = () => document.getElementById("knowledge");
  const search = () => dialog().querySelector("[data-knowledge-search]");
  const hits = () => dialog().querySelector("[data-knowledge-hits]");
  const choices = () => [...hits().querySelectorAll("[data-insert-article]")];

  function open() {
    if (!dialog() || dialog().open) return;
    dialog().showModal();
    search().select();
    find();
  }

  async function find() {
    const mine = (asked += 1);
    const query = new URLSearchParams({ q: search().value, language: dialog().dataset.language });
    const response = await balie.request(`${dialog().dataset.findUrl}?${query}`);
    if (!response?.ok || mine !== asked || !dialog()) return;
    hits().replaceChildren(balie.thread.parse(await response.text()));
  }

  // where the cursor stands, or at the end; what stands there already stays
  function put(text) {
    const field = document.querySelector('#composer [data-part]:not([hidden]) textarea.composer-field:not([readonly])');
    if (!field) return balie.composer.toast(balie.composer.text("noComposer"));
    const [start, end] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    const before = field.value.slice(0, start);
    const gap = before && !/\s$/.test(before) ? "\n" : "";
    field.value = before + gap + text + field.value.slice(end);
    const at = start + gap.length + text.length;
    field.focus();
    field.setSelectionRange(at, at);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field.value.length > MAX_CHARS) balie.composer.why(balie.composer.text("long", { n: field.value.length }));
  }

  async function insert(button) {
    const response = await balie.request(button.dataset.insertArticle);
    if (!response?.ok) return balie.composer.toast(balie.composer.text("refused"));
    const { text } = await response.json();
    dialog()?.close();
    put(text);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-knowledge]")) open();
    const hit = event.target.closest("[data-insert-article]");
    if (hit) insert(hit);
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-knowledge-search]")) return;
    clearTimeout(later);
    later = setTimeout(find, TYPED_MS);
  });

  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.code === "KeyB" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open();
    }
    if (!dialog()?.open || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    const at = choices().indexOf(document.activeElement);
    if (event.key === "Enter") {
      if (at >= 0 || !choices().length) return; // the button does it
      event.preventDefault();
      insert(choices()[0]);
      return;
    }
    event.preventDefault();
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    if (next < 0) search().focus();
    else choices()[Math.min(next, choices().length - 1)]?.focus();
  });

  balie.knowledge = { open };
})();
