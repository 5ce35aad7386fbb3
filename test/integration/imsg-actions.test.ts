import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ImsgBridge } from "../../src/bridge/index.js";
import { openSimulator, type Settings } from "../../src/simulator.js";
import { simulatorPath } from "../faults/harness/gateway-process.js";
import { until } from "../fixtures/fake-imsg.js";
import { ImsgHere } from "../support/imsg-here.js";
import { removeFolder } from "../support/remove-folder.js";

const mia = "+15550100123";
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A live bridge over a world with one direct chat and one group. */
async function live(settings: Partial<Settings>, oldBuild = false) {
  const folder = mkdtempSync(join(tmpdir(), "actions-"));
  const world = openSimulator(folder, { record: true, ...settings });
  const said = world.say({ from: mia, text: "hello" });
  const group = world.group([mia, "+15550100124"], { name: "Trip" });
  world.say({ from: mia, chat: group.id, text: "hi all" });
  const env = { ...process.env, IMSG_SIM_HOME: folder };
  const imsg = new ImsgHere(folder);
  const command = {
    cliPath: oldBuild ? withoutMethodList(folder) : simulatorPath,
    dbPath: world.dbPath,
    start: (args: readonly string[], cliPath: string) => imsg.start(args, cliPath, env),
  };
  const bridge = new ImsgBridge(command, {
    subscription: { resumeFrom: async () => 1000 },
    events: { row: () => {}, malformed: () => {}, state: () => {} },
  });
  closing.push(async () => {
    await bridge.stop();
    world.close();
    await removeFolder(folder);
  });
  bridge.start();
  await until(() => expect(bridge.state).toBe("live"));
  const chat = { id: said.chatId, guid: said.chatGuid };
  const calls = () =>
    world
      .requests()
      .map((request) => request.method ?? (request.argv as string[] | undefined)?.[0])
      .filter(
        (name) =>
          ![
            "chats.list",
            "watch.subscribe",
            "initialize",
            "bridge.events.subscribe",
            "status",
            "rpc",
          ].includes(String(name)),
      );
  return { world, bridge, said, chat, group: { id: group.id, guid: group.guid }, calls };
}

/** A program that says of itself what builds before 0.9 say: no version, no list of methods. */
function withoutMethodList(folder: string): string {
  const status = `{"basic_features":true,"advanced_features":true,"v2_ready":true,"bridge_version":2,"selectors":{},"message":"Connected"}`;
  const path = join(folder, "old-imsg");
  writeFileSync(
    path,
    `#!/bin/sh\nif [ "$1" = status ]; then echo '${status}'; else exec "${simulatorPath}" "$@"; fi\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

describe("actions over imsg", () => {
  it("does each over RPC where the build lists its methods", async () => {
    const { world, bridge, said, chat, group, calls } = await live({ version: "0.14.0", bridge: true });
    const { actions } = bridge;
    // It told so itself when it was greeted.
    expect(actions.capabilities()).toMatchObject({ version: "0.14.0", perMethod: true });
    expect(await actions.act("react", chat, { message: said.guid, reaction: "love", remove: false })).toEqual(
      { state: "done", facts: {} },
    );
    expect(actions.capabilities()?.privateApi.available).toBe(true);
    const sent = await bridge.send({
      target: { kind: "chat_id", chatId: chat.id },
      text: "boo",
      effect: "com.apple.messages.effect.CKConfettiEffect",
      strict: true,
    });
    if (!sent.ok) throw sent.error;
    const guid = sent.value.guid!;
    expect(await actions.act("edit", chat, { message: guid, text: "boo!" })).toMatchObject({ state: "done" });
    expect(await actions.act("unsend", chat, { message: guid })).toMatchObject({ state: "done" });
    expect(await actions.act("renameGroup", group, { name: "Rome" })).toMatchObject({
      state: "done",
    });
    expect(await actions.act("poll", group, { question: "When?", options: ["Mon", "Tue"] })).toMatchObject({
      state: "done",
      facts: { guid: expect.any(String) },
    });
    expect(await actions.typing(chat, true)).toMatchObject({ state: "done" });
    expect(await actions.read(chat)).toMatchObject({ state: "done" });
    expect(await actions.sendStatus(guid)).toMatchObject({
      state: "done",
      facts: { state: "delivered", downgraded: false },
    });
    expect(calls()).toEqual([
      "tapback",
      "send.rich",
      "message.edit",
      "message.unsend",
      "group.rename",
      "poll.send",
      "typing",
      "read",
      "message.send_status",
    ]);
    expect(world.transcript(chat.id).some(({ text }) => text === "boo!")).toBe(false);
  });

  it("uses the commands of builds that list no methods, and neither typing nor read receipts", async () => {
    const { bridge, said, chat, calls } = await live({ version: "0.9.0", bridge: true }, true);
    const { actions } = bridge;
    expect(await actions.act("react", chat, { message: said.guid, reaction: "like", remove: false })).toEqual(
      {
        state: "done",
        facts: { guid: expect.any(String) },
      },
    );
    expect(actions.capabilities()?.perMethod).toBe(false);
    const target = { kind: "chat_id", chatId: chat.id } as const;
    const sent = await bridge.send({ target, text: "in a thread", replyTo: said.guid, strict: true });
    expect(sent).toMatchObject({ ok: true, value: { guid: expect.any(String) } });
    expect(await actions.typing(chat, true)).toMatchObject({ state: "unsupported", missing: "method" });
    expect(await actions.read(chat)).toMatchObject({ state: "unsupported", missing: "method" });
    expect(calls()).toEqual(["tapback", "send-rich"]);
  });

  it("puts any emoji on a message where the build sends them, under a key of its own", async () => {
    const { world, bridge, said, chat } = await live({ version: "0.19.1", bridge: true, watchHoldMs: 20 });
    const react = (reaction: string) =>
      bridge.actions.act("react", chat, { message: said.guid, reaction, remove: false });
    expect(await react("🎉")).toMatchObject({ state: "done" });
    expect(world.requests().find(({ method }) => method === "tapback")?.params).toMatchObject({
      emoji: "🎉",
    });
    expect(await react("love")).toMatchObject({ state: "done" });
    world.set({ selectors: "basic" });
    await bridge.actions.probe();
    for (const ability of ["edit", "unsend", "poll"] as const)
      expect(await bridge.actions.support(ability)).toMatchObject({ supported: false, missing: "selector" });
    for (const ability of ["react", "typing", "tracked"] as const)
      expect(await bridge.actions.support(ability)).toEqual({ supported: true });
    world.set({ readOnly: true });
    expect(await react("like")).toMatchObject({
      state: "failed",
      error: { code: "READ_ONLY", disposition: "not_sent" },
    });
  });

  it("tracks no text to a chat of SMS, which its GUID does not tell on macOS 26", async () => {
    const settings = { version: "0.15.10", bridge: true, guidPrefix: "any", watchHoldMs: 20 } as const;
    const { world, bridge, said, calls } = await live(settings);
    const sms = world.say({ from: "+15550100789", text: "by SMS", service: "SMS" });
    expect(sms.chatGuid).toBe("any;-;+15550100789");
    const send = (chatId: number) =>
      bridge.send({ target: { kind: "chat_id", chatId }, text: "hi", attemptId: randomUUID() });
    expect(await send(sms.chatId)).toMatchObject({
      ok: false,
      error: { code: "ACTION_UNAVAILABLE", disposition: "not_sent" },
    });
    expect(calls()).toEqual(["chats.get"]);
    expect(await send(said.chatId)).toMatchObject({ ok: true });
    expect(calls()).toEqual(["chats.get", "chats.get", "send.tracked"]);
    // A chat that cannot be looked up is left to imsg.
    world.fault({ kind: "error", method: "chats.get", times: 1 });
    expect(await send(said.chatId)).toMatchObject({ ok: true });
    expect(calls().slice(3)).toEqual(["chats.get", "send.tracked"]);
  });

  it.each(["0.13.0", "0.19.1"])(
    "shares the account's name and photo where imsg %s offers it",
    async (version) => {
      const { world, bridge, chat, calls } = await live({ version, bridge: true, sip: "disabled" });
      const { actions } = bridge;
      expect(await actions.support("offersContact")).toEqual({ supported: true });
      expect(await actions.offersContact(chat)).toEqual({ state: "done", facts: { offers: false } });
      world.set({ namePhoto: true });
      expect(await actions.offersContact(chat)).toEqual({ state: "done", facts: { offers: true } });
      expect(await actions.shareContact(chat)).toEqual({ state: "done", facts: {} });
      expect(await actions.offersContact(chat)).toEqual({ state: "done", facts: { offers: false } });
      const [first, second] = ["contacts.shouldShareContact", "contacts.shareContactCard"];
      expect(calls()).toEqual([first, first, second, first]);
    },
  );

  it("asks an imsg that cannot share a name and photo for nothing", async () => {
    const { bridge, chat, calls } = await live({ version: "0.10.0", bridge: true, sip: "disabled" });
    expect(await bridge.actions.support("shareContact")).toMatchObject({ missing: "method" });
    expect(await bridge.actions.offersContact(chat)).toMatchObject({ state: "unsupported" });
    expect(await bridge.actions.shareContact(chat)).toMatchObject({ state: "unsupported" });
    expect(calls()).toEqual([]);
  });

  it("does nothing while the bridge is down, and notices when it comes up", async () => {
    const { world, bridge, said, chat, calls } = await live({ version: "0.9.0" });
    const { actions } = bridge;
    expect(
      await actions.act("react", chat, { message: said.guid, reaction: "love", remove: false }),
    ).toMatchObject({
      state: "unsupported",
      missing: "bridge",
    });
    expect(calls()).toEqual([]);
    world.set({ bridge: true, sip: "disabled" });
    expect((await actions.probe())?.privateApi.available).toBe(true);
    expect(
      await actions.act("react", chat, { message: said.guid, reaction: "love", remove: false }),
    ).toMatchObject({ state: "done" });
  });

  it("doubts what it knew after a failure: the next look tells the truth", async () => {
    const { world, bridge, said, chat } = await live({ version: "0.14.0", bridge: true });
    const { actions } = bridge;
    await actions.probe();
    world.fault({ kind: "bridge-lost", ms: 20 });
    const lost = await actions.act("react", chat, { message: said.guid, reaction: "love", remove: false });
    expect(lost).toMatchObject({
      state: "failed",
      error: { code: "BRIDGE_TIMEOUT", disposition: "unknown" },
    });
    await until(() => expect(actions.capabilities()?.privateApi.available).toBe(false));
    world.clearFaults();
    await actions.probe();
    expect(
      await actions.act("react", chat, { message: said.guid, reaction: "love", remove: false }),
    ).toMatchObject({ state: "done" });
  });

  it("sends the text when an extra that was only wished for cannot be had", async () => {
    const { world, bridge, said, chat } = await live({ version: "0.9.0" });
    const target = { kind: "chat_id", chatId: chat.id } as const;
    await bridge.actions.probe();
    const wish = { target, text: "plain", replyTo: said.guid, runs: [] };
    expect(await bridge.send(wish)).toMatchObject({ ok: true });
    expect(await bridge.send({ ...wish, text: "no", strict: true })).toMatchObject({
      ok: false,
      error: { code: "BRIDGE_UNAVAILABLE", disposition: "not_sent" },
    });
    expect(world.transcript(chat.id).map(({ text }) => text)).toEqual(["hello", "plain"]);
  });

  it.each([
    ["0.9.0", true, false],
    ["0.13.0", true, true],
    ["0.13.0", false, false],
  ])("hands styles over only where they show: imsg %s, bridge %s", async (version, up, styled) => {
    const { world, bridge, chat } = await live({ version, bridge: up });
    const runs = [{ start: 0, length: 4, styles: ["bold" as const] }];
    const target = { kind: "chat_id", chatId: chat.id } as const;
    await bridge.send({ target, text: "bold", runs });
    await bridge.actions.probe();
    await bridge.send({ target, text: "bold", runs });
    const sends = world.requests().filter(({ method }) => method === "send") as { params: object }[];
    expect(sends.map(({ params }) => "text_formatting" in params)).toEqual([styled, styled]);
  });
});
