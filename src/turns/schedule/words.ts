import { cutText, formatTarget } from "../../conversation/index.js";
import { showable, type TextRules, textParts } from "../../outbound/index.js";
import { zonedTime } from "../../platform/index.js";
import { type NewOutboxItem, type ScheduledMessage, together } from "../../store/index.js";

/** So much of a text shows an owner which one it is, UTF-16 code units. */
const longestShown = 300;

/**
 * What is sent of a run, divided and rendered as an answer is (behaviour 8.1, 8.2); where times of it were missed, it says that it
 * comes once for all of them.
 * @param newest as in `timesOf`
 */
export function itemsOf(schedule: ScheduledMessage, newest: number, rules: TextRules): NewOutboxItem[] {
  const { item } = schedule;
  const text = saidOf(schedule, newest);
  return text === undefined
    ? [item]
    : together(textParts(showable(text), rules).map((part) => ({ ...item, ...part })));
}

function saidOf({ item: { text }, dueAt, repeat }: ScheduledMessage, newest: number): string | undefined {
  if (!repeat || newest === dueAt) return text;
  const since = zonedTime(dueAt, repeat.zone);
  return `${text ?? ""}\n(Once for all the times since ${since}, when it could not be sent.)`;
}

/** To owners: a run that nothing could hand over in time. @param lateMs milliseconds @param next of the next one */
export function tooLateText(schedule: ScheduledMessage, lateMs: number, next: number | undefined): string {
  const minutes = Math.round(lateMs / 60_000);
  const late = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  const [what, not] = namesOf(schedule);
  const again = next === undefined ? "" : `\nIt comes again at ${zonedTime(next, schedule.repeat!.zone)}.`;
  return `${what} fell due ${late} ago, while nothing could send it. It was not ${not}: ${wordsOf(schedule)}${again}`;
}

/** To owners: a schedule of somebody who is not let in any more. */
export function endedText(schedule: ScheduledMessage): string {
  const [what, not] = namesOf(schedule);
  const { name, handle } = schedule.maker ?? { handle: "somebody" };
  return `${what} has ended, because ${name ?? handle}, who made it, is not let in there any more. It was not ${not}: ${wordsOf(schedule)}`;
}

function namesOf({ item, runsTurn }: ScheduledMessage): [what: string, not: string] {
  const where = formatTarget(item.target);
  return runsTurn ? [`A scheduled turn for ${where}`, "run"] : [`A scheduled message to ${where}`, "sent"];
}

function wordsOf({ item }: ScheduledMessage): string {
  return cutText(item.text ?? item.file ?? "", longestShown);
}
