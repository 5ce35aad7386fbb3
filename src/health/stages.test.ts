import { expect, it } from "vitest";
import type { BridgeHealth } from "../bridge/index.js";
import { bridgeTimes } from "../bridge/index.js";
import { stagesOf } from "./stages.js";

const health: BridgeHealth = {
  state: "live",
  pid: 7,
  answeredAt: 0,
  liveAt: 0,
  databaseAt: 0,
  restarts: 0,
  malformed: 0,
};
const nothing = {
  incident: undefined,
  version: undefined,
  lastSend: undefined,
  lastAgent: undefined,
  stall: undefined,
  skew: undefined,
  delay: undefined,
  addressesLost: undefined,
  waiting: undefined,
  store: {},
};
const rpcAt = (at: number, more: Partial<BridgeHealth>) =>
  stagesOf({ ...nothing, at, health: { ...health, ...more } }).find(({ name }) => name === "rpc");

it("names a child that does not answer within 30 s, also while a slow send is waited for", () => {
  expect(rpcAt(19_000, { waitingSince: 0 })).toMatchObject({ ok: true });
  expect(rpcAt(29_000, { waitingSince: 0 })).toMatchObject({
    ok: false,
    detail: "imsg has not answered for 29 s",
  });
});

it("does not take a child for silent that answers others while a slow tapback is waited for", () => {
  expect(rpcAt(149_000, { waitingSince: 0, answeredAt: 140_000 })).toMatchObject({ ok: true });
});

it("names a subscription that is silent while the database grows, with what to do", () => {
  const stall = { at: 5, rows: 2 };
  const watch = stagesOf({ ...nothing, at: 9, health, stall }).find(({ name }) => name === "watch");
  expect(watch).toMatchObject({ ok: false, remedy: expect.stringContaining("imsg watch") });
});

it("says since when conversations wait for a session, and that it is broken only after long", () => {
  const agentAt = (more: object) =>
    stagesOf({ ...nothing, at: 9, health, ...more }).find(({ name }) => name === "agent");
  const waiting = { since: 0, chats: 2, isLong: false };
  const detail = "2 conversations wait for an attached session since 1970-01-01T00:00:00.000Z";
  expect(agentAt({ waiting })).toMatchObject({ ok: true, detail, remedy: null });
  expect(agentAt({ waiting: { ...waiting, isLong: true } })).toMatchObject({
    ok: false,
    remedy: expect.stringContaining("tapback channel"),
  });
  const error = { code: "AGENT_FAILED", message: "it failed" };
  expect(agentAt({ waiting, lastAgent: { at: 1, error } })).toMatchObject({ ok: false, detail: "it failed" });
});

it("names an address that the account lost, with where to look", () => {
  const stages = stagesOf({ ...nothing, at: 0, health, addressesLost: 0 });
  expect(stages.find(({ name }) => name === "addresses")).toMatchObject({
    ok: false,
    remedy: expect.stringContaining("Settings, iMessage"),
  });
});

it("tells from a minute on how far the Mac's clock is from ours, and breaks nothing by it", () => {
  const clockAt = (ms: number) =>
    stagesOf({ ...nothing, at: 0, health, skew: { ms, at: 0 } }).find(({ name }) => name === "clock");
  expect(clockAt(59_000)).toBeUndefined();
  expect(clockAt(-20 * 60_000)).toMatchObject({
    ok: true,
    detail: expect.stringContaining("20 minutes behind this machine's"),
  });
});

it("finds no fault in a child that nothing is asked of", () => {
  expect(rpcAt(3_600_000, {})).toMatchObject({ ok: true });
});

it("asks a silent child soon enough to replace it within 30 s", () => {
  expect(bridgeTimes.heartbeatMs + bridgeTimes.answerMs).toBeLessThan(30_000);
});

it("names messages that come late as a rule, with what helps", () => {
  const arrivalOf = (delay: { ms: number; at: number } | undefined) =>
    stagesOf({ ...nothing, at: 0, health, delay }).find(({ name }) => name === "arrival");
  expect(arrivalOf(undefined)).toBeUndefined();
  expect(arrivalOf({ ms: 12 * 60_000, at: 0 })).toMatchObject({
    ok: false,
    detail: expect.stringContaining("up to 12 minutes late"),
    remedy: expect.stringContaining("docs/deployment/local-mac.md"),
  });
});
