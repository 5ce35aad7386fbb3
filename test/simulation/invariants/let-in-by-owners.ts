import { accounts, macOfAccount, owner } from "../cast.js";
import { placeOf } from "../numbers.js";
import type { Facts, Invariant } from "./invariant.js";

/** A code of pairing, as a stranger is shown it (behaviour 3.3). */
const offered = /^Your pairing code: ([A-HJ-NP-Z2-9]{8})$/m;

/** Nobody is approved but by an owner, and a code goes once, to who asked (behaviour 3.3). */
export function letInByOwners(): Invariant {
  const shownTo = new Map<string, string>();
  return {
    name: "nobody is let in but by an owner",
    step({ fresh, ledger, personOf }: Facts) {
      for (const { text, chatId, id } of fresh) {
        const code = offered.exec(text)?.[1];
        if (code === undefined) continue;
        const person = personOf.get(chatId);
        if (person === undefined || person === owner) return `row ${id} shows a code in chat ${chatId}`;
        const before = shownTo.get(code);
        if (before !== undefined) return `the code ${code} goes to ${person}, and went to ${before}`;
        shownTo.set(code, person);
        ledger.codes.push({ mac: placeOf(chatId).mac, code, handle: person });
      }
      return undefined;
    },
    end({ state, ledger }: Facts) {
      for (const { account, handle } of state.prepare("SELECT account, handle FROM approval").all()) {
        const mac = macOfAccount(String(account));
        if (!ledger.approvals.some((each) => each.mac === mac && each.handle === handle))
          return `${handle} is approved for ${accounts[mac]?.id}, and no owner said so`;
      }
      return undefined;
    },
  };
}
