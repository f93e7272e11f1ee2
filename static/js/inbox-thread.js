// The thread: opens conversations, puts news in their place, loads older messages, jumps to quoted ones.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const NEAR_PX = 120;
  const MAX_SEEN = 150;
  const SKELETON_MS = 150;
  const pane = document.getElementById("thread-pane");
  let leaving = null; // aborts the opening that is under way
  let stuck = true; // the reader is at the newest message

  const thread = () => document.getElementById("thread");
  const list = () => document.getElementById("thread-list");
  const scroller = () => document.getElementById("thread-scroll");
  const items = () => [...(list()?.querySelectorAll("[data-key]") ?? [])];

  function parse(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content;
  }

  // --- opening ---------------------------------------------------------------------------------------------------
  async function open(href, { push = true, keep = false } = {}) {
    const url = new URL(href, location.href);
    if (!/\/inbox\/[0-9a-f-]{36}\/$/.test(url.pathname)) return location.assign(url);
    leaving?.abort();
    leaving = new AbortController();
    const shape = setTimeout(() => { if (!keep) pane.dataset.loading = "yes"; }, SKELETON_MS);
    try {
      const response = await balie.request(url, { signal: leaving.signal });
      if (!response) return;
      if (!response.ok) return location.assign(url);
      const html = await response.text();
      document.dispatchEvent(new CustomEvent("balie:leaving"));
      htmx.swap("#thread-pane", html, { swapStyle: "innerHTML" });
      if (push && url.href !== location.href) history.pushState({ balie: true }, "", url);
      inbox.dataset.pane = "thread";
      if (!("contactKept" in inbox.dataset)) inbox.dataset.contact = "open";
      opened();
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      clearTimeout(shape);
      delete pane.dataset.loading;
    }
  }

  function opened() {
    if (!thread()) return;
    document.title = document.title.replace(/^(\(\d+\+?\) )?.*?( · [^·]*)$/, `$1${thread().dataset.title.replaceAll("$", "$$$$")}$2`);
    stuck = true;
    regroup();
    toNewest();
    balie.queue.mark();
    balie.queue.tick();
    watchOlder();
    document.dispatchEvent(new CustomEvent("balie:opened"));
  }

  window.addEventListener("popstate", () => {
    if (/\/inbox\/[0-9a-f-]{36}\/$/.test(location.pathname)) open(location.href, { push: false });
    else location.reload();
  });

  // --- order, days and groups ------------------------------------------------------------------------------------
  function regroup() {
    if (!list()) return;
    let before = null;
    for (const marker of list().querySelectorAll(".day-marker")) marker.remove();
    for (const item of items()) {
      if (item.dataset.day !== before?.dataset.day) item.before(dayMarker(item));
      const continues = item.dataset.group === before?.dataset.group && item.dataset.day === before?.dataset.day;
      item.toggleAttribute("data-continues", continues);
      before = item;
    }
  }

  function dayMarker(item) {
    const marker = document.createElement("li");
    marker.className = "day-marker";
    marker.textContent = item.dataset.dayName;
    return marker;
  }

  function put(item) {
    const old = document.getElementById(item.id);
    if (old) {
      const sound = old.querySelector("audio, video");
      if (sound && !sound.paused && item.querySelector("audio, video")) return; // not while somebody listens
      const open = old.querySelector("[data-fold='open']");
      if (open) item.querySelector("[data-fold]")?.setAttribute("data-fold", "open");
      old.replaceWith(item);
    } else {
      const after = items().findLast((each) => each.dataset.key < item.dataset.key);
      if (after) after.after(item); else list().prepend(item);
    }
    if (item.dataset.token) list().querySelector(`[data-pending="${CSS.escape(item.dataset.token)}"]`)?.remove();
    htmx.process(item);
  }

  function putAll(fresh) {
    const wasStuck = stuck;
    const known = items().length;
    for (const item of fresh) put(item);
    for (const waits of list().querySelectorAll("[data-pending]")) list().append(waits);
    regroup();
    if (wasStuck) toNewest();
    else if (items().length > known) newestButton(true);
  }

  // --- news ------------------------------------------------------------------------------------------------------
  async function refresh(ids) {
    const current = thread();
    if (!current || (ids && !ids.includes(current.dataset.id))) return;
    const seen = items().slice(-MAX_SEEN).map((item) => `${item.dataset.id}.${item.dataset.version}`).join(",");
    const query = new URLSearchParams({ since: current.dataset.since, seen });
    if (!document.hidden) query.set("looking", "1");
    const response = await balie.request(`${current.dataset.url}news/?${query}`);
    if (!response || current !== thread()) return;
    if (response.status === 205) return open(location.href, { push: false, keep: true });
    if (!response.ok) return;
    const fresh = parse(await response.text());
    if (current !== thread()) return; // somebody went on to another conversation while the answer came in
    const told = fresh.querySelector("[data-news]").dataset;
    if ("afresh" in told) return open(location.href, { push: false, keep: true });
    current.dataset.since = told.since;
    for (const id of told.gone.split(" ").filter(Boolean)) document.getElementById(`item-${id}`)?.remove();
    head(fresh.querySelector("#thread-head"));
    putAll([...fresh.querySelectorAll("li[data-key]")]);
    balie.composer?.follow(told);
    balie.queue.tick();
  }

  function head(fresh) {
    const old = document.getElementById("thread-head");
    if (!fresh || fresh.dataset.id !== thread().dataset.id || old.outerHTML === fresh.outerHTML) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    old.replaceWith(fresh);
    if (focused) fresh.querySelector(`[data-act="${focused}"]`)?.focus();
  }

  // --- the reader's place -----------------------------------------------------------------------------------------
  function toNewest() {
    if (scroller()) scroller().scrollTop = scroller().scrollHeight;
    stuck = true;
    newestButton(false);
  }

  function newestButton(shown) {
    const button = thread()?.querySelector("[data-newest]");
    if (button) button.hidden = !shown;
  }

  document.addEventListener("scroll", (event) => {
    if (event.target !== scroller()) return;
    stuck = scroller().scrollHeight - scroller().scrollTop - scroller().clientHeight < NEAR_PX;
    if (stuck) newestButton(false);
  }, true);

  // pictures that load late must not push the newest message away
  document.addEventListener("load", (event) => {
    if (stuck && list()?.contains(event.target)) toNewest();
  }, true);

  new ResizeObserver(() => { if (stuck) toNewest(); }).observe(pane);

  // --- older ------------------------------------------------------------------------------------------------------
  const watcher = new IntersectionObserver((seen) => {
    if (seen.some((entry) => entry.isIntersecting)) older();
  }, { rootMargin: "300px 0px 0px 0px" });

  function watchOlder() {
    watcher.disconnect();
    const link = thread()?.querySelector(".thread-older");
    if (link) watcher.observe(link);
  }

  async function older(path = "older/") {
    const link = thread()?.querySelector(".thread-older");
    if (!link || link.dataset.busy) return false;
    link.dataset.busy = "yes";
    const current = thread();
    const response = await balie.request(`${current.dataset.url}${path}?before=${link.dataset.older}`);
    delete link.dataset.busy;
    if (!response?.ok) return false;
    const fresh = parse(await response.text());
    if (current !== thread()) return false;
    const height = scroller().scrollHeight;
    const top = scroller().scrollTop;
    const next = fresh.querySelector(".thread-older");
    if (next) link.replaceWith(next); else link.remove();
    const nodes = [...fresh.querySelectorAll("li[data-key]")].filter((item) => !document.getElementById(item.id));
    list().prepend(...nodes);
    nodes.forEach((node) => htmx.process(node));
    regroup();
    scroller().scrollTop = top + scroller().scrollHeight - height;
    watchOlder();
    return true;
  }

  async function jump(id) {
    if (!document.getElementById(`item-${id}`)) await older(`messages/${id}/original/`);
    const item = document.getElementById(`item-${id}`);
    if (!item) return;
    stuck = false;
    item.scrollIntoView({ block: "center" });
    item.dataset.flash = "yes";
    setTimeout(() => delete item.dataset.flash, 1300);
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-jump]")) {
      event.preventDefault();
      jump(on("[data-jump]").dataset.jump);
    }
    if (on(".thread-older button")) older();
    if (on("[data-newest]")) toNewest();
    if (on("[data-unfold]")) {
      on("[data-unfold]").previousElementSibling.dataset.fold = "open";
      on("[data-unfold]").remove();
    }
  });

  balie.open = open;
  balie.thread = { put: (fresh) => putAll(fresh), head, parse, toNewest, refresh: () => refresh(null), thread, list, regroup };
  balie.live.on(refresh);
  document.addEventListener("DOMContentLoaded", opened);
})();
