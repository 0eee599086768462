// A receiver of events in thirty lines: checked by an off-the-shelf library, each event taken once, whatever is sent twice.
//
//     npx tsx receiver.ts PORT whsec_… postgresql://…          # npm install standardwebhooks pg tsx
//
// What is noted and what is done with it are one transaction: a crash leaves both or neither.

import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { Pool } from "pg";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const [port, secret, database] = process.argv.slice(2);
const pool = new Pool({ connectionString: database });
await pool.query("CREATE TABLE IF NOT EXISTS seen (id text PRIMARY KEY); CREATE TABLE IF NOT EXISTS ideas (idea_id text)");

async function take(request: IncomingMessage): Promise<number> {
  const headers = request.headers as Record<string, string>;
  const event = new Webhook(secret).verify(await text(request), headers) as { type: string; data: { idea_id: string } };
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const seen = await client.query("INSERT INTO seen VALUES ($1) ON CONFLICT DO NOTHING", [headers["webhook-id"]]);
    if (seen.rowCount && event.type === "IdeaLogged")
      await client.query("INSERT INTO ideas VALUES ($1)", [event.data.idea_id]);
    await client.query("COMMIT");
    client.release();
    return 204;
  } catch (error) {
    client.release(true); // The connection is closed, so nothing of it stays.
    throw error;
  }
}

createServer((request, response) => {
  const origin = request.headers["webhook-request-origin"] ?? "";
  if (request.method === "OPTIONS") // Here we agree to be sent events at all.
    return response.writeHead(200, { "WebHook-Allowed-Origin": origin }).end();
  return take(request)
    .catch((error) => (error instanceof WebhookVerificationError ? 401 : 500)) // What fails otherwise is sent again.
    .then((status) => response.writeHead(status).end());
}).listen(Number(port), "127.0.0.1");
