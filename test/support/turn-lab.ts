import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Agent, AgentEvent, AgentTurn } from "../../src/agents/index.js";
import type { Envelope } from "../../src/conversation/index.js";
import type { Log } from "../../src/platform/index.js";
import { type Claim, openStore, type Store, type TurnEnd } from "../../src/store/index.js";
import type { ReplyBlock } from "../../src/turns/running/answer.js";
import type { Streaming } from "../../src/turns/running/bubbles.js";
import type { Composing, TurnParts, TurnsElsewhere } from "../../src/turns/running/parts.js";
import { TurnRunner } from "../../src/turns/running/runner.js";
import { fakeTurn } from "./agent-turn.js";
import { FakeClock } from "./fake-clock.js";
import { rememberingLog } from "./inbound-bench.js";
import { removeFolder } from "./remove-folder.js";

export interface TurnLabSettings {
  /** What the agent does; default: it says `answer to` and the text. */
  agent?: (turn: AgentTurn, signal: AbortSignal, lab: TurnLab) => AsyncIterable<AgentEvent>;
  canSteer?: true;
  maxConcurrent?: number;
  timeoutMs?: number;
  streaming?: Streaming;
  /** Instead of the lab's own parts. */
  parts?: Partial<TurnParts>;
  /** What follows other processes; absent: there are none. */
  elsewhere?: (lab: TurnLab) => TurnsElsewhere;
  /** Puts something between the runner and the store. */
  over?: (store: Store) => Store;
}

/** What a composer does where nothing waits for an owner's yes. */
export const unheld: Pick<TurnParts["composer"], "notesFor" | "keep" | "hold"> = {
  keep: async (_, block) => ({ block, notes: [] }),
  notesFor: () => [],
  hold: async (_, end) => end,
};

/** Where a turn belongs; what is left out is the same for all. */
export interface Where {
  session?: string;
  account?: string;
  chatId?: number;
  isOwner?: boolean;
  isGroup?: boolean;
  agentId?: string;
  /** Other fields of the envelope. */
  more?: Pick<Envelope, "listening" | "scheduled">;
}

/** The runner of turns over a real store, with agents that a test tells what to do. */
export class TurnLab {
  readonly folder = mkdtempSync(join(tmpdir(), "tapback-turns-"));
  readonly clock = new FakeClock();
  readonly store: Store;
  readonly log: Log;
  readonly lines: string[];
  readonly runner: TurnRunner;
  /** Turns that began and ended, as the listener heard of them. */
  readonly heard: string[] = [];
  readonly ends = new Map<string, TurnEnd>();
  /** What agents were given, by turn. */
  readonly asked = new Map<string, AgentTurn>();
  readonly composed: { blocks: ReplyBlock[]; how: Composing }[] = [];
  /** Turns whose agent was given back, whose tools ended. */
  readonly givenBack: string[] = [];
  readonly unequipped: string[] = [];
  readonly #hold = new Map<string, () => void>();
  readonly #claims = new Map<string, Claim>();

  constructor(private readonly settings: TurnLabSettings = {}) {
    this.store = openStore(join(this.folder, "state.db"));
    ({ log: this.log, lines: this.lines } = rememberingLog());
    const store = settings.over?.(this.store) ?? this.store;
    const { clock, log } = this;
    const mask = (text: string) => text.replaceAll("secret", "***");
    const elsewhere = settings.elsewhere?.(this);
    const deps = { store, node: "node", clock, log, mask, ...(elsewhere && { elsewhere }) };
    this.runner = new TurnRunner(deps, this.#parts());
  }

  /** Queues a turn that answers one message. */
  async queue(id: string, where: Where = {}): Promise<void> {
    const { session = "s", account = "default", chatId = 7, isOwner = false } = where;
    const { isGroup = false, agentId = "main", more = {} } = where;
    const sender = { handle: "+15550100123", isOwner };
    const own = { turnId: id, accountId: account, sessionKey: session, sender, agentId };
    const { envelope } = fakeTurn(id, { envelope: own });
    const chat = { ...envelope.chat, chatId, isGroup, target: `chat_id:${chatId}` };
    const turn = { id, account, sessionKey: session, agentId, envelope: { ...envelope, ...more, chat } };
    await this.store.turns.open(await this.#claim(account), turn, [], [], this.clock.now());
  }

  /** An agent waits here until {@link go} or its stop. */
  async hold(turn: AgentTurn, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#hold.set(turn.envelope.turnId, resolve);
      signal.addEventListener("abort", () => resolve());
    });
    signal.throwIfAborted();
  }

  /** Lets the agent of a turn go on. */
  go(turnId: string): void {
    this.#hold.get(turnId)?.();
  }

  /** Waits until so many turns run. */
  async until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    await this.clock.advanceUntil(isSo, 3600_000);
  }

  /** Waits until the listener heard that these ended. */
  async ended(...ids: string[]): Promise<void> {
    await this.until(() => ids.every((id) => this.ends.has(id)));
  }

  /** States of turns. */
  async states(...ids: string[]): Promise<(string | undefined)[]> {
    return Promise.all(ids.map(async (id) => (await this.store.turns.get(id))?.state));
  }

  /** Texts that turns handed to the outbox. */
  async sent(...ids: string[]): Promise<(string | undefined)[]> {
    const all = await Promise.all(ids.map((id) => this.store.outbox.ofTurn(id)));
    return all.flat().map(({ text }) => text);
  }

  async close(): Promise<void> {
    let isStopped = false;
    void this.runner.stop(0).then(() => {
      isStopped = true;
    });
    await this.until(() => isStopped);
    await this.store.close();
    await removeFolder(this.folder);
  }

  async #claim(account: string): Promise<Claim> {
    const known = this.#claims.get(account) ?? (await this.store.accounts.claim(account, "node")).claim;
    this.#claims.set(account, known);
    return known;
  }

  #parts(): TurnParts {
    const {
      maxConcurrent = 9,
      timeoutMs = 600_000,
      streaming = { mode: "final", maxBubbles: 9 },
    } = this.settings;
    return {
      limits: {
        maxConcurrent: () => maxConcurrent,
        timeoutMs: async () => timeoutMs,
        admit: async () => "runs",
      },
      preparation: {
        refresh: async ({ envelope }) => envelope,
        ready: async ({ envelope }) => ({ envelope, notes: [] }),
      },
      agents: { lend: async ({ id }) => ({ agent: this.#agent(), giveBack: () => this.givenBack.push(id) }) },
      equipment: {
        equip: ({ id }) => ({ tools: {} as never, ask: () => {}, end: () => this.unequipped.push(id) }),
      },
      composer: {
        ...unheld,
        streaming: () => streaming,
        compose: async (turn, blocks, how) => {
          this.composed.push({ blocks, how });
          const { target, chatKey } = turn;
          const texts = how.failed ? ["Sorry."] : blocks.map(({ text }) => text);
          const messages = texts.map((text) => ({ target, chatKey, origin: "turn" as const, text }));
          return { messages, notes: [] };
        },
      },
      signs: { of: () => undefined, isNeedless: async () => true },
      steering: { isOn: () => true, isAsWritten: async () => true },
      listener: {
        started: ({ id }) => void this.heard.push(`started ${id}`),
        ended: ({ id }, end) => {
          this.heard.push(`${end.outcome} ${id}`);
          this.ends.set(id, end);
        },
      },
      ...this.settings.parts,
    };
  }

  #agent(): Agent {
    return {
      ...(this.settings.canSteer && { canSteer: true }),
      run: (turn, signal) => {
        this.asked.set(turn.envelope.turnId, turn);
        return this.settings.agent?.(turn, signal, this) ?? saying(`answer to ${turn.envelope.text}`);
      },
      reset: async () => {},
      close: async () => {},
    };
  }
}

/** An agent's turn that says these texts. */
export async function* saying(...texts: string[]): AsyncGenerator<AgentEvent> {
  for (const text of texts) yield { type: "text", text };
}

/** An agent that answers once the test lets it. */
export async function* held(turn: AgentTurn, signal: AbortSignal, lab: TurnLab): AsyncGenerator<AgentEvent> {
  await lab.hold(turn, signal);
  yield { type: "text", text: `answer to ${turn.envelope.text}` };
}

/** Makes labs that are closed after each test. */
export function turnLabs(): (settings?: TurnLabSettings) => TurnLab {
  const open: TurnLab[] = [];
  afterEach(async () => {
    for (const lab of open.splice(0)) await lab.close();
  });
  return (settings) => {
    const lab = new TurnLab(settings);
    open.push(lab);
    return lab;
  };
}
