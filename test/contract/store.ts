import { describe } from "vitest";
import { accountsContract } from "./store/accounts.js";
import { actionContract, deliveryContract } from "./store/actions.js";
import { agentsContract } from "./store/agents.js";
import { allowanceContract } from "./store/allowance.js";
import { asksContract } from "./store/asks.js";
import { Bench, type OpenStore } from "./store/bench.js";
import { draftsContract } from "./store/drafts.js";
import { eventsContract } from "./store/events.js";
import { forgettingContract } from "./store/forgetting.js";
import { gateContract } from "./store/gate.js";
import { groupSessionsContract } from "./store/group-sessions.js";
import { growthContract } from "./store/growth.js";
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

/**
 * What every implementation of the store's contract must do.
 * @param open opens the state at a place; the same place is the same state, also for several stores at once
 */
export function storeContract(open: OpenStore): void {
  const bench = new Bench(open);
  describe("accounts", () => accountsContract(bench));
  describe("journal", () => journalContract(bench));
  describe("retention", () => retentionContract(bench));
  describe("gate", () => gateContract(bench));
  describe("lateness", () => latenessContract(bench));
  describe("turns", () => turnsContract(bench));
  describe("what is left of a day", () => allowanceContract(bench));
  describe("long turns", () => longTurnsContract(bench));
  describe("sessions of groups", () => groupSessionsContract(bench));
  describe("outbox", () => outboxContract(bench));
  describe("asks", () => asksContract(bench));
  describe("actions", () => actionContract(bench));
  describe("delivery", () => deliveryContract(bench));
  describe("pairing", () => peopleContract(bench));
  describe("what is known of a person", () => forgettingContract(bench));
  describe("schedule", () => scheduleContract(bench));
  describe("drafts", () => draftsContract(bench));
  describe("events", () => eventsContract(bench));
  describe("tokens of the API", () => tokenContract(bench));
  describe("trust", () => trustContract(bench));
  describe("questions, bindings, usage", () => agentsContract(bench));
  describe("one of several", () => neighbourContract(bench));
  describe("a long history", () => growthContract(bench));
  describe("any sequence", () => modelContract(bench));
  describe("writes", () => writesContract(bench));
}
