import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { type StopTimer, systemClock } from "../../src/platform/index.js";

/** How an emulated launchd differs from the real one. */
interface LaunchdOptions {
  home: string;
  /** How long a second of ThrottleInterval lasts, milliseconds. */
  throttleSecondMs: number;
}

/**
 * Runs the program of a property list as launchd runs an agent, after launchd.plist(5): `ProgramArguments` from the root
 * folder with `EnvironmentVariables` and little else; its output is appended to `StandardOutPath`; with `KeepAlive` it is
 * started again whatever ended it, at most once per `ThrottleInterval`; an end begins with SIGTERM, and with SIGKILL after
 * `ExitTimeOut`.
 */
export class Launchd {
  #child: ChildProcess | undefined;
  #isLoaded = false;
  #stopTimer: StopTimer = () => {};
  #ended = Promise.resolve();
  /** How often the program was started. */
  starts = 0;
  /** How the program ended each time: its exit code or signal. */
  readonly ends: (number | string | null)[] = [];

  /** @param file the property list, read at each load as after a reboot */
  constructor(
    private readonly file: string,
    private readonly options: LaunchdOptions,
  ) {}

  /** The running program. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get log(): string {
    const path = this.#text("StandardOutPath");
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** As at a login, or `bootstrap`. */
  load(): void {
    this.#isLoaded = true;
    this.#start();
  }

  /** As at the end of a session, or `bootout`, and waits for it. @returns whether the program had to be killed */
  async unload(): Promise<boolean> {
    this.#isLoaded = false;
    this.#stopTimer();
    const child = this.#child;
    if (!child) return false;
    let killed = false;
    child.kill("SIGTERM");
    const stop = systemClock.after(Number(this.#number("ExitTimeOut")) * 1000, () => {
      killed = true;
      child.kill("SIGKILL");
    });
    await this.#ended;
    stop();
    return killed;
  }

  #start(): void {
    const startedAt = Date.now();
    const [command = "", ...args] = this.#strings("ProgramArguments", "array");
    const words = this.#strings("EnvironmentVariables", "dict");
    const names = this.#keys("EnvironmentVariables");
    const env = Object.fromEntries(names.map((name, index) => [name, words[index]!]));
    const output = openSync(this.#text("StandardOutPath"), "a", 0o600);
    const child = spawn(command, args, {
      cwd: "/",
      env: { HOME: this.options.home, PATH: "/usr/bin:/bin:/usr/sbin:/sbin", ...env },
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    this.starts += 1;
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      const onEnd = (how: number | string | null) => {
        if (this.#child !== child) return;
        this.#child = undefined;
        this.ends.push(how);
        this.#again(startedAt);
        resolve();
      };
      child.once("error", (error) => onEnd(error.message));
      child.once("exit", (code, signal) => onEnd(signal ?? code));
    });
  }

  #again(startedAt: number): void {
    if (!this.#isLoaded || !/<key>KeepAlive<\/key>\s*<true\/>/.test(this.#content)) return;
    const throttleMs = this.#number("ThrottleInterval") * this.options.throttleSecondMs;
    const waitMs = Math.max(0, throttleMs - (Date.now() - startedAt));
    this.#stopTimer = systemClock.after(waitMs, () => this.#start());
  }

  get #content(): string {
    return readFileSync(this.file, "utf8");
  }

  #body(key: string, kind: "array" | "dict"): string {
    return new RegExp(`<key>${key}</key>\\s*<${kind}>([\\s\\S]*?)</${kind}>`).exec(this.#content)?.[1] ?? "";
  }

  #strings(key: string, kind: "array" | "dict"): string[] {
    return [...this.#body(key, kind).matchAll(/<string>(.*?)<\/string>/g)].map(([, text]) => plain(text!));
  }

  #keys(key: string): string[] {
    return [...this.#body(key, "dict").matchAll(/<key>(.*?)<\/key>/g)].map(([, text]) => plain(text!));
  }

  #text(key: string): string {
    return plain(new RegExp(`<key>${key}</key>\\s*<string>(.*?)</string>`).exec(this.#content)![1]!);
  }

  #number(key: string): number {
    return Number(new RegExp(`<key>${key}</key>\\s*<integer>(\\d+)<`).exec(this.#content)![1]);
  }
}

function plain(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
