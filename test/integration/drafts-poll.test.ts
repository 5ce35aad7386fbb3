import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { functionAgent } from "../../src/agents/index.js";
import { World } from "../../src/testing/index.js";
import { removeFolder } from "../support/remove-folder.js";

vi.setConfig({ testTimeout: 240_000 });

const owner = "+15550100999";
const mia = "+15550100123";

let close = async () => {};
afterEach(() => close());

/** A gateway on a Mac with polls, whose answers wait for the owner, in virtual time. */
async function reviewing() {
  const folder = mkdtempSync(join(tmpdir(), "drafts-poll-"));
  const world = new World({
    folder,
    mac: { version: "0.19.1", bridge: true, sip: "disabled", names: { [mia]: "Mia Wong" } },
    config: {
      channels: { imessage: { dmPolicy: "open", allowFrom: ["*"], review: "on" } },
      commands: { ownerAllowFrom: [owner] },
      session: { dmScope: "per-peer" },
    },
    makeAgent: (definition, deps) =>
      functionAgent(
        ({ envelope }) => `re: ${envelope.messages.map(({ text }) => text).join(" ")}`,
        definition,
        deps,
      ),
  });
  close = async () => {
    world.close();
    await removeFolder(folder);
  };
  await world.start();
  expect(await world.connected()).toBe(true);
  const { chatId: own } = world.mac.say({ from: owner, text: "hello" });
  const { chatId: hers } = world.mac.say({ from: mia, text: "hello" });
  const from = (chat: number) => world.mac.transcript(chat).filter((row) => row.from === "me");
  const polls = () => from(own).filter(({ poll }) => poll !== undefined);
  const until = async (isSo: () => boolean) =>
    expect([await world.clock.advanceUntil(isSo, 120_000), from(own), from(hers)]).toMatchObject([
      true,
      {},
      {},
    ]);
  await until(() => from(own).some(({ text }) => text === "re: hello") && polls().length === 1);
  return { world, own, hers, from, polls, until };
}

it("asks by a poll where the build has polls, and takes the vote for the decision", async () => {
  const { world, own, hers, from, polls, until } = await reviewing();
  expect(from(own).map(({ text }) => text)).toContain("To Mia Wong: re: hello");
  expect(polls()[0]!.poll).toEqual({ question: "Send this to Mia Wong?", options: ["Send", "Drop"] });
  world.mac.vote(owner, polls()[0]!.guid, "Send");
  await until(() => from(hers).length === 1);
  expect(from(hers).map(({ text }) => text)).toEqual(["re: hello"]);
  world.mac.say({ from: mia, text: "and now?" });
  await until(() => polls().length === 2);
  world.mac.vote(owner, polls()[1]!.guid, "Drop");
  await until(() => from(own).some(({ text }) => text === "Dropped: nothing goes to Mia Wong."));
  expect(from(hers)).toHaveLength(1);
  // A number, and better words in reply to what was shown, do the same.
  world.mac.say({ from: mia, text: "third" });
  await until(() => polls().length === 3);
  const shown = from(own).find(({ text }) => text === "To Mia Wong: re: third")!;
  world.mac.say({ from: owner, text: "Ask me tomorrow.", replyTo: shown.guid });
  await until(() => from(hers).length === 2);
  expect(from(hers)[1]!.text).toBe("Ask me tomorrow.");
});
