import { expect, it } from "vitest";
import { Bench, item } from "../../test/contract/store/bench.js";
import { openStore } from "../store/index.js";
import { sentMessage } from "./sent-message.js";

const bench = new Bench(openStore);

it("finds a message by its number or its GUID, in its own account alone", async () => {
  const { store, claim } = await bench.claimed();
  const id = await store.outbox.add("default", item("one"), 1000);
  await store.outbox.add("other", item("theirs"), 1000);
  const [taken] = await store.outbox.take(claim, 1, 1000);
  await store.outbox.settle(taken!.claim, { state: "stored", guid: "GUID-9", rowId: 9 }, 1000);
  expect((await sentMessage(store, "default", String(id))).text).toBe("one");
  expect((await sentMessage(store, "default", "GUID-9")).text).toBe("one");
  for (const [account, message] of [
    ["other", String(id)],
    ["other", "GUID-9"],
    ["default", "99"],
    ["default", "GUID"],
    ["default", "9"],
  ] as const)
    await expect(sentMessage(store, account, message), `${account} ${message}`).rejects.toMatchObject({
      code: "MESSAGE_UNKNOWN",
    });
});
