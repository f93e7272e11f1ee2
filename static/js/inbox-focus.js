// Where the focus goes when what had it is drawn anew: to the same field with the same caret, else to where one goes on.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const messages = () => document.getElementById("thread-scroll");
  const fieldOf = (kind) => document.querySelector(`#composer form[data-compose="${kind}"] textarea.composer-field`);
  const lost = () => !document.activeElement || document.activeElement === document.body || !document.activeElement.checkVisibility();

  // gives what puts the focus back after a conversation, or its composer, was drawn anew
  function hold({ same = false } = {}) {
    const held = document.activeElement;
    const kind = held?.closest?.("#composer") && held.matches("textarea.composer-field") ? held.form?.dataset.compose : null;
    const caret = kind && [held.selectionStart, held.selectionEnd];
    const couldNot = Boolean(held?.closest?.("#composer .composer-shut")); // who is let write by its button goes on there
    const inQueue = Boolean(held?.closest?.("#queue-rows"));
    return () => {
      if (inQueue && !same) return toRow();
      const field = same && fieldOf(kind ?? (couldNot ? "reply" : ""));
      if (!lost() && document.activeElement !== field) return undefined; // somebody went elsewhere
      if (same && (!held?.closest || held === document.body)) return undefined; // nothing had it
      if (!field) return (document.querySelector("#composer .composer-kept") ?? messages())?.focus({ preventScroll: true });
      field.focus({ preventScroll: true });
      return caret && field.setSelectionRange(...caret);
    };
  }

  // along the rows goes whoever was among them
  function toRow() {
    const open = document.getElementById("thread")?.dataset.id;
    if (!open || (document.activeElement?.dataset?.id === open && !lost())) return;
    const row = document.getElementById(`row-${open}`);
    if (row?.checkVisibility()) row.focus({ preventScroll: true });
    else messages()?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  balie.focus = { hold, toRow };
})();
