// One tap on a card: the vote is sent without leaving the board. Where more is asked for, such as signing in again or a
// moment of work, the form goes its usual way.

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-vote]")) {
  const button = form.querySelector("button")!;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    send(form)
      .then((taken) => (taken ? turn(form, button) : form.submit()))
      .catch(() => form.submit())
      .finally(() => {
        button.disabled = false;
        // A button that is switched off loses the focus; whoever went on keeps theirs.
        if (document.activeElement === document.body) button.focus();
      });
  });
}

async function send(form: HTMLFormElement): Promise<boolean> {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(), signal: AbortSignal.timeout(20_000) });
  return answer.ok && new URL(answer.url).pathname === form.dataset.vote!.replace(/\/vote$/, "");
}

function turn(form: HTMLFormElement, button: HTMLButtonElement): void {
  const pressed = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(pressed));
  form.action = form.dataset.vote! + (pressed ? "/withdraw" : "");
  const glow = pressed ? "lit" : "unlit";
  button.querySelector(".bulb")!.setAttribute("class", `bulb ${glow}`);
  button.querySelector("use")!.setAttribute("href", `#bulb-${glow}`);
}

export {};
