// The floor follows what happens: fetched anew when people or conversations change, never under somebody's hands.
"use strict";

(() => {
  const floor = document.getElementById("floor");
  if (!floor) return;

  const CALM_MS = 2_000;
  const EVERY_MS = 60_000;
  let timer = 0;
  let stale = false;

  const used = () => floor.querySelector(".floor-held :focus");

  function parse(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content;
  }

  async function show(person) {
    const held = person.querySelector(".floor-held");
    const response = await balie.request(held.dataset.url);
    if (response?.ok) held.replaceChildren(parse(await response.text()));
  }

  async function refresh() {
    timer = 0;
    if (used()) { stale = true; return; }
    stale = false;
    const response = await balie.request(floor.dataset.url);
    if (!response?.ok || used()) return;
    const open = [...floor.querySelectorAll("details[open][data-person]")].map((person) => person.dataset.person);
    const focused = document.activeElement?.closest?.("details[data-person]")?.dataset.person;
    floor.replaceChildren(parse(await response.text()));
    for (const id of open) {
      const person = floor.querySelector(`details[data-person="${id}"]`);
      if (person) person.open = true;
    }
    if (focused) floor.querySelector(`details[data-person="${focused}"] > summary`)?.focus();
  }

  const soon = () => { timer ||= setTimeout(refresh, CALM_MS + Math.random() * 500); };

  floor.addEventListener("toggle", (event) => {
    if (event.target.matches("details[data-person][open]")) show(event.target);
  }, true);

  floor.addEventListener("submit", async (event) => {
    const form = event.target.closest(".held form");
    if (!form) return;
    event.preventDefault();
    const held = form.closest(".floor-held");
    const response = await balie.request(form.action, { method: "POST", body: new FormData(form) });
    if (!response || (!response.ok && response.status !== 422)) return form.submit();
    held.replaceChildren(parse(await response.text()));
    if (response.ok) soon();
  });

  floor.addEventListener("focusout", () => { if (stale) soon(); });
  document.body.addEventListener("balie:people", soon);
  balie.live.on(soon);
  setInterval(() => { if (!document.hidden) soon(); }, EVERY_MS);
})();
