import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { functionAgent } from "../../agents/index.js";
import { openDatabase } from "../../platform/index.js";
import { World } from "./world.js";

it.each(["0.9.0", "0.14.0", "0.15.10", "0.19.1"])(
  "answers within one process, on imsg %s",
  async (version) => {
    const folder = mkdtempSync(join(tmpdir(), "world-"));
    const world = new World({
      folder,
      mac: { version, bridge: true, sip: "disabled" },
      config: { channels: { imessage: { dmPolicy: "open", allowFrom: ["*"] } } },
      makeAgent: (definition, deps) => functionAgent(({ text }) => `You wrote: ${text}`, definition, deps),
    });
    await world.start();
    expect(await world.connected()).toBe(true);
    const { chatId } = world.mac.say({ from: "+15550100123", text: "Hello" });
    const texts = () => world.mac.transcript(chatId).map(({ text }) => text);
    expect(await world.clock.advanceUntil(() => texts().length > 1, 60_000)).toBe(true);
    expect(texts()).toEqual(["Hello", "You wrote: Hello"]);
    await world.stop();
    world.close();
    await removeFolder(folder);
  },
);

it("leads each account to a Mac of its own, with chats of the same numbers", async () => {
  const folder = mkdtempSync(join(tmpdir(), "world-"));
  const accounts = { one: {}, two: { cliPath: "imsg-two" } };
  const world = new World({
    folder,
    imsg: { moreMacs: ["imsg-two"] },
    config: { channels: { imessage: { accounts, dmPolicy: "open", allowFrom: ["*"] } } },
    makeAgent: (definition, deps) =>
      functionAgent(
        ({ envelope }) => `${envelope.accountId}: ${envelope.messages[0]?.text}`,
        definition,
        deps,
      ),
  });
  await world.start();
  expect(await world.connected()).toBe(true);
  const [first, second] = world.macs.map(({ mac }) => mac);
  const { chatId } = second!.say({ from: "+15550100123", text: "Hello" });
  expect(first!.say({ from: "+15550100124", text: "Hi" }).chatId).toBe(chatId);
  const texts = () => [first!, second!].map((mac) => mac.transcript(chatId).map(({ text }) => text));
  expect(await world.clock.advanceUntil(() => texts().every(({ length }) => length > 1), 60_000)).toBe(true);
  expect(texts()).toEqual([
    ["Hi", "one: Hi"],
    ["Hello", "two: Hello"],
  ]);
  world.close();
  await removeFolder(folder);
});

it("sends a file that waited when the process died", async () => {
  const folder = mkdtempSync(join(tmpdir(), "world-"));
  const path = join(folder, "answer.txt");
  writeFileSync(path, "an answer");
  const world = new World({
    folder,
    mac: { version: "0.9.0" },
    config: {
      channels: { imessage: { dmPolicy: "open", allowFrom: ["*"] } },
      agents: { list: [{ id: "main", workspace: folder }] },
    },
    makeAgent: (definition, deps) => functionAgent((turn) => void turn.say("", [path]), definition, deps),
  });
  await world.start();
  expect(await world.connected()).toBe(true);
  // No send is taken: the file waits.
  world.mac.fault({ kind: "error", method: "send" });
  const { chatId } = world.mac.say({ from: "+15550100123", text: "Send it" });
  const waiting = () => {
    const waits = openDatabase(join(world.stateDir, "state.db"), { readOnly: true });
    const found = waits.prepare("SELECT 1 FROM outbox WHERE file IS NOT NULL AND state <> 'stored'").get();
    waits.close();
    return found !== undefined;
  };
  expect(await world.clock.advanceUntil(waiting, 60_000)).toBe(true);
  world.die();
  world.mac.clearFaults();
  await world.start();
  const files = () => world.mac.transcript(chatId).flatMap(({ attachments }) => attachments);
  expect(await world.clock.advanceUntil(() => files().length > 0, 600_000)).toBe(true);
  world.close();
  await removeFolder(folder);
});
