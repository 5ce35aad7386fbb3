import { chatMethods } from "./methods/chats.js";
import { messageMethods } from "./methods/messages.js";
import type { MethodFacts } from "./methods/method.js";
import { pollMethods } from "./methods/polls.js";
import { readingMethods } from "./methods/reading.js";
import { sendingMethods } from "./methods/sending.js";

export { type ChatKey, type Lane, type Recipient, sendMs } from "./methods/method.js";
export type { Formatting } from "./methods/sending.js";

/** Every method that is used or known here: one row each, from which all else follows. */
const methods = {
  ...readingMethods,
  ...sendingMethods,
  ...messageMethods,
  ...chatMethods,
  ...pollMethods,
};

/** A method of `imsg rpc`. */
export type MethodName = keyof typeof methods;

/** Parameters and results by method, with the first names only: both protocol generations take those (protocol reference 10). */
export type ImsgMethods = {
  [Name in MethodName]: NonNullable<(typeof methods)[Name]["types"]>;
};

/** What is known of a method. */
export function methodFacts(method: MethodName): MethodFacts {
  return methods[method];
}

/**
 * How long a request may take, milliseconds, from the moment it is at the head of its lane. Rows cost up to 20 ms each
 * on a large database (protocol reference 12, row 6), hence 50 ms are added for each that is asked for.
 */
export function timeoutOf(method: MethodName, params: object): number {
  const { lane, timeoutMs } = methodFacts(method);
  const limit = (params as { limit?: unknown }).limit;
  return lane === "read" && typeof limit === "number" ? timeoutMs + 50 * limit : timeoutMs;
}
