// Solves a challenge of ALTCHA (version 2, PBKDF2): finds the counter whose derived key begins as asked. Tells how far
// it is as the chance to have found it by now, since nobody knows how many counters it takes.

import type { Parameters, Said, Solution } from "./proof-of-work";

const AT_ONCE = 8;

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const say = (said: Said) => postMessage(said);

async function derived(
  counter: number,
  nonce: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  { cost, keyLength }: Parameters,
): Promise<string> {
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: cost };
  return hexOf(new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * 8)));
}

async function solve(parameters: Parameters): Promise<Solution> {
  const nonce = bytesOf(parameters.nonce);
  const salt = bytesOf(parameters.salt);
  const chance = 16 ** -parameters.keyPrefix.length;
  for (let counter = 0; ; counter += AT_ONCE) {
    const counters = Array.from({ length: AT_ONCE }, (_, more) => counter + more);
    const keys = await Promise.all(counters.map((each) => derived(each, nonce, salt, parameters)));
    const found = keys.findIndex((key) => key.startsWith(parameters.keyPrefix));
    const derivedKey = keys[found];
    if (derivedKey !== undefined) return { counter: counter + found, derivedKey };
    say({ done: 1 - (1 - chance) ** (counter + AT_ONCE) });
  }
}

addEventListener("message", async ({ data }: MessageEvent<Parameters>) => {
  try {
    say({ solution: await solve(data) });
  } catch (error) {
    say({ failed: String(error) });
  }
});
