// What people do with a conversation: one press, or a dialog that asks for what is needed, and then perhaps the next one.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const dialog = () => document.getElementById("handling");
  const text = (name) => balie.composer.text(name);

  async function handle(button) {
    const current = balie.thread.thread();
    if (!current || button.dataset.busy) return;
    const holder = document.querySelector("#thread-head [data-act=take]")?.dataset; // a colleague's, where there is one
    if (holder?.holder && ["take", "close"].includes(button.dataset.act) && !("sure" in button.dataset)) return askFirst(button, holder);
    button.dataset.busy = "yes";
    const data = new FormData();
    if ("holder" in button.dataset) data.set("holder", button.dataset.holder); // who was seen to answer it
    if (button.dataset.for) data.set("for", button.dataset.for);
    if ("next" in button.dataset) data.set("next", "1");
    const response = await balie.request(`${current.dataset.url}${button.dataset.act}/`, { method: "POST", body: data });
    delete button.dataset.busy;
    await settle(response, current);
  }

  // the head comes back, or a dialog that asks for more, or the way to the next conversation
  async function settle(response, current) {
    if (!response) return balie.composer.why(text("offline"));
    if (response.status === 403) return balie.composer.toast(text("forbidden"));
    if (response.status === 404) return balie.composer.toast(text("refused"));
    const fresh = balie.thread.parse(await response.text());
    if (response.headers.get("X-Ask")) return show(fresh);
    dialog().close();
    const next = response.headers.get("X-Next");
    balie.live.touch(current.dataset.id);
    if (next) return leaveTo(next);
    if (current !== balie.thread.thread()) return undefined;
    const refusal = fresh.querySelector(".thread-refusal"); // the next look draws the head anew, without it
    if (refusal) balie.composer.toast(refusal.textContent.trim());
    balie.thread.head(fresh.querySelector("#thread-head"));
    return balie.thread.refresh();
  }

  function leaveTo(address, options) {
    if (/\/inbox\/$/.test(address)) return balie.away(address);
    balie.open(address, options);
    return balie.live.refresh();
  }

  const next = () => balie.ahead.hold(nextOne());

  async function nextOne() {
    const url = document.querySelector("#thread [data-next-one]")?.dataset.url ?? inbox.dataset.nextUrl;
    if (!url) return balie.queue.step(1);
    const response = await balie.request(url);
    const address = response?.headers.get("X-Next");
    if (!address) return balie.composer.toast(text("offline"));
    return leaveTo(address);
  }

  // from a colleague nothing is taken and nothing of hers is closed by one press
  function askFirst(button, { holder, holderName }) {
    const name = button.dataset.act === "take" ? "take-over" : "close-other";
    const asks = document.getElementById("inbox-words").content.querySelector(`[data-${name}]`).cloneNode(true);
    asks.querySelector("[data-name]").textContent = asks.querySelector("[data-name]").textContent.replace("{name}", holderName);
    const sure = asks.querySelector("[data-sure]");
    sure.dataset.holder = holder;
    if ("next" in button.dataset) sure.dataset.next = "";
    show(asks);
    sure.focus();
  }

  // --- dialogs ---------------------------------------------------------------------------------------------------------
  const ask = (name) => balie.ahead.hold(asking(name));

  async function asking(name) {
    const current = balie.thread.thread();
    if (!current) return;
    const response = await balie.request(`${current.dataset.url}${name}/`);
    if (!response?.ok) return balie.composer.toast(text(response ? "refused" : "offline"));
    const written = name === "ask" && document.querySelector('#composer [data-compose="note"] textarea')?.value;
    show(balie.thread.parse(await response.text()));
    if (written) dialog().querySelector("[name=body]").value = written; // what was begun as a note
  }

  function show(fresh) {
    dialog().replaceChildren(fresh);
    dialog().querySelector("h2").id = "handling-title"; // what waits in the page has none: no id stands twice
    htmx.process(dialog());
    if (!dialog().open) dialog().showModal();
    somebodyElse();
    begin(dialog().querySelector(".dialog-body"));
  }

  // where typing begins: what is wrong, what is asked, what is chosen, else the first there is
  function begin(body) {
    const wrong = body?.querySelector("[data-state=error] :is(input, textarea), .asks input");
    (wrong ?? body?.querySelector("input:checked") ?? body?.querySelector("input:not([type=hidden]), textarea, select, .pick"))?.focus();
  }

  async function submit(form, submitter) {
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    const current = balie.thread.thread();
    const data = new FormData(form, submitter);
    const response = await balie.request(form.action, { method: "POST", body: data });
    delete form.dataset.busy;
    if (response?.status === 422) return show(balie.thread.parse(await response.text()));
    await settle(response, current);
  }

  function narrow(field) {
    const wanted = field.value.trim().toLocaleLowerCase();
    for (const choice of document.querySelectorAll(`#${field.dataset.narrows} [data-name]`)) {
      choice.hidden = !choice.dataset.name.toLocaleLowerCase().includes(wanted);
    }
    const shown = document.querySelector(`#${field.dataset.narrows} [data-name]:not([hidden]) input`);
    if (wanted && shown) shown.checked = true;
  }

  function somebodyElse() {
    const typed = dialog().querySelector("[data-somebody-else]");
    if (typed) typed.hidden = dialog().querySelector("[name=person]:checked")?.value !== "";
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    const act = on("[data-act]");
    if (act?.dataset.act === "close") balie.ahead.hold(handle(act)); // it may ask, or go on
    else if (act) handle(act);
    if (on("[data-asks]")) ask(on("[data-asks]").dataset.asks);
    if (on("[data-next-one]")) next();
  });

  document.addEventListener("submit", (event) => {
    if (!("handling" in event.target.dataset)) return;
    event.preventDefault();
    submit(event.target, event.submitter);
  });

  document.addEventListener("input", (event) => {
    if (event.target.dataset.narrows) narrow(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "person") somebodyElse();
  });

  // a digit or a letter beside a choice presses it
  document.addEventListener("keydown", (event) => {
    if (!dialog().open || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return;
    if (event.target.closest?.("input:not([type=radio]), textarea, select")) return;
    const choice = dialog().querySelector(`[data-digit="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.click();
  });

  balie.handling = { ask, next, leaveTo };
})();
