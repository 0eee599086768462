// What every page runs: it looks what the page asks for and loads just that. A page without any of it stays as it came.

const PARTS = "[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete], [hx-boost]";

// What a reader came for is on the screen before anything of this is asked for: it would share a slow network with it.
// Where nobody says when that is, a moment is waited; where nothing comes of it, not for ever. In the background nothing
// is painted.
const MOMENT = 500;
const PATIENCE = 3_000;
let begun = false;

if (document.readyState === "complete") soon();
else addEventListener("load", soon, { once: true });

function soon(): void {
  if (document.visibilityState === "hidden") begin();
  else if (PerformanceObserver.supportedEntryTypes.includes("paint")) {
    new PerformanceObserver(begin).observe({ type: "paint", buffered: true });
    setTimeout(begin, PATIENCE);
  } else setTimeout(begin, MOMENT);
}

function begin(): void {
  if (begun) return;
  begun = true;
  linkManifest(document.documentElement.dataset.manifest);
  if (document.querySelector(PARTS)) void changeInParts();
  if ("position" in document.body.dataset && document.querySelector("[data-votes], [data-follows]")) void import("./live");
  if (document.querySelector("form[data-vote]")) void import("./vote");
  if (document.querySelector("[data-copy]")) void import("./copy");
  if (document.querySelector("[data-clauses]")) void import("./clauses");
  // Pages that were seen can be read without a connection. Where that cannot be set up, the site works as it does without.
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/service-worker.js").catch(() => undefined);
}

// Browsers fetch what installing needs as soon as a page links it, at the cost of the faces.
function linkManifest(href?: string): void {
  if (!href) return;
  const link = document.createElement("link");
  link.rel = "manifest";
  link.href = href;
  document.head.append(link);
}

// Parts of a page that change without the rest: htmx, kept within what our policy lets pages do. It reads its
// configuration as it begins, so that stands in the page before it comes.
async function changeInParts(): Promise<void> {
  const config = document.createElement("meta");
  config.name = "htmx-config";
  config.content = JSON.stringify({
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
  });
  document.head.append(config);
  const { default: htmx } = await import("htmx.org");
  // It waits for an event that may be over by now.
  htmx.process(document.body);
}
