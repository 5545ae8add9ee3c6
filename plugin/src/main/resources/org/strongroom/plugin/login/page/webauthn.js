// What a browser does with a security key it does for a script only. Whoever has a code needs nothing of this.
"use strict";

const PATIENCE = 5 * 60 * 1000;

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-key]")) {
    prepare(form);
  }
});

function prepare(form) {
  const button = form.querySelector("button");
  const state = form.querySelector("[role=status]");
  if (!window.isSecureContext || !window.PublicKeyCredential) {
    state.textContent = "This browser has no security keys here: they need https.";
    return;
  }
  state.textContent = "";
  button.disabled = false;
  form.addEventListener("submit", async event => {
    event.preventDefault();
    button.disabled = true;
    state.textContent = "Touch your security key, or do what the browser asks.";
    try {
      await (form.dataset.key === "add" ? add(form) : show(form));
      form.submit();
    } catch (error) {
      state.textContent = words(error, form.dataset.rp);
      button.disabled = false;
    }
  });
}

async function add(form) {
  const data = form.dataset;
  const key = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(data.challenge),
      rp: { id: data.rp, name: data.clinic },
      user: { id: bytes(data.handle), name: data.user, displayName: data.user },
      pubKeyCredParams: data.algorithms.split(",").map(alg => ({ type: "public-key", alg: Number(alg) })),
      excludeCredentials: known(data),
      authenticatorSelection: { residentKey: "discouraged", userVerification: "preferred" },
      attestation: "none",
      timeout: PATIENCE
    }
  });
  fill(form, { client: key.response.clientDataJSON, attestation: key.response.attestationObject });
}

async function show(form) {
  const data = form.dataset;
  const key = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(data.challenge),
      rpId: data.rp,
      allowCredentials: known(data),
      userVerification: "preferred",
      timeout: PATIENCE
    }
  });
  fill(form, {
    id: key.rawId,
    client: key.response.clientDataJSON,
    authenticator: key.response.authenticatorData,
    signature: key.response.signature,
    handle: key.response.userHandle || new ArrayBuffer(0)
  });
}

function known(data) {
  return data.known === "" ? [] : data.known.split(",").map(id => ({ type: "public-key", id: bytes(id) }));
}

function fill(form, values) {
  for (const name in values) {
    form.elements.namedItem(name).value = text(values[name]);
  }
}

function words(error, host) {
  switch (error.name) {
    case "InvalidStateError":
      return "This key is yours already.";
    case "SecurityError":
      return "Security keys can be used only at " + host + ".";
    default:
      return "No security key was shown. Please try again.";
  }
}

// base64url without padding, which older browsers cannot read by themselves
function bytes(base64url) {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, character => character.charCodeAt(0));
}

function text(buffer) {
  const binary = Array.from(new Uint8Array(buffer), byte => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
