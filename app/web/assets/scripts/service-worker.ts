// Keeps public pages that were seen, to be read without a connection. Pages come from the network whenever there is one;
// what is for one person alone, forms, the API and streams are never kept.

const PAGES = "pages-1";
const FILES = "files-1";
const PAGES_MAX = 50;
const FILES_MAX = 120;
const OFFLINE = "/offline";
const KEPT_AT = "x-kept-at";

const READ =
  /^\/(?:(?:ideas|pools|mandates|offers|organisations)\/[0-9a-f-]{36}(?:\/(?:history|votes|revisions))?|communities\/[^/]+(?:\/fairness)?|funders|organisations|history|about(?:\/[a-z]+)?)?$/;
// What is somebody's own, lets somebody in, or is for programs goes past the worker as if there were none.
const NOT_OURS = /^\/(?:api|dev|health|invitations|live|me|metrics|oidc|passkeys|sign-in|sign-out|webhooks)(?:\/|$)/;
const IN_LANGUAGE = /^\/[a-z]{2}(?=\/|$)/;
const PASSING = /[?&](?:said|seen|min_position|cursor)=/;

// What a worker has and a page has not; the types of both cannot be had at once.
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker_ {
  readonly clients: { claim(): Promise<void>; matchAll(which: object): Promise<{ url: string }[]> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", heard: (event: Lasting) => void): void;
  addEventListener(type: "fetch", heard: (event: Asked) => void): void;
}
const worker = self as unknown as Worker_;

worker.addEventListener("install", (event) => event.waitUntil(prepare().then(() => worker.skipWaiting())));

worker.addEventListener("activate", (event) => event.waitUntil(forgetOld().then(keepOpen).then(() => worker.clients.claim())));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = plain(request.url);
  if (request.method !== "GET" || address.origin !== location.origin || NOT_OURS.test(address.pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(event, address));
  else if (address.pathname.startsWith("/static/dist/")) event.respondWith(file(event));
});

// The page that says that there is no connection, with what it is made of; asked for as nobody.
async function prepare(address = OFFLINE): Promise<void> {
  const answer = await fetch(address, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) throw new Error("There is no page to show without a connection.");
  const html = await answer.clone().text();
  const parts = [...html.matchAll(/(?:href|src)="(\/static\/dist\/[^"]+)"/g)].map((found) => found[1]!);
  await (await caches.open(FILES)).addAll([...new Set(parts)]);
  await (await caches.open(PAGES)).put(OFFLINE, answer);
}

// Whoever reads in another language from now on is told in it, too, that there is no connection.
async function followLanguage(answer: Response): Promise<void> {
  const spoken = languageOf(answer);
  const sorry = await (await caches.open(PAGES)).match(OFFLINE, { ignoreVary: true });
  if (spoken && sorry && languageOf(sorry) !== spoken) await prepare(`/${spoken}${OFFLINE}`);
}

function languageOf({ headers }: Response): string | undefined {
  return headers.get("content-language")?.split("-")[0];
}

async function forgetOld(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name !== PAGES && name !== FILES);
  await Promise.all(old.map((name) => caches.delete(name)));
}

// The page that brought the worker was there before it.
async function keepOpen(): Promise<void> {
  const open = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  await Promise.all(
    open.map(async ({ url }) => {
      const address = plain(url);
      if (!isRead(address)) return;
      const answer = await fetch(address.href).catch(() => null);
      if (answer && mayBeKept(answer)) await keep(address, answer);
    }),
  );
}

// A page has one address, in whatever language it is read: the one that links on pages have.
function plain(url: string): URL {
  const address = new URL(url);
  address.hash = "";
  address.pathname = address.pathname.replace(IN_LANGUAGE, "") || "/";
  return address;
}

function isRead({ pathname, search }: URL): boolean {
  return READ.test(pathname) && !PASSING.test(search) && !NOT_OURS.test(pathname);
}

async function page(event: Asked, address: URL): Promise<Response> {
  try {
    const answer = await fetch(event.request);
    if (isRead(address) && mayBeKept(answer)) {
      event.waitUntil(keep(address, answer.clone()));
    }
    event.waitUntil(followLanguage(answer).catch(() => undefined));
    return answer;
  } catch (error) {
    const pages = await caches.open(PAGES);
    const known = await pages.match(address.href, { ignoreVary: true });
    if (known) return dated(known);
    const sorry = await pages.match(OFFLINE, { ignoreVary: true });
    if (sorry) return sorry;
    throw error;
  }
}

// A file is named by its content: what is known is never old.
async function file(event: Asked): Promise<Response> {
  const files = await caches.open(FILES);
  const known = await files.match(event.request, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(files.put(event.request, answer.clone()).then(() => shorten(files, FILES_MAX)));
  return answer;
}

function mayBeKept(answer: Response): boolean {
  const { headers } = answer;
  return (
    answer.status === 200 &&
    !answer.redirected &&
    (headers.get("content-type") ?? "").startsWith("text/html") &&
    !/private|no-store/.test(headers.get("cache-control") ?? "")
  );
}

async function keep(address: URL, answer: Response): Promise<void> {
  const pages = await caches.open(PAGES);
  const headers = new Headers(answer.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  headers.set(KEPT_AT, new Date().toISOString());
  // What is put again moves to the end, so that the pages seen longest ago go first.
  await pages.delete(address.href, { ignoreVary: true });
  await pages.put(address.href, new Response(await answer.blob(), { headers }));
  await shorten(pages, PAGES_MAX);
}

async function shorten(kept: Cache, most: number): Promise<void> {
  const all = (await kept.keys()).filter((request) => new URL(request.url).pathname !== OFFLINE);
  await Promise.all(all.slice(0, Math.max(0, all.length - most)).map((request) => kept.delete(request)));
}

// A page as it was kept, which says so where its content begins, in words that it brought along.
async function dated(known: Response): Promise<Response> {
  const kept = await known.text();
  const language = /<html lang="([^"]+)"/.exec(kept)?.[1] ?? "en-GB";
  const at = new Date(known.headers.get(KEPT_AT) ?? "");
  const when = at.toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
  const html = kept.replace(/<main [^>]*data-kept="([^"]*)" data-kept-when="([^"]*)"[^>]*>/, (main, offline: string, since: string) => {
    const words = `<strong>${offline}</strong> ${since.replace("{when}", when)}`;
    return `${main}<div class="wrap"><div class="notice" role="status"><p>${words}</p></div></div>`;
  });
  return new Response(html, { headers: known.headers });
}
