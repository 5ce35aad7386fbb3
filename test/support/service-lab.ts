import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { playGateway } from "./played-gateway.js";
import { removeFolder } from "./remove-folder.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");
const played = join(import.meta.dirname, "../fixtures/app-tools.mjs");
const starting = join(import.meta.dirname, "../fixtures/service-manager.mjs");

/** The built command line in a home of its own, beside a service manager that writes down what it is asked and plays answers. */
export class ServiceLab {
  /** A percent sign, a dollar and an ampersand in a path are no specifier, no variable and no entity. */
  readonly folder = mkdtempSync(join(tmpdir(), "tapback service $HOME & 100% "));
  readonly plist = join(this.folder, "Library/LaunchAgents/com.tapback.gateway.plist");
  readonly service = `gui/${process.getuid!()}/com.tapback.gateway`;
  readonly domain = `gui/${process.getuid!()}`;
  /** More of the environment of each command. */
  readonly env: Record<string, string> = {};
  /**
   * Whether an install and a restart find a gateway that came up: played by this process, unless the manager starts one. It has
   * nothing to complain of.
   */
  comesUp = true;

  constructor(readonly program: "launchctl" | "systemctl" = "launchctl") {
    for (const name of ["bin", "answers"]) mkdirSync(join(this.folder, name));
    // What sh brings is enough for it: only it and what a test adds are found through PATH.
    this.tool(
      program,
      `here="\${0%/bin/*}"
echo "$*" >>"$here/calls"
verb="$1"; [ "$verb" = --user ] && verb="$2"
n=0; [ -f "$here/answers/$verb.count" ] && read n <"$here/answers/$verb.count"
n=$((n+1)); echo $n >"$here/answers/$verb.count"
if [ -f "$here/answers/$verb.$n" ]; then . "$here/answers/$verb.$n"; exit 0; fi
if [ -f "$here/answers/$verb" ]; then . "$here/answers/$verb"; fi`,
    );
    // Nothing is installed yet.
    if (program === "launchctl") this.answers("print", [], "echo 'Could not find service' >&2; exit 113");
  }

  /** A program of this home's PATH. @param script for sh */
  tool(name: string, script: string): void {
    writeFileSync(join(this.folder, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** The service manager starts from now on what the service's file names. */
  startsForReal(): void {
    this.comesUp = false;
    this.tool(this.program, `exec '${process.execPath}' '${starting}' ${this.program} "\${0%/bin/*}" "$@"`);
  }

  /** A program of the machine, under its own name. */
  realTool(name: string): void {
    symlinkSync(join("/usr/bin", name), join(this.folder, "bin", name));
  }

  /**
   * What macOS brings to make an app. Each writes down how it was called; the app that comes out runs its script as a child and
   * ends alone at a signal, as an applet does.
   */
  appTools(): void {
    for (const name of ["osacompile", "plutil", "codesign"])
      this.tool(name, `exec '${process.execPath}' '${played}' ${name} "\${0%/bin/*}" "$@"`);
  }

  /** What the service manager does from now on. @param verb its command @param first answers one after the other @param then for all that come later */
  answers(verb: string, first: string[], then = "exit 0"): void {
    const count = join(this.folder, "answers", `${verb}.count`);
    writeFileSync(count, "0\n");
    for (const [index, script] of first.entries())
      writeFileSync(join(this.folder, "answers", `${verb}.${index + 1}`), `${script}\n`);
    writeFileSync(join(this.folder, "answers", verb), `${then}\n`);
  }

  /** What the service manager was asked, in order; empties the list. */
  takeCalls(): string[] {
    const file = join(this.folder, "calls");
    const calls = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
    writeFileSync(file, "");
    return calls;
  }

  /** Runs `tapback` with Node as it is. */
  run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return this.runWith(process.execPath, main, ...args);
  }

  async runWith(
    node: string,
    program: string,
    ...args: string[]
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const isBegun = args[0] === "service" && /^(?:install|restart)$/.test(args[1] ?? "");
    const end =
      this.comesUp && isBegun && !args.includes("--dry-run")
        ? await playGateway(this.env.TAPBACK_STATE_DIR ?? join(this.folder, ".tapback"))
        : undefined;
    try {
      return await this.#execute(node, program, args);
    } finally {
      await end?.();
    }
  }

  #execute(
    node: string,
    program: string,
    args: string[],
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = {
      HOME: this.folder,
      PATH: [join(this.folder, "bin")].join(delimiter),
      NO_COLOR: "1",
      SECRET_TOKEN: "must not be kept",
      ...this.env,
    };
    return new Promise((resolve) => {
      execFile(node, [program, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  dispose(): Promise<void> {
    return removeFolder(this.folder);
  }
}
