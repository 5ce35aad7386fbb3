import type { Account } from "../config/index.js";
import { normalizeHandle } from "../conversation/index.js";
import type { MacClock } from "../inbound/index.js";
import type { Store } from "../store/index.js";
import type { KnownPeople } from "./replay.js";

/** Who is let in or has said STOP is taken from the state, where there is one; nothing is written to it. */
export async function knownPeople(
  store: Store | undefined,
  { id: account, region }: Pick<Account, "id" | "region">,
  clock: MacClock,
): Promise<KnownPeople> {
  const people = (await store?.pairing.approvals(account)) ?? [];
  const approved = new Set(people.map(({ handle }) => handle));
  const optedOut = (await store?.pairing.optedOut(account)) ?? [];
  const stopped = new Map(optedOut.map(({ handle, since }) => [handle, clock.theirs(since)]));
  const bound = (await store?.bindings.list(account)) ?? [];
  const bindings = new Map(bound.map((binding) => [binding.chatKey, binding]));
  return {
    approved: (handle) => approved.has(handle),
    owners: (await store?.pairing.owners(account)) ?? [],
    optedOutAt: (handle) => stopped.get(normalizeHandle(handle, region)),
    boundTo: (chatKeys) => bindings.get(chatKeys.find((key) => bindings.has(key)) ?? ""),
    sentAs: async (row) => store?.outbox.findSent(account, row),
  };
}
