// Writing an idea down: what is typed is saved by and by, ideas that read like it appear under the title, and an address
// is copied. Without it each step is saved when it is sent, and the next one shows the ideas.

const PAUSE_MS = 1200;

function saveMeanwhile(form: HTMLFormElement): void {
  const slot = form.querySelector("[data-alike]");
  const title = form.elements.namedItem("title") as HTMLInputElement | null;
  const turn = form.elements.namedItem("turn") as HTMLInputElement;
  let timer = 0;
  let asked: AbortController | undefined;
  let shownFor = "";
  let sent = "";
  let changed = false;

  const fields = () => [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const words = () => JSON.stringify(fields().filter(([name]) => name !== "turn"));

  async function keep(): Promise<void> {
    clearTimeout(timer);
    const now = words();
    if (now === sent) return;
    sent = now;
    asked?.abort();
    asked = new AbortController();
    turn.value = String(Date.now());
    try {
      const body = new URLSearchParams(fields());
      const keepalive = document.visibilityState === "hidden";
      const answer = await fetch(form.dataset.keep!, { method: "POST", body, keepalive, signal: asked.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const html = await answer.text();
      // Loading the page again goes on with the draft.
      if (location.href.split(/[?#]/)[0] !== form.action) history.replaceState(null, "", form.action);
      if (slot && title && title.value !== shownFor) {
        shownFor = title.value;
        slot.innerHTML = html;
      }
    } catch {
      // It is tried again with the next letter, and sent with the step in any case.
      if (sent === now) sent = "";
    }
  }

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  title?.addEventListener("change", keep);
  document.addEventListener("visibilitychange", () => {
    if (changed && document.visibilityState === "hidden") void keep();
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    asked?.abort();
    changed = false;
    turn.value = String(Date.now());
    // A second tap while the first is on its way.
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", (event) => {
    delete form.dataset.sent;
    // Come back to by the browser's button: what became of it is asked anew.
    if (event.persisted) location.reload();
  });
}

document.querySelectorAll<HTMLFormElement>("form[data-keep]").forEach(saveMeanwhile);

export {};
