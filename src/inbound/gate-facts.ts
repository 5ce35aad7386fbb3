import { type Facts, isSelfChat } from "../access/index.js";
import { type Chat, chatKeysOf, normalizeHandle } from "../conversation/index.js";
import type { JournalEntry, RecentSend } from "../store/index.js";
import type { ChatServices } from "./chat-services.js";
import { type Echo, sentSinceFor } from "./echo.js";
import { phraseIn } from "./enrolment.js";
import { factsOf } from "./facts.js";
import type { Absences, InboundDeps } from "./intake-deps.js";
import type { LoopGuard } from "./loop-guard.js";
import { OwnAddresses } from "./own-addresses.js";
import { answerIn } from "./question.js";
import type { AccountRules } from "./rules.js";
import { nearOf } from "./stored-again.js";

/** What the facts of a row are gathered from beside the store. */
export interface FactParts {
  loops: LoopGuard;
  services: ChatServices;
  absences: Absences;
}

/** Looks up, for each row that comes, what the gates ask beside the row and the configuration. */
export class GateFacts {
  readonly #own: OwnAddresses;
  /** Sends that were given their row a moment ago, and when the store tells so. */
  readonly #given = new Map<number, Promise<unknown>>();

  constructor(
    private readonly deps: Pick<InboundDeps, "store" | "claim" | "clock" | "mac">,
    private readonly parts: FactParts,
  ) {
    this.#own = new OwnAddresses(deps.store, deps.claim.id);
  }

  /** Chats were listed: their entries name addresses of the account. */
  listed(chats: readonly Chat[]): void {
    this.#own.learnFromChats(chats);
  }

  /** @returns what the gates need to know of a row, and the send that it is the echo of, if it is one (behaviour 9.2) */
  async of(
    entry: JournalEntry,
    { policy, sessionOf, quietMs }: AccountRules,
  ): Promise<{ facts: Facts; echo: Echo | undefined }> {
    const { store, claim, clock, mac } = this.deps;
    const { loops, services, absences } = this.parts;
    const { row } = entry;
    this.#own.learnFromRow(row);
    const ownAddresses = await this.#own.all();
    const now = clock.now();
    const handle = normalizeHandle(row.sender, policy.region);
    const selfChat = isSelfChat(row, policy.region, ownAddresses);
    const answers = answerIn(entry)?.where;
    // What a row names may be such a send: a question is known by its row's GUID.
    if (answers) await Promise.all(this.#given.values());
    const known = await store.gate.about({
      account: claim.id,
      entryId: entry.id,
      row,
      handle,
      chatKeys: chatKeysOf(row),
      at: now,
      sentSince: sentSinceFor(row, now),
      near: nearOf(row, selfChat),
      phrase: phraseIn(row, handle),
      answers,
      refersTo: row.tapback?.targetGuid ?? row.replyTo?.guid,
      thread: row.threadGuid,
      pairs: policy.dmPolicy === "pairing",
      hushes: quietMs > 0,
    });
    const moment = {
      entry,
      handle,
      now,
      policy,
      agentId: sessionOf(row, known.binding).agentId,
      quietMs,
      ownAddresses,
      selfChat,
      service: services.of(row.chat),
      looping: loops.holds(row.chat.id, now),
      missed: absences.missed,
      outages: absences.outages(),
      mac,
    };
    return factsOf(moment, { ...known, recent: known.recent.map((send) => this.#asGiven(send)) });
  }

  /** A send was given this row as its own: the next row of the same text is another send's. */
  give({ item }: Echo, stored: Promise<unknown>): void {
    this.#given.set(item, stored);
    void stored.catch(() => {}).finally(() => this.#given.delete(item));
  }

  #asGiven(send: RecentSend): RecentSend {
    return this.#given.has(send.id) ? { ...send, state: "stored", guid: send.guid ?? "" } : send;
  }
}
