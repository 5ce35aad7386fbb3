import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { chatKeyOf, formatTarget, type Target } from "../../src/conversation/index.js";
import { Simulator } from "../../src/simulator/index.js";
import { openWorld } from "../../src/simulator/world/world.js";
import type { Origin } from "../../src/store/index.js";
import { GatewayLab } from "../support/gateway-lab.js";

const tom = "+15550100123";
// Two are listed, so that neither is the owner.
const sam = "sam@example.com";
const ida = "+15550100124";
const agent = join(import.meta.dirname, "../fixtures/stopped-agent.mjs");
const origins: Origin[] = ["turn", "schedule", "command", "approval", "pairing", "owner-notice", "person"];

let lab: GatewayLab;
afterEach(() => lab.close());

it("sends nothing to who said STOP, whatever asks for it, over a restart, until START", {
  timeout: 90_000,
}, async () => {
  lab = new GatewayLab();
  const world = openWorld({ db: lab.mac.dbPath, env: {} });
  const sim = new Simulator(world);
  // A second chat of the same person, in which nobody wrote to the gateway.
  const other = sim.say({ from: tom, service: "SMS", text: "before everything" });
  const [go, results] = [join(lab.folder, "go"), join(lab.folder, "results")];
  const env = { GO_FILE: go, RESULT_FILE: results };
  const runtime = { type: "command", command: process.execPath, args: [agent], output: "jsonl", env };
  lab.configure(
    { allowFrom: [tom, sam], streaming: "block" },
    { agents: { list: [{ id: "main", workspace: join(lab.folder, "work"), runtime }] } },
  );
  await lab.startHere();

  const { guid, chatId, chatGuid } = sim.say({ from: tom, text: "work" });
  await lab.until(() => lab.got(tom).length === 1);
  lab.mac.say(tom, "STOP");
  await lab.until(() => lab.got(tom).length === 2);
  lab.mac.say(ida, "who are you?");
  await lab.until(() => lab.got(ida).length === 1);
  lab.mac.say(ida, "Unsubscribe");
  await lab.until(() => lab.got(ida).length === 2);
  const before = lab.mac.sent();

  // What the agent says late, and what it does.
  writeFileSync(go, "");
  const state = () =>
    lab.look(
      async (store) => (await store.turns.get((await store.journal.findByGuid(guid))!.turnId!))?.state,
    );
  await lab.until(async () => (await state()) === "done");
  const refused = { ok: false, code: "RECIPIENT_REFUSED" };
  const lines = readFileSync(results, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([refused, refused, refused]);

  // A person at the command line, and an approval.
  const targets: Target[] = [
    { kind: "chat_id", chatId },
    { kind: "chat_id", chatId: other.chatId },
    { kind: "chat_guid", guid: chatGuid },
    { kind: "chat_identifier", identifier: tom },
    { kind: "handle", handle: tom, service: "auto" },
    { kind: "handle", handle: tom, service: "sms" },
  ];
  const send = (target: Target) =>
    lab.run("message", "send", "--target", formatTarget(target), "--message", "by hand", "--json");
  for (const target of targets) {
    const { code, stdout } = await send(target);
    expect([formatTarget(target), code, JSON.parse(stdout).error.code]).toEqual([
      formatTarget(target),
      1,
      "RECIPIENT_REFUSED",
    ]);
  }
  const { code: pairingCode } = await lab.look(
    async (store) => (await store.pairing.pending(Date.now()))[0]!,
  );
  expect((await lab.run("pairing", "approve", pairingCode, "--notify")).code).toBe(0);
  const listed = (await lab.run("pairing", "list")).stdout;
  for (const handle of [tom, ida]) expect(listed).toContain(handle);

  // What waited while nothing ran, asked for by anything.
  await lab.stop();
  const offline = await send(targets[3]!);
  expect(offline.code).toBe(1);
  await lab.look(async (store) => {
    const item = { target: targets[0]!, chatKey: chatKeyOf(targets[0]!), origin: "schedule" as const };
    const at = Date.now();
    await store.schedule.add({
      id: "s1",
      account: "default",
      sessionKey: "agent:main:main",
      item: { ...item, text: "by schedule" },
      dueAt: at,
      createdAt: at,
    });
    for (const origin of origins)
      for (const target of targets.filter((_, index) => index !== 1)) {
        const text = `by ${origin} to ${formatTarget(target)}`;
        await store.outbox.add("default", { target, chatKey: chatKeyOf(target), origin, text }, at);
      }
  });
  await lab.startHere();
  lab.mac.say(tom, "hello?");
  await lab.until(() =>
    lab.look(async (store) => {
      const { pending, sending } = await store.outbox.counts("default");
      const entry = (await store.journal.list({ limit: 1 }))[0];
      const isDropped = entry?.decision?.kind === "drop" && entry.decision.reason === "opted_out";
      return pending + sending === 0 && isDropped && (await store.schedule.list()).length === 0;
    }),
  );
  expect(lab.mac.sent()).toEqual(before);

  lab.mac.say(tom, "START");
  await lab.until(() => lab.got(tom).length === 3);
  expect((await send(targets[0]!)).code).toBe(0);
  expect(lab.got(tom).slice(1)).toEqual([
    expect.stringContaining("no more messages"),
    expect.stringContaining("Welcome back"),
    "by hand",
  ]);
  world.close();
});

it("asks Messages who reads a chat that nobody wrote in, when somebody said STOP", {
  timeout: 60_000,
}, async () => {
  lab = new GatewayLab();
  const world = openWorld({ db: lab.mac.dbPath, env: {} });
  const sim = new Simulator(world);
  // Chats of before the gateway's time: its journal knows neither.
  const his = sim.say({ from: tom, service: "SMS", text: "before everything" }).chatId;
  const hers = sim.say({ from: ida, text: "before everything" }).chatId;
  lab.configure({ allowFrom: [tom, sam] });
  await lab.startHere();
  lab.mac.say(tom, "STOP");
  await lab.until(() => lab.got(tom).length === 1);
  await lab.stop();
  const before = lab.mac.sent();

  const send = async (target: string) => {
    const { code, stdout } = await lab.run(
      "message",
      "send",
      "--target",
      target,
      "--message",
      "hi",
      "--json",
    );
    return [code, JSON.parse(stdout).error?.code];
  };
  expect(await send(`chat_id:${his}`)).toEqual([1, "RECIPIENT_REFUSED"]);
  expect(await send(`chat_identifier:any;-;${tom}`)).toEqual([1, "RECIPIENT_REFUSED"]);
  expect(await send("chat_id:999")).toEqual([1, "RECIPIENT_REFUSED"]);
  expect(await send(`chat_id:${hers}`)).toEqual([0, undefined]);
  // What stands in the outbox already is looked at once more when it goes out.
  await lab.look((store) =>
    store.outbox.add(
      "default",
      { target: { kind: "chat_id", chatId: his }, chatKey: `chat:${his}`, origin: "person", text: "by hand" },
      Date.now(),
    ),
  );
  await lab.startHere();
  await lab.until(() =>
    lab.look(async (store) => {
      const { pending, sending } = await store.outbox.counts("default");
      return pending + sending === 0;
    }),
  );
  expect(lab.got(ida)).toEqual(["hi"]);
  expect(lab.mac.sent().length - before.length).toBe(1);

  // Nobody can tell while imsg cannot be asked.
  await lab.stop();
  lab.configure({ allowFrom: [tom, sam], cliPath: "/nowhere/imsg" });
  expect(await send(`chat_id:${his}`)).toEqual([1, "IMSG_NOT_FOUND"]);
  world.close();
});
