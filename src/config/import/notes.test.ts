import { expect, it } from "vitest";
import { notesOf } from "./notes.js";

const imessage = { allowFrom: ["+15550100"], cliPath: "~/.openclaw/scripts/imsg-ssh" };

it("says who answers, who owns, and what still leads into the other system's folder", () => {
  const bare = notesOf({ channels: { imessage: { allowFrom: ["+15550100", "+15550101"] } } }, []);
  expect(bare).toEqual([
    expect.stringMatching(/^The demo agent answers/),
    expect.stringMatching(/^Nobody is an owner/),
  ]);
  const agents = { defaults: { model: "anthropic/claude-x", workspace: "/home/kim/.openclaw/workspace" } };
  expect(notesOf({ channels: { imessage }, agents }, ["KEY"])).toEqual([
    expect.stringMatching(/^Set KEY for the gateway/),
    expect.stringMatching(/^Keep the folder .* channels\.imessage\.cliPath, agents\.defaults\.workspace\.$/),
  ]);
});

it.each([
  [{ commands: { ownerAllowFrom: ["+15550100"] } }, true],
  [{ channels: { imessage: { allowFrom: ["*"] } } }, false],
  [{ channels: { imessage: { allowFrom: ["chat_id:4"] } } }, false],
  [{ channels: { imessage: { accounts: { a: { allowFrom: ["+15550100"] } } } } }, true],
])("knows whether %j names an owner", (config, has) => {
  const notes = notesOf({ ...config, agents: { defaults: { model: "x/y" } } }, []);
  expect(notes).toHaveLength(has ? 0 : 1);
});
