import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readGatewayInfo } from "../../src/control/lock.js";
import { simulatorHere } from "./command-here.js";
import { Launchctl } from "./launchctl.js";
import { gone } from "./process-alive.js";
import { python } from "./python.js";
import { ServiceLab } from "./service-lab.js";

const root = join(import.meta.dirname, "../..");
const terminal = join(root, "test/fixtures/terminal.py");
const simulator = join(root, "dist/simulator/main.js");
const main = join(root, "dist/cli/main.js");

/** What a command of a page came to. */
interface Played {
  code: number;
  /** What a person sees: both streams, without what draws. */
  output: string;
}

/** One step of a person at the terminal (test/fixtures/terminal.py). */
export interface TerminalStep {
  see: string;
  type?: string;
  run?: string[];
}

/**
 * A Mac on which nothing is installed yet, as far as a terminal sees it: what macOS brings is played, `brew` and `npm` lay down
 * what their real ones would, launchd is emulated and Messages simulated.
 */
export class FreshMac {
  readonly #lab = new ServiceLab();
  #launchctl: Launchctl | undefined;

  static async open(): Promise<FreshMac> {
    const mac = new FreshMac();
    const lab = mac.#lab;
    mac.#launchctl = await Launchctl.open(lab);
    lab.appTools();
    lab.tool("sudo", 'exec "$@"');
    lab.tool("pmset", "");
    // Messages answers an event, and has one account that is switched on.
    lab.tool("osascript", "echo 1");
    lab.tool("fdesetup", "echo 'FileVault is Off.'");
    // A program that answers: what somebody may have who has no key of a model.
    lab.tool("answer", "echo 'Hello from your agent.'");
    const here = `here="\${0%/bin/*}"`;
    const lay = (name: string, program: string) =>
      `printf '#!/bin/sh\\n%s\\n' 'exec "${process.execPath}" "${program}" "$@"' >"$here/bin/${name}"; chmod 755 "$here/bin/${name}"`;
    lab.realTool("chmod");
    lab.tool(
      "brew",
      `${here}\n[ "$*" = "install node steipete/tap/imsg" ] || exit 1\n${lay("imsg", simulator)}\nprintf '#!/bin/sh\\nexec "%s" "$@"\\n' '${process.execPath}' >"$here/bin/node"; chmod 755 "$here/bin/node"`,
    );
    lab.tool("npm", `${here}\n[ "$*" = "install -g tapback" ] || exit 1\n${lay("tapback", main)}`);
    // imsg of today.
    await mac.world("world", "set", "version", "0.19.1");
    return mac;
  }

  /** Runs `imsg-sim` on what Messages of this Mac holds. */
  async world(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await simulatorHere(words, { HOME: this.#lab.folder });
    if (code !== 0) throw new Error(`imsg-sim ${words.join(" ")}: ${stderr}`);
    return stdout;
  }

  /**
   * Types a command. @param steps of a person at a terminal, who then leaves it alone until it ends; without any it asks nobody
   */
  async type(command: string, steps: TerminalStep[] = []): Promise<Played> {
    const bin = join(this.#lab.folder, "bin");
    const env = { HOME: this.#lab.folder, TERM: "xterm-256color", NO_COLOR: "1" };
    if (steps.length === 0) return whole("/bin/sh", ["-c", command], { ...env, PATH: bin });
    const words = ["env", `PATH=${bin}`, "/bin/sh", "-c", command];
    const { stdout } = await promisify(execFile)(python, [terminal, JSON.stringify(steps), ...words], {
      env: { ...env, PATH: process.env.PATH },
      maxBuffer: 1e8,
    });
    const { output, code, missed } = JSON.parse(stdout) as { output: string; code: number; missed?: string };
    const shown = `${screen(output)}${missed ? `\nwaited in vain for ${missed}` : ""}`;
    return { code: missed ? -1 : code, output: shown };
  }

  /** The simulator's program, for a step that acts as somebody else. */
  simulator(...words: string[]): string[] {
    return ["env", `HOME=${this.#lab.folder}`, process.execPath, simulator, ...words];
  }

  /** The log of the service, once it was installed. */
  get log(): string {
    return existsSync(this.#lab.plist) ? this.#launchctl!.launchd.log : "";
  }

  async close(): Promise<void> {
    await this.#launchctl?.close();
    // What the app started ends after it.
    const gateway = readGatewayInfo(join(this.#lab.folder, ".tapback"));
    if (gateway) await gone(gateway.pid);
    await this.#lab.dispose();
  }
}

function whole(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<Played> {
  return new Promise((resolve) => {
    execFile(program, args, { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr }),
    );
  });
}

/** What a terminal shows in the end, without the frames between and colours. */
function screen(output: string): string {
  return output
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "")
    .split(/\r?\n/)
    .map((line) => line.split("\r").at(-1)!.trimEnd())
    .join("\n");
}
