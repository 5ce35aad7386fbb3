import type { Reason } from "../../conversation/index.js";
import { answeredExactlyOnce } from "./answered-once.js";
import { droppedFor } from "./dropped.js";
import { failureText, type Judgement } from "./judgement.js";
import { leakedNothing } from "./leaked.js";
import { Conversation } from "./people.js";
import { type Expected, received, stayedSilent } from "./received.js";
import type { Message } from "./scene.js";
import { asMessage, asPlace, asWorld, nameOf, type Subject } from "./subjects.js";

/** What a matcher of vitest or jest gives. */
export interface Matched {
  pass: boolean;
  /** What a failure prints. */
  message(): string;
}

/** What `expect.extend` hands a matcher. */
interface Expectation {
  isNot?: boolean;
}

/** The matchers of the kit, for `expect.extend` of vitest, and of whatever has the same. */
export const matchers = {
  /** A person or a group received these from the gateway, in this order. */
  toReceive(this: Expectation, subject: unknown, ...texts: Expected[]): Matched {
    const where = asPlace(subject);
    return matched(this, where, received(where, texts));
  },
  /** The gateway sent nothing: to a person or a group, or to anybody. */
  toStaySilent(this: Expectation, subject: unknown): Matched {
    const where = subject instanceof Conversation ? subject : asWorld(subject);
    return matched(this, where, stayedSilent(where));
  },
  /** A world answered a message, or every message that was let in, and each bubble stands there once. */
  toHaveAnsweredExactlyOnce(this: Expectation, subject: unknown, message?: Message): Matched {
    const world = asWorld(subject);
    return matched(this, world, answeredExactlyOnce(world, message));
  },
  /** What a world sent stands where it belongs, and tells nobody what is not for them. */
  toHaveLeakedNothing(this: Expectation, subject: unknown, secrets: readonly string[] = []): Matched {
    const world = asWorld(subject);
    return matched(this, world, leakedNothing(world, secrets));
  },
  /** A message got no turn, for this reason. */
  toBeDroppedFor(this: Expectation, subject: unknown, reason: Reason): Matched {
    const message = asMessage(subject);
    return matched(this, message, droppedFor(message, reason));
  },
};

function matched({ isNot = false }: Expectation, subject: Subject, judgement: Judgement): Matched {
  return { pass: judgement.holds, message: () => failureText(nameOf(subject), judgement, isNot) };
}

/** What the matchers add to an `expect`; for `declare module`. */
export interface WorldMatchers<R = unknown> {
  /** A person or a group received these from the gateway, in this order, whatever came between. */
  toReceive(...texts: [Expected, ...Expected[]]): R;
  /** The gateway sent nothing: to a person or a group, or to anybody. */
  toStaySilent(): R;
  /** A world answered a message, or every message that was let in; each bubble stands in its chat once. */
  toHaveAnsweredExactlyOnce(message?: Message): R;
  /** What a world sent stands where it belongs. @param secrets words that are for an owner's eyes alone */
  toHaveLeakedNothing(secrets?: readonly string[]): R;
  /** A message got no turn, for this reason. */
  toBeDroppedFor(reason: Reason): R;
}
