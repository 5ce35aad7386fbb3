import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, vi } from "vitest";
import { accountPolicy, type Policy } from "../../src/access/index.js";
import type { BridgeHealth, BridgeReader, HistoryQuery, SendResult } from "../../src/bridge/index.js";
import { commandRules } from "../../src/commands/index.js";
import { parseConfig } from "../../src/config/index.js";
import type { Chat, Envelope, MessageRow } from "../../src/conversation/index.js";
import { type Absences, type AccountRules, Intake, MacClock } from "../../src/inbound/index.js";
import { type Clock, type Log, systemClock } from "../../src/platform/index.js";
import { type Claim, openStore, type Store } from "../../src/store/index.js";
import type { FakeClock } from "./fake-clock.js";
import { removeFolder } from "./remove-folder.js";

/** A Mac with nothing but rows: what the bridge's edge shows of them. */
export class FakeBridge implements BridgeReader {
  state = "live" as const;
  rows: MessageRow[] = [];
  readonly queries: HistoryQuery[] = [];
  chatsAsked = 0;
  /** Chats whose history cannot be read. */
  readonly unreadable = new Set<number>();

  start(): void {}
  async stop(): Promise<void> {}
  health(): BridgeHealth {
    return { state: "live", restarts: 0, malformed: 0 };
  }
  async chats(limit: number): Promise<Chat[]> {
    this.chatsAsked++;
    const newest = new Map<number, Chat>();
    for (const { chat, sentAt } of this.rows) {
      const lastMessageAt = Math.max(sentAt, newest.get(chat.id)?.lastMessageAt ?? 0);
      newest.set(chat.id, { ...chat, lastMessageAt });
    }
    return [...newest.values()].sort((a, b) => b.lastMessageAt! - a.lastMessageAt!).slice(0, limit);
  }
  async history(query: HistoryQuery): Promise<MessageRow[]> {
    this.queries.push(query);
    if (this.unreadable.has(query.chatId)) throw new Error("malformed");
    return this.rows
      .filter(({ chat, tapback }) => chat.id === query.chatId && !tapback)
      .filter(({ sentAt }) => sentAt >= (query.since ?? 0) && sentAt < (query.until ?? Infinity))
      .sort((a, b) => b.sentAt - a.sentAt || b.rowId - a.rowId)
      .slice(0, query.limit);
  }
  /** Whether it gives rows by their number. */
  givesRowsAfter = false;
  /** GUIDs of rows whose chat was not joined when they were asked for by their number. */
  readonly passedOver = new Set<string>();
  async rowsAfter(rowId: number): Promise<MessageRow[] | undefined> {
    if (!this.givesRowsAfter) return undefined;
    return this.rows
      .filter((row) => row.rowId > rowId && !this.passedOver.has(row.guid))
      .sort((a, b) => a.rowId - b.rowId);
  }
  async newestRow(): Promise<{ rowId: number; guid: string; isPartial?: boolean } | undefined> {
    return this.rows.toSorted((a, b) => a.rowId - b.rowId).at(-1);
  }
  async send(): Promise<SendResult> {
    return { ok: true, value: {} };
  }
}

/** A log that remembers: `level: message`. */
export function rememberingLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return { log: { debug: () => {}, info: at("info"), warn: at("warn"), error: at("error") }, lines };
}

/** Waits until a check holds; long, for the machine may be busy. */
export function until(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 });
}

/** An intake over a real store, with a clock that the test owns. */
export class IntakeBench {
  readonly folder = mkdtempSync(join(tmpdir(), "tapback-intake-"));
  readonly store: Store;
  readonly bridge = new FakeBridge();
  readonly commands: string[] = [];
  readonly loops: MessageRow[] = [];
  readonly lines: string[];
  readonly log: Log;
  claim!: Claim;
  intake!: Intake;
  mac!: MacClock;
  readonly clock: Clock;
  #now = 1_778_307_200_000;
  #rows = 1000;
  #policy!: Policy;

  constructor(
    private readonly settings: {
      coalesceMs?: number;
      waitWhileTyping?: boolean;
      quietMs?: number;
      missedSummary?: AccountRules["missedSummary"];
      imessage?: Record<string, unknown>;
      /** Default: none, so that every message of a group is taken for one to the agent. */
      mentionPatterns?: string[];
      absences?: Partial<Absences>;
      /** Default: what time it is is the test's, and timers are the machine's. */
      clock?: FakeClock;
    } = {},
  ) {
    this.clock = settings.clock ?? { ...systemClock, now: () => this.#now };
    this.store = openStore(join(this.folder, "state.db"));
    ({ log: this.log, lines: this.lines } = rememberingLog());
  }

  get now(): number {
    return this.clock.now();
  }

  /** Only without a clock of the test's own, which is moved itself. */
  set now(now: number) {
    this.#now = now;
  }

  /** Starts an intake as a gateway does; again as the next gateway would after a crash. */
  async start(): Promise<this> {
    const imessage = { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open", ...this.settings.imessage };
    const { mentionPatterns } = this.settings;
    const messages = mentionPatterns && { groupChat: { mentionPatterns } };
    const parsed = await parseConfig(JSON.stringify({ channels: { imessage }, messages }), {});
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    this.#policy = accountPolicy(parsed.value.config, "default", commandRules)!;
    const { claim } = await this.store.accounts.claim("default", `node-${Math.random()}`);
    this.claim = claim;
    this.mac = await MacClock.load(this.store, claim.id, this.clock, this.log);
    const deps = {
      store: this.store,
      bridge: this.bridge,
      claim,
      clock: this.clock,
      mac: this.mac,
      log: this.log,
    };
    this.intake = new Intake(deps, {
      rules: () => this.rules(),
      absences: { missed: undefined, outages: () => [], ...this.settings.absences },
      commands: {
        run: async (entry, decision) => {
          this.commands.push(decision.name);
          await this.store.journal.complete(claim, entry.id, { replies: [] }, this.now);
          return undefined;
        },
      },
      listener: {
        arrived: () => {},
        decided: () => {},
        opened: () => {},
        kept: () => {},
        missed: () => {},
        looping: (row) => void this.loops.push(row),
      },
    });
    await this.intake.start();
    return this;
  }

  rules(): AccountRules {
    return {
      policy: this.#policy,
      historyLimit: 50,
      quietMs: this.settings.quietMs ?? 0,
      queueMode: "followup",
      isLimited: () => false,
      seedLimitOf: () => 0,
      missedSummary: this.settings.missedSummary ?? "owner",
      coalesceMs: this.settings.coalesceMs ?? 0,
      waitWhileTyping: this.settings.waitWhileTyping ?? true,
      sessionOf: (row) => ({ agentId: "main", sessionKey: `agent:main:${row.chat.id}` }),
    };
  }

  /** A row of now, with a GUID and a row id of its own unless the test says otherwise. */
  row(row: MessageRow, change: Partial<MessageRow> = {}): MessageRow {
    const rowId = ++this.#rows;
    return { ...row, rowId, guid: `GUID-${rowId}`, sentAt: this.now, ...change };
  }

  /** What agents were given, in the order in which the turns were opened. */
  async envelopes(): Promise<Envelope[]> {
    const entries = (await this.store.journal.list({ limit: 1000, own: true })).reverse();
    const ids = [...new Set(entries.filter(({ state }) => state !== "decided").map(({ turnId }) => turnId))];
    const turns = await Promise.all(ids.flatMap((id) => (id ? [this.store.turns.get(id)] : [])));
    return turns.map((turn) => turn!.envelope);
  }

  async texts(): Promise<string[]> {
    return (await this.envelopes()).map(({ text }) => text);
  }

  /** Runs the turns that wait, as an agent would that answers nothing. @returns the texts that it was asked */
  async runTurns(fails: (text: string) => boolean = () => false): Promise<string[]> {
    const asked: string[] = [];
    for (;;) {
      const turns = await this.store.turns.claim("agent", 100, this.now);
      if (turns.length === 0) return asked;
      for (const { claim, turn } of turns) {
        asked.push(turn.envelope.text);
        const outcome = fails(turn.envelope.text) ? "failed" : "done";
        await this.store.turns.end(claim, { outcome, replies: [] }, this.now, false);
      }
    }
  }

  /** State and reason of a row. */
  async fate(guid: string): Promise<string> {
    const entry = await this.store.journal.findByGuid(guid);
    const reason = entry?.decision && "reason" in entry.decision ? entry.decision.reason : "";
    return `${entry?.state ?? "unknown"} ${entry?.decision?.kind ?? ""} ${reason}`.trim();
  }

  async close(): Promise<void> {
    await this.intake?.stop();
    await this.store.close();
    await removeFolder(this.folder);
  }
}

/** Makes benches that are closed after each test. */
export function intakeBenches(): (
  ...settings: ConstructorParameters<typeof IntakeBench>
) => Promise<IntakeBench> {
  const open: IntakeBench[] = [];
  afterEach(async () => {
    for (const bench of open.splice(0)) await bench.close();
  });
  return async (...settings) => {
    const bench = new IntakeBench(...settings);
    open.push(bench);
    return bench.start();
  };
}
