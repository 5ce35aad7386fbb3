import type { BridgeHealth, BridgeIncident } from "../bridge/index.js";
import { delayRemedy, delayText, isTold, type Skew, skewText, type UsualDelay } from "../inbound/index.js";
import type { SendOutcome, StoreHealth, TurnError } from "../store/index.js";
import type { Stage } from "./stage.js";

/** What the stages are told from; times in milliseconds since the epoch. */
export interface StageFacts {
  /** When this is told. */
  at: number;
  health: BridgeHealth | undefined;
  incident: BridgeIncident | undefined;
  /** The version of imsg, as the last probe found it. */
  version: string | undefined;
  lastSend: { at: number; outcome: SendOutcome } | undefined;
  lastAgent: { at: number; error?: TurnError } | undefined;
  /** What waits for a running session that nobody has attached (behaviour 20.4). */
  waiting: { since: number; chats: number; isLong: boolean } | undefined;
  /** The last time the subscription was found silent while rows came. */
  stall: { at: number; rows: number } | undefined;
  /** Between the Mac's clock and ours, as far as it was measured. */
  skew: Skew | undefined;
  /** When Messages told that an address of the account is gone, within the last day. */
  addressesLost: number | undefined;
  /** How late messages come as a rule; undefined where they come in time. */
  delay: UsualDelay | undefined;
  store: StoreHealth;
}

/**
 * A request that waits longer than this says that imsg does not answer: a stage that breaks is named within 30 s
 * (behaviour 16.1), while the wait for a send may go on for minutes (protocol reference 1.1).
 */
const patienceMs = 20_000;

/** Tells the health of an account stage by stage, each with the age of its last proof (behaviour 16.1). */
export function stagesOf(facts: StageFacts): Stage[] {
  const { at, health, incident, lastSend, stall, version, store } = facts;
  const alive = health?.pid !== undefined;
  // While a slow tapback or send is waited for, others are answered: that is no silence (protocol reference 14).
  const silentMs =
    health?.waitingSince === undefined ? 0 : at - Math.max(health.waitingSince, health.answeredAt ?? 0);
  const silent = silentMs > patienceMs;
  const live = health?.state === "live";
  const why = incident ? incident.error.message : (health?.state ?? "not started");
  const remedy = incident?.error.hint ?? null;
  const sendError = lastSend && "error" in lastSend.outcome ? lastSend.outcome.error : undefined;
  return [
    stage(
      "child",
      alive,
      health?.startedAt,
      alive ? `imsg runs as pid ${health.pid}` : `imsg does not run: ${why}`,
      remedy,
    ),
    stage(
      "rpc",
      alive && health.answeredAt !== undefined && !silent,
      health?.answeredAt,
      silent
        ? `imsg has not answered for ${Math.round(silentMs / 1000)} s`
        : alive
          ? `imsg${version === undefined ? "" : ` ${version}`} answers`
          : why,
      silent
        ? "Look whether Messages shows a dialog or hangs; imsg is replaced by itself if it stays silent."
        : remedy,
    ),
    stage(
      "database",
      health?.databaseAt !== undefined && !health.databaseError,
      health?.databaseAt,
      health?.databaseError?.message ??
        (health?.databaseAt === undefined ? "not read yet" : "the Messages database is readable"),
      health?.databaseError?.hint ?? null,
    ),
    stage(
      "watch",
      live && !isSilent(health?.rowAt, stall),
      health?.rowAt ?? health?.liveAt,
      live ? watchDetail(health?.rowAt, stall) : `not subscribed: ${why}`,
      live ? silenceRemedy : remedy,
    ),
    agentStage(facts),
    stage(
      "sends",
      !sendError,
      lastSend?.at,
      sendError?.message ?? (lastSend ? "the last send landed" : "nothing sent yet"),
      null,
    ),
    stage(
      "store",
      store.error === undefined,
      store.writtenAt,
      store.error?.message ?? "the state can be written",
      store.error?.hint ?? null,
    ),
    ...addressStage(facts.addressesLost),
    ...clockStage(facts.skew),
    ...arrivalStage(facts.delay),
  ];
}

/** Nothing is broken by a message that waits for a session, until it has waited for long. */
function agentStage({ lastAgent, waiting }: StageFacts): Stage {
  if (waiting && !lastAgent?.error) {
    const { since, chats, isLong } = waiting;
    const who = chats === 1 ? "a conversation waits" : `${chats} conversations wait`;
    const detail = `${who} for an attached session since ${new Date(since).toISOString()}`;
    return stage(
      "agent",
      !isLong,
      lastAgent?.at,
      detail,
      "Attach one with `tapback channel` (docs/live-sessions.md).",
    );
  }
  return stage(
    "agent",
    !lastAgent?.error,
    lastAgent?.at,
    lastAgent?.error?.message ?? (lastAgent ? "the last turn ended well" : "no turn yet"),
    lastAgent?.error?.hint ?? "Look at `tapback inbox --failed` and `tapback explain <message>`.",
  );
}

/** Told from a minute on (behaviour 9.5). Nothing is broken by it: times are compared without it. */
function clockStage(skew: Skew | undefined): Stage[] {
  return skew && isTold(skew.ms) ? [stage("clock", true, skew.at, skewText(skew.ms), null)] : [];
}

/** Told for a day: Messages does not say when all is well again. */
function addressStage(at: number | undefined): Stage[] {
  const detail = "Messages lost an address of its account: what is written to it does not come in";
  const remedy = "On the Mac, look at Messages, Settings, iMessage: which addresses it can be reached at.";
  return at === undefined ? [] : [stage("addresses", false, at, detail, remedy)];
}

/** Told only where Messages falls idle (behaviour 9.5). */
function arrivalStage(delay: UsualDelay | undefined): Stage[] {
  return delay ? [stage("arrival", false, delay.at, delayText(delay.ms), delayRemedy)] : [];
}

/** The database grows and imsg reports nothing, whatever it says of its bridge. */
const silenceRemedy =
  "Run `imsg watch --json` on the Mac and let somebody write: where nothing shows, update imsg and restart it with `tapback service restart`. Messages are answered meanwhile, a few seconds late.";

/** A stall is over with the next row that the subscription reports. */
function isSilent(rowAt: number | undefined, stall: StageFacts["stall"]): boolean {
  return stall !== undefined && (rowAt ?? 0) < stall.at;
}

function watchDetail(rowAt: number | undefined, stall: StageFacts["stall"]): string {
  if (!stall) return "subscribed to new messages";
  const when = new Date(stall.at).toISOString();
  return isSilent(rowAt, stall)
    ? `the subscription is silent since before ${when}; messages are found by looking for them`
    : `subscribed to new messages; it was silent at ${when}`;
}

function stage(
  name: Stage["name"],
  ok: boolean,
  at: number | undefined,
  detail: string,
  remedy: string | null,
): Stage {
  return {
    name,
    ok,
    provenAt: at === undefined ? null : new Date(at).toISOString(),
    detail,
    remedy: ok ? null : remedy,
  };
}
