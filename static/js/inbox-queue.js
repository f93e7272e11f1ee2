// The queue: rows follow what happens, and move only while the pointer is elsewhere.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const CHUNK = 50;
  const TOUCH_MS = 3_000; // so long after a finger or a key went along the rows they stay where they are
  const arrivals = new Map(); // rows that wait until the pointer has left
  const departures = new Set();
  let touchedAt = 0;
  let later = 0;
  let restless = false; // the order is not what it should be
  let left = null; // where the row stood that left under somebody's feet: from there one goes on

  const pane = () => document.getElementById("queue-pane");
  const queue = () => document.getElementById("queue");
  const list = () => document.getElementById("queue-rows");
  const rowOf = (id) => document.getElementById(`row-${id}`);
  const touched = () => Date.now() - touchedAt < TOUCH_MS;
  const pointed = () => touched() || (matchMedia("(hover: hover)").matches && list().matches(":hover"));

  function parse(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content;
  }

  function query(more) {
    const asked = new URLSearchParams(queue().dataset.query);
    for (const [name, value] of Object.entries(more)) asked.set(name, value);
    return asked;
  }

  async function refresh(ids) {
    if (!queue()) return;
    if (ids === null) return refreshAll();
    for (let start = 0; start < ids.length; start += CHUNK) {
      const asked = ids.slice(start, start + CHUNK);
      const response = await balie.request(`${inbox.dataset.rowsUrl}?${query({ ids: asked.join(",") })}`);
      if (response?.ok) apply(parse(await response.text()), asked);
    }
  }

  async function refreshAll() {
    const shown = list().childElementCount;
    const response = await balie.request(`${inbox.dataset.queueUrl}?${query({ limit: shown })}`);
    if (!response?.ok) return;
    const fresh = parse(await response.text());
    const next = fresh.querySelector(".queue-more");
    const edge = next ? fresh.querySelector(".queue-row:last-of-type")?.dataset.key : null;
    // what was loaded below the end of this answer stays: nothing is said about it
    const asked = [...list().children].filter((row) => !edge || row.dataset.key <= edge).map((row) => row.dataset.id);
    const old = queue().querySelector(".queue-more");
    if (next && !old) {
      list().after(next);
      htmx.process(next);
    }
    if (!next) old?.remove();
    apply(fresh, asked, true);
  }

  // ``whole``: the rows are a piece of the queue from its beginning, without gaps
  function apply(fresh, asked, whole = false) {
    counts(fresh.querySelector("[data-counts]"));
    const rows = new Map([...fresh.querySelectorAll(".queue-row")].map((row) => [row.dataset.id, row]));
    for (const id of asked) if (!rows.has(id)) leave(id);
    for (const [id, row] of rows) place(id, row, whole);
    if (!pointed()) settle();
    bar();
    mark();
  }

  function leave(id) {
    arrivals.delete(id);
    if (rowOf(id)) departures.add(id);
  }

  function place(id, row, whole) {
    departures.delete(id);
    const old = rowOf(id);
    const known = whole || !beyond(row);
    if (!old) return known ? arrivals.set(id, row) : undefined;
    if (!known) return leave(id);
    if (old.dataset.key !== row.dataset.key) restless = true;
    if (old.outerHTML === row.outerHTML) return;
    const focused = old === document.activeElement;
    old.replaceWith(row);
    if (focused) row.focus({ preventScroll: true });
  }

  // a row further down than what is loaded comes when somebody scrolls there
  function beyond(row) {
    const last = list().lastElementChild;
    return queue().querySelector(".queue-more") && last && row.dataset.key > last.dataset.key;
  }

  function settle() {
    for (const id of departures) takeAway(rowOf(id));
    for (const [id, row] of arrivals) {
      if (rowOf(id)) rowOf(id).replaceWith(row); // came meanwhile with what was scrolled to
      else list().append(row);
    }
    if (arrivals.size || restless) sort();
    arrivals.clear();
    departures.clear();
    restless = false;
    bar();
    mark();
  }

  // by keys one goes on where it stood, and not at the top
  function takeAway(row) {
    if (!row) return;
    const focused = row.contains(document.activeElement);
    if (focused || row.hasAttribute("aria-current")) left = [...list().children].indexOf(row);
    row.remove();
    if (focused) document.getElementById("thread-scroll")?.focus({ preventScroll: true });
  }

  function sort() {
    const focused = document.activeElement;
    const rows = [...list().children].sort((a, b) => (a.dataset.key < b.dataset.key ? -1 : 1));
    rows.forEach((row, index) => {
      if (list().children[index] !== row) list().insertBefore(row, list().children[index]);
    });
    if (focused?.isConnected && list().contains(focused)) focused.focus({ preventScroll: true });
  }

  function bar() {
    const button = pane().querySelector("[data-newer]");
    if (!button) return;
    button.hidden = !arrivals.size;
    button.textContent =
      arrivals.size === 1 ? button.dataset.one : button.dataset.many.replace("{n}", String(arrivals.size));
    const empty = pane().querySelector("[data-queue-empty]");
    if (empty) empty.hidden = list().childElementCount > 0;
  }

  function counts(node) {
    if (!node) return;
    for (const place of document.querySelectorAll("[data-count]")) {
      place.textContent = node.getAttribute(`data-of-${place.dataset.count}`) ?? "";
    }
    queue().dataset.unread = node.dataset.unread;
    title();
  }

  function title() {
    const unread = Number(queue()?.dataset.unread ?? 0);
    const plain = document.title.replace(/^\(\d+\+?\) /, "");
    document.title = unread ? `(${unread > 99 ? "99+" : unread}) ${plain}` : plain;
  }

  // which row is open
  function mark() {
    const open = document.getElementById("thread")?.dataset.id;
    for (const row of list()?.querySelectorAll("[aria-current]") ?? []) {
      if (row.dataset.id !== open) row.removeAttribute("aria-current");
    }
    if (open) rowOf(open)?.setAttribute("aria-current", "true");
  }

  function step(by) {
    const rows = [...list().children];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement.closest(".queue-row") ?? list().querySelector("[aria-current]"));
    const from = at >= 0 || left === null ? at : by > 0 ? left - 1 : left;
    const next = rows[Math.min(Math.max(from + by, 0), rows.length - 1)];
    left = null;
    rest(); // the row below is the one that stood there when the key was pressed
    next.focus({ preventScroll: true }); // which also says it to whoever listens
    next.scrollIntoView({ block: "nearest" });
    balie.open(next.href);
  }

  // somebody goes along the rows, by finger or by keys
  function rest() {
    touchedAt = Date.now();
    clearTimeout(later);
    later = setTimeout(() => { if (list()) settle(); }, TOUCH_MS);
  }

  // how long somebody waits goes on counting
  function tick() {
    const lang = document.documentElement.lang || "en";
    for (const time of document.querySelectorAll("time[data-waiting]")) {
      const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / 60_000));
      const [value, unit] =
        minutes < 60 ? [minutes, "minute"] : minutes < 2880 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
      const words = new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "short" }).format(value);
      if (time.textContent !== words) time.textContent = words;
    }
  }

  document.addEventListener("click", (event) => {
    const plain = !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
    const row = event.target.closest(".queue-row, a[data-open]");
    if (row && plain) {
      event.preventDefault();
      balie.open(row.href);
    }
    if (event.target.closest("[data-newer]")) {
      settle();
      pane().querySelector(".queue-scroll").scrollTop = 0;
    }
  });

  inbox.addEventListener("pointerout", (event) => {
    if (list()?.contains(event.target) && !list().contains(event.relatedTarget)) settle();
  });

  for (const name of ["touchstart", "touchmove"]) {
    inbox.addEventListener(name, (event) => {
      if (!list()?.contains(event.target)) return;
      rest();
    }, { passive: true });
  }

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "queue-pane") {
      const search = document.getElementById("queue-search");
      if (event.detail.requestConfig?.triggeringEvent?.target?.id === "queue-search") {
        search?.focus();
        search?.setSelectionRange(search.value.length, search.value.length);
      }
      arrivals.clear();
      departures.clear();
    }
    // rows of the next page come in a holder of their own; here they join the list
    for (const more of document.querySelectorAll("[data-more-rows]")) {
      for (const row of [...more.children]) if (!rowOf(row.dataset.id)?.closest("#queue-rows")) list().append(row);
      more.remove();
    }
    mark();
    title();
  });

  balie.queue = { step, mark, title, tick };
  balie.live.on(refresh);
  setInterval(tick, 20_000);
  tick();
  title();
})();
