import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ClusterLab, type ClusterNode } from "../../support/cluster-lab.js";
import { PostgresHere } from "../../support/postgres-here.js";
import { WayProxy } from "../../support/way-proxy.js";
import { ClusterWatch } from "./cluster-watch.js";
import { Random } from "./random.js";
import { until } from "./wait.js";

/** How much is played. */
export interface ClusterPlan {
  messages: number;
  faults: number;
  gateways: number;
  workers: number;
  seed: number;
  /** Version of imsg: from 0.15 on a send has a GUID of ours. */
  imsg: string;
  /** How long a lease lasts, milliseconds; the product's is 15 s. */
  leaseMs: number;
}

/** What it came to. */
export interface ClusterResult {
  /** Sends of the same item that a person saw more than once. */
  doubled: number;
  /** How often another node got the account. */
  takeovers: number;
  /** From a death or a frost to the next owner, milliseconds: the longest. */
  longestMs: number;
  /** Calls to the Mac that the witnesses saw. */
  calls: number;
  seconds: number;
  problems: string[];
}

/** Beside the lease, a takeover takes so long at most; */
const takeoverMs = 2000;
/** and a transaction that stands still holds others up for so long (behaviour 21.1b), where the lease does not outlast it. */
const standingMs = 10_000;
/** So many messages wait for an answer at most; then nobody writes. */
const mostWaiting = 60;
/** How far it is is told so often, milliseconds. */
const toldEveryMs = 10_000;
const people = Array.from({ length: 40 }, (_, index) => `+1555010${1000 + index}`);
const faults = ["kill", "freeze", "frozen way", "cut", "server"] as const;
type Fault = (typeof faults)[number];

interface Member {
  node: ClusterNode;
  way: WayProxy;
}

/**
 * Several gateways and workers on one state and one Mac, each over a way of its own to the server, while people write and one thing after
 * the other goes wrong: one of them is killed or frozen beyond its lease, its way stands still or breaks, the server dies. Every message has to be
 * answered once in the end, and no Mac told anything by who had lost the account (behaviour 21.4).
 */
export async function playCluster(plan: ClusterPlan): Promise<ClusterResult> {
  const random = new Random(plan.seed);
  const { leaseMs } = plan;
  const began = Date.now();
  const server = await new PostgresHere().start();
  const settings = { version: plan.imsg, bridge: true, sip: "disabled" } as const;
  const lab = new ClusterLab(settings, leaseMs);
  const members: Member[] = [];
  const schema = "cluster";
  const witnessed = join(lab.folder, "calls.jsonl");
  writeFileSync(witnessed, "");
  const watch = new ClusterWatch(server.folder, schema, witnessed);
  let telling: NodeJS.Timeout | undefined;
  try {
    const rest = { logging: { level: "info" } };
    for (let index = 0; index < plan.gateways + plan.workers; index++) {
      const way = new WayProxy(server.folder);
      const url = server.url(schema, await way.start());
      const words = index < plan.gateways ? ["gateway"] : ["worker", "--agents", "main"];
      const outbound = { perChatPerMinute: 100_000, perAccountPerHour: 1_000_000 };
      const imessage = { dmPolicy: "allowlist", allowFrom: people, outbound };
      members.push({ node: lab.node(`${words[0]}-${index + 1}`, url, imessage, rest, words), way });
    }
    for (const { node } of members) await node.start();
    watch.start();
    const talk = new Talk(lab, random, plan.messages);
    const writing = talk.write();
    telling = setInterval(() => process.stderr.write(`${talk.told()}\n`), toldEveryMs);
    const problems: string[] = [];
    let longestMs = 0;
    for (let fault = 1; fault <= plan.faults; fault++) {
      const due = Math.floor((plan.messages * fault) / (plan.faults + 1));
      await lab.until(() => talk.written >= due, 600_000);
      const what = random.pick(faults);
      const tookMs = await strike(what, members, { server, watch, random, leaseMs });
      if (tookMs === undefined) continue;
      longestMs = Math.max(longestMs, tookMs);
      const mostMs = takeoverMs + (what === "kill" ? leaseMs : Math.max(leaseMs, standingMs));
      if (tookMs > mostMs)
        problems.push(`after ${what} it took ${tookMs} ms until another one had the account`);
    }
    await writing;
    await lab.until(() => talk.missing().length === 0, 300_000).catch(() => {});
    const items = await server.ask(`SELECT text, turn_id FROM ${schema}.outbox WHERE origin = 'turn'`);
    await watch.stop();
    problems.push(...talk.missing().map((token) => `${token} was not answered`));
    problems.push(...talk.committedTwice(items.map(({ text }) => String(text))));
    problems.push(...watch.strangers());
    const doubled = talk.doubled();
    const owners = watch.owners.filter(({ pid }) => pid !== undefined);
    const figures = { doubled, takeovers: owners.length - 1, longestMs, calls: watch.calls };
    return { ...figures, seconds: Math.round((Date.now() - began) / 1000), problems };
  } finally {
    clearInterval(telling);
    await watch.stop();
    await lab.close();
    for (const { way } of members) await way.close();
    await server.remove();
  }
}

/** One thing goes wrong, and is over. @returns how long nobody else had the account, where the one that had it was struck */
async function strike(
  what: Fault,
  members: readonly Member[],
  ground: { server: PostgresHere; watch: ClusterWatch; random: Random; leaseMs: number },
): Promise<number | undefined> {
  const { server, watch, random, leaseMs } = ground;
  if (what === "server") {
    await server.stop("now");
    await pause(random.between(200, 2 * leaseMs));
    await server.run();
    return undefined;
  }
  const { node, way } = random.pick(members);
  if (what === "cut") {
    way.cut();
    return undefined;
  }
  const owned = watch.owner === node.pid;
  const struck = Date.now();
  if (what === "kill") await node.kill();
  if (what === "freeze") node.freeze();
  if (what === "frozen way") way.freeze();
  const before = node.pid;
  const isTaken = () => watch.owner !== undefined && watch.owner !== before;
  if (owned) await until(isTaken, () => `nobody took over after ${what}`, 60_000);
  const tookMs = owned ? Date.now() - struck : undefined;
  await pause(random.between(0, owned ? 1000 : leaseMs + 1000));
  if (what === "kill") await node.start();
  if (what === "freeze") node.thaw();
  if (what === "frozen way") way.thaw();
  return tookMs;
}

/** People who write, each message with a word of its own that its answer repeats. */
class Talk {
  #written = 0;
  #answered = new Set<string>();
  /** The newest row that was looked at. */
  #seen = 0;

  constructor(
    private readonly lab: ClusterLab,
    private readonly random: Random,
    private readonly messages: number,
  ) {}

  get written(): number {
    return this.#written;
  }

  /** Writes it all, as fast as it is answered. */
  async write(): Promise<void> {
    while (this.#written < this.messages) {
      const room = mostWaiting - (this.#written - this.#count());
      for (let index = 0; index < room && this.#written < this.messages; index++)
        this.lab.mac.say(this.random.pick(people), `echo m${this.#written++}`);
      await pause(50);
    }
  }

  /** How far it is. */
  told(): string {
    return `${this.#written} of ${this.messages} messages written, ${this.#count()} answered`;
  }

  /** Words that no answer repeats. */
  missing(): string[] {
    this.#count();
    return Array.from({ length: this.messages }, (_, index) => `m${index}`).filter(
      (token) => !this.#answered.has(token),
    );
  }

  /** Messages that were answered by more than one item of the outbox. */
  committedTwice(texts: readonly string[]): string[] {
    return repeated(texts.flatMap(tokensOf)).map((token) => `${token} is answered twice in the outbox`);
  }

  /** How many words stand more than once among what was sent. */
  doubled(): number {
    return repeated(this.lab.mac.sent().flatMap(({ text }) => tokensOf(text))).length;
  }

  #count(): number {
    for (const { rowId, text } of this.lab.mac.sent(this.#seen)) {
      for (const token of tokensOf(text)) this.#answered.add(token);
      this.#seen = rowId;
    }
    return this.#answered.size;
  }
}

function tokensOf(text: string): string[] {
  return text.match(/\bm\d+\b/g) ?? [];
}

function repeated(tokens: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(tokens.filter((token) => seen.size === seen.add(token).size))];
}
