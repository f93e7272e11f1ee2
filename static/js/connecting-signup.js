// Meta's sign-up window: opens it, listens to what it tells, and hands code and events to the server, which believes
// none of it before it has asked the platform.
"use strict";

(() => {
  const META = /^https:\/\/([\w-]+\.)*facebook\.com$/;
  const EVENT_TYPE = "WA_EMBEDDED_SIGNUP";
  const place = () => document.getElementById("signup");
  let ready = false;
  let ended = false; // the window told how it ended
  let sent = Promise.resolve(); // events reach the server before the code does

  function say(name) {
    for (const one of place()?.querySelectorAll("[data-say]") ?? []) one.hidden = one.dataset.say !== name;
  }

  function post(url, body) {
    const csrf = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    return fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", ...csrf },
      body: JSON.stringify(body),
    });
  }

  function refresh() {
    const url = place()?.dataset.progressUrl;
    if (url) htmx.ajax("GET", url, { target: "#connecting", swap: "outerHTML" });
  }

  function init() {
    const page = place();
    if (ready || !page || !window.FB) return;
    FB.init({ appId: page.dataset.appId, version: page.dataset.version, autoLogAppEvents: false, xfbml: false });
    ready = true;
  }

  // Whether the browser let the window open is told by window.open alone, which the script calls at once.
  function watched(open) {
    const original = window.open;
    let blocked = false;
    window.open = (...given) => {
      const opened = original.apply(window, given);
      blocked = !opened;
      return opened;
    };
    try {
      open();
    } finally {
      window.open = original;
    }
    return !blocked;
  }

  function openWindow() {
    const page = place();
    init();
    if (!ready) return say("no-script");
    ended = false;
    say("open");
    const asked = {
      config_id: page.dataset.configId,
      response_type: "code",
      override_default_response_type: true,
      extras: { setup: {} },
    };
    if (!watched(() => FB.login(takeAnswer, asked))) say("blocked");
  }

  function takeAnswer(answer) {
    const code = answer?.authResponse?.code;
    if (code) return void takeCode(code);
    // What the window told comes beside this answer, sometimes a moment later.
    setTimeout(() => { if (!ended && !place()?.querySelector("[data-say=blocked]:not([hidden])")) say("closed"); }, 800);
  }

  async function takeCode(code) {
    ended = true;
    say("taking");
    const { codeUrl } = place().dataset;
    await Promise.race([sent, new Promise((go) => { setTimeout(go, 3000); })]);
    try {
      await post(codeUrl, { code });
      refresh();
    } catch {
      say("offline");
    }
  }

  function believed(origin) {
    const own = place()?.dataset.origin;
    return own ? origin === own : META.test(origin);
  }

  function read(data) {
    try {
      return typeof data === "string" ? JSON.parse(data) : data;
    } catch {
      return null;
    }
  }

  window.addEventListener("message", ({ origin, data }) => {
    if (!place() || !believed(origin)) return;
    const told = read(data);
    if (told?.type !== EVENT_TYPE || typeof told.event !== "string") return;
    ended = true;
    const { sessionUrl } = place().dataset;
    sent = post(sessionUrl, { event: told.event, version: told.version, data: told.data }).catch(() => say("offline"));
    if (["CANCEL", "ERROR"].includes(told.event)) sent.then(refresh);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-signup]")) openWindow();
  });

  window.fbAsyncInit = init;
  document.querySelector("[data-signup-sdk]")?.addEventListener("error", () => say("no-script"));
  init();
})();
