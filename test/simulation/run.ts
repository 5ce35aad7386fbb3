import { createHash } from "node:crypto";
import { channel } from "node:diagnostics_channel";
import { mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parseConfig } from "../../src/config/index.js";
import type { Life, World } from "../../src/testing/index.js";
import { carryOut, countedAs } from "./acts/index.js";
import { Stage } from "./acts/stage.js";
import type { AllLives } from "./all-lives.js";
import { everybody, groups } from "./cast.js";
import { invariants } from "./invariants/index.js";
import type { Admitted, Facts, Invariant, Request } from "./invariants/invariant.js";
import type { KeptState } from "./kept-state.js";
import { Ledger, type OwnRow } from "./ledger.js";
import { numberOf } from "./numbers.js";
import type { Plan, Step } from "./plan.js";
import { Random } from "./random.js";
import { measure, type Resources } from "./resources.js";
import { RunWorld } from "./run-world.js";
import { PgDatabase } from "./server/database.js";
import { serverUrl } from "./server/server-state.js";
import { type Admission, configOf, type Manner, mannerOf, wide } from "./settings.js";
import { type Violated, Violation } from "./violation.js";
import { forgetListings, listing, wordsOf } from "./words.js";

/** What a run came to. */
export interface RunResult {
  seed: number;
  profile: string;
  /** How many gateways there were; absent: one. */
  nodes?: number;
  steps: number;
  messages: number;
  /** How long it took in the world, and here; milliseconds. */
  worldMs: number;
  cpuMs: number;
  /** Of everything that happened and everything that was kept. */
  hash: string;
  counts: Record<string, number>;
  violation?: Violated;
}

const passing = channel("tapback.crash-point");

/** What the process holds is looked at after so many messages. */
const measuredEvery = 500;

/** How a run shows itself. */
export interface Shown {
  log?: (line: string) => void;
  folder: string;
}

/** Plays a plan from its beginning to its end. Never rejects: what goes wrong is the result. */
export async function play(plan: Plan, shown: Shown): Promise<RunResult> {
  // What is loaded late is there before the process is taken over.
  await parseConfig("{}", {});
  const database = plan.nodes === undefined ? undefined : await PgDatabase.open("tapback");
  const run = new Run(plan, shown, database, await measure());
  return await run.play();
}

/** One run of a plan: the world, what is done to it, and what it is held against. */
class Run {
  readonly #ledger = new Ledger();
  readonly #ground: RunWorld;
  readonly #world: World;
  readonly #lives: AllLives;
  readonly #kept: KeptState;
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #manner: Manner;
  readonly #invariants: Invariant[];
  readonly #trace = createHash("sha256");
  /** By which admissions each gateway worked. */
  readonly #admitted: Admitted[][];
  readonly #asked: Admission[] = [];
  readonly #groupIds: number[];
  readonly #start: number;
  #step = -1;
  /** What the process held when it was last looked at. */
  #held: Resources;
  /** Those that were stopped at the end. */
  #lastLives: Life[] = [];
  /** The newest row of each Mac that was looked at. */
  readonly #lastRows: number[];
  #measuredAt = 0;
  #violation: Violation | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly shown: Shown,
    database: PgDatabase | undefined,
    atFirst: Resources,
  ) {
    forgetListings();
    this.#invariants = invariants(atFirst);
    this.#held = atFirst;
    const { seed, profile, nodes = 1 } = plan;
    this.#random = new Random(`run ${seed} ${profile}${nodes > 1 ? ` of ${nodes}` : ""}`);
    this.#manner = mannerOf(this.#random.fork("manner"), nodes);
    this.#admitted = Array.from({ length: nodes }, () => []);
    rmSync(shown.folder, { recursive: true, force: true });
    mkdirSync(shown.folder, { recursive: true });
    this.#ground = new RunWorld({
      ...{ plan, folder: shown.folder, random: this.#random, ledger: this.#ledger },
      ...{ manner: this.#manner, database },
      heard: {
        log: (level, line, node) => this.#log(level, line, node),
        requested: (line, mac, node) => this.#requested(line, mac, node),
        starting: (node) => this.#nowInForce(node),
      },
    });
    const { world, clock, disk, lives, kept, cluster, ahead } = this.#ground;
    [this.#world, this.#lives, this.#kept] = [world, lives, kept];
    this.#start = clock.now();
    const ids = world.macs.map(({ mac }) => groups.map((members) => mac.group(members).id));
    this.#groupIds = ids[0]!;
    const files = join(shown.folder, "sent");
    mkdirSync(files);
    this.#stage = new Stage({
      ...{ world, clock, disk, ledger: this.#ledger, lives, cluster },
      ...{ groupIds: this.#groupIds, ahead, folder: files },
      configure: (admission) => this.#configure(admission),
    });
    for (const [index, { mac }] of world.macs.entries())
      for (const handle of everybody) {
        const { chatId } = mac.say({ from: handle, text: "before the beginning" });
        this.#stage.personOf.set(numberOf(index, chatId), handle);
      }
    this.#lastRows = world.macs.map(({ mac }) => Math.max(...mac.transcript().map(({ id }) => id)));
  }

  async play(): Promise<RunResult> {
    const began = process.cpuUsage();
    const onPoint = (name: unknown) => this.#lives.passed(String(name));
    const onRejection = (reason: unknown) => this.#leaked(reason);
    passing.subscribe(onPoint);
    process.on("unhandledRejection", onRejection);
    try {
      await this.#begin();
      for (const step of this.plan.steps) await this.#take(step);
      await this.#comeToRest();
    } catch (error) {
      const isOne = error instanceof Violation;
      this.#violation ??= isOne ? error : new Violation("the run itself", String((error as Error).stack));
    }
    const hash = this.#hash();
    passing.unsubscribe(onPoint);
    process.off("unhandledRejection", onRejection);
    await this.#end();
    const { user, system } = process.cpuUsage(began);
    const { invariant, what } = this.#violation ?? {};
    return {
      seed: this.plan.seed,
      profile: this.plan.profile,
      ...(this.plan.nodes && { nodes: this.plan.nodes }),
      steps: this.plan.steps.length,
      messages: this.#stage.said,
      worldMs: this.#now - this.#start,
      cpuMs: Math.round((user + system) / 1000),
      hash,
      counts: Object.fromEntries([...this.#ledger.counts].sort()),
      ...(invariant && what && { violation: { invariant, what, step: this.#step } }),
    };
  }

  async #end(): Promise<void> {
    await this.#ground.close();
    // What is left of a broken run can be looked at.
    if (this.#violation === undefined) rmSync(this.shown.folder, { recursive: true, force: true });
  }

  async #begin(): Promise<void> {
    this.#configure(wide);
    await this.#lives.begin();
    if (!(await this.#ground.connected())) throw new Error("the gateway never reached Messages");
  }

  async #take({ id, after, act }: Step): Promise<void> {
    this.#step = id;
    await this.#pass(after);
    this.#trace.update(`${id} ${this.#now} ${act.do};`);
    this.#ledger.count(countedAs(act));
    this.shown.log?.(`${this.#time} step ${id}: ${JSON.stringify(act)}`);
    await carryOut(this.#stage, act, { id, random: new Random(`step ${this.plan.seed} ${id}`) });
    this.#check();
    if (this.#stage.said < this.#measuredAt + measuredEvery) return;
    this.#measuredAt = this.#stage.said;
    await this.#judge("sometimes");
  }

  get #now(): number {
    return this.#ground.clock.now();
  }

  get #time(): string {
    return ((this.#now - this.#start) / 1000).toFixed(3);
  }

  async #pass(ms: number): Promise<void> {
    await this.#lives.pass(ms, () => this.#violation !== undefined);
    if (this.#violation) throw this.#violation;
  }

  /** No error leaves the process (behaviour 16.1a); what a dead life still says is nobody's. */
  #leaked(reason: unknown): void {
    if (this.#ground.alive.length === 0 || /is dead/.test(String(reason))) return;
    const what = String((reason as Error)?.stack ?? reason);
    this.#violation ??= new Violation("no error leaves the process", what);
  }

  #requested(line: string, mac: number, node: number): void {
    this.#trace.update(this.#anywhere(line));
    const request = { ...(JSON.parse(line) as Request), mac, node };
    if (["send", "send.tracked", "poll.send"].includes(request.method))
      this.#log("harness", `${request.method} ${JSON.stringify(request.params).slice(0, 200)}`, node);
    const { text, question } = request.params;
    if (text !== undefined) this.#noteListing(String(text));
    if (request.method === "send") this.#ledger.hand(String(text), node);
    if (request.method === "poll.send") this.#ledger.hand(String(question), node);
    const facts = this.#facts([], node);
    for (const { name, request: judge } of this.#invariants) {
      const wrong = judge?.(facts, request);
      if (wrong !== undefined) this.#violation ??= new Violation(name, wrong);
    }
  }

  #log(level: string, line: string, node?: number): void {
    if (line.startsWith("configuration changed")) this.#nowInForce(node ?? 0);
    const whose = this.plan.nodes && node !== undefined ? `${node} ` : "";
    this.shown.log?.(`${this.#time}   ${whose}${level} ${line}`);
  }

  #configure(admission: Admission): void {
    this.#asked.push(admission);
    const macs = this.#world.macs.map(({ imsg }) => imsg.folder);
    const server = this.plan.nodes === undefined ? undefined : serverUrl;
    const config = configOf(this.#manner, admission, { groupIds: this.#groupIds, macs, server });
    for (const [index, node] of this.#world.nodes.entries()) {
      node.configure(config);
      if (node.life === undefined) this.#nowInForce(index);
    }
  }

  /** A gateway takes over what its file says now. */
  #nowInForce(node: number): void {
    const admission = this.#asked.at(-1);
    if (admission) this.#admitted[node]!.push({ from: this.#now, admission });
  }

  #check(): void {
    const facts = this.#facts(this.#freshRows());
    for (const { name, step } of this.#invariants) {
      const wrong = step?.(facts);
      if (wrong !== undefined) throw new Violation(name, wrong);
    }
    if (this.#violation) throw this.#violation;
  }

  #freshRows(): OwnRow[] {
    const fresh = this.#world.macs.flatMap(({ mac }, index) => {
      const rows = mac.transcript(undefined, this.#lastRows[index]).sort((a, b) => a.id - b.id);
      this.#lastRows[index] = rows.at(-1)?.id ?? this.#lastRows[index]!;
      return rows
        .filter(({ from, text, guid }) => this.#isOurs(from, text, guid))
        .map(({ id, guid, chatId, text, attachments, poll }) => ({
          ...{ id: numberOf(index, id), chatId: numberOf(index, chatId), guid, text },
          poll: poll?.question,
          files: attachments.map((path) => basename(path)),
          seenAt: this.#now,
        }));
    });
    this.#ledger.own.push(...fresh);
    return fresh;
  }

  /** What names the run's folder says the same wherever that lies. */
  #anywhere(text: string): string {
    return text.replaceAll(this.shown.folder, "");
  }

  /** What a command lists is divided, and a later part of it may begin with what an agent said. */
  #noteListing(text: string): void {
    if (wordsOf(text).length === 0) return;
    const find = this.#kept.state.prepare("SELECT 1 FROM outbox WHERE origin = 'command' AND text = ?");
    if (find.get(text) !== undefined) listing(text);
  }

  /** A row of a send may stand there as somebody else's for a moment (protocol reference 9.6). */
  #isOurs(from: string, text: string, guid: string): boolean {
    const { byHand, byGuid } = this.#ledger;
    return (from === "me" || wordsOf(text).length > 0) && !byHand.has(guid) && !byGuid.has(guid);
  }

  #facts(fresh: OwnRow[], node = 0): Facts {
    const run = this;
    return {
      ledger: this.#ledger,
      macs: this.#world.macs.map(({ mac }) => mac),
      get state() {
        return run.#kept.state;
      },
      resources: this.#held,
      stateDirs: this.#world.nodes.map(({ stateDir }) => stateDir),
      cluster: this.#ground.cluster,
      fresh,
      admitted: this.#admitted[node]!,
      turnsPerDay: this.#manner.turnsPerDay,
      groupIds: this.#groupIds,
      personOf: this.#stage.personOf,
      now: this.#now,
      aheadMs: Math.min(...this.#ground.ahead.gateways),
      timers: this.#timers,
    };
  }

  /** Every fault ends; what is under way comes to its end; then the whole is judged. */
  async #comeToRest(): Promise<void> {
    this.shown.log?.(`${this.#time} everything is well again`);
    this.#lives.disarm();
    this.#kept.heal();
    this.#ground.cluster?.heal();
    for (const { mac } of this.#world.macs) {
      mac.clearFaults();
      mac.set({ bridge: true });
    }
    this.#configure(wide);
    for (let minutes = 0; minutes < 600; minutes += 2) {
      await this.#pass(120_000);
      this.#check();
      if (minutes >= 4 && this.#isAtRest()) break;
    }
    await this.#lives.revive();
    this.#lastLives = this.#ground.alive;
    await this.#judge("rest");
    await this.#lives.stop();
    // Waits that lost a race end by themselves.
    await this.#ground.clock.advance(10_000);
    this.#check();
    if (this.#world.children.length > 0) throw new Violation("no leaks", "a child runs after the stop");
    await this.#judge("end");
  }

  /** Asks every invariant that judges at such a moment. @throws Violation */
  async #judge(moment: "sometimes" | "rest" | "end"): Promise<void> {
    // At rest it is judged by what waits and what lies there, not by memory, which takes long to measure.
    if (moment !== "rest") this.#held = await measure();
    const facts = this.#facts([]);
    for (const invariant of this.#invariants) {
      const wrong = invariant[moment]?.(facts);
      if (wrong !== undefined) throw new Violation(invariant.name, wrong);
    }
  }

  get #timers(): number | undefined {
    const { alive } = this.#ground;
    const waiting = (alive.length > 0 ? alive : this.#lastLives).map(({ scope }) => scope.waiting);
    return waiting.length > 0 ? Math.max(...waiting) : undefined;
  }

  #isAtRest(): boolean {
    const count = (sql: string) =>
      Number(this.#kept.state.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.n);
    const isJournaled = (guid: string) =>
      this.#kept.state.prepare("SELECT 1 FROM journal WHERE guid = ?").get(guid) !== undefined;
    return (
      // A second row of a message need not be there.
      [...this.#ledger.said.values()].every(({ guid }) => isJournaled(guid)) &&
      count("journal WHERE state NOT IN ('done', 'failed')") === 0 &&
      count("turn WHERE state IN ('queued', 'running')") === 0 &&
      count("outbox WHERE state IN ('pending', 'sending')") === 0
    );
  }

  #hash(): string {
    const hash = createHash("sha256").update(this.#trace.digest());
    if (this.#kept.isThere) {
      for (const table of ["journal", "turn", "outbox", "session", "notice", "action", "draft", "question"])
        for (const row of this.#kept.state.prepare(`SELECT * FROM ${table}`).all())
          hash.update(this.#anywhere(JSON.stringify(row)));
    }
    for (const { mac } of this.#world.macs)
      for (const row of mac.transcript()) hash.update(this.#anywhere(JSON.stringify(row)));
    return hash.digest("hex").slice(0, 32);
  }
}
