import fc from "fast-check";
import { people } from "./mac.js";

export type Account = "home" | "work";

/** Something that one person, or time, does on one account. */
export type Step =
  | { kind: "waits" }
  /** Nothing happens, for as long as a step takes. */
  | { kind: "pauses" }
  | { kind: "lets go"; account: Account }
  | { kind: "reacts"; account: Account; who: number; inGroup: boolean; targetGuid: string }
  | {
      kind: "says" | "by hand";
      account: Account;
      who: number;
      inGroup: boolean;
      text: string;
      whose: Account;
    };

/** The account on which a step is taken; undefined of the passing of time. */
export function accountOf(step: Step): Account | undefined {
  return "account" in step ? step.account : undefined;
}

const account = fc.constantFrom<Account>("home", "work");
const where = { account, who: fc.nat(people.length - 1), inGroup: fc.boolean() };

/** What is said; WORD tells whose it is, CODE and QUESTION are what an owner of one account may know of the other. */
const said = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom("hi", "hold", "ask", "later", "list", "cancel", "history")
      .map((word) => `WORD ${word}`),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(7)).map((numbers) => `WORD act ${numbers.join(" ")}`),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...["/stop", "/new", "/reset", "/status", "/queue", "/help", "/whoami", "/model", "/model WORD"],
      ...["/acp spawn codex", "/acp close", "/acp status", "/acp sessions", "/acp cancel", "/acp model WORD"],
      ...[
        "/acp permissions allow",
        "/acp steer WORD",
        "/pairing list",
        "/pairing approve CODE",
        "/pairing deny CODE",
      ],
      ...["/approve", "/approve QUESTION 1", "/approve QUESTION 2", "1", "2", "STOP", "START"],
    ),
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant("says" as const), ...where, text: said, whose: account }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("by hand" as const),
      ...where,
      text: fc.constant("WORD by hand"),
      whose: account,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("reacts" as const),
      ...where,
      targetGuid: fc.tuple(fc.constantFrom("IN", "OUT"), fc.nat(8)).map(([side, n]) => `${side}-${n}`),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("lets go" as const), account }) },
  { weight: 1, arbitrary: fc.constant({ kind: "waits" as const }) },
);

/** Something is begun on one account, and in the same place on the other somebody does what would end it there. */
const attack: fc.Arbitrary<Step[]> = fc
  .record({
    ...where,
    begun: fc.constantFrom(["hold", "hi"], ["ask"], ["later"]),
    end: fc.oneof(
      fc.constant("/stop"),
      fc.constantFrom("1", "2", "/approve", "/approve 1"),
      fc.constantFrom("/new", "WORD hold", "WORD cancel", "WORD history"),
    ),
  })
  .map(({ begun, end, account, ...place }) => {
    const other = account === "home" ? "work" : "home";
    const says = { kind: "says" as const, ...place };
    return [
      ...begun.map((word) => ({ ...says, account, text: `WORD ${word}`, whose: account })),
      { ...says, account: other, text: end, whose: account },
    ];
  });

/** What people, agents and owners may do on two accounts, one after the other. */
export const steps = fc
  .array(fc.oneof({ weight: 3, arbitrary: step.map((one) => [one]) }, { weight: 2, arbitrary: attack }), {
    minLength: 4,
    maxLength: 16,
    size: "max",
  })
  .map((some) => some.flat().slice(0, 26));
