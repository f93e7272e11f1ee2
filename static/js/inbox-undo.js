// Takes an answer back in the moment before it leaves; its words return to where they were written.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const { text, why, field, current } = balie.composer;
  const composer = balie.composer.node;
  const bar = () => composer()?.querySelector(".undo-bar");
  let timer = 0;

  function offer(item, { aloud = true } = {}) {
    clearInterval(timer);
    const slot = composer()?.querySelector("[data-undo-slot]");
    if (!slot) return;
    const shown = document.getElementById("inbox-words").content.querySelector(".undo-bar").cloneNode(true);
    const end = performance.now() + Number(item.dataset.undoMs);
    shown.dataset.item = item.id;
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      if (left <= 0) { clearInterval(timer); shown.remove(); return; }
      shown.querySelector("span").textContent = text("leaves", { n: left });
    };
    slot.replaceChildren(shown);
    timer = setInterval(tick, 200);
    tick();
    if (aloud) balie.say(`${shown.querySelector("span").textContent}. ${shown.querySelector("button").textContent}: Z`);
  }

  const onTheWay = () => balie.sending.waiting.findLast((one) => one.id === current());
  const can = () => Boolean(onTheWay() ?? bar());

  function undo() {
    if (onTheWay()) onTheWay().undo = true; // as soon as the server has it
    else if (bar()) takeBack();
  }

  async function takeBack() {
    if (!bar()) return;
    const [id, item, quoted] = [current(), document.getElementById(bar().dataset.item), quotedBy(bar().dataset.item)];
    clearInterval(timer);
    bar().dataset.takenBack = "yes";
    bar().remove();
    if (!item) return;
    const response = await balie.request(`${composer().dataset.url}messages/${item.dataset.id}/undo/`, { method: "POST" });
    if (!response) return why(text("offline"));
    const told = await response.json().catch(() => ({}));
    if (!response.ok) return why(told.problem ?? text("refused"));
    item.remove();
    balie.thread.regroup();
    if (!field() && id === current()) await balie.composer.reload(); // it was closed with the answer
    balie.composer.giveBack(id, told.body, { quoted });
    balie.live.touch(id);
  }

  // what the answer quoted, as the button that quotes it says it
  function quotedBy(id) {
    const stripe = document.getElementById(id)?.querySelector(".quote[data-jump]");
    return stripe && { quote: stripe.dataset.jump, quoteFrom: stripe.querySelector("strong").textContent, quoteText: stripe.querySelector("span").textContent };
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-undo]")) undo();
  });

  // whoever comes back in time can still take it back
  document.addEventListener("balie:opened", () => {
    const item = balie.thread.items().findLast((each) => each.dataset.undoMs);
    if (item) offer(item, { aloud: false });
  });

  balie.undo = { can, offer, undo, takeBack };
})();
