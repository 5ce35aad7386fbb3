#!/usr/bin/env node
// The other end of the benchmarks: speaks `imsg rpc` (protocol reference 2 and 3) from memory, costs next to nothing,
// and keeps the times. What to do comes in BENCH_PLAN: { mode: "latency" | "burst" | "flood" | "idle", messages, senders, out }.
// With several accounts each has a --db of its own, and writes files of that name; one called "crashes" does.
import { renameSync, writeFileSync } from "node:fs";

const plan = JSON.parse(process.env.BENCH_PLAN);
const account = process.argv[process.argv.indexOf("--db") + 1 || process.argv.length];
if (account === "crashes") process.exit(1);
if (account) for (const file of ["out", "subscribed"]) plan[file] += `.${account}`;
const now = () => Number(process.hrtime.bigint()) / 1e6;
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const sentAt = [];
const latencies = [];
let nextRow = 1;
let burstStart = 0;

function notify(index, person = index % plan.senders) {
  const sender = `+1555010${String(person).padStart(4, "0")}`;
  const chat = 1 + person;
  const row = ++nextRow;
  sentAt[chat] = now();
  write({
    jsonrpc: "2.0",
    method: "message",
    params: {
      subscription: 1,
      message: {
        id: row,
        guid: `BENCH-${process.pid}-${row}`,
        chat_id: chat,
        chat_identifier: sender,
        chat_guid: `iMessage;-;${sender}`,
        chat_name: "",
        participants: [sender],
        is_group: false,
        sender,
        is_from_me: false,
        text: `what is ${index} + 1`,
        created_at: new Date().toISOString(),
        destination_caller_id: "bot@example.com",
        attachments: [],
        reactions: [],
      },
    },
  });
}

let answered = 0;
let emitted = 0;

function finish(figures) {
  // Renamed into place, so that a reader sees it whole.
  writeFileSync(`${plan.out}.tmp`, JSON.stringify(figures));
  renameSync(`${plan.out}.tmp`, plan.out);
}

function onSend(params) {
  answered++;
  if (plan.mode === "latency") {
    latencies.push(now() - sentAt[params.chat_id]);
    if (answered < plan.messages) setTimeout(() => notify(emitted++), plan.pauseMs ?? 2);
    else finish({ latencies });
  } else if (plan.mode === "flood") {
    if (params.chat_id === 1) return;
    latencies.push(now() - sentAt[params.chat_id]);
    if (latencies.length === plan.others) finish({ latencies });
    else notify(emitted++, latencies.length + 1);
  } else if (answered === plan.messages) finish({ ms: now() - burstStart });
}

function begin() {
  if (plan.mode === "idle") return;
  if (plan.mode === "latency") return notify(emitted++);
  if (plan.mode === "flood") {
    // One person writes all of them, and right after it others begin, one after the other.
    while (emitted < plan.messages) notify(emitted++, 0);
    return notify(emitted++, 1);
  }
  burstStart = now();
  for (let index = 0; index < plan.messages; index++) notify(index);
}

function answer({ id, method, params }) {
  switch (method) {
    case "chats.list":
      return write({ jsonrpc: "2.0", id, result: { chats: [] } });
    case "messages.history":
      return write({ jsonrpc: "2.0", id, result: { messages: [] } });
    case "watch.subscribe":
      write({ jsonrpc: "2.0", id, result: { subscription: 1 } });
      if (plan.subscribed) writeFileSync(plan.subscribed, String(Date.now()));
      setTimeout(begin, 300);
      return;
    case "send": {
      onSend(params);
      const row = ++nextRow;
      return write({
        jsonrpc: "2.0",
        id,
        result: { ok: true, transport: "bridge", id: row, guid: `SENT-${process.pid}-${row}` },
      });
    }
    default:
      return write({
        jsonrpc: "2.0",
        id,
        error: { code: -32601, message: "Method not found", data: method },
      });
  }
}

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) if (line.trim()) answer(JSON.parse(line));
});
process.stdin.on("end", () => process.exit(0));
