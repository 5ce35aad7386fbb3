import { afterEach, describe, expect, it } from "vitest";
import type { FunctionAgent } from "../../src/agents/index.js";
import { messagesWorld } from "../../src/testing/index.js";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const [mia, ben, owner] = ["+15550100123", "+15550100777", "+15550100999"];
const miasMail = "mia@example.com";
const enough = "That is all that I can answer you today. Write to me again tomorrow.";
const limited = (more: object) => ({
  accessGroups: { guests: { members: [mia], ...more } },
  commands: { ownerAllowFrom: [owner] },
  session: { dmScope: "per-peer" },
});

afterEach(closeWorlds);

describe("turns of a day", () => {
  it("are not those that only read along: none is refused, and none is counted", async () => {
    const group = { requireMention: true, listen: true };
    const mentions = { messages: { groupChat: { mentionPatterns: ["@bot"] } } };
    const { world, envelopes } = await recordingWorld(
      { groups: { "*": group } },
      { ...limited({ turnsPerDay: 2 }), ...mentions },
    );
    const [guest, other, boss] = [world.person(mia), world.person(ben), world.person(owner)];
    const trip = world.group([guest, other, boss]);
    const chats = async (text: string) => {
      guest.says(text, { in: trip });
      other.says("Me too", { in: trip });
      await world.passes({ minutes: 2 });
      await world.settles();
    };
    await chats("At six");
    for (const text of ["one", "two", "three"]) {
      guest.says(text);
      await world.settles();
    }
    await chats("At seven");
    guest.says("/usage");
    await world.settles();
    expect(envelopes.map(({ listening, messages }) => [listening ?? false, messages[0]!.text])).toEqual([
      [true, "At six"],
      [false, "one"],
      [false, "two"],
      [true, "At seven"],
    ]);
    expect(textsTo(trip)).toEqual([]);
    expect(textsTo(guest).slice(0, 3)).toEqual(["re: one", "re: two", enough]);
    expect(textsTo(guest)[3]).toMatch(/^Today: 2 turns/);
    expect(textsTo(boss)).toHaveLength(1);
  });

  it("end with one line, for the person alone", async () => {
    const { world, envelopes } = await recordingWorld({}, limited({ turnsPerDay: 2 }));
    const [guest, other, boss] = [world.person(mia, "Mia Wong"), world.person(ben), world.person(owner)];
    for (const text of ["one", "two", "three", "four"]) {
      guest.says(text);
      await world.settles();
    }
    other.says("hello");
    await world.settles();
    expect(textsTo(guest)).toEqual(["re: one", "re: two", enough]);
    expect(textsTo(other)).toEqual(["re: hello"]);
    expect(textsTo(boss)).toEqual([
      expect.stringContaining("has had 2 of 2 turns of today (accessGroups.guests.turnsPerDay)"),
    ]);
    expect(textsTo(boss)[0]).toContain(mia);
    expect(envelopes.map(({ text }) => text)).toEqual(["one", "two", "hello"]);
  });

  it("are explained with the key that says so", async () => {
    const { world } = await recordingWorld({}, limited({ turnsPerDay: 1 }));
    const guest = world.person(mia);
    guest.says("one");
    await world.settles();
    const left = guest.says("two");
    await world.settles();
    const key = "accessGroups.guests.turnsPerDay";
    expect(world.story(left)).toMatchObject({
      entry: { decision: { kind: "drop", reason: "limit_reached", key }, state: "done" },
      replies: [{ text: enough, origin: "command" }],
    });
  });

  it("hold over the death of the gateway", async () => {
    const { world } = await recordingWorld({}, limited({ turnsPerDay: 1 }));
    const guest = world.person(mia);
    guest.says("one");
    await world.settles();
    await world.fault("gateway-dies");
    guest.says("two");
    await world.settles();
    await world.fault("gateway-dies");
    guest.says("three");
    await world.settles();
    expect(textsTo(guest)).toEqual(["re: one", enough]);
  });

  it("are not outrun by a turn that dies with the gateway: it is run again, and counted once", async () => {
    const { world, envelopes } = await recordingWorld({}, limited({ turnsPerDay: 2 }));
    const guest = world.person(mia);
    guest.says("wait 20000");
    await world.passes({ seconds: 5 });
    await world.fault("gateway-dies");
    await world.settles();
    for (const text of ["two", "three"]) {
      guest.says(text);
      await world.settles();
    }
    expect(textsTo(guest)).toEqual(["re: wait 20000", "re: two", enough]);
    expect(envelopes).toHaveLength(3);
  });

  it("are the person's, whatever handle and chat, also side by side", async () => {
    const links = { session: { dmScope: "per-peer", identityLinks: { mia: [mia, miasMail] } } };
    const { world, envelopes } = await recordingWorld(
      { groups: { "*": { requireMention: false } } },
      { ...limited({ turnsPerDay: 2 }), ...links },
    );
    const [phone, mail, other] = [world.person(mia), world.person(miasMail), world.person(ben)];
    const group = world.group([phone, other]);
    phone.says("wait 9000");
    mail.says("wait 9001");
    phone.says("wait 9002", { in: group });
    other.says("wait 9003", { in: group });
    await world.settles();
    expect(envelopes.filter(({ sender }) => sender.handle !== ben)).toHaveLength(2);
    const all = [...textsTo(phone), ...textsTo(mail), ...textsTo(group)];
    expect(all.filter((text) => text === enough)).toHaveLength(1);
    expect(all.filter((text) => /^re: wait 900[012]$/.test(text))).toHaveLength(2);
    expect(textsTo(group)).toContain("re: wait 9003");
  });
});

it("keeps tools from the people of a group, and from nobody else", async () => {
  const tried: unknown[] = [];
  const main: FunctionAgent = async (turn) => {
    for (const [action, parameters] of [
      ["schedule", { do: "add", text: "later", inMinutes: 5 }],
      ["react", { emoji: "love" }],
      ["history", {}],
    ] as const)
      tried.push(
        await turn.act(action, parameters).then(
          () => "done",
          ({ code }) => code,
        ),
      );
  };
  const world = await messagesWorld({
    agents: { main },
    config: limited({ tools: { deny: ["schedule", "message"] } }),
  });
  try {
    world.person(mia).says("hello");
    await world.settles();
    expect(tried.splice(0)).toEqual(["TOOL_DENIED", "TOOL_DENIED", "done"]);
    world.person(ben).says("hello");
    await world.settles();
    expect(tried[0]).toBe("done");
    expect(tried).not.toContain("TOOL_DENIED");
  } finally {
    await world.close();
  }
});
