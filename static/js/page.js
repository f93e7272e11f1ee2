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

// shows one page when there is no connection, and what a notification is about
if (document.body.classList.contains("shell")) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.nodeType === 1 && node.matches(".toast")) dismissLater(node);
    }
  }
}).observe(document.getElementById("toasts") ?? document.body, { childList: true });

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const words = source.value ?? source.innerText;
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: words, className: "visually-hidden" });
    button.after(field);
    field.select();
    document.execCommand("copy"); // where a page is not served over TLS there is no other way
    field.remove();
    button.focus();
  }
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

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

// where a row of places is wider than the screen, the one that is open is in sight
for (const here of document.querySelectorAll(".rail-places [aria-current], .tabs [aria-current]")) {
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
