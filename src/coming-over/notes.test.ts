import { expect, it } from "vitest";
import type { Tree } from "../config/fitting/index.js";
import { type NoteOptions, notesOf } from "./notes.js";

const notes = (config: Tree, hasOwner: boolean, old: Tree = {}) =>
  notesOf({ config, old, dialect: "remoteclaw", hasOwner, droppedApprovals: 0 });

const imessage = { allowFrom: ["+15550100"], cliPath: "~/.openclaw/scripts/imsg-ssh" };

it("says who answers, who owns, and what still leads into the other system's folder", () => {
  const bare = { channels: { imessage: {} } };
  expect(notes(bare, false)).toEqual([
    expect.stringMatching(/^The demo agent answers/),
    expect.stringMatching(/^Nobody is an owner .* whoever was in allowFrom was one/),
  ]);
  expect(notes(bare, false, { commands: { ownerAllowFrom: [] } })).toContainEqual(
    expect.stringMatching(/^Nobody is an owner .* commands\.ownerAllowFrom named nobody/),
  );
  expect(notes(bare, true)).toHaveLength(1);
  const agents = { defaults: { model: "anthropic/claude-x", workspace: "/home/kim/.openclaw/workspace" } };
  expect(notes({ channels: { imessage }, agents }, true)).toEqual([
    expect.stringMatching(/^Keep the folder .* channels\.imessage\.cliPath, agents\.defaults\.workspace\.$/),
  ]);
});

const said = (config: Tree, more: Partial<NoteOptions> = {}) =>
  notesOf({
    // Neither of these is told of here: who answers, and who owns.
    config: {
      agents: { defaults: { model: "x/y" } },
      ...config,
    },
    old: { messages: { queue: {} } },
    dialect: "openclaw",
    hasOwner: true,
    droppedApprovals: 0,
    ...more,
  });
const on = { catchup: { enabled: true } };

it("says that catch-up is off, of OpenClaw, which had it", () => {
  const missed = [expect.stringContaining("channels.imessage.catchup.enabled")];
  expect(said({ channels: { imessage: {} } })).toEqual(missed);
  expect(said({ channels: { imessage: { catchup: { enabled: false } } } })).toEqual(missed);
  expect(said({ channels: { imessage: on } })).toEqual([]);
  expect(said({})).toEqual([]);
  expect(said({ channels: { imessage: {} } }, { dialect: "remoteclaw" })).toEqual([]);
});

it("says what comes during a turn, of OpenClaw where nothing was said of it", () => {
  const during = [expect.stringContaining('messages.queue.mode "steer"')];
  const channels = { imessage: on };
  expect(said({ channels }, { old: {} })).toEqual(during);
  expect(said({ channels }, { old: { messages: { queue: { mode: "collect" } } } })).toEqual([]);
  expect(said({}, { old: {} })).toEqual([]);
  expect(said({ channels }, { old: {}, dialect: "clawdbot" })).toEqual([]);
});

it.each<[Tree, boolean]>([
  [{ groups: { "7": { requireMention: true } } }, true],
  [{ groups: { "7": {}, "*": { requireMention: true } } }, true],
  [{ groups: { "7": { requireMention: false } } }, false],
  [{ groups: { "7": {} } }, false],
  [{ groupPolicy: "disabled", groups: { "7": { requireMention: true } } }, false],
  [{ groupPolicy: "open", accounts: { a: {}, b: { groups: { "7": { requireMention: true } } } } }, true],
  [{ accounts: { a: { groupPolicy: "disabled", groups: { "7": { requireMention: true } } } } }, false],
])("says what counts as a mention where one is asked for: %j (%s)", (block, isAsked) => {
  const told = said({ channels: { imessage: { ...on, ...block } } });
  expect(told).toEqual(isAsked ? [expect.stringContaining("counts as a mention")] : []);
});

it.each([
  [0, []],
  [1, [expect.stringMatching(/^One sender who was .* once is not taken over/)]],
  [2, [expect.stringMatching(/^2 senders who were .* once are not taken over/)]],
])("counts approvals that are not taken over: %d", (droppedApprovals, told) => {
  expect(said({}, { droppedApprovals })).toEqual(told);
});

it.each<[Tree | undefined, boolean]>([
  [undefined, true],
  [{ defaults: { model: "x/y" } }, false],
  [{ list: [] }, true],
  [{ list: [{ id: "a", model: "x/y" }] }, false],
  [{ list: [{ id: "a", runtime: { type: "acp" } }] }, false],
  [{ list: [{ id: "a", model: "x/y" }, { id: "b" }] }, true],
  [{ defaults: { model: "x/y" }, list: [{ id: "b" }] }, false],
])("says that the demo agent answers with %j (%s)", (agents, isDemo) => {
  expect(said({ agents })).toEqual(isDemo ? [expect.stringMatching(/^The demo agent/)] : []);
});

it("names what leads into the folder of each system", () => {
  const folders = (path: string) =>
    said({ agents: { defaults: { model: "x/y" }, list: [{ id: "a", model: "x/y", workspace: path }] } });
  for (const path of ["~/.openclaw/w", "/h/.remoteclaw/w", "/h/.clawdbot/w"])
    expect(folders(path)).toEqual([expect.stringContaining("into it lead agents.list.0.workspace.")]);
  for (const path of ["~/.tapback/w", "/openclaw/w", "/h/.openclawx/w"]) expect(folders(path)).toEqual([]);
});
