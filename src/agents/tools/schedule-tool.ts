import * as z from "zod";
import { cutText } from "../../conversation/index.js";
import { CronLine, TapbackError, zonedTime } from "../../platform/index.js";
import type { AgentTurn, ScheduledEntry } from "../contract.js";
import { readTime } from "./schedule-time.js";
import { defineTool, type Tool } from "./tool.js";

const maxAheadMs = 366 * 86_400_000;
/** Holds all that one conversation may have scheduled, with the beginning of each text: who cannot see an id cannot cancel it. */
const maxResult = 16_000;
/** How much of each text is shown where all of them are too long, the longest that fits, UTF-16 code units. */
const beginnings = [60, 30, 10];

const schema = z.object({
  do: z.enum(["add", "list", "cancel"]),
  text: z.string().optional(),
  inMinutes: z.number().optional(),
  at: z.string().optional(),
  repeat: z.string().optional(),
  turn: z.boolean().optional(),
  id: z.string().optional(),
});
type Input = z.infer<typeof schema>;

const description =
  "Reminders and later work in this chat: add, list, cancel (id). add sends text at a time: inMinutes, or at as ISO 8601 with " +
  "offset, or as 2026-01-31T17:00 or 17:00 on the user's clock; or again and again by repeat, a cron line of 5 fields on the " +
  'user\'s clock (0 7 * * MON-FRI). With turn: true you are asked text then and your answer is sent ("what is on today?").';

/** Sends a text into this chat later, or asks the agent one there, once or by a cron line (behaviour 6.6). */
export function scheduleTool(): Tool {
  const tool = defineTool("schedule", description, schema, async (input, turn) => {
    const { schedule, zone } = turn;
    if (input.do === "list") return (await schedule.list()).map((entry) => shown(entry, zone));
    if (input.do === "cancel") {
      if (!input.id)
        throw new TapbackError(
          "ACTION_PARAMETERS",
          "cancel needs the id (scheduleId in an event); list has it",
        );
      return { cancelled: await schedule.cancel(input.id) };
    }
    const text = input.text?.trim() ?? "";
    const repeat = input.repeat?.trim() || undefined;
    const dueAt = firstTime(input, text, repeat, turn);
    const id = await schedule.add(dueAt, text, { repeat, turn: input.turn || undefined });
    const again = repeat === undefined ? undefined : { cron: repeat, zone };
    const { text: _, ...entry } = shown({ id, dueAt, text, repeat: again }, zone);
    return entry;
  });
  return { ...tool, maxResult, shorten: (list, most) => shorter(list as Shown[], most) };
}

/** @throws `ACTION_PARAMETERS` */
function firstTime(input: Input, text: string, repeat: string | undefined, { now, zone }: AgentTurn): number {
  // A model may fill what it does not need.
  const at = input.at?.trim() || undefined;
  if (text === "" || (at === undefined && input.inMinutes === undefined && repeat === undefined))
    throw new TapbackError("ACTION_PARAMETERS", "text, and inMinutes, at or repeat, are needed");
  if (repeat !== undefined) return new CronLine(repeat, zone).next(now());
  const dueAt = at === undefined ? now() + input.inMinutes! * 60_000 : readTime(at, now(), zone);
  if (dueAt > now() && dueAt <= now() + maxAheadMs) return dueAt;
  throw new TapbackError(
    "ACTION_PARAMETERS",
    `the time must lie ahead, within a year; now is ${new Date(now()).toISOString()}, ${zonedTime(now(), zone)}`,
  );
}

type Shown = ReturnType<typeof shown>;

/** What tells the entries of a long list apart; the last ones are left out, and counted, where even that is too long. */
function shorter(list: Shown[], most: number): unknown[] {
  const briefly = (length: number) =>
    list.map(({ id, onTheClock, text, repeat }) => ({ id, onTheClock, text: cutText(text, length), repeat }));
  const fits = (entries: unknown[]) => JSON.stringify(entries).length <= most;
  const entries = beginnings.map(briefly).find(fits);
  if (entries !== undefined) return entries;
  const kept: unknown[] = briefly(beginnings.at(-1)!);
  const told = () => [...kept, { leftOut: `${list.length - kept.length} later ones` }];
  while (kept.length > 0 && !fits(told())) kept.pop();
  return told();
}

/** An entry as an agent reads it: its time both ways, so that it may say either. */
function shown({ id, dueAt, text, repeat, turn, by }: ScheduledEntry, zone: string) {
  return {
    ...{ id, at: new Date(dueAt).toISOString(), onTheClock: zonedTime(dueAt, repeat?.zone ?? zone), text },
    ...{ repeat: repeat?.cron, turn, by },
  };
}
