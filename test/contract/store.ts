import { describe } from "vitest";
import { accountsContract } from "./store/accounts.js";
import { actionContract, deliveryContract } from "./store/actions.js";
import { agentsContract } from "./store/agents.js";
import { allowanceContract } from "./store/allowance.js";
import { asksContract } from "./store/asks.js";
import { Bench, type OpenStore } from "./store/bench.js";
import { cursorContract } from "./store/cursor.js";
import { draftsContract } from "./store/drafts.js";
import { errandsContract } from "./store/errands.js";
import { eventOrderContract } from "./store/event-order.js";
import { eventsContract } from "./store/events.js";
import { forgettingContract } from "./store/forgetting.js";
import { gateContract } from "./store/gate.js";
import { groupSessionsContract } from "./store/group-sessions.js";
import { growthContract } from "./store/growth.js";
import { inDoubtContract } from "./store/in-doubt.js";
import { journalContract } from "./store/journal.js";
import { latenessContract } from "./store/lateness.js";
import { longTurnsContract } from "./store/long-turns.js";
import { modelContract } from "./store/model.js";
import { neighbourContract } from "./store/neighbours.js";
import { outboxContract } from "./store/outbox.js";
import { peopleContract } from "./store/people.js";
import { retentionContract } from "./store/retention.js";
import { scheduleContract } from "./store/schedule.js";
import { tokenContract } from "./store/tokens.js";
import { trustContract } from "./store/trust.js";
import { turnsContract } from "./store/turns.js";
import { writesContract } from "./store/writes.js";

const parts: [name: string, contract: (bench: Bench) => void][] = [
  ["accounts", accountsContract],
  ["journal", journalContract],
  ["the cursor", cursorContract],
  ["retention", retentionContract],
  ["gate", gateContract],
  ["lateness", latenessContract],
  ["turns", turnsContract],
  ["what is left of a day", allowanceContract],
  ["long turns", longTurnsContract],
  ["sessions of groups", groupSessionsContract],
  ["outbox", outboxContract],
  ["a send in doubt", inDoubtContract],
  ["asks", asksContract],
  ["actions", actionContract],
  ["delivery", deliveryContract],
  ["pairing", peopleContract],
  ["what is known of a person", forgettingContract],
  ["schedule", scheduleContract],
  ["drafts", draftsContract],
  ["events", eventsContract],
  ["the order of events", eventOrderContract],
  ["tokens of the API", tokenContract],
  ["trust", trustContract],
  ["questions, bindings, usage", agentsContract],
  ["one of several", neighbourContract],
  ["a long history", growthContract],
  ["any sequence", modelContract],
  ["writes", writesContract],
];

/**
 * What every implementation of the store's contract must do.
 * @param open opens the state at a place; the same place is the same state, also for several stores at once
 * @param isTried which parts of it; absent: all
 */
export function storeContract(open: OpenStore, isTried: (part: string) => boolean = () => true): void {
  const bench = new Bench(open);
  for (const [name, contract] of parts) if (isTried(name)) describe(name, () => contract(bench));
}

/** What a store must do beside, that several processes share. */
export function sharedStoreContract(open: OpenStore): void {
  describe("what turns ask of other machines", () => errandsContract(new Bench(open)));
}
