import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram, makeFolder, TapbackError } from "../platform/index.js";
import { callManager } from "./call.js";
import type { ServiceApp } from "./manager.js";

/** What macOS brings to make an app with: a compiler of scripts, an editor of property lists, a signer. */
const tools = ["osacompile", "plutil", "codesign"] as const;

/** Its keys of `Info.plist`: no icon in the Dock, and the words that macOS shows when it asks for a permission. */
const info: readonly (readonly [key: string, type: "-string" | "-bool", value: string])[] = [
  ["CFBundleIdentifier", "-string", "com.tapback.gateway"],
  ["CFBundleName", "-string", "Tapback"],
  ["LSUIElement", "-bool", "true"],
  ["NSAppleEventsUsageDescription", "-string", "Tapback sends messages through Messages."],
  ["NSContactsUsageDescription", "-string", "Tapback shows the names of the people who write."],
  ["NSLocalNetworkUsageDescription", "-string", "Tapback asks models and services in your own network."],
];

const sourceIn = (path: string) => join(path, "Contents/Resources/tapback.applescript");

/** As osacompile names it. */
const executable = "Contents/MacOS/applet";
const placeIn = (home: string) => join(home, "Applications/Tapback.app");

/** @param runFile the script of sh that it runs */
export function serviceApp(home: string, runFile: string): ServiceApp {
  const path = placeIn(home);
  // A failure is told in the log; an applet would show it in a window.
  const source = `on run
	try
		do shell script "exec /bin/sh " & quoted form of ${appleText(runFile)}
	end try
end run
`;
  return { path, program: join(path, executable), source };
}

/** Whether this machine has what an app is made with. */
export function canMakeApp(env: Record<string, string | undefined>): boolean {
  return tools.every((tool) => findProgram(tool, env) !== undefined);
}

/** The commands that make it, in their order. @param at where it is made */
export function appCommands({ source }: ServiceApp, at: string): string[][] {
  const lines = source.trimEnd().split("\n");
  return [
    ["osacompile", "-o", at, ...lines.flatMap((line) => ["-e", line])],
    ...info.map(([key, type, value]) => [
      "plutil",
      "-replace",
      key,
      type,
      value,
      join(at, "Contents/Info.plist"),
    ]),
    ["codesign", "--force", "--sign", "-", at],
  ];
}

/**
 * Makes the app where it is not there, or is another one.
 * @returns whether it was made: then macOS asks for its permissions
 * @throws TapbackError `SERVICE_APP_FAILED`
 */
export async function makeApp(app: ServiceApp, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (isMade(app)) return false;
  if (existsSync(app.path) && !existsSync(sourceIn(app.path)))
    throw failed(`there is another app at ${app.path}`);
  // An app has to be called so while it is made.
  const making = app.path.replace(/\.app$/, ".new.app");
  makeFolder(dirname(app.path), 0o755);
  rmSync(making, { recursive: true, force: true });
  try {
    for (const [program = "", ...args] of appCommands(app, making)) {
      // What it is made from is sealed with the rest.
      if (program === "codesign") writeFileSync(sourceIn(making), app.source);
      const { exitCode, stderr } = await callManager({ program, stopMs: 0 }, args, env);
      if (exitCode !== 0) throw failed(`${program} failed: ${stderr.trim() || `exit code ${exitCode}`}`);
    }
    if (!existsSync(join(making, executable))) throw failed(`osacompile made no ${executable}`);
    rmSync(app.path, { recursive: true, force: true });
    renameSync(making, app.path);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return true;
}

/** Removes a user's app where it is one that was made here. @returns whether there was one */
export function removeApp(home: string): boolean {
  const path = placeIn(home);
  if (!existsSync(sourceIn(path))) return false;
  rmSync(path, { recursive: true, force: true });
  return true;
}

function isMade({ path, program, source }: ServiceApp): boolean {
  return existsSync(program) && existsSync(sourceIn(path)) && readFileSync(sourceIn(path), "utf8") === source;
}

function failed(message: string): TapbackError {
  return new TapbackError("SERVICE_APP_FAILED", `the app of the gateway was not made: ${message}`, {
    hint: "Install the service without it: `tapback service install --no-app`. The permissions are node's then.",
  });
}

function appleText(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
