import { basename } from "node:path";
import type { Config } from "../config/index.js";
import { type Clock, messageOf, secretMask, TapbackError } from "../platform/index.js";
import { type ProofPlace, tryAgent } from "../turns/index.js";

/** Nobody waits longer at a page, milliseconds. */
const trialMs = 120_000;

/** What came of one turn of an agent. */
export interface Trial {
  /** What it answered, one block each. */
  said: string[];
  /** What it noted, gave beside, or was denied. */
  notes: string[];
  /** Why it failed. */
  error: { message: string; hint: string | null } | null;
}

/**
 * Runs one turn of an agent without Messages, as `tapback agents try` does.
 * @param ends aborts when nobody can be answered any more
 */
export async function tried(
  agent: { id: string; text: string },
  config: Config,
  { env, home, stateDir, clock }: ProofPlace & { clock: Clock },
  ends: AbortSignal,
): Promise<Trial> {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const deps = { env, home, clock, random: Math.random, zone };
  const limit = new AbortController();
  const stopTimer = clock.after(
    trialMs,
    () => limit.abort(new TapbackError("AGENT_TIMEOUT", `no answer within ${trialMs / 1000} s`)),
    { unref: true },
  );
  const mask = secretMask(() => [env, config]);
  const trial: Trial = { said: [], notes: [], error: null };
  try {
    const signal = AbortSignal.any([limit.signal, ends]);
    for await (const event of tryAgent(config, agent, stateDir, deps, signal)) {
      if (event.type === "text") {
        trial.said.push(event.text);
        trial.notes.push(...(event.media ?? []).map((file) => `file ${basename(file)}`));
      } else if (event.type === "note") trial.notes.push(mask(event.text));
      else if (event.type === "permission")
        trial.notes.push(`asked to be allowed: ${event.title}; denied, for nobody is there to answer`);
      else if (event.type === "usage")
        trial.notes.push(`${event.model}: ${event.inputTokens} tokens in, ${event.outputTokens} out`);
    }
  } catch (error) {
    const hint = error instanceof TapbackError ? (error.hint ?? null) : null;
    trial.error = { message: mask(messageOf(error)), hint };
  } finally {
    stopTimer();
  }
  return trial;
}
