// Passkeys in the browser: what forms cannot do. A button with data-passkey="add", "sign-in" or "step-up" is shown
// where the browser has passkeys, and what became of it is said in the element with role="status" beside it.

const PATHS = { add: "/api/v1/me/passkeys", "sign-in": "/api/v1/sign-in/passkey", "step-up": "/api/v1/me/step-up" };
type Kind = keyof typeof PATHS;

interface Problem {
  type: string;
  detail: string;
}

class Refused extends Error {
  readonly type: string;

  constructor(problem: Problem) {
    super(problem.detail);
    this.type = problem.type;
  }
}

async function send(path: string, body?: object): Promise<any> {
  const json = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, { method: "POST", ...json });
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said);
  return said;
}

async function pass(kind: Kind, name: string): Promise<void> {
  const path = PATHS[kind];
  const { options } = await send(`${path}/options`);
  const asked =
    kind === "add"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  const credential = ((await asked) as PublicKeyCredential).toJSON();
  await send(path, kind === "add" ? { credential, name } : { credential });
}

function sentence(error: unknown): string {
  if (error instanceof Refused) return error.message;
  const name = error instanceof Error ? error.name : "";
  if (name === "InvalidStateError") return "This device has a passkey for you already.";
  if (name === "SecurityError") return "Passkeys do not work at this address; open the site by its own name.";
  if (name === "NotAllowedError") return "No passkey was used. You can try again.";
  return "This did not work. Please try again.";
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-passkey]")) {
  const said = button.parentElement!.querySelector("[role=status]")!;
  if (!("PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential)) {
    said.textContent = "This browser has no passkeys; use a link by e-mail.";
    continue;
  }
  said.textContent = "";
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = "Your device asks you now.";
    try {
      const name = document.querySelector<HTMLInputElement>("#passkey-name")?.value.trim() || "Passkey";
      await pass(button.dataset["passkey"] as Kind, name);
      window.location.assign(button.dataset["next"]!);
    } catch (error) {
      if (error instanceof Refused && error.type === "urn:open-impact:fresh-proof-needed") {
        window.location.assign(`/me/confirm?next=${encodeURIComponent(window.location.pathname)}`);
        return;
      }
      said.textContent = sentence(error);
      button.disabled = false;
    }
  });
}
