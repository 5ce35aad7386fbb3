import { compilePolicy } from "../../src/access/index.js";
import type { Bridge } from "../../src/bridge/index.js";
import type { MessageRow } from "../../src/conversation/index.js";
import { Sender } from "../../src/outbound/index.js";
import { ok } from "../../src/platform/index.js";
import type { Claim, Store } from "../../src/store/index.js";
import type { FakeClock } from "./fake-clock.js";

/** A bridge whose chat holds these rows, and that takes sends without naming a row. */
export function bridgeOver(rows: MessageRow[], sent: string[] = []): Bridge {
  return {
    state: "live",
    actions: { capabilities: () => undefined },
    chats: async () => [],
    history: async ({ limit }: { limit: number }) =>
      rows.toSorted((a, b) => b.rowId - a.rowId).slice(0, limit),
    send: async ({ text = "" }: { text?: string }) => {
      sent.push(text);
      return { ok: true, value: {} };
    },
  } as unknown as Bridge;
}

/** @param onSettled told of each send that ended, by its number @param warn takes what the log says at that level */
export function senderOf(
  store: Store,
  claim: Claim,
  bridge: Bridge,
  clock: FakeClock,
  onSettled: (id: number, state: string) => void,
  warn: (message: string) => void = () => {},
): Sender {
  return new Sender({
    store,
    bridge,
    claim,
    clock,
    log: { debug: () => {}, info: () => {}, warn, error: () => {} },
    random: () => 0.5,
    rules: {
      settings: () => ({
        owners: new Set(),
        policy: compilePolicy({ accountId: "default", dmPolicy: "open", allowFrom: ["*"] }),
        region: "US",
        isNamed: () => false,
        seenAs: () => "iMessage;-;+15550100123",
        ttlMs: 3_600_000,
        transport: "auto",
        service: "auto",
        pace: { perChatPerMinute: 100, perAccountPerHour: 100, newConversationsPerDay: 100 },
        manners: { unansweredLimit: 10, firstMessage: "plain" },
      }),
      fileOf: async ({ file }) => ok(file!),
    },
    listener: { settled: ({ id }, { state }) => onSettled(id, state), held: () => {} },
  });
}
