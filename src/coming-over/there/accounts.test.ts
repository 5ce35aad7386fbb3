import { describe, expect, it } from "vitest";
import type { Tree } from "../../config/fitting/index.js";
import { accountsThere, idThere } from "./accounts.js";
import { traitsOf } from "./traits.js";

const openclaw = traitsOf("openclaw", { block: {}, path: [], kind: "imessage" });
const remoteclaw = traitsOf("remoteclaw", { block: {}, path: [], kind: "imessage" });
const ids = (tree: Tree, traits = openclaw) => accountsThere(tree, traits).map(({ id }) => id);
const one = (tree: Tree, id: string, traits = openclaw) =>
  accountsThere(tree, traits).find((account) => account.id === id);

it.each([
  ["home", "home"],
  [" Home ", "home"],
  ["WORK_2-b", "work_2-b"],
  ["my phone!", "my-phone"],
  ["--a.b--", "a-b"],
  ["Büro", "b-ro"],
  ["!!", undefined],
  ["", undefined],
  ["x".repeat(70), "x".repeat(64)],
])("compares the id %j as %j", (written, id) => {
  expect(idThere(written)).toBe(id);
});

describe("the accounts that were served", () => {
  it("are those that are written, else the channel itself", () => {
    expect(ids({})).toEqual(["default"]);
    expect(ids({ accounts: {} })).toEqual(["default"]);
    expect(ids({ accounts: { "": {} } })).toEqual(["default"]);
    expect(ids({ accounts: { Home: {}, work: {} } })).toEqual(["home", "work"]);
    expect(ids({ accounts: { home: {}, "!!": {} } })).toEqual(["home", "default"]);
  });

  it.each([
    ["a cliPath", { cliPath: "/opt/imsg" }, true],
    ["a dbPath", { dbPath: "/x" }, true],
    ["blank paths", { cliPath: " ", dbPath: "" }, false],
    ["null", { cliPath: null, dbPath: undefined }, false],
    ["no text", { cliPath: 5 }, true],
  ])("have the default beside them where the channel has %s, in OpenClaw alone", (_, paths, isThere) => {
    const tree = { ...paths, accounts: { home: {} } };
    expect(ids(tree)).toEqual(isThere ? ["home", "default"] : ["home"]);
    expect(ids(tree, remoteclaw)).toEqual(["home"]);
  });

  it("are each id once, the first", () => {
    const tree = { cliPath: "x", accounts: { default: { name: "own" } } };
    expect(ids(tree)).toEqual(["default"]);
    expect(one(tree, "default")?.settings).toEqual({ cliPath: "x", name: "own" });
    expect(ids({ accounts: { home: {}, HOME: {} } })).toEqual(["home"]);
  });

  it("are not those that are off, by themselves or with the channel", () => {
    expect(ids({ accounts: { a: { enabled: false }, b: { enabled: true } } })).toEqual(["b"]);
    expect(ids({ enabled: false, accounts: { a: {}, b: { enabled: true } } })).toEqual([]);
    expect(ids({ enabled: true, accounts: { a: { enabled: false } } })).toEqual([]);
  });

  it("take what is the channel's where they say nothing, and never its accounts", () => {
    const tree = { name: "all", allowFrom: ["x"], accounts: { a: { allowFrom: ["y"] }, b: {} } };
    expect(one(tree, "a")?.settings).toEqual({ name: "all", allowFrom: ["y"] });
    expect(one(tree, "b")?.settings).toEqual({ name: "all", allowFrom: ["x"] });
  });

  it("find their settings in whatever case in OpenClaw, and later by their id alone", () => {
    const tree = { accounts: { Home: { name: "own" } } };
    expect(one(tree, "home")?.settings).toEqual({ name: "own" });
    expect(one(tree, "home", remoteclaw)?.settings).toEqual({});
    const both = { accounts: { Home: { name: "other" }, home: { name: "own" } } };
    expect(one(both, "home")?.settings).toEqual({ name: "own" });
    expect(one({ accounts: { "my phone": { name: "own" } } }, "my-phone")?.settings).toEqual({});
  });

  it("take the channel's groups where they have none, or an empty list alone in OpenClaw", () => {
    const groups = { "7": {} };
    const groupsOf = (accounts: Tree, traits = openclaw) => one({ groups, accounts }, "a", traits)?.groups;
    expect(groupsOf({ a: {} })).toEqual(groups);
    expect(groupsOf({ a: {}, b: {} })).toEqual(groups);
    expect(groupsOf({ a: { groups: { "8": {} } } })).toEqual({ "8": {} });
    expect(groupsOf({ a: { groups: {} } })).toEqual(groups);
    expect(groupsOf({ a: { groups: {} } }, remoteclaw)).toEqual({});
    expect(groupsOf({ a: { groups: {} }, b: {} })).toEqual({});
    expect(groupsOf({ a: { groups: null } })).toEqual({});
  });
});
