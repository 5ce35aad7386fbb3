import type { BridgeHealth, BridgeIncident } from "../bridge/index.js";
import type { SendOutcome } from "../store/index.js";
import type { Stage } from "./status.js";

/** What the stages are told from; times in milliseconds since the epoch. */
export interface StageFacts {
  health: BridgeHealth | undefined;
  incident: BridgeIncident | undefined;
  lastSend: { at: number; outcome: SendOutcome } | undefined;
  lastAgent: { at: number; error?: { code: string; message: string } } | undefined;
}

/** Tells the health of an account stage by stage, each with the age of its last proof (behaviour 16.1). */
export function stagesOf({ health, incident, lastSend, lastAgent }: StageFacts): Stage[] {
  const alive = health?.pid !== undefined;
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
      alive && health.answeredAt !== undefined,
      health?.answeredAt,
      alive ? "imsg answers" : why,
      remedy,
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
      live,
      health?.rowAt ?? health?.liveAt,
      live ? "subscribed to new messages" : `not subscribed: ${why}`,
      remedy,
    ),
    stage(
      "agent",
      !lastAgent?.error,
      lastAgent?.at,
      lastAgent?.error?.message ?? (lastAgent ? "the last turn ended well" : "no turn yet"),
      null,
    ),
    stage(
      "sends",
      !sendError,
      lastSend?.at,
      sendError?.message ?? (lastSend ? "the last send landed" : "nothing sent yet"),
      null,
    ),
  ];
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
