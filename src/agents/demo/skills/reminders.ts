import { messageOf, type WallClock } from "../../../platform/index.js";
import { durationPattern, readDuration } from "../duration.js";
import { type Scene, type Skill, type SkillAnswer, say } from "../skill.js";

const dayMs = 86_400_000;
const maxAheadMs = 366 * dayMs;
const clockTime =
  "(?:at )?(tomorrow )?(?:at )?(\\d{1,2})(?:[:.](\\d{2}))? ?(am|pm|a\\.m\\.|p\\.m\\.|o'clock)?( tomorrow)?";
const lead = "^(?:please )?remind (?:me|us)";
const asks = new RegExp(`${lead}\\b`, "i");
const what = "(?:(?:to|that|about|of) )?(.+)";
const inFirst = new RegExp(`${lead} in (${durationPattern})(?:,? ${what})?$`, "is");
const inLast = new RegExp(`${lead} ${what} in (${durationPattern})[.!]*$`, "is");
const atFirst = new RegExp(`${lead} ${clockTime}(?:,? ${what})?$`, "is");
const atLast = new RegExp(`${lead} ${what} at ${clockTime.replace("(?:at )?", "")}[.!]*$`, "is");
const asksList =
  /^(?:list|show)?(?: me)?(?: my| the| all)* ?(?:reminders|schedule)$|^what (?:are my reminders|reminders do i have)$/;
const cancels =
  /^(?:cancel|delete|remove|stop)(?: my| the| all)* reminders?(?: (?:number |no\.? |#)?(\S+))?$/;

/** A reminder: when it is due, and of what. */
interface Wish {
  dueAt: number;
  text: string;
}

/** Sets, lists and cancels reminders through the turn's schedule. */
export function reminderSkill(clock: WallClock): Skill {
  return {
    examples: [
      "remind me in 5 minutes to stretch",
      "remind me at 18:30 to cook",
      "reminders",
      "cancel reminder 1",
    ],
    async answer({ raw, plain }, scene) {
      const { turn } = scene;
      try {
        if (asksList.test(plain)) return say(await list(scene, clock));
        const cancel = cancels.exec(plain);
        if (cancel) return say(await cancelled(scene, cancel[1], plain));
        const wish = read(raw, turn.now(), clock);
        if (wish !== undefined) return await set(wish, scene, clock);
      } catch (error) {
        scene.note(`reminder failed: ${messageOf(error)}`);
        return say("That reminder did not work. Please try again later.");
      }
      if (!asks.test(raw)) return undefined;
      return say('Tell me when, e.g. "remind me in 5 minutes to stretch" or "remind me at 18:30 to cook".');
    },
  };
}

function read(raw: string, now: number, clock: WallClock): Wish | undefined {
  const first = inFirst.exec(raw);
  if (first) return { dueAt: now + readDuration(first[1]!), text: first[2] ?? "" };
  const last = inLast.exec(raw);
  if (last) return { dueAt: now + readDuration(last[2]!), text: last[1]! };
  const at = atFirst.exec(raw);
  if (at) return atTime(at.slice(1, 6), at[6] ?? "", now, clock);
  const atEnd = atLast.exec(raw);
  return atEnd ? atTime(atEnd.slice(2, 7), atEnd[1]!, now, clock) : undefined;
}

function atTime(
  parts: (string | undefined)[],
  text: string,
  now: number,
  clock: WallClock,
): Wish | undefined {
  const [before, hours, minutes, half, after] = parts;
  const minute = Number(minutes ?? 0);
  const half12 = half?.toLowerCase()[0];
  let hour = Number(hours);
  if (half12 === "p" && hour < 12) hour += 12;
  if (half12 === "a" && hour === 12) hour = 0;
  if (hour > 23 || minute > 59) return undefined;
  return { dueAt: clock.next(now, hour, minute, (before ?? after) ? 1 : 0), text };
}

async function set(wish: Wish, { turn }: Scene, clock: WallClock): Promise<SkillAnswer> {
  const now = turn.now();
  if (wish.dueAt - now < 1000) return say("That is too soon: give me at least a second.");
  if (wish.dueAt - now > maxAheadMs) return say("That is too far ahead: a year at most.");
  const what = wish.text.trim().replace(/[.!]+$/, "") || "you asked me to";
  const text = `Reminder: ${what}`;
  // A turn that runs again after a crash may have set it already.
  const known = turn.attempt > 1 && (await turn.schedule.list()).some((item) => item.text === text);
  if (!known) await turn.schedule.add(wish.dueAt, text);
  return say(`I will remind you at ${clock.when(wish.dueAt, now)}: ${what}.`);
}

async function list({ turn }: Scene, clock: WallClock): Promise<string> {
  const items = await inOrder(turn.schedule);
  if (items.length === 0) return "No reminders are set.";
  const lines = items.map(
    (item, index) => `${index + 1}. ${clock.when(item.dueAt, turn.now())}: ${bare(item.text)}`,
  );
  return ["Reminders:", ...lines].join("\n");
}

async function cancelled({ turn }: Scene, which: string | undefined, plain: string): Promise<string> {
  const items = await inOrder(turn.schedule);
  if (items.length === 0) return "No reminders are set.";
  const all = /\ball\b/.test(plain) || (which === undefined && items.length === 1);
  const chosen = all
    ? items
    : items.filter((item, index) => String(index + 1) === which || item.id === which);
  if (chosen.length === 0) return 'Which one? Write "reminders" to see them, then "cancel reminder 1".';
  let gone = 0;
  for (const item of chosen) if (await turn.schedule.cancel(item.id)) gone += 1;
  return gone === 1 ? `Cancelled: ${bare(chosen[0]!.text)}.` : `Cancelled ${gone} reminders.`;
}

async function inOrder(schedule: Scene["turn"]["schedule"]) {
  return (await schedule.list()).sort((one, other) => one.dueAt - other.dueAt);
}

function bare(text: string): string {
  return text.replace(/^Reminder: /, "");
}
