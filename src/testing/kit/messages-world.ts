import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { functionAgent } from "../../agents/index.js";
import { chatKeyOf, normalizeHandle } from "../../conversation/index.js";
import { type Log, TapbackError } from "../../platform/index.js";
import type { Settings, Simulator, TranscriptEntry } from "../../simulator/index.js";
import { openExistingStore } from "../../store/index.js";
import { type Duration, millisecondsOf } from "./duration.js";
import type { FaultManner, FaultName } from "./faults.js";
import { Ground } from "./ground.js";
import { type Conversation, Group, Person } from "./people.js";
import { readRecording } from "./recording.js";
import type { Message, Scene } from "./scene.js";
import { whatWasSeen } from "./seen.js";
import { Stories, type Story } from "./stories.js";
import type { WorldAgent } from "./world-config.js";

/** What a world is made with. */
export interface MessagesWorldOptions {
  /** Who answers, by id: a function, or a runtime as the configuration names it. */
  agents: Readonly<Record<string, WorldAgent>>;
  /** The gateway's configuration, as its file would have it; everybody is let in where it does not say who is. */
  config?: object;
  /** Which imsg and which Mac are played; imsg 0.19.1 with its helper in Messages when absent. */
  mac?: Partial<Settings>;
  /**
   * Path of a recording of `tapback doctor --live --record`, which imsg plays instead of the simulated Mac; {@link
   * MessagesWorld.replays} sends what was sent.
   */
  replay?: string;
  /** What happened before the gateway started for the first time. */
  before?: (world: MessagesWorld) => void;
  /** Gets what the gateway logs; what it warned of is told by a failure in any case. */
  log?: Log;
  /**
   * How long an agent may work without the world, by the machine's clock; then the world's time goes on without it. 10 seconds
   * when absent.
   */
  patience?: Duration;
}

/** How a group is. */
export interface GroupOptions {
  name?: string;
  service?: "iMessage" | "SMS" | "RCS";
  /** Stored so that imsg reports it as no group. */
  unmarked?: boolean;
}

/** What happened before the gateway's first start is over so long before, milliseconds. */
const beforeMs = 60_000;
/** Between two looks at whether something is under way, milliseconds. */
const lookMs = 200;
/** What comes late by itself has come by then: imsg's second looks, the echo of a send, milliseconds. */
const calmMs = 6000;

/**
 * A Mac with Messages, its people, and a gateway with agents of the test's own, in this process and in virtual time
 * (behaviour 22.1). To be made by {@link messagesWorld}, and closed.
 */
export class MessagesWorld implements Scene {
  readonly #stories = new Stories();
  readonly #people = new Map<string, Person>();
  readonly #messages: Message[] = [];
  readonly #undecided = new Set<Message>();
  readonly #byHand = new Set<string>();
  #lastMoment = 0;
  #isClosed = false;

  private constructor(
    private readonly ground: Ground,
    private readonly folder: string,
  ) {}

  /** As {@link messagesWorld}. */
  static async open({
    agents,
    config = {},
    mac,
    before,
    replay,
    log,
    patience = { seconds: 10 },
  }: MessagesWorldOptions): Promise<MessagesWorld> {
    const folder = mkdtempSync(join(tmpdir(), "tapback-world-"));
    let world: MessagesWorld | undefined;
    try {
      const recording = replay === undefined ? undefined : readRecording(replay);
      const ground = new Ground({
        folder,
        agents,
        config,
        mac: { version: "0.19.1", bridge: true, sip: "disabled", ...recording?.mac, ...mac },
        recording,
        log,
        patienceMs: millisecondsOf(patience),
      });
      world = new MessagesWorld(ground, folder);
      // What is loaded in the middle of a turn takes time that no clock counts.
      await functionAgent(() => undefined, { workspace: folder }, { clock: ground.clock, home: folder });
      if (before) {
        before(world);
        world.#undecided.clear();
        await ground.advance(beforeMs);
      }
      await world.starts();
      return world;
    } catch (error) {
      await world?.close();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The Mac itself, for what people of the kit cannot do. */
  get mac(): Simulator {
    return this.ground.world.mac;
  }

  /** The gateway's state directory, as it is now. */
  get stateDir(): string {
    return this.ground.world.stateDir;
  }

  /** What time it is, milliseconds since the epoch. */
  get now(): number {
    return this.ground.clock.now();
  }

  /** What people wrote through the kit, oldest first. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** What the gateway warned of, oldest first. */
  get warnings(): readonly string[] {
    return this.ground.warnings;
  }

  /** What the gateway's state told when time last passed. */
  get stories(): Stories {
    return this.#stories;
  }

  /** Somebody with a phone. @param handle a phone number or an e-mail address @param name in the account's Contacts */
  person(handle: string, name?: string): Person {
    const normal = normalizeHandle(handle);
    let person = this.#people.get(normal);
    if (person === undefined) {
      person = new Person(this, normal);
      this.#people.set(normal, person);
    }
    if (name !== undefined) this.mac.person(normal, name);
    return person;
  }

  /** Makes a group of the account and these people. */
  group(members: readonly (string | Person)[], options: GroupOptions = {}): Group {
    const handles = members.map((member) => (typeof member === "string" ? member : member.handle));
    const { id } = this.mac.group(handles, options);
    return new Group(this, id, options.name ?? `group ${id}`);
  }

  /** The human whose account it is writes by hand. */
  byHand(text: string, to: Person | Group): void {
    const chat = to.chatIds[0] ?? (to instanceof Person ? to.handle : to.id);
    const { guid } = this.mac.say({ from: "me", text, chat, at: this.nextMoment() });
    this.#byHand.add(guid);
  }

  /**
   * Waits until the gateway has come to the end of everything that people wrote, and for a few seconds more.
   * @param within the longest that it may take; an hour when absent
   * @throws `WORLD_RESTLESS` with what is still under way
   */
  async settles(within: Duration = { hours: 1 }): Promise<void> {
    const until = this.now + millisecondsOf(within);
    for (let calm = 0; calm < 2; ) {
      const busy = await this.#underWay();
      if (busy === undefined) {
        if (++calm < 2) await this.ground.advance(calmMs);
        continue;
      }
      calm = 0;
      if (this.now >= until) throw await this.#restless(busy);
      await this.ground.advance(lookMs);
    }
    await this.#look();
  }

  /** Time passes. */
  async passes(time: Duration): Promise<void> {
    await this.ground.advance(millisecondsOf(time));
    await this.#look();
  }

  /**
   * Something goes wrong from now on, by its name: one of the simulator (`docs/simulator.md`), or `gateway-dies`, `child-dies`,
   * `messages-restarts`, `machine-sleeps`, `clock-jumps`, `mac-clock-jumps`, `disk-full`, which happen at once.
   * @param manner `ms`: how long, how late or how far; the rest is for faults of the simulator
   * @throws `FAULT_INVALID`
   */
  async fault(name: FaultName, manner: FaultManner = {}): Promise<void> {
    // What a dead one knew is in its state, and is read by the next one.
    if (name === "gateway-dies") await this.#look();
    await this.ground.fault(name, manner);
  }

  /** Nothing goes wrong any more. */
  heals(): void {
    this.ground.heal();
  }

  /** The configuration file changes, and the gateway takes it in. @param config as in {@link MessagesWorldOptions} */
  async configures(config: object): Promise<void> {
    await this.ground.configure(config);
    await this.#look();
  }

  /**
   * Sends the texts that were sent when the recording was made, as a person at the command line does, and lets time pass for
   * what came back.
   * @returns them, in their order
   */
  async replays(): Promise<string[]> {
    const { recording, world } = this.ground;
    const { address = "", texts = [] } = recording ?? {};
    for (const text of texts) {
      const target = { kind: "handle" as const, handle: address, service: "auto" as const };
      const item = { target, chatKey: chatKeyOf(target), origin: "person" as const, text };
      const [account] = (await this.ground.clock.through(world.life!.gateway.status())).accounts;
      await this.ground.clock.through(world.life!.store!.outbox.add(account!.id, item, this.now));
      await this.passes({ seconds: 30 });
    }
    return [...texts];
  }

  /** The gateway starts. */
  async starts(): Promise<void> {
    await this.ground.start();
  }

  /** The gateway stops in order. What people write then waits for its next start. */
  async stops(): Promise<void> {
    await this.ground.stop();
    await this.#look();
  }

  /** What everybody wrote, in every chat, oldest first. */
  transcript(): TranscriptEntry[] {
    return this.mac.transcript();
  }

  /** What became of a message, as it was when time last passed; undefined where the gateway has not seen it. */
  story(message: Message): Story | undefined {
    return this.#stories.of(message.guid);
  }

  /** Whether the gateway sent it. */
  isOurs({ from, guid, event }: TranscriptEntry): boolean {
    return from === "me" && event === undefined && !this.#byHand.has(guid);
  }

  /** What the world saw, as lines for a person. @param of only there; everywhere when absent */
  seen(of?: Conversation | Message): string {
    return whatWasSeen(this, of);
  }

  /** Ends the world, and removes all that it kept. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.ground.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** As {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** When the next message is written: no two at one moment, as on real phones. @returns milliseconds since the epoch */
  nextMoment(): number {
    const now = this.ground.macTime;
    const isSoonAfter = now <= this.#lastMoment && this.#lastMoment - now < 1000;
    this.#lastMoment = isSoonAfter ? this.#lastMoment + 1 : now;
    return this.#lastMoment;
  }

  /** Somebody wrote something: the world is at rest only when the gateway has decided about it. */
  came(message: Message): Message {
    this.#messages.push(message);
    this.#undecided.add(message);
    return message;
  }

  async #underWay(): Promise<string | undefined> {
    const busy = await this.ground.underWay();
    const store = this.ground.world.life?.store;
    if (busy !== undefined || store === undefined) return busy;
    for (const message of this.#undecided) {
      const entry = await store.journal.findByGuid(message.guid);
      if (entry?.decision === undefined) return `nothing is decided about “${message.text}”`;
      this.#undecided.delete(message);
    }
    return undefined;
  }

  async #look(): Promise<void> {
    const alive = this.ground.world.life?.store;
    if (alive !== undefined) return await this.#stories.look(alive);
    const store = openExistingStore(join(this.stateDir, "state.db"));
    if (store === undefined) return;
    await this.#stories.look(store);
    await store.close();
  }

  async #restless(busy: string): Promise<TapbackError> {
    await this.#look();
    return new TapbackError("WORLD_RESTLESS", `The world does not come to rest: ${busy}\n\n${this.seen()}`, {
      hint: "Let a span of time pass with `passes` where something is meant to go on.",
    });
  }
}

/**
 * Makes a world: a Mac, a gateway that is connected to it, and nobody else yet.
 * @throws `CONFIG_INVALID`, `SETTING_INVALID`
 */
export function messagesWorld(options: MessagesWorldOptions): Promise<MessagesWorld> {
  return MessagesWorld.open(options);
}
