import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSimulator, type Simulator } from "../simulator.js";
import { openPlace } from "../world/place.js";
import { openWorld, type World } from "../world/world.js";
import { methodOf } from "./catalogue.js";
import { localCall } from "./local-call.js";

let folder: string;
let simulator: Simulator;
let world: World;
let group: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sent-"));
  writeFileSync(join(folder, "there.png"), "a picture");
  symlinkSync(join(folder, "there.png"), join(folder, "link.png"));
});
afterEach(() => {
  world.close();
  simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function begin(version: string, bridge = true): void {
  simulator = openSimulator(folder, { version, bridge, sip: "disabled" });
  world = openWorld({ place: openPlace({ home: folder, env: {} }) });
  group = simulator.group(["+15550100123", "sam@example.com"]).id;
}

const ask = async (method: string, params: object) =>
  methodOf(world, method)!.run(localCall(world, method, { chat_id: group, ...params }));
const texts = () => simulator.transcript(group).map(({ text, event }) => event ?? text);
const notStarted = { code: -32603, data: { disposition: "not_started", retry_safe: true } };

it.each(["missing.png", "link.png", "."])(
  "starts nothing with the file %s that cannot be staged",
  async (name) => {
    begin("0.15.10");
    const file = join(folder, name);
    for (const [method, params] of [
      ["send", { file }],
      ["send", { file, text: "with it" }],
      ["send", { file, text: "with it", transport: "applescript" }],
      ["send.attachment", { file }],
      ["send.rich", { file }],
      ["group.setIcon", { file }],
    ] as const)
      await expect(ask(method, params), method).rejects.toMatchObject(notStarted);
    expect(texts()).toEqual([]);
    await ask("send", { file: join(folder, "there.png"), text: "with it" });
    await ask("group.setIcon", { file: join(folder, "there.png") });
    expect(texts()).toEqual(["with it", "changed the picture"]);
  },
);

it("starts no reply to what cannot be threaded, by no other way either", async () => {
  begin("0.15.10");
  for (const method of ["send", "send.rich", "poll.send"]) {
    const params = { text: "x", question: "x", options: ["a", "b"], reply_to: "NOBODY" };
    await expect(ask(method, params), method).rejects.toMatchObject({
      ...notStarted,
      data: { detail: "Could not resolve reply thread; message was not sent" },
    });
  }
  expect(texts()).toEqual([]);
});

it("says so in a text before 0.14.0, where a lost thread is no error", async () => {
  begin("0.13.0");
  const told = { code: -32603, data: expect.stringMatching(/^Attachment not found/) };
  const missing = join(folder, "missing.png");
  await expect(
    ask("send", { file: missing, text: "with it", transport: "applescript" }),
  ).rejects.toMatchObject(told);
  await expect(ask("send.attachment", { file: missing })).rejects.toMatchObject(told);
  expect(texts()).toEqual([]);
  await ask("send", { text: "plain", reply_to: "NOBODY" });
  expect(texts()).toEqual(["plain"]);
});
