import { expect, it } from "vitest";
import { item, pairing, row } from "../../../test/contract/store/bench.js";
import { CommandBench } from "../../../test/support/command-bench.js";
import { parseConfig } from "../../config/index.js";
import { approveRequest } from "./approve.js";
import { type FirstOwner, firstOwnerIn } from "./first-owner.js";

const guest = "+15550100123";

/** @returns whether the first sender who is approved is an owner then, and what is said of it */
async function approved(rest: object, untold = false): Promise<{ owner: boolean; report: string[] }> {
  const bench = await CommandBench.of({ channels: { imessage: {} }, ...rest });
  const { config } = bench;
  const { store } = bench;
  const claim = await bench.claim();
  const [id] = await store.journal.admit(claim, [row(900)], "live", 1000);
  const request = { handle: guest, code: "ABCDEFGH", requestedAt: 1, expiresAt: 9000, chatId: 9, text: "hi" };
  const reply = item("code", 9, { origin: "pairing" });
  await store.journal.offerPairing(claim, { id: id!, decision: pairing, request, reply, most: 3 }, 1000);
  const [asked] = await store.pairing.pending(2000, "default");
  const firstOwner = firstOwnerIn(untold ? undefined : config, "default");
  const { owner, report } = await approveRequest(store, asked!, { at: 2000, config, firstOwner });
  expect(await store.pairing.owners("default")).toEqual(owner ? [guest] : []);
  return { owner, report };
}

it.each<[string, object, boolean]>([
  ["no list of owners", {}, true],
  ["an empty list of owners", { commands: { ownerAllowFrom: [] } }, false],
  ["an owner", { commands: { ownerAllowFrom: ["+15550100001"] } }, false],
])(
  "the first one who is approved becomes an owner, or not, beside %s (behaviour 3.3)",
  async (_, rest, owner) => {
    expect((await approved(rest)).owner).toBe(owner);
  },
);

it("nobody becomes an owner where no configuration is found that may name owners, which is said", async () => {
  const { owner, report } = await approved({}, true);
  expect(owner).toBe(false);
  expect(report.join("\n")).toContain("`tapback pair --owner`");
  expect((await approved({ commands: { ownerAllowFrom: [] } })).report.join("\n")).not.toContain(
    "pair --owner",
  );
});

const two = `{ channels: { imessage: { accounts: { work: {}, home: { allowFrom: ["${guest}"] } } } } }`;

it.each<[string, string, FirstOwner]>([
  ["{}", "default", "untold"],
  ["{ channels: { imessage: {} } }", "default", "yes"],
  ["{ channels: { imessage: { enabled: false } } }", "default", "yes"],
  ["{ channels: { imessage: {} } }", "work", "untold"],
  [two, "default", "untold"],
  [two, "work", "yes"],
  [two, "home", "no"],
])(
  "%s says of the account %s whether the first sender becomes its owner: %s",
  async (source, account, first) => {
    const parsed = await parseConfig(source);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    expect(firstOwnerIn(parsed.value.config, account)).toBe(first);
  },
);
