// A receiver of Tapback's webhooks, without a library: WEBHOOK_SECRET=whsec_… PORT=8080 node receiver.mjs
// It prints each event once, as a line of JSON.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");
/** Ids that were seen: what was taken and not confirmed comes again. A real receiver keeps them with what it did. */
const seen = new Set();

function isOurs({ headers }, body) {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures = "" } = headers;
  // What is older than five minutes may be somebody's recording.
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < 300)) return false;
  const own = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  return signatures.split(" ").some((each) => {
    const given = Buffer.from(each.replace(/^v1,/, ""), "base64");
    return given.length === own.length && timingSafeEqual(given, own);
  });
}

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts).toString();
  if (!isOurs(request, body)) return response.writeHead(401).end();
  const id = request.headers["webhook-id"];
  if (!seen.has(id)) console.log(body);
  seen.add(id);
  response.writeHead(204).end();
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.error(`listens on http://127.0.0.1:${server.address().port}/`);
});
