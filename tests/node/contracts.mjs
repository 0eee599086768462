// Looks at documents as other people's tools do: node contracts.mjs FILE…, each an AsyncAPI or an OpenAPI document.
//
// Prints a JSON list of what they find: where, how bad (0 is an error, 1 a warning), the rule, and what it says.

import { readFile } from "node:fs/promises";
import asyncapi from "@asyncapi/parser";
import spectralCore from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";

async function byTheParser(text) {
  const { document, diagnostics } = await new asyncapi.Parser().parse(text);
  const unread = document ? [] : [{ path: [], severity: 0, code: "unread", message: "It cannot be read." }];
  return [...unread, ...diagnostics].map((one) => ({ ...one, tool: "parser" }));
}

async function bySpectral(text, ruleset) {
  const spectral = new spectralCore.Spectral();
  spectral.setRuleset({ extends: [ruleset] });
  return (await spectral.run(text)).map((one) => ({ ...one, tool: "spectral" }));
}

const found = [];
for (const file of process.argv.slice(2)) {
  const text = await readFile(file, "utf-8");
  const sends = "asyncapi" in JSON.parse(text);
  const results = sends
    ? [...(await byTheParser(text)), ...(await bySpectral(text, rulesets.asyncapi))]
    : await bySpectral(text, rulesets.oas);
  for (const { tool, path, severity, code, message } of results) {
    found.push({ file, tool, where: path.join("."), severity, code, message });
  }
}
process.stdout.write(`${JSON.stringify(found)}\n`);
