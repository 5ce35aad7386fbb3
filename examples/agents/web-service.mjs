// A web service as an agent. Start it with `TAPBACK_SECRET=… node web-service.mjs`, and set the same `secret` in the runtime.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.TAPBACK_SECRET ?? "";
const oldestSeconds = 300;

/** Whether a request comes from the gateway that shares the secret, and lately. */
function isGenuine(headers, body) {
  const timestamp = headers["x-tapback-timestamp"] ?? "";
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > oldestSeconds) return false;
  const expected = `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
  const given = String(headers["x-tapback-signature"] ?? "");
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
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
