// Makes the faces that pages load smaller than they come: only the weights that our styles use, and only the features.
// What a phone need not fetch is there sooner. Copyright and licence stay inside (name table, 0, 13 and 14).
//
// What nearly every page needs is in files of its own, each of which a server sends at once with its headers (ten packets
// of 1,460 bytes, RFC 6928): more takes another turn of the network. The whole files come for any other letter.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import subsetFont from "subset-font";

const TEXT = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-";
const DISPLAY = "node_modules/@fontsource/bricolage-grotesque/files/bricolage-grotesque-";
/** Letters, figures and signs of English and Welsh, but ŵ and ŷ; as they stand in styles/faces.css. */
const FIRST = "U+20-7E, U+A0, U+A3, U+B7, U+E0-E2, U+E4, U+E8-EF, U+F2-F4, U+F6, U+F9-FC, U+2013-2014, U+2018-2019, U+201C-201D, U+2026, U+20AC";
const AT_ONCE_BYTES = 14_600 - 800;
const WEIGHTS = { variationAxes: { wght: { min: 400, max: 700 } } };
const FACES = [
  ...["latin-wght-normal", "latin-wght-italic", "latin-ext-wght-normal"].map((name) => [`${TEXT}${name}.woff2`, WEIGHTS]),
  ...["latin-700-normal", "latin-ext-700-normal"].map((name) => [`${DISPLAY}${name}.woff2`, {}]),
];
const FIRST_FACES = [
  [`${TEXT}latin-wght-normal.woff2`, WEIGHTS, "text-first.woff2"],
  [`${DISPLAY}latin-700-normal.woff2`, {}, "display-first.woff2"],
];
const here = import.meta.dirname;

async function smaller(source, letters, options) {
  return subsetFont(await readFile(join(here, source)), letters, {
    ...options,
    targetFormat: "woff2",
    keepAllGlyphs: letters === "",
    keepFeatures: ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"],
    preserveNameIds: [0, 13, 14],
  });
}

/** Write out the letters of ranges as CSS has them. */
function lettersOf(ranges) {
  return ranges.split(", ").flatMap((range) => {
    const [first, last = first] = range.slice(2).split("-").map((code) => parseInt(code, 16));
    return Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at));
  }).join("");
}

await mkdir(join(here, "faces"), { recursive: true });
for (const [source, options] of FACES) {
  await writeFile(join(here, "faces", basename(source)), await smaller(source, "", options));
}
for (const [source, options, name] of FIRST_FACES) {
  const face = await smaller(source, lettersOf(FIRST), options);
  if (face.length > AT_ONCE_BYTES) {
    throw new Error(`${name} would be ${face.length} bytes, more than a server sends at once: take letters out of FIRST, here and in styles/faces.css.`);
  }
  await writeFile(join(here, "faces", name), face);
}
