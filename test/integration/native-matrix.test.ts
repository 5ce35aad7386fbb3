import { afterEach, describe, expect, it } from "vitest";
import { askGateway } from "../../src/control/index.js";
import { casesOf } from "../support/cases.js";
import { closeWorlds, mia, nativeWorld } from "../support/native-world.js";
import { until } from "../support/process-alive.js";

afterEach(closeWorlds);

/** Every action with the parameters that do it, the request that reaches imsg, and the toggle that governs it. */
const cases: [
  action: string,
  request: string,
  toggle: string | undefined,
  parameters: (ids: Ids) => Record<string, unknown>,
][] = [
  ["send", "send", undefined, ({ chat }) => ({ chatId: chat, text: "plain" })],
  ["react", "tapback", "reactions", ({ chat, theirs }) => ({ chatId: chat, messageId: theirs, emoji: "👍" })],
  [
    "reply",
    "send.rich",
    "reply",
    ({ chat, theirs }) => ({ chatId: chat, messageId: theirs, text: "in a thread" }),
  ],
  [
    "sendWithEffect",
    "send.rich",
    "sendWithEffect",
    ({ chat }) => ({ chatId: chat, message: "slammed", effect: "slam" }),
  ],
  [
    "edit",
    "message.edit",
    "edit",
    ({ chat, ours }) => ({ chatId: chat, messageId: ours, newText: "better" }),
  ],
  ["unsend", "message.unsend", "unsend", ({ chat, ours }) => ({ chatId: chat, messageId: ours })],
  [
    "upload-file",
    "send",
    "sendAttachment",
    ({ chat }) => ({ chatId: chat, buffer: "aGVsbG8=", filename: "a.txt" }),
  ],
  ["renameGroup", "group.rename", "renameGroup", ({ group }) => ({ chatId: group, name: "Rome" })],
  ["setGroupIcon", "group.setIcon", "setGroupIcon", ({ group }) => ({ chatId: group, buffer: "aGVsbG8=" })],
  [
    "addParticipant",
    "group.addParticipant",
    "addParticipant",
    ({ group }) => ({ chatId: group, address: "+15550100125" }),
  ],
  [
    "removeParticipant",
    "group.removeParticipant",
    "removeParticipant",
    ({ group }) => ({ chatId: group, address: "+15550100125" }),
  ],
  [
    "poll",
    "poll.send",
    "polls",
    ({ chat }) => ({ chatId: chat, question: "When?", options: ["Mon", "Tue"] }),
  ],
  [
    "poll-vote",
    "poll.vote",
    "polls",
    ({ chat, last }) => ({ chatId: chat, messageId: last(), optionIndex: 1 }),
  ],
  ["leaveGroup", "group.leave", "leaveGroup", ({ group }) => ({ chatId: group })],
];

interface Ids {
  chat: number;
  group: number;
  /** GUID of a message of Mia. */
  theirs: string;
  /** GUID of a message of ours. */
  ours: string;
  /** GUID of what was written last in the direct chat. */
  last: () => string;
}

const always = ["send", "read", "upload-file"];
const ofBridge = cases.map(([action]) => action).filter((action) => !always.includes(action));

const builds: [version: string, bridge: boolean, missing: string[]][] = [
  ["0.9.0", false, ofBridge],
  ["0.9.0", true, ["poll", "poll-vote"]],
  ["0.13.0", true, []],
  ["0.14.0", true, []],
];

describe.each(casesOf(builds, 2))("imsg %s, bridge %s", (version, bridge, missing) => {
  async function at(toggles: Record<string, boolean> = {}) {
    const place = await nativeWorld({ version, bridge, sip: "enabled" }, { actions: toggles });
    const asked = place.world.say({ from: mia, text: "echo ours" });
    await until("there is a message of ours", () => place.sent(asked.chatId).length === 1);
    const ours = place.world.transcript(asked.chatId).at(-1)!.guid;
    const last = () => place.world.transcript(asked.chatId).at(-1)!.guid;
    const ids: Ids = { chat: asked.chatId, group: place.group.id, theirs: asked.guid, ours, last };
    return { ...place, ids };
  }

  it("offers what it can do, does it by the one right request, and refuses the rest without any", async () => {
    const { ids, act, offers, changes, world, sent } = await at();
    const offered = await offers({ chatId: ids.group });
    expect(
      offered
        .filter((offer) => !offer.offered)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...missing].sort());
    for (const [action, request, , parameters] of cases) {
      const before = changes().length;
      const done = act(action, parameters(ids));
      if (!missing.includes(action)) {
        await done;
        expect([action, changes().slice(before)]).toEqual([action, [request]]);
        continue;
      }
      // A build without the method says so, whether its bridge is up or not.
      const why =
        bridge || action.startsWith("poll")
          ? `iMessage ${action} is not available`
          : `iMessage ${action} requires the imsg private API bridge`;
      await expect(done).rejects.toThrow(why);
      expect([action, changes().slice(before)]).toEqual([action, []]);
    }
    expect(sent(ids.chat)).toContain("plain");
    if (!bridge) return;
    expect(sent(ids.chat)).toEqual(expect.arrayContaining(["plain", "in a thread", "slammed"]));
    const lines = world.transcript(ids.chat);
    expect(lines.find(({ guid }) => guid === ids.theirs)?.tapbacks).toEqual([{ emoji: "👍", from: "me" }]);
    expect(lines.find(({ text }) => text === "in a thread")?.thread).toBe(ids.theirs);
    expect(lines.find(({ text }) => text === "slammed")?.effect).toContain("impact");
    expect(lines.find(({ guid }) => guid === ids.ours)?.unsent).toBe(true);
    expect(world.transcript(ids.group).map(({ event }) => event)).toEqual(
      expect.arrayContaining([expect.stringMatching(/Rome/)]),
    );
  });

  it("does nothing that is switched off", async () => {
    const toggles = Object.fromEntries(cases.flatMap(([, , toggle]) => (toggle ? [[toggle, false]] : [])));
    const { ids, act, offers, changes } = await at(toggles);
    const before = changes().length;
    for (const [action, , toggle, parameters] of cases)
      if (toggle)
        await expect(act(action, parameters(ids))).rejects.toThrow(`iMessage ${action} is switched off`);
    expect(changes().slice(before)).toEqual([]);
    const on = (await offers({ chatId: ids.group })).filter(({ offered }) => offered);
    expect(on.map(({ name }) => name)).toEqual(["send", "read"]);
  });

  it("switches each off by itself", async () => {
    const { ids, act, offers, changes, toggle } = await at();
    const before = changes().length;
    for (const one of new Set(cases.flatMap(([, , name]) => name ?? []))) {
      await toggle({ [one]: false });
      const governed = cases.filter(([, , name]) => name === one);
      const off = (await offers({ chatId: ids.group })).filter(({ offered }) => !offered);
      expect(off.map(({ name }) => name).sort()).toEqual(
        [...new Set([...missing, ...governed.map(([action]) => action)])].sort(),
      );
      for (const [action, , , parameters] of governed)
        await expect(act(action, parameters(ids))).rejects.toThrow(`iMessage ${action} is switched off`);
    }
    expect(changes().slice(before)).toEqual([]);
  });
});

describe("the bridge that dies between the probe and the call", () => {
  it("is named in the error, turns the status, and is back after the next probe", async () => {
    const { act, said, world, gateway, stateDir } = await nativeWorld({ version: "0.9.0", bridge: true });
    const available = async () => (await gateway().status()).accounts[0]!.privateApi?.available;
    expect(await available()).toBe(true);
    world.fault({ kind: "bridge-lost", ms: 20 });
    const react = () => act("react", { chatId: said.chatId, messageId: said.guid, emoji: "love" });
    await expect(react()).rejects.toMatchObject({
      message: expect.stringContaining("iMessage react requires the imsg private API bridge"),
      hint: expect.stringContaining("imsg launch"),
    });
    await until("the status turns", async () => (await available()) === false);
    await expect(react()).rejects.toThrow("requires the imsg private API bridge");
    world.clearFaults();
    await askGateway(stateDir, "status", { probe: true });
    expect(await available()).toBe(true);
    await react();
    expect(world.transcript(said.chatId)[0]!.tapbacks).toHaveLength(1);
  });
});
