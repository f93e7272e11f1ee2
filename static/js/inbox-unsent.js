// Answers that a page has not handed over yet: this browser keeps their words until the server has them.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const BEAT_MS = 5_000; // so often a page that lives says so
  const ADOPT_MS = 15_000; // whoever said nothing for so long has crashed
  const RESEND_MS = 10 * 60_000; // what is older is not sent by itself any more
  const prefix = `balie.unsent.${inbox.dataset.person}.`;
  const name = (one) => prefix + one.data.get("token");

  function keep(one) {
    if (!one.body) return;
    const { url, id, body, close, snooze, confirmed, pressed } = one;
    const withFile = Boolean(one.file); // which cannot be kept: its words go back to the field
    const kept = { url, id, body, close, snooze, confirmed, pressed, withFile, quoting: one.data.get("quoting"), beat: Date.now() };
    try {
      localStorage.setItem(name(one), JSON.stringify(kept));
    } catch {
      // no room or not allowed
    }
  }

  function forget(one) {
    try {
      localStorage.removeItem(name(one));
    } catch {
      // not allowed, so nothing was kept
    }
  }

  function left() {
    try {
      return Object.keys(localStorage).filter((each) => each.startsWith(prefix));
    } catch {
      return [];
    }
  }

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? {};
    } catch {
      return {};
    }
  }

  function adopt() {
    const own = new Set(balie.sending.waiting.map(name));
    for (const key of left().filter((each) => !own.has(each))) {
      const kept = read(key);
      if (Date.now() - kept.beat < ADOPT_MS) continue;
      localStorage.removeItem(key);
      if (!kept.id || !kept.body) continue;
      if (kept.withFile || Date.now() - kept.pressed > RESEND_MS) balie.composer.giveBack(kept.id, kept.body);
      else balie.sending.resend(kept, key.slice(prefix.length));
    }
  }

  document.addEventListener("DOMContentLoaded", adopt);
  setInterval(() => {
    balie.sending.waiting.forEach(keep);
    adopt();
  }, BEAT_MS);

  balie.unsent = { keep, forget };
})();
