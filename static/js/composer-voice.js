// Voice notes: recorded here, listened to, thrown away or sent. The server makes of them what WhatsApp plays.
"use strict";

(() => {
  if (!document.getElementById("inbox")) return;

  const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4", "audio/webm"];
  const MAX_SECONDS = 15 * 60;
  const LEAST_SECONDS = 0.5;
  let note = null; // the one recording there is: its panel, recorder, pieces and times

  const panel = () => document.querySelector("#composer [data-recorder]");
  const part = (name) => note.panel.querySelector(`[data-rec-${name}]`);
  const button = (name) => note.panel.querySelector(`[data-rec="${name}"]`);
  const words = (name) => balie.composer.text(name);

  async function begin() {
    document.querySelector("#composer [data-more]")?.removeAttribute("open");
    if (note || !panel()) return;
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return balie.composer.why(words("noRecorder"));
    note = { panel: panel(), id: balie.composer.current(), pieces: [], seconds: 0 };
    state("asking");
    const mine = note;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    } catch (error) {
      if (note !== mine) return;
      end();
      const known = { NotAllowedError: "micDenied", SecurityError: "micDenied", NotFoundError: "micMissing", NotReadableError: "micBusy" };
      return balie.composer.why(words(known[error.name] ?? "micBusy"));
    }
    if (note !== mine) return stream.getTracks().forEach((track) => track.stop());
    record(stream);
  }

  function record(stream) {
    note.stream = stream;
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    note.recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 48_000 } : {});
    note.recorder.addEventListener("dataavailable", (event) => { if (event.data.size) note?.pieces.push(event.data); });
    note.recorder.addEventListener("error", () => { end(); balie.composer.why(words("recordingBroke")); });
    stream.getAudioTracks()[0].addEventListener("ended", () => { if (note?.recorder.state !== "inactive") stop().then(listenNow); });
    note.recorder.start(500);
    meter(stream);
    note.ticked = performance.now();
    note.timer = setInterval(tick, 100);
    state("recording");
    button("listen").focus();
  }

  function tick() {
    if (!note.panel.isConnected) return end(); // the composer changed: the window closed, or somebody took over
    const now = performance.now();
    if (note.recorder.state === "recording") note.seconds += (now - note.ticked) / 1000;
    note.ticked = now;
    const whole = Math.floor(note.seconds);
    part("time").textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    if (note.analyser) {
      note.analyser.getByteTimeDomainData(note.samples);
      const loudest = note.samples.reduce((most, one) => Math.max(most, Math.abs(one - 128)), 0);
      part("level").value = note.recorder.state === "recording" ? Math.min(100, loudest) : 0;
    }
    if (note.seconds >= MAX_SECONDS) stop().then(listenNow);
  }

  function meter(stream) {
    try {
      note.context = new AudioContext();
      note.analyser = note.context.createAnalyser();
      note.analyser.fftSize = 512;
      note.samples = new Uint8Array(note.analyser.fftSize);
      note.context.createMediaStreamSource(stream).connect(note.analyser);
    } catch {
      note.analyser = null; // recording works without a meter
    }
  }

  function pause() {
    note.recorder.pause();
    state("paused");
    button("resume").focus();
  }

  function resume() {
    note.recorder.resume();
    state("recording");
    button("pause").focus();
  }

  function stop() {
    return new Promise((done) => {
      if (note.recorder.state === "inactive") return done();
      note.recorder.addEventListener("stop", done, { once: true });
      note.recorder.stop();
      clearInterval(note.timer);
      release();
    });
  }

  function file() {
    const type = (note.recorder.mimeType || "audio/webm").split(";")[0];
    const ending = { "audio/mp4": "m4a", "audio/ogg": "ogg" }[type] ?? "webm";
    return new File(note.pieces, `voice.${ending}`, { type });
  }

  function listenNow() {
    if (!note) return;
    const sound = part("sound");
    note.address = URL.createObjectURL(file());
    sound.src = note.address;
    state("listening");
    sound.focus();
  }

  async function send() {
    const { id } = note;
    await stop();
    if (!note) return;
    if (note.seconds < LEAST_SECONDS || !note.pieces.length) {
      end();
      return balie.composer.why(words("tooShort"));
    }
    const recorded = file();
    end();
    if (id === balie.composer.current()) balie.sending.sendFile(recorded, { voice: "1" });
  }

  function release() {
    note?.stream?.getTracks().forEach((track) => track.stop());
    note?.context?.close().catch(() => {});
    if (note) note.context = null;
  }

  function end() {
    if (!note) return;
    clearInterval(note.timer);
    if (note.recorder && note.recorder.state !== "inactive") note.recorder.stop();
    release();
    if (note.address) URL.revokeObjectURL(note.address);
    part("sound").removeAttribute("src");
    part("time").textContent = "0:00";
    part("level").value = 0;
    state("off");
    note = null;
    balie.composer.field()?.focus();
  }

  function state(name) {
    note.panel.dataset.state = name;
    note.panel.hidden = name === "off";
    note.panel.closest(".composer-box").toggleAttribute("data-recording", name !== "off");
    const shows = { pause: name === "recording", resume: name === "paused", listen: name === "recording" || name === "paused", send: ["recording", "paused", "listening"].includes(name) };
    for (const [key, shown] of Object.entries(shows)) button(key).hidden = !shown;
    part("sound").hidden = name !== "listening";
    part("level").hidden = name === "listening";
    const said = { asking: "micAsk", recording: "recording", paused: "paused" }[name];
    part("words").textContent = said ? words(said) : "";
  }

  const ACTS = { discard: end, pause, resume, listen: () => stop().then(listenNow), send };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-record]")) return begin();
    const pressed = event.target.closest("[data-recorder] [data-rec]");
    if (pressed && note) ACTS[pressed.dataset.rec]();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && note && event.target.closest?.("[data-recorder]")) {
      event.stopPropagation();
      end();
    }
  }, true);
  document.addEventListener("balie:leaving", end); // a recording belongs to one conversation alone
  window.addEventListener("pagehide", end);
})();
