import { expect, it } from "vitest";
import { item, pairing, row } from "../../../test/contract/store/bench.js";
import { CommandBench } from "../../../test/support/command-bench.js";
import { approveRequest } from "./approve.js";

const guest = "+15550100123";

/** @returns whether the first sender who is approved is an owner then */
async function becomesOwner(rest: object): Promise<boolean> {
  const bench = await CommandBench.of({ channels: { imessage: {} }, ...rest });
  const { store } = bench;
  const claim = await bench.claim();
  const [id] = await store.journal.admit(claim, [row(900)], "live", 1000);
  const request = { handle: guest, code: "ABCDEFGH", requestedAt: 1, expiresAt: 9000, chatId: 9, text: "hi" };
  const reply = item("code", 9, { origin: "pairing" });
  await store.journal.offerPairing(claim, { id: id!, decision: pairing, request, reply, most: 3 }, 1000);
  const [asked] = await store.pairing.pending(2000, "default");
  const { owner } = await approveRequest(store, asked!, { at: 2000, config: bench.config });
  expect(await store.pairing.owners("default")).toEqual(owner ? [guest] : []);
  return owner;
}

it.each<[string, object, boolean]>([
  ["no list of owners", {}, true],
  ["an empty list of owners", { commands: { ownerAllowFrom: [] } }, false],
  ["an owner", { commands: { ownerAllowFrom: ["+15550100001"] } }, false],
])(
  "the first one who is approved becomes an owner, or not, beside %s (behaviour 3.3)",
  async (_, rest, owner) => {
    expect(await becomesOwner(rest)).toBe(owner);
  },
);
