import { join } from "node:path";
import { editFile } from "../../src/config/edit/index.js";
import { parsePath } from "../../src/config/index.js";
import { Simulator } from "../../src/simulator/index.js";
import { chatById } from "../../src/simulator/messages-app/chats.js";
import { deliver } from "../../src/simulator/messages-app/deliver.js";
import { insertMessage } from "../../src/simulator/messages-app/insert.js";
import { createPoll, vote } from "../../src/simulator/messages-app/poll.js";
import { openWorld } from "../../src/simulator/world/world.js";
import type { JournalEntry } from "../../src/store/index.js";
import { GatewayLab } from "./gateway-lab.js";

export const [mia, sam, kim, tom, ida, lou] = Array.from({ length: 6 }, (_, i) => `+1555010010${i}`) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
export const me = "bot@example.com";
export const strangers = Array.from({ length: 6 }, (_, i) => `+1555010020${i}`);
export const shortCode = "262966";

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

  /** Changes one key as `tapback config set` does, and waits until it holds. */
  async change(key: string, value: unknown): Promise<void> {
    const before = this.#changes();
    const path = parsePath(key);
    if (!path.ok) throw path.error;
    const file = join(this.lab.folder, "tapback.json5");
    const done = await editFile(file, [{ set: path.value, value }], process.env);
    if (!done.ok) throw done.error.error;
    await this.lab.until(() => this.#changes() > before);
    if (key.endsWith("includeAttachments"))
      await this.lab.until(() => this.lab.log.includes("account restarted"));
  }

  /** Starts the gateway; it does not look long for a chat that never comes. */
  start(): Promise<void> {
    return this.lab.startHere({ TAPBACK_TEST_LATE_JOIN_MS: "1500" });
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
