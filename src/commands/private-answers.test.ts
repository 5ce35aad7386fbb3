import { expect, it } from "vitest";
import { item, pairing, row } from "../../test/contract/store/bench.js";
import { CommandBench } from "../../test/support/command-bench.js";
import { groupMessage } from "../../test/support/message.js";
import type { GatewayControls } from "./contract.js";

const owner = "+15550100009";
const elsewhere = ["chat:88", "command", "The answer is for you alone: it is in your own chat with me."];
const sessions = {
  describe: async () => ({
    type: "acp" as const,
    agent: "codex",
    cwd: "/home/kim/secret",
    mode: "persistent",
  }),
  running: async () => [],
  folder: () => undefined,
} as unknown as GatewayControls["sessions"];

async function world() {
  const bench = await CommandBench.of({
    channels: { imessage: { allowFrom: [owner] } },
    commands: { ownerAllowFrom: [owner], config: true },
  });
  const [id] = await bench.store.journal.admit(await bench.claim(), [row(900)], "live", 1000);
  const handle = "+15550100777";
  const asked = { handle, code: "ABCDEFGH", requestedAt: 1, expiresAt: 9000, chatId: 9, text: "let me in" };
  const code = item("code", 9, { origin: "pairing" });
  const offer = { id: id!, decision: pairing, request: asked, reply: code, most: 3 };
  await bench.store.journal.offerPairing(await bench.claim(), offer, 1000);
  let rows = 0;
  const says = async (text: string, inGroup: boolean) => {
    const over = { text, rowId: ++rows, guid: `G-${rows}` };
    const message = inGroup ? groupMessage({ ...over, from: owner }) : row(rows, { ...over, from: owner });
    const name = text.slice(1).split(" ")[0]!;
    const sent = await bench.run(name, message, { isOwner: true }, { sessions });
    return sent.map(({ chatKey, origin, text }) => [chatKey, origin, text]);
  };
  return { says };
}

it.each([
  ["/pairing list", "let me in"],
  ["/pairing approve ABCDEFGH", "Approved +15550100777"],
  ["/pairing deny ABCDEFGH", "Denied +15550100777"],
  ["/config show", "ownerAllowFrom"],
  ["/config get commands.ownerAllowFrom", owner],
  ["/config unset no.such.key", "file"],
  ["/acp sessions", "There are no sessions."],
  ["/acp status", "/home/kim/secret"],
  ["/acp cwd /nowhere", "/nowhere is not a folder"],
])("answers %s of a group in the owner's own chat, and tells the group only so", async (text, part) => {
  const { says } = await world();
  const holds = expect.stringContaining(part);
  expect(await says(text, true)).toEqual([[`handle:${owner}`, "owner-notice", holds], elsewhere]);
});

it("answers in the chat itself where that is the owner's own, and what is for everybody", async () => {
  const { says } = await world();
  expect(await says("/pairing list", false)).toEqual([
    ["chat:7", "command", expect.stringContaining("let me in")],
  ]);
  expect(await says("/help", true)).toEqual([["chat:88", "command", expect.stringContaining("/pairing")]]);
  expect(await says("/pairing approve", true)).toEqual([
    ["chat:88", "command", expect.stringMatching(/^Usage/)],
  ]);
});
