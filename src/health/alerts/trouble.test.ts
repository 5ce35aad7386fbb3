import { expect, it } from "vitest";
import type { ErrorCode } from "../../platform/index.js";
import type { Stage } from "../stage.js";
import { type AccountHealth, troublesOf, unknownOf } from "./trouble.js";

const names = [
  "ssh",
  "child",
  "rpc",
  "database",
  "watch",
  "agent",
  "sends",
  "store",
  "clock",
  "arrival",
  "addresses",
] as const;

/** An account whose stages of these names are broken. */
function account(broken: readonly Stage["name"][], more: Partial<AccountHealth> = {}): AccountHealth {
  const stages = names.map((name): Stage => {
    const ok = !broken.includes(name);
    return { name, ok, provenAt: null, detail: `${name} is ${ok}`, remedy: ok ? null : `mend ${name}` };
  });
  return { id: "default", stages, sendError: undefined, privateApi: undefined, ...more };
}

const kinds = (...of: Parameters<typeof troublesOf>) =>
  troublesOf(...of).map(({ kind, account, detail }) => [kind, account, detail]);
const none = new Set<string>();

it.each<[Stage["name"], ErrorCode | undefined, string[]]>([
  ["ssh", undefined, ["messages"]],
  ["child", undefined, ["messages"]],
  ["rpc", undefined, ["messages"]],
  ["database", undefined, ["messages"]],
  ["watch", undefined, ["messages"]],
  ["addresses", undefined, ["addresses"]],
  ["store", undefined, ["state"]],
  ["sends", "SERVICE_UNAVAILABLE", ["sending"]],
  ["sends", "MESSAGES_NOT_RUNNING", ["sending"]],
  ["sends", "PERMISSION_AUTOMATION", ["sending"]],
  // One message's own failure, and what can be told in Messages.
  ["sends", "CHAT_NOT_FOUND", []],
  ["sends", undefined, []],
  ["agent", undefined, []],
  ["clock", undefined, []],
  ["arrival", undefined, []],
])("makes of a broken stage %s (%s) the troubles %j", (name, sendError, expected) => {
  expect(troublesOf([account([name], { sendError })], none).map(({ kind }) => kind)).toEqual(expected);
});

it("names the first stage that is broken, with its remedy, and the gateway's own once", () => {
  const both = [account(["child", "rpc", "watch", "store"]), account(["store"], { id: "work" })];
  expect(troublesOf(both, none)).toEqual([
    { kind: "state", detail: "store is false", remedy: "mend store" },
    { kind: "messages", account: "default", detail: "child is false", remedy: "mend child" },
  ]);
});

it("misses the private API only where it was there, and imsg tells that it is gone", () => {
  const gone = { privateApi: { available: false, message: "not injected", remedy: "imsg launch" } };
  const had = new Set(["default"]);
  expect(kinds([account([], gone)], had)).toEqual([["private-api", "default", "not injected"]]);
  expect(kinds([account([], gone)], none)).toEqual([]);
  expect(kinds([account([], gone)], new Set(["work"]))).toEqual([]);
  expect(kinds([account([])], had)).toEqual([]);
  expect(kinds([account(["child"], gone)], had)).toEqual([["messages", "default", "child is false"]]);
});

it("knows nothing of sends before one landed, nor of the private API while imsg is away or has not told", () => {
  const told = { privateApi: { available: true, message: "injected" } };
  const sent = (health: AccountHealth): AccountHealth => ({
    ...health,
    stages: health.stages.map((stage) => ({ ...stage, provenAt: "2026-11-30T10:00:00.000Z" })),
  });
  const unknown = (health: AccountHealth) => unknownOf([health]).map(({ kind }) => kind);
  expect(unknown(sent(account([], told)))).toEqual([]);
  expect(unknown(account([], told))).toEqual(["sending"]);
  // A failure of one message alone is no proof that another one lands.
  expect(unknown(sent(account(["sends"], { ...told, sendError: "CHAT_NOT_FOUND" })))).toEqual(["sending"]);
  expect(unknown(sent(account(["child"], told)))).toEqual(["private-api"]);
  expect(unknown(sent(account([])))).toEqual(["private-api"]);
  expect(unknownOf([account([]), sent(account([], { ...told, id: "work" }))])).toEqual([
    { kind: "sending", account: "default" },
    { kind: "private-api", account: "default" },
  ]);
  expect(unknownOf([])).toEqual([{ kind: "state" }]);
});

it("has a lost address count for a day from when Messages told of it", () => {
  const lost = account(["addresses"]);
  const stages = lost.stages.map((stage) => ({ ...stage, provenAt: "2026-11-30T10:00:00.000Z" }));
  expect(troublesOf([{ ...lost, stages }], none)).toMatchObject([
    { kind: "addresses", until: Date.parse("2026-12-01T10:00:00.000Z") },
  ]);
});
