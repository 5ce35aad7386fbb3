import type { BridgeHealth, Capabilities } from "../../bridge/index.js";
import type { Account } from "../../config/index.js";
import type { Store } from "../../store/index.js";
import { privateApiOf } from "./probe.js";
import { type StageFacts, stagesOf } from "./stages.js";
import type { AccountStatus, Stage } from "./status.js";

/** What the status of an account at work is told from; times in milliseconds since the epoch. */
export interface AccountFactsNow extends Omit<StageFacts, "version" | "store"> {
  account: Account;
  health: BridgeHealth | undefined;
  lastInboundAt: number | undefined;
  /** The way to a Mac that is somewhere else. */
  hop: Stage[];
  /** What the last probe found. */
  known: Capabilities | undefined;
}

/** Tells how an account at work is (behaviour 13, 17.5). */
export async function accountStatus(facts: AccountFactsNow, store: Store): Promise<AccountStatus> {
  const { account, health, lastInboundAt, lastSend, known } = facts;
  const { id, name } = account;
  const counts = await store.journal.counts(id);
  const turns = await store.turns.counts(id);
  const stages = [...facts.hop, ...stagesOf({ ...facts, version: known?.version, store: store.health() })];
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
    ...(known && { privateApi: privateApiOf(known) }),
    deliveries: await store.outbox.deliveries(id),
    queues: {
      inbound: counts
        .filter(({ state }) => state === "new" || state === "decided")
        .reduce((sum, { count }) => sum + count, 0),
      turns: turns.queued,
      running: turns.running,
      outbox: await store.outbox.counts(id),
    },
  };
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
