// Plays sounds in place: one at a time, at the speed each person likes, with the position by pointer and keys.
"use strict";

(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;

  const SPEEDS = [1, 1.5, 2];
  const MAX_HEARD = 500;
  const keyOf = (name) => `balie.voice.${name}.${inbox.dataset.person}`;
  const held = (name, otherwise) => {
    try { return JSON.parse(localStorage.getItem(keyOf(name))) ?? otherwise; } catch { return otherwise; }
  };
  const hold = (name, value) => {
    try { localStorage.setItem(keyOf(name), JSON.stringify(value)); } catch { /* a private window keeps nothing */ }
  };

  let speed = SPEEDS.includes(held("speed", 1)) ? held("speed", 1) : 1;
  let heard = new Set(held("heard", []));
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const soundOf = (player) => player.querySelector("audio");
  // before its head is loaded a sound does not know its length; the server told it
  const lengthOf = (player) => {
    const told = soundOf(player).duration;
    return Number.isFinite(told) && told > 0 ? told : Number(player.dataset.length) / 1000;
  };

  function play(player) {
    const sound = soundOf(player);
    if (!sound.paused) return sound.pause();
    for (const other of document.querySelectorAll("[data-sound] audio")) if (other !== sound) other.pause();
    sound.playbackRate = speed;
    sound.play().catch((error) => {
      if (error.name !== "AbortError") player.querySelector(".voice-time").textContent = balie.composer.text("noSound");
    });
  }

  function progress(player) {
    const sound = soundOf(player);
    const length = lengthOf(player);
    const part = length ? Math.min(sound.currentTime / length, 1) : 0;
    const track = player.querySelector(".voice-track");
    track.value = String(Math.round(part * 1000));
    track.setAttribute("aria-valuetext", clock(sound.currentTime));
    const bars = player.querySelectorAll(".voice-wave rect");
    bars.forEach((bar, index) => bar.toggleAttribute("data-heard", index < part * bars.length));
    player.querySelector(".voice-time").textContent = clock(sound.paused && !sound.currentTime ? length : sound.currentTime);
  }

  function told(player) {
    const playing = !soundOf(player).paused;
    const button = player.querySelector(".voice-button");
    player.dataset.state = playing ? "playing" : "paused";
    button.setAttribute("aria-label", playing ? button.dataset.pause : button.dataset.play);
    progress(player);
  }

  function mark(player) {
    if (!heard.has(player.dataset.sound)) {
      heard = new Set([...heard, player.dataset.sound].slice(-MAX_HEARD));
      hold("heard", [...heard]);
    }
    shown(player);
  }

  function shown(player) {
    const bubble = player.closest(".bubble");
    if (bubble?.dataset.direction === "in" && heard.has(player.dataset.sound)) player.dataset.played = "yes";
    const word = player.querySelector("[data-heard-word]");
    if (word) word.hidden = !("played" in player.dataset);
    const button = player.querySelector("[data-speed]");
    button.textContent = `${speed.toLocaleString(document.documentElement.lang || "en")}×`;
    button.setAttribute("aria-label", `${balie.composer.text("speed")} ${button.textContent}`);
  }

  function seek(player, part) {
    const sound = soundOf(player);
    const length = lengthOf(player);
    if (!length) return;
    if (sound.readyState) sound.currentTime = part * length;
    else {
      sound.addEventListener("loadedmetadata", () => { sound.currentTime = part * length; }, { once: true });
      sound.preload = "metadata";
      sound.load();
    }
  }

  function faster() {
    speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
    hold("speed", speed);
    for (const sound of document.querySelectorAll("[data-sound] audio")) sound.playbackRate = speed;
    document.querySelectorAll("[data-sound]").forEach(shown);
  }

  for (const name of ["play", "pause", "ended", "timeupdate", "seeked"]) {
    document.addEventListener(name, (event) => {
      const player = event.target.closest?.("[data-sound]");
      if (!player) return;
      if (name === "ended") {
        mark(player);
        event.target.currentTime = 0;
      }
      told(player);
    }, true);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches(".voice-track")) seek(event.target.closest("[data-sound]"), Number(event.target.value) / 1000);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.(".voice-track") || event.key !== " ") return;
    event.preventDefault();
    play(event.target.closest("[data-sound]"));
  });
  document.addEventListener("click", (event) => {
    const player = event.target.closest("[data-sound]");
    if (event.target.closest(".voice-button")) play(player);
    if (event.target.closest("[data-speed]")) faster();
  });

  const dress = () => document.querySelectorAll("[data-sound]").forEach(shown);
  document.addEventListener("balie:opened", dress);
  // bubbles come one by one: older pages, news, what was just sent
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) node.querySelectorAll?.("[data-sound]").forEach(shown);
    }
  }).observe(document.getElementById("thread-pane"), { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", dress);
})();
