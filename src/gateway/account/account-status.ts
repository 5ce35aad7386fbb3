import type { BridgeHealth, Capabilities } from "../../bridge/index.js";
import type { Account } from "../../config/index.js";
import {
  type AccountStatus,
  nothingStored,
  type Stage,
  type StageFacts,
  stagesOf,
} from "../../health/index.js";
import { messageOf, TapbackError } from "../../platform/index.js";
import type { Store, StoreHealth, StoreTrouble } from "../../store/index.js";
import { privateApiOf } from "./probe.js";
import type { FoundHop } from "./ssh-hop.js";

/** What the status of an account at work is told from; times in milliseconds since the epoch. */
export interface AccountFactsNow extends Omit<StageFacts, "version" | "store"> {
  account: Account;
  health: BridgeHealth | undefined;
  lastInboundAt: number | undefined;
  /** The way to a Mac that is somewhere else; undefined before the first probe. */
  hop: FoundHop | undefined;
  /** What the last probe found. */
  known: Capabilities | undefined;
  /** What calls to the store wait for. */
  storeTrouble: StoreTrouble | undefined;
}

/** Tells how an account at work is (behaviour 13, 17.5). */
export async function accountStatus(facts: AccountFactsNow, store: Store): Promise<AccountStatus> {
  const { account, health, lastInboundAt, lastSend, known } = facts;
  const { id, name } = account;
  const stored = await storedOf(id, store, facts.at);
  const stages = stagesNow({ ...facts, storeTrouble: facts.storeTrouble ?? stored.trouble }, store);
  const broken = stages.find((stage) => !stage.ok);
  return {
    id,
    name: name ?? id,
    enabled: true,
    configured: true,
    running: health?.pid !== undefined,
    connected: health?.state === "live",
    verdict: broken ? broken.detail : health?.state === "live" ? "works" : (health?.state ?? "stopped"),
    state: health?.state ?? "stopped",
    connectedSince: iso(health?.state === "live" ? health.liveAt : undefined),
    lastInboundAt: iso(lastInboundAt),
    lastOutboundAt: iso(lastSend?.at),
    restarts: health?.restarts ?? 0,
    stages,
    privateApi: known && privateApiOf(known),
    deliveries: stored.deliveries,
    queues: stored.queues,
  };
}

/** The stages of an account at work, as far as they are known; nothing is asked for it. */
export function stagesNow(facts: AccountFactsNow, store: Store): Stage[] {
  const kept = healthOf(store, facts.storeTrouble);
  return [...hopStages(facts), ...stagesOf({ ...facts, version: facts.known?.version, store: kept })];
}

/** A probe that did not get through says nothing any more once the bridge was heard over the same way. */
function hopStages({ hop, health }: Pick<AccountFactsNow, "hop" | "health">): Stage[] {
  if (!hop) return [];
  const heardAt = health?.state === "live" ? Math.max(health.liveAt ?? 0, health.answeredAt ?? 0) : 0;
  return hop.stage.ok || heardAt <= hop.at ? [hop.stage] : [];
}

/** What the last write came to; reading may fail while writes go on. */
function healthOf(store: Store, trouble: StoreTrouble | undefined): StoreHealth {
  const health = store.health();
  if (health.error !== undefined || trouble === undefined) return health;
  const error = new TapbackError(
    "STORE_UNAVAILABLE",
    `the state database cannot be used: ${trouble.message}`,
    {
      hint: "Look at the disk of the state directory: space, permissions, faults. What waits for it goes on by itself.",
      retryable: true,
    },
  );
  return { ...health, error };
}

/** What the store has of an account; nothing, and why, where it cannot be read: the rest is told all the same. */
async function storedOf(
  id: string,
  store: Store,
  at: number,
): Promise<Pick<AccountStatus, "deliveries" | "queues"> & { trouble?: StoreTrouble }> {
  try {
    const inbound = await store.journal.countOpen(id);
    const turns = await store.turns.counts(id);
    const outbox = await store.outbox.counts(id);
    const queues = { inbound, turns: turns.queued, running: turns.running, outbox };
    return { deliveries: await store.outbox.deliveries(id), queues };
  } catch (error) {
    return { ...nothingStored, trouble: { at, message: messageOf(error) } };
  }
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
