import { mia, sam } from "../cast.js";
import { pairingCodeIn } from "../stage.js";
import type { Person } from "../world.js";

/** One message of the scripted conversation. */
export interface ScriptedMessage {
  person: Person;
  text: string;
  /** Written in the group rather than in the direct chat. */
  inGroup?: true;
  /** Whether these answers, in their order, are all that has to come; a late one not counted. */
  isAnswered(answers: string[]): boolean;
  /** What comes later by itself, e.g. a reminder. */
  later?: RegExp;
  /** The first answer is a pairing code that gets approved; the rest comes after that. */
  paired?: true;
}

/** Messages that are written at once; the next step starts when all have their answers. */
export type Step = ScriptedMessage[];

const countTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1).join(", ");

const threeLines = "echo 👩‍🚀 first line\u2028second line 🎉";

/** Messages that go once through everything that is seen in Messages; two people write at once, so that it stays short. */
export const conversation: Step[] = [
  [
    {
      person: mia,
      text: "hello",
      paired: true,
      isAnswered: ([offer = "", answer = "", ...more]) =>
        pairingCodeIn(offer) !== undefined && /^Hello .*demo agent/.test(answer) && more.length === 0,
    },
  ],
  [
    { person: mia, text: "help", isAnswered: joined(/demo agent.*Try:.*react with a heart/s) },
    {
      person: sam,
      text: "poll: tea or coffee?",
      // imsg writes what is asked below the poll.
      isAnswered: joined(/^Poll: tea or coffee\?\n○ tea\n○ coffee\ntea or coffee\?$/),
    },
  ],
  [
    {
      person: mia,
      text: "remind me in 3 seconds to stretch",
      isAnswered: one(/I will remind you.*stretch/),
      later: /^Reminder: stretch$/,
    },
    { person: sam, text: "roll 2d6", isAnswered: one(/^You rolled \d \+ \d = \d+\.$/) },
  ],
  [
    { person: mia, text: "my name is Mia", isAnswered: one(/^Nice to meet you, Mia\.$/) },
    { person: sam, text: "@tapback who is here?", inGroup: true, isAnswered: one(/3 participants/) },
  ],
  [
    { person: mia, text: "what is my name?", isAnswered: one(/^You are Mia\./) },
    {
      person: sam,
      text: threeLines,
      isAnswered: (answers) => answers.join() === threeLines.slice("echo ".length),
    },
  ],
  [
    { person: mia, text: "react with a heart", isAnswered: one(/^❤️ on “react with a heart”$/) },
    {
      person: sam,
      text: "@tapback reply in a thread",
      inGroup: true,
      isAnswered: one(/^↪ “@tapback reply in a thread”\nHere is my answer, in a thread\.$/),
    },
  ],
  [
    {
      person: mia,
      text: "send it with confetti",
      isAnswered: one(/^Here it is, with confetti!\n\(sent with confetti\)$/),
    },
    { person: sam, text: "what is 15% of 80?", isAnswered: one(/= 12$/) },
  ],
  [
    {
      person: mia,
      text: "count to 200",
      isAnswered: (answers) => answers.length > 1 && answers.join(" ") === countTo(200),
    },
    { person: sam, text: "send me a picture", isAnswered: one(/^\[file sunset.*\.png\]$/) },
  ],
];

function one(pattern: RegExp): ScriptedMessage["isAnswered"] {
  return (answers) => answers.length === 1 && pattern.test(answers[0]!);
}

/** However many pieces it came in. */
function joined(pattern: RegExp): ScriptedMessage["isAnswered"] {
  return (answers) => answers.length > 0 && pattern.test(answers.join("\n"));
}
