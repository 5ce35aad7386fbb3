import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { expect, test } from "../../testing-vitest.js";

const address = "bot@example.com";
const text = "Tapback test zqx: text";
const at = "2026-11-02T08:00:00.000Z";
const guid = (last: number) => `6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F100${last}`;

/** What `tapback doctor --live --record` writes of a send to oneself: its row, the answer, and the row that came back. */
function recording(): string {
  const row = (id: number, fromMe: boolean) => ({
    id,
    guid: guid(id),
    chat_id: 4,
    chat_guid: `iMessage;-;${address}`,
    chat_identifier: address,
    chat_name: "",
    participants: [address],
    is_group: false,
    sender: address,
    is_from_me: fromMe,
    destination_caller_id: address,
    text,
    created_at: at,
    attachments: [],
    reactions: [],
  });
  const comes = (id: number, fromMe: boolean) => ({
    to: "gateway",
    frame: { jsonrpc: "2.0", method: "message", params: { subscription: 1, message: row(id, fromMe) } },
  });
  const head = {
    format: "tapback-live",
    version: 1,
    imsg: "0.9.0",
    privateApi: null,
    methods: ["send"],
    mark: "zqx",
    address,
    steps: [],
  };
  const asked = {
    to: "imsg",
    frame: { jsonrpc: "2.0", id: 9, method: "send", params: { to: address, text } },
  };
  const answered = {
    to: "gateway",
    frame: { jsonrpc: "2.0", id: 9, result: { ok: true, id: 1, guid: guid(1) } },
  };
  return [head, asked, comes(1, true), answered, comes(2, false)]
    .map((line) => JSON.stringify(line))
    .join("\n");
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "recording-"));
  // Worlds of others are none of these.
  vi.stubEnv("TMPDIR", folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await removeFolder(folder);
});

test("plays what a real Mac said, and the gateway knows its own words when they come back", async ({
  messagesWorld,
}) => {
  const replay = join(folder, "live.jsonl");
  writeFileSync(replay, recording());
  const asked: string[] = [];
  const world = await messagesWorld({ agents: { main: (turn) => void asked.push(turn.text) }, replay });
  expect(await world.replays()).toEqual([text]);
  expect(world.stories.sends).toMatchObject([{ text, guid: guid(1), state: "stored" }]);
  expect(world.stories.all.map(({ entry }) => [entry.row.rowId, entry.decision])).toMatchObject([
    [1, { kind: "drop", reason: "echo" }],
    [2, { kind: "drop", reason: "echo" }],
  ]);
  expect(asked).toEqual([]);
});

test.for([
  ["another form", '{"format":"other"}'],
  ["a line that is null", "null"],
  ["a frame that is null", `${recording()}null\n`],
  ["no JSON", "Hello"],
])("takes no file with %s, and leaves nothing behind", async ([, content], { messagesWorld }) => {
  const replay = join(folder, "other.jsonl");
  writeFileSync(replay, content!);
  await expect(messagesWorld({ agents: { main: () => "" }, replay })).rejects.toMatchObject({
    code: "RECORDING_INVALID",
  });
  expect(worldFolders()).toEqual([]);
});

test("leaves nothing behind of a Mac that is not played, or of a configuration that is wrong", async ({
  messagesWorld,
}) => {
  const agents = { main: () => "" };
  await expect(messagesWorld({ agents, mac: { version: "0.1.0" } })).rejects.toMatchObject({
    code: "SETTING_INVALID",
  });
  await expect(messagesWorld({ agents, config: { nobody: true } })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
  expect(worldFolders()).toEqual([]);
});

/** The folders of worlds that are there. */
function worldFolders(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith("tapback-world-"));
}
