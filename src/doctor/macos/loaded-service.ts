import type { RunTool } from "../../bridge/index.js";

/** How long launchd may take to answer, milliseconds. */
const limitMs = 5000;

/** What launchd has in its memory of a service, whatever the service's file says by now. */
export interface Loaded {
  /** Whether launchd knows of it. */
  known: boolean;
  disabled: boolean;
  /** How it ended the last time, where that was no orderly end, e.g. `exit code 78: EX_CONFIG`. */
  lastEnd: string | undefined;
  /** Process id of what launchd started; undefined while it does not run. */
  pid: number | undefined;
  /** What it was started as; empty where launchd does not tell. */
  command: string[];
}

/** Asks launchd for a service. @param service `gui/UID/LABEL` @returns undefined where launchd does not answer */
export async function loadedService(run: RunTool, service: string): Promise<Loaded | undefined> {
  const [, domain = "", label = ""] = /^(.*)\/([^/]+)$/.exec(service) ?? [];
  const [printed, switches] = await Promise.all([
    run("launchctl", ["print", service], limitMs),
    run("launchctl", ["print-disabled", domain], limitMs),
  ]);
  if (printed.state !== "ended") return undefined;
  const text = printed.exitCode === 0 ? printed.stdout : "";
  const mark = `"${label}" => `;
  const [, value] = switches.state === "ended" ? switches.stdout.split(mark) : [];
  return {
    known: printed.exitCode === 0,
    // Before macOS 13 it is told as `true`.
    disabled: /^(?:disabled|true)\b/.test(value ?? ""),
    lastEnd: lastEndIn(text),
    pid: Number(/^\s*pid = (\d+)$/m.exec(text)?.[1]) || undefined,
    command: linesOf(text, "arguments"),
  };
}

function lastEndIn(text: string): string | undefined {
  const code = /^\s*last exit code = (\d.*)$/m.exec(text)?.[1];
  if (code !== undefined && code !== "0") return `exit code ${code}`;
  // SIGTERM is how an install and a restart end it.
  const signal = /^\s*last terminating signal = (.*)$/m.exec(text)?.[1];
  return signal === undefined || /^Terminated/.test(signal) ? undefined : signal;
}

/** The lines of a block `name = { … }`. */
function linesOf(text: string, name: string): string[] {
  const body = new RegExp(`^\\s*${name} = \\{\\n([^}]*)\\}`, "m").exec(text)?.[1] ?? "";
  return body
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
