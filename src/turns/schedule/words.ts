import { formatTarget } from "../../conversation/index.js";
import { zonedTime } from "../../platform/index.js";
import type { NewOutboxItem, ScheduledMessage } from "../../store/index.js";

/** What is sent of a run; where times of it were missed, it says that it comes once for all of them. @param newest as in `timesOf` */
export function itemOf({ item, dueAt, repeat }: ScheduledMessage, newest: number): NewOutboxItem {
  if (!repeat || newest === dueAt) return item;
  const since = zonedTime(dueAt, repeat.zone);
  return {
    ...item,
    text: `${item.text ?? ""}\n(Once for all the times since ${since}, when it could not be sent.)`,
  };
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
  return item.text ?? item.file ?? "";
}
