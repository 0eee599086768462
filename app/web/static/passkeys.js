// Passkeys in the browser: what forms cannot do. A button with data-passkey="add", "sign-in" or "step-up" is shown
// where the browser has passkeys, and what became of it is said in the element with role="status" beside it.

const PATHS = { add: "/api/v1/me/passkeys", "sign-in": "/api/v1/sign-in/passkey", "step-up": "/api/v1/me/step-up" };

class Refused extends Error {
  constructor(problem) {
    super(problem.detail);
    this.type = problem.type;
  }
}

async function send(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: body ? { "content-type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said);
  return said;
}

async function pass(kind, name) {
  const path = PATHS[kind];
  const { options } = await send(`${path}/options`);
  if (kind === "add") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = await navigator.credentials.create({ publicKey });
    return send(path, { credential: credential.toJSON(), name });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  return send(path, { credential: credential.toJSON() });
}

function sentence(error) {
  if (error instanceof Refused) return error.message;
  if (error.name === "InvalidStateError") return "This device has a passkey for you already.";
  if (error.name === "SecurityError") return "Passkeys do not work at this address; open the site by its own name.";
  if (error.name === "NotAllowedError") return "No passkey was used. You can try again.";
  return "This did not work. Please try again.";
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  const said = button.parentElement.querySelector("[role=status]");
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    said.textContent = "This browser has no passkeys; use a link by e-mail.";
    continue;
  }
  said.textContent = "";
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = "Your device asks you now.";
    try {
      await pass(button.dataset.passkey, document.querySelector("#passkey-name")?.value.trim() || "Passkey");
      window.location.assign(button.dataset.next);
    } catch (error) {
      if (error.type === "urn:open-impact:fresh-proof-needed") {
        window.location.assign(`/me/confirm?next=${encodeURIComponent(window.location.pathname)}`);
        return;
      }
      said.textContent = sentence(error);
      button.disabled = false;
    }
  });
}
