// Promises run on while a page is open: rings empty in business time, which the server gave along with each of them.
(() => {
  const EVERY_MS = 15_000;
  const LAST_QUARTER = 25;

  // How far the server's clock is ahead of this one. What came late, or stood in a kept page, tells less, never more.
  let ahead = -Infinity;

  function serverNow(rings) {
    const here = Date.now() / 1000;
    for (const ring of rings) if (Number(ring.dataset.now)) ahead = Math.max(ahead, Number(ring.dataset.now) - here);
    return here + (Number.isFinite(ahead) ? ahead : 0);
  }

  function secondsLeft(runs, now) {
    return runs.split(" ").reduce((sum, run) => {
      const [start, end] = run.split("-").map(Number);
      return sum + Math.max(0, end - Math.max(start, now));
    }, 0);
  }

  function words(seconds) {
    const minutes = Math.max(1, Math.round(seconds / 60));
    const [value, unit] = minutes < 120 ? [minutes, "minute"] : [Math.round(minutes / 60), "hour"];
    const time = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "unit", unit, unitDisplay: "long" }).format(value);
    const left = document.getElementById("inbox-words")?.content.querySelector('[data-word="left"]').textContent;
    return left ? left.replace("{time}", time) : time;
  }

  function tick() {
    const rings = document.querySelectorAll(".ring[data-runs]");
    const now = serverNow(rings);
    for (const ring of rings) {
      const left = secondsLeft(ring.dataset.runs, now);
      const percent = Math.min(100, Math.round((100 * left) / Math.max(1, Number(ring.dataset.whole))));
      const state = left <= 0 ? "broken" : percent <= LAST_QUARTER ? "last-quarter" : "running";
      ring.querySelector("circle + circle").setAttribute("stroke-dasharray", `${percent} 100`);
      if (ring.dataset.state !== state) {
        ring.dataset.state = state;
        ring.closest("[data-promise]")?.setAttribute("data-promise", state);
        ring.closest(".thread-promise")?.setAttribute("data-state", state);
      }
      const running = ring.dataset.runs.split("-")[0] <= now;
      const told = ring.closest(".thread-promise")?.querySelector("[data-left]");
      if (told && running && left > 0) told.textContent = words(left);
    }
  }

  // the contact pane tells the same as the head of the thread, when somebody begins or ceases to wait
  function agree({ detail: { old, fresh } }) {
    const promised = (head) => head.querySelector(".thread-promise .ring")?.dataset.whole;
    const told = document.getElementById("contact-promise");
    if (!told || told.contains(document.activeElement) || promised(old) === promised(fresh)) return;
    const url = `${document.getElementById("thread").dataset.url}contact/`;
    htmx.ajax("GET", url, { target: told, select: "#contact-promise", swap: "outerHTML" });
  }

  document.addEventListener("balie:head", agree);
  tick();
  setInterval(tick, EVERY_MS);
  document.addEventListener("htmx:afterSettle", tick);
})();
