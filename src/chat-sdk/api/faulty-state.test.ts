import { createMemoryState } from "@chat-adapter/state-memory";
import type { Message } from "chat";
import { beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { Cards } from "../cards.js";
import { Conversations } from "../conversations.js";
import type { BotParts } from "../home.js";
import { Occasions } from "../occasion.js";
import type { ToldEvent } from "./client.js";
import { Inbox } from "./inbox.js";
import { LastingState } from "./lasting-state.js";
import { Progress } from "./progress.js";

const [mia, sam] = ["+15550100123", "+15550100456"];
let clock: FakeClock;
let stop: AbortController;
/** What the bot's handlers were told. */
let handled: string[];
/** What its log says. */
let errors: string[];
/** Fails where it says so, and holds up what it says. */
let fault: (call: string, key: string) => Promise<void>;
/** Where it is resolved, a handler that hangs goes on. */
let released: Promise<void>;
let release: () => void;
let memory: ReturnType<typeof createMemoryState>;
let inbox: Inbox;
let progress: Progress;

beforeEach(async () => {
  clock = new FakeClock();
  stop = new AbortController();
  [handled, errors] = [[], []];
  fault = async () => {};
  released = new Promise((resolve) => {
    release = resolve;
  });
  memory = createMemoryState();
  await memory.connect();
  const state = new Proxy(memory, {
    get: (target, name: keyof typeof memory) => {
      const own = target[name] as (...args: unknown[]) => unknown;
      return async (...args: unknown[]) => {
        await fault(name, String(args[0]));
        return own.apply(target, args);
      };
    },
  });
  const log = { error: (text: string) => void errors.push(text) };
  const chat = {
    getState: () => state,
    getLogger: () => log,
    processMessage: async (_adapter: unknown, _thread: string, message: Message) => {
      handled.push(message.text);
      if (message.text === "it hangs") await released;
      if (message.text === "it throws") throw new Error("a handler of the bot");
    },
    processReaction: async ({ rawEmoji }: { rawEmoji: string }) => void handled.push(rawEmoji),
  };
  const parts = {
    ...{ adapter: {}, chat, occasions: new Occasions(), conversations: new Conversations() },
    cards: new Cards(() => state),
  } as unknown as BotParts;
  const lasting = new LastingState(state, clock, stop.signal, log);
  inbox = new Inbox(parts, lasting, async () => Buffer.from(""), clock, stop.signal);
  progress = new Progress(lasting, "cursor");
});

const told = (id: number, type: string, data: object): ToldEvent => ({
  ...{ id, type, at: "2026-05-09T06:14:02Z", account: "default", chat: "chat_id:7" },
  data: data as Record<string, unknown>,
});
const message = (id: number, entry: number, text: string, sender = mia, more = {}) =>
  told(id, "message", {
    ...{ entry, rowId: entry, guid: `GUID-${entry}`, sender, text, sentAt: "2026-05-09T06:14:00Z" },
    ...{ chatGuid: `iMessage;-;${sender}`, ...more },
  });
const decided = (id: number, entry: number, decision = "dispatch") =>
  told(id, "decision", { entry, decision });
/** As the stream tells it. */
const read = (event: ToldEvent) => progress.add(event.id, inbox.take(event), () => stop.signal.aborted);
/** It fails so often, then never again. */
const failing = (call: string, key: string, times: number) => {
  let left = times;
  fault = async (asked, of) => {
    if (asked === call && of.startsWith(key) && left-- > 0) throw new Error("the state is away");
  };
};

it.each([
  ["a message is kept", "set", "tapback:message:"],
  ["a message is looked for", "get", "tapback:message:"],
  ["a list is looked for", "get", "tapback:list:"],
  ["the cursor is kept", "set", "cursor"],
])("loses nothing when the state fails as %s", async (_, call, key) => {
  failing(call, key, 3);
  for (const event of [message(1, 1, "one"), decided(2, 1), message(3, 2, "two", sam), decided(4, 2)])
    await read(event);
  await clock.advance(60_000);
  // Two conversations hold up each other only at the state.
  expect([handled.sort(), await memory.get("cursor")]).toEqual([["one", "two"], 4]);
  // Once for each that waits for it, and for nothing else.
  expect(new Set(errors)).toEqual(new Set(["the bot's state fails, and is asked again: the state is away"]));
});

it("tells of a tapback once the state can remember that it did", async () => {
  failing("setIfNotExists", "tapback:told:", 2);
  const tapback = { kind: "love", emoji: "❤️", added: true, targetGuid: "SENT-1" };
  await read(message(1, 1, "", mia, { tapback }));
  await read(decided(2, 1, "context"));
  await clock.advance(60_000);
  expect([handled, await memory.get("cursor")]).toEqual([["❤️"], 2]);
});

it("finds a message whose keeping takes longer than the question for it, and keeps the order of a chat", async () => {
  let slow: (() => void)[] = [];
  fault = async (call, key) => {
    if (call === "set" && key.startsWith("tapback:message:"))
      await new Promise<void>((resolve) => slow.push(resolve));
    if (call === "get" && key.endsWith(":1")) await new Promise<void>((resolve) => slow.push(resolve));
  };
  const events = [message(1, 1, "one"), message(2, 2, "two"), decided(3, 1), decided(4, 2)];
  for (const event of events) await read(event);
  await clock.advanceUntil(() => {
    for (const go of slow.splice(0)) go();
    return handled.length === 2;
  });
  slow = [];
  expect(handled).toEqual(["one", "two"]);
});

it("takes what handlers throw for done, as before, and looks at nothing twice", async () => {
  for (const event of [message(1, 1, "it throws"), decided(2, 1), message(3, 2, "next"), decided(4, 2)])
    await read(event);
  await clock.advance(1000);
  expect([handled, await memory.get("cursor")]).toEqual([["it throws", "next"], 4]);
  expect(errors).toEqual(["a handler failed: a handler of the bot"]);
});

it("does not take a message for done that its handler still works on when the stream begins again", async () => {
  await read(message(1, 1, "it hangs"));
  await read(decided(2, 1));
  // What a new stream begins with has the id that it was asked from.
  await read(told(2, "cursor", {}));
  for (const event of [message(3, 2, "next", sam), decided(4, 2)]) await read(event);
  await clock.advance(1000);
  expect([handled, await memory.get("cursor")]).toEqual([["it hangs", "next"], 1]);
  release();
  await clock.advance(1000);
  expect(await memory.get("cursor")).toBe(4);
});

it("reads no further than a hundred events while the state is away, and leaves them to the next run", async () => {
  fault = async (call, key) => {
    if (call !== "get" || key !== "cursor") throw new Error("the state is away");
  };
  let count = 0;
  const reading = (async () => {
    for (let id = 1; id <= 150 && !stop.signal.aborted; id++) {
      count = id;
      await read(message(id, id, "text"));
    }
  })();
  await clock.advance(60_000);
  expect(count).toBe(100);
  stop.abort();
  await reading;
  expect([handled, await memory.get("cursor")]).toEqual([[], null]);
});
