import { join } from "node:path";
import { askGateway } from "../../control/index.js";
import { openExistingStore, type Store } from "../../store/index.js";
import { startGateway } from "./gateway-process.js";
import { makeDemoHome } from "./home.js";
import { Programs, programPaths } from "./programs.js";
import { type Person, type StoredMessage, World } from "./world.js";

export interface StageOptions {
  /** The script that Node runs. */
  started: string;
  env: Record<string, string | undefined>;
  /** People who need no pairing. */
  friends?: Person[];
  /** Longest message in one piece, UTF-16 code units. */
  textChunkLimit?: number;
  /** Whether the gateway serves its console. */
  console?: boolean;
  /** Gives up while it is being opened. */
  signal: AbortSignal;
  /** A message that appeared in Messages, whoever wrote it. */
  onMessage(message: StoredMessage): void;
  /** A line of the gateway's log (JSON). */
  onLog?(line: string): void;
}

/** A simulated Messages with a gateway at it, in a temporary folder; gone without a trace once closed. */
export interface Stage {
  world: World;
  /** The gateway's state, to read. */
  store: Store;
  /** Lets the person with this pairing code in, and has answered what was written. */
  approve(code: string): Promise<void>;
  /** Makes an address that opens the console in one browser, once; undefined where there is none. */
  consoleAddress(): Promise<string | undefined>;
  /** Stops the gateway and removes the folder. */
  close(): Promise<void>;
}

/** @throws `DEMO_INCOMPLETE`, `DEMO_GATEWAY_FAILED`, `DEMO_INTERRUPTED`; nothing is left behind then */
export async function openStage(options: StageOptions): Promise<Stage> {
  const paths = programPaths(options.started);
  const home = makeDemoHome({
    cliPath: paths.simulator,
    allowFrom: (options.friends ?? []).map(({ handle }) => handle),
    textChunkLimit: options.textChunkLimit ?? 4000,
    console: options.console ?? false,
  });
  const programs = new Programs(paths, {
    ...options.env,
    IMSG_SIM_HOME: home.messages,
    TAPBACK_STATE_DIR: home.stateDir,
    TAPBACK_CONFIG: home.config,
  });
  // Whatever ends this process, nothing stays behind.
  const vanish = () => {
    programs.kill();
    home.removeNow();
  };
  process.once("exit", vanish);
  let store: Store | undefined;
  const close = async () => {
    await store?.close();
    await programs.end();
    await home.remove();
    process.off("exit", vanish);
  };
  try {
    const world = new World(programs);
    world.watch(options.onMessage);
    await startGateway(programs, home.stateDir, options.onLog ?? (() => {}), options.signal);
    store = openExistingStore(join(home.stateDir, "state.db"))!;
    return {
      world,
      store,
      approve: async (code) => {
        await programs.run("tapback", ["pairing", "approve", "imessage", code, "--replay", "--json"]);
      },
      consoleAddress: async () => {
        const answer = await askGateway(home.stateDir, "console.address", {}).catch(() => undefined);
        return answer?.result.url;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const codePattern = /pairing code: ([A-HJ-NP-Z2-9]{8})\b/;

/** @returns the pairing code that a message carries */
export function pairingCodeIn(text: string): string | undefined {
  return codePattern.exec(text)?.[1];
}
