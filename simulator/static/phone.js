// The chat page: follows the stream, draws what changed, sends what the person writes.

import { order } from "./answers.js";
import { act, call, day, el, page, phoneUrl, tell } from "./dom.js";
import { row } from "./bubbles.js";
import { recorder } from "./recorder.js";

const $ = (id) => document.getElementById(id);
const list = $("messages");
const field = $("text");
const drawn = new Map(); // message id -> [its JSON, its element]
let chat = null;
let quoted = null;
let editing = null;
let typingTimer = null;

function nearEnd() {
  return list.scrollHeight - list.scrollTop - list.clientHeight < 120;
}

// Pictures grow when they arrive: whoever was at the end stays there. A scroll at the same height is the person's own.
let pinned = true;
let height = 0;
list.addEventListener("scroll", () => {
  if (list.scrollHeight === height) pinned = nearEnd();
  height = list.scrollHeight;
});
list.addEventListener("load", () => { if (pinned) toEnd(); }, true);

function toEnd() {
  pinned = true;
  list.scrollTop = list.scrollHeight;
}

function draw() {
  const follow = nearEnd() || drawn.size === 0;
  const first = drawn.size === 0;
  const elements = [];
  let before = null;
  chat.messages.forEach((message) => {
    if (!before || day(before.at) !== day(message.at)) elements.push(el("li", { class: "day" }, day(message.at)));
    const element = bubbleFor(message, first);
    element.toggleAttribute("data-first", !before || before.mine !== message.mine || message.at - before.at > 60);
    elements.push(element);
    before = message;
  });
  if (chat.typing) elements.push(el("li", { class: "typing" }, `${chat.number.name} is typing …`));
  if (!elements.length) elements.push(el("li", { class: "typing" }, "Nothing was said yet. Write the first message."), ...breakers());
  place(elements);
  if (follow) toEnd();
}

// What a business offers to those who have not written yet.
function breakers() {
  return (chat.number.prompts ?? []).map((prompt) =>
    el("li", { class: "breaker" }, el("button", { type: "button", class: "button", onclick: () => send({ type: "text", text: { body: prompt } }) }, prompt)));
}

function bubbleFor(message, first) {
  const key = JSON.stringify(message);
  const known = drawn.get(message.id);
  if (known && known[0] === key) return known[1];
  const element = row(message, { reply: quote, pickRow, jump, canEdit: edit });
  if (!known && !first) element.dataset.new = "";
  // A status that changes meanwhile does not close the menu under somebody's finger.
  const menu = known?.[1].querySelector("details.menu[open]") && element.querySelector("details.menu");
  if (menu) menu.open = true;
  drawn.set(message.id, [key, element]);
  return element;
}

// Elements that stay are not moved, so that a voice note keeps playing and an open menu stays open.
function place(elements) {
  const wanted = new Set(elements);
  [...list.children].forEach((child) => wanted.has(child) || child.remove());
  elements.forEach((element, index) => {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
}

async function refresh() {
  try {
    chat = await call(phoneUrl("chat"));
  } catch {
    return;
  }
  draw();
  $("online").checked = chat.person.online;
  $("read-receipts").checked = chat.person.read_receipts;
  $("marketing").checked = !chat.person.marketing_stopped;
  clearTimeout(typingTimer);
  if (chat.typing) typingTimer = setTimeout(refresh, 5000);
  readWhenSeen();
}

function readWhenSeen() {
  const unread = chat?.messages.some((message) => !message.mine && message.status === "delivered");
  if (!unread || document.visibilityState !== "visible" || !chat.person.read_receipts) return;
  if (page.group) call(`/_sim/groups/${encodeURIComponent(page.group)}/read`, { person: page.key });
  else act("/read", {});
}

function follow() {
  const stream = new EventSource(phoneUrl("events"));
  stream.addEventListener("open", () => { tell(""); refresh(); });
  stream.addEventListener("changed", refresh);
  stream.addEventListener("error", () => tell("The simulator cannot be reached. Trying again."));
  addEventListener("pagehide", () => stream.close());
}

function quote(message) {
  closeMenus();
  editing = null;
  quoted = message;
  showIntent(`Reply to: ${message.content?.body?.text || message.content?.body || message.content?.caption || message.type}`);
}

function edit(message) {
  closeMenus();
  quoted = null;
  editing = message;
  field.value = message.content.body;
  showIntent("Edit your message");
}

function showIntent(text) {
  $("quoting-text").textContent = text;
  $("quoting").hidden = !text;
  field.focus();
}

function endIntent() {
  quoted = editing = null;
  showIntent("");
}

function jump(id) {
  const element = drawn.get(id)?.[1];
  if (!element) return;
  element.scrollIntoView({ block: "center" });
  element.classList.add("flash");
  setTimeout(() => element.classList.remove("flash"), 1200);
}

function pickRow(action, choose) {
  const dialog = $("rows-dialog");
  dialog.querySelector("h2").textContent = action.button;
  const sections = action.sections.flatMap((section) => [
    section.title ? el("h3", {}, section.title) : "",
    ...section.rows.map((entry) => {
      const pick = () => { dialog.close(); choose(entry); };
      return el("button", { type: "button", onclick: pick }, entry.title, el("span", { class: "soft" }, entry.description || ""));
    }),
  ]);
  dialog.querySelector(".rows").replaceChildren(...sections.filter(Boolean));
  dialog.showModal();
}

async function send(content) {
  const body = quoted ? { ...content, reply_to: quoted.id } : content;
  const answer = await act("/send", body);
  if (answer) endIntent();
  toEnd();
  return answer;
}

async function sendText() {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  const change = editing && { type: "edit", original_message_id: editing.id, text };
  if (!(await send(change || { type: "text", text: { body: text } }))) field.value = text;
}

async function sendFile(kind, data, { name = "", voice = false } = {}) {
  const type = data.type || "application/octet-stream";
  const response = await fetch(phoneUrl("media", { name: encodeURIComponent(name) }), {
    method: "POST", body: data, headers: { "Content-Type": type },
  }).catch(() => null);
  const answer = await response?.json().catch(() => null);
  if (!response?.ok) return tell(answer?.error || "The file could not be sent.");
  const caption = ["image", "video", "document"].includes(kind) ? field.value.trim() : "";
  const content = { id: answer.id, ...(caption && { caption }), ...(voice && { voice }), ...(name && { filename: name }) };
  if (caption) field.value = "";
  return send({ type: kind, [kind]: content });
}

function closeMenus(except) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
}

function wire() {
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); sendText(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); sendText(); }
    if (event.key === "Escape") endIntent();
  });
  $("quoting-end").addEventListener("click", endIntent);
  document.addEventListener("click", (event) => {
    const inside = event.target.closest("details.menu");
    const leaves = event.target.closest(".sheet button");
    closeMenus(leaves ? null : inside);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(); });
  document.addEventListener("visibilitychange", readWhenSeen);
  wireAttachments();
  $("online").addEventListener("change", (event) => act("", { online: event.target.checked }));
  $("read-receipts").addEventListener("change", (event) => act("", { read_receipts: event.target.checked }));
  $("marketing").addEventListener("change", (event) => act("/preferences", { value: event.target.checked ? "resume" : "stop" }));
  $("call").hidden = Boolean(page.group);
  $("call").addEventListener("click", () => act("/call", {}));
  $("order").addEventListener("click", () => order());
  field.value = new URLSearchParams(location.search).get("text") ?? "";
  recorder($("record"), (sound) => sendFile("audio", sound, { voice: true }), tell);
}

const ACCEPT = { image: "image/jpeg,image/png", video: "video/mp4,video/3gpp", audio: "audio/*", sticker: "image/webp", document: "" };

function wireAttachments() {
  const picker = $("file");
  document.querySelectorAll("[data-attach]").forEach((button) =>
    button.addEventListener("click", () => {
      picker.dataset.kind = button.dataset.attach;
      picker.accept = ACCEPT[button.dataset.attach];
      picker.click();
    }),
  );
  picker.addEventListener("change", async () => {
    const [chosen] = picker.files;
    picker.value = "";
    if (chosen) await sendFile(picker.dataset.kind, chosen, { name: chosen.name });
  });
  document.querySelectorAll("[data-dialog]").forEach((button) =>
    button.addEventListener("click", () => $(button.dataset.dialog).showModal()),
  );
  onSent("location-dialog", ({ name, address, latitude, longitude }) =>
    send({ type: "location", location: { latitude: Number(latitude), longitude: Number(longitude), name, address } }));
  onSent("contact-dialog", ({ name, phone }) =>
    send({ type: "contacts", contacts: [{ name: { formatted_name: name, first_name: name }, phones: phone ? [{ phone, type: "CELL" }] : [] }] }));
}

function onSent(id, action) {
  const dialog = $(id);
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "send") return;
    dialog.returnValue = "";
    action(Object.fromEntries(new FormData(dialog.querySelector("form"))));
  });
}

page.key && wire();
follow();
