import { expect, it } from "vitest";
import { alertScenario } from "./harness/alert-scenario.js";
import { askScenario } from "./harness/ask-scenario.js";
import { draftScenario } from "./harness/draft-scenario.js";
import { eventScenario } from "./harness/event-scenario.js";
import { limitScenario } from "./harness/limit-scenario.js";
import { listenScenario } from "./harness/listen-scenario.js";
import { playSeeds, seedsOf } from "./harness/matrix.js";
import { pairingScenario, scheduleScenario, shutdownScenario } from "./harness/side-scenarios.js";
import { webhookScenario } from "./harness/webhook-scenario.js";

const seeds = seedsOf(20);

// Commits 1 to 3 of a gateway are its start; those that follow here are the scenario's.
it.each([
  ["a pairing", "pairing.offered:1", pairingScenario],
  ["a pairing", "outbox.sent:1", pairingScenario],
  ["a pairing", "store.commit:5", pairingScenario],
  ["a pairing", "store.committed:5", pairingScenario],
  ["a scheduled message", "schedule.released:1", scheduleScenario],
  ["what is scheduled", "schedule.released:2", scheduleScenario],
  ["a scheduled message", "outbox.taken:2", scheduleScenario],
  ["a scheduled message", "outbox.sent:2", scheduleScenario],
  ["a draft", "turn.ended:1", draftScenario],
  ["a draft", "outbox.taken:1", draftScenario],
  ["a draft", "outbox.sent:1", draftScenario],
  ["a draft", "store.commit:9", draftScenario],
  ["a draft", "store.committed:9", draftScenario],
  ["a question", "question.asked:1", askScenario],
  ["a question", "question.answered:1", askScenario],
  ["a question", "outbox.sent:1", askScenario],
  ["a question", "store.commit:7", askScenario],
  ["a question", "store.committed:7", askScenario],
  ["a vote", "question.voted:1", askScenario],
  ["a vote", "question.settled:1", askScenario],
  ["a limit of a day", "turn.admitted:2", limitScenario],
  ["a limit of a day", "turn.admitted:3", limitScenario],
  ["a limit of a day", "store.commit:9", limitScenario],
  ["a limit of a day", "store.committed:9", limitScenario],
  ["an alert", "alert.due:1", alertScenario],
  ["the end of an alert", "alert.due:2", alertScenario],
  ["an alert", "alert.told:1", alertScenario],
  ["the log of events", "store.commit:6", eventScenario],
  ["the log of events", "store.committed:6", eventScenario],
  ["the log of events", "inbound.decided:1", eventScenario],
  ["the log of events", "turn.ended:1", eventScenario],
  ["the log of events", "outbox.sent:1", eventScenario],
  ["a webhook", "webhook.taken:1", webhookScenario],
  ["a webhook", "webhook.taken:4", webhookScenario],
  ["a webhook", "store.commit:7", webhookScenario],
  ["a webhook", "store.committed:7", webhookScenario],
  ["a group that is read along", "store.commit:8", listenScenario],
  ["a group that is read along", "store.committed:8", listenScenario],
  ["a group that is read along", "turn.claimed:1", listenScenario],
  ["a group that is read along", "turn.ended:1", listenScenario],
  ["an orderly end", "account.intake-stopped:1", shutdownScenario],
  ["an orderly end", "turn.stopped:1", shutdownScenario],
  ["an orderly end", "account.released:1", shutdownScenario],
] as const)("%s survives a death at %s", async (_, point, scenario) => {
  const { crashes, problems } = await playSeeds(point, seeds, 3, scenario);
  expect(problems).toEqual([]);
  expect(crashes).toBeGreaterThan(seeds.length / 2);
});
