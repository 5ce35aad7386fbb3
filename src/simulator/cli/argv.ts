import { wholeNumber } from "../rpc/parameters.js";

/** An option of a command. */
export interface Option {
  name: string;
  help: string;
  /** Placeholder of its value; absent: a switch. */
  value?: string;
  required?: boolean;
  /** May be given several times. */
  repeat?: boolean;
  /** Takes every word up to the next option; each may hold several values, separated by commas. */
  many?: boolean;
  /** A whole number. */
  integer?: boolean;
  /** The smallest one that is taken. */
  min?: number;
  /** The one-letter form, without its dash. */
  short?: string;
  /** Other names. */
  aliases?: string[];
  /** The version of imsg that brought it. */
  since?: string;
}

/** Options that every command has (protocol reference 1.1). */
export const commonOptions: Option[] = [
  {
    name: "db",
    value: "path",
    help: "Path to chat.db (default: $IMSG_SIM_HOME/chat.db, else ~/.imsg-sim/chat.db)",
  },
  { name: "json", help: "Print JSON", short: "j", aliases: ["json-output", "jsonOutput"] },
  { name: "verbose", help: "Accepted, without effect", short: "v" },
  { name: "log-level", value: "value", help: "Accepted, without effect", aliases: ["logLevel"] },
];

/** Whether JSON is asked for; needed also where the rest of a command line cannot be read. */
export function asksForJson(args: string[]): boolean {
  return args.some((arg) => /^(--json|--json-output|--jsonOutput|-[jv]*j[jv]*)$/.test(arg));
}

/**
 * How a command line is read. `lenient`, as imsg does before 0.14.0: what begins with a dash is never a value, a number that is
 * none counts as not given, and words that belong to no option are passed over (protocol reference 5).
 */
export type Manner = "strict" | "lenient";

/** The value of `--db`, needed before anything else is read. */
export function dbOf(args: string[]): { db?: string } {
  const at = args.findIndex((arg) => arg === "--db" || arg.startsWith("--db="));
  const db = at === -1 ? undefined : args[at] === "--db" ? args[at + 1] : args[at]!.slice("--db=".length);
  return db === undefined ? {} : { db };
}

/** Whether these are the arguments of `rpc` with nothing to complain about and nothing to explain. */
export function isPlainRpc([command, ...rest]: string[]): boolean {
  if (command !== "rpc") return false;
  for (let i = 0; i < rest.length; i++) {
    const option = commonOptions.find((known) => `--${known.name}` === rest[i]);
    if (option === undefined) return false;
    if (option.value === undefined) continue;
    const value = rest[++i];
    if (value === undefined || value.startsWith("-")) return false;
  }
  return true;
}

/** A wrong command line; its text goes to where the command reports errors. */
export class UsageError extends Error {}

/** The options as given. */
export class Given {
  readonly #values = new Map<string, string[]>();

  /** @param options those of the command, with the common ones that it takes @throws UsageError */
  constructor(args: string[], options: Option[], manner: Manner = "strict") {
    const words = manner === "lenient" ? unpacked(args) : args;
    for (let i = 0; i < words.length; i++) {
      const arg = words[i]!;
      if (manner === "lenient" && arg === "--") break;
      if (!isOption(arg)) {
        if (manner === "lenient") continue;
        throw new UsageError(`Unexpected argument ${arg}`);
      }
      const [word = "", inline] =
        arg.startsWith("--") && manner === "strict" ? splitOnce(arg.slice(2)) : [arg.replace(/^--?/, "")];
      const option = options.find((each) => [each.name, each.short, ...(each.aliases ?? [])].includes(word));
      if (option === undefined) throw new UsageError(`Unknown option ${arg}`);
      const values: string[] = [];
      if (option.value === undefined) values.push("true");
      else if (inline !== undefined) values.push(inline);
      else if (option.many) while (i + 1 < words.length && !isOption(words[i + 1]!)) values.push(words[++i]!);
      else values.push(valueAfter(option.name, words[++i], manner));
      this.#take(option, values, manner);
    }
    for (const { name, required } of options)
      if (required && !this.#values.has(name)) throw new UsageError(`Missing required option: --${name}`);
  }

  #take(option: Option, values: string[], manner: Manner): void {
    if (option.integer) {
      const number = wholeNumber(values[0]!);
      const isWrong = number === undefined || (option.min !== undefined && number < option.min);
      if (isWrong && manner === "strict") throw new UsageError(`Invalid value for option: --${option.name}`);
      // The last one counts, also when it is no number.
      if (number === undefined) return void this.#values.delete(option.name);
    }
    const before = this.#values.get(option.name) ?? [];
    this.#values.set(option.name, option.repeat || option.many ? [...before, ...values] : values);
  }

  /** The value of an option, the last one where it was given several times. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** As {@link text}, for an option that was declared to be a whole number. */
  integer(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }

  /** Whether an option was given. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** All values of an option that may be repeated, as they were given. */
  list(name: string): string[] {
    return this.#values.get(name) ?? [];
  }

  /** All values of an option that takes many, taken apart at their commas; undefined where there is none. */
  many(name: string): string[] | undefined {
    const values = this.list(name).flatMap((value) => value.split(",").filter((part) => part !== ""));
    return values.length === 0 ? undefined : values;
  }
}

/** A dash alone is a word. */
function isOption(arg: string): boolean {
  return arg.startsWith("-") && arg !== "-";
}

/** Short switches may stand together: `-jv`. */
function unpacked(args: string[]): string[] {
  return args.flatMap((arg) =>
    /^-[^-]./u.test(arg) ? [...arg.slice(1)].map((letter) => `-${letter}`) : [arg],
  );
}

function valueAfter(name: string, value: string | undefined, manner: Manner): string {
  if (value !== undefined && (manner === "strict" || !isOption(value))) return value;
  throw new UsageError(
    manner === "strict" ? `Missing value for option: --${name}` : `Missing value for option ${name}`,
  );
}

function splitOnce(text: string): [string, string?] {
  const at = text.indexOf("=");
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
