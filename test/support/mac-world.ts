import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Reach, type RunTool, type SelfCheck, selfCheck } from "../../src/bridge/index.js";
import { serveControl } from "../../src/control/server.js";
import { examine, type Finding } from "../../src/doctor/index.js";
import { systemClock, TapbackError } from "../../src/platform/index.js";
import { runProgram } from "../../src/platform/processes/run-program.js";
import { knownManager } from "../../src/service/index.js";
import { removeFolder } from "./remove-folder.js";

type Look = Parameters<typeof selfCheck>[0]["accounts"][number]["look"];
type Answer = { exitCode?: number; stdout?: string; stderr?: string } | "timeout";

/** What one process on a Mac meets: tools by the end of their path and their first words, the database, the network. */
export interface Sight {
  tools: Record<string, Answer>;
  look: Look;
  reach: Reach;
}

/** Reads a database with one chat. */
const readable: Look = (work) =>
  work({
    chats: async () =>
      [{ id: 1, guid: "iMessage;-;+15550001", lastMessageAt: Date.UTC(2026, 10, 28) }] as never,
    history: async () => [{ destination: "bot@example.com" }] as never,
  });

/** As `launchctl print` tells of a service that runs; shortened. */
const running = (command: string[], pid: number) =>
  `x = {\n\tstate = running\n\targuments = {\n${command.map((word) => `\t\t${word}\n`).join("")}\t}\n\tpid = ${pid}\n}\n`;

const wellMac: Record<string, Answer> = {
  "osascript count of chats": { stdout: "12\n" },
  "osascript count of (accounts": { stdout: "1\n" },
  codesign: { stderr: "CodeDirectory v=20400 size=9 flags=0x2(adhoc) hashes=1\nSignature=adhoc\n" },
  pgrep: { stdout: "99\n" },
  pmset: {
    stdout: "Currently in use:\n sleep                0\n womp                 1\n autorestart          1\n",
  },
  csrutil: { stdout: "System Integrity Protection status: disabled.\n" },
  sw_vers: { stdout: "15.6\n" },
  "launchctl list": { stdout: "" },
  "ps ": { stdout: "" },
};

/** A Mac that `tapback doctor` looks at from a terminal, with a gateway that runs as a service and may be judged otherwise. */
export class MacWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "tapback-mac-"));
  readonly stateDir = join(this.folder, ".tapback");
  /** What the service meets, and what this terminal meets. */
  readonly service: Sight = { tools: { ...wellMac }, look: readable, reach: async () => undefined };
  readonly terminal: Sight = { tools: { ...wellMac }, look: readable, reach: async () => undefined };
  readonly #env = { PATH: join(this.folder, "bin"), HOME: this.folder };
  #close: () => Promise<void> = async () => {};

  constructor() {
    mkdirSync(this.#env.PATH);
    mkdirSync(this.stateDir, { mode: 0o700 });
    this.configure({});
    this.imsg("0.19.1");
    this.launchd("exit 113", "");
  }

  /** @param more beside the one account */
  configure(more: Record<string, unknown>): void {
    const imessage = { cliPath: join(this.#env.PATH, "imsg"), dbPath: join(this.folder, "chat.db") };
    const config = { channels: { imessage }, ...more };
    writeFileSync(join(this.stateDir, "tapback.json5"), JSON.stringify(config), { mode: 0o600 });
  }

  /** An imsg of a version, whose database this terminal may read, without a private API. */
  imsg(version: string): void {
    const status = JSON.stringify({ version, sip: "disabled", message: "", rpc_methods: [], selectors: {} });
    const script = `case "$*" in
  --version) echo ${version} ;;
  "rpc --help") echo usage ;;
  status*) echo '${status}' ;;
  *) while read -r line; do id=\${line##*\\"id\\":}; id=\${id%%[,\\}]*}; echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":$id,\\"result\\":{\\"chats\\":[]}}"; done ;;
esac`;
    this.#program("imsg", script);
  }

  /** What `launchctl` does with `print`, and what it prints of services that are disabled. */
  launchd(print: string, disabled: string): void {
    this.#program(
      "launchctl",
      `case "$1" in print) ${print} ;; print-disabled) printf '%s' '${disabled}' ;; esac`,
    );
  }

  /** Installs the service. @returns the command line in its file */
  install(): string[] {
    const context = { env: this.#env, home: this.folder, stateDir: this.stateDir };
    const manager = knownManager(context)!;
    mkdirSync(dirname(manager.file), { recursive: true });
    writeFileSync(manager.file, manager.content);
    return manager.commandIn(manager.content);
  }

  /** Installs the service, and has its gateway run and answer. @param options `older`: it knows nothing of `self.check`; `pid`: what launchd started */
  async serve({ older = false, pid = process.pid } = {}): Promise<void> {
    this.launchd(`printf '%s' '${running(this.install(), pid)}'`, "");
    const socket = join(this.stateDir, "s");
    const info = { pid: process.pid, startedAt: "2026-11-28T00:00:00Z", version: "1", socket };
    writeFileSync(join(this.stateDir, "gateway.json"), JSON.stringify(info), { mode: 0o600 });
    this.#close = await serveControl(socket, {
      status: async () => ({ gateway: null, defaultAccount: "default", accounts: [] }),
      "self.check": ({ timeoutMs }: { timeoutMs: number }) => {
        if (older) throw new TapbackError("UNKNOWN_METHOD", "the gateway does not know self.check");
        return this.#judged(timeoutMs);
      },
    } as never);
  }

  /** What `tapback doctor` finds in a terminal. */
  async findings(): Promise<Finding[]> {
    return examine({
      env: this.#env,
      home: this.folder,
      stateDir: this.stateDir,
      platform: "darwin",
      now: Date.now(),
      onFinding: () => {},
      machine: { run: this.#tools(this.terminal), reach: this.terminal.reach },
    });
  }

  async dispose(): Promise<void> {
    await this.#close();
    await removeFolder(this.folder);
  }

  async #judged(limitMs: number): Promise<SelfCheck> {
    const { look, reach } = this.service;
    const { loadConfig, lanEndpoints } = await import("../../src/config/index.js");
    const loaded = await loadConfig({ env: this.#env, home: this.folder });
    if (!loaded.ok) throw new Error("the configuration is invalid");
    return selfCheck(
      {
        run: this.#tools(this.service),
        reach,
        clock: systemClock,
        endpoints: lanEndpoints(loaded.value.config),
        accounts: [{ id: "default", look, addresses: async () => [] }],
      },
      limitMs,
    );
  }

  #tools({ tools }: Sight): RunTool {
    return async (program, args, timeoutMs) => {
      const words = [program.split("/").at(-1), ...args].join(" ");
      // Every word of a tool's key is in its command line, in this order.
      const key = Object.keys(tools).find((one) => {
        const [name = "", ...rest] = one.split(" ");
        return words.startsWith(name) && words.includes(rest.join(" "));
      });
      const answer = key === undefined ? undefined : tools[key];
      if (answer === "timeout") return { state: "timeout" };
      if (answer) return { state: "ended", exitCode: 0, stdout: "", stderr: "", ...answer };
      return runProgram(program, args, { env: this.#env, timeoutMs });
    };
  }

  #program(name: string, script: string): void {
    writeFileSync(join(this.#env.PATH, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
}
