import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import {
  chatKeysOf,
  type Decision,
  type Envelope,
  type MessageRow,
} from "../../../src/conversation/index.js";
import type { Claim, NewOutboxItem, NewTurn, RowQuestion, Store } from "../../../src/store/index.js";
import { directMessage } from "../../support/message.js";

/** Opens the store that is judged; the same place is the same state. */
export type OpenStore = (place: string) => Store;

/** A fresh state for each test, opened as often as it asks. */
export class Bench {
  #folder: string | undefined;
  #open: Store[] = [];

  constructor(private readonly open: OpenStore) {
    afterEach(() => this.clear());
  }

  /** Opens the state of this test; a second time as another process would. */
  store(): Store {
    this.#folder ??= mkdtempSync(join(tmpdir(), "tapback-store-"));
    const store = this.open(join(this.#folder, "state.db"));
    this.#open.push(store);
    return store;
  }

  /** A store with an account claimed, and the claim. */
  async claimed(account = "default", node = "node-1"): Promise<{ store: Store; claim: Claim }> {
    const store = this.store();
    const { claim } = await store.accounts.claim(account, node);
    return { store, claim };
  }

  get folder(): string {
    return this.#folder!;
  }

  async clear(): Promise<void> {
    for (const store of this.#open) await store.close().catch(() => {});
    this.#open = [];
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}

/** A row with a GUID of its own, as a subscription reports it. */
export function row(rowId: number, change: Parameters<typeof directMessage>[0] = {}): MessageRow {
  return directMessage({ rowId, cursor: rowId, guid: `GUID-${rowId}`, text: `text ${rowId}`, ...change });
}

/** What the gates ask about a row at a time, with nothing beside the row itself. */
export function about(asked: MessageRow, at: number, change: Partial<RowQuestion> = {}): RowQuestion {
  return {
    account: "default",
    entryId: 1_000_000,
    row: asked,
    handle: asked.sender,
    chatKeys: chatKeysOf(asked),
    at,
    sentSince: 0,
    near: { before: 0, after: 0 },
    pairs: false,
    hushes: false,
    ...change,
  };
}

export const dispatch: Decision & { kind: "dispatch" } = {
  kind: "dispatch",
  isOwner: false,
  gates: [],
  treatedAs: "direct",
};
export const drop: Decision & { kind: "drop" } = {
  kind: "drop",
  reason: "dm_not_allowed",
  remedy: "Add the sender to allowFrom.",
  gates: [],
  treatedAs: "direct",
};
export const context: Decision & { kind: "context" } = {
  ...drop,
  kind: "context",
  reason: "not_mentioned",
  treatedAs: "group",
};
export const pairing: Decision & { kind: "pairing" } = {
  ...drop,
  kind: "pairing",
  reason: "pairing_offered",
  offer: true,
};

/** A turn of a session. */
export function turn(id: string, sessionKey = "agent:main:main", account = "default"): NewTurn {
  const envelope = { version: 1, turnId: id, chat: { chatId: 7 }, sender: { handle: "+15550100001" } };
  return { id, account, sessionKey, agentId: "main", envelope: envelope as Envelope };
}

/** Something to send into a chat. */
export function item(text: string, chatId = 7, change: Partial<NewOutboxItem> = {}): NewOutboxItem {
  return { target: { kind: "chat_id", chatId }, chatKey: `chat:${chatId}`, text, origin: "turn", ...change };
}

/** Journals rows, decides them for a turn, and opens it. */
export async function openTurn(
  store: Store,
  claim: Claim,
  id: string,
  rowIds: number[],
  sessionKey?: string,
): Promise<void> {
  const ids = (await store.journal.admit(
    claim,
    rowIds.map((rowId) => row(rowId)),
    "live",
    1000,
  )) as number[];
  for (const entry of ids) await store.journal.decide(claim, entry, dispatch, 1000);
  await store.turns.open(claim, turn(id, sessionKey, claim.id), ids, [], 1000);
}
