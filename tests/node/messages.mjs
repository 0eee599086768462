// Reads messages as the libraries of other people do: one JSON line for each message, and one for what is found.
//
// In:  {"headers": {…}, "body": "base64", "secret": "whsec_…"}, and with "read": true a CloudEvent is read, too.
// Out: {"signed": true, "event": {…}}, where "refused" and "unread" say why not.

import { createInterface } from "node:readline";
import { HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";

function verified({ headers, body, secret }) {
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return { signed: true };
  } catch (error) {
    return { signed: false, refused: String(error) };
  }
}

function cloudEvent({ headers, body }) {
  try {
    const event = HTTP.toEvent({ headers, body: body.toString() });
    event.validate();
    return { event };
  } catch (error) {
    return { event: null, unread: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { read, ...sent } = JSON.parse(line);
  const message = { ...sent, body: Buffer.from(sent.body, "base64") };
  const found = { ...verified(message), ...(read ? cloudEvent(message) : {}) };
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
