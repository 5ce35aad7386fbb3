import type { Place } from "../world/place.js";
import type { World } from "../world/world.js";
import { commonOptions, type Given, type Manner, type Option } from "./argv.js";

/** What lies outside this room, and is done by whoever runs a command. */
export interface Outdoors {
  /** Serves worlds with a gateway over stdin and stdout, until stdin ends. */
  serveWorlds(): Promise<void>;
}

/** A command being run. */
export interface Context extends Outdoors {
  given: Given;
  place: Place;
  /** Opened at first use. */
  world: World;
  /** `--json`. */
  json: boolean;
  /** Prints one JSON line, or the text for people. */
  print(value: object, text?: string): void;
  /** Prints text as it is. */
  write(text: string): void;
}

/** One command of the program. */
export interface Command {
  summary: string;
  options: Option[];
  examples: string[];
  /** `imsg`: imsg has it too. `bridge`: so, and with `--json` errors are JSON. `world`: the simulator's own. */
  kind: "imsg" | "bridge" | "world";
  /** The version of imsg that brought it. */
  since?: string;
  /** It reads no database, and has no `--db`. */
  withoutDatabase?: true;
  /** Whether `/` is written as `\\/`; bridge commands do so unless told otherwise (protocol reference 1.1). */
  escapesSlashes?: boolean;
  /** Turns words without dashes into options, for commands that take such words. */
  words?(args: string[]): string[];
  /** @returns the exit code, 0 when undefined */
  run(context: Context): unknown;
}

/** The options of a command in the played version, with those that every command has. */
export function optionsOf(command: Command, has: (since: string) => boolean): Option[] {
  const common = commonOptions.filter(({ name }) => name !== "db" || !command.withoutDatabase);
  return [...command.options, ...common].filter(({ since }) => since === undefined || has(since));
}

/** How the played version reads the command line of a command; the simulator's own are read strictly. */
export function mannerOf({ kind }: Command, has: (since: string) => boolean): Manner {
  return kind === "world" || has("0.14.0") ? "strict" : "lenient";
}
