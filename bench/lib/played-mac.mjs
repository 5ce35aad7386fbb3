// The Mac of the benchmarks: speaks `imsg rpc` (protocol reference 2 and 3) from memory, costs next to nothing, and keeps the times.
import { existsSync, renameSync, writeFileSync } from "node:fs";

const now = () => Number(process.hrtime.bigint()) / 1e6;

/**
 * Plays one Mac.
 * @param plan what to do: { mode: "latency" | "burst" | "flood" | "idle", messages, senders, out, subscribed }; `only` names the account that alone has
 * something to do, `until` a file whose coming ends the messages, however many there were
 * @param account its name where there are several: each writes files of that name
 * @param write takes a line for the gateway
 * @returns takes a request of the gateway
 */
export function playMac(given, account, write) {
  const plan = { ...given };
  if (plan.only && plan.only !== account) plan.mode = "idle";
  if (account) for (const file of ["out", "subscribed"]) plan[file] += `.${account}`;
  const tell = (message) => write(JSON.stringify(message));
  const sentAt = [];
  const latencies = [];
  const answeredAt = [];
  let nextRow = 1;
  let burstStart = 0;

  function notify(index, person = index % plan.senders) {
    const sender = `+1555010${String(person).padStart(4, "0")}`;
    const chat = 1 + person;
    const row = ++nextRow;
    sentAt[chat] = now();
    tell({
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
      answeredAt.push(Date.now());
      if (answered < plan.messages && !(plan.until && existsSync(plan.until)))
        setTimeout(() => notify(emitted++), plan.pauseMs ?? 2);
      else finish({ latencies, answeredAt });
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
        return tell({ jsonrpc: "2.0", id, result: { chats: [] } });
      case "messages.history":
        return tell({ jsonrpc: "2.0", id, result: { messages: [] } });
      case "watch.subscribe":
        tell({ jsonrpc: "2.0", id, result: { subscription: 1 } });
        if (plan.subscribed) writeFileSync(plan.subscribed, String(Date.now()));
        setTimeout(begin, 300);
        return;
      case "send": {
        onSend(params);
        const row = ++nextRow;
        return tell({
          jsonrpc: "2.0",
          id,
          result: { ok: true, transport: "bridge", id: row, guid: `SENT-${process.pid}-${row}` },
        });
      }
      default:
        return tell({
          jsonrpc: "2.0",
          id,
          error: { code: -32601, message: "Method not found", data: method },
        });
    }
  }
  return answer;
}
