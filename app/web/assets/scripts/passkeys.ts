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

// The page knows the words: each is an attribute of the element in which they are said. What programs are told of a
// problem is in English, so it is said by its type.
const WORDS: Record<string, string> = {
  InvalidStateError: "known",
  SecurityError: "address",
  NotAllowedError: "notUsed",
  "urn:open-impact:passkey-known": "before",
  "urn:open-impact:no-passkeys-here": "address",
  "urn:open-impact:passkey-unknown": "unknown",
  "urn:open-impact:passkey-removed": "removed",
  "urn:open-impact:passkey-copied": "copied",
  "urn:open-impact:too-many-passkeys": "full",
  "urn:open-impact:challenge-over": "over",
  "urn:open-impact:too-many-requests": "tooMuch",
};

function sentence(error: unknown, words: DOMStringMap): string {
  const kind = error instanceof Refused ? error.type : error instanceof Error ? error.name : "";
  return words[WORDS[kind] ?? "failed"]!;
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-passkey]")) {
  const said = button.parentElement!.querySelector<HTMLElement>("[role=status]")!;
  if (!("PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential)) {
    said.textContent = said.dataset.none!;
    continue;
  }
  said.textContent = "";
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = said.dataset.asked!;
    try {
      const name = document.querySelector<HTMLInputElement>("#passkey-name")?.value.trim() || said.dataset.name!;
      await pass(button.dataset["passkey"] as Kind, name);
      window.location.assign(button.dataset["next"]!);
    } catch (error) {
      if (error instanceof Refused && error.type === "urn:open-impact:fresh-proof-needed") {
        window.location.assign(`/me/confirm?next=${encodeURIComponent(window.location.pathname)}`);
        return;
      }
      said.textContent = sentence(error, said.dataset);
      button.disabled = false;
    }
  });
}
