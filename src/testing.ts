/**
 * `tapback/testing`: a Mac, its people and a gateway in one process and virtual time, for tests of an agent (`docs/testing.md`).
 *
 * ```ts
 * const world = await messagesWorld({ agents: { main: ({ text }) => `You wrote: ${text}` } });
 * const mia = world.person("+15550100123");
 * mia.says("Hello");
 * await world.settles();
 * assertReceived(mia, "You wrote: Hello");
 * await world.close();
 * ```
 */

export type {
  AskOptions,
  ChosenAnswer,
  FunctionAgent,
  FunctionAnswer,
  FunctionTurn,
} from "./agents/index.js";
export {
  assertAnsweredExactlyOnce,
  assertDroppedFor,
  assertLeakedNothing,
  assertReceived,
  assertStayedSilent,
  Conversation,
  type Duration,
  type Expected,
  type FaultManner,
  type FaultName,
  faultNames,
  Group,
  Message,
  MessagesWorld,
  type MessagesWorldOptions,
  matchers,
  messagesWorld,
  Person,
  type Said,
  type Story,
  type WorldAgent,
  type WorldMatchers,
} from "./testing/index.js";
