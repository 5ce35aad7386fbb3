import { fault } from "../imsg/faults.js";
import { type HopRun, onMac } from "./hop-run.js";

const mark = "tapback-paths";

/**
 * Reads one path a line from its stdin, so that no path is ever part of a command. Macs before 12.3 have no
 * `readlink -f`; there a link leads nowhere, and is refused. It is read by a login shell of any kind, hence `sh -c` and
 * one pair of single quotes.
 */
const command = `exec /bin/sh -c 'printf "%s\\n" ${mark}; while IFS= read -r p; do r=; if [ -d "$p" ]; then r=$(cd -P "$p" && pwd -P); elif [ -L "$p" ]; then r=$(readlink -f "$p"); else r=$(cd -P "\${p%/*}/" && pwd -P) && r="\${r%/}/\${p##*/}"; fi 2>/dev/null; printf "%s\\n" "$r"; done'`;

type Answers = Map<string, string | undefined>;

/** Asks a Mac where its paths lead to. What is asked at the same time is asked at once: a connection takes its time. */
export class RealPaths {
  readonly #wanted = new Set<string>();
  #next: Promise<Answers> | undefined;
  #running: Promise<unknown> = Promise.resolve();

  /** @param run over which connection, and until when; asked anew for each command */
  constructor(private readonly run: () => HopRun) {}

  /**
   * @param paths absolute, without control characters
   * @returns each with every link resolved; undefined for one that leads nowhere @throws BridgeError
   */
  async of(paths: string[]): Promise<(string | undefined)[]> {
    for (const path of paths) this.#wanted.add(path);
    this.#next ??= this.#soon();
    const answers = await this.#next;
    return paths.map((path) => answers.get(path));
  }

  async #soon(): Promise<Answers> {
    const run = this.run();
    const before = this.#running;
    // Who asks in this very moment comes along; and so does who asks while an earlier command runs.
    await Promise.all([before.catch(() => {}), new Promise(setImmediate)]);
    const paths = [...this.#wanted];
    this.#wanted.clear();
    this.#next = undefined;
    const asked = this.#ask(run, paths);
    this.#running = asked;
    return asked;
  }

  async #ask(run: HopRun, paths: string[]): Promise<Answers> {
    const said = await onMac(run, command, "REMOTE_PATH_UNCLEAR", `${paths.join("\n")}\n`);
    const lines = said.split(/\r?\n/);
    // A login shell may greet first. A path that holds a line break makes the count wrong.
    const answers = lines.slice(lines.indexOf(mark) + 1, -1);
    if (!lines.includes(mark) || answers.length !== paths.length)
      throw fault("REMOTE_PATH_UNCLEAR", { detail: "an answer that cannot be read" });
    return new Map(paths.map((path, index) => [path, answers[index] || undefined]));
  }
}
