import { accounts, byMention, owner, served } from "../cast.js";
import { numberOf, placeOf } from "../numbers.js";
import { admits } from "../settings.js";
import { outside, wordsOf } from "../words.js";
import type { Facts, Invariant, Request } from "./invariant.js";

/** A send that waited in the child's queue was judged before it: so long at most, milliseconds. */
const queueMs = 40_000;

/** Nobody is written to whom no rule admits at that moment (behaviour 10.3); answers alone, for notices have rules of their own. */
export function nobodyUninvited(): Invariant {
  /** Since when somebody is known to have said STOP, by the clock of the world. */
  const stopped = new Map<string, number>();
  return {
    name: "nobody is written to whom no rule admits",
    request(facts: Facts, request: Request) {
      const { method, params, mac } = request;
      if (method !== "send" && method !== "send.tracked") return undefined;
      const text = String(params.text ?? "");
      const words = wordsOf(text);
      if (words.length === 0 || words.some(({ word }) => word === outside)) return undefined;
      const chat =
        params.chat_id === undefined ? chatOf(facts, request) : numberOf(mac, Number(params.chat_id));
      const inForce = facts.admitted.filter(
        (_, index) => (facts.admitted[index + 1]?.from ?? Number.POSITIVE_INFINITY) > facts.now - queueMs,
      );
      if (chat !== undefined && isConfiguredGroup(facts, chat)) {
        if (inForce.some(({ admission }) => admission.group)) return undefined;
        return `an answer goes to the group ${chat}, which no rule admits: ${text.slice(0, 60)}`;
      }
      const person = (chat === undefined ? undefined : facts.personOf.get(chat)) ?? String(params.to ?? "");
      if (person === "") return `an answer goes to chat ${chat}, which nobody knows`;
      const isApproved = facts.ledger.approvals.some((each) => each.mac === mac && each.handle === person);
      if (!inForce.some(({ admission }) => admits(admission, person, isApproved)))
        return `an answer goes to ${person}, whom no rule admits: ${text.slice(0, 60)}`;
      return optedOut(facts, person, mac, stopped);
    },
  };
}

function isConfiguredGroup({ groupIds }: Facts, chat: number): boolean {
  return [served, ...byMention].some((group) => groupIds[group] === placeOf(chat).id);
}

function optedOut(
  { state, now }: Facts,
  person: string,
  mac: number,
  stopped: Map<string, number>,
): string | undefined {
  if (person === owner) return undefined;
  const key = `${mac} ${person}`;
  const account = accounts[mac]!.id;
  const row = state.prepare("SELECT 1 FROM opt_out WHERE account = ? AND handle = ?").get(account, person);
  if (row === undefined) {
    stopped.delete(key);
    return undefined;
  }
  const since = stopped.get(key) ?? now;
  stopped.set(key, since);
  if (since > now - queueMs) return undefined;
  return `an answer goes to ${person}, who said STOP`;
}

function chatOf({ personOf, macs }: Facts, { params, mac }: Request): number | undefined {
  const named = params.chat_guid ?? params.chat_identifier;
  if (typeof named === "string") return numberOf(mac, macs[mac]!.chat(named).id);
  return [...personOf].find(([chat, handle]) => handle === params.to && placeOf(chat).mac === mac)?.[0];
}
