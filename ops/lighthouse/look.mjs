// Looks at one page as Lighthouse does, on a slow phone's network and processor as it simulates them, and prints its
// scores (0 to 100), when the largest thing was painted (ms), and how much the layout moved, as JSON:
//   node look.mjs <address> <browser>
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const TRIES = 3;
const [address, browser] = process.argv.slice(2);
const quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const offline = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

// A recording of the browser fails now and then ("NO_NAVSTART"), and is then made anew in a new browser.
async function looked(tries) {
  const chrome = await launch({ chromePath: browser, chromeFlags: [...quiet, ...offline], logLevel: "silent" });
  try {
    const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "silent", output: "json" });
    if (!lhr.runtimeError) return lhr;
    if (tries === 1) throw new Error(lhr.runtimeError.message);
  } finally {
    await chrome.kill();
  }
  return looked(tries - 1);
}

const lhr = await looked(TRIES);
const scores = Object.fromEntries(
  Object.entries(lhr.categories).map(([name, { score }]) => [name.replace("-", "_"), Math.round(score * 100)]),
);
const figures = {
  lcp_ms: lhr.audits["largest-contentful-paint"].numericValue,
  cls: lhr.audits["cumulative-layout-shift"].numericValue,
};
const faults = Object.values(lhr.categories).flatMap(({ auditRefs }) =>
  auditRefs.filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 0.9).map(({ id }) => id),
);
console.log(JSON.stringify({ ...scores, ...figures, faults: [...new Set(faults)] }));
