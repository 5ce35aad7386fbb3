import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../../../src/config/index.js";
import type { BridgeHooks } from "../../../src/gateway/account/account-bridge.js";
import { createGateway, type Gateway } from "../../../src/gateway/index.js";
import { type Database, openDatabase } from "../../../src/platform/index.js";
import { FakeClock } from "../fake-clock.js";
import { removeFolder } from "../remove-folder.js";
import { laterMs, TownAgent } from "./agent.js";
import { chatOf, owner, people, stranger, TownMac } from "./mac.js";
import { rowsOf } from "./rows.js";
import { setScene } from "./stage.js";
import type { Account, Step } from "./steps.js";

/** How far direct chats share sessions, and what a message does to a turn that runs. */
export interface TownRules {
  dmScope: "main" | "per-peer" | "per-channel-peer" | "per-account-channel-peer";
  queueMode: "followup" | "collect" | "interrupt";
}

/** What a step brought about, as the test judges it. */
export interface Outcome {
  step: Step;
  /** By account, what its Mac was asked to do, in an order that tells nothing. */
  asked: Record<Account, string[]>;
  shown: { account: string; what: string }[];
  aborted: string[];
  /** By account, the rows of the store that are its own, before and after. */
  before: Record<Account, string[]>;
  after: Record<Account, string[]>;
}

/** So much time passes with each step, so that it does not tell who else was there. */
const stepMs = 10_000;
/** Of the steps that wait: what was scheduled is due. */
const waitMs = laterMs + 10_000;
const unknownCode = "AAAAAAAA";
const unknownQuestion = "zzzz";
const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A gateway of two accounts in this process, with Macs and an agent that are played, and a clock of its own. */
export class Town {
  readonly agent: TownAgent;
  readonly #folder = mkdtempSync(join(tmpdir(), "tapback-town-"));
  readonly #clock = new FakeClock();
  readonly #macs = {} as Record<Account, TownMac>;
  #words: Record<Account, number> = { home: 0, work: 0 };
  #gateway!: Gateway;
  #database!: Database;
  readonly #start = this.#clock.now();
  #passed = 0;

  private constructor(private readonly rules: TownRules) {
    this.agent = new TownAgent(
      (account) => this.#foreign(account === "home" ? "work" : "home"),
      () => rules.dmScope === "per-account-channel-peer",
    );
  }

  /** Plays steps. @returns what each brought about */
  static async play(rules: TownRules, steps: readonly Step[]): Promise<Outcome[]> {
    const town = new Town(rules);
    setScene(town);
    try {
      await town.#open();
      const outcomes: Outcome[] = [];
      for (const step of steps) outcomes.push(await town.#take(step));
      return outcomes;
    } finally {
      await town.#close();
    }
  }

  openMac(account: Account, hooks: BridgeHooks): TownMac {
    this.#macs[account] = new TownMac(hooks, this.#clock.now);
    return this.#macs[account];
  }

  async #open(): Promise<void> {
    const { dmScope, queueMode } = this.rules;
    const dbPath = (account: Account) => ({ dbPath: join(this.#folder, account, "chat.db") });
    const parsed = await parseConfig(
      JSON.stringify({
        channels: {
          imessage: {
            dmPolicy: "pairing",
            allowFrom: people.filter((handle) => handle !== stranger),
            groupPolicy: "open",
            groups: { "*": { requireMention: false } },
            typing: false,
            outbound: { perChatPerMinute: 10_000, perAccountPerHour: 10_000, newConversationsPerDay: 1000 },
            defaultAccount: "home",
            accounts: { home: dbPath("home"), work: dbPath("work") },
          },
        },
        commands: { ownerAllowFrom: [owner] },
        session: { dmScope },
        // What a turn says after some time would hang on how long the steps of the other account take.
        messages: { queue: { mode: queueMode }, progressAfterSeconds: 0 },
        acp: { permissionTimeoutSeconds: 36_000, command: process.execPath },
        agents: {
          defaults: { maxConcurrent: 100, timeoutSeconds: 80_000 },
          list: [{ id: "main", runtime: { type: "demo" } }],
        },
      }),
      {},
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    this.#gateway = createGateway({
      config: parsed.value.config,
      stateDir: join(this.#folder, "state"),
      log: silent,
      clock: this.#clock,
      env: { PATH: process.env.PATH },
      home: this.#folder,
    });
    await this.#gateway.start();
    this.#database = openDatabase(join(this.#folder, "state", "state.db"), { readOnly: true });
    await this.#pass(stepMs);
  }

  async #close(): Promise<void> {
    this.#database?.close();
    let isClosed = false;
    const closed = this.#gateway.stop().finally(() => {
      isClosed = true;
    });
    await this.#clock.advanceUntil(() => isClosed);
    await closed;
    await removeFolder(this.#folder);
  }

  async #take(step: Step): Promise<Outcome> {
    const before = this.#rows();
    const [shown, aborted] = [this.agent.shown.length, this.agent.aborted.length];
    for (const mac of Object.values(this.#macs)) mac.asked.length = 0;
    this.#do(step);
    await this.#pass(step.kind === "waits" ? waitMs : stepMs);
    return {
      step,
      asked: { home: this.#asked("home"), work: this.#asked("work") },
      shown: this.agent.shown.slice(shown),
      aborted: this.agent.aborted.slice(aborted),
      before,
      after: this.#rows(),
    };
  }

  /** What a Mac was asked for in this step, without what is made by chance. */
  #asked(account: Account): string[] {
    const made = this.#database
      .prepare("SELECT code AS name FROM pairing UNION SELECT id FROM question")
      .all()
      .map(({ name }) => String(name));
    const chance = new RegExp([...made, unknownCode, unknownQuestion, uuid].join("|"), "gi");
    return this.#macs[account].asked.map((call) => call.replace(chance, "NAME")).toSorted();
  }

  #do(step: Step): void {
    if (step.kind === "waits" || step.kind === "pauses") return;
    const { account } = step;
    const mac = this.#macs[account];
    if (step.kind === "lets go") {
      this.agent.held.find((held) => held.account === account)?.go();
      return;
    }
    const { who, inGroup } = step;
    const chat = chatOf(who, inGroup);
    const from = { sender: people[who]! };
    if (step.kind === "reacts") {
      const { targetGuid } = step;
      const tapback = { kind: "like", emoji: "👍", added: true, targetGuid };
      mac.arrives(chat, { ...from, text: "", tapback });
      return;
    }
    const word = `${account}-${this.#words[account]++}`;
    const text = step.text
      .replace("WORD", word)
      .replace("CODE", this.#last("pairing", "code", step.whose) ?? unknownCode)
      .replace("QUESTION", this.#last("question", "id", step.whose) ?? unknownQuestion);
    const own = { fromMe: true, sender: inGroup ? "" : people[who]! };
    mac.arrives(chat, { ...(step.kind === "by hand" ? own : from), text });
  }

  /** The newest value of a column of an account. */
  #last(table: "pairing" | "question", column: string, account: Account): string | undefined {
    const order = table === "pairing" ? "id" : "asked_at";
    const query = `SELECT ${column} AS value FROM ${table} WHERE account = ? ORDER BY ${order} DESC LIMIT 1`;
    const found = this.#database.prepare(query).get(account);
    return found && String(found.value);
  }

  #foreign(account: Account): { messages: string[]; schedules: string[] } {
    const all = (query: string) =>
      this.#database
        .prepare(query)
        .all(account)
        .map(({ id }) => id!);
    return {
      messages: all("SELECT id FROM journal WHERE account = ? ORDER BY id").map((id) =>
        Number(id).toString(36),
      ),
      schedules: all("SELECT id FROM schedule WHERE account = ? ORDER BY id").map(String),
    };
  }

  #rows(): Record<Account, string[]> {
    return { home: rowsOf(this.#database, "home"), work: rowsOf(this.#database, "work") };
  }

  /** The time of a step passes, and all that follows from the step has happened. */
  async #pass(ms: number): Promise<void> {
    this.#passed += ms;
    await this.#clock.advanceUntil(() => this.#isQuiet(), ms);
    await this.#clock.advance(this.#start + this.#passed - this.#clock.now());
    // What fell due then is over as well, at no other time.
    for (let looks = 0; !this.#isQuiet(); looks++) {
      if (looks > 10_000) throw new Error("it does not come to rest");
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Nothing is under way but turns that somebody holds, and those behind them. */
  #isQuiet(): boolean {
    const { open } = this.#database
      .prepare(
        `SELECT (SELECT count(*) FROM journal WHERE state IN ('new', 'decided'))
           + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))
           + (SELECT count(*) FROM session WHERE head IS NOT NULL AND running IS NULL)
           + abs((SELECT count(*) FROM turn WHERE state = 'running') - ?) AS open`,
      )
      .get(this.agent.held.length)!;
    const heard = Object.values(this.#macs).reduce((sum, mac) => sum + mac.rows.length, 0);
    return (
      Number(open) === 0 &&
      heard === Number(this.#database.prepare("SELECT count(*) AS count FROM journal").get()!.count)
    );
  }
}
