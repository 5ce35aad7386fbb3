import type { DraftChat } from "../../actions/index.js";
import { type Config, resolveAgent } from "../../config/index.js";
import { chatKeyOf, normalizeHandle } from "../../conversation/index.js";
import { type Clock, type Log, TapbackError } from "../../platform/index.js";
import type {
  Draft,
  HeldDraft,
  NewDraft,
  NewOutboxItem,
  OutboxItem,
  ScheduledMessage,
  Store,
  Turn,
  TurnEnd,
} from "../../store/index.js";
import type { TurnAccounts } from "../accounts.js";
import { newId } from "../questions/id.js";
import { agentOfKey } from "../routing/session-key.js";
import { askedAbout, linesOf, questionAbout } from "./question.js";
import { isReviewed, type ReviewedChat } from "./review.js";
import { draftWords } from "./text.js";

export interface DraftDeps {
  store: Store;
  clock: Clock;
  log: Log;
  config: () => Config;
  accounts: TurnAccounts;
  /** Owners of an account, in normal form. */
  owners: (account: string) => Promise<string[]>;
}

/**
 * Holds what agents write where an owner has to say yes first (behaviour 18.1). What a turn does in a chat is one draft: it is
 * opened on the disk with its first part, and shown to owners with the commit that ends the turn.
 */
export class Drafts {
  constructor(private readonly deps: DraftDeps) {}

  /** Whether what a turn answers waits for an owner's yes. */
  holdsAnswerOf(turn: Turn): boolean {
    const { chat, sender } = turn.envelope;
    // The draft would be shown in that very chat.
    if (sender.isOwner && !chat.isGroup) return false;
    return this.#isReviewed(turn.account, turn.agentId, {
      isGroup: chat.isGroup,
      chatId: chat.chatId,
      handle: sender.handle,
    });
  }

  /**
   * Opens the draft that an action of a turn becomes a part of, where it does.
   * @param approves nobody was let in there, and an owner asks for it all the same (behaviour 10.3a)
   * @returns the draft's id; undefined where the action may be done at once
   */
  async holdAction(turn: Turn, chat: DraftChat, approves: boolean): Promise<string | undefined> {
    const chatId = chat.target.kind === "chat_id" ? chat.target.chatId : 0;
    const isHome = chatKeyOf(chat.target) === turn.chatKey;
    const isHeld = isHome
      ? this.holdsAnswerOf(turn)
      : !(await this.#isOwners(turn.account, chat)) &&
        this.#isReviewed(turn.account, turn.agentId, { ...chat, chatId });
    if (!isHeld && !approves) return undefined;
    return this.#open(turn, { ...chat, approves });
  }

  /**
   * Turns the end of a turn into one that holds what has to wait: its answer, with what it did before in the same chat, and
   * what it drafted for others.
   */
  async holdEnd(turn: Turn, end: TurnEnd): Promise<TurnEnd> {
    const { replies } = end;
    const opened = (await this.deps.store.drafts.ofTurn(turn.id)).filter(({ state }) => state === "open");
    const own = opened.find(({ chatKey }) => chatKey === turn.chatKey);
    const isHeld = replies.length > 0 && (own !== undefined || this.holdsAnswerOf(turn));
    if ((!isHeld && opened.length === 0) || end.outcome === "cancelled") return end;
    const id = isHeld
      ? (own?.id ?? (await this.#open(turn, { ...chatOf(turn), approves: false })))
      : undefined;
    const held = id === undefined ? replies : replies.map((item) => ({ ...item, draft: id }));
    const drafts = (await this.deps.store.drafts.ofTurn(turn.id)).filter(({ state }) => state === "open");
    const holds: HeldDraft[] = [];
    for (const draft of drafts) {
      const answer = draft.id === id ? held.map((item) => asHeld(item, turn.account)) : [];
      const parts = [...draft.parts, ...answer];
      if (parts.length > 0) holds.push(await this.#held(draft, parts));
    }
    const told = drafts.filter(({ id }) => holds.some((each) => each.id === id)).map(draftWords.waitsStill);
    const tellNext = [end.tellNext, ...told].filter((each) => each !== undefined).join("\n");
    return { ...end, replies: held, holds, ...(tellNext !== "" && { tellNext }) };
  }

  /** What an agent is told of the review before it answers. */
  notesFor(turn: Turn): string[] {
    return this.holdsAnswerOf(turn) ? [draftWords.isReviewed] : [];
  }

  /** A scheduled text whose conversation is reviewed now, as the draft that it becomes; undefined where it is sent as it is. */
  async holdScheduled(
    { id, dueAt, account, sessionKey, maker }: ScheduledMessage,
    items: readonly NewOutboxItem[],
  ): Promise<{ items: NewOutboxItem[]; holds: HeldDraft[] } | undefined> {
    const [item] = items;
    if (!item) return undefined;
    const isGroup = maker?.chat.isGroup ?? false;
    const handle = maker?.handle ?? (item.target.kind === "handle" ? item.target.handle : "");
    if (await this.#isOwners(account, { isGroup, handle })) return undefined;
    const chatId = item.target.kind === "chat_id" ? item.target.chatId : 0;
    const agentId = agentOfKey(sessionKey);
    if (!this.#isReviewed(account, agentId, { isGroup, chatId, handle })) return undefined;
    const name = (isGroup ? maker?.chat.name : maker?.name) || handle || item.chatKey;
    const of = { account, madeBy: `schedule ${id} ${dueAt}`, agentId };
    const draft = await this.#opened({
      ...of,
      ...{ target: item.target, chatKey: item.chatKey, to: name, approves: false },
    });
    const held = items.map((each) => ({ ...each, draft: draft.id }));
    const parts = held.map((each) => asHeld(each, account));
    return { items: held, holds: [await this.#held(draft, parts)] };
  }

  /** What asks owners about a draft. @param parts what it would send and do */
  async #held(draft: Draft, parts: Draft["parts"]): Promise<HeldDraft> {
    const { store, clock, log, accounts } = this.deps;
    const owners = await this.deps.owners(draft.account);
    if (owners.length === 0)
      log.warn("a draft waits, and there is no owner to ask (commands.ownerAllowFrom)", { draft: draft.id });
    const minutes = accounts.settingsOf(draft.account).reviewExpireMinutes;
    const question = questionAbout(
      draft,
      await linesOf(parts, store),
      owners,
      accounts.can(draft.account, "poll"),
    );
    return { id: draft.id, expiresAt: clock.now() + minutes * 60_000, ...question };
  }

  /** Who is asked about a draft, in normal form. */
  async ownersOf(draft: Pick<Draft, "account" | "forOwner">): Promise<readonly string[]> {
    return askedAbout(draft, await this.deps.owners(draft.account));
  }

  async #open(turn: Turn, { target, name, approves }: DraftChat & { approves: boolean }): Promise<string> {
    const { region } = this.deps.accounts.settingsOf(turn.account);
    const { sender } = turn.envelope;
    const draft = await this.#opened({
      ...{ account: turn.account, madeBy: turn.id, turnId: turn.id, agentId: turn.agentId },
      ...{ target, chatKey: chatKeyOf(target), to: name, approves },
      ...(sender.isOwner && { forOwner: normalizeHandle(sender.handle, region) }),
    });
    if (draft.state !== "open") throw new TapbackError("STOPPED", "this draft was ended already");
    return draft.id;
  }

  async #opened(draft: Omit<NewDraft, "id">): Promise<Draft> {
    for (;;) {
      const opened = await this.deps.store.drafts.open({ ...draft, id: newId() }, this.deps.clock.now());
      if (opened) return opened;
    }
  }

  #isReviewed(account: string, agentId: string, chat: ReviewedChat): boolean {
    const { accounts, config } = this.deps;
    return isReviewed(accounts.settingsOf(account), resolveAgent(config(), agentId), chat);
  }

  /** Whether an owner reads a direct chat, as the owners are now. */
  async #isOwners(
    account: string,
    { isGroup, handle }: Pick<DraftChat, "isGroup" | "handle">,
  ): Promise<boolean> {
    if (isGroup || handle === "") return false;
    const { region } = this.deps.accounts.settingsOf(account);
    return (await this.deps.owners(account)).includes(normalizeHandle(handle, region));
  }
}

/** A message that is held with the same commit, as the parts of a draft are read. */
function asHeld(item: NewOutboxItem, account: string): OutboxItem {
  const fresh = { id: 0, ordinal: 0, attempts: 0, createdAt: 0, dueAt: 0, floorRow: 0 };
  return { ...item, ...fresh, account, state: "held" };
}

function chatOf({ target, envelope: { chat, sender } }: Turn): DraftChat {
  const name = chat.isGroup ? chat.name || chat.target : (sender.name ?? sender.handle);
  return { target, isGroup: chat.isGroup, handle: sender.handle, name };
}
