import { afterEach, describe, expect, it } from "vitest";
import type { Settings } from "../../src/simulator/index.js";
import { openWorld } from "../../src/simulator/world/world.js";
import { openExistingStore } from "../../src/store/index.js";
import { type MessagesWorld, messagesWorld, type Person } from "../../src/testing/index.js";
import { GatewayLab } from "../support/gateway-lab.js";

const worlds: MessagesWorld[] = [];
const labs: GatewayLab[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
  for (const lab of labs.splice(0)) await lab.close();
});

const mia = "+15550100123";
const ann = "+15550100555";
const owner = "+15550100999";
const share = "contacts.shareContactCard";
const offer = "contacts.shouldShareContact";

/** A world in which the account has a name and photo, and shares it; an agent that answers everything. */
async function sharing(
  imessage: object = {},
  {
    mac,
    rest,
    before,
  }: { mac?: Partial<Settings>; rest?: object; before?: (world: MessagesWorld) => void } = {},
) {
  const world = await messagesWorld({
    agents: {
      main: async (turn) => {
        if (turn.text === "long") {
          turn.say("first");
          await turn.sleep(60_000);
        }
        return `re: ${turn.text}`;
      },
    },
    mac: { record: true, namePhoto: true, ...mac },
    config: { channels: { imessage: { outbound: { contactCard: true }, ...imessage } }, ...rest },
    ...(before && { before }),
  });
  worlds.push(world);
  const events = (wanted: string) =>
    world.mac.events().flatMap(({ event, chatGuid }) => (event === wanted ? [String(chatGuid)] : []));
  return {
    world,
    /** In which chats it was shared, oldest first. */
    shared: () => events("name-photo"),
    asked: (method: string) => world.mac.requests().filter((request) => request.method === method).length,
    /** What is noted of it in a person's chat. */
    notes: async (person: Person) => {
      const store = openExistingStore(`${world.stateDir}/state.db`)!;
      try {
        return await store.actions.inChat("default", `chat_id:${person.chatIds[0]}`, "shareContact");
      } finally {
        await store.close();
      }
    },
    /** A person writes, and everything comes to rest. */
    says: async (person: Person, text: string) => {
      person.says(text);
      await world.settles();
    },
  };
}

describe("the account's name and photo", () => {
  it("goes with the first answer, once for each person, over restarts and crashes", async () => {
    const { world, shared, asked, says, notes } = await sharing();
    const [guest, other] = [world.person(mia), world.person(ann)];
    await says(guest, "one");
    expect(shared()).toEqual([`iMessage;-;${mia}`]);
    await says(guest, "two");
    await world.fault("gateway-dies");
    await says(guest, "three");
    await says(other, "one");
    expect(shared()).toEqual([`iMessage;-;${mia}`, `iMessage;-;${ann}`]);
    expect(asked(share)).toBe(2);
    expect(await notes(guest)).toMatchObject([{ state: "done", name: "shareContact" }]);
    expect(guest.received.map(({ text }) => text)).toEqual(["re: one", "re: two", "re: three"]);
  });

  it("goes when the whole answer is there", async () => {
    const { world, asked, shared } = await sharing({ textChunkLimit: 10 });
    const guest = world.person(mia);
    await world.fault("delay", { method: ["send", "send.tracked"], ms: 300 });
    guest.says("a long question of several words");
    await world.settles();
    expect(guest.received.length).toBeGreaterThan(2);
    expect([asked(offer), asked(share)]).toEqual([1, 1]);
    const names = world.mac.requests().map(({ method }) => String(method));
    expect(names.indexOf(share)).toBeGreaterThan(names.findLastIndex((name) => /^send/.test(name)));
    expect(shared()).toHaveLength(1);
  });

  it("goes with the rest of an answer whose first block went out long before", async () => {
    const { world, asked, shared } = await sharing({ streaming: "block" });
    const guest = world.person(mia);
    guest.says("long");
    await world.passes({ seconds: 30 });
    expect(guest.received.map(({ text }) => text)).toEqual(["first"]);
    expect([asked(offer), asked(share)]).toEqual([0, 0]);
    await world.settles();
    expect(guest.received.map(({ text }) => text)).toEqual(["first", "re: long"]);
    expect(shared()).toEqual([`iMessage;-;${mia}`]);
  });

  it("goes to nobody where the configuration does not say so", async () => {
    const { world, asked, says } = await sharing({ outbound: {} });
    await says(world.person(mia), "one");
    expect([asked(offer), asked(share)]).toEqual([0, 0]);
  });

  it.each([
    ["0.9.0", { version: "0.9.0" }],
    ["0.10.0", { version: "0.10.0" }],
    ["0.19.1 without its helper", { bridge: false, sip: "enabled" as const }],
  ])("is not asked for of imsg %s, which cannot share it", async (_, mac) => {
    const { world, asked, says, notes } = await sharing({}, { mac });
    const guest = world.person(mia);
    await says(guest, "one");
    expect([asked(offer), asked(share)]).toEqual([0, 0]);
    expect(await notes(guest)).toEqual([]);
    expect(guest.received.map(({ text }) => text)).toEqual(["re: one"]);
  });

  it("is shared over imsg 0.13 too", async () => {
    const { world, shared, says } = await sharing({}, { mac: { version: "0.13.0" } });
    await says(world.person(mia), "one");
    expect(shared()).toEqual([`iMessage;-;${mia}`]);
  });

  it("is asked for with three answers where Messages does not offer it, and shared as soon as it does", async () => {
    const { world, shared, asked, says, notes } = await sharing({}, { mac: { namePhoto: false } });
    const [guest, other] = [world.person(mia), world.person(ann)];
    await says(other, "one");
    for (const text of ["one", "two", "three", "four"]) await says(guest, text);
    expect(asked(offer)).toBe(4);
    expect((await notes(guest)).map(({ state, error }) => [state, error?.code])).toEqual(
      Array(3).fill(["failed", "ACTION_UNAVAILABLE"]),
    );
    world.mac.set({ namePhoto: true });
    await says(guest, "five");
    await says(other, "two");
    expect(shared()).toEqual([`iMessage;-;${ann}`]);
    expect(asked(share)).toBe(1);
  });

  it("is not asked for again where nobody knows whether it went", { tags: ["long"] }, async () => {
    const { world, asked, says, notes } = await sharing();
    const guest = world.person(mia);
    await world.fault("bridge-lost", { method: share, ms: 50, times: 1 });
    await says(guest, "one");
    world.heals();
    await says(guest, "two");
    expect(asked(share)).toBe(1);
    expect(await notes(guest)).toMatchObject([{ state: "unknown" }]);
    expect(guest.received.map(({ text }) => text)).toEqual(["re: one", "re: two"]);
  });

  it("does not go where a conversation is older than a day", { tags: ["long"] }, async () => {
    const { world, shared, says } = await sharing({ outbound: {} });
    const guest = world.person(mia);
    await says(guest, "one");
    await world.fault("machine-sleeps", { ms: 25 * 3_600_000 });
    await world.configures({ channels: { imessage: { outbound: { contactCard: true } } } });
    await says(guest, "two");
    await says(world.person(ann), "one");
    expect(shared()).toEqual([`iMessage;-;${ann}`]);
  });

  it("goes neither to groups, nor over SMS", async () => {
    const { world, asked } = await sharing();
    const [guest, other] = [world.person(mia), world.person(ann)];
    const trip = world.group([guest, other], { name: "Trip" });
    guest.says("one", { in: trip });
    const unmarked = world.group([mia, ann, owner], { unmarked: true });
    guest.says("one", { in: unmarked });
    other.says("one", { service: "SMS" });
    await world.settles();
    expect(other.received.map(({ text }) => text)).toEqual(["re: one"]);
    expect([asked(offer), asked(share)]).toEqual([0, 0]);
  });

  it("does not go where answers are reviewed, neither before the yes nor with it", async () => {
    const { world, asked } = await sharing(
      { dms: { [mia]: { review: "on" } } },
      { rest: { commands: { ownerAllowFrom: [owner] }, session: { dmScope: "per-peer" } } },
    );
    const [guest, boss] = [world.person(mia), world.person(owner)];
    guest.says("one");
    await world.settles();
    expect(asked(offer)).toBe(0);
    boss.votes(boss.received.find(({ poll }) => poll !== undefined)!, "Send");
    await world.settles();
    expect(guest.received.map(({ text }) => text)).toEqual(["re: one"]);
    expect([asked(offer), asked(share)]).toEqual([0, 0]);
  });

  it("goes to nobody who was let in when the answer went out, and is not any more", async () => {
    const { world, asked, says, notes } = await sharing({ dmPolicy: "allowlist", allowFrom: [mia, ann] });
    const guest = world.person(mia);
    // Messages takes the answer, and writes its row after the change.
    await world.fault("late-row", { ms: 20_000, times: 1 });
    guest.says("one");
    await world.passes({ seconds: 5 });
    await world.configures({
      channels: {
        imessage: { outbound: { contactCard: true }, dmPolicy: "allowlist", allowFrom: [ann] },
      },
    });
    await world.settles();
    expect(guest.received.map(({ text }) => text)).toEqual(["re: one"]);
    expect([asked(offer), asked(share)]).toEqual([0, 0]);
    expect(await notes(guest)).toMatchObject([{ state: "failed", error: { code: "RECIPIENT_REFUSED" } }]);
    await says(world.person(ann), "one");
    expect(asked(share)).toBe(1);
  });
});

describe("the built gateway with imsg 0.19.1", () => {
  const deaths: [point: string, times: number][] = [
    ["contact-card.shared", 1],
    ["contact-card.begun", 0],
  ];
  it.each(deaths)(
    "shares it once at most when it dies at %s, and tells so",
    { tags: ["long"] },
    async (point, times) => {
      const lab = new GatewayLab(
        { version: "0.19.1", bridge: true, sip: "disabled", namePhoto: true, record: true },
        "dist-test",
      );
      labs.push(lab);
      lab.configure({ dmPolicy: "open", allowFrom: ["*"], outbound: { contactCard: true } });
      const world = openWorld({ db: lab.mac.dbPath, env: {} });
      const asked = () => world.requests.all().filter(({ method }) => method === share).length;
      await lab.start({ TAPBACK_CRASH_AT: `${point}:1` });
      const guid = lab.mac.say(mia, "one");
      await lab.ended();
      expect(lab.got(mia)).toHaveLength(1);
      await lab.start();
      lab.mac.say(mia, "two");
      await lab.until(() => lab.got(mia).length === 2);
      // Somebody else gets it after that: what would have been asked for Mia's chat was.
      lab.mac.say(ann, "one");
      await lab.until(() => asked() === times + 1);
      await lab.stop();
      world.close();
      expect(lab.got(mia)).toHaveLength(2);
      const told = JSON.parse((await lab.run("explain", guid, "--json")).stdout);
      expect(told.actions).toMatchObject([{ name: "shareContact", state: "running" }]);
      const { stdout } = await lab.run("explain", guid);
      expect(stdout).toContain("did shareContact: running");
    },
  );
});
