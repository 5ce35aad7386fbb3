import { owner } from "../cast.js";
import { wordsOf } from "../ledger.js";
import { admits } from "../settings.js";
import type { Facts, Invariant, Request } from "./invariant.js";

/** A send that waited in the child's queue was judged before it: so long at most, milliseconds. */
const queueMs = 40_000;

/** Nobody is written to whom no rule admits at that moment (behaviour 10.3); answers alone, for notices have rules of their own. */
export function nobodyUninvited(): Invariant {
  /** Since when somebody is known to have said STOP, by the clock of the world. */
  const stopped = new Map<string, number>();
  return {
    name: "nobody is written to whom no rule admits",
    request(facts: Facts, { method, params }: Request) {
      if (method !== "send" && method !== "send.tracked") return undefined;
      const text = String(params.text ?? "");
      const words = wordsOf(text);
      if (words.length === 0 || words.some(({ word }) => word === 999)) return undefined;
      const chatId = Number(params.chat_id ?? chatOf(facts, params));
      const inForce = facts.admitted.filter(
        (_, index) => (facts.admitted[index + 1]?.from ?? Number.POSITIVE_INFINITY) > facts.now - queueMs,
      );
      if (chatId === facts.groupId) {
        if (inForce.some(({ admission }) => admission.group)) return undefined;
        return `an answer goes to the group, which no rule admits: ${text.slice(0, 60)}`;
      }
      const person = facts.personOf.get(chatId) ?? String(params.to ?? "");
      if (person === "") return `an answer goes to chat ${chatId}, which nobody knows`;
      if (!inForce.some(({ admission }) => admits(admission, person)))
        return `an answer goes to ${person}, whom no rule admits: ${text.slice(0, 60)}`;
      return optedOut(facts, person, stopped);
    },
  };
}

function optedOut({ state, now }: Facts, person: string, stopped: Map<string, number>): string | undefined {
  if (person === owner) return undefined;
  if (state.prepare("SELECT 1 FROM opt_out WHERE handle = ?").get(person) === undefined) {
    stopped.delete(person);
    return undefined;
  }
  const since = stopped.get(person) ?? now;
  stopped.set(person, since);
  if (since > now - queueMs) return undefined;
  return `an answer goes to ${person}, who said STOP`;
}

function chatOf({ personOf, mac }: Facts, params: Record<string, unknown>): number | undefined {
  const named = params.chat_guid ?? params.chat_identifier;
  if (typeof named === "string") return mac.chat(named).id;
  return [...personOf].find(([, handle]) => handle === params.to)?.[0];
}
