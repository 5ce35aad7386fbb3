import { expect, it } from "vitest";
import { Bench, item } from "../../../test/contract/store/bench.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { OwnerNotices } from "../../outbound/index.js";
import { openStore, type SendOutcome } from "../../store/index.js";
import { tellUntoldEnds } from "./untold-ends.js";

const bench = new Bench(openStore);
const hourMs = 3600_000;

it("tells of sends that ended badly before a crash, each once, and of nothing else", async () => {
  const { store, claim } = await bench.claimed();
  const clock = new FakeClock();
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const owners = async () => new Set(["+15550100999"]);
  const notices = new OwnerNotices({ store, clock, log, owners });
  const end = async (text: string, outcome: SendOutcome, ago: number, chatId = 7) => {
    await store.outbox.add("default", item(text, chatId), clock.now() - ago - 1);
    const [taken] = await store.outbox.take(claim, 1, clock.now() - ago, () => true);
    await store.outbox.settle(taken!.claim, outcome, clock.now() - ago);
  };
  const unknown = { state: "unknown" as const, error: { code: "OUTCOME_UNKNOWN" as const, message: "gone" } };
  const refused = {
    state: "not_sent" as const,
    error: { code: "CHAT_NOT_FOUND" as const, message: "no chat" },
  };
  await end("long ago", unknown, hourMs + 1);
  await end("fine", { state: "stored", guid: "S", rowId: 1 }, 1000);
  await end("first", unknown, 2000);
  await end("second", unknown, 1000, 8);
  await end("third", refused, 1000, 9);
  const stopped = { code: "STOPPED" as const, message: "somebody stopped it" };
  await end("stopped", { state: "not_sent", error: stopped }, 1000, 10);
  await end("stopped on its way", { state: "unknown", error: stopped }, 1000, 11);
  const told = async () =>
    (await store.outbox.list({ account: "default", limit: 20 }))
      .filter(({ origin }) => origin === "owner-notice")
      .map(({ text }) => text)
      .reverse();
  await tellUntoldEnds("default", { store, clock, notices });
  await expect.poll(async () => (await told()).length).toBe(4);
  expect(await told()).toEqual([
    expect.stringContaining("chat_id:7 is not known"),
    expect.stringContaining("chat_id:8 is not known"),
    expect.stringContaining("chat_id:9 was not sent: no chat"),
    expect.stringContaining("chat_id:11 is not known: somebody stopped it"),
  ]);
  // Whatever was told before the process died is not told again.
  await clock.advance(60_000);
  await tellUntoldEnds("default", { store, clock, notices });
  await new Promise((resolve) => setImmediate(resolve));
  await store.toDisk();
  expect(await told()).toHaveLength(4);
});
