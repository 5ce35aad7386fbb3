// Answers every message that begins with "order" with a receipt, once.
//
//   TAPBACK_URL=http://127.0.0.1:8765 TAPBACK_TOKEN=tapback_… node receipts.mjs [file of the cursor]
//
// The token needs the scopes read and send. How far it came is kept in a file, after the work: when it is killed in between it sees the
// last messages again, and the key of each receipt keeps it from being sent twice.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const { TAPBACK_URL: url, TAPBACK_TOKEN: token } = process.env;
const file = process.argv[2] ?? "receipts.cursor";

let cursor = "";
try {
  cursor = readFileSync(file, "utf8");
} catch {
  // The first run begins with the oldest message that is kept.
}

for (;;) {
  const page = await ask(`/v1/messages?order=oldest&limit=50${cursor && `&cursor=${cursor}`}`);
  for (const message of page.items) {
    if (message.fromMe || !/^order/i.test(message.text)) continue;
    const receipt = { account: message.account, to: message.chat, text: `We have it: ${message.text}` };
    const { state } = await ask("/v1/messages", receipt, `receipt ${message.guid}`);
    console.log(`${message.id} ${message.text}: ${state}`);
  }
  if (page.next !== null && page.next !== cursor) {
    cursor = page.next;
    writeFileSync(`${file}.new`, cursor);
    renameSync(`${file}.new`, file);
  }
  if (page.items.length === 0) await sleep(1000);
}

/** Asks the gateway; what may succeed later is asked again. */
async function ask(path, body, key) {
  for (;;) {
    const response = await fetch(url + path, {
      method: body ? "POST" : "GET",
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body && { "Content-Type": "application/json", "Idempotency-Key": key }),
      },
      body: body && JSON.stringify(body),
    }).catch(() => undefined);
    if (response?.ok) return response.json();
    // Refused for good, such as a receipt for somebody who said STOP.
    if (response && response.status !== 429 && response.status !== 503) {
      const { code, detail } = await response.json();
      if (body) return { state: code };
      throw new Error(`${detail} [${code}]`);
    }
    await sleep(1000 * Number(response?.headers.get("retry-after") ?? 1));
  }
}
