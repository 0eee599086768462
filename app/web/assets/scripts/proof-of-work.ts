// What the page of a challenge and its worker say to each other.

export interface Parameters {
  nonce: string;
  salt: string;
  cost: number;
  keyLength: number;
  keyPrefix: string;
}

export interface Solution {
  counter: number;
  derivedKey: string;
}

// `done` is the chance to have found it by now, 0 to 1.
export type Said = { done: number } | { solution: Solution } | { failed: string };
