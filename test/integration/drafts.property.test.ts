import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { functionAgent } from "../../src/agents/index.js";
import { type Draft, openExistingStore } from "../../src/store/index.js";
import { World } from "../../src/testing/index.js";
import { Random } from "../simulation/random.js";
import { casesOf } from "../support/cases.js";
import { removeFolder } from "../support/remove-folder.js";

// A busy machine is slow; how long it takes proves nothing.
vi.setConfig({ testTimeout: 300_000 });

const owner = "+15550100999";
const guests = ["+15550100123", "+15550100321"];
const minuteMs = 60_000;
/** Things that people and machines do in one run. */
const acts = 30;

let close = async () => {};
afterEach(() => close());

/** A gateway whose answers to two guests wait for an owner, in virtual time. */
class House {
  readonly folder = mkdtempSync(join(tmpdir(), "drafts-"));
  readonly world: World;
  readonly #chats = new Map<string, number>();
  #words = 0;

  constructor(
    private readonly random: Random,
    version: string,
  ) {
    this.world = new World({
      folder: this.folder,
      mac: { version, bridge: true, sip: "disabled" },
      config: {
        channels: {
          imessage: { dmPolicy: "open", allowFrom: ["*"], review: "on", reviewExpireMinutes: 2 },
        },
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
      this.world.close();
      await removeFolder(this.folder);
    };
  }

  async start(): Promise<void> {
    await this.world.start();
    expect(await this.world.connected()).toBe(true);
  }

  /** Somebody writes. */
  say(from: string, text: string, replyTo?: string): void {
    const { chatId } = this.world.mac.say({ from, text, ...(replyTo !== undefined && { replyTo }) });
    this.#chats.set(from, chatId);
  }

  /** What stands from us in the chat with somebody. */
  sentTo(handle: string) {
    const chatId = this.#chats.get(handle);
    return chatId === undefined ? [] : this.world.mac.transcript(chatId).filter(({ from }) => from === "me");
  }

  async drafts(): Promise<Draft[]> {
    const store = openExistingStore(join(this.world.stateDir, "state.db"));
    if (!store) return [];
    const drafts = await store.drafts.list({ limit: 1000 });
    await store.close();
    return drafts;
  }

  /** One thing that happens, as the seed has it. */
  async act(index: number): Promise<void> {
    const { random, world } = this;
    const asked = this.sentTo(owner).filter(({ text }) => text.startsWith("To "));
    const one = asked.length > 0 ? random.pick(asked) : undefined;
    const polls = this.sentTo(owner).filter(({ poll }) => poll !== undefined);
    const acts = { write: 6, bare: 4, reply: 2, tapback: 2, vote: 3, name: 2, wait: 2, die: 1, stop: 1 };
    switch (random.weighted(acts)) {
      case "write":
        return this.say(random.pick(guests), `message ${index}`);
      case "bare":
        return this.say(owner, random.pick(["1", "2", "yes", "no"]));
      case "reply":
        if (one) this.say(owner, random.pick([`words ${this.#words++}`, "1", "no"]), one.guid);
        return;
      case "tapback":
        if (one) world.mac.tapback(owner, one.guid, random.pick(["like", "dislike"]));
        return;
      case "vote":
        if (polls.length > 0) world.mac.vote(owner, random.pick(polls).guid, random.pick(["Send", "Drop"]));
        return;
      case "name": {
        const drafts = await this.drafts();
        if (drafts.length > 0)
          this.say(owner, `/drafts ${random.pick(["send", "drop"])} ${random.pick(drafts).id}`);
        return;
      }
      case "wait":
        return world.clock.advance(random.between(1, 3) * minuteMs);
      case "die":
        world.die();
        return this.start();
      case "stop":
        await world.stop();
        return this.start();
    }
  }
}

// Shows 2 of the owner's hand: whatever happens in whatever order, every draft ends in exactly one way, and what stands in a
// guest's chat is what was said yes to, once.
const seeds: [seed: number, version: string][] = [
  [1, "0.9.0"],
  [2, "0.19.1"],
  [3, "0.9.0"],
  [4, "0.19.1"],
];
it.each(casesOf(seeds, 1))(
  "sends what an owner said yes to, once, and nothing else: seed %i on imsg %s",
  async (seed, version) => {
    const random = new Random(`drafts ${seed}`);
    const house = new House(random, version);
    await house.start();
    for (const handle of [owner, ...guests]) house.say(handle, "hello");
    for (let index = 0; index < acts; index++) {
      await house.act(index);
      await house.world.clock.advance(random.between(0, 8000));
    }
    // All that is still open expires, and what was sent has its row.
    await house.world.clock.advance(5 * minuteMs);
    await house.world.stop();
    const drafts = await house.drafts();
    expect(drafts.length).toBeGreaterThan(3);
    for (const { state } of drafts) expect(["sent", "dropped", "expired", "overtaken"]).toContain(state);
    for (const guest of guests) {
      const due = drafts
        .filter(({ to, state }) => to === guest && state === "sent")
        .flatMap(({ parts }) => parts.filter(({ state }) => state !== "not_sent").map(({ text }) => text));
      const stands = house.sentTo(guest).map(({ text }) => text);
      expect(stands.toSorted()).toEqual(due.toSorted());
    }
  },
);
