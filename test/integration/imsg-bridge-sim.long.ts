import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  type BridgeIncident,
  ImsgBridge,
  type ImsgBridgeOptions,
  probe,
  supports,
} from "../../src/bridge/index.js";
import type { MessageRow } from "../../src/conversation/index.js";
import { openSimulator, type Settings, simulatorProgram } from "../../src/simulator.js";
import { until } from "../fixtures/fake-imsg.js";
import { removeFolder } from "../support/remove-folder.js";

const mia = "+15550100123";
const target = { kind: "handle", handle: mia, service: "auto" } as const;
const closing: (() => Promise<void>)[] = [];

function start(settings: Partial<Settings>, more: Partial<ImsgBridgeOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "bridge-sim-"));
  const world = openSimulator(folder, settings);
  const first = world.say({ from: mia, text: "before everything" }).id;
  const rows: MessageRow[] = [];
  const incidents: BridgeIncident[] = [];
  const malformed: string[] = [];
  const command = { cliPath: simulatorProgram(), dbPath: world.dbPath };
  const bridge = new ImsgBridge(command, {
    subscription: {
      resumeFrom: async () => Math.max(first, ...rows.map((row) => row.rowId)),
      debounceMs: 20,
    },
    ...more,
    times: { firstMs: 5, longestMs: 50, subscribeAgainMs: 20, ...more.times },
    events: {
      row: (row) => rows.push(row),
      malformed: (problem) => malformed.push(problem.detail),
      state: (_state, incident) => {
        if (incident !== undefined) incidents.push(incident);
      },
    },
  });
  closing.push(async () => {
    await bridge.stop();
    world.close();
    await removeFolder(folder);
  });
  const live = () => until(() => expect(bridge.state).toBe("live"));
  const texts = () => rows.filter((row) => !row.fromMe).map((row) => row.text);
  return { world, bridge, rows, incidents, malformed, live, texts };
}

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe.each(["0.9.0", "0.13.0", "0.14.0"])("the bridge with imsg %s", (version) => {
  it("hears, speaks, and looks back", async () => {
    const { world, bridge, rows, live } = start({ version });
    bridge.start();
    await live();
    const said = world.say({ from: mia, text: "Are you\u2028there? 🎉" });
    world.tapback(mia, said.guid, "love");
    await until(() => expect(rows).toHaveLength(2));
    expect(rows[0]).toMatchObject({
      rowId: said.id,
      guid: said.guid,
      sender: mia,
      fromMe: false,
      text: "Are you\u2028there? 🎉",
      chat: { id: said.chatId, isGroup: false },
    });
    expect(rows[1]?.tapback).toEqual({ kind: "love", emoji: "❤️", added: true, targetGuid: said.guid });
    const sent = await bridge.send({ target: { kind: "chat_id", chatId: said.chatId }, text: "yes" });
    expect(sent).toMatchObject({ ok: true, value: { transport: "applescript" } });
    await until(() => expect(rows.at(-1)).toMatchObject({ fromMe: true, text: "yes" }));
    expect(await bridge.chats(10)).toMatchObject([{ id: said.chatId, participants: [mia] }]);
    const history = await bridge.history({ chatId: said.chatId, limit: 2, attachments: true });
    expect(history.map((row) => row.text)).toEqual(["yes", "Are you\u2028there? 🎉"]);
    expect((await bridge.newestRow())?.rowId).toBe(rows.at(-1)?.rowId);
    expect(bridge.health()).toMatchObject({ restarts: 0, malformed: 0 });
  });

  it.each([
    [-1743, "PERMISSION_AUTOMATION"],
    [-1728, "CHAT_NOT_FOUND"],
    [-600, "MESSAGES_NOT_RUNNING"],
    [-1712, "MESSAGES_TIMEOUT"],
  ])("tells Apple's error %s apart", async (error, code) => {
    const { world, bridge, live } = start({ version });
    world.fault({ kind: "send-error", error });
    bridge.start();
    await live();
    const result = await bridge.send({ target, text: "x" });
    expect(result).toMatchObject({ ok: false, error: { code, hint: expect.any(String) } });
    // 0.14 knows better than the text where it answers with a disposition of its own.
    if (version !== "0.14.0")
      expect(result).toMatchObject({ error: { disposition: error === -1712 ? "unknown" : "not_sent" } });
  });

  it("does not call a send safe to repeat when the child died with it", async () => {
    const { world, bridge, live, texts } = start({ version });
    world.fault({ kind: "die", method: "send", times: 1, code: 9 });
    bridge.start();
    await live();
    expect(await bridge.send({ target, text: "x" })).toMatchObject({
      ok: false,
      error: { code: "CHILD_EXITED", disposition: "unknown" },
    });
    world.say({ from: mia, text: "written meanwhile" });
    await until(() => expect(texts()).toEqual(["written meanwhile"]));
  });

  it("comes back when the permission is given", async () => {
    const { world, bridge, incidents, live } = start({ version });
    world.fault({ kind: "permission-denied" });
    bridge.start();
    await until(() => expect(incidents.length).toBeGreaterThan(1));
    expect(incidents.filter(({ first }) => first)).toHaveLength(1);
    expect(incidents[0]?.error.code).toBe("PERMISSION_FULL_DISK_ACCESS");
    world.clearFaults();
    await live();
  });

  it("loses nothing over deaths, noise and early notifications", async () => {
    const { world, bridge, live, texts, incidents } = start({ version });
    world.fault(
      { kind: "early-notification" },
      { kind: "garbage-line", probability: 0.5, seed: 1 },
      { kind: "stderr-noise", lines: 500 },
      { kind: "half-line", method: "chats.list", times: 3, code: 3 },
    );
    bridge.start();
    const wanted: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      await live();
      for (let i = 0; i < 20; i += 1) {
        wanted.push(`round ${round}, ${i}`);
        world.say({ from: mia, text: wanted.at(-1)! });
      }
      await bridge.chats(1).catch(() => {});
    }
    await until(() => expect(texts().length).toBeGreaterThanOrEqual(wanted.length));
    expect([...new Set(texts())]).toEqual(wanted);
    expect(incidents.length).toBeGreaterThanOrEqual(3);
  });
});

describe("the private API", () => {
  it.each(["0.9.0", "0.14.0"])("is probed, and acted through, with imsg %s", async (version) => {
    const { world, bridge, rows, live } = start({ version, bridge: true, sip: "disabled" });
    const command = {
      cliPath: simulatorProgram(),
      env: { ...process.env, IMSG_SIM_HOME: world.folder },
    };
    const found = await probe(command, 20_000);
    expect(found).toMatchObject({ version: { value: version }, rpc: { ok: true } });
    if (!found.status.ok) throw found.status.error;
    const status = found.status.value;
    const wanted = ["send.rich", "tapback", "message.edit", "message.unsend", "group.rename"] as const;
    for (const method of wanted) expect([method, supports(status, method).supported]).toEqual([method, true]);

    bridge.start();
    await live();
    const group = world.group([mia, "+15550100456"], { name: "Climbing" });
    const said = world.say({ from: mia, text: "who is in?", chat: group.id });
    await until(() => expect(rows.map((row) => row.guid)).toContain(said.guid));
    const key = { chat_id: said.chatId };
    await bridge.call("tapback", { ...key, message_id: said.guid, reaction: "like" });
    await until(() =>
      expect(rows.at(-1)).toMatchObject({ fromMe: true, tapback: { kind: "like", targetGuid: said.guid } }),
    );
    const sent = await bridge.call("send.rich", { ...key, text: "me", reply_to: said.guid, dd_scan: false });
    const guid = sent.guid ?? "";
    await until(() => expect(rows.at(-1)).toMatchObject({ guid, replyTo: { guid: said.guid } }));
    await bridge.call("message.edit", { ...key, message_id: guid, text: "me too" });
    expect((await bridge.history({ chatId: said.chatId, limit: 1 }))[0]?.text).toBe("me too");
    await bridge.call("message.unsend", { ...key, message_id: guid });
    expect((await bridge.history({ chatId: said.chatId, limit: 1 }))[0]?.text).toBe("");
    await bridge.call("group.rename", { ...key, name: "Climbing 2026" });
    await bridge.call("typing", { ...key, typing: true });
    await bridge.call("read", key);
    await expect(
      bridge.call("tapback", { ...key, message_id: "NONE", reaction: "like" }),
    ).rejects.toMatchObject({ code: "MESSAGE_NOT_FOUND" });
  });

  it("is named as missing, with its remedy", async () => {
    const { bridge, live } = start({ version: "0.9.0" });
    bridge.start();
    await live();
    await expect(
      bridge.call("tapback", { chat_id: 1, message_id: "X", reaction: "like" }),
    ).rejects.toMatchObject({
      code: "BRIDGE_UNAVAILABLE",
      disposition: "not_sent",
      hint: expect.stringContaining("imsg launch"),
    });
  });
});

describe("the bridge with Messages of macOS 26", () => {
  it("knows a ghost row for what it is: not sent", async () => {
    const { world, bridge, live } = start({ version: "0.9.0" });
    const group = world.group([mia, "+15550100456"], { name: "Climbing" });
    world.say({ from: mia, text: "hello all", chat: group.id });
    world.fault({ kind: "ghost-row" });
    bridge.start();
    await live();
    expect(
      await bridge.send({
        target: { kind: "chat_id", chatId: group.id },
        text: "x",
        transport: "applescript",
      }),
    ).toMatchObject({ ok: false, error: { code: "GHOST_ROW", disposition: "not_sent", retryable: false } });
  });

  it("takes a row without a chat as it is", async () => {
    const { world, bridge, rows, live } = start({ version: "0.9.0" });
    world.fault({ kind: "late-join", ms: 2000 });
    bridge.start();
    await live();
    world.say({ from: mia, text: "too early" });
    await until(() => expect(rows).toHaveLength(1));
    expect(rows[0]).toMatchObject({ text: "too early", chat: { id: 0, guid: "", participants: [] } });
  });
});

it("loses nothing when a subscription overflows while rows are held back", async () => {
  const { world, bridge, texts, live } = start({ version: "0.19.1", watchHoldMs: 100 });
  world.fault({ kind: "overflow", lines: 2, times: 3 });
  bridge.start();
  await live();
  const said = Array.from({ length: 12 }, (_, index) => `m${index}`);
  for (const text of said) world.say({ from: mia, text });
  await until(() => expect(new Set(texts())).toEqual(new Set(said)));
});
