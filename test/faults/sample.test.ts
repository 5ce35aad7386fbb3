import { expect, it, vi } from "vitest";
import { casesOf } from "../support/cases.js";
import { askScenario } from "./harness/ask-scenario.js";
import { draftScenario } from "./harness/draft-scenario.js";
import { eventScenario } from "./harness/event-scenario.js";
import { type Cell, planOfCell } from "./harness/fault-matrix.js";
import { playSeeds } from "./harness/matrix.js";
import { play } from "./harness/scenario.js";
import { pairingScenario, shutdownScenario } from "./harness/side-scenarios.js";
import { sideBySide } from "./harness/wait.js";
import { webhookScenario } from "./harness/webhook-scenario.js";

// A busy machine starts a gateway in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });

// A sample of `npm run test:faults`, which plays every point with every fault, and with 20 seeds.
it("loses and doubles nothing wherever the gateway dies and whatever goes wrong", async () => {
  const sample: Cell[] = [
    { point: "outbox.taken", fault: "Messages claims what a dead child published", version: "0.15.10" },
    { point: "outbox.sent", fault: "a send that lands is not answered", version: "0.19.1" },
    { point: "inbound.admitted", fault: "rows join their chat late", version: "0.9.0" },
  ];
  const played = await sideBySide(casesOf(sample, 2), 3, (cell) => play(planOfCell(cell, 1)));
  expect(played.flatMap(({ problems }) => problems)).toEqual([]);
});

it("loses and doubles nothing in a random scenario", { tags: ["long"] }, async () => {
  expect((await playSeeds("store.commit", [6], 1)).problems).toEqual([]);
});

it("offers one code and answers once when the gateway dies during a pairing", {
  tags: ["long"],
}, async () => {
  expect((await playSeeds("pairing.offered:1", [1], 1, pairingScenario)).problems).toEqual([]);
});

it("asks once and sends once what an owner says yes to, when the gateway dies at the decision", {
  tags: ["long"],
}, async () => {
  expect((await playSeeds("draft.decided:1", [1], 1, draftScenario)).problems).toEqual([]);
});

it("goes on with the answer to what an agent asks, when the gateway dies over a vote", {
  tags: ["long"],
}, async () => {
  expect((await playSeeds("question.voted:1", [1], 1, askScenario)).problems).toEqual([]);
});

it("tells each change that was kept once, when the gateway dies around a commit", {
  tags: ["long"],
}, async () => {
  expect(await playSeeds("store.committed:6", [1], 1, eventScenario)).toEqual({ crashes: 1, problems: [] });
});

it("tells a webhook each event under one id, when the gateway dies between a delivery and its commit", {
  tags: ["long"],
}, async () => {
  const { crashes, problems } = await playSeeds("webhook.taken:2", [1], 1, webhookScenario);
  expect({ crashes, problems }).toEqual({ crashes: 1, problems: [] });
});

it("takes up what an orderly end could not finish", { tags: ["long"] }, async () => {
  expect((await playSeeds("turn.stopped:1", [1], 1, shutdownScenario)).problems).toEqual([]);
});
