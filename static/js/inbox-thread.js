// The thread: opens conversations, puts news in their place, and keeps the reader's place while it does.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const NEAR_PX = 40;
  const MAX_SEEN = 150;
  const SKELETON_MS = 150;
  const pane = document.getElementById("thread-pane");
  let leaving = null; // aborts the opening that is under way
  let stuck = true; // the reader is at the newest message
  let newHead = null; // waits until the menu in the head is closed

  const thread = () => document.getElementById("thread");
  const list = () => document.getElementById("thread-list");
  const scroller = () => document.getElementById("thread-scroll");
  const items = () => [...(list()?.querySelectorAll("[data-key]") ?? [])];
  const complete = () => !thread()?.querySelector(".thread-newer"); // the list ends with the newest there is

  function parse(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content;
  }

  // --- opening ---------------------------------------------------------------------------------------------------
  // another page: what was pressed meanwhile was not meant for this one
  function away(url) {
    balie.ahead.drop();
    location.assign(url);
  }

  const open = (href, options) => balie.ahead.hold(opening(href, options));

  // ``still``: asked when it is there, whether it is still wanted
  async function opening(href, { push = true, keep = false, still = () => true } = {}) {
    const url = new URL(href, location.href);
    if (!/\/inbox\/[0-9a-f-]{36}\/$/.test(url.pathname)) return away(url);
    leaving?.abort();
    leaving = new AbortController();
    const shape = setTimeout(() => { if (!keep) pane.dataset.loading = "yes"; }, SKELETON_MS);
    try {
      const response = await balie.request(url, { signal: leaving.signal });
      if (!response) {
        balie.ahead.drop(); // what was pressed was meant for what does not come
        if (document.activeElement?.closest("#queue-rows")) balie.focus.toRow(); // back to what is still open
        return balie.composer.toast(balie.composer.text("offline"));
      }
      if (!response.ok) return away(url);
      const html = await response.text();
      if (!still()) return undefined;
      const focus = balie.focus.hold({ same: keep });
      document.dispatchEvent(new CustomEvent("balie:leaving"));
      htmx.swap("#thread-pane", html, { swapStyle: "innerHTML" });
      if (push && url.href !== location.href) remember(url);
      inbox.dataset.pane = "thread";
      if (!("contactKept" in inbox.dataset)) inbox.dataset.contact = "open";
      focus();
      opened();
      if (keep) focus(); // the caret too, now that what was written is back
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      clearTimeout(shape);
      delete pane.dataset.loading;
    }
  }

  // on a phone one step back is the queue, however many threads were read after another
  function remember(url) {
    const onPhone = matchMedia("(width < 760px)").matches;
    if (onPhone && /\/inbox\/[0-9a-f-]{36}\/$/.test(location.pathname)) history.replaceState(history.state, "", url);
    else history.pushState({ balie: true }, "", url);
  }

  function opened() {
    if (!thread()) return;
    document.title = document.title.replace(/^(\(\d+\+?\) )?.*?( · [^·]*)$/, `$1${thread().dataset.title.replaceAll("$", "$$$$")}$2`);
    regroup();
    toEnd();
    keeper.disconnect(); // of the thread that was open before
    keeper.observe(pane);
    keeper.observe(scroller());
    balie.queue.mark();
    balie.queue.tick();
    document.dispatchEvent(new CustomEvent("balie:opened"));
  }

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
    balie.unread?.place();
  }

  function dayMarker(item) {
    const marker = document.createElement("li");
    marker.className = "day-marker";
    marker.textContent = item.dataset.dayName;
    return marker;
  }

  // gives the item back when it is new here
  function put(item) {
    const old = document.getElementById(item.id);
    if (old) {
      const sound = old.querySelector("audio, video");
      if (sound && !sound.paused && item.querySelector("audio, video")) return null; // not while somebody listens
      const open = old.querySelector("[data-fold='open']");
      if (open) item.querySelector("[data-fold]")?.setAttribute("data-fold", "open");
      const held = old.contains(document.activeElement) ? document.activeElement : null;
      old.replaceWith(item);
      if (held) (held === old ? item : sameIn(item, held) ?? item).focus({ preventScroll: true });
    } else {
      const [first, last] = [items()[0], items().at(-1)];
      if (first && item.dataset.key < first.dataset.key && thread().querySelector(".thread-older")) return null;
      if (!complete() && (!last || item.dataset.key > last.dataset.key)) return null; // it comes with its page
      const after = items().findLast((each) => each.dataset.key < item.dataset.key);
      if (after) after.after(item); else list().prepend(item);
    }
    if (item.dataset.token) list().querySelector(`[data-pending="${CSS.escape(item.dataset.token)}"]`)?.remove();
    htmx.process(item);
    return old ? null : item;
  }

  function putAll(fresh) {
    const wasStuck = stuck && complete();
    const edge = items().at(-1)?.dataset.key ?? "";
    let added = [];
    steady(() => {
      added = fresh.map(put).filter((item) => item && item.dataset.key > edge);
      for (const waits of list().querySelectorAll("[data-pending]")) list().append(waits);
      regroup();
    });
    if (added.length) document.dispatchEvent(new CustomEvent("balie:added", { detail: { items: added, stuck: wasStuck } }));
    if (wasStuck) toEnd();
    else if (added.length) newestButton(true);
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
    newHead = old.querySelector("details[data-closes][open]") ? fresh : null;
    if (newHead) return; // not under the hand of somebody who is choosing
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(fresh);
    document.dispatchEvent(new CustomEvent("balie:head", { detail: { old, fresh } }));
    if (held) (sameIn(fresh, held) ?? fresh.querySelector(".thread-actions button, [data-toggle-contact]"))?.focus();
  }

  // where the focus goes when its place is drawn anew: what does the same there
  function sameIn(fresh, held) {
    const menu = ["data-labels", "data-handling-menu"].find((each) => held.closest("details")?.hasAttribute(each));
    if (menu) return fresh.querySelector(`[${menu}] > summary`);
    const name = ["data-act", "data-asks", "data-quote", "data-react", "data-times", "data-copy-bubble", "data-remove", "data-find-open"].find((each) => held.hasAttribute(each));
    const value = name && held.getAttribute(name);
    return name ? fresh.querySelector(value ? `[${name}="${CSS.escape(value)}"]` : `[${name}]`) : null;
  }

  // --- the reader's place -----------------------------------------------------------------------------------------
  // whatever changes above, the line that is being read stays where it is
  function steady(change) {
    const view = scroller();
    const edge = view.getBoundingClientRect().top;
    const anchor = items().find((item) => item.getBoundingClientRect().bottom > edge);
    const before = anchor?.getBoundingClientRect().top;
    view.dataset.steady = ""; // the browser's own anchoring rests, or both would move
    change();
    const now = anchor && document.getElementById(anchor.id);
    if (now) view.scrollTop += now.getBoundingClientRect().top - before;
    requestAnimationFrame(() => delete view.dataset.steady);
  }

  function toEnd() {
    if (scroller()) scroller().scrollTop = scroller().scrollHeight;
    stuck = true;
    newestButton(!complete());
  }

  // the newest message, wherever in the thread the reader is
  async function toNewest() {
    if (!complete()) await balie.places.newest();
    toEnd();
  }

  function newestButton(shown) {
    const button = thread()?.querySelector("[data-newest]");
    if (button) button.hidden = !shown;
  }

  function look() {
    const view = scroller();
    if (!view) return false; // a phone went back to the queue
    stuck = complete() && view.scrollHeight - view.scrollTop - view.clientHeight < NEAR_PX;
    if (stuck) newestButton(false);
    return stuck;
  }

  document.addEventListener("scroll", (event) => {
    if (event.target === scroller()) look();
  }, true);

  document.addEventListener("toggle", (event) => {
    if (newHead && !event.target.open && event.target.closest("#thread-head")) head(newHead);
  }, true);

  // pictures that load late must not push the newest message away
  document.addEventListener("load", (event) => {
    if (stuck && list()?.contains(event.target)) toEnd();
  }, true);

  // nor may what comes below it: notices, templates, a composer that grows
  const keeper = new ResizeObserver(() => { if (stuck && thread() && complete()) toEnd(); });
  keeper.observe(pane);

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-newest]")) toNewest();
    if (on("[data-unfold]")) {
      on("[data-unfold]").previousElementSibling.dataset.fold = "open";
      on("[data-unfold]").remove();
    }
  });

  balie.open = open;
  balie.away = away;
  balie.thread = {
    put: (fresh) => putAll(fresh), head, parse, toNewest, refresh: () => refresh(null), regroup, steady, look, items, complete, newestButton,
    thread, list, scroller,
    get stuck() { return stuck; },
  };
  balie.live.on(refresh);
  document.addEventListener("DOMContentLoaded", opened);
})();
