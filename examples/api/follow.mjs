// Prints what happens, each event once.
//
//   TAPBACK_URL=http://127.0.0.1:8765 TAPBACK_TOKEN=tapback_… node follow.mjs [file of the cursor]
//
// The token needs the scope read. How far it came is kept in a file, after an event was printed: killed in between it prints that one
// again, and misses none. It comes back by itself whenever the line or the gateway dies.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const { TAPBACK_URL: url, TAPBACK_TOKEN: token } = process.env;
const file = process.argv[2] ?? "follow.cursor";

let cursor = "";
try {
  cursor = readFileSync(file, "utf8");
} catch {
  // The first run begins at now.
}

for (;;) {
  try {
    await follow();
  } catch (error) {
    console.error(`${error.message}; trying again`);
  }
  await sleep(1000);
}

async function follow() {
  const headers = { Authorization: `Bearer ${token}`, ...(cursor && { "Last-Event-ID": cursor }) };
  const response = await fetch(`${url}/v1/events?types=message,decision,sent`, { headers });
  if (!response.ok) throw new Error((await response.json()).detail);
  let rest = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    // An event ends with an empty line; what is cut off comes again.
    const events = (rest + piece).split("\n\n");
    rest = events.pop();
    for (const event of events) take(event);
  }
}

function take(event) {
  const fields = Object.fromEntries(event.split("\n").map((line) => line.split(/: ?(.*)/s)));
  if (fields.data && fields.event !== "cursor") {
    const { type, at, chat, data } = JSON.parse(fields.data);
    console.log(at, type, chat, data.text ?? data.decision ?? data.state ?? "");
  }
  if (fields.id === undefined) return;
  cursor = fields.id;
  writeFileSync(`${file}.new`, cursor);
  renameSync(`${file}.new`, file);
}
