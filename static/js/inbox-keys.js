// One key for everything the inbox can do: those of the list of keys, and those of the message that is chosen.
// A person may switch single letters off; then the command bar carries the same things out.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const at = (selector) => document.querySelector(selector);
  const does = (act, can = () => true) => ({ act, can });
  const press = (selector) => does(() => at(selector).click(), () => Boolean(at(selector)));
  const inThread = (selector) => press(`#thread ${selector}`);
  const opened = () => Boolean(balie.thread.thread());
  const part = (mode) => () => Boolean(at(`#composer [data-part="${mode}"]`));

  // a menu that a key opens has the focus, so that arrow keys go on from there
  const menu = (selector) => does(() => {
    at(selector).focus();
    at(selector).click();
  }, () => Boolean(at(selector)?.checkVisibility()));

  // --- the keys ------------------------------------------------------------------------------------------------------------
  const KEYS = {
    j: does(() => balie.queue.step(1)),
    k: does(() => balie.queue.step(-1)),
    n: does(() => balie.handling.next()),
    x: does(() => balie.bulk.pick(false), () => Boolean(at("#queue-bulk"))),
    "shift+x": does(() => balie.bulk.pick(true), () => Boolean(at("#queue-bulk"))),
    f: press("[data-open-filters]"),
    "/": does(() => at("#queue-search").focus(), () => Boolean(at("#queue-search"))),
    g: does(() => { jumping = Date.now(); }),
    "shift+a": press("[data-pick-all]"),
    "shift+n": press("[data-newer]:not([hidden])"),
    "shift+s": menu("[data-sort-menu]"),
    t: inThread('[data-act="take"]'),
    u: inThread('[data-act="release"]'),
    e: inThread('[data-act="close"]:not([data-next])'),
    "shift+e": inThread('[data-act="close"][data-next]'),
    o: inThread('[data-act="reopen"]'),
    v: inThread('[data-asks="transfer"]'),
    s: inThread('[data-asks="snooze"]'),
    c: inThread('[data-act="wait"]'),
    h: inThread('[data-act="wake"]'),
    q: inThread('[data-asks="ask"]'),
    p: inThread('[data-asks="intent"]'),
    w: inThread('[data-act="follow"], #thread [data-act="unfollow"]'),
    l: menu("[data-labels] > summary"),
    ".": menu("[data-handling-menu] > summary"),
    r: does(() => balie.composer.write("reply"), part("reply")),
    m: does(() => balie.composer.write("note"), part("note")),
    b: does(() => balie.knowledge.open(), () => Boolean(at("#knowledge"))),
    a: press("#composer [data-file]"),
    y: press("#composer [data-part]:not([hidden]) [data-emoji-open]"),
    d: press("#composer [data-part]:not([hidden]) .composer-tools > [data-record]"),
    "shift+t": press("#composer [data-use-template]"),
    "+": menu("#composer [data-more] > summary"),
    z: does(() => balie.undo.undo(), () => balie.undo.can()),
    "shift+j": does(() => balie.message.step(1), opened),
    "shift+k": does(() => balie.message.step(-1), opened),
    i: does(() => balie.panes.toggleContact({ focus: true }), opened),
    "shift+p": menu(".rail-end details > summary"),
    "!": press("[data-danger-of] a, #danger-alert:not([hidden]) a"),
    "?": does(() => at("#keys").showModal()),
  };

  // while rows are chosen these act on all of them
  const OF_THE_CHOSEN = { t: "take", v: "give", l: "label", s: "snooze", e: "close", "shift+r": "read" };

  // G and then a letter: a view of the queue
  const VIEWS = {
    w: "waiting", m: "mine", u: "unassigned", t: "team", n: "mentions", f: "following",
    s: "snoozed", c: "customer", l: "client", a: "open", d: "closed",
  };
  const AT_THE_DESK = { s: "held", a: "all" };
  const JUMP_MS = 1500;
  let jumping = 0;

  function jump(key) {
    const link = at(`[data-view="${VIEWS[key]}"], [data-view="${AT_THE_DESK[key]}"]`);
    jumping = 0;
    if (link) link.click();
    return Boolean(link);
  }

  function found(name) {
    if (balie.bulk.size && OF_THE_CHOSEN[name]) return press(`[data-bulk="${OF_THE_CHOSEN[name]}"]`);
    if (/^[1-9]$/.test(name)) return does(() => balie.together.own(Number(name)));
    return KEYS[name];
  }

  // letters keep their Shift in the name; of signs only the sign counts
  function nameOf(event) {
    const key = event.key.toLowerCase();
    return event.shiftKey && /^\p{L}$/u.test(key) ? `shift+${key}` : key;
  }

  // --- in a field ------------------------------------------------------------------------------------------------------------
  function leave(field) {
    field.blur();
    if (field.closest("#composer")) balie.thread.scroller()?.focus({ preventScroll: true });
    else if (field.id === "queue-search") (at(".queue-row[aria-current]") ?? at(".queue-row"))?.focus();
  }

  function inField(event) {
    const area = event.target.closest("textarea.composer-field");
    if (event.key === "Escape" && !event.defaultPrevented) leave(event.target);
    if (!area || event.key !== "Enter" || event.isComposing || area.readOnly) return;
    const withControl = event.ctrlKey || event.metaKey;
    const kind = area.form.dataset.compose;
    const plain = !event.shiftKey && !event.altKey && kind === "reply" && "enterSends" in area.closest("#composer").dataset && matchMedia("(pointer: fine)").matches;
    if (!withControl && !plain && !(event.altKey && kind === "reply")) return;
    event.preventDefault();
    const closes = withControl && event.shiftKey && kind === "reply";
    const snoozes = event.altKey && kind === "reply";
    area.form.requestSubmit(area.form.querySelector(closes ? "[data-send-close]" : snoozes ? "[data-send-snooze]" : "[type=submit]:not([data-send-close], [data-send-snooze])"));
  }

  // --- anywhere else -----------------------------------------------------------------------------------------------------------
  function escape() {
    if (document.querySelector("dialog[open]") || balie.panes.closeDrawers()) return;
    if (balie.bulk.size) balie.bulk.none();
    else balie.panes.back();
  }

  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return inField(event);
    if (event.defaultPrevented) return; // a menu was closed by it
    if (event.key === "Escape") return escape();
    if (event.altKey || event.repeat || document.querySelector("dialog[open]")) return;
    if (balie.message.key(event)) return event.preventDefault();
    if (event.ctrlKey || event.metaKey) return;
    if (inbox.dataset.letterKeys === "off" && event.key.length === 1) return;
    const name = nameOf(event);
    if (Date.now() - jumping < JUMP_MS && jump(name)) return event.preventDefault();
    const one = found(name);
    if (!one) return;
    event.preventDefault();
    if (one.can()) one.act();
  });

  balie.keys = {
    can: (name) => Boolean(found(name)?.can()),
    press: (name) => found(name)?.act(),
  };
})();
