import { admissionOf, isOwner } from "../../access/index.js";
import { chatKeysOf, normalizeHandle } from "../../conversation/index.js";
import type { Clock } from "../../platform/index.js";
import type { NewTurn, ScheduledMessage, Store } from "../../store/index.js";
import type { TurnAccount } from "../turn-account.js";
import { rowOf, turnOf } from "./scheduled-turn.js";

/** What becomes of a run: it goes ahead, it is left out because its maker said STOP, it waits for its account, or the schedule ends. */
export type Verdict = { kind: "runs"; turn?: NewTurn } | { kind: "stopped" | "waits" | "ended" };

/** What schedules ask of who made them, when they are due. */
export interface ScheduleMakers {
  /** Whether an account is at work; schedules of one that is not wait. */
  isAtWork(account: string): boolean;
  /** @param schedule due; its account may have ended since it was asked for @param newest of its times, as in `timesOf`: which of them the run is for */
  judge(schedule: ScheduledMessage, newest: number): Promise<Verdict>;
}

/**
 * Judges schedules by what their makers may do when they are due: an admission and an owner's rights end with the setting or
 * the approval that made them (behaviour 6.6b, 10.3).
 */
export class MakersNow implements ScheduleMakers {
  /** @param accountOf an account at work; undefined when it is stopped or gone */
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly accountOf: (account: string) => Pick<TurnAccount, "rules"> | undefined,
  ) {}

  isAtWork(account: string): boolean {
    return this.accountOf(account) !== undefined;
  }

  async judge(schedule: ScheduledMessage, newest: number): Promise<Verdict> {
    const { account, maker, runsTurn } = schedule;
    const served = this.accountOf(account);
    // Nobody knows whom an account lets in that has ended.
    if (!served) return { kind: "waits" };
    // An older version made it: the recipient firewall judges it as it goes.
    if (!maker && !runsTurn) return { kind: "runs" };
    if (!maker) return { kind: "ended" };
    const { rules } = served;
    const { policy } = rules;
    const { pairing, bindings } = this.store;
    const row = rowOf({ ...schedule, maker });
    const handle = normalizeHandle(maker.handle, policy.region);
    const owners = await pairing.owners(account);
    const approved =
      policy.owners.has(handle) || owners.includes(handle) || (await pairing.isApproved(account, handle));
    if (admissionOf(row, policy, { approved }) !== "admitted") return { kind: "ended" };
    if (!maker.chat.isGroup && (await pairing.hasOptedOut(account, handle))) return { kind: "stopped" };
    if (!runsTurn) return { kind: "runs" };
    const place = rules.sessionOf(row, await bindings.find(account, chatKeysOf(row)));
    // Over which service its maker wrote was found out when it was made, where the chat's GUID does not tell.
    const ownsNow = maker.isOwner && isOwner(row, policy, { owners, service: "imessage" });
    return {
      kind: "runs",
      turn: turnOf({ ...schedule, maker }, place, ownsNow, { newest, at: this.clock.now() }),
    };
  }
}
