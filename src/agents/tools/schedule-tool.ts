import * as z from "zod";
import { cutText } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import { defineTool, type Tool } from "./tool.js";

const maxAheadMs = 366 * 86_400_000;

/** Sends a text into this chat later. */
export function scheduleTool(): Tool {
  const schema = z.object({
    do: z.enum(["add", "list", "cancel"]),
    text: z.string().optional(),
    inMinutes: z.number().optional(),
    at: z.string().optional(),
    id: z.string().optional(),
  });
  const description =
    "Send text into this chat later: add (text, and inMinutes or at as ISO 8601 with offset), list, cancel (id).";
  return defineTool("schedule", description, schema, async (input, { schedule, now }) => {
    if (input.do === "list")
      return (await schedule.list()).map(({ id, dueAt, text }) => ({
        id,
        at: new Date(dueAt).toISOString(),
        text,
      }));
    if (input.do === "cancel") {
      if (!input.id) throw new TapbackError("ACTION_PARAMETERS", "cancel needs the id; list has it");
      return { cancelled: await schedule.cancel(input.id) };
    }
    if (!input.text?.trim() || (input.at === undefined && input.inMinutes === undefined))
      throw new TapbackError("ACTION_PARAMETERS", "text, and inMinutes or at, are needed");
    const dueAt = input.at === undefined ? now() + input.inMinutes! * 60_000 : Date.parse(input.at);
    if (Number.isNaN(dueAt))
      throw new TapbackError(
        "ACTION_PARAMETERS",
        `"at" must be a time as 2026-01-31T09:00:00+01:00, not "${cutText(input.at!, 40)}"`,
      );
    if (dueAt <= now() || dueAt > now() + maxAheadMs)
      throw new TapbackError(
        "ACTION_PARAMETERS",
        `the time must lie ahead, within a year; now is ${new Date(now()).toISOString()}`,
      );
    return { id: await schedule.add(dueAt, input.text.trim()), at: new Date(dueAt).toISOString() };
  });
}
