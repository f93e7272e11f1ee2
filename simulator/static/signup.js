// The signup popup: sends how it ended to the simulator, tells the page that opened it, and closes.

const page = document.body.dataset;
const form = document.getElementById("signup");
const NEW_ONLY = ["name", "phone", "display_name"];
const SHOWN = {
  FINISH: ["waba", ...NEW_ONLY],
  FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING: ["waba", ...NEW_ONLY],
  FINISH_ONLY_WABA: ["waba", "name"],
  FINISH_OBO_MIGRATION: ["waba", ...NEW_ONLY],
  FINISH_GRANT_ONLY_API_ACCESS: ["waba"],
};

function arrange() {
  const { event, waba } = Object.fromEntries(new FormData(form));
  document.querySelectorAll("[data-for]").forEach((label) => {
    const field = label.dataset.for;
    label.hidden = !SHOWN[event].includes(field) || (field === "name" && waba !== "");
  });
}

function say(text) {
  const notice = document.getElementById("notice");
  notice.textContent = text;
  notice.hidden = !text;
}

async function end(body) {
  const { app, config, redirect, state } = page;
  const answer = await fetch("/_sim/signup", {
    method: "POST",
    body: JSON.stringify({ app_id: app, config_id: config, redirect_uri: redirect, state, ...body }),
  }).catch(() => null);
  const ending = await answer?.json().catch(() => null);
  if (!answer?.ok) return say(ending?.error || "The simulator cannot be reached.");
  tell(ending);
}

// As on the platform: the session event is a JSON text, the outcome of the login comes beside it.
function tell({ session, code, redirect }) {
  if (redirect) return location.assign(redirect);
  if (!window.opener || !page.origin) return say("This page was not opened by a page that waits for an answer.");
  window.opener.postMessage(JSON.stringify(session), page.origin);
  window.opener.postMessage({ signupEnded: true, code }, page.origin);
  window.close();
}

function given() {
  const fields = Object.fromEntries(new FormData(form));
  const shown = SHOWN[fields.event];
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name === "event" || shown.includes(name)));
}

form.addEventListener("change", arrange);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  end(given());
});
document.getElementById("cancel").addEventListener("click", () =>
  end({ event: "CANCEL", current_step: document.getElementById("step").value }),
);
document.getElementById("fail").addEventListener("click", () =>
  end({ event: "ERROR", error_message: document.getElementById("failure").value }),
);
arrange();
