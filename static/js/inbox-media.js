// Files that are about to be sent: chosen, pasted or dropped.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const MAX_BYTES = 100 * 1024 * 1024; // of any file; the server knows the bound of each kind
  const MAX_FILES = 10;
  const kept = new Map(); // conversation -> the files that are to go with its next answer
  let addresses = [];

  const current = () => balie.composer.current();
  const here = () => kept.get(current()) ?? [];

  function show() {
    addresses.forEach((address) => URL.revokeObjectURL(address));
    addresses = [];
    const remove = (file) => put(current(), here().filter((each) => each !== file));
    balie.composer.form()?.querySelector("[data-attachments]")?.replaceChildren(...here().map((file) => tile(file, remove)));
  }

  function put(id, files) {
    if (files.length) kept.set(id, files); else kept.delete(id);
    if (id === current()) show();
  }

  // they leave with the answer
  function take() {
    const files = here();
    put(current(), []);
    return files;
  }

  const giveBack = (id, files) => put(id, [...files, ...(kept.get(id) ?? []).filter((file) => !files.includes(file))]);

  function add(chosen) {
    const { field, text, toast, why, write } = balie.composer;
    if (!chosen.length) return;
    if (!field()) return toast(text("noComposer"));
    write("reply");
    const fit = chosen.filter((file) => file.size && file.size <= MAX_BYTES);
    const all = [...here(), ...fit];
    put(current(), all.slice(0, MAX_FILES));
    if (chosen.some((file) => !file.size)) why(text("emptyFile"));
    else if (fit.length < chosen.length) why(text("bigFile"));
    else why(all.length > MAX_FILES ? text("manyFiles", { most: MAX_FILES, n: all.length - MAX_FILES }) : "");
    field().focus();
  }

  // a table or a text that an office program copies brings a picture of itself along: the words are meant
  function pasted(clipboard) {
    const words = clipboard.types.includes("text/html") && clipboard.getData("text/plain").trim();
    return words ? [] : [...clipboard.files];
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-file]")) return;
    add([...event.target.files]);
    event.target.value = "";
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData || !event.target.closest?.('#composer [data-part="reply"]')) return;
    const files = pasted(event.clipboardData);
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });
  document.addEventListener("balie:opened", show);

  function tile(file, remove) {
    const node = document.getElementById("inbox-words").content.querySelector(".attachment").cloneNode(true);
    if (file.type.startsWith("image/")) {
      const address = URL.createObjectURL(file);
      addresses.push(address);
      const picture = document.createElement("img");
      picture.src = address;
      picture.alt = "";
      node.querySelector(".tile-media-icon").replaceWith(picture);
    }
    node.querySelector("[data-name]").textContent = file.name;
    node.querySelector("[data-size]").textContent = size(file.size);
    node.querySelector("button").addEventListener("click", () => remove(file));
    return node;
  }

  function size(bytes) {
    const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
    const lang = document.documentElement.lang || "en";
    return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(value);
  }

  const pane = document.getElementById("thread-pane");
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  pane.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    pane.dataset.dropping = "yes";
  });
  pane.addEventListener("dragleave", (event) => {
    if (!pane.contains(event.relatedTarget)) delete pane.dataset.dropping;
  });
  pane.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    delete pane.dataset.dropping;
    add([...event.dataTransfer.files]);
  });

  balie.files = { here, show, take, giveBack };
})();
