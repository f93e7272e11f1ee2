// What a person answers in a form: flows, addresses, orders. One dialog, filled anew each time.

import { act, el } from "./dom.js";

const dialog = document.getElementById("form-dialog");

function ask(title, fields, done, note = "") {
  const form = dialog.querySelector("form");
  form.querySelector("h2").textContent = title;
  const drawn = fields.map(field);
  form.querySelector(".asked").replaceChildren(...(note ? [el("p", { class: "soft" }, note)] : []), ...drawn);
  dialog.returnValue = "";
  dialog.onclose = () => dialog.returnValue === "send" && done(answersOf(form, fields));
  dialog.showModal();
}

function field({ name, label, type = "text", value = "", options = [], required = false }) {
  if (type === "choices") {
    const boxes = options.map(({ id, title }) =>
      el("label", { class: "switch" }, el("input", { type: "checkbox", name, value: id }), title));
    return el("fieldset", { class: "choice-set" }, el("legend", {}, label), boxes);
  }
  const control =
    type === "choice"
      ? el("select", { name, required }, options.map(({ id, title }) => el("option", { value: id }, title)))
      : type === "area"
        ? el("textarea", { name, rows: 3, required }, value)
        : el("input", { name, type, value, required, step: type === "number" ? "any" : null });
  return el("label", {}, label, control);
}

function answersOf(form, fields) {
  const given = new FormData(form);
  return Object.fromEntries(fields.map(({ name, type }) => {
    if (type === "choices") return [name, given.getAll(name)];
    return [name, type === "number" ? Number(given.get(name)) : given.get(name)];
  }));
}

function reply(message, name, body, response) {
  const nfm = { name, body, response_json: JSON.stringify(response) };
  return act("/send", { type: "interactive", interactive: { type: "nfm_reply", nfm_reply: nfm }, reply_to: message.id });
}

export function answerFlow(message, label) {
  const { token, fields } = message.flow;
  ask(label || "Form", fields, (given) => reply(message, "flow", "Sent", { ...given, flow_token: token }));
}

const ADDRESS = [
  { name: "name", label: "Name", value: document.body.dataset.ownName },
  { name: "phone_number", label: "Phone number", value: document.body.dataset.ownPhone },
  { name: "address", label: "Address", value: "Dam 1", required: true },
  { name: "city", label: "City", value: "Amsterdam" },
  { name: "in_pin_code", label: "Postcode", value: "1012 JS" },
];

export function answerAddress(message) {
  ask("Your address", ADDRESS, (values) =>
    reply(message, "address_message", `${values.address}, ${values.in_pin_code} ${values.city}`, { values }));
}

export function order(message, { catalog = "1000000000001", product = "FIETS-1" } = {}) {
  const fields = [
    { name: "product_retailer_id", label: "Product", value: product, required: true },
    { name: "quantity", label: "Quantity", type: "number", value: 1, required: true },
    { name: "item_price", label: "Price", type: "number", value: 24.5, required: true },
    { name: "currency", label: "Currency", value: "EUR", required: true },
    { name: "text", label: "Note", value: "" },
  ];
  ask("Order", fields, ({ text, ...item }) => {
    const content = { catalog_id: catalog, product_items: [item], ...(text && { text }) };
    return act("/send", { type: "order", order: content, ...(message && { reply_to: message.id }) });
  });
}
