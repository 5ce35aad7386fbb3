import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Settings } from "../../../src/simulator/world/settings.js";
import { commandAsProgram, commandHere, type Ran } from "../../support/command-here.js";
import { GatewayHere } from "../../support/gateway-here.js";
import { removeFolder } from "../../support/remove-folder.js";
import { chunkLimit } from "./answers.js";
import { GatewayProcess, quickTimes, simulatorPath, tapbackPath } from "./gateway-process.js";
import { Mac } from "./mac.js";
import { RecordingAgent } from "./recording-agent.js";
import { isSettled, readState } from "./state.js";
import { until } from "./wait.js";

/** All that a gateway needs, in a folder of its own: a simulated Mac, an agent that writes down its turns, a configuration. */
export class House {
  readonly folder = mkdtempSync(join(tmpdir(), "tapback-house-"));
  readonly stateDir = join(this.folder, "state");
  readonly mac: Mac;
  readonly agent: RecordingAgent;
  readonly gateways: GatewayProcess[] = [];
  readonly #here: GatewayHere[] = [];
  #url = "";

  constructor(settings: Partial<Settings> = {}, thinkMs: () => number = () => 0) {
    this.mac = new Mac(this.folder, settings);
    this.agent = new RecordingAgent(thinkMs);
    mkdirSync(this.stateDir, { mode: 0o700 });
  }

  get #env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      HOME: this.folder,
      TAPBACK_STATE_DIR: this.stateDir,
      TAPBACK_CONFIG: join(this.folder, "tapback.json5"),
    };
  }

  /** Writes the configuration. @param imessage fields of `channels.imessage`; @param rest top-level blocks */
  async configure(imessage: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): Promise<this> {
    this.#url ||= await this.agent.listen();
    const config = {
      channels: {
        imessage: {
          cliPath: simulatorPath,
          dbPath: this.mac.dbPath,
          dmPolicy: "open",
          allowFrom: ["*"],
          textChunkLimit: chunkLimit,
          maxBubbles: 20,
          watchDebounceMs: 10,
          // What is paced is tested elsewhere.
          outbound: { perChatPerMinute: 100_000, perAccountPerHour: 1_000_000 },
          ...imessage,
        },
      },
      session: { dmScope: "per-peer" },
      agents: { list: [{ id: "main", runtime: { type: "http", url: this.#url } }] },
      logging: { level: "debug" },
      ...rest,
    };
    writeFileSync(join(this.folder, "tapback.json5"), JSON.stringify(config));
    return this;
  }

  /** Starts a gateway and waits until it is connected, or dead. */
  async start(options: ConstructorParameters<typeof GatewayProcess>[1] = {}): Promise<GatewayProcess> {
    const gateway = this.launch(options);
    await gateway.live();
    return gateway;
  }

  /** Starts a gateway and its imsg in this process, and waits until it is connected. @param env beside the house's own */
  async startHere(env: Record<string, string> = {}): Promise<GatewayHere> {
    const gateway = await GatewayHere.start({
      folder: this.folder,
      env: { ...this.#env, ...quickTimes, ...env },
      tapback: tapbackPath,
    });
    this.#here.push(gateway);
    await until(
      () => gateway.log.includes("connected to Messages"),
      () => gateway.log,
    );
    return gateway;
  }

  /** Ends what {@link startHere} started. */
  async stopHere(): Promise<void> {
    for (const gateway of this.#here) await gateway.stop();
  }

  launch(options: ConstructorParameters<typeof GatewayProcess>[1] = {}): GatewayProcess {
    const gateway = new GatewayProcess(this.folder, options);
    this.gateways.push(gateway);
    return gateway;
  }

  /** Runs a command of the command line in this process. @param env more of the environment */
  tapback(args: string[], env: Record<string, string> = {}): Promise<Ran> {
    return commandHere(args, { ...this.#env, ...env });
  }

  /** Runs a command as a program: one that dies, and what the program itself is about. @param env more of the environment */
  program(args: string[], env: Record<string, string> = {}): Promise<Ran> {
    return commandAsProgram(tapbackPath, args, { ...this.#env, ...env });
  }

  /** Waits until a gateway has nothing left to do. */
  async settled(what = "everything is done", limitMs = 30_000): Promise<void> {
    await until(
      () => isSettled(readState(this.folder)),
      () => `${what}: ${JSON.stringify(readState(this.folder))}\n${this.log}`,
      limitMs,
    );
  }

  /** Waits until a person got so many messages. */
  async got(handle: string, count: number, limitMs = 30_000): Promise<string[]> {
    const mine = () => this.textsTo(handle);
    await until(
      () => mine().length >= count,
      () => `${handle} got ${JSON.stringify(mine())}\n${this.log}`,
      limitMs,
    );
    return mine();
  }

  textsTo(handle: string): string[] {
    return this.mac
      .sent()
      .filter((row) => row.handle === handle)
      .map(({ text }) => text);
  }

  get log(): string {
    return [...this.gateways, ...this.#here]
      .map((gateway, index) => `--- gateway ${index}\n${gateway.log}`)
      .join("\n");
  }

  async close(): Promise<void> {
    for (const gateway of this.gateways) {
      gateway.kill("SIGKILL");
      await gateway.ended;
    }
    await this.stopHere();
    this.agent.close();
    await this.mac.close();
    await removeFolder(this.folder);
  }
}
