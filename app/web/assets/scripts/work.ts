// Work before joining or voting where there is risk: solves the challenge of the form in a worker, shows how far it is,
// and sends the form. Where that cannot be done the page stays as it was: a text to wait by, and a button.

import type { Said } from "./proof-of-work";

const form = document.querySelector<HTMLFormElement>("[data-work]")!;
const status = form.querySelector("[role=status]")!;
const button = form.querySelector("button")!;
const working = form.querySelector<HTMLElement>(".working")!;
const bar = working.querySelector("progress")!;
const waiting = status.innerHTML;

const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;

function stop(worker: Worker): void {
  worker.terminate();
  working.hidden = true;
  button.hidden = false;
}

function giveUp(worker: Worker): void {
  stop(worker);
  status.innerHTML = waiting;
}

function begin(): void {
  const challenge = JSON.parse(field("challenge").value);
  const worker = new Worker(new URL("./work-worker.ts", import.meta.url), { type: "module" });
  button.hidden = true;
  working.hidden = false;
  status.textContent = form.dataset.working!;
  worker.addEventListener("error", () => giveUp(worker));
  worker.addEventListener("message", ({ data }: MessageEvent<Said>) => {
    if ("failed" in data) {
      giveUp(worker);
    } else if ("solution" in data) {
      bar.value = 100;
      field("proof").value = btoa(JSON.stringify({ challenge, solution: data.solution }));
      stop(worker);
      status.textContent = form.dataset.done!;
      form.submit();
    } else {
      bar.value = Math.round(100 * data.done);
    }
  });
  worker.postMessage(challenge.parameters);
}

// Browsers compute only on pages that came safely: over https, or from this very machine.
if ("Worker" in window && "crypto" in window && "subtle" in crypto) begin();
