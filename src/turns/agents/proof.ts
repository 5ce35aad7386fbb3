import type { AgentConfig, Config } from "../../config/index.js";
import { cutText } from "../../conversation/index.js";
import { messageOf, secretMask, systemClock, TapbackError } from "../../platform/index.js";
import { type ProofDeps, proveConfigured } from "./prove.js";

/** Where programs, keys and workspaces are looked for. */
export interface ProofPlace {
  env: Record<string, string | undefined>;
  home: string;
  stateDir: string;
  /** How this program is started once more, for the tools that it serves to ACP agents; absent: not proved. */
  program?: ProofDeps["program"] | undefined;
}

/** Whether an agent is ready to answer, and the remedy where it is not. */
export interface Proof {
  ok: boolean;
  detail: string;
  remedy?: string;
  /** Of the error, where there is one. */
  code?: string;
}

/** An agent's own words, UTF-16 code units. */
const mostWords = 300;

/**
 * Brings an agent to the point before its first token (behaviour 6.7).
 * @param limitMs for all of it, milliseconds
 * @param late the remedy where that is not enough; absent: to wait longer, as `agents doctor` does
 */
export async function proofOf(
  { id }: Pick<AgentConfig, "id">,
  config: Config,
  { env, home, stateDir, program }: ProofPlace,
  limitMs: number,
  late = `A first start may download it: \`tapback agents doctor ${id}\` waits longer.`,
): Promise<Proof> {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const deps = { env, home, clock: systemClock, random: Math.random, zone, ...(program && { program }) };
  const limit = new AbortController();
  const stopTimer = systemClock.after(limitMs, () => limit.abort(), { unref: true });
  const mask = secretMask(() => [env, config]);
  try {
    return { ok: true, detail: await proveConfigured(config, id, stateDir, deps, limit.signal) };
  } catch (error) {
    if (limit.signal.aborted)
      return {
        ok: false,
        detail: `it was not ready within ${Math.round(limitMs / 1000)} s`,
        remedy: late,
      };
    const { hint, code } = error instanceof TapbackError ? error : {};
    const detail = mask(wordsOf(error));
    return { ok: false, detail, ...(hint && { remedy: hint }), ...(code !== undefined && { code }) };
  } finally {
    stopTimer();
  }
}

/** What happened, with the agent's own words behind it. */
function wordsOf(error: unknown): string {
  const cause = error instanceof TapbackError && error.cause !== undefined ? messageOf(error.cause) : "";
  const message = messageOf(error);
  if (cause === "" || message.includes(cause)) return message;
  return `${message}: ${cutText(cause.trim().replace(/\s+/g, " "), mostWords)}`;
}
