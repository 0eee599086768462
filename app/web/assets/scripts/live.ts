// Tells an open page what happens to what it shows: votes move as they are counted, and a part that has changed is
// fetched anew. Elements say what they follow: `data-votes` an idea's votes, `data-follows` another thing.

interface News {
  votes?: Record<string, { votes: number; number: string; words: string }>;
  changed?: string[];
}

const ADDRESS = "/live";

function named(attribute: string): string[] {
  const found = document.querySelectorAll<HTMLElement>(`[${attribute}]`);
  return [...new Set([...found].map((element) => element.getAttribute(attribute)!))];
}

function show(idea: string, said: { votes: number; number: string; words: string }): void {
  for (const place of document.querySelectorAll(`[data-votes="${CSS.escape(idea)}"]`)) {
    const number = place.querySelector<HTMLElement>(".number")!;
    number.textContent = said.number;
    place.querySelector("[data-words]")!.textContent = said.words;
    // Where the count is the button, its bulb says whether one's own vote is among them.
    if (place.hasAttribute("data-own")) continue;
    number.hidden = said.votes === 0;
    const bulb = place.querySelector(".bulb")!;
    bulb.setAttribute("class", `bulb ${said.votes ? "lit" : "unlit"}`);
    bulb.querySelector("use")!.setAttribute("href", `#bulb-${said.votes ? "lit" : "unlit"}`);
  }
}

// The page as it is now is the source of every part: whatever it says of who may do what holds for the part, too. A part
// in which somebody is at work is left alone until they are done.
async function renew(thing: string, position: string): Promise<void> {
  const parts = [...document.querySelectorAll(`[data-follows="${CSS.escape(thing)}"][id]`)];
  const idle = parts.filter((part) => !part.contains(document.activeElement));
  if (!idle.length) return;
  const address = new URL(location.href);
  address.searchParams.set("min_position", position);
  const answer = await fetch(address, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(20_000) });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of idle) {
    const renewed = page.getElementById(part.id);
    if (renewed) part.replaceWith(document.adoptNode(renewed));
  }
}

let source: EventSource | undefined;
let after = document.body.dataset.position ?? "";

function follow(): void {
  const asked = new URLSearchParams({
    votes: named("data-votes").join(","),
    things: named("data-follows").join(","),
    after,
  });
  source = new EventSource(`${ADDRESS}?${asked}`);
  source.addEventListener("news", ({ data, lastEventId }: MessageEvent<string>) => {
    const news = JSON.parse(data) as News;
    after = lastEventId;
    for (const [idea, said] of Object.entries(news.votes ?? {})) show(idea, said);
    for (const thing of news.changed ?? []) void renew(thing, lastEventId).catch(() => undefined);
  });
}

// A page that nobody sees follows nothing: browsers allow few connections to a site, over all of its tabs.
function look(): void {
  if (document.visibilityState === "visible") {
    if (!source) follow();
  } else {
    source?.close();
    source = undefined;
  }
}

document.addEventListener("visibilitychange", look);
look();

export {};
