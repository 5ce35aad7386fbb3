import { groups, owner } from "../../cast.js";
import type { OwnRow } from "../../ledger.js";
import { placeOf } from "../../numbers.js";
import type { Random } from "../../random.js";
import { askedIn } from "../../words.js";
import { kind } from "../kind.js";
import type { Stage } from "../stage.js";

/** Of what asked, so many of the newest messages may be answered. */
const mostBack = 10;

/** Somebody answers what an agent asked: who was asked or somebody else, in time or late, and now and then another thing soon after. */
export const answerQuestion = kind({
  name: "answer question",
  weight: 220,
  draw: (random) => ({
    back: random.chance(0.85) ? 0 : random.below(5),
    who: random.weighted({ asked: 8, owner: 2, other: 6 }),
    other: random.below(3),
    by: random.weighted({ number: 4, words: 3, tapback: 3, vote: 8 }),
    choice: random.below(3),
    isReply: random.chance(0.4),
    changes: random.chance(0.75) ? [changeOf(random)] : [],
    waits: random.chance(0.6),
  }),
  play(stage, { back, who, other, by, choice, isReply, changes, waits }) {
    const { ledger, clock } = stage.parts;
    const asking = ledger.own.filter(({ text, poll }) => askedIn(poll ?? text) !== undefined);
    const waiting = waits ? waitingFor(stage, who === "other", asking) : [];
    const rows = waiting.length > 0 ? waiting : asking.slice(-mostBack);
    const polls = by === "vote" ? rows.filter(({ poll }) => poll !== undefined) : [];
    const row = (polls.length > 0 ? polls : rows).at(-1 - back);
    const question = row && askedIn(row.poll ?? row.text);
    const asked = ledger.asked.findLast((each) => each.question === question);
    if (row === undefined || asked === undefined) return;
    const group = stage.groupOf(row.chatId);
    const members = group === undefined ? [stage.personOf.get(row.chatId)] : groups[group]!;
    const writer = ledger.runs.findLast(({ turnId }) => turnId === asked.turnId)?.writers[0];
    const others = members.filter((each) => each !== writer && each !== owner);
    const wanted = who === "owner" ? owner : who === "asked" ? writer : others[other % others.length];
    const from = members.includes(wanted) ? wanted : members[0];
    if (from === undefined) return;
    const option = asked.options[choice % asked.options.length]!;
    if (by === "vote" && row.poll !== undefined) {
      vote(stage, row, from, option);
      for (const { afterMs, choice: next } of changes)
        clock.after(afterMs, () =>
          vote(stage, row, from, next === undefined ? undefined : asked.options[next % asked.options.length]),
        );
    } else if (by === "tapback") {
      const number = asked.options.indexOf(option) + 1;
      const mark = option === "yes" && isReply ? "like" : `${number}\ufe0f\u20e3`;
      const { guid } = stage.mac(placeOf(row.chatId).mac).mac.tapback(from, row.guid, mark);
      ledger.marks.push({
        who: from,
        asked: row.guid,
        guid,
        kind: "tapback",
        choice: option,
        at: clock.now(),
      });
    } else {
      const text = by === "words" ? option : String(asked.options.indexOf(option) + 1);
      const where = { mac: placeOf(row.chatId).mac, group, ...(isReply && { replyTo: row.guid }) };
      stage.say(from, text, "command", where);
    }
  },
});

/** What nobody answered yet. @param byOther first of all where others than who was asked can write */
function waitingFor(stage: Stage, byOther: boolean, asking: readonly OwnRow[]): OwnRow[] {
  const { asked } = stage.parts.ledger;
  const answered = new Set(asked.flatMap(({ question, answer }) => (answer ? question : [])));
  const waiting = asking.filter(({ text, poll }) => !answered.has(askedIn(poll ?? text)!));
  const among = waiting.filter(({ chatId }) => stage.groupOf(chatId) !== undefined);
  return byOther && among.length > 0 ? among : waiting;
}

/** What a voter thinks of a while later; without a choice the vote is taken back. */
function changeOf(random: Random): { afterMs: number; choice?: number } {
  const afterMs = random.chance(0.7) ? random.between(200, 3500) : random.between(3500, 9000);
  return random.chance(0.2) ? { afterMs } : { afterMs, choice: random.below(3) };
}

/** @param option absent: takes back the vote of before */
function vote(stage: Stage, row: OwnRow, who: string, option: string | undefined): void {
  const { ledger, clock } = stage.parts;
  const before = ledger.marks.findLast((each) => each.asked === row.guid && each.who === who)?.choice;
  const chosen = option ?? before;
  if (chosen === undefined) return;
  const { mac } = stage.mac(placeOf(row.chatId).mac);
  const { guid } = mac.vote(who, row.guid, chosen, option === undefined);
  ledger.marks.push({ who, asked: row.guid, guid, kind: "vote", choice: option, at: clock.now() });
}
