// The "+" of the composer: a menu that arrow keys walk through, and small dialogs with the bubble as it will look.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const PREVIEW_MS = 300;
  const dialog = document.getElementById("offer");
  let about = ""; // the conversation the open dialog belongs to
  let timer = 0;
  let asked = 0;

  // --- the menu ----------------------------------------------------------------------------------------------------
  const menu = () => document.querySelector("#composer [data-more]");

  function walk(event) {
    const open = event.target.closest?.("[data-more]");
    if (!open) return;
    if (event.key === "Escape" && open.open) { // closes the menu, not the thread behind it
      event.stopPropagation();
      open.open = false;
      return open.querySelector("summary").focus();
    }
    const items = [...open.querySelectorAll("[role=menuitem]")];
    const place = items.indexOf(document.activeElement);
    const to = { ArrowDown: place + 1, ArrowUp: place < 0 ? items.length - 1 : place - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    open.open = true;
    items[(to + items.length) % items.length].focus();
  }

  // --- the dialogs ---------------------------------------------------------------------------------------------------
  const address = (kind) => `${balie.composer.node().dataset.url}offer/${kind}/`;

  async function open(kind) {
    menu()?.removeAttribute("open");
    const here = balie.composer.current();
    const response = await balie.request(address(kind));
    if (here !== balie.composer.current()) return;
    if (!response?.ok) return balie.composer.toast(balie.composer.text(response ? "refused" : "offline"));
    about = here;
    show(await response.text());
    const form = dialog.querySelector("form");
    form.elements.quoting.value = balie.composer.form()?.elements.quoting.value ?? "";
    const written = balie.composer.field()?.value.trim() ?? "";
    if (form.elements.body && written) form.elements.body.value = written; // what was begun goes along
    dialog.showModal();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    preview();
  }

  function show(html) {
    dialog.replaceChildren(balie.thread.parse(html));
    for (const field of dialog.querySelectorAll("[data-counted]")) count(field);
  }

  function count(field) {
    const most = Number(field.dataset.counted);
    const length = [...field.value].length;
    let line = field.parentElement.querySelector(".field-count");
    if (!line) {
      line = Object.assign(document.createElement("span"), { className: "field-count tiny soft" });
      field.after(line);
    }
    line.textContent = `${length} / ${most}`;
    line.hidden = length < most * 0.6;
    line.toggleAttribute("data-over", length > most);
  }

  function preview() {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const form = dialog.querySelector("form");
      if (!form) return;
      const mine = ++asked;
      const data = new FormData(form);
      data.set("preview", "1");
      const response = await balie.request(form.action, { method: "POST", body: data });
      if (!response?.ok || mine !== asked) return;
      dialog.querySelector("[data-offer-preview]")?.replaceChildren(balie.thread.parse(await response.text()));
    }, PREVIEW_MS);
  }

  async function send(form) {
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    const used = form.elements.body?.value.trim();
    const response = await balie.request(form.action, { method: "POST", body: new FormData(form) });
    delete form.dataset.busy;
    if (!response || response.status >= 500) return problem(balie.composer.text("offline")); // the token stays: pressed again it is the same one
    const text = await response.text();
    if (!response.ok) {
      show(text);
      dialog.querySelector("[data-state=error] :is(input, textarea, select)")?.focus();
      return;
    }
    dialog.close();
    const field = balie.composer.field();
    if (about === balie.composer.current() && field && field.value.trim() === used) balie.composer.type(""); // and so its draft goes
    if (about === balie.composer.current()) balie.composer.unquote();
    balie.sending.accept(about, balie.thread.parse(text));
  }

  function problem(words) {
    let line = dialog.querySelector("[data-offer-problem]");
    if (!line) {
      line = Object.assign(document.createElement("p"), { className: "composer-why" });
      line.dataset.offerProblem = "";
      line.dataset.state = "error";
      line.setAttribute("role", "alert");
      dialog.querySelector(".dialog-foot").prepend(line);
    }
    line.textContent = words;
  }

  function addRow() {
    const row = dialog.querySelector("[data-row][hidden]");
    if (!row) return;
    row.hidden = false;
    row.querySelector("input").focus();
    dialog.querySelector("[data-add-row]").hidden = !dialog.querySelector("[data-row][hidden]");
  }

  // --- events ----------------------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-offer]")) open(on("[data-offer]").dataset.offer);
    if (on("[data-add-row]")) addRow();
    if (on("[data-choose-sticker]")) document.querySelector("#composer [data-sticker-file]")?.click();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-sticker-file]")) return;
    const [file] = event.target.files;
    event.target.value = "";
    if (file) balie.sending.sendFile(file, { sticker: "1" });
  });
  document.addEventListener("keydown", walk, true);
  dialog.addEventListener("input", (event) => {
    if (event.target.matches("[data-counted]")) count(event.target);
    preview();
  });
  dialog.addEventListener("change", preview);
  dialog.addEventListener("close", () => dialog.replaceChildren());
  document.addEventListener("submit", (event) => {
    if (!("offerForm" in event.target.dataset)) return;
    event.preventDefault();
    send(event.target);
  });
})();
