// Files that are about to be sent: chosen, pasted or dropped.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  // --- what is about to be sent --------------------------------------------------------------------------------------
  let addresses = [];

  function show(place, files, remove) {
    addresses.forEach((address) => URL.revokeObjectURL(address));
    addresses = [];
    place?.replaceChildren(...files.map((file) => tile(file, remove)));
  }

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
    balie.composer.add([...event.dataTransfer.files]);
  });

  balie.attachments = { show };
})();
