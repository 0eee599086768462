// Lists the pages that were kept, by their titles, on the page that says that there is no connection.

const PAGES = "pages-1"; // As in the worker, which is one file and shares none.
const list = document.querySelector<HTMLElement>("[data-kept-pages]")!;

async function show(): Promise<void> {
  if (!("caches" in window)) return;
  const pages = await caches.open(PAGES);
  const kept = (await pages.keys()).filter(({ url }) => new URL(url).pathname !== "/offline").reverse();
  for (const request of kept) {
    const answer = await pages.match(request, { ignoreVary: true });
    if (!answer) continue;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const link = document.createElement("a");
    link.href = request.url;
    link.textContent = read.title.replace(/ – Open Impact$/, "") || request.url;
    link.dir = "auto";
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  if (!kept.length) return;
  list.hidden = false;
  document.querySelector<HTMLElement>("[data-none-kept]")!.hidden = true;
}

void show();

export {};
