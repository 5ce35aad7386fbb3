import * as z from "zod";
import { cutText } from "../conversation/index.js";
import { argumentFaults, err, ok, type Result } from "../platform/index.js";
import type { AgentEvent } from "./contract.js";

const text = z.object({
  type: z.literal("text"),
  text: z.string().default(""),
  media: z.array(z.string().min(1)).max(1000).optional(),
});
const action = z.looseObject({
  type: z.literal("action"),
  id: z.union([z.string(), z.number()]),
  action: z.string().min(1),
});
const count = () => z.int().min(0).max(1_000_000_000);
const usage = z.object({
  type: z.literal("usage"),
  model: z.string().min(1).max(200).optional(),
  inputTokens: count(),
  outputTokens: count(),
  cachedInputTokens: count().default(0),
});
const end = z.object({ type: z.literal("end") });
const goOn = z.object({ type: z.literal("continue") });
const known = z.discriminatedUnion("type", [text, action, usage, end, goOn]);

/** What a program or a web service says, one event at a time (behaviour 6.5a). */
export type ReplyEvent = z.infer<typeof known> | { type: "unknown"; name: string };
export type TextEvent = z.infer<typeof text>;
export type ActionEvent = z.infer<typeof action>;
type UsageEvent = z.infer<typeof usage>;

/**
 * Reads one event. A type that this version does not know is let through as `unknown`, so that newer programs work.
 * @returns the event, or what is wrong with it
 */
export function parseReplyEvent(value: unknown): Result<ReplyEvent, string> {
  const parsed = known.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const named = z.looseObject({ type: z.string() }).safeParse(value);
  if (named.success && !["text", "action", "usage", "end", "continue"].includes(named.data.type))
    return ok({ type: "unknown", name: cutText(named.data.type, 40) });
  const faults = argumentFaults(parsed.error.issues, value, "the event").map(({ sentence }) => sentence);
  return err(faults.join("; "));
}

/** What a turn cost, as a program or a web service tells it; a model that it does not name is called `unnamed`. */
export function usageEvent({ model = "unnamed", ...tokens }: UsageEvent): AgentEvent {
  return { ...tokens, model };
}

/** The parameters of an action event: everything but its frame. */
export function actionParameters(event: ActionEvent): Record<string, unknown> {
  const { type: _type, id: _id, action: _action, ...parameters } = event;
  return parameters;
}
