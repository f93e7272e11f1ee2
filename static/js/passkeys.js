// Passkeys: turns the server's JSON into what the browser's credential API takes, and back, then sends the form.
"use strict";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withIdBytes = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

function creationOptions(options, alone) {
  const key = options.publicKey;
  const selection = { ...key.authenticatorSelection };
  if (alone) {
    Object.assign(selection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
  } else {
    Object.assign(selection, { residentKey: "discouraged", requireResidentKey: false });
  }
  return {
    publicKey: {
      ...key,
      challenge: toBytes(key.challenge),
      user: { ...key.user, id: toBytes(key.user.id) },
      excludeCredentials: withIdBytes(key.excludeCredentials),
      authenticatorSelection: selection,
    },
  };
}

function requestOptions(options) {
  const key = options.publicKey;
  return { publicKey: { ...key, challenge: toBytes(key.challenge), allowCredentials: withIdBytes(key.allowCredentials) } };
}

function asJson(credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ask(form) {
  const kind = form.dataset.passkey;
  if (kind === "login") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return navigator.credentials.get(requestOptions((await answer.json()).request_options));
  }
  const data = JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
  if (kind === "get") return navigator.credentials.get(requestOptions(data.request_options));
  return navigator.credentials.create(creationOptions(data.creation_options, form.elements.passwordless?.checked));
}

function explain(form, reason) {
  const place = form.querySelector("[data-passkey-error]");
  place.textContent = reason;
  place.hidden = !reason;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.passkey || form.elements.credential.value) return;
  event.preventDefault();
  explain(form, "");
  try {
    form.elements.credential.value = JSON.stringify(asJson(await ask(form)));
    form.submit();
  } catch (error) {
    const words = document.documentElement.dataset;
    explain(form, error.name === "NotAllowedError" ? words.passkeyCancelled : words.passkeyFailed);
  }
}, true);
