import { afterEach } from "vitest";
import { compilePolicy } from "../../src/access/index.js";
import type { Bridge, BridgeState, SendRequest, SendResult } from "../../src/bridge/index.js";
import type { Chat, MessageRow } from "../../src/conversation/index.js";
import { type HoldBack, Sender } from "../../src/outbound/index.js";
import type { SenderDeps } from "../../src/outbound/sender.js";
import type { SenderSettings } from "../../src/outbound/sender-settings.js";
import { ok } from "../../src/platform/index.js";
import {
  type Claim,
  type NewOutboxItem,
  type OutboxItem,
  openStore,
  type SendOutcome,
  type Store,
} from "../../src/store/index.js";
import { Bench, dispatch, item, row } from "../contract/store/bench.js";
import { FakeClock } from "./fake-clock.js";
import { rememberingLog } from "./inbound-bench.js";
import { directChat } from "./message.js";

const start = 1_000_000;

/** The chat of one person, as Messages lists it. */
export function chatOf(id: number, handle: string, service = "iMessage"): Chat {
  return { ...directChat(handle, service), id };
}

/** A sender over a real store and a Mac that a test tells what to do; two people have written. */
export class SendBench {
  readonly clock = new FakeClock(start);
  /** What the bridge was asked to send. */
  readonly asked: SendRequest[] = [];
  readonly settled: { id: number; outcome: SendOutcome }[] = [];
  readonly held: { id: number; held: HoldBack }[] = [];
  readonly lines: string[];
  readonly queries: Parameters<Bridge["history"]>[0][] = [];
  rows: MessageRow[] = [];
  chats: Chat[] = [chatOf(7, "+15550100123"), chatOf(8, "+15550100456")];
  state: BridgeState = "live";
  /** What becomes of a send; default: Messages takes it and names no row. */
  answer: (request: SendRequest) => SendResult | Promise<SendResult> = () => ({ ok: true, value: {} });
  settings: SenderSettings = {
    owners: new Set(),
    policy: compilePolicy({ accountId: "default", dmPolicy: "open", allowFrom: ["*"] }),
    region: "US",
    isNamed: () => false,
    seenAs: (chatId) => this.chats.find(({ id }) => id === chatId)?.guid,
    ttlMs: 3_600_000,
    transport: "auto",
    service: "auto",
    pace: { perChatPerMinute: 100, perAccountPerHour: 100, newConversationsPerDay: 100 },
    manners: { unansweredLimit: 10, firstMessage: "plain" },
  };
  fileOf: SenderDeps["rules"]["fileOf"] = async ({ file }) => ok(file!);
  sender!: Sender;
  bridge!: Bridge;
  readonly #log;

  constructor(
    readonly store: Store,
    readonly claim: Claim,
  ) {
    const { log, lines } = rememberingLog();
    this.#log = log;
    this.lines = lines;
  }

  static async of(bench: Bench, over: (store: Store) => Store = (store) => store): Promise<SendBench> {
    const { store, claim } = await bench.claimed();
    const made = new SendBench(over(store), claim);
    for (const [rowId, chatId, from] of [
      [40, 7, "+15550100123"],
      [41, 8, "+15550100456"],
    ] as const) {
      const written = row(rowId, { from, chat: chatOf(chatId, from) });
      const [entry] = await store.journal.admit(claim, [written], "live", start);
      await store.journal.decide(claim, entry!, dispatch, start);
    }
    made.#make();
    return made;
  }

  /** Puts something into the outbox. */
  add(text: string, chatId = 7, change: Partial<NewOutboxItem> = {}): Promise<number> {
    return this.store.outbox.add("default", item(text, chatId, change), this.clock.now());
  }

  get sent(): (string | undefined)[] {
    return this.asked.map(({ text }) => text);
  }

  async get(id: number): Promise<OutboxItem> {
    return (await this.store.outbox.get(id))!;
  }

  /** What was told of a send, in order. */
  statesOf(id: number): string[] {
    return this.settled.filter((each) => each.id === id).map(({ outcome }) => outcome.state);
  }

  async until(id: number, state: string): Promise<void> {
    await this.clock.advanceUntil(() => this.statesOf(id).at(-1) === state);
  }

  #make(): void {
    const bench = this;
    this.bridge = {
      get state() {
        return bench.state;
      },
      actions: { capabilities: () => undefined },
      chats: async () => bench.chats,
      history: async (query: Parameters<Bridge["history"]>[0]) => {
        bench.queries.push(query);
        return bench.rows
          .filter(({ chat }) => chat.id === query.chatId)
          .sort((a, b) => b.rowId - a.rowId)
          .slice(0, query.limit);
      },
      send: async (request: SendRequest) => {
        bench.asked.push(request);
        return bench.answer(request);
      },
    } as unknown as Bridge;
    this.sender = new Sender({
      store: this.store,
      bridge: this.bridge,
      claim: this.claim,
      clock: this.clock,
      log: this.#log,
      random: () => 0.5,
      rules: { settings: () => this.settings, fileOf: (given) => this.fileOf(given) },
      listener: {
        settled: ({ id }, outcome) => void this.settled.push({ id, outcome }),
        held: ({ id }, held) => void this.held.push({ id, held }),
      },
    });
  }
}

/** For the tests of a file: makes benches, and stops each after its test. @returns makes one, over the store as {@link SendBench.of} takes it */
export function sendBenches(): (over?: (store: Store) => Store) => Promise<SendBench> {
  const stores = new Bench(openStore);
  let open: SendBench[] = [];
  afterEach(async () => {
    for (const bench of open) await bench.sender.stop();
    open = [];
  });
  return async (over) => {
    const bench = await SendBench.of(stores, over);
    open.push(bench);
    return bench;
  };
}
