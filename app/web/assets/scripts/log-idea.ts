// Writing an idea down: what is typed is saved by and by, and ideas that read like it appear under the title. Without it
// each step is saved when it is sent, and the next one shows the ideas.

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
      if (words() === now) changed = false;
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

  // A page that is loaded again may be asked for before its last words have arrived: they outlive it in this tab.
  const place = () => `typed:${location.pathname}`;

  function remember(): void {
    if (changed) sessionStorage.setItem(place(), JSON.stringify(fields()));
  }

  function recall(): void {
    const [arrived] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const typed = JSON.parse(sessionStorage.getItem(place()) ?? "[]") as [string, string][];
    sessionStorage.removeItem(place());
    if (arrived?.type !== "reload") return;
    for (const [name, value] of typed) {
      const field = form.elements.namedItem(name);
      const isTyped = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === "text");
      if (!isTyped || field.value === value) continue;
      field.value = value;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
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
  window.addEventListener("pagehide", remember);
  window.addEventListener("pageshow", (event) => {
    delete form.dataset.sent;
    // Come back to by the browser's button: what became of it is asked anew.
    if (event.persisted) location.reload();
  });
  recall();
}

document.querySelectorAll<HTMLFormElement>("form[data-keep]").forEach(saveMeanwhile);

export {};
