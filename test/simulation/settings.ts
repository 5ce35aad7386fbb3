import { guests, owner } from "./cast.js";
import type { Random } from "./random.js";

/** What of the configuration changes during a run. */
export interface Admission {
  dmPolicy: "allowlist" | "open" | "disabled" | "pairing";
  /** Guests who are let in. */
  let: string[];
  /** Whether the configured group is served. */
  group: boolean;
}

/** What of it stays. */
export interface Manner {
  queueMode: "followup" | "collect";
  coalesces: boolean;
  catchup: boolean;
  streams: boolean;
  dmScope: "main" | "per-channel-peer";
}

/** Whoever is named is let in. */
export const wide: Admission = { dmPolicy: "allowlist", let: [...guests], group: true };

/** How the gateway of a run works. */
export function mannerOf(random: Random): Manner {
  return {
    queueMode: random.chance(0.25) ? "collect" : "followup",
    coalesces: random.chance(0.2),
    catchup: random.chance(0.3),
    streams: random.chance(0.3),
    dmScope: random.chance(0.3) ? "main" : "per-channel-peer",
  };
}

/** The file's content. @param groupId number of the configured group */
export function configOf(manner: Manner, admission: Admission, groupId: number): object {
  const people = [owner, ...admission.let];
  return {
    channels: {
      imessage: {
        dmPolicy: admission.dmPolicy,
        allowFrom: admission.dmPolicy === "open" ? ["*"] : people,
        groupPolicy: "allowlist",
        groupAllowFrom: people,
        groups: { [groupId]: { requireMention: false, enabled: admission.group } },
        textChunkLimit: 120,
        coalesceSameSenderDms: manner.coalesces,
        catchup: { enabled: manner.catchup, maxAgeMinutes: 720, perRunLimit: 500 },
        streaming: manner.streams ? "block" : "final",
        maxBubbles: 20,
        missedSummary: "off",
        outbound: {
          ttlMinutes: 60,
          perChatPerMinute: 600,
          perAccountPerHour: 100_000,
          newRecipientsPerDay: 1000,
        },
      },
    },
    session: { dmScope: manner.dmScope },
    messages: { queue: { mode: manner.queueMode }, progressAfterSeconds: 0 },
    commands: { ownerAllowFrom: [owner] },
    agents: { defaults: { timeoutSeconds: 120 }, list: [{ id: "main", runtime: { type: "demo" } }] },
  };
}

/** Whether a person's words are answered in the direct chat, as the configuration says it to somebody who reads it. */
export function admits({ dmPolicy, let: named }: Admission, handle: string): boolean {
  if (handle === owner) return dmPolicy !== "disabled";
  if (dmPolicy === "disabled") return false;
  return dmPolicy === "open" || named.includes(handle);
}
