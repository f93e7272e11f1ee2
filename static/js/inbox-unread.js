// Where unread begins: a line that stays until its messages were read, and moves only when all above it was.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const READ_MS = 1_500;
  let first = ""; // id of the first unread item
  let count = 0;
  let allRead = true; // somebody looked at the newest message since the line was drawn
  let timer = 0;

  function place() {
    const { list } = balie.thread;
    list()?.querySelector(".unread-line")?.remove();
    const item = first && document.getElementById(`item-${first}`);
    if (!item) return;
    const line = document.getElementById("inbox-words").content.querySelector(".unread-line").cloneNode();
    line.textContent = count === 1 ? line.dataset.one : line.dataset.many.replace("{n}", String(count));
    item.before(line);
  }

  function clear() {
    first = "";
    count = 0;
    allRead = true;
    place();
  }

  // somebody who is at the newest message and looks for a moment has read it
  function watch() {
    clearTimeout(timer);
    if (allRead || document.hidden) return;
    timer = setTimeout(() => {
      if (!document.hidden && balie.thread.look()) allRead = true;
    }, READ_MS);
  }

  document.addEventListener("balie:opened", () => {
    const { unread = "", unreadCount = "0" } = balie.thread.thread().dataset;
    first = unread;
    count = Number(unreadCount);
    allRead = !first;
    place();
    const line = balie.thread.list().querySelector(".unread-line");
    const view = balie.thread.scroller();
    if (line && line.getBoundingClientRect().top < view.getBoundingClientRect().top) {
      line.scrollIntoView({ block: "start" });
      view.scrollTop -= 48; // below the day that sticks
      if (!balie.thread.look()) balie.thread.newestButton(true);
    }
    watch();
  });

  document.addEventListener("balie:added", (event) => {
    const came = event.detail.items.filter((item) => item.dataset.direction === "in");
    if (event.detail.items.some((item) => item.dataset.token)) clear(); // an answer of ours: all was read
    const looks = event.detail.stuck && !document.hidden;
    if (!came.length || (looks && allRead)) return;
    if (allRead) {
      first = came[0].dataset.id;
      count = 0;
      allRead = false;
    }
    count += came.length;
    place();
    watch();
  });

  document.addEventListener("scroll", watch, true);
  document.addEventListener("visibilitychange", watch);

  balie.unread = { place, clear };
})();
