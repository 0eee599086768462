// Choosing themes and places: the search answers while one types, as a list that works by keyboard (the combobox pattern
// of the ARIA Authoring Practices). What is chosen is a ticked box of the form, as without scripts.

const PAUSE_MS = 150;

function pickFrom(picker: HTMLElement): void {
  const kind = picker.dataset.picker!;
  const most = Number(picker.dataset.most);
  const input = picker.querySelector<HTMLInputElement>(`#${kind}_search`)!;
  const list = picker.querySelector<HTMLElement>("[role=listbox]")!;
  const status = picker.querySelector("[role=status]")!;
  const picked = picker.querySelector(".picked")!;
  let timer = 0;
  let asked: AbortController | undefined;
  let active: HTMLElement | undefined;

  const options = () => [...list.querySelectorAll<HTMLElement>("[role=option]")];
  const boxOf = (field: string) => document.getElementById(field) as HTMLInputElement | null;

  // The page knows the words; a sign in them stands for a name or a number.
  const said = (what: string, value = "") => picker.dataset[what]!.replace("{}", () => value);

  function activate(option?: HTMLElement): void {
    active?.setAttribute("aria-selected", "false");
    active = option;
    if (active) {
      active.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function show(found: boolean): void {
    activate();
    list.hidden = !found;
    input.setAttribute("aria-expanded", String(found));
  }

  function close(): void {
    clearTimeout(timer);
    asked?.abort();
    show(false);
  }

  async function open(): Promise<void> {
    clearTimeout(timer);
    asked?.abort();
    const asking = (asked = new AbortController());
    try {
      const query = new URLSearchParams({ q: input.value });
      const answer = await fetch(`/pick/${kind}?${query}`, { signal: asking.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      list.innerHTML = await answer.text();
    } catch {
      if (!asking.signal.aborted) close();
      return;
    }
    for (const option of options()) if (boxOf(option.dataset.field!)?.checked) option.remove();
    const found = options().length;
    show(found > 0);
    status.textContent = said(found ? "found" : "nothing", String(found));
  }

  function choose(option: HTMLElement): void {
    const field = option.dataset.field!;
    const name = option.querySelector(".pick-name")!.textContent!;
    if (picker.querySelectorAll("input:checked").length >= most) {
      status.textContent = said("full");
      return;
    }
    const box = boxOf(field) ?? addBox(field, name);
    box.checked = true;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    input.value = "";
    close();
    status.textContent = said("chosen", name);
  }

  function addBox(field: string, name: string): HTMLInputElement {
    const box = Object.assign(document.createElement("input"), {
      type: "checkbox",
      id: field,
      name: field,
      value: "on",
    });
    const label = Object.assign(document.createElement("label"), { htmlFor: field });
    const words = document.createElement("bdi");
    words.textContent = name;
    label.append(words);
    const item = document.createElement("li");
    item.append(box, label);
    picked.append(item);
    return box;
  }

  function move(by: number): void {
    const all = options();
    if (!all.length) return;
    const from = active ? all.indexOf(active) : by > 0 ? -1 : all.length;
    activate(all[(from + by + all.length) % all.length]);
  }

  async function press(event: KeyboardEvent): Promise<void> {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) await open();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (input.value.trim() && !active) await open();
      const option = active ?? options()[0];
      if (option && !list.hidden) choose(option);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  }

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  picker.querySelector<HTMLElement>("button[value=find]")!.hidden = true;

  input.addEventListener("input", (event) => {
    event.stopPropagation(); // A search is nothing to save.
    clearTimeout(timer);
    timer = setTimeout(input.value.trim() ? open : close, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => void press(event));
  input.addEventListener("blur", close);
  // Pressing must not take the focus away, because that closes the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (option) choose(option);
  });
  // On a slow phone somebody has begun before this was here.
  if (document.activeElement === input && input.value.trim()) void open();
}

document.querySelectorAll<HTMLElement>("[data-picker]").forEach(pickFrom);

export {};
