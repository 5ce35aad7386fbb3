import { join } from "node:path";
import type { Reason } from "../../src/conversation/index.js";
import { Simulator } from "../../src/simulator/index.js";
import { chatById } from "../../src/simulator/messages-app/chats.js";
import { deliver } from "../../src/simulator/messages-app/deliver.js";
import { insertMessage } from "../../src/simulator/messages-app/insert.js";
import { createPoll, vote } from "../../src/simulator/messages-app/poll.js";
import { openWorld } from "../../src/simulator/world/world.js";
import type { JournalEntry } from "../../src/store/index.js";
import { GatewayLab } from "./gateway-lab.js";

const [mia, sam, kim, tom, ida, lou] = Array.from({ length: 6 }, (_, i) => `+1555010010${i}`) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const me = "bot@example.com";
const strangers = Array.from({ length: 6 }, (_, i) => `+1555010020${i}`);
const shortCode = "262966";

/** A Mac and a gateway in which a message of every refused kind can come. */
export class Place {
  readonly lab = new GatewayLab({}, "dist-test");
  readonly #world = openWorld({ db: this.lab.mac.dbPath, env: {} });
  readonly sim = new Simulator(this.#world);
  readonly open = this.sim.group([mia, sam], { name: "Climbing" }).id;
  readonly closed = this.sim.group([mia, sam], { name: "Closed" }).id;
  readonly unlisted = this.sim.group([mia, sam], { name: "Unlisted" }).id;
  #count = 0;

  /** One of every sort is shut out by this. */
  configure(): void {
    this.lab.configure(
      {
        allowFrom: [mia, kim, tom, ida, lou],
        groups: { [this.open]: { requireMention: true }, [this.closed]: { enabled: false } },
        handoff: { quietMinutes: 15 },
        coalesceSameSenderDms: true,
      },
      {
        session: { dmScope: "per-peer" },
        pairing: { services: ["imessage"] },
        messages: {
          groupChat: { mentionPatterns: ["bot"] },
          inbound: { byChannel: { imessage: 300 } },
        },
      },
    );
  }

  /** Words that were not said before. */
  words(text = "hello"): string {
    return `${text} ${this.#count++}`;
  }

  say(from: string, text = this.words(), chat?: number): string {
    return this.sim.say({ from, text, ...(chat !== undefined && { chat }) }).guid;
  }

  /** @returns the row once it is decided */
  async decided(guid: string): Promise<JournalEntry> {
    let found: JournalEntry | undefined;
    await this.lab.until(async () => {
      found = await this.lab.look((store) => store.journal.findByGuid(guid));
      return found?.decision !== undefined;
    }, 60_000);
    return found!;
  }

  async reasonOf(guid: string): Promise<string | undefined> {
    const { decision } = await this.decided(guid);
    return decision && "reason" in decision ? decision.reason : undefined;
  }

  /** @returns the GUID of the gateway's answer to somebody whom it answers */
  async answer(from: string): Promise<string> {
    const before = this.lab.mac.sent().length;
    this.say(from);
    await this.lab.until(() => this.lab.mac.sent().length > before);
    return this.lab.mac.sent().at(-1)!.guid;
  }

  /** Changes one key as a person would, and waits until it holds. */
  async change(key: string, value: unknown): Promise<void> {
    const before = this.#changes();
    const { code, stderr } = await this.lab.run("config", "set", key, JSON.stringify(value));
    if (code !== 0) throw new Error(stderr);
    await this.lab.until(() => this.#changes() > before);
    if (key.endsWith("includeAttachments"))
      await this.lab.until(() => this.lab.log.includes("account restarted"));
  }

  /** Starts the gateway; it does not look long for a chat that never comes. */
  start(): Promise<void> {
    return this.lab.start({ TAPBACK_TEST_LATE_JOIN_MS: "1500" });
  }

  /** Somebody writes while the gateway is not there. @returns the last of it */
  async sayMeanwhile(from: string, messages = 1): Promise<string> {
    await this.lab.stop();
    let guid = this.say(from);
    for (let said = 1; said < messages; said++) guid = this.say(from);
    await this.start();
    return guid;
  }

  /** Somebody writes, and is answered, after a backup that is restored then. @returns the message */
  async sayBeforeRestore(from: string): Promise<string> {
    await this.lab.stop();
    const file = join(this.lab.folder, "backup.tar.gz");
    await this.lab.run("backup", file);
    const guid = this.say(from);
    const chat = chatById(this.#world, this.lab.mac.chatId(from))!;
    deliver(this.#world, { chat, from: "me", text: this.words("answer") }, "say");
    const { code, stderr } = await this.lab.run("restore", file, "--force");
    if (code !== 0) throw new Error(stderr);
    await this.start();
    return guid;
  }

  /** A build that knows polls, and a vote on one. */
  async vote(from: string): Promise<string> {
    if (this.sim.settings().version !== "0.14.0") {
      await this.lab.stop();
      this.sim.set({ version: "0.14.0" });
      await this.start();
    }
    const chat = chatById(this.#world, this.lab.mac.chatId(from))!;
    const { guid, poll } = createPoll(this.#world, { chat, from: "me" }, "When?", ["Mon", "Tue"]);
    return vote(this.#world, { chat, from: { handle: from } }, guid, poll.options[0]!.id).guid;
  }

  /** The incoming row of a message to oneself. */
  async sayToSelf(): Promise<string> {
    const text = this.words();
    this.sim.say({ from: me, text });
    const row = `SELECT guid FROM message WHERE text = ? AND is_from_me = 0`;
    return String(this.#world.sql(row).get(text)!.guid);
  }

  /** A row that names nobody (protocol reference 9.7). */
  sayAsNobody(): string {
    const chatId = this.lab.mac.chatId(mia);
    const row = { chatId, handleId: 0, fromMe: false, service: "iMessage", destination: me, at: Date.now() };
    return this.#world.write(() => insertMessage(this.#world, { ...row, text: this.words() })).guid;
  }

  /** A row that never gets its chat, of a sender whose direct chat cannot be guessed. */
  sayNowhere(): string {
    this.sim.fault({ kind: "late-join", ms: 120_000, times: 1 });
    const chat = chatById(this.#world, this.lab.mac.chatId("urn:biz:1"))!;
    return deliver(this.#world, { chat, from: { handle: "urn:biz:1" }, text: this.words() }, "say").guid;
  }

  async close(): Promise<void> {
    this.#world.close();
    await this.lab.close();
  }

  #changes(): number {
    return this.lab.log.split("configuration changed").length;
  }
}

/** One way to be refused: how such a message comes about, and what lets the next one of its kind through. */
export interface Refusing {
  come: (place: Place) => string | Promise<string>;
  /** What the decision asks for: the name of a change of the configuration; absent where no key would help. */
  by?: keyof typeof changes;
  /** What a person does instead, after which the same kind is let in; also absent where nothing is to be done. */
  remedy?: (place: Place, guid: string) => Promise<void>;
  /** What becomes of it then, `dispatch` when absent. */
  becomes?: string;
  /** `first`: its decision comes late, so it is provoked before everything else; `last`: it changes the build. */
  when?: "first" | "last";
}

/** A change of one key, and what makes room for it. */
export interface Change {
  given?: [key: string, value: unknown];
  key: (place: Place) => string;
  value: (place: Place) => unknown;
}

const account = "channels.imessage";
const at = (path: string) => () => `${account}.${path}`;
const listed = [mia, sam, kim, tom, ida, lou, me, shortCode, ...strangers.filter((_, index) => index !== 3)];

/** In this order, each over what the ones before have left. */
export const changes = {
  includeAttachments: { key: at("includeAttachments"), value: () => true },
  groups: {
    key: at("groups"),
    value: (place: Place) => ({
      [place.open]: { requireMention: true },
      [place.closed]: { enabled: false },
      [place.unlisted]: {},
    }),
  },
  groupEnabled: { key: (place: Place) => `${account}.groups.${place.closed}.enabled`, value: () => true },
  requireMention: {
    key: (place: Place) => `${account}.groups.${place.open}.requireMention`,
    value: () => false,
  },
  quietMinutes: { key: at("handoff.quietMinutes"), value: () => 0 },
  ownerServices: { key: () => "commands.ownerServices", value: () => ["imessage", "sms"] },
  pairingServices: { key: () => "pairing.services", value: () => ["imessage", "sms"] },
  allowFrom: { key: at("allowFrom"), value: () => listed },
  allowFromAlone: {
    given: [`${account}.dmPolicy`, "allowlist"],
    key: at("allowFrom"),
    value: () => [...listed, strangers[3]],
  },
  dmPolicy: { given: [`${account}.dmPolicy`, "disabled"], key: at("dmPolicy"), value: () => "pairing" },
  groupPolicy: {
    given: [`${account}.groupPolicy`, "disabled"],
    key: at("groupPolicy"),
    value: () => "allowlist",
  },
  reactionsOfOthers: { key: at("reactionNotifications"), value: () => "all" },
  reactions: {
    given: [`${account}.reactionNotifications`, "off"],
    key: at("reactionNotifications"),
    value: () => "own",
  },
  catchup: { key: at("catchup.enabled"), value: () => true },
  perRunLimit: {
    given: [`${account}.catchup.perRunLimit`, 1],
    key: at("catchup.perRunLimit"),
    value: () => 50,
  },
} satisfies Record<string, Change>;

/** Every reason that there is; a new one without a row here does not compile. */
export const refusals: Record<Reason, Refusing> = {
  no_chat: { come: (place) => place.sayNowhere(), when: "first" },
  unsent: {
    when: "first",
    come: async (place) => {
      place.say(ida, "wait 2800");
      await place.lab.until(() => place.lab.envelopes().some(({ text }) => text === "wait 2800"));
      const guid = place.say(ida);
      await place.decided(guid);
      place.sim.unsend(guid);
      return guid;
    },
  },
  echo: { come: (place) => place.answer(mia) },
  not_understood: {
    come: (place) => {
      place.sim.fault({ kind: "odd-row", times: 1 });
      return place.say(mia);
    },
  },
  own_message: { come: (place) => place.say("me", place.words(), place.lab.mac.chatId(kim)) },
  reinserted: {
    come: async (place) => {
      const guid = place.say(mia);
      await place.decided(guid);
      return place.sim.reinsert(guid).guid;
    },
  },
  empty: { come: (place) => place.sim.rename(mia, place.open, "Climbing!").guid },
  // What a build without a field for cards shows of one.
  unreadable: { come: (place) => place.sim.say({ from: mia, text: "\ufffd" }).guid },
  no_sender: { come: (place) => place.sayAsNobody() },
  repeated_text: {
    come: (place) => {
      const text = place.words();
      place.say(mia, text);
      // Within one millisecond it would be the same message, stored once more.
      return place.sim.say({ from: mia, text, at: Date.now() + 10 }).guid;
    },
  },
  backlog: {
    come: (place) => place.sim.say({ from: mia, text: place.words(), at: Date.now() - 20 * 60_000 }).guid,
    remedy: async (place, guid) => {
      const { code, stderr } = await place.lab.run("retry", guid);
      if (code !== 0) throw new Error(stderr);
      await place.lab.until(
        async () =>
          (await place.lab.look(async (store) => (await store.journal.findByGuid(guid))?.decision?.kind)) ===
          "dispatch",
      );
    },
  },
  opted_out: {
    come: async (place) => {
      await place.decided(place.say(tom, "STOP"));
      return place.say(tom);
    },
    remedy: async (place) => {
      await place.decided(place.say(tom, "START"));
      expectKind(await place.decided(place.say(tom)), "dispatch");
    },
  },
  loop_guard: {
    come: async (place) => {
      // The first answer may excuse one of them, whenever it comes.
      for (let round = 1; round <= 13; round++)
        await place.decided(place.say(lou, `again${"!".repeat(round)}`));
      return place.say(lou, "again?");
    },
  },
  tapback: { come: async (place) => place.sim.tapback(mia, await place.answer(mia), "love").guid },
  edited: {
    come: async (place) => {
      const guid = place.say(mia);
      await place.decided(guid);
      place.sim.edit(guid, place.words());
      // Two looks at a chat are some time apart, and reach back over its newest messages alone.
      await place.lab.until(async () => {
        await place.answer(mia);
        return place.lab.look(async (store) => (await store.journal.findByGuid(`${guid}#1`)) !== undefined);
      });
      return `${guid}#1`;
    },
  },
  taken_back: {
    come: async (place) => {
      const guid = place.say(mia);
      await place.decided(guid);
      place.sim.unsend(guid);
      // Two looks at a chat are some time apart, and reach back over its newest messages alone.
      await place.lab.until(async () => {
        await place.answer(mia);
        return place.lab.look(async (store) => (await store.journal.findByGuid(`${guid}#1`)) !== undefined);
      });
      return `${guid}#1`;
    },
  },
  attachments_only: {
    by: "includeAttachments",
    come: (place) => place.sim.say({ from: mia, attach: [join(place.lab.folder, "tapback.json5")] }).guid,
  },
  group_not_listed: { by: "groups", come: (place) => place.say(mia, place.words("bot"), place.unlisted) },
  group_chat_disabled: {
    by: "groupEnabled",
    come: (place) => place.say(mia, place.words("bot"), place.closed),
  },
  not_mentioned: { by: "requireMention", come: (place) => place.say(mia, place.words(), place.open) },
  hushed: {
    by: "quietMinutes",
    come: async (place) => {
      await place.decided(place.say("me", place.words(), place.lab.mac.chatId(kim)));
      return place.say(kim);
    },
  },
  enrolment_service: {
    by: "ownerServices",
    becomes: "command",
    come: async (place) => {
      const last = () => place.lab.look((store) => store.enrolment.last());
      if (!(await last())) await place.lab.run("pair", "--no-wait");
      const text = (await last())!.phrase;
      return place.sim.say({ from: strangers[0]!, service: "SMS", text }).guid;
    },
  },
  pairing_service: {
    by: "pairingServices",
    becomes: "pairing",
    come: (place) => place.sim.say({ from: strangers[1]!, service: "SMS", text: place.words() }).guid,
  },
  self_chat_not_allowed: { by: "allowFrom", come: (place) => place.sayToSelf() },
  sender_without_pairing: { by: "allowFrom", come: (place) => place.say(shortCode) },
  group_sender_not_allowed: {
    by: "allowFrom",
    come: (place) => place.say(sam, place.words("bot"), place.open),
  },
  pairing_offered: { by: "allowFrom", come: (place) => place.say(strangers[2]!) },
  pairing_pending: {
    by: "allowFrom",
    come: async (place) => {
      await place.decided(place.say(strangers[4]!));
      return place.say(strangers[4]!);
    },
  },
  pairing_full: { by: "allowFrom", come: (place) => place.say(strangers[5]!) },
  dm_not_allowed: { by: "allowFromAlone", come: (place) => place.say(strangers[3]!) },
  dm_disabled: { by: "dmPolicy", come: (place) => place.say(mia) },
  group_disabled: { by: "groupPolicy", come: (place) => place.say(mia, place.words("bot"), place.open) },
  tapback_not_ours: {
    by: "reactionsOfOthers",
    becomes: "context",
    come: async (place) => {
      const guid = place.say(mia);
      await place.decided(guid);
      return place.sim.tapback(mia, guid, "like").guid;
    },
  },
  tapback_off: {
    by: "reactions",
    becomes: "context",
    come: async (place) => place.sim.tapback(mia, await place.answer(mia), "like").guid,
  },
  missed_offline: { by: "catchup", come: (place) => place.sayMeanwhile(mia) },
  waiting_catchup: { by: "perRunLimit", come: (place) => place.sayMeanwhile(mia, 2) },
  restored: { when: "last", come: (place) => place.sayBeforeRestore(mia) },
  poll_vote: { when: "last", come: (place) => place.vote(mia) },
};

function expectKind({ decision }: JournalEntry, kind: string): void {
  if (decision?.kind !== kind) throw new Error(`${kind} was expected, not ${JSON.stringify(decision)}`);
}
