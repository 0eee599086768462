// Solves a challenge of ALTCHA (version 2, PBKDF2): finds the counter whose derived key begins as asked. Tells how far
// it is as the chance to have found it by now, since nobody knows how many counters it takes.

const AT_ONCE = 8;

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derived(counter, nonce, salt, { cost, keyLength }) {
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: cost };
  return hexOf(new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * 8)));
}

async function solve(parameters) {
  const nonce = bytesOf(parameters.nonce);
  const salt = bytesOf(parameters.salt);
  const chance = 16 ** -parameters.keyPrefix.length;
  for (let counter = 0; ; counter += AT_ONCE) {
    const counters = Array.from({ length: AT_ONCE }, (_, more) => counter + more);
    const keys = await Promise.all(counters.map((each) => derived(each, nonce, salt, parameters)));
    const found = keys.findIndex((key) => key.startsWith(parameters.keyPrefix));
    if (found >= 0) return { counter: counter + found, derivedKey: keys[found] };
    postMessage({ done: 1 - (1 - chance) ** (counter + AT_ONCE) });
  }
}

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ solution: await solve(data) });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
});
