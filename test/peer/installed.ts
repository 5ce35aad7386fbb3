import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { removeFolder } from "../support/remove-folder.js";

const given = process.env.TAPBACK_PEER;
if (given === undefined) throw new Error("run these with `npm run test:peer`");
const node = process.env.TAPBACK_PEER_NODE!;
const release = process.env.TAPBACK_PEER_RELEASE!;

/**
 * A home folder with OpenClaw set up in it as its manual says: the iMessage plugin comes from the npm registry by OpenClaw's own
 * command, since it lets no copy of it have its queue. That takes a minute, so it is kept and copied for each run.
 */
export class Installed {
  private readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "tapback-peer-")));
  readonly home = join(this.folder, "home");
  /** `IMSG_SIM_HOME`: the Messages folder of that home, as docs/simulator.md has it. */
  readonly messages = join(this.home, "Library/Messages");
  readonly workspace = join(this.home, "workspace");
  readonly log = join(this.folder, "openclaw.log");
  private readonly config = join(this.home, "state/openclaw.json");
  readonly env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: this.home,
    TMPDIR: this.folder,
    NO_COLOR: "1",
    IMSG_SIM_HOME: this.messages,
    OPENCLAW_STATE_DIR: join(this.home, "state"),
    OPENCLAW_CONFIG_PATH: this.config,
    OPENCLAW_NO_AUTO_UPDATE: "1",
    OPENCLAW_NO_RESPAWN: "1",
    OPENCLAW_DISABLE_BONJOUR: "1",
  };
  readonly program = node;
  readonly script = join(given!, "node_modules/openclaw/openclaw.mjs");

  /** @param models base address of the server that plays the model */
  static async create(port: number, models: string): Promise<Installed> {
    const installed = new Installed();
    try {
      await installed.install(port, models);
    } catch (error) {
      await installed.remove();
      throw error;
    }
    return installed;
  }

  private async install(port: number, models: string): Promise<void> {
    mkdirSync(this.workspace, { recursive: true });
    mkdirSync(join(this.home, "state"));
    const logging = { file: join(this.folder, "openclaw-own.log") };
    this.write({ ...settings(port, models, this.workspace), logging });
    await this.run(["plugins", "install", `npm:@openclaw/imessage@${release}`, "--pin"], network());
    cpSync(this.home, `${this.home}.new`, { recursive: true, verbatimSymlinks: true });
  }

  /** Sets everything back to how it was after installing. @param more top-level blocks of the configuration */
  async renew(more: Record<string, unknown>): Promise<void> {
    await removeFolder(this.home);
    rmSync(this.log, { force: true });
    cpSync(`${this.home}.new`, this.home, { recursive: true, verbatimSymlinks: true });
    mkdirSync(this.messages, { recursive: true });
    const before = JSON.parse(readFileSync(this.config, "utf8"));
    this.write({ ...before, ...more, plugins: { ...before.plugins, allow: ["imessage"] } });
  }

  /** OpenClaw's own command line. @returns what it printed @throws when it fails */
  cli(...args: string[]): Promise<string> {
    return this.run(args, {});
  }

  /** Whether the gateway has said this on its terminal. */
  hasLogged(words: string): boolean {
    return this.logged().includes(words);
  }

  /** The last lines of the gateway's log that tell of trouble. */
  trouble(): string {
    return this.logged()
      .split("\n")
      .filter((line) => /error|fail|warn|exit|refus/i.test(line))
      .slice(-15)
      .map((line) => line.slice(0, 400))
      .join("\n");
  }

  remove(): Promise<void> {
    return removeFolder(this.folder);
  }

  private async run(args: string[], more: NodeJS.ProcessEnv): Promise<string> {
    const env = { ...this.env, ...more };
    const ran = await promisify(execFile)(this.program, [this.script, ...args], {
      env,
      cwd: this.folder,
      timeout: 300_000,
    });
    return ran.stdout;
  }

  private logged(): string {
    return existsSync(this.log) ? readFileSync(this.log, "utf8") : "";
  }

  private write(config: Record<string, unknown>): void {
    writeFileSync(this.config, JSON.stringify(config, null, 2));
  }
}

/** The way to the registry: another home has none of the user's npm settings and no cache. */
function network(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => /proxy|cert|^npm_config_registry$/i.test(name));
  const userconfig = join(homedir(), ".npmrc");
  return {
    ...Object.fromEntries(own),
    ...(existsSync(userconfig) ? { npm_config_userconfig: userconfig } : {}),
    npm_config_cache: join(given!, "npm-cache"),
    npm_config_prefer_offline: "true",
    npm_config_ignore_scripts: "true",
  };
}

/** What asks nobody on the network: no updates, no list of models. */
function settings(port: number, baseUrl: string, workspace: string): Record<string, unknown> {
  const model = {
    id: "played",
    name: "Played",
    reasoning: false,
    input: ["text", "image"],
    contextWindow: 200_000,
    maxTokens: 4096,
  };
  return {
    gateway: { mode: "local", port, bind: "loopback", auth: { mode: "token", token: "only-in-this-test" } },
    models: {
      mode: "replace",
      catalogRefresh: { enabled: false },
      providers: { played: { baseUrl, apiKey: "none", api: "openai-completions", models: [model] } },
    },
    agents: {
      defaults: { model: { primary: "played/played" }, workspace, heartbeat: { every: "0m" } },
    },
    tools: { toolSearch: false, allow: ["message"] },
    update: { checkOnStart: false },
  };
}
