import { expect, it } from "vitest";
import { Bench } from "../../test/contract/store/bench.js";
import { FakeClock } from "../../test/support/fake-clock.js";
import { compilePolicy } from "../access/index.js";
import type { Bridge } from "../bridge/index.js";
import { openStore } from "../store/index.js";
import type { ActionSettings, Actor } from "./context.js";
import { MessageActions } from "./message-actions.js";

const bench = new Bench(openStore);
const mia = "iMessage;-;+15550100123";
const ben = "iMessage;-;+15550100999";

/** What becomes of an action of Mia's turn in her chat 7, which a row of this connection or the list of chats gives to somebody. */
async function acted(action: string, parameters: object, heard: string | undefined, listed: string[] = []) {
  const { store } = await bench.claimed();
  const bridge = {
    chats: async () => listed.map((guid) => ({ id: 7, guid, identifier: "", participants: [] })),
    history: async () => [],
    actions: {
      capabilities: () => undefined,
      read: async () => ({}),
      support: async () => ({ supported: true }),
    },
  } as unknown as Bridge;
  const settings = {
    toggles: { reactions: true, edit: true, unsend: true, reply: true, sendMessage: true },
    owners: new Set<string>(),
    policy: compilePolicy({ accountId: "default" }),
    isNamed: () => true,
    seenAs: () => heard,
    region: "US",
    textChunkLimit: 4000,
    chunkMode: "length",
  } as unknown as ActionSettings;
  const actions = new MessageActions({
    account: "default",
    store,
    bridge,
    clock: new FakeClock(1000),
    settings: () => settings,
  });
  const home = {
    target: { kind: "chat_id" as const, chatId: 7 },
    chat: { id: 7, guid: mia },
    identifier: "+15550100123",
    isGroup: false,
  };
  const actor = { turnId: "t1", isOwner: false, home } as unknown as Actor;
  const done = await actions.act(actor, action, parameters as Record<string, unknown>);
  return done.ok ? "done" : done.error.code;
}

it.each([
  ["read", {}],
  ["react", { messageId: "6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F1001", emoji: "love" }],
  ["send", { text: "hello" }],
  ["send", { text: "hello", chatId: 7 }],
])(
  "does nothing in a chat that has the number of a turn's own in another database: %s %j",
  async (name, what) => {
    expect(await acted(name, what, ben)).toBe("RECIPIENT_REFUSED");
    expect(await acted(name, what, undefined, [ben])).toBe("RECIPIENT_REFUSED");
    expect(await acted(name, what, undefined)).toBe("RECIPIENT_REFUSED");
  },
);

it("acts in the turn's own chat, however its GUID begins", async () => {
  expect(await acted("read", {}, "any;-;+15550100123")).toBe("done");
  expect(await acted("read", {}, undefined, [mia])).toBe("done");
});
