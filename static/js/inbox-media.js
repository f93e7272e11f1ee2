// Files in the inbox: what is about to be sent, dropped files, voice messages, pictures in place.
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

  // --- sounds --------------------------------------------------------------------------------------------------------
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  function play(player) {
    const sound = player.querySelector("audio");
    if (!sound.paused) return sound.pause();
    for (const other of document.querySelectorAll("[data-voice] audio")) if (other !== sound) other.pause();
    sound.play().catch(() => { player.querySelector(".voice-time").textContent = balie.composer.text("noSound"); });
  }

  function progress(player, sound) {
    const part = sound.duration ? sound.currentTime / sound.duration : 0;
    const track = player.querySelector(".voice-track");
    if (track) track.value = String(part * 1000);
    const bars = [...player.querySelectorAll(".voice-wave rect")];
    bars.forEach((bar, index) => bar.toggleAttribute("data-heard", index < part * bars.length));
    player.querySelector(".voice-time").textContent = clock(sound.currentTime);
  }

  for (const name of ["play", "pause", "ended", "timeupdate"]) {
    document.addEventListener(name, (event) => {
      const player = event.target.closest?.("[data-voice]");
      if (!player) return;
      player.dataset.state = event.target.paused ? "paused" : "playing";
      progress(player, event.target);
    }, true);
  }

  function seek(player, part) {
    const sound = player.querySelector("audio");
    if (sound.duration) sound.currentTime = part * sound.duration;
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches(".voice-track")) seek(event.target.closest("[data-voice]"), Number(event.target.value) / 1000);
  });

  // --- pictures --------------------------------------------------------------------------------------------------------
  function enlarge(link) {
    const dialog = document.getElementById("picture");
    const picture = dialog.querySelector("img");
    picture.src = link.href;
    picture.alt = link.querySelector("img")?.alt ?? "";
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on(".voice-button")) play(on("[data-voice]"));
    if (on("[data-seek]")) {
      const box = on("[data-seek]").getBoundingClientRect();
      seek(on("[data-voice]"), (event.clientX - box.left) / box.width);
    }
    if (on("[data-open-picture]") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      enlarge(on("[data-open-picture]"));
    }
    if (event.target.id === "picture") event.target.close();
  });

  balie.attachments = { show };
})();
