// What every page does: menus close, toasts leave, dialogs open, texts are copied. No inline handlers anywhere.
"use strict";

const TOAST_MS = 6000;

function dismissLater(toast) {
  if (toast.dataset.state === "error") return;
  const leave = () => toast.remove();
  let timer = setTimeout(leave, TOAST_MS);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => { timer = setTimeout(leave, TOAST_MS); });
}

document.querySelectorAll(".toast").forEach(dismissLater);

// after a form came back, the focus is where its trouble stands: what lists it, else the field itself
if (!document.querySelector("[autofocus]")) {
  const told = document.querySelector("main form .notice[data-state='broken'][tabindex]");
  (told ?? document.querySelector("main form [aria-invalid='true']:not([type='hidden'])"))?.focus();
}

// shows one page when there is no connection, and what a notification is about
if (document.body.classList.contains("shell")) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.nodeType === 1 && node.matches(".toast")) dismissLater(node);
    }
  }
}).observe(document.getElementById("toasts") ?? document.body, { childList: true });

// puts words on the clipboard; where a page is not served over TLS there is no other way than by a field beside the button
window.balie = window.balie ?? {};
balie.toClipboard = async (words, button) => {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: words, className: "visually-hidden" });
    button.after(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
};

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  await balie.toClipboard(source.value ?? source.innerText, button);
  button.dataset.state = "copied";
  setTimeout(() => delete button.dataset.state, 2000);
}

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const pressed = on("[data-dismiss], [data-opens], [data-print-page], [data-copy], [data-closes-dialog]");
  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    if (!menu.contains(event.target) || on(".menu-items a, .menu-items button")) menu.open = false;
  }
  if (!pressed) return;
  if ("dismiss" in pressed.dataset) pressed.closest(".toast, .notice, .bar")?.remove();
  if ("opens" in pressed.dataset) document.getElementById(pressed.dataset.opens)?.showModal();
  if ("closesDialog" in pressed.dataset) pressed.closest("dialog")?.close();
  if ("printPage" in pressed.dataset) window.print();
  if ("copy" in pressed.dataset) copy(pressed);
});

// a dialog that was empty when it opened has the focus itself: its first field takes it over when it comes
document.addEventListener("htmx:afterSettle", (event) => {
  const dialog = document.activeElement;
  if (!dialog.matches("dialog[open]") || !dialog.contains(event.target)) return;
  (dialog.querySelector(".dialog-body :is(input:not([type=hidden]), select, textarea)") ?? dialog.querySelector("button"))?.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    event.preventDefault(); // it closes the menu, and not what lies behind it
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

// arrow keys walk through the menu that has the focus, and open it
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[data-closes]");
  if (!menu || event.defaultPrevented || event.target.matches("input, textarea, select")) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by && (event.key !== "Home" && event.key !== "End")) return;
  event.preventDefault();
  menu.open = true;
  const items = [...menu.querySelectorAll(".menu-items :is(a[href], button, summary)")].filter((each) => each.checkVisibility());
  const at = items.indexOf(document.activeElement);
  const to = by ? (at < 0 && by < 0 ? items.length - 1 : at + by) : event.key === "Home" ? 0 : items.length - 1;
  items[(to + items.length) % items.length]?.focus();
});

// where a row of places is wider than the screen, the one that is open is in sight
for (const here of document.querySelectorAll(".rail-places [aria-current], .tabs [aria-current], .side-links [aria-current]")) {
  const row = here.parentElement;
  row.scrollLeft += here.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - here.offsetWidth) / 2;
}

// one open menu at a time
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details[data-closes][open]")) return;
  for (const other of document.querySelectorAll("details[data-closes][open]")) {
    if (other !== event.target && !other.contains(event.target)) other.open = false;
  }
}, true);

// a form is sent once, however often its button is pressed
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
