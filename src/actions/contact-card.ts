import type { ActionOutcome, Bridge, ChatRef } from "../bridge/index.js";
import { formatTarget, hasSeveralPeople, serviceOf } from "../conversation/index.js";
import { checkRecipient, type FirewallFacts, refuseRenumbered } from "../outbound/index.js";
import { type Clock, crashPoint, type Log, TapbackError } from "../platform/index.js";
import type { ActionRecord, OutboxItem, Store, Turn } from "../store/index.js";

/** What is shared with a conversation is noted under this name among what its turns did. */
const name = "shareContact";
/** A conversation in which something was sent longer ago than this is not new, milliseconds. */
const newMs = 24 * 60 * 60_000;
/** With so many answers of a new conversation it is tried; what may have happened is never tried again. */
const tries = 3;

/** What sharing a contact card goes by; asked anew for each answer. */
export interface ContactCardSettings extends FirewallFacts {
  contactCard: boolean;
}

export interface ContactCardDeps {
  account: string;
  store: Store;
  bridge: Pick<Bridge, "actions" | "chats">;
  clock: Clock;
  log: Log;
  settings: () => ContactCardSettings;
}

type End = Pick<ActionRecord, "error"> & { state: "done" | "failed" | "unknown" };

/**
 * Shares the account's name and photo early in a conversation (behaviour 18.7a). It is a courtesy beside the outbox: it waits
 * for an answer that Messages has, and no answer waits for it. What was begun is in the store before Messages is asked, so
 * that a crash leaves doubt, and never a second time.
 */
export class ContactCard {
  #last: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(private readonly deps: ContactCardDeps) {}

  /** A message of ours stands in its chat. @returns when the card was shared, or is not to be; rejects as the store does */
  answered(item: OutboxItem): Promise<void> {
    if (!this.deps.settings().contactCard || this.#isStopped) return Promise.resolve();
    // One after the other: each counts what those before it did.
    const shared = this.#last.then(() => this.#share(item));
    this.#last = shared.catch(() => {});
    return shared;
  }

  /** A turn ended, perhaps when Messages had its answer already. @returns as {@link answered} does */
  async turnEnded(turnId: string): Promise<void> {
    if (!this.deps.settings().contactCard || this.#isStopped) return;
    const last = (await this.deps.store.outbox.ofTurn(turnId)).findLast(isThere);
    if (last) await this.answered(last);
  }

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#last;
  }

  async #share(item: OutboxItem): Promise<void> {
    const { account, store, bridge, clock, log } = this.deps;
    const turn = await this.#answeredTurn(item);
    if (turn === undefined || this.#isStopped || !(await this.#isDue(item, turn))) return;
    for (const ability of ["offersContact", "shareContact"] as const)
      if (!(await bridge.actions.support(ability))?.supported) return;
    const { id, earlier } = await store.actions.begin(
      { account, turnId: turn.id, chat: formatTarget(item.target), name, parameters: {} },
      0,
      [],
      clock.now(),
    );
    if (earlier) return;
    crashPoint("contact-card.begun");
    const chat = { id: turn.envelope.chat.chatId, guid: turn.envelope.chat.guid };
    const refused = (await this.#firewall(item, turn)) ?? (await this.#withheld(chat));
    const end = refused ?? endOf(await bridge.actions.shareContact(chat));
    crashPoint("contact-card.shared");
    await store.actions.end(id, end, clock.now());
    const fields = { chat: item.chatKey, ...(end.error && { code: end.error.code }) };
    if (end.state === "done") log.info("the account's name and photo were shared", fields);
    else log.debug(`the account's name and photo were not shared: ${end.error?.message}`, fields);
  }

  /** The turn that a message answers, where it is the whole answer to somebody who has just written in a direct chat. */
  async #answeredTurn(item: OutboxItem): Promise<Turn | undefined> {
    const { turnId, origin, draft, initiative, target } = item;
    // What an owner said yes to was the message alone.
    if (turnId === undefined || origin !== "turn" || draft !== undefined || initiative !== undefined)
      return undefined;
    const { store } = this.deps;
    const turn = await store.turns.get(turnId);
    const chat = turn?.envelope.chat;
    // It may go on to say more, or waits for somebody who answers it.
    if (!chat || turn.state === "queued" || turn.state === "running") return undefined;
    if (chat.guid === "" || hasSeveralPeople(chat)) return undefined;
    if (target.kind !== "chat_id" || target.chatId !== chat.chatId) return undefined;
    // Neither has it.
    if (["sms", "rcs"].includes(serviceOf(chat))) return undefined;
    const parts = await store.outbox.ofTurn(turnId);
    const isWhole = parts.every(({ state }) => state !== "pending" && state !== "sending");
    return isWhole && parts.some(isThere) ? turn : undefined;
  }

  /** Whether the conversation is new, and nothing was shared there yet. */
  async #isDue({ chatKey, target }: OutboxItem, { id, envelope: { sender } }: Turn): Promise<boolean> {
    const { account, store, clock } = this.deps;
    const keys = [chatKey, `handle:${sender.handle}`];
    if (await store.outbox.hasWrittenUntil(account, keys, clock.now() - newMs)) return false;
    const begun = await store.actions.inChat(account, formatTarget(target), name);
    return begun.length < tries && begun.every(({ state, turnId }) => state === "failed" && turnId !== id);
  }

  /** The firewall stands below it as below every send (behaviour 10.3). */
  async #firewall({ account, target, chatKey }: OutboxItem, turn: Turn): Promise<End | undefined> {
    const { store, bridge, clock, settings } = this.deps;
    const facts = settings();
    const to = { account, target, chatKey, origin: "turn" as const, createdAt: clock.now(), turnId: turn.id };
    const meant = { ...to, chatGuid: turn.envelope.chat.guid };
    const chats = (limit: number) => bridge.chats(limit);
    try {
      const refused =
        (await checkRecipient(to, store, facts)) ??
        (await refuseRenumbered(meant, store, chats, facts.seenAs));
      return refused && { state: "failed", error: refused };
    } catch (error) {
      if (!(error instanceof TapbackError)) throw error;
      return { state: "failed", error: { code: error.code, message: error.message } };
    }
  }

  /** Why Messages would not share it: it was shared before, the account has none, or it cannot be asked. */
  async #withheld(chat: ChatRef): Promise<End | undefined> {
    const offer = await this.deps.bridge.actions.offersContact(chat);
    // Nothing happened yet, whatever is known of the question.
    if (offer.state !== "done") return { ...endOf(offer), state: "failed" };
    if (offer.facts.offers) return undefined;
    const message = "Messages does not offer to share the account's name and photo here";
    return { state: "failed", error: { code: "ACTION_UNAVAILABLE", message } };
  }
}

/** Whether Messages has this part of an answer; words for who waits are none. */
function isThere({ ordinal, state }: OutboxItem): boolean {
  return ordinal >= 0 && (state === "stored" || state === "delivered");
}

function endOf(outcome: ActionOutcome<unknown>): End {
  switch (outcome.state) {
    case "done":
      return { state: "done" };
    case "unsupported":
      return { state: "failed", error: { code: "ACTION_UNAVAILABLE", message: outcome.why } };
    case "failed": {
      const { code, message, disposition } = outcome.error;
      return { state: disposition === "unknown" ? "unknown" : "failed", error: { code, message } };
    }
  }
}
