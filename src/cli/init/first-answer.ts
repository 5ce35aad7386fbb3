import { type Config, resolveAgents } from "../../config/index.js";
import { cutText } from "../../conversation/index.js";
import { messageOf, systemClock, TapbackError } from "../../platform/index.js";
import { tryAgent } from "../../turns/index.js";
import type { Context } from "../context.js";
import { hintOf } from "../output.js";

/** What an agent made of its first prompt. */
export type FirstAnswer =
  | { ok: true; text: string }
  | { ok: false; error: { code: TapbackError["code"]; message: string; hint?: string } };

const question = "Say hello to me in one short sentence.";
/** Longer than a local model takes to be loaded, milliseconds. */
const limitMs = 180_000;
const mostWords = 300;

/** One real completion (behaviour 6.7): what no look at a program or a key can show. */
export async function firstAnswer(config: Config, context: Context): Promise<FirstAnswer> {
  const { env, home, stateDir } = context;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const deps = { env, home, clock: systemClock, random: Math.random, zone };
  const [{ id } = { id: "main" }] = resolveAgents(config);
  const limit = AbortSignal.timeout(limitMs);
  const texts: string[] = [];
  try {
    for await (const event of tryAgent(config, { id, text: question }, stateDir, deps, limit))
      if (event.type === "text") texts.push(event.text);
    return { ok: true, text: texts.join("\n") };
  } catch (thrown) {
    const error = limit.aborted
      ? new TapbackError("AGENT_NO_ANSWER", `no answer within ${limitMs / 1000} s`)
      : thrown instanceof TapbackError
        ? thrown
        : new TapbackError("FAILED", messageOf(thrown));
    const cause = error.cause === undefined ? "" : `: ${cutText(messageOf(error.cause), mostWords)}`;
    const hint = await hintOf(error);
    return {
      ok: false,
      error: { code: error.code, message: `${error.message}${cause}`, ...(hint && { hint }) },
    };
  }
}
