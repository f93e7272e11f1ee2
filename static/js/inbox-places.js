// Moves through a thread: pages before and after what is shown, one message wherever it stands, and the newest.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const FLASH_MS = 1300;
  const { thread, list, scroller, parse, regroup, steady } = balie.thread;

  const watcher = new IntersectionObserver((seen) => {
    for (const entry of seen.filter((each) => each.isIntersecting)) load(entry.target);
  }, { rootMargin: "300px 0px 300px 0px" });

  function watch() {
    watcher.disconnect();
    for (const link of thread()?.querySelectorAll(".thread-older, .thread-newer") ?? []) watcher.observe(link);
  }

  async function part(path, current) {
    const response = await balie.request(`${current.dataset.url}${path}`);
    if (!response?.ok) return null;
    const fresh = parse(await response.text());
    return current === thread() ? fresh : null; // else somebody went on to another conversation
  }

  const fresh = (nodes) => [...nodes.querySelectorAll("li[data-key]")].filter((item) => !document.getElementById(item.id));

  async function load(link) {
    if (!link?.isConnected || link.dataset.busy) return;
    link.dataset.busy = "yes";
    const up = link.matches(".thread-older");
    const path = up ? `older/?before=${link.dataset.older}` : `newer/?after=${link.dataset.newer}`;
    const nodes = await part(path, thread());
    delete link.dataset.busy;
    if (!nodes || !link.isConnected) return;
    const added = fresh(nodes);
    const next = nodes.querySelector(up ? ".thread-older" : ".thread-newer");
    steady(() => {
      if (up) list().prepend(...added);
      else list().append(...added);
      if (next) link.replaceWith(next); else link.remove();
      added.forEach((node) => htmx.process(node));
      regroup();
    });
    if (!up && !next) await balie.thread.refresh(); // what came in the meantime
    watch();
    document.dispatchEvent(new CustomEvent("balie:paged"));
  }

  // another part of the thread takes the place of what is shown
  function show(nodes) {
    thread().querySelectorAll(".thread-older, .thread-newer").forEach((link) => link.remove());
    list().replaceChildren(...nodes.querySelectorAll("li[data-key]"));
    const [older, newer] = [nodes.querySelector(".thread-older"), nodes.querySelector(".thread-newer")];
    if (older) list().before(older);
    if (newer) list().after(newer);
    htmx.process(list());
    regroup();
    watch();
    balie.thread.newestButton(Boolean(newer));
    document.dispatchEvent(new CustomEvent("balie:paged"));
  }

  async function go(id, { flash = true } = {}) {
    const current = thread();
    if (!document.getElementById(`item-${id}`)) {
      const nodes = await part(`around/?at=${encodeURIComponent(id)}`, current);
      if (!nodes) {
        if (current === thread()) balie.composer.toast(balie.composer.text("notHere"));
        return null;
      }
      show(nodes);
    }
    const item = document.getElementById(`item-${id}`);
    if (!item) return null;
    item.scrollIntoView({ block: "center" });
    balie.thread.look();
    if (flash) {
      item.dataset.flash = "yes";
      setTimeout(() => delete item.dataset.flash, FLASH_MS);
    }
    return item;
  }

  async function newest() {
    const nodes = await part("around/", thread());
    if (nodes) show(nodes);
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-jump]")) {
      event.preventDefault();
      go(on("[data-jump]").dataset.jump);
    }
    const link = on(".thread-older, .thread-newer");
    if (link && on("button")) load(link);
  });
  document.addEventListener("balie:opened", () => {
    watch();
    if (thread().dataset.at) go(thread().dataset.at);
  });

  balie.places = { go, newest, scroller };
})();
