// One message as a bubble, by type.

import { answerAddress, answerFlow, order } from "./answers.js";
import { act, call as ask, clock, el, icon, safeLink } from "./dom.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "🙏"];
const TICKS = { sent: ["check", "Sent"], delivered: ["checks", "Delivered"], read: ["checks", "Read"] };

export function row(message, { reply, pickRow, jump, canEdit }) {
  const element = el("li", {
    class: "row",
    "data-id": message.id,
    "data-mine": message.mine,
    "data-reacted": Object.keys(message.reactions).length > 0,
  });
  element.append(bubble(message, { pickRow, jump }));
  if (!message.deleted) element.append(menu(message, { reply, canEdit }));
  return element;
}

function bubble(message, { pickRow, jump }) {
  const parts = message.deleted
    ? [el("p", { class: "gone" }, "This message was deleted")]
    : [author(message), quote(message, jump), ...body(message, pickRow)];
  const last = parts[parts.length - 1];
  const choices = last?.classList?.contains("choices") ? parts.pop() : null;
  const reactions = Object.values(message.reactions);
  return el(
    "div",
    { class: "bubble" },
    parts,
    meta(message),
    choices,
    reactions.length ? el("span", { class: "reactions" }, reactions.join(" ")) : null,
  );
}

function meta(message) {
  const [name, label] = (message.mine && message.type !== "call" && TICKS[message.status]) || [];
  return el(
    "span",
    { class: "meta", "data-status": message.mine ? message.status : null },
    message.pinned ? "pinned" : "",
    message.edited ? "edited" : "",
    el("time", { title: new Date(message.at * 1000).toLocaleString() }, clock(message.at)),
    name ? el("span", { role: "img", "aria-label": label, title: label }, icon(name)) : "",
  );
}

function author(message) {
  return message.author ? el("b", { class: "author" }, message.author) : null;
}

function quote(message, jump) {
  if (!message.quote) return null;
  const author = message.quote.mine ? "You" : document.body.dataset.business;
  const show = () => jump(message.quote.id);
  return el("button", { class: "quote", type: "button", onclick: show }, el("b", {}, author), message.quote.text);
}

function body(message, pickRow) {
  const content = message.content ?? {};
  const draw = {
    text: () => [text(content.body)],
    image: () => [file(message, "image"), text(content.caption)],
    video: () => [file(message, "video"), text(content.caption)],
    audio: () => [file(message, "audio")],
    sticker: () => [file(message, "sticker")],
    document: () => [file(message, "document"), text(content.caption)],
    location: () => [location(content)],
    contacts: () => contacts(content),
    button: () => [text(content.text)],
    order: () => ordered(content),
    call: () => voiceCall(content),
    interactive: () => (message.mine ? answer(content) : interactive(message, content, pickRow)),
    template: () => template(message, content),
  }[message.type];
  const drawn = draw ? draw() : [el("p", { class: "gone" }, `A message of type ${message.type}`)];
  return drawn.filter(Boolean);
}

function text(value) {
  return value ? el("p", { class: "text", dir: "auto" }, String(value)) : null;
}

function file(message, kind, shown = message.file) {
  const { url, link, name, mime, size } = shown ?? {};
  const address = url ?? safeLink(link);
  if (!address) return el("p", { class: "gone" }, "This file is no longer here");
  if (!url || kind === "document") return attachment(address, name || mime || link, size);
  if (kind === "image" || kind === "sticker") {
    const image = el("img", { class: `media ${kind}`, src: url, alt: kind === "sticker" ? "Sticker" : "Picture" });
    return el("a", { href: url, target: "_blank", rel: "noopener" }, image);
  }
  const played = () => message.mine || act("/played", { wamid: message.id });
  return el(kind, { class: "media", src: url, controls: true, preload: "metadata", onplay: played });
}

function attachment(address, name, size) {
  const weight = size ? el("span", { class: "soft" }, `${Math.max(1, Math.round(size / 1024))} kB`) : "";
  const label = el("span", {}, name || "File", weight);
  return el("a", { class: "attachment", href: address, target: "_blank", rel: "noopener noreferrer" }, icon("file"), label);
}

function location(content) {
  const place = [content.name, content.address].filter(Boolean);
  const point = `${content.latitude}, ${content.longitude}`;
  const lines = [place[0] || point, el("span", { class: "soft" }, place[1] || (place[0] ? point : ""))];
  return el("div", { class: "attachment" }, icon("pin"), el("span", {}, lines));
}

function contacts(list) {
  return (Array.isArray(list) ? list : []).map((contact) => {
    const phones = (contact.phones ?? []).map((phone) => phone.phone).join(", ");
    const label = el("span", {}, contact.name?.formatted_name || "Contact", el("span", { class: "soft" }, phones));
    return el("div", { class: "attachment" }, icon("person"), label);
  });
}

function answer(content) {
  const reply = content[content.type] ?? {};
  if (content.type === "call_permission_reply") return [text(reply.response === "accept" ? "You may call me" : "Please do not call me")];
  if (content.type === "nfm_reply") return formAnswer(reply);
  return [text(reply.title || reply.body || content.type), reply.description ? el("p", { class: "foot" }, reply.description) : null];
}

function formAnswer({ body: sent, response_json }) {
  let given = {};
  try { given = JSON.parse(response_json); } catch { /* shown as it is */ }
  const rows = Object.entries(given.values ?? given).filter(([name, value]) => name !== "flow_token" && value !== "");
  return [
    el("div", { class: "attachment" }, icon("form"), el("span", {}, sent || "Form")),
    el("dl", { class: "answers" }, rows.flatMap(([name, value]) => [el("dt", {}, name.replaceAll("_", " ")), el("dd", {}, String(value))])),
  ];
}

function ordered({ product_items: items = [], text: note }) {
  const rows = items.map((item) =>
    el("span", {}, `${item.quantity} × ${item.product_retailer_id}`, el("span", { class: "soft" }, `${item.currency} ${item.item_price}`)));
  return [el("div", { class: "attachment" }, icon("bag"), el("span", {}, rows)), text(note)];
}

function voiceCall({ id, state, business, taken, seconds }) {
  const said = state === "ringing" ? (business ? "Calls you" : "Ringing …")
    : state === "accepted" ? "On the phone" : taken ? `Voice call, ${Math.max(1, Math.round(seconds / 60))} min` : business ? "Missed voice call" : "Voice call, no answer";
  const line = el("div", { class: "attachment" }, icon(state === "ended" && !taken ? "missed" : "phone"), el("span", {}, said));
  const on = (verb) => () => ask(`/_sim/calls/${encodeURIComponent(id)}/${verb}`, {});
  const buttons = [];
  if (state === "ringing" && business) buttons.push(choice("Take the call", on("accept"), "phone"));
  if (state !== "ended") buttons.push(choice("Hang up", on("hang_up"), "close"));
  return [line, buttons.length ? el("div", { class: "choices" }, buttons) : null];
}

function frame(message, header, bodyText, footer) {
  const head = header?.type === "text" || header?.text ? el("p", { class: "head" }, header.text) : null;
  const picture = message.file ? file(message, message.file.kind) : null;
  const place = header?.type === "location" ? location(header.location) : null;
  return [head, picture, place, text(bodyText), footer ? el("p", { class: "foot" }, footer) : null];
}

function interactive(message, content, pickRow) {
  const parts = frame(message, content.header, content.body?.text, content.footer?.text);
  const action = content.action ?? {};
  const choose = (kind, reply) =>
    act("/send", { type: "interactive", interactive: { type: kind, [kind]: reply }, reply_to: message.id });
  const choices = {
    button: () => action.buttons.map(({ reply }) => choice(reply.title, () => choose("button_reply", reply))),
    list: () => [choice(action.button, () => pickRow(action, (reply) => choose("list_reply", reply)), "list")],
    cta_url: () => [link(action.parameters?.display_text, action.parameters?.url)],
    location_request_message: () => [choice("Send location", () => document.getElementById("location-dialog").showModal(), "pin")],
    flow: () => [choice(action.parameters?.flow_cta, () => answerFlow(message, action.parameters?.flow_cta), "form")],
    address_message: () => [choice("Give your address", () => answerAddress(message), "pin")],
    call_permission_request: () => [
      choice("Allow calls", () => act("/call_permission", { response: "accept", reply_to: message.id }), "phone"),
      choice("Not now", () => act("/call_permission", { response: "reject", reply_to: message.id })),
    ],
    voice_call: () => [choice(action.parameters?.display_text || "Call now", () => act("/call", {}), "phone")],
    product: () => [choice("Order", () => order(message, { catalog: action.catalog_id, product: action.product_retailer_id }), "bag")],
    product_list: () => [choice("Order", () => order(message, listed(action)), "bag")],
    catalog_message: () => [choice("View catalogue", () => order(message), "bag")],
    carousel: () => [el("div", { class: "cards" }, (action.cards ?? []).map((card, at) => freeCard(message, card, at, choose)))],
    request_contact_info: () => [choice("Share phone number", () => shareContact(message.id), "person")],
  }[content.type];
  const drawn = choices ? choices() : [el("p", { class: "foot" }, content.type.replaceAll("_", " "))];
  return [...parts, el("div", { class: "choices" }, drawn)];
}

function listed({ catalog_id: catalog, sections = [] }) {
  return { catalog, product: sections[0]?.product_items?.[0]?.product_retailer_id };
}

function template(message, content) {
  const parts = frame(message, content.header, content.body, content.footer);
  if (content.offer) parts.splice(1, 0, el("p", { class: "foot" }, content.offer));
  if (content.cards) parts.push(el("div", { class: "cards" }, content.cards.map((card, at) => cardOf(message, card, at))));
  const buttons = (content.buttons ?? []).map((button) => templateButton(message, button));
  return [...parts, buttons.length ? el("div", { class: "choices" }, buttons) : null];
}

function cardOf(message, card, at) {
  const buttons = (card.buttons ?? []).map((button) => templateButton(message, button));
  return el("div", { class: "card" }, cardFile(message, at), text(card.body), el("div", { class: "choices" }, buttons));
}

function freeCard(message, card, at, choose) {
  const { buttons, parameters, catalog_id: catalog, product_retailer_id: product } = card.action ?? {};
  const replies = (buttons ?? []).map((button) => button.quick_reply ?? button.reply);
  const choices = catalog ? [choice("Order", () => order(message, { catalog, product }), "bag")]
    : replies.length ? replies.map((reply) => choice(reply.title, () => choose("button_reply", reply)))
    : [link(parameters?.display_text, parameters?.url)];
  return el("div", { class: "card" }, cardFile(message, at), text(card.body?.text), el("div", { class: "choices" }, choices));
}

function cardFile(message, at) {
  const shown = message.card_files?.[at];
  return shown ? file(message, shown.kind, shown) : null;
}

function templateButton(message, button) {
  if (button.type === "flow") return choice(button.text, () => answerFlow(message, button.text), "form");
  if (button.type === "voice_call") return choice(button.text || "Call now", () => act("/call", {}), "phone");
  if (button.type === "phone_number") return choice(button.text, () => act("/call", {}), "phone");
  if (button.type === "copy_code" || button.type === "otp") {
    return choice(button.text || `Copy ${button.value}`, () => navigator.clipboard?.writeText(button.value), "file");
  }
  if (["catalog", "mpm", "spm"].includes(button.type)) return choice(button.text || "View items", () => order(message), "bag");
  if (button.type === "url") return link(button.text, button.url);
  if (button.type === "request_contact_info") return choice(button.text || "Share phone number", () => shareContact(message.id), "person");
  if (button.type !== "quick_reply") return el("button", { type: "button", disabled: true }, button.text || button.type.replaceAll("_", " "));
  const press = () =>
    act("/send", { type: "button", button: { payload: button.payload, text: button.text }, reply_to: message.id });
  return choice(button.text, press, "reply");
}

function shareContact(wamid) {
  const { ownPhone, ownName } = document.body.dataset;
  const contact = { name: { formatted_name: ownName, first_name: ownName }, origin: "contact_request" };
  if (ownPhone) contact.phones = [{ phone: `+${ownPhone}`, wa_id: ownPhone, type: "CELL" }];
  return act("/send", { type: "contacts", contacts: [contact], reply_to: wamid });
}

function choice(label, onclick, symbol) {
  return el("button", { type: "button", onclick }, symbol ? icon(symbol) : "", label);
}

function link(label, address) {
  const href = safeLink(address);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, icon("link"), label || address || "Open");
}

function openWhereItFits(menu) {
  const list = menu.closest(".messages");
  const below = list.getBoundingClientRect().bottom - menu.getBoundingClientRect().bottom;
  menu.toggleAttribute("data-low", menu.open && below < 250);
}

function menu(message, { reply, canEdit }) {
  const react = (emoji) => act("/send", { type: "reaction", reaction: { message_id: message.id, emoji } });
  const own = message.reactions.person;
  const faces = EMOJI.map((emoji) =>
    el("button", { type: "button", "aria-label": `React with ${emoji}`, onclick: () => react(own === emoji ? "" : emoji) }, emoji),
  );
  const entries = [
    el("div", { class: "emoji" }, faces),
    own ? el("button", { type: "button", onclick: () => react("") }, "Take reaction back") : "",
    el("button", { type: "button", onclick: () => reply(message) }, "Reply"),
    message.mine && message.type === "text" ? el("button", { type: "button", onclick: () => canEdit(message) }, "Edit") : "",
    message.mine ? el("button", { type: "button", onclick: () => act("/send", { type: "revoke", original_message_id: message.id }) }, "Delete") : "",
  ];
  return el(
    "details",
    { class: "menu", ontoggle: ({ target }) => openWhereItFits(target) },
    el("summary", { class: "icon-button", "aria-label": "What to do with this message" }, icon("more")),
    el("div", { class: "sheet" }, entries),
  );
}
