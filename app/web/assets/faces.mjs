// Makes the faces that pages load smaller than they come: only the weights that our styles use, and only the features.
// What a phone need not fetch is there sooner. Copyright and licence stay inside (name table, 0, 13 and 14).

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import subsetFont from "subset-font";

const TEXT = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-";
const DISPLAY = "node_modules/@fontsource/bricolage-grotesque/files/bricolage-grotesque-";
const WEIGHTS = { variationAxes: { wght: { min: 400, max: 700 } } };
const FACES = [
  ...["latin-wght-normal", "latin-wght-italic", "latin-ext-wght-normal"].map((name) => [`${TEXT}${name}.woff2`, WEIGHTS]),
  ...["latin-700-normal", "latin-ext-700-normal"].map((name) => [`${DISPLAY}${name}.woff2`, {}]),
];
const here = import.meta.dirname;

await mkdir(join(here, "faces"), { recursive: true });
for (const [source, options] of FACES) {
  const face = await subsetFont(await readFile(join(here, source)), "", {
    ...options,
    targetFormat: "woff2",
    keepAllGlyphs: true,
    keepFeatures: ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"],
    preserveNameIds: [0, 13, 14],
  });
  await writeFile(join(here, "faces", basename(source)), face);
}
