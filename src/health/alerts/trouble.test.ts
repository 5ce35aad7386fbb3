import { expect, it } from "vitest";
import type { ErrorCode } from "../../platform/index.js";
import type { Stage } from "../stage.js";
import { type AccountHealth, troublesOf } from "./trouble.js";

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
