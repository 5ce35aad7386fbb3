import {
  decide,
  type Facts,
  isPairingPending,
  isSelfChat,
  type PairingRequest,
  pairingState,
} from "../access/index.js";
import {
  type ChatService,
  type Decision,
  type MessageRow,
  normalizeHandle,
  serviceOf,
  untypedCommands,
} from "../conversation/index.js";
import type { AccountRules } from "../inbound/index.js";
import type { History } from "./read.js";

/** What is known beside the history: who was let in, who said STOP, what the gateway sent. */
export interface Known {
  approved(handle: string): boolean;
  owners: readonly string[];
  /** When this person said STOP, milliseconds; undefined for all others. */
  optedOutAt(handle: string): number | undefined;
  /** Whether a row was sent by the gateway. */
  isOurs(row: MessageRow): boolean;
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
export function replay({ chats, rows }: History, rules: AccountRules, known: Known): Verdict[] {
  const world = new ReplayedWorld(new Map(chats.map((chat) => [chat.id, serviceOf(chat)])), rules, known);
  return rows.flatMap((row) => world.see(row) ?? []);
}

class ReplayedWorld {
  #requests: PairingRequest[] = [];
  readonly #stopped = new Map<string, boolean>();
  readonly #contacted = new Set<string>();
  readonly #byHandAt = new Map<number, number>();
  readonly #own = new Set<string>();
  /** Replaced when it grows, so that every row's facts share it. */
  #addresses: readonly string[] = [];
  readonly #approved = new Map<string, boolean>();

  constructor(
    private readonly services: ReadonlyMap<number, ChatService>,
    private readonly rules: AccountRules,
    private readonly known: Known,
  ) {}

  see(row: MessageRow): Verdict | undefined {
    const { policy } = this.rules;
    if (row.destination && !this.#addresses.includes(row.destination))
      this.#addresses = [...this.#addresses, row.destination];
    const selfChat = isSelfChat(row, policy.region, this.#addresses);
    if (row.fromMe) {
      if (row.guid) this.#own.add(row.guid);
      if (!selfChat && row.text !== "" && !this.known.isOurs(row))
        this.#byHandAt.set(row.chat.id, row.sentAt);
      return undefined;
    }
    const handle = normalizeHandle(row.sender, policy.region);
    const decision = decide(row, policy, this.#facts(row, handle, selfChat));
    this.#remember(row, handle, decision);
    return { row, decision };
  }

  #facts(row: MessageRow, handle: string, selfChat: boolean): Facts {
    const { quietMs, placeOf } = this.rules;
    const service = this.services.get(row.chat.id);
    const byHandAt = this.#byHandAt.get(row.chat.id);
    const referred = row.tapback?.targetGuid ?? row.replyTo?.guid ?? row.threadGuid;
    return {
      agentId: placeOf(row).agentId,
      ...(service && { service }),
      approved: this.#isApproved(handle),
      owners: this.known.owners,
      ownAddresses: this.#addresses,
      pairing: pairingState(this.#requests, handle, row.sentAt),
      optedOut: this.#hasOptedOut(handle, row.sentAt),
      contacted: this.#contacted.has(handle),
      echo: this.known.isOurs(row),
      refersToOurs: referred !== undefined && this.#own.has(referred),
      hushed: !selfChat && quietMs > 0 && byHandAt !== undefined && row.sentAt - byHandAt < quietMs,
    };
  }

  #remember(row: MessageRow, handle: string, decision: Decision): void {
    if (decision.kind === "pairing" && decision.offer)
      this.#requests = [
        ...this.#requests.filter((request) => isPairingPending(request, row.sentAt)),
        { sender: handle, requestedAt: row.sentAt },
      ];
    if (decision.kind === "dispatch" || (decision.kind === "pairing" && decision.offer))
      this.#contacted.add(handle);
    if (decision.kind !== "command") return;
    const { optOut, optIn } = untypedCommands;
    if (decision.name === optOut || decision.name === optIn)
      this.#stopped.set(handle, decision.name === optOut);
  }

  #hasOptedOut(handle: string, at: number): boolean {
    const since = this.known.optedOutAt(handle);
    return this.#stopped.get(handle) ?? (since !== undefined && at > since);
  }

  #isApproved(handle: string): boolean {
    const found = this.#approved.get(handle) ?? this.known.approved(handle);
    this.#approved.set(handle, found);
    return found;
  }
}
