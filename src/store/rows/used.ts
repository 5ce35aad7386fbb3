import type { SqlValue } from "../../platform/index.js";
import type { Allowed, CountedTurn, LimitAnswer, Reached } from "../allowance.js";
import type { TurnError } from "../turns.js";
import type { Usage } from "../usage.js";
import { fromJson } from "./columns.js";

/** What a person has used of a day. */
export interface Used {
  turns: number;
  tokens: number;
  /** Turns that have ended and told no tokens. */
  untold: number;
  /** A turn that has begun and not ended. */
  open?: string;
}

/** Missing counts narrow: where no number of turns bounds a person, tokens that nobody told may be all of them. */
export function reachedBy({ handle, turns, tokens }: Allowed, used: Used): Reached | undefined {
  if (turns !== undefined && used.turns >= turns)
    return { handle, kind: "turns", limit: turns, used: used.turns };
  if (tokens === undefined) return undefined;
  if (used.tokens >= tokens) return { handle, kind: "tokens", limit: tokens, used: used.tokens };
  if (turns === undefined && used.untold > 0)
    return { handle, kind: "unknown", limit: tokens, used: used.untold };
  return undefined;
}

/** What the turns of a day come to. @param turns their rows */
export function usedIn(turns: readonly Record<string, SqlValue>[]): Used {
  const used: Used = { turns: 0, tokens: 0, untold: 0 };
  for (const { id, state, usage } of turns) {
    used.turns += 1;
    if (state === "running" || state === "queued") used.open = String(id);
    else if (usage === null) used.untold += 1;
    for (const part of fromJson<Usage[]>(usage) ?? []) used.tokens += part.inputTokens + part.outputTokens;
  }
  return used;
}

/** A turn as it is counted. @param row with its people as JSON */
export function toCounted(row: Record<string, SqlValue>): CountedTurn {
  const { day, agent_id, usage, took, people, listening } = row;
  const turn: CountedTurn = {
    day: String(day),
    agentId: String(agent_id),
    people: fromJson<string[]>(people) ?? [],
    ...(took !== null && { tookMs: Number(took) }),
    ...(listening !== null && { listening: true }),
  };
  const told = fromJson<Usage[]>(usage);
  return told ? { ...turn, usage: told } : turn;
}

/** Why a turn ended that a limit refused. */
export function limitError({ remedy }: LimitAnswer["refusal"], { detail }: LimitAnswer["step"]): TurnError {
  return { code: "LIMIT_REACHED", message: detail, hint: remedy };
}
