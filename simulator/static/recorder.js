// One press records, the next one sends.

export function recorder(button, done, tell) {
  let running = null;
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) {
    button.hidden = true;
    return;
  }

  async function start() {
    let sound;
    try {
      sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      tell("There is no microphone, or the browser may not use it.");
      return;
    }
    const type = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"].find((each) => MediaRecorder.isTypeSupported(each));
    const parts = [];
    running = new MediaRecorder(sound, type ? { mimeType: type } : {});
    running.addEventListener("dataavailable", (event) => parts.push(event.data));
    running.addEventListener("stop", () => {
      sound.getTracks().forEach((track) => track.stop());
      const kind = running.mimeType.split(";")[0];
      running = null;
      show(false);
      done(new Blob(parts, { type: kind }));
    });
    running.start();
    show(true);
  }

  function show(recording) {
    button.setAttribute("aria-pressed", String(recording));
    button.setAttribute("aria-label", recording ? "Stop and send the voice message" : "Record a voice message");
  }

  button.addEventListener("click", () => (running ? running.stop() : start()));
}
