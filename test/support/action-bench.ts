import { compilePolicy } from "../../src/access/index.js";
import type { ActionSettings, Actor } from "../../src/actions/context.js";
import { MessageActions } from "../../src/actions/message-actions.js";
import type { ActionOutcome, Bridge, Capabilities, ChatRef, Support } from "../../src/bridge/index.js";
import type { Chat, MessageRow } from "../../src/conversation/index.js";
import { ok } from "../../src/platform/index.js";
import type { Claim, SendOutcome, Store, TakenItem } from "../../src/store/index.js";
import { type Bench, dispatch, row } from "../contract/store/bench.js";
import { FakeClock } from "./fake-clock.js";
import { groupChat } from "./message.js";
import { chatOf } from "./send-bench.js";

const mia = chatOf(7, "+15550100123");
const ben = chatOf(8, "+15550100456");

/** The actions of an account over a real store and a Mac that a test tells what to do; Mia and Ben have written. */
export class ActionBench {
  readonly clock = new FakeClock(1_000_000);
  chats: Chat[] = [mia, ben, groupChat(88)];
  rows: MessageRow[] = [];
  /** What the Mac was asked to do. */
  readonly done: { action: string; chat: ChatRef; parameters: object }[] = [];
  readonly read: ChatRef[] = [];
  outcome: ActionOutcome | (() => Promise<ActionOutcome>) = { state: "done", facts: {} };
  support: Support | undefined = { supported: true };
  known: Capabilities | undefined;
  settings: ActionSettings;
  readonly actions: MessageActions;
  readonly bridge: Bridge;

  private constructor(
    readonly store: Store,
    readonly claim: Claim,
  ) {
    const on = ["reactions", "edit", "unsend", "reply", "sendWithEffect", "sendAttachment", "polls"];
    const groups = ["renameGroup", "setGroupIcon", "addParticipant", "removeParticipant", "leaveGroup"];
    this.settings = {
      toggles: Object.fromEntries([...on, ...groups].map((name) => [name, true])),
      owners: new Set<string>(),
      policy: compilePolicy({
        accountId: "default",
        dmPolicy: "open",
        allowFrom: ["*"],
        groupPolicy: "open",
      }),
      isNamed: () => false,
      seenAs: (chatId: number) => this.chats.find(({ id }) => id === chatId)?.guid,
      region: "US",
      textChunkLimit: 4000,
      chunkMode: "length",
    } as unknown as ActionSettings;
    this.bridge = {
      chats: async () => this.chats,
      history: async ({ chatId, limit }: { chatId: number; limit: number }) =>
        this.rows
          .filter(({ chat }) => chat.id === chatId)
          .sort((a, b) => b.rowId - a.rowId)
          .slice(0, limit),
      actions: {
        capabilities: () => this.known,
        support: async () => this.support,
        read: async (chat: ChatRef) => {
          this.read.push(chat);
          return { state: "done", facts: {} };
        },
        act: async (action: string, chat: ChatRef, parameters: object) => {
          this.done.push({ action, chat, parameters });
          return typeof this.outcome === "function" ? this.outcome() : this.outcome;
        },
      },
    } as unknown as Bridge;
    this.actions = new MessageActions({
      account: "default",
      store,
      bridge: this.bridge,
      clock: this.clock,
      settings: () => this.settings,
    });
  }

  static async of(bench: Bench): Promise<ActionBench> {
    const { store, claim } = await bench.claimed();
    const made = new ActionBench(store, claim);
    for (const [rowId, chat] of [
      [40, mia],
      [41, ben],
    ] as const)
      await made.journal(row(rowId, { chat, sender: chat.identifier }));
    return made;
  }

  /** Journals a row as one that was let in. */
  async journal(written: MessageRow): Promise<number> {
    const [entry] = await this.store.journal.admit(this.claim, [written], "live", this.clock.now());
    await this.store.journal.decide(this.claim, entry!, dispatch, this.clock.now());
    return entry!;
  }

  /** A turn of Mia's chat, or of another. */
  turn(change: Partial<Actor> = {}, chat: Chat = mia): Actor {
    const { id, guid, identifier, isGroup } = chat;
    const home = {
      target: { kind: "chat_id" as const, chatId: id },
      chat: { id, guid },
      identifier,
      isGroup,
    };
    const files = { check: async (path: string) => ok(path), folder: "/dev/null/nowhere", maxMb: 1 };
    return { turnId: "t1", isOwner: false, home, files, ...change };
  }

  /** Settles each of these sends as the sender would, as soon as the outbox has it. */
  async settle(outcome: SendOutcome): Promise<void> {
    let taken: TakenItem[] = [];
    await this.clock.advanceUntil(async () => {
      taken = await this.store.outbox.take(this.claim, 9, this.clock.now());
      return taken.length > 0;
    }, 1000);
    for (const { claim } of taken) await this.store.outbox.settle(claim, outcome, this.clock.now());
  }

  /** Texts that wait or were sent, by chat. */
  async sends(): Promise<[string, string | undefined][]> {
    const items = await this.store.outbox.list({ limit: 99 });
    return items.reverse().map(({ chatKey, text }) => [chatKey, text]);
  }
}
