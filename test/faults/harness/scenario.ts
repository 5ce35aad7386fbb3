import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { removeFolder } from "../../support/remove-folder.js";
import { accountingOf, lostIn } from "./accounting.js";
import { bubblesFor, chunkLimit } from "./answers.js";
import { type Ending, GatewayProcess, simulatorPath } from "./gateway-process.js";
import { Mac } from "./mac.js";
import type { Plan } from "./plan.js";
import { RecordingAgent, type Run } from "./recording-agent.js";
import { isSettled, readState } from "./state.js";
import { until } from "./wait.js";

/** What a scenario came to. */
export interface Result {
  /** How many gateways died at their crash point. */
  crashes: number;
  /** Everything that is not as it must be; empty when all is well. */
  problems: string[];
}

/** What a plan came to. */
export interface Played extends Result {
  /** Sends of which nobody can know whether they went out. */
  unknown: number;
}

/**
 * Plays a plan: a gateway that dies, one that takes over (and may die as well), one that brings it to its end; and
 * judges by what the people got and by what the agent was asked.
 */
export async function play(plan: Plan): Promise<Played> {
  const scenario = new Scenario(plan);
  try {
    return await scenario.run();
  } finally {
    await scenario.close();
  }
}

class Scenario {
  readonly #folder = mkdtempSync(join(tmpdir(), "tapback-faults-"));
  /** While this is there, statements of the state database fail (see `src/platform/storage-faults.ts`). */
  readonly #storageFaults = join(this.#folder, "storage-faults");
  readonly #mac: Mac;
  readonly #agent: RecordingAgent;
  readonly #guids = new Map<string, { handle: string; text: string }>();
  readonly #gateways: GatewayProcess[] = [];
  readonly #endings: Ending[] = [];

  constructor(private readonly plan: Plan) {
    this.#mac = new Mac(this.#folder, plan.settings);
    this.#agent = new RecordingAgent(() => plan.thinkMs);
  }

  async run(): Promise<Played> {
    const { plan } = this;
    await this.#configure();
    const first = await this.#start(plan.lateCrash ? undefined : plan.crashAt);
    this.#mac.misbehave(...plan.faults);
    if (plan.storageChance !== undefined)
      writeFileSync(this.#storageFaults, `${plan.storageChance} ${plan.seed}`);
    await this.#say("up", first);
    if (plan.lateCrash) first.kill("SIGKILL");
    // A crash point that this plan does not pass leaves a gateway that is done: killed from outside it serves as well.
    await until(
      () => first.ending !== undefined || this.#isDone(["up"]),
      () => this.#story(),
    );
    first.kill("SIGKILL");
    await first.ended;
    rmSync(this.#storageFaults, { force: true });
    await this.#say("down", undefined);
    await this.#finish();
    const crashes = this.#endings.length;
    const lost = await lostIn(this.#folder);
    return { crashes, problems: await this.#problems(lost), unknown: lost.length };
  }

  async close(): Promise<void> {
    for (const gateway of this.#gateways) gateway.kill("SIGKILL");
    this.#agent.close();
    await this.#mac.close();
    await removeFolder(this.#folder);
  }

  /** Starts gateways until one lives to the end. */
  async #finish(): Promise<void> {
    const { plan } = this;
    const crashes = [
      ...(plan.lateCrash ? [plan.crashAt] : []),
      ...(plan.crashAgainAt ? [plan.crashAgainAt] : []),
    ];
    let said = false;
    for (const crashAt of [...crashes, undefined]) {
      const gateway = await this.#start(crashAt);
      if (!said && gateway.ending === undefined) {
        said = true;
        await this.#say("after", gateway);
      } else if (!said && crashAt === undefined)
        throw new Error(`a gateway died by itself\n${this.#story()}`);
      await until(
        () => gateway.ending !== undefined || (said && this.#isDone(["up", "down", "after"])),
        () => this.#story(),
      );
      if (gateway.ending !== undefined) continue;
      const { code, signal } = await gateway.stop();
      // The crash point of this one may lie in its orderly end.
      if (crashAt !== undefined && signal === "SIGKILL") continue;
      if (code !== 0) throw new Error(`the last gateway ended with ${code}\n${this.#story()}`);
      return;
    }
    throw new Error(`the last gateway died\n${this.#story()}`);
  }

  async #start(crashAt: string | undefined): Promise<GatewayProcess> {
    const { sendMs } = this.plan;
    const hurried = { TAPBACK_TEST_SEND_MS: String(sendMs), TAPBACK_TEST_HUNG_MS: "200" };
    const gateway = new GatewayProcess(this.#folder, {
      ...(crashAt !== undefined && { crashAt }),
      env: { TAPBACK_STORAGE_FAULTS: this.#storageFaults, ...(sendMs !== undefined && hurried) },
    });
    this.#gateways.push(gateway);
    void gateway.ended.then((ending) => {
      if (crashAt !== undefined && ending.signal === "SIGKILL") this.#endings.push(ending);
    });
    await gateway.live();
    return gateway;
  }

  async #say(phase: Plan["messages"][number]["phase"], gateway: GatewayProcess | undefined): Promise<void> {
    for (const { handle, text, pauseMs } of this.plan.messages.filter((message) => message.phase === phase)) {
      if (pauseMs > 0 && gateway?.ending === undefined) await pause(pauseMs);
      this.#guids.set(this.#mac.say(handle, text), { handle, text });
    }
  }

  #runs(): Run[] {
    try {
      const lines = readFileSync(join(this.#folder, "runs.jsonl"), "utf8").split("\n").filter(Boolean);
      return lines.map((line) => JSON.parse(line) as Run);
    } catch {
      return this.#agent.runs;
    }
  }

  /** Whether everything that was said so far was answered, no bubble stands, and the gateway has nothing left to do. */
  #isDone(phases: string[]): boolean {
    const expected = this.plan.messages.filter(({ phase }) => phases.includes(phase)).length;
    if (this.#guids.size < expected) return false;
    const asked = new Set(this.#runs().flatMap(({ guids }) => guids));
    return (
      [...this.#guids.keys()].every((guid) => asked.has(guid)) &&
      isSettled(readState(this.#folder)) &&
      this.#mac.leftTyping().length === 0
    );
  }

  async #problems(lost: string[]): Promise<string[]> {
    const problems: string[] = [];
    const turnsOf = new Map<string, Set<string>>();
    for (const { turnId, guids } of this.#runs())
      for (const guid of guids) turnsOf.set(guid, (turnsOf.get(guid) ?? new Set()).add(turnId));
    for (const [guid, { text }] of this.#guids) {
      const turns = turnsOf.get(guid)?.size ?? 0;
      if (turns !== 1) problems.push(`"${text}" had ${turns} turns`);
    }
    for (const guid of turnsOf.keys())
      if (!this.#guids.has(guid)) problems.push(`a turn for ${guid}, which nobody wrote`);
    const sent = this.#mac.sent();
    if (lost.length > (this.plan.mayLose ?? 0)) problems.push(`unknown are ${JSON.stringify(lost)}`);
    for (const handle of new Set([...this.#guids.values(), ...sent].map((row) => row.handle))) {
      const got = sent.filter((row) => row.handle === handle).map(({ text }) => text);
      const due = [...this.#guids.values()]
        .filter((said) => said.handle === handle)
        .flatMap(({ text }) => bubblesFor(text));
      for (const text of lost) if (due.includes(text)) due.splice(due.indexOf(text), 1);
      // Rows that join their chat late, or are written late, come late: then the order is theirs, not that of writing.
      if (
        this.plan.faults.some(
          ({ kind, method }) => (kind === "late-join" && method === "say") || kind === "late-row",
        )
      )
        for (const texts of [got, due]) texts.sort();
      if (JSON.stringify(got) !== JSON.stringify(due))
        problems.push(`${handle} got ${JSON.stringify(got)} instead of ${JSON.stringify(due)}`);
    }
    problems.push(...(await accountingOf(this.#folder, this.#mac)), ...this.#mac.leftTyping());
    if (problems.length > 0) problems.push(this.#story());
    return problems;
  }

  async #configure(): Promise<void> {
    const { plan } = this;
    mkdirSync(join(this.#folder, "state"), { mode: 0o700 });
    const runtime =
      plan.agent === "http"
        ? { type: "http", url: await this.#agent.listen() }
        : {
            type: "command",
            command: process.execPath,
            args: [fileURLToPath(new URL("../../fixtures/recording-agent.mjs", import.meta.url))],
            env: { RECORD_FILE: join(this.#folder, "runs.jsonl") },
          };
    const config = {
      channels: {
        imessage: {
          cliPath: simulatorPath,
          dbPath: this.#mac.dbPath,
          dmPolicy: "open",
          allowFrom: ["*"],
          textChunkLimit: chunkLimit,
          maxBubbles: 20,
          watchDebounceMs: 10,
          ...(plan.transport && { sendTransport: plan.transport }),
        },
      },
      session: { dmScope: plan.dmScope },
      agents: { list: [{ id: "main", runtime }] },
      logging: { level: "debug" },
    };
    writeFileSync(join(this.#folder, "tapback.json5"), JSON.stringify(config));
  }

  /** All that helps to understand what went wrong. */
  #story(): string {
    const logs = this.#gateways.map((gateway, index) => `--- gateway ${index}\n${gateway.log}`).join("\n");
    return [
      JSON.stringify(this.plan),
      `said ${JSON.stringify([...this.#guids])}`,
      `runs ${JSON.stringify(this.#runs())}`,
      `events ${JSON.stringify(this.#mac.events())}`,
      `state ${JSON.stringify(readState(this.#folder))}`,
      logs,
    ].join("\n");
  }
}
