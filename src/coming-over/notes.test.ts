import { expect, it } from "vitest";
import type { Tree } from "../config/fitting/index.js";
import { notesOf } from "./notes.js";

const notes = (config: Tree, old: Tree = {}) =>
  notesOf({ config, old, dialect: "remoteclaw", droppedApprovals: 0 });

const imessage = { allowFrom: ["+15550100"], cliPath: "~/.openclaw/scripts/imsg-ssh" };

it("says who answers, who owns, and what still leads into the other system's folder", () => {
  const bare = notes({ channels: { imessage: { allowFrom: ["+15550100", "+15550101"] } } });
  expect(bare).toEqual([
    expect.stringMatching(/^The demo agent answers/),
    expect.stringMatching(/^Nobody is an owner/),
  ]);
  const agents = { defaults: { model: "anthropic/claude-x", workspace: "/home/kim/.openclaw/workspace" } };
  expect(notes({ channels: { imessage }, agents })).toEqual([
    expect.stringMatching(/^Keep the folder .* channels\.imessage\.cliPath, agents\.defaults\.workspace\.$/),
  ]);
});

it.each([
  [{ commands: { ownerAllowFrom: ["+15550100"] } }, true],
  [{ channels: { imessage: { allowFrom: ["*"] } } }, false],
  [{ channels: { imessage: { allowFrom: ["chat_id:4"] } } }, false],
  [{ channels: { imessage: { accounts: { a: { allowFrom: ["+15550100"] } } } } }, true],
])("knows whether %j names an owner", (config, has) => {
  expect(notes({ ...config, agents: { defaults: { model: "x/y" } } })).toHaveLength(has ? 0 : 1);
});
