// What the composer suggests while one types: quick replies after a slash, colleagues in notes after an @.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const WAIT_MS = 120;
  const KINDS = {
    reply: { at: /(^|\s)\/([\p{L}\p{N}_-]*)$/u, path: "replies/", choose: chooseReply },
    note: { at: /(^|\s)@([\p{L}\p{N}_.' -]{0,40})$/u, path: "colleagues/", choose: choosePerson },
  };
  let open = null; // { kind, field, box, begin, query }
  let timer = 0;
  let asked = 0;

  const options = () => [...(open?.box.querySelectorAll("[role=option]") ?? [])];
  const chosen = () => options().find((each) => each.getAttribute("aria-selected") === "true");

  // where a suggestion begins in the text before the cursor, or nothing
  function place(field, kind) {
    if (field.selectionStart !== field.selectionEnd) return null;
    const found = KINDS[kind].at.exec(field.value.slice(0, field.selectionStart));
    return found ? { begin: found.index + found[1].length, query: found[2] } : null;
  }

  function look(field) {
    const kind = field.form?.dataset.compose;
    const found = KINDS[kind] && place(field, kind);
    if (!found) return close();
    const same = open?.field === field && open.query === found.query && open.begin === found.begin;
    open = { ...(open ?? {}), kind, field, box: field.form.querySelector("[data-suggest]"), ...found };
    if (same) return;
    clearTimeout(timer);
    timer = setTimeout(fetchThem, WAIT_MS);
  }

  async function fetchThem() {
    if (!open) return;
    const mine = ++asked;
    const { kind, field, query } = open;
    const response = await balie.request(`${balie.composer.node().dataset.url}${KINDS[kind].path}?${new URLSearchParams({ q: query })}`);
    if (!response?.ok || mine !== asked || open?.field !== field || !field.isConnected) return;
    const nodes = balie.thread.parse(await response.text());
    if (mine !== asked || !open) return;
    if (kind === "note" && query.includes(" ") && !nodes.querySelector("[role=option]")) return close(); // a sentence goes on
    open.box.replaceChildren(nodes);
    open.box.hidden = false;
    field.setAttribute("aria-controls", open.box.id);
    select(options()[0]);
  }

  function select(option) {
    for (const each of options()) each.setAttribute("aria-selected", String(each === option));
    if (option) open.field.setAttribute("aria-activedescendant", option.id);
    option?.scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    if (!open) return;
    if (open.box) {
      open.box.hidden = true;
      open.box.replaceChildren();
    }
    open.field.removeAttribute("aria-activedescendant");
    open.field.removeAttribute("aria-controls");
    open = null;
  }

  function write(field, begin, end, words) {
    field.focus();
    field.setRangeText(words, begin, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function chooseReply(option, { field, begin }) {
    const end = field.selectionStart;
    const response = await balie.request(`${balie.composer.node().dataset.url}replies/${option.dataset.reply}/`, { method: "POST" });
    if (!response?.ok || !field.isConnected) return balie.composer.toast(balie.composer.text(response ? "refused" : "offline"));
    const { text } = await response.json();
    write(field, begin, end, text);
    nextBlank(field, begin);
  }

  // what is still to be filled in is selected, to be typed over
  function nextBlank(field, from) {
    const begin = field.value.indexOf("⟦", from);
    const end = field.value.indexOf("⟧", begin) + 1;
    if (begin < 0 || !end) return false;
    field.setSelectionRange(begin, end);
    return true;
  }

  function choosePerson(option, { field, begin }) {
    write(field, begin, field.selectionStart, `@${option.dataset.name} `);
    close(); // the name is whole: what was written just now asks for no other
  }

  function choose(option) {
    if (!option) return;
    const was = open;
    close();
    KINDS[was.kind].choose(option, was);
  }

  // a button types the sign that opens the list
  function begin(kind, sign) {
    balie.composer.write(kind);
    const field = balie.composer.field(kind);
    if (!field) return balie.composer.toast(balie.composer.text("noComposer"));
    const before = field.value.slice(0, field.selectionStart);
    write(field, field.selectionStart, field.selectionEnd, before && !/\s$/.test(before) ? ` ${sign}` : sign);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches?.(".composer-field")) look(event.target);
  });
  document.addEventListener("selectionchange", () => {
    if (open && document.activeElement === open.field && !place(open.field, open.kind)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (!open || open.box.hidden || event.target !== open.field || event.isComposing) return;
    const listed = options();
    const at = listed.indexOf(chosen());
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 5, PageUp: at - 5 }[event.key];
    if (to !== undefined && listed.length) {
      event.preventDefault();
      event.stopPropagation();
      select(listed[event.key.startsWith("Page") ? Math.min(Math.max(to, 0), listed.length - 1) : (to + listed.length) % listed.length]);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen() && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      event.stopPropagation();
      choose(chosen());
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  }, true);
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.key !== "Tab" || event.defaultPrevented || event.shiftKey || event.altKey || !target.matches?.(".composer-field")) return;
    if (nextBlank(target, target.selectionEnd)) event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest(".suggest [role=option]");
    if (option) {
      event.preventDefault(); // the field keeps the focus
      choose(option);
    } else if (open && !event.target.closest(".suggest") && event.target !== open.field) close();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-quick-replies]")) begin("reply", "/");
    if (event.target.closest("[data-mention]")) begin("note", "@");
  });
  document.addEventListener("balie:leaving", close);
})();
