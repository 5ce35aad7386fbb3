import { messageOf, TapbackError } from "../../platform/index.js";
import { methods } from "../rpc/catalogue.js";
import { methodNamed } from "../rpc/command-methods.js";
import { RpcError } from "../rpc/errors.js";
import type { Outside } from "../rpc/outside.js";
import { permissionText } from "../rpc/permission-text.js";
import { troubleBefore } from "../rpc/trouble.js";
import type { FaultKind } from "../world/fault.js";
import { openPlace, type Place } from "../world/place.js";
import { openAsImsg, openWorld, type World } from "../world/world.js";
import { asksForJson, dbOf, Given, UsageError } from "./argv.js";
import { commandAt, commandsOf } from "./catalogue.js";
import { type Command, type Context, mannerOf, type Outdoors, optionsOf } from "./command.js";
import { commandHelp, programHelp } from "./help.js";

/** Runs one command. @param args without the program's name @returns the exit code */
export async function runCommand(args: string[], outdoors: Outdoors): Promise<number> {
  try {
    return await findAndRun(args, outdoors);
  } catch (error) {
    return report(error, undefined, asksForJson(args));
  }
}

async function findAndRun(args: string[], outdoors: Outdoors): Promise<number> {
  const place = openPlace(dbOf(args));
  const has = (since: string) => place.since(since);
  const found = commandAt(args, has);
  const scanned = found?.command.kind === "world" ? [args[found.words]] : wordsThatImsgScans(args, has);
  const asks = (...names: string[]) => names.some((name) => scanned.includes(name));
  // What is asked for help is asked too: that is how a peer looks for what a build can do.
  if (found !== undefined && place.settings().record && found.command.kind !== "world")
    place.requests.add({ at: place.host.clock.now(), pid: place.host.pid, argv: args });
  if (asks("--version", "-V") && found?.command.kind !== "world") return print(place.settings().version);
  const help = asks("--help", "-h");
  if (found === undefined) {
    if (help || args.length === 0) return print(programHelp(commandsOf(has)));
    const near = commandsOf(has).filter(([name]) => name.startsWith(`${args[0]} `));
    const known = near.length === 0 ? "" : `\nKnown are: ${near.map(([name]) => name).join(", ")}`;
    print(`Unknown command: ${args[0]}${known}`);
    return 1;
  }
  if (help) return print(commandHelp(found.name, found.command, has));
  return await carryOut(found.name, found.command, args.slice(found.words), { place, outdoors });
}

/** imsg looks for help and version anywhere, also among values; since 0.14.0 up to `--` (protocol reference 1.2). */
function wordsThatImsgScans(args: string[], has: (since: string) => boolean): (string | undefined)[] {
  return has("0.14.0") && args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
}

async function carryOut(
  name: string,
  command: Command,
  args: string[],
  { place, outdoors }: { place: Place; outdoors: Outdoors },
): Promise<number> {
  let opened: World | undefined;
  const json = asksForJson(args);
  try {
    const has = (since: string) => place.since(since);
    const words = command.words?.(args) ?? args;
    const context: Context = {
      ...outdoors,
      given: new Given(words, optionsOf(command, has), mannerOf(command, has)),
      place,
      get world() {
        opened ??= open(place, command);
        return opened;
      },
      json,
      print: (value, text) => print(json || text === undefined ? toLine(value, command) : text),
      write: (text) => void process.stdout.write(text),
    };
    // A fault that names no method is meant for RPC: a probe by command must not use it up.
    const faults = { fires: (kind: FaultKind) => place.faults.fires(kind, name, { named: true }) };
    if (command.kind !== "world") await troubleBefore({ faults, clock: place.host.clock }, name, outside);
    // What a person does is none of imsg's (protocol reference 23).
    const asImsg = command.kind !== "world" && !context.given.has("from");
    if (asImsg && place.settings().readOnly && changesSomething(name))
      throw new Error(`Read-only mode: ${name}`);
    const code = await command.run(context);
    await opened?.settled();
    return typeof code === "number" ? code : 0;
  } catch (error) {
    return report(error, command, json);
  } finally {
    opened?.close();
  }
}

function changesSomething(name: string): boolean {
  return methods[methodNamed(name)]?.lane === "mutation";
}

/** The person who sets a world up is told SQLite's error; imsg explains it as a missing permission. */
function open(place: Place, { kind }: Command): World {
  if (kind === "world") return openWorld({ place });
  if (place.faults.fires("permission-denied"))
    throw new Error(permissionText(place.dbPath, "authorization denied (code: 23)"));
  try {
    return openAsImsg(place);
  } catch (error) {
    throw new Error(permissionText(place.dbPath, messageOf(error)));
  }
}

function toLine(value: object, command: Command): string {
  const line = JSON.stringify(value);
  return (command.escapesSlashes ?? command.kind === "bridge") ? line.replaceAll("/", "\\/") : line;
}

const outside: Outside = {
  write: (line) => void print(line),
  writeRaw: (text) => void process.stdout.write(text),
  complain: (line) => void process.stderr.write(`${line}\n`),
  exit: (code) => process.exit(code),
};

/**
 * imsg reports on stdout (protocol reference 1.2); the commands of the world report on stderr, as what is wrong with the
 * world itself is.
 * @param command absent: the world could not be read
 */
function report(error: unknown, command: Command | undefined, json: boolean): number {
  const text = error instanceof RpcError ? detailOf(error) : messageOf(error);
  const ofWorld = command === undefined || command.kind === "world";
  const wrongUse = error instanceof UsageError && ofWorld;
  const { code, hint } = error instanceof TapbackError ? error : { code: "FAILED", hint: undefined };
  if (command?.kind === "bridge" && json) print(JSON.stringify({ success: false, error: text }));
  else if (!ofWorld) print(text);
  else if (json)
    process.stderr.write(
      `${JSON.stringify({ error: { code: wrongUse ? "USAGE" : code, message: text, hint } })}\n`,
    );
  else process.stderr.write(`${text}${hint === undefined ? "" : `\n${hint}`}\n`);
  return wrongUse ? 2 : 1;
}

function detailOf({ data, message }: RpcError): string {
  if (typeof data === "string") return data;
  const detail = (data as { detail?: unknown } | undefined)?.detail;
  return typeof detail === "string" ? detail : message;
}

function print(text: string): number {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  return 0;
}
