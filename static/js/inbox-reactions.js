// What is done with one message: reactions, removal, another try.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

  // --- reactions ---------------------------------------------------------------------------------------------------------
  function offerReactions(button) {
    closeReactions();
    const holder = document.createElement("div");
    holder.className = "reaction-picker";
    holder.setAttribute("role", "menu");
    holder.setAttribute("aria-label", button.title);
    const mine = button.closest(".bubble").querySelector(".reaction[data-mine]")?.textContent;
    for (const emoji of EMOJI) {
      const one = Object.assign(document.createElement("button"), { type: "button", className: "reaction-choice", textContent: emoji });
      one.setAttribute("role", "menuitemcheckbox");
      one.dataset.emoji = emoji === mine ? "" : emoji;
      one.setAttribute("aria-checked", String(emoji === mine));
      holder.append(one);
    }
    button.after(holder);
    button.setAttribute("aria-expanded", "true");
    holder.firstElementChild.focus();
  }

  // gives the focus back to the button that opened it, where it was inside
  function closeReactions() {
    for (const open of document.querySelectorAll(".reaction-picker")) {
      const [button, inside] = [open.previousElementSibling, open.contains(document.activeElement)];
      button?.setAttribute("aria-expanded", "false");
      open.remove();
      if (inside) button?.focus();
    }
  }

  function walkReactions(event) {
    const choices = [...event.target.closest(".reaction-picker").children];
    const at = choices.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: choices.length - 1 }[event.key];
    if (event.key === "Escape") closeReactions();
    else if (to === undefined) return;
    else choices[(to + choices.length) % choices.length].focus();
    event.preventDefault();
    event.stopPropagation();
  }

  async function post(bubble, path, data = new FormData()) {
    const current = balie.thread.thread();
    const response = await balie.request(`${current.dataset.url}messages/${bubble.dataset.id}/${path}/`, { method: "POST", body: data });
    if (!response) return balie.composer.toast(balie.composer.text("offline"));
    if (!response.ok) {
      const told = await response.json().catch(() => ({}));
      return balie.composer.toast(told.problem ?? balie.composer.text("refused"));
    }
    const fresh = balie.thread.parse(await response.text());
    if (current === balie.thread.thread()) balie.thread.put([...fresh.querySelectorAll("li[data-key]")]);
    balie.live.touch(current.dataset.id);
  }

  function react(choice) {
    const bubble = choice.closest(".bubble");
    const data = new FormData();
    data.set("emoji", choice.dataset.emoji);
    closeReactions();
    post(bubble, "reaction", data);
  }

  // --- removal -------------------------------------------------------------------------------------------------------------
  async function askRemoval(bubble) {
    const response = await balie.request(`${balie.thread.thread().dataset.url}messages/${bubble.dataset.id}/removal/`);
    if (!response?.ok) return balie.composer.toast(balie.composer.text("refused"));
    const dialog = document.getElementById("removal");
    dialog.replaceChildren(balie.thread.parse(await response.text()));
    dialog.showModal();
  }

  async function remove(form) {
    const current = balie.thread.thread();
    const response = await balie.request(form.action, { method: "POST", body: new FormData(form) });
    if (!response) return balie.composer.toast(balie.composer.text("offline"));
    const fresh = balie.thread.parse(await response.text());
    if (response.ok) {
      form.closest("dialog").close();
      if (current === balie.thread.thread()) balie.thread.put([...fresh.querySelectorAll("li[data-key]")]);
    } else {
      form.replaceWith(fresh);
    }
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-again]")) post(on(".bubble"), "again");
    if (on("[data-emoji]")) return react(on("[data-emoji]"));
    const opens = on("[data-react]");
    const wasOpen = opens?.getAttribute("aria-expanded") === "true";
    closeReactions();
    if (opens && !wasOpen) offerReactions(opens);
    if (on("[data-remove]")) askRemoval(on(".bubble"));
  });

  document.addEventListener("submit", (event) => {
    if (!("removal" in event.target.dataset)) return;
    event.preventDefault();
    remove(event.target);
  });

  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.(".reaction-picker")) walkReactions(event);
  }, true);
})();
