// A web service as an agent. Start it with `TAPBACK_SECRET=… node web-service.mjs`, and set the same `secret` in the runtime.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.TAPBACK_SECRET ?? "";
if (secret === "") {
  // Anybody can sign with an empty key.
  console.error("Set TAPBACK_SECRET to the `secret` of the agent's runtime.");
  process.exit(1);
}
const oldestSeconds = 300;
/** Signatures that were used within that time, each with the second until which it counts. */
const used = new Map();

/** Whether a request comes from the gateway that shares the secret, lately, and for the first time. */
function isGenuine(headers, body) {
  const timestamp = headers["x-tapback-timestamp"] ?? "";
  const now = Date.now() / 1000;
  if (!/^\d+$/.test(timestamp) || Math.abs(now - Number(timestamp)) > oldestSeconds) return false;
  const expected = `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
  const given = String(headers["x-tapback-signature"] ?? "");
  const [mine, theirs] = [Buffer.from(expected), Buffer.from(given)];
  if (mine.length !== theirs.length || !timingSafeEqual(mine, theirs)) return false;
  for (const [signature, until] of used) if (until < now) used.delete(signature);
  if (used.has(expected)) return false;
  used.set(expected, Number(timestamp) + oldestSeconds);
  return true;
}

const server = createServer(async (request, response) => {
  let body = "";
  for await (const part of request.setEncoding("utf8")) body += part;
  if (!isGenuine(request.headers, body)) return response.writeHead(401).end();
  const { messages } = JSON.parse(body);
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end(`You wrote: ${messages.map(({ text }) => text).join(" / ")}`);
});

server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
