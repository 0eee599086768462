// A thing as it was: while the slider is drawn, the picture below it changes to that moment, and so does the address.
// Without scripts the same slider is a form with a button.

const PATIENCE_MS = 120;

const slider = document.querySelector<HTMLInputElement>("[data-moments]");
if (slider) follow(slider);

function follow(slider: HTMLInputElement): void {
  const moments = [...document.querySelectorAll<HTMLOptionElement>(`#${slider.getAttribute("list")} option`)];
  const said = document.querySelector<HTMLOutputElement>("[data-moment]")!;
  const button = slider.form!.querySelector<HTMLButtonElement>("button")!;
  let waiting = 0;
  let asking: AbortController | undefined;
  button.hidden = true;

  function show(address: URL): void {
    asking?.abort();
    asking = new AbortController();
    void load(address, asking.signal).catch((error: unknown) => {
      // Whatever goes wrong here goes right, or is explained, as a page of its own.
      if (!(error instanceof DOMException && error.name === "AbortError")) window.location.assign(address);
    });
  }

  slider.addEventListener("input", () => {
    const moment = moments[slider.valueAsNumber];
    if (!moment) return;
    slider.setAttribute("aria-valuetext", moment.label);
    said.textContent = moment.label;
    const address = new URL(window.location.href);
    address.search = new URLSearchParams({ as_of: moment.dataset["position"]! }).toString();
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => show(address), PATIENCE_MS);
  });
}

async function load(address: URL, signal: AbortSignal): Promise<void> {
  const picture = document.querySelector("[data-picture]")!;
  picture.setAttribute("aria-busy", "true");
  const part = new URL(address);
  part.searchParams.set("part", "picture");
  const answer = await fetch(part, { signal });
  if (!answer.ok) throw new Error(`The page answered ${answer.status}.`);
  const came = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of ["[data-picture]", "[data-standing]", "[data-walk]"]) {
    document.querySelector(name)!.replaceWith(came.querySelector(name)!);
  }
  window.history.replaceState(null, "", address);
}
