// Looks at the pictures and videos of a thread in full size: next and previous, larger and smaller, by pointer and keys.
"use strict";

(() => {
  const dialog = document.getElementById("picture");
  if (!dialog) return;

  const ZOOMS = [1, 1.5, 2, 3, 4];
  const picture = dialog.querySelector("img");
  const video = dialog.querySelector("video");
  const stage = dialog.querySelector("[data-viewer-stage]");
  const button = (name) => dialog.querySelector(`[data-viewer="${name}"]`);
  let links = [];
  let at = 0;
  let zoom = 1;

  function open(link) {
    links = [...document.querySelectorAll("#thread-list [data-open-picture]")];
    at = Math.max(links.indexOf(link), 0);
    for (const player of document.querySelectorAll("#thread-list :is(audio, video)")) player.pause();
    dialog.showModal();
    show();
    stage.focus();
  }

  function show() {
    const link = links[at];
    const moves = link.dataset.openPicture === "video";
    empty();
    picture.hidden = moves;
    video.hidden = !moves;
    if (moves) {
      const small = link.parentElement.querySelector("video");
      video.poster = small?.poster ?? "";
      video.src = link.href;
      video.currentTime = small?.currentTime ?? 0; // goes on where it was
    } else {
      picture.src = link.href;
      picture.alt = link.querySelector("img")?.alt ?? "";
    }
    for (const name of ["smaller", "larger"]) button(name).hidden = moves;
    dialog.querySelector("[data-viewer-download]").href = `${link.href}?download=1`;
    dialog.querySelector("[data-viewer-caption]").textContent = link.closest(".bubble")?.querySelector(".bubble-text")?.textContent ?? "";
    dialog.querySelector("[data-viewer-where]").textContent = balie.composer.text("ofAll", { n: at + 1, all: links.length });
    button("previous").hidden = at === 0;
    button("next").hidden = at === links.length - 1;
    scale(1);
  }

  function empty() {
    picture.removeAttribute("src");
    video.pause();
    for (const name of ["src", "poster"]) video.removeAttribute(name);
    video.load(); // lets go of what was being fetched
  }

  function step(by) {
    const next = at + by;
    if (next < 0 || next >= links.length) return;
    at = next;
    show();
  }

  function scale(to) {
    zoom = to;
    dialog.dataset.zoom = String(zoom).replace(".", "-");
    button("smaller").disabled = zoom === ZOOMS[0];
    button("larger").disabled = zoom === ZOOMS.at(-1);
    stage.scrollTo((stage.scrollWidth - stage.clientWidth) / 2, (stage.scrollHeight - stage.clientHeight) / 2);
  }

  const larger = (by) => video.hidden && scale(ZOOMS[Math.min(Math.max(ZOOMS.indexOf(zoom) + by, 0), ZOOMS.length - 1)]);
  const ACTS = { previous: () => step(-1), next: () => step(1), larger: () => larger(1), smaller: () => larger(-1) };
  const KEYS = { ArrowLeft: "previous", ArrowRight: "next", "+": "larger", "=": "larger", "-": "smaller" };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open-picture]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  dialog.addEventListener("click", (event) => {
    const act = event.target.closest("[data-viewer]");
    if (act) return ACTS[act.dataset.viewer]();
    if (event.target === stage && zoom === 1) dialog.close();
    if (event.target === picture) scale(zoom === 1 ? 2 : 1);
  });
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the inbox's own keys rest meanwhile
    if (event.target === video && event.key.startsWith("Arrow")) return; // these wind it
    if (zoom > 1 && event.key.startsWith("Arrow")) return; // these move the large picture
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    ACTS[act]();
  });
  dialog.addEventListener("close", () => {
    empty();
    links[at]?.focus();
  });
})();
