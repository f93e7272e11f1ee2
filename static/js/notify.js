// Notifications and a sound, by choice: what happened and at which company, never what somebody wrote. However many tabs
// are open, one of them tells; none does of a conversation that somebody is reading.
"use strict";

window.balie = window.balie ?? {};

(() => {
  const words = document.getElementById("notify");
  if (!words) return;

  const KINDS = ["danger", "promise", "mentioned", "assigned", "teamed", "written", "answered", "unanswered", "woken", "followed"]; // the gravest first
  const BURST_MS = 600;
  const ANSWER_MS = 200;
  const AGAIN_MS = 5_000; // the same news heard in another tab
  const MOST = 3; // more at once are told in one
  const ID = /^[0-9a-f-]{36}$/;
  const wants = { desktop: "wantsDesktop" in words.dataset, sound: "wantsSound" in words.dataset };
  const channel = new BroadcastChannel("balie-notify");
  const told = new Map();
  let heard = new Map(); // conversation to kind
  let gathering = 0;
  let leads = false;
  let others = [];
  let sounds = null;

  const word = (name) => words.querySelector(`[data-word="${name}"]`).textContent;

  // --- sound ---------------------------------------------------------------------------------------------------------------
  function tone(at, pitch) {
    const [source, loud] = [sounds.createOscillator(), sounds.createGain()];
    source.frequency.value = pitch;
    loud.gain.setValueAtTime(0, at);
    loud.gain.linearRampToValueAtTime(0.12, at + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
    source.connect(loud).connect(sounds.destination);
    source.start(at);
    source.stop(at + 0.4);
  }

  async function sound() {
    sounds ??= new AudioContext();
    if (sounds.state === "suspended") await Promise.race([sounds.resume(), new Promise((done) => setTimeout(done, 300))]);
    if (sounds.state !== "running") return; // the browser wants a press on the page first
    tone(sounds.currentTime, 660);
    tone(sounds.currentTime + 0.14, 880);
    document.documentElement.dataset.sounded = String(Number(document.documentElement.dataset.sounded ?? 0) + 1);
  }

  // --- showing -------------------------------------------------------------------------------------------------------------
  async function show(title, body, { tag, place, grave = false }) {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    const options = { body, tag, icon: words.dataset.icon, silent: true, requireInteraction: grave, data: { place } };
    const worker = await navigator.serviceWorker?.getRegistration("/");
    if (worker?.active) return worker.showNotification(title, options);
    const shown = new Notification(title, options);
    shown.addEventListener("click", () => {
      window.focus();
      go(place);
      shown.close();
    });
  }

  function go(place) {
    if (balie.open && /\/inbox\/[0-9a-f-]{36}\/$/.test(place)) balie.open(place);
    else location.assign(place);
  }

  // --- whose it is ---------------------------------------------------------------------------------------------------------
  async function named(ids) {
    if (!words.dataset.named) {
      return ids.map((id) => ({ id, company: words.dataset.name, place: `${words.dataset.base}${id}/` }));
    }
    const response = await balie.request(`${words.dataset.named}?ids=${ids.join(",")}`);
    return response?.ok ? (await response.json()).found : [];
  }

  async function tell(news, inView) {
    if (wants.sound) sound();
    if (!wants.desktop || inView) return;
    const found = await named([...news.keys()]);
    if (found.length > MOST) {
      const names = [...new Set(found.map((one) => one.company))];
      const title = names.length === 1 ? names[0] : words.dataset.name;
      const grave = [...news.values()].includes("danger");
      const body = grave ? word("danger") : word("several").replace("{n}", found.length);
      return show(title, body, { tag: "balie", place: words.dataset.base, grave });
    }
    for (const { id, company, place } of found) {
      const kind = news.get(id);
      show(company, word(kind), { tag: `balie-${id}`, place, grave: kind === "danger" });
    }
  }

  // --- one tab tells for all -------------------------------------------------------------------------------------------------
  // what is in view here: a conversation, "" for the queue alone, null where neither is
  const looking = () => !document.hidden && document.hasFocus() && document.getElementById("inbox");
  const reading = () => (looking() ? document.getElementById("thread")?.dataset.id ?? "" : null);

  function gather(kind, ids) {
    const now = Date.now();
    for (const [key, at] of told) if (now - at > AGAIN_MS) told.delete(key);
    for (const id of ids.filter((each) => ID.test(each) && !told.has(`${kind} ${each}`))) {
      told.set(`${kind} ${id}`, now);
      const before = heard.get(id);
      if (!before || KINDS.indexOf(kind) < KINDS.indexOf(before)) heard.set(id, kind);
    }
    if (heard.size && !gathering) gathering = setTimeout(settle, BURST_MS);
  }

  async function settle() {
    others = [reading()];
    channel.postMessage({ ask: true });
    await new Promise((done) => setTimeout(done, ANSWER_MS));
    gathering = 0;
    const [all, seen] = [heard, others.filter((one) => one !== null)];
    heard = new Map();
    const read = new Map([...all].filter(([id]) => seen.includes(id)));
    const news = await claimed(new Map([...all].filter(([id]) => !seen.includes(id))), { read, inView: seen.length > 0 });
    if (news.size) tell(news, seen.length > 0);
  }

  // The desk and the clients entered from it stand on hosts of their own, so the server says which of them tells. What is
  // read is claimed at once, then asks who has something in view, then the desk, then the others.
  async function claimed(news, { read, inView }) {
    if (!words.dataset.claim) return news;
    if (read.size) await claim(read);
    if (!news.size) return news;
    if (!inView) await new Promise((done) => setTimeout(done, Number(words.dataset.claimMs)));
    return claim(news);
  }

  async function claim(news) {
    const body = new FormData();
    for (const [id, kind] of news) body.append("news", `${kind}:${id}`);
    const response = await balie.request(words.dataset.claim, { method: "POST", body });
    if (!response?.ok) return balie.live.state === "signed-out" ? new Map() : news; // told twice rather than not at all
    const { tell: mine } = await response.json();
    return new Map([...news].filter(([id, kind]) => mine.includes(`${kind}:${id}`)));
  }

  channel.addEventListener("message", ({ data }) => {
    if (data.ask && reading() !== null) channel.postMessage({ reads: reading() });
    if ("reads" in data) others.push(data.reads);
    if (data.kind && leads) gather(data.kind, data.ids);
  });

  function hear(kind, ids) {
    if (leads) gather(kind, ids);
    else channel.postMessage({ kind, ids });
  }

  if (balie.live && (wants.desktop || wants.sound)) {
    // held as long as this tab lives; then another one has it
    navigator.locks?.request("balie-notify", () => {
      leads = true;
      balie.live.start();
      return new Promise(() => {});
    });
    for (const kind of KINDS) document.body.addEventListener(`balie:${kind}`, ({ detail }) => hear(kind, detail ?? []));
  }
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data?.place) go(data.place);
  });

  // --- the profile: asks only when pressed, and tries --------------------------------------------------------------------------
  const box = document.querySelector("input[name=notify_desktop]");

  function state() {
    const now = "Notification" in window ? Notification.permission : "missing";
    for (const line of document.querySelectorAll("[data-notify-say]")) line.hidden = line.dataset.notifySay !== now;
    return now;
  }

  async function ask() {
    if (state() === "default") await Notification.requestPermission();
    return state();
  }

  box?.addEventListener("change", () => { if (box.checked) ask(); });
  document.querySelector("[data-notify-try]")?.addEventListener("click", async () => {
    sound();
    if ((await ask()) === "granted") show(words.dataset.name, word("trial"), { tag: "balie-trial", place: location.pathname });
  });
  if (box) state();
})();
