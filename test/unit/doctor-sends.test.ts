import { expect, it } from "vitest";
import { checkSends } from "../../src/doctor/sends.js";
import { openStore, type SendOutcome } from "../../src/store/index.js";
import { Bench, item } from "../contract/store/bench.js";

const bench = new Bench(openStore);

const failure = {
  code: "APPLESCRIPT_FAILED",
  message: "Messages refused the script: AppleEvent handler failed. (-10000)",
} as const;

/** What the doctor says after sends that became this, each in a chat of its own. */
async function afterSends(...outcomes: SendOutcome[]) {
  const { store, claim } = await bench.claimed();
  for (const [index, outcome] of outcomes.entries()) {
    await store.outbox.add("default", { ...item("ok"), chatKey: `chat:${index}` }, 1000 + index);
    const [taken] = await store.outbox.take(claim, 1, 2000 + index);
    await store.outbox.settle(taken!.claim, outcome, 3000 + index);
  }
  return checkSends({ stateDir: bench.folder }, ["default"]);
}

const said = expect.stringContaining("AppleEvent handler failed. (-10000)");
const remedy = expect.stringMatching(/\w/);

it("tells of what waits because its send fails", async () => {
  const retry = { state: "retry", dueAt: 1e12, error: failure } as const;
  const [found] = await afterSends({ state: "stored" }, retry, retry);
  expect(found).toMatchObject({ check: "sends/default", level: "fail", detail: said, remedy });
  expect(found?.detail).toContain("2 messages cannot be sent since ");
});

it("tells since when sends have failed, until one lands", async () => {
  const lost = { state: "not_sent", error: failure } as const;
  const [found] = await afterSends(lost, { state: "stored" }, lost, { state: "unknown", error: failure });
  expect(found).toMatchObject({ level: "warn", detail: said, remedy });
  expect(found?.detail).toContain("2 messages failed since ");
});

it("is content when the last send landed", async () => {
  const lost = { state: "not_sent", error: failure } as const;
  expect(await afterSends(lost, { state: "stored" })).toMatchObject([
    { level: "ok", detail: expect.stringContaining("landed") },
  ]);
});

it("takes what our own rules hold up for no failure of sends", async () => {
  const refused = { code: "RECIPIENT_REFUSED", message: "no rule admits chat:1" } as const;
  const paced = { code: "PACED", message: "held back" } as const;
  expect(
    await afterSends(
      { state: "stored" },
      { state: "not_sent", error: refused },
      { state: "retry", dueAt: 1e12, error: paced },
    ),
  ).toMatchObject([{ level: "ok", detail: expect.stringContaining("landed") }]);
});

it("says that nothing was sent yet", async () => {
  expect(await afterSends()).toMatchObject([{ level: "ok", detail: "nothing sent yet" }]);
});
