import { join } from "node:path";
import {
  accounts,
  guests,
  limitedByTokens,
  limitedByTurns,
  mention,
  mentioned,
  owner,
  readAlong,
  served,
  tokensPerTurn,
} from "./cast.js";
import type { Random } from "./random.js";

/** What of the configuration changes during a run. */
export interface Admission {
  dmPolicy: "allowlist" | "open" | "disabled" | "pairing";
  /** Guests who are let in. */
  let: string[];
  /** Whether the configured groups are served. */
  group: boolean;
  /** Whether an owner says yes to what is answered first. */
  reviews?: boolean;
}

/** What of it stays. */
export interface Manner {
  queueMode: "followup" | "collect" | "interrupt" | "steer";
  coalesces: boolean;
  catchup: boolean;
  streams: boolean;
  dmScope: "main" | "per-peer" | "per-channel-peer" | "per-account-channel-peer";
  /** How many accounts there are, each with a Mac of its own. */
  accounts: number;
  /** Turns of a day of the two people who have a limit, one of turns and one of tokens; absent: they have none. */
  turnsPerDay?: number;
}

/** Whoever is named is let in. */
export const wide: Admission = { dmPolicy: "allowlist", let: [...guests], group: true };

/** How the gateways of a run work. */
export function mannerOf(random: Random, nodes: number): Manner {
  return {
    queueMode: random.weighted({ followup: 10, collect: 4, steer: 4, interrupt: 2 }),
    coalesces: random.chance(0.2),
    catchup: random.chance(0.3),
    streams: random.chance(0.3),
    dmScope: random.weighted({
      "per-channel-peer": 10,
      main: 5,
      "per-peer": 2,
      "per-account-channel-peer": 3,
    }),
    accounts: random.chance(nodes > 1 ? 0.7 : 0.3) ? 2 : 1,
    ...(random.chance(0.6) && { turnsPerDay: random.between(2, 8) }),
  };
}

/** Where a run keeps what the configuration names. */
export interface Places {
  /** Numbers of the groups' chats, the same on each Mac. */
  groupIds: readonly number[];
  /** Folders of the Macs. */
  macs: readonly string[];
  /** The server that has the state; in its file when absent. */
  server?: string | undefined;
}

/** The file's content. */
export function configOf(manner: Manner, admission: Admission, places: Places): object {
  const people = [owner, ...admission.let];
  const own = accounts.slice(0, manner.accounts).map(({ id, cliPath }, mac) => ({
    id,
    cliPath,
    groups: groupsOf(admission, places.groupIds),
    attachmentRoots: [join(places.macs[mac]!, "Attachments")],
  }));
  const { id: _, ...first } = own[0]!;
  return {
    ...(places.server !== undefined && { store: { url: places.server } }),
    channels: {
      imessage: {
        dmPolicy: admission.dmPolicy,
        allowFrom: admission.dmPolicy === "open" ? ["*"] : people,
        groupPolicy: "allowlist",
        groupAllowFrom: people,
        ...(own.length === 1
          ? first
          : { accounts: Object.fromEntries(own.map(({ id, ...settings }) => [id, settings])) }),
        review: admission.reviews ? "on" : "off",
        reviewExpireMinutes: 20,
        includeAttachments: true,
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
          newConversationsPerDay: 1000,
        },
      },
    },
    alerts: [{ type: "webhook", url: "http://alerts.invalid/" }],
    accessGroups: groupsOfPeople(manner),
    session: { dmScope: manner.dmScope },
    messages: {
      queue: { mode: manner.queueMode },
      progressAfterSeconds: 0,
      groupChat: { mentionPatterns: [mention] },
    },
    commands: { ownerAllowFrom: [owner] },
    agents: { defaults: { timeoutSeconds: 120 }, list: [{ id: "main", runtime: { type: "demo" } }] },
  };
}

function groupsOfPeople({ turnsPerDay }: Manner): object {
  if (turnsPerDay === undefined) return {};
  return {
    few: { members: [limitedByTurns], turnsPerDay },
    // Each run of an agent costs the same, so that a limit of tokens is one of turns.
    spare: { members: [limitedByTokens], tokensPerDay: tokensPerTurn * turnsPerDay },
  };
}

function groupsOf({ group }: Admission, ids: readonly number[]): object {
  return {
    [ids[served]!]: { requireMention: false, enabled: group },
    [ids[mentioned]!]: { requireMention: true, enabled: group },
    [ids[readAlong]!]: { requireMention: true, listen: true, enabled: group },
  };
}

/**
 * Whether a person's words are answered in the direct chat, as the configuration says it to somebody who reads it.
 * @param isApproved whether an owner may have let that person in
 */
export function admits({ dmPolicy, let: named }: Admission, handle: string, isApproved: boolean): boolean {
  if (handle === owner) return dmPolicy !== "disabled";
  if (dmPolicy === "disabled") return false;
  return dmPolicy === "open" || named.includes(handle) || isApproved;
}
