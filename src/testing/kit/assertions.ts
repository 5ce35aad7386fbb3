import { AssertionError } from "node:assert";
import type { Reason } from "../../conversation/index.js";
import { answeredExactlyOnce } from "./answered-once.js";
import { droppedFor } from "./dropped.js";
import { failureText, type Judgement } from "./judgement.js";
import { leakedNothing } from "./leaked.js";
import type { Conversation } from "./people.js";
import { type Expected, received, stayedSilent } from "./received.js";
import type { Message, Scene } from "./scene.js";
import { nameOf, type Subject } from "./subjects.js";

/** These came from the gateway, in this order, whatever came between. @throws AssertionError */
export function assertReceived(where: Conversation, ...texts: [Expected, ...Expected[]]): void {
  check(where, received(where, texts));
}

/** The gateway sent nothing: to a person or a group, or to anybody. @throws AssertionError */
export function assertStayedSilent(where: Conversation | Scene): void {
  check(where, stayedSilent(where));
}

/** A message, or every message that was let in, was answered, and each bubble stands in its chat once. @throws AssertionError */
export function assertAnsweredExactlyOnce(world: Scene, message?: Message): void {
  check(world, answeredExactlyOnce(world, message));
}

/** What a world sent stands where it belongs. @param secrets words that are for an owner's eyes alone @throws AssertionError */
export function assertLeakedNothing(world: Scene, secrets: readonly string[] = []): void {
  check(world, leakedNothing(world, secrets));
}

/** A message got no turn, for this reason. @throws AssertionError */
export function assertDroppedFor(message: Message, reason: Reason): void {
  check(message, droppedFor(message, reason));
}

function check(subject: Subject, judgement: Judgement): void {
  if (judgement.holds) return;
  throw new AssertionError({ message: failureText(nameOf(subject), judgement, false), stackStartFn: check });
}
