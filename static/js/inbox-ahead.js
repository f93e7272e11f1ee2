// Fingers are quicker than pages: keys pressed while a conversation or a dialog is on its way wait for it, and letters that
// were meant for a field which has just gone carry nothing out.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const PAUSE_MS = 1_000; // whoever rests so long has looked up
  const MOST = 200;
  const ELSEWHERE = /^[jkn1-9]$/i; // another conversation: that one instead of what is on its way
  const FIELDS = "input, textarea, select, [contenteditable]";
  const TEXTS = "textarea, input:is([type=text], [type=search], :not([type]))";
  let waiting = []; // what was pressed, in order
  let holding = 0;
  let lost = { field: null, at: 0 }; // where letters went lately

  const isSign = (event) => event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;

  // what is pressed until this is settled is pressed after it
  async function hold(work) {
    holding += 1;
    try {
      return await work;
    } finally {
      holding -= 1;
      if (!holding) replay();
    }
  }

  function replay() {
    const pressed = waiting;
    waiting = [];
    while (pressed.length && !holding) press(pressed.shift());
    waiting.push(...pressed); // one of them brought something on its way
  }

  function press(init) {
    const target = document.activeElement ?? document.body;
    const event = new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true });
    if (!target.dispatchEvent(event) || !target.matches(TEXTS) || target.readOnly) return;
    target.setRangeText(init.key, target.selectionStart, target.selectionEnd, "end");
    target.dispatchEvent(new InputEvent("input", { bubbles: true, data: init.key, inputType: "insertText" }));
  }

  function drop() {
    waiting = [];
  }

  // true when the key is kept for later
  function keeps(event) {
    if (!holding) return false;
    if (event.key === "Escape") drop();
    if (event.key === "Backspace") waiting.pop();
    if (!isSign(event)) return waiting.length > 0;
    if (!waiting.length && ELSEWHERE.test(event.key) && !document.querySelector("dialog[open]")) return false;
    if (waiting.length < MOST) waiting.push({ key: event.key, code: event.code, shiftKey: event.shiftKey });
    return true;
  }

  // true when the key belonged to a text whose field was taken away
  function strays(event) {
    if (!lost.field || lost.field.checkVisibility() || Date.now() - lost.at > PAUSE_MS) return false;
    if (!isSign(event) && event.key !== "Backspace") return false;
    lost.at = Date.now();
    return true;
  }

  window.addEventListener("keydown", (event) => {
    if (!event.isTrusted || event.isComposing) return;
    if (event.target.closest?.(FIELDS)) {
      const leaves = event.key === "Enter" || event.key === "Escape" || event.key === "Tab";
      lost = { field: leaves ? null : event.target, at: Date.now() };
    } else if (keeps(event) || strays(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (lost.field?.checkVisibility()) lost.field = null; // somebody went elsewhere by herself
  }, true);
  window.addEventListener("pointerdown", () => { lost.field = null; }, true);

  // somebody wanted to write where nothing can be written: the letters that follow are no keys
  function noField() {
    lost = { field: document.createElement("textarea"), at: Date.now() };
  }

  balie.ahead = { hold, drop, noField };
})();
