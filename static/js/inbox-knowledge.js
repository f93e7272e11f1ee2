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
    const one = dialog();
    if (!one || one.open) return;
    const home = one.parentElement;
    document.body.append(one); // a phone shows one pane at a time: inside another one it would stay unseen
    one.addEventListener("close", () => (home.isConnected ? home.append(one) : one.remove()), { once: true });
    one.showModal();
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
    if (document.getElementById("inbox").dataset.pane === "contact") document.querySelector(".contact-back")?.click();
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

  // a quick reply that stands beside the conversation, with its placeholders filled; what is missing is typed over
  async function use(button) {
    const response = await balie.request(button.dataset.useReply, { method: "POST" });
    if (!response?.ok) return balie.composer.toast(balie.composer.text(response ? "refused" : "offline"));
    const { text } = await response.json();
    const fold = button.closest(".for-whom");
    if (fold) fold.open = false;
    put(text);
    const field = document.activeElement;
    const [mark, end] = [field?.value?.indexOf("⟦") ?? -1, field?.value?.indexOf("⟧") ?? -1];
    if (mark >= 0 && end > mark) field.setSelectionRange(mark, end + 1);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-knowledge]")) open();
    const hit = event.target.closest("[data-insert-article]");
    if (hit) insert(hit);
    const reply = event.target.closest("[data-use-reply]");
    if (reply) use(reply);
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
