import { join } from "node:path";
import { loadConfig } from "../../src/config/index.js";
import { type Gateway, gatewayOf } from "../../src/gateway/index.js";
import { ImsgHere } from "./imsg-here.js";

/** Where a gateway runs, as its process would be told. */
interface Place {
  /** Its home, with `tapback.json5`, the state in `state/` and the world of its imsg. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** The built `tapback`, which agents get as their MCP server. */
  tapback: string;
}

/**
 * A gateway and its imsg in this process, for a test of what people and their agents see: it costs a tenth of the programs.
 * All that stands beside it is a program still: the agents, the command line. Nothing can kill it alone.
 */
export class GatewayHere {
  #log = "";
  #gateway: Gateway | undefined;

  private constructor(private readonly place: Place) {}

  /** Starts it; it is connected to Messages a little later. @throws as the configuration and the gateway's start do */
  static async start(place: Place): Promise<GatewayHere> {
    const here = new GatewayHere(place);
    await here.#start();
    return here;
  }

  async #start(): Promise<void> {
    const { folder, env, tapback } = this.place;
    const surroundings = { env, home: folder };
    const loaded = await loadConfig(surroundings);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const { config, path, source } = loaded.value;
    const imsg = new ImsgHere(folder);
    const write =
      (level: string) =>
      (message: string, fields: Record<string, unknown> = {}) => {
        this.#log += `${level} ${message} ${JSON.stringify(fields)}\n`;
      };
    const gateway = gatewayOf(
      {
        ...surroundings,
        config,
        configFile: { path, source },
        stateDir: join(folder, "state"),
        log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
        program: () => ({ command: process.execPath, args: [tapback] }),
      },
      { startImsg: (args, cliPath) => imsg.start(args, cliPath, env) },
    );
    this.#gateway = gateway;
    await gateway.start();
  }

  /** A line for each entry: its level, its message, its fields as JSON. */
  get log(): string {
    return this.#log;
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    const gateway = this.#gateway;
    this.#gateway = undefined;
    await gateway?.stop();
  }
}
