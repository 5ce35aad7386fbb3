import type {
  ActionOutcome,
  Capabilities,
  MacActions,
  SendRequest,
  SendResult,
} from "../../../src/bridge/index.js";
import type { Chat, MessageRow } from "../../../src/conversation/index.js";
import type { BridgeHooks } from "../../../src/gateway/account/account-bridge.js";
import { FakeBridge } from "../inbound-bench.js";
import { directMessage, groupChat } from "../message.js";

export const people = ["+15550100001", "+15550100002", "+15550100003", "+15550100009"] as const;
/** Who has to ask to be let in. */
export const stranger = people[2];
export const owner = people[3];
/** The group in which all of them are. */
export const groupId = 88;

/** The chat of a person, or the group: every Mac has the same ones, with the same numbers. */
export function chatOf(who: number, inGroup: boolean): Chat {
  if (inGroup) return { ...groupChat(groupId), participants: [...people] };
  const handle = people[who]!;
  return { ...directMessage({ from: handle }).chat, id: who + 1 };
}

/**
 * A Mac whose chats, row ids and GUIDs are those of every other one: nothing but the account tells its rows from another's.
 * Remembers what it was asked to do.
 */
export class TownMac extends FakeBridge {
  readonly asked: string[] = [];
  readonly #counts = { row: 0, in: 0, out: 0 };

  constructor(
    private readonly hooks: BridgeHooks,
    private readonly now: () => number,
  ) {
    super();
  }

  override start(): void {
    void this.hooks.resumeFrom().then(() => this.hooks.state("live", undefined));
  }

  /** Somebody writes, puts a tapback on a message, or writes on the Mac itself. */
  arrives(chat: Chat, change: Partial<MessageRow>): void {
    this.#store({ ...directMessage(), chat, guid: `IN-${this.#counts.in++}`, ...change });
  }

  override async send(request?: SendRequest): Promise<SendResult> {
    const { target, text = "", file } = request!;
    this.asked.push(JSON.stringify({ send: request }));
    const who =
      target.kind === "handle"
        ? people.indexOf(target.handle as (typeof people)[number])
        : target.kind === "chat_id" && target.chatId !== groupId
          ? target.chatId - 1
          : -1;
    const guid = `OUT-${this.#counts.out++}`;
    const chat = chatOf(Math.max(who, 0), who < 0);
    const rowId = this.#store({
      ...directMessage(),
      guid,
      chat,
      text: text || `\u{FFFC}${file ?? ""}`,
      fromMe: true,
      sender: chat.isGroup ? "" : chat.identifier,
    });
    return { ok: true, value: { guid, rowId } };
  }

  get actions(): MacActions {
    const capabilities: Capabilities = {
      at: this.now(),
      privateApi: { available: true, version: 2, message: "" },
      methods: [],
      selectors: {},
      perMethod: true,
      // Texts go without a GUID of ours: this Mac names what it sends by itself.
      can: (method) =>
        method === "tracked" ? { supported: false, missing: "method", why: "" } : { supported: true },
    };
    const done = async (...call: unknown[]): Promise<ActionOutcome> => {
      this.asked.push(JSON.stringify(call));
      return { state: "done", facts: {} };
    };
    return {
      capabilities: () => capabilities,
      probe: async () => capabilities,
      support: async () => ({ supported: true }),
      act: (action, chat, parameters) => done(action, chat, parameters),
      typing: (chat, on) => done("typing", chat, on),
      read: (chat) => done("read", chat),
      offersContact: async () => ({ state: "done", facts: { offers: false } }),
      shareContact: (chat) => done("shareContact", chat),
      // What becomes of a message is looked up at times of its own.
      sendStatus: async () => ({ state: "unsupported", missing: "method", why: "" }),
    };
  }

  #store(row: MessageRow): number {
    const rowId = ++this.#counts.row;
    const stored = { ...row, rowId, sentAt: this.now() };
    this.rows.push(stored);
    // As the subscription does, after the answer to whoever caused it.
    setImmediate(() => this.hooks.row(stored));
    return rowId;
  }
}
