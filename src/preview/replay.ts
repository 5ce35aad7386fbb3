import { decide, isPairingPending, isSelfChat } from "../access/index.js";
import {
  type ChatService,
  chatKeysOf,
  type Decision,
  type MessageRow,
  normalizeHandle,
  serviceOf,
  untypedCommands,
} from "../conversation/index.js";
import { type AccountRules, factsOf, MacClock } from "../inbound/index.js";
import type { ByHand, ChatBinding, KnownOfPerson, SentItem, StandingStop } from "../store/index.js";
import type { History } from "./read.js";

/** What is known beside the history: who was let in, who said STOP, what the gateway sent. */
export interface KnownPeople {
  /** Whether somebody was let in, by pairing or by a phrase. @param handle in normal form */
  approved(handle: string): boolean;
  owners: readonly string[];
  /** When this person said STOP, milliseconds by the Mac's clock; undefined for all others. */
  optedOutAt(handle: string): number | undefined;
  /** The session that a conversation was bound to from the chat. */
  boundTo(chatKeys: readonly string[]): ChatBinding | undefined;
  /** The send that a row came from; undefined for rows that the gateway did not send. */
  sentAs(row: MessageRow): Promise<SentItem | undefined>;
}

/** One message of another person, and what would become of it. */
export interface Verdict {
  row: MessageRow;
  decision: Decision;
}

/**
 * Sends history through the same `decide` as live traffic, in its order, with what the gates themselves would have
 * changed on the way: codes that were sent, STOP and START, chats that the account's human took over.
 */
export async function replay(
  { chats, rows }: History,
  rules: AccountRules,
  known: KnownPeople,
): Promise<Verdict[]> {
  const world = new ReplayedWorld(new Map(chats.map((chat) => [chat.id, serviceOf(chat)])), rules, known);
  const verdicts: Verdict[] = [];
  for (const row of rows) {
    const verdict = await world.see(row);
    if (verdict) verdicts.push(verdict);
  }
  return verdicts;
}

class ReplayedWorld {
  #requests: { handle: string; requestedAt: number }[] = [];
  /** Who said STOP or START in the history; undefined: START. */
  readonly #stops = new Map<string, StandingStop | undefined>();
  readonly #contacted = new Set<string>();
  readonly #byHand = new Map<number, ByHand>();
  readonly #own = new Set<string>();
  /** Threads in which the account wrote. */
  readonly #ownThreads = new Set<string>();
  /** Replaced when it grows, so that every row's facts share it. */
  #addresses: readonly string[] = [];

  constructor(
    private readonly services: ReadonlyMap<number, ChatService>,
    private readonly rules: AccountRules,
    private readonly known: KnownPeople,
  ) {}

  async see(row: MessageRow): Promise<Verdict | undefined> {
    const { policy, sessionOf, quietMs } = this.rules;
    if (row.destination && !this.#addresses.includes(row.destination))
      this.#addresses = [...this.#addresses, row.destination];
    const selfChat = isSelfChat(row, policy.region, this.#addresses);
    if (row.fromMe) {
      if (row.guid) this.#own.add(row.guid);
      if (row.preview) this.#own.add(row.preview.guid);
      if (row.threadGuid) this.#ownThreads.add(row.threadGuid);
      if (!selfChat && row.text !== "" && (await this.known.sentAs(row)) === undefined)
        this.#byHand.set(row.chat.id, { sentAt: row.sentAt, receivedAt: row.sentAt, text: row.text });
      return undefined;
    }
    const handle = normalizeHandle(row.sender, policy.region);
    const binding = this.known.boundTo(chatKeysOf(row));
    const sent = await this.known.sentAs(row);
    const moment = {
      // Judged as if it had come when it was written.
      entry: { row, arrival: "catchup" as const, receivedAt: row.sentAt },
      handle,
      now: row.sentAt,
      policy,
      agentId: sessionOf(row, binding).agentId,
      quietMs,
      ownAddresses: this.#addresses,
      selfChat,
      service: this.services.get(row.chat.id),
      looping: false,
      missed: undefined,
      outages: [],
      mac: new MacClock({ now: () => row.sentAt }),
    };
    const { facts } = factsOf(moment, { sent, recent: [], person: this.#person(row, handle) });
    const decision = decide(row, policy, facts);
    this.#remember(row, handle, decision);
    return { row, decision };
  }

  /** What the store would have known by then. */
  #person(row: MessageRow, handle: string): KnownOfPerson {
    const stop = this.#stopOf(handle, row.sentAt);
    const referred = row.tapback?.targetGuid ?? row.replyTo?.guid;
    return {
      approved: this.known.approved(handle),
      owners: this.known.owners,
      ...(stop && { stop }),
      contacted: this.#contacted.has(handle),
      answersQuestion: false,
      refersToOurs:
        (referred !== undefined && this.#own.has(referred)) ||
        (row.threadGuid !== undefined && this.#ownThreads.has(row.threadGuid)),
      pending: this.#requests,
      byHand: this.#byHand.get(row.chat.id),
      near: [],
    };
  }

  #remember(row: MessageRow, handle: string, decision: Decision): void {
    if (decision.kind === "pairing" && decision.offer)
      this.#requests = [
        ...this.#requests.filter((request) =>
          isPairingPending({ ...request, sender: request.handle }, row.sentAt),
        ),
        { handle, requestedAt: row.sentAt },
      ];
    if (decision.kind === "dispatch" || (decision.kind === "pairing" && decision.offer))
      this.#contacted.add(handle);
    if (decision.kind !== "command") return;
    const { optOut, optIn } = untypedCommands;
    if (decision.name === optOut || decision.name === optIn)
      this.#stops.set(handle, decision.name === optOut ? { since: row.sentAt } : undefined);
  }

  #stopOf(handle: string, at: number): StandingStop | undefined {
    if (this.#stops.has(handle)) return this.#stops.get(handle);
    const since = this.known.optedOutAt(handle);
    return since !== undefined && at > since ? { since } : undefined;
  }
}
